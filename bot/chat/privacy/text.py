"""Texts about the data that the bot keeps on a person."""

from collections.abc import Callable, Mapping

from bot.chat.text import command
from bot.domain.preference import Preference
from bot.messages.catalogue import gettext, ngettext

# What deleted rows of each table are called, by their number.
_DELETED: Mapping[str, Callable[[int], str]] = {
    "timers": lambda rows: ngettext(
        "{number:,} timer, session or reminder", "{number:,} timers, sessions and reminders", rows
    ),
    "outbox": lambda rows: ngettext("{number:,} announcement of them", "{number:,} announcements of them", rows),
    "focus_log": lambda rows: ngettext(
        "{number:,} entry of your focus log", "{number:,} entries of your focus log", rows
    ),
    "participants": lambda rows: ngettext(
        "{number:,} session that you were in", "{number:,} sessions that you were in", rows
    ),
    "efforts": lambda rows: ngettext("{number:,} phase of a session", "{number:,} phases of sessions", rows),
    "presets": lambda rows: ngettext("{number:,} plan", "{number:,} plans", rows),
    "preferences": lambda rows: ngettext("{number:,} set of settings", "{number:,} sets of settings", rows),
}


def privacy(preference: Preference, keep_days: int, keep_left_guild_days: int, prefix: str) -> str:
    """Say what is kept on a person, how long, and why."""
    changes = command("privacy unshare" if preference.shares else "privacy share", prefix)
    lines = (
        gettext("What I keep of you, and why:"),
        _kept(keep_days),
        gettext(
            "- what came of your focus (when, how long, where, on what), until you delete it: to sum it up for you"
        ),
        gettext("- what you have told me of yourself (time zone, goal, days off, plans): to go by it"),
        _seen(changes, shares=preference.shares),
        _servers(keep_left_guild_days),
        gettext(
            "`{export}` gives you all of it, `{delete}` deletes it.",
            export=command("privacy export", prefix),
            delete=command("privacy delete", prefix),
        ),
    )
    return "\n".join(lines)


def sharing(*, shares: bool) -> str:
    """Confirm whether somebody's sums are shared."""
    if not shares:
        return gettext("Your sums are yours alone.")
    return gettext(
        "Your sums are on the leaderboards of the servers that we are both in, your goal on the recap of sessions."
    )


def exported(prefix: str, part: int, parts: int) -> str:
    """Describe the attached file."""
    delete = command("privacy delete", prefix)
    if parts == 1:
        return gettext("This is all that I keep of you. `{command}` deletes it.", command=delete)
    return gettext(
        "This is part {part} of {parts} of all that I keep of you. `{command}` deletes it.",
        part=part,
        parts=parts,
        command=delete,
    )


def ask_to_delete(*, shares: bool) -> str:
    """Ask for confirmation."""
    sentences = [
        gettext(
            "This deletes **all** that I keep of you, at once and for good: what is running now, your reminders, "
            "your focus log, your plans and settings. Sessions with others go on without you."
        )
    ]
    if shares:
        sentences.append(gettext("Servers keep the sum of what you have shared with them, without your name."))
    return " ".join([*sentences, gettext("Shall I?")])


def deleted(gone: Mapping[str, int]) -> str:
    """Say what was deleted."""
    lines = [f"- {named(gone[table])}" for table, named in _DELETED.items() if gone.get(table)]
    return "\n".join([gettext("Deleted for good:"), *lines]) if lines else gettext("There was nothing to delete.")


def _kept(days: int) -> str:
    if not days:
        return gettext("- your timers, sessions and reminders, for as long as I run: to bring them to you")
    return ngettext(
        "- your timers, sessions and reminders, until {number} day after they are over: to bring them to you",
        "- your timers, sessions and reminders, until {number} days after they are over: to bring them to you",
        days,
    )


def _seen(changes: str, *, shares: bool) -> str:
    """Say who sees somebody's sums, and the command that changes it."""
    if shares:
        return gettext(
            "Others see what you do in a session with them, and your sums if you share those; they are **shared**. "
            "With `{command}` the servers that we are both in no longer see them.",
            command=changes,
        )
    return gettext(
        "Others see what you do in a session with them, and your sums if you share those; they are "
        "**yours alone**. With `{command}` the servers that we are both in see them.",
        command=changes,
    )


def _servers(days: int) -> str:
    if not days:
        return gettext("A server's data stays after I was taken out of it; your focus log stays yours.")
    return ngettext(
        "A server's data goes {number} day after I was taken out of it; your focus log stays yours.",
        "A server's data goes {number} days after I was taken out of it; your focus log stays yours.",
        days,
    )
