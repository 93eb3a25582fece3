"""What is said of what the bot keeps of a person."""

from collections.abc import Mapping

from bot.chat.text import command
from bot.domain.preference import Preference

_NAMES = {
    "timers": "timers, sessions and reminders",
    "focus_log": "entries of your focus log",
    "participants": "sessions that you were in",
    "efforts": "phases of sessions",
    "presets": "plans",
    "preferences": "settings of yours",
    "outbox": "messages to you",
}


def privacy(preference: Preference, keep_days: int, prefix: str) -> str:
    """Say what is kept of a person, how long, and why."""
    share, other = ("shared", "unshare") if preference.shares else ("yours alone", "share")
    kept = f"until {keep_days} days after they are over" if keep_days else "for as long as I run"
    lines = (
        f"- your timers, sessions and reminders, {kept}: to bring them to you",
        "- what came of your focus (when, how long, where, on what): to sum it up for you",
        "- what you have told me of yourself (time zone, goal, days off, plans): to go by it",
    )
    changes = command(f"privacy {other}", prefix)
    export, delete = (command(f"privacy {verb}", prefix) for verb in ("export", "delete"))
    shown = (
        f"Nobody else is told any of it, but for your sums: they are **{share}** now. With `{changes}` the servers "
        f"that we are both in {'no longer ' if preference.shares else ''}see them."
    )
    rights = f"`{export}` gives you all of it, `{delete}` deletes it."
    return "\n".join(["What I keep of you, and why:", *lines, shown, rights])


def sharing(*, shares: bool) -> str:
    """Confirm whether somebody's sums are shared."""
    if not shares:
        return "Your sums are yours alone."
    return (
        "Your sums are on the leaderboards of the servers that we are both in, your goal on the recap of sessions."
    )


def exported(prefix: str) -> str:
    """Say what the file is that goes with it."""
    return f"This is all that I keep of you. `{command('privacy delete', prefix)}` deletes it."


def ask_to_delete() -> str:
    """Ask once."""
    return (
        "This deletes **all** that I keep of you, at once and for good: what is running now, your reminders, your "
        "focus log, your plans and settings. Servers keep their sums, without your name. Shall I?"
    )


def deleted(gone: Mapping[str, int]) -> str:
    """Say what was deleted."""
    lines = [f"- {number} {_NAMES[table]}" for table, number in gone.items() if number and table in _NAMES]
    return "\n".join(["Deleted for good:", *lines]) if lines else "There was nothing to delete."
