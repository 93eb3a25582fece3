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
    "outbox": "announcements of theirs",
}


def privacy(preference: Preference, keep_days: int, keep_left_guild_days: int, prefix: str) -> str:
    """Say what is kept of a person, how long, and why."""
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
        "Others see what you do in a session with them, and your sums if you share those: they are "
        f"**{share}** now. With `{changes}` the servers that we are both in "
        f"{'no longer ' if preference.shares else ''}see them."
    )
    days = "1 day" if keep_left_guild_days == 1 else f"{keep_left_guild_days} days"
    places = f"A server's data goes {days} after I was taken out of it; your focus log stays yours."
    rights = f"`{export}` gives you all of it, `{delete}` deletes it."
    return "\n".join(["What I keep of you, and why:", *lines, shown, places, rights])


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


def ask_to_delete(*, shares: bool) -> str:
    """Ask once."""
    sums = " Servers keep the sum of what you have shared with them, without your name." if shares else ""
    return (
        "This deletes **all** that I keep of you, at once and for good: what is running now, your reminders, your "
        f"focus log, your plans and settings. Sessions with others go on without you.{sums} Shall I?"
    )


def deleted(gone: Mapping[str, int]) -> str:
    """Say what was deleted."""
    lines = [f"- {number} {_NAMES[table]}" for table, number in gone.items() if number and table in _NAMES]
    return "\n".join(["Deleted for good:", *lines]) if lines else "There was nothing to delete."
