"""A schedule: when a reminder comes and how it repeats, on a person's own wall clock."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain.errors import BadMoment
from bot.domain.time import recurrence, recurrence_parser, when
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.time.when_phrase import EXAMPLE, recognise, shortened
from bot.messages.catalogue import N_

NEVER = frozenset({"never", "once", "no", "none", "not"})
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Schedule:
    """``first_at`` is aware, in UTC. ``on_clock``: it depends on the time zone; ``moved`` as in ``When``."""

    first_at: datetime
    rule: Recurrence | None
    on_clock: bool
    moved: bool = False


def read(words: str, every: str, now: datetime, zone: ZoneInfo) -> Schedule:
    """Parse when it comes and how it repeats; either may be empty, not both.

    A recurrence without a time comes at ``when.MORNING``, or after its first interval if in minutes.
    Raises ``BadMoment`` and ``BadRecurrence``.
    """
    rule = repetition(every, now, zone)
    if rule is None:
        parsed = when.parse(words, now, zone)
        return Schedule(parsed.moment, None, parsed.on_clock, parsed.moved)
    if not words and rule.unit is Unit.MINUTE:
        words = f"{rule.interval} minutes"
    parsed = when.parse(words or f"at {when.MORNING:%H:%M}", now, zone)
    if parsed.moved and rule.unit is not Unit.MINUTE:  # only on that day
        rule = replace(rule, at=parsed.wall.time())
    first_at = recurrence.first_time(rule, parsed.moment, zone)
    if first_at - now > when.HORIZON:
        raise BadMoment(
            N_("“{quote}” is more than 5 years away, which is the most."), EXAMPLE, quote=shortened(words)
        )
    on_clock = parsed.on_clock or rule.unit is not Unit.MINUTE or rule.until is not None
    return Schedule(first_at, rule, on_clock, moved=parsed.moved and first_at == parsed.moment)


def again(first_at: datetime, rule: Recurrence | None, zone: ZoneInfo) -> Schedule:
    """Return the schedule of a known rule from a known moment on. Raises ``BadRecurrence``."""
    if rule:
        rule = replace(rule, at=None)  # it belonged to another first time
        first_at = recurrence.first_time(rule, first_at, zone)
    return Schedule(first_at, rule, on_clock=False)


def repetition(every: str, now: datetime, zone: ZoneInfo) -> Recurrence | None:
    """Parse how it repeats; None where it does not."""
    if not every or every.casefold() in NEVER:
        return None
    return recurrence_parser.parse(every, lambda end: _end(end, now, zone))


def _end(words: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Parse the last moment at which it may come: a day includes all of its hours."""
    parsed = when.parse(words, now, zone)
    phrase = recognise(words)
    if phrase and phrase.date and not (phrase.time or phrase.part):
        return datetime.combine(parsed.wall.date(), _LAST_SECOND, zone)
    return parsed.moment
