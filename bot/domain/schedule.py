"""A schedule: when a reminder comes, and how it repeats, as somebody has said it on their own wall clock."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain import recurrence, recurrence_words, when
from bot.domain.errors import BadMoment
from bot.domain.recurrence import Recurrence, Unit
from bot.domain.when_phrase import EXAMPLE, recognise, shortened

NEVER = frozenset({"never", "once", "no", "none", "not"})
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Schedule:
    """``first_at`` is aware, in UTC. ``on_clock`` tells that a time zone had a say; ``moved`` as in ``When``."""

    first_at: datetime
    rule: Recurrence | None
    on_clock: bool
    moved: bool = False


def read(said: str, every: str, now: datetime, zone: ZoneInfo) -> Schedule:
    """Read the words for when it comes and how it repeats; either may be empty, not both.

    What repeats without a time comes at ``when.MORNING``, or after its minutes have passed for the first time.
    Raises ``BadMoment`` and ``BadRecurrence``.
    """
    rule = repetition(every, now, zone)
    if rule is None:
        found = when.parse(said, now, zone)
        return Schedule(found.moment, None, found.on_clock, found.moved)
    if not said and rule.unit is Unit.MINUTE:
        said = f"{rule.interval} minutes"
    found = when.parse(said or f"at {when.MORNING:%H:%M}", now, zone)
    if found.moved and rule.unit is not Unit.MINUTE:  # on that one day alone
        rule = replace(rule, at=found.wall.time())
    first_at = recurrence.first_time(rule, found.moment, zone)
    if first_at - now > when.HORIZON:
        raise BadMoment("“{}” is more than 5 years away, which is the most.", EXAMPLE, shortened(said))
    on_clock = found.on_clock or rule.unit is not Unit.MINUTE or rule.until is not None
    return Schedule(first_at, rule, on_clock, moved=found.moved and first_at == found.moment)


def again(first_at: datetime, rule: Recurrence | None, zone: ZoneInfo) -> Schedule:
    """Give the schedule of a rule from a moment on, which is known already. Raises ``BadRecurrence``."""
    if rule:
        rule = replace(rule, at=None)  # which was for another first time
        first_at = recurrence.first_time(rule, first_at, zone)
    return Schedule(first_at, rule, on_clock=False)


def repetition(every: str, now: datetime, zone: ZoneInfo) -> Recurrence | None:
    """Read how it repeats; None where it does not."""
    if not every or every.casefold() in NEVER:
        return None
    return recurrence_words.parse(every, lambda end: _end(end, now, zone))


def _end(said: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Read until when it may come: a day is meant with all of its hours."""
    found = when.parse(said, now, zone)
    phrase = recognise(said)
    if phrase and phrase.date and not (phrase.time or phrase.part):
        return datetime.combine(found.wall.date(), _LAST_SECOND, zone)
    return found.moment
