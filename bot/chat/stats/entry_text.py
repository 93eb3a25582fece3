"""The texts about entries of the log, which their owners correct."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.chat.text import escape
from bot.domain.ellipsis import truncated
from bot.domain.stats.log import Entry, EntryOutcome
from bot.domain.time import duration
from bot.domain.time.zone import known
from bot.messages.catalogue import N_, Template, gettext
from bot.messages.dates import clock, short, short_weekday

_TASK = 60
ADDED = N_("Added: {entry}")
SHORTER = N_("Shortened: {entry}")
REMOVED = N_("Removed: {entry}")
RESTORED = N_("Undone: {entry}")


def entries(numbered: Sequence[tuple[int, Entry]], zone: ZoneInfo, page: int) -> str:
    """List a page of somebody's entries, to correct one."""
    if not numbered:
        return gettext("There's nothing older.") if page else gettext("No focus time yet.")
    return "\n".join(
        [gettext("Pick an entry to correct:"), *(f"- {entry(logged, zone)}" for _, logged in numbered)]
    )


def entry(logged: Entry, zone: ZoneInfo) -> str:
    """Show when an entry was, how long, what was done, and how it came about."""
    parts = [label(logged, zone)]
    if logged.task:
        parts.append(escape(truncated(logged.task, _TASK)))
    if logged.outcome is EntryOutcome.CUT_SHORT:
        parts.append(gettext("cut short"))
    if logged.added:
        parts.append(gettext("added by hand"))
    if logged.overlapped:
        parts.append(gettext("{length} of it counted elsewhere", length=duration.spoken(logged.overlapped)))
    return " · ".join(parts)


def label(logged: Entry, zone: ZoneInfo) -> str:
    """Show when an entry was, where it was, and how long, without what was done."""
    began = logged.began_at.astimezone(known(logged.zone, zone))
    return gettext(
        "{weekday} {date}, {time} · {length}",
        weekday=short_weekday(began.weekday()),
        date=short(began.date()),
        time=clock(began),
        length=duration.spoken(logged.focused),
    )


def done(template: Template, logged: Entry, zone: ZoneInfo) -> str:
    """Confirm what was done to an entry, by a template such as ``ADDED``."""
    return gettext(template, entry=entry(logged, zone))
