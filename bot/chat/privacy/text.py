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
    "outbox": lambda rows: ngettext("{number:,} announcement of those", "{number:,} announcements of those", rows),
    "focus_log": lambda rows: ngettext(
        "{number:,} entry in your focus log", "{number:,} entries in your focus log", rows
    ),
    "participants": lambda rows: ngettext(
        "{number:,} session you were in", "{number:,} sessions you were in", rows
    ),
    "efforts": lambda rows: ngettext("{number:,} phase of a session", "{number:,} phases of sessions", rows),
    "unconfirmed": lambda rows: ngettext(
        "{number:,} round you hadn't confirmed yet", "{number:,} rounds you hadn't confirmed yet", rows
    ),
    "presets": lambda rows: ngettext("{number:,} plan", "{number:,} plans", rows),
    "questions": lambda rows: ngettext("{number:,} question I asked you", "{number:,} questions I asked you", rows),
    "preferences": lambda rows: ngettext("{number:,} set of settings", "{number:,} sets of settings", rows),
}


def privacy(preference: Preference, keep_days: int, keep_left_guild_days: int, prefix: str) -> str:
    """Say what is stored about a person, how long, and why."""
    changes = command("privacy unshare" if preference.shares else "privacy share", prefix)
    lines = (
        gettext("What I store about you, and why:"),
        _kept(keep_days),
        gettext(
            "- your focus log (when, how long, where, on what), until you delete it: so I can add it up for you"
        ),
        gettext("- what you've told me about yourself (time zone, goal, days off, plans): so I can use it"),
        gettext("- what I've asked you when I wasn't sure, for a day: so you can answer in one press"),
        _seen(changes, shares=preference.shares),
        _servers(keep_left_guild_days),
        gettext(
            "`{export}` gives you all of it. `{delete}` deletes it.",
            export=command("privacy export", prefix),
            delete=command("privacy delete", prefix),
        ),
    )
    return "\n".join(lines)


def sharing(*, shares: bool) -> str:
    """Confirm whether somebody's sums are shared."""
    if not shares:
        return gettext("Your focus time is private.")
    return gettext("You're on the leaderboards of the servers we share, and your goal shows in session recaps.")


def exported(prefix: str, part: int, parts: int) -> str:
    """Describe the attached file."""
    delete = command("privacy delete", prefix)
    if parts == 1:
        return gettext("Here's everything I store about you. `{command}` deletes it.", command=delete)
    return gettext(
        "Here's part {part} of {parts} of everything I store about you. `{command}` deletes it.",
        part=part,
        parts=parts,
        command=delete,
    )


def ask_to_delete(*, shares: bool) -> str:
    """Ask for confirmation."""
    sentences = [
        gettext(
            "This deletes **everything** I store about you, right now and for good: what's running, "
            "your reminders, your focus log, your plans and settings. Sessions with others carry on without you."
        )
    ]
    if shares:
        sentences.append(gettext("Servers keep the total you've shared with them, without your name."))
    return " ".join([*sentences, gettext("Are you sure?")])


def deleted(gone: Mapping[str, int]) -> str:
    """Say what was deleted."""
    lines = [f"- {named(gone[table])}" for table, named in _DELETED.items() if gone.get(table)]
    return "\n".join([gettext("Deleted for good:"), *lines]) if lines else gettext("There was nothing to delete.")


def _kept(days: int) -> str:
    if not days:
        return gettext("- your timers, sessions and reminders, for as long as I run: so I can deliver them")
    return ngettext(
        "- your timers, sessions and reminders, until {number} day after they end: so I can deliver them",
        "- your timers, sessions and reminders, until {number} days after they end: so I can deliver them",
        days,
    )


def _seen(changes: str, *, shares: bool) -> str:
    if shares:
        return gettext(
            "People in a session with you can see what you do there. Your focus time is "
            "**shared** with the servers we're both in; `{command}` makes it private.",
            command=changes,
        )
    return gettext(
        "People in a session with you can see what you do there. Your focus time is "
        "**private**; `{command}` shows it in the servers we're both in.",
        command=changes,
    )


def _servers(days: int) -> str:
    if not days:
        return gettext("A server's data stays after I'm removed from it; your focus log stays yours.")
    return ngettext(
        "A server's data is deleted {number} day after I'm removed from it; your focus log stays yours.",
        "A server's data is deleted {number} days after I'm removed from it; your focus log stays yours.",
        days,
    )
