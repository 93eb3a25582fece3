"""A new time for what repeats: the series goes on from it if it is one of the series' own times."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.question import Choice, Question
from bot.domain.reminders.choices import Choices
from bot.domain.reminders.reminder import Reminder
from bot.domain.time import schedule
from bot.domain.time.recurrence import Unit
from bot.domain.time.schedule import Schedule, shortened, spelled, summary
from bot.messages.catalogue import N_


def series(reminder: Reminder, meant: Schedule, words: str, now: datetime, zone: ZoneInfo) -> Schedule:
    """Return the schedule of a repeating reminder from a new time on; a time of day alone holds for all its days.

    Raises ``Question`` if the time that was asked for would be dropped or moved, and ``BadRecurrence``.
    """
    again = schedule.again(meant.first_at, reminder.rule, zone)
    asked, given = (times.first_at.astimezone(zone) for times in (meant, again))
    if given == asked or (schedule.is_time_of_day(words) and given.time() == asked.time()):
        return replace(again, on_clock=meant.on_clock, moved=meant.moved)
    raise Question(
        N_("“{quote}” isn't one of its times – {rule}. What would you like?"),
        *_choices(reminder, meant, now, zone),
        quote=shortened(words),
        rule=summary(Schedule(reminder.first_at, reminder.rule, on_clock=True), reminder.zone),
    )


def _choices(reminder: Reminder, meant: Schedule, now: datetime, zone: ZoneInfo) -> Iterator[Choice]:
    """Offer the series on the weekday or at the time of day that was asked for, and that time alone."""
    start, rule, there = f"remind edit #{reminder.id} ", reminder.rule, meant.first_at.astimezone(zone)
    if meant.on_clock and rule and not rule.window:
        is_weekly = rule.unit is Unit.WEEK and len(rule.weekdays) == 1 and not rule.positions
        moved = replace(rule, clocks=(), slots=(), weekdays=(there.weekday(),) if is_weekly else rule.weekdays)
        other = schedule.again(meant.first_at, moved, zone)
        if other.first_at == meant.first_at:
            yield Choices(start, now, zone).exactly(other, "")
    once = spelled(replace(meant, rule=None), now, zone)
    yield Choice(N_("Just once: {when}"), f"{start}when: {once} every: never", {"when": there})
