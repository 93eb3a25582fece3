"""Texts about the data that the bot keeps on a person."""

from collections.abc import Mapping

from bot.chat.text import command
from bot.domain.preference import Preference

# What a deleted row of each table is called, singular and plural.
_NAMES = {
    "timers": ("timer, session or reminder", "timers, sessions and reminders"),
    "outbox": ("announcement of them", "announcements of them"),
    "focus_log": ("entry of your focus log", "entries of your focus log"),
    "participants": ("session that you were in", "sessions that you were in"),
    "efforts": ("phase of a session", "phases of sessions"),
    "presets": ("plan", "plans"),
    "preferences": ("set of settings", "sets of settings"),
}


def privacy(preference: Preference, keep_days: int, keep_left_guild_days: int, prefix: str) -> str:
    """Say what is kept on a person, how long, and why."""
    share, other = ("shared", "unshare") if preference.shares else ("yours alone", "share")
    kept = f"until {keep_days} days after they are over" if keep_days else "for as long as I run"
    lines = (
        f"- your timers, sessions and reminders, {kept}: to bring them to you",
        "- what came of your focus (when, how long, where, on what), until you delete it: to sum it up for you",
        "- what you have told me of yourself (time zone, goal, days off, plans): to go by it",
    )
    changes = command(f"privacy {other}", prefix)
    export, delete = (command(f"privacy {verb}", prefix) for verb in ("export", "delete"))
    shown = (
        f"Others see what you do in a session with them, and your sums if you share those; they are **{share}**. "
        f"With `{changes}` the servers that we are both in {'no longer ' if preference.shares else ''}see them."
    )
    days = "1 day" if keep_left_guild_days == 1 else f"{keep_left_guild_days} days"
    until = (
        f"goes {days} after I was taken out of it" if keep_left_guild_days else "stays after I was taken out of it"
    )
    places = f"A server's data {until}; your focus log stays yours."
    rights = f"`{export}` gives you all of it, `{delete}` deletes it."
    return "\n".join(["What I keep of you, and why:", *lines, shown, places, rights])


def sharing(*, shares: bool) -> str:
    """Confirm whether somebody's sums are shared."""
    if not shares:
        return "Your sums are yours alone."
    return (
        "Your sums are on the leaderboards of the servers that we are both in, your goal on the recap of sessions."
    )


def exported(prefix: str, part: int, parts: int) -> str:
    """Describe the attached file."""
    which = f"part {part} of {parts} of " if parts > 1 else ""
    return f"This is {which}all that I keep of you. `{command('privacy delete', prefix)}` deletes it."


def ask_to_delete(*, shares: bool) -> str:
    """Ask for confirmation."""
    sums = " Servers keep the sum of what you have shared with them, without your name." if shares else ""
    return (
        "This deletes **all** that I keep of you, at once and for good: what is running now, your reminders, your "
        f"focus log, your plans and settings. Sessions with others go on without you.{sums} Shall I?"
    )


def deleted(gone: Mapping[str, int]) -> str:
    """Say what was deleted."""
    lines = [f"- {gone[table]:,} {names[gone[table] != 1]}" for table, names in _NAMES.items() if gone.get(table)]
    return "\n".join(["Deleted for good:", *lines]) if lines else "There was nothing to delete."
