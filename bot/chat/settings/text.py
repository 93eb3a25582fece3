"""Texts about a server's rules."""

from bot.chat import text
from bot.domain.rules import Rules
from bot.messages.catalogue import gettext


def rules(of: Rules, prefix: str, most_timers: int) -> str:
    """Show a server's rules, each with the command that changes it."""
    lines = (
        (gettext("Typed commands begin with `{prefix}`", prefix=prefix), "prefix"),
        (gettext("A session without a plan is `{plan}`", plan=of.plan or "classic"), "plan"),
        (_channels(of), "channel"),
        (_starters(of), "starters"),
        (_keepers(of), "keepers"),
        (_most_timers(of.most_timers or most_timers), "timers"),
    )
    rows = [f"- {line} · `/settings {verb}`" for line, verb in lines]
    title = gettext("**How I am set up here**")
    return "\n".join([title, *rows, gettext("-# For members with Manage Server.")])


def _most_timers(most: int) -> str:
    return gettext("Timers at once: {most:,}", most=most) if most else gettext("Timers at once: any number")


def _channels(of: Rules) -> str:
    if not of.channels:
        return gettext("I may be used in all of the channels")
    return gettext("I may be used in {channels}", channels=text.channels(of.channels))


def _starters(of: Rules) -> str:
    if not of.starter_role:
        return gettext("Sessions may be started by everybody")
    return gettext("Sessions may be started by <@&{role_id}> and moderators", role_id=of.starter_role)


def _keepers(of: Rules) -> str:
    if not of.keeper_role:
        return gettext("Others' timers and sessions may be commanded by moderators alone")
    return gettext(
        "Others' timers and sessions may be commanded by <@&{role_id}> and moderators", role_id=of.keeper_role
    )
