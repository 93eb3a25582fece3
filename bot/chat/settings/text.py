"""Texts about a server's rules."""

from bot.chat import text
from bot.domain.rules import Rules
from bot.messages.catalogue import gettext, ngettext


def rules(of: Rules, prefix: str, most_timers: int, counts_from: int) -> str:
    """Show a server's rules, each with the command that changes it."""
    lines = (
        (gettext("Prefix: `{prefix}`", prefix=prefix), "prefix"),
        (gettext("Usual plan: `{plan}`", plan=of.plan or "classic"), "plan"),
        (_channels(of), "channel"),
        (_starters(of), "starters"),
        (_keepers(of), "keepers"),
        (_most_timers(of.most_timers or most_timers), "timers"),
        (_zone(of), "zone"),
        (_counts(counts_from if of.counts_from is None else of.counts_from), "counts"),
        (_added(of), "added"),
    )
    rows = [f"- {line} · {text.slash(f'settings {verb}')}" for line, verb in lines]
    title = gettext("**My settings in this server**")
    return "\n".join([title, *rows, gettext("-# Members with Manage Server can change these.")])


def _most_timers(most: int) -> str:
    return gettext("Timers at once: {most:,}", most=most) if most else gettext("Timers at once: no limit")


def _zone(of: Rules) -> str:
    return gettext("Time zone for weeks and months: {zone}", zone=of.zone.key if of.zone else "UTC")


def _counts(minutes: int) -> str:
    if not minutes:
        return gettext("Every pomodoro counts as focus")
    return ngettext(
        "Pomodoros count as focus from {number} minute",
        "Pomodoros count as focus from {number} minutes",
        minutes,
    )


def _added(of: Rules) -> str:
    if of.has_added:
        return gettext("Time added by hand is on the leaderboard")
    return gettext("Time added by hand isn't on the leaderboard")


def _channels(of: Rules) -> str:
    if not of.channels:
        return gettext("I work in every channel")
    return gettext("I only work in {channels}", channels=text.channels(of.channels))


def _starters(of: Rules) -> str:
    if not of.starter_role:
        return gettext("Who can start sessions: everyone")
    return gettext("Who can start sessions: <@&{role_id}> and moderators", role_id=of.starter_role)


def _keepers(of: Rules) -> str:
    if not of.keeper_role:
        return gettext("Who can manage other people's timers and sessions: moderators")
    return gettext(
        "Who can manage other people's timers and sessions: <@&{role_id}> and moderators", role_id=of.keeper_role
    )
