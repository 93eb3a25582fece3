"""Tokens of time: the meanings of single words and groups of words, before they are combined.

The readers in ``clock_words``, ``day_words`` and ``repeat_words`` make them, ``grammar`` combines them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.time.amounts import Length
from bot.domain.time.recurrence import Unit


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day as written; ``half`` is ``a`` (am), ``p`` (pm) or empty.

    ``is_twelve``: without am, pm or a colon, so that 1 to 12 may be morning or evening. ``is_loose``: a bare
    number, which is a time only beside a day. ``is_midnight`` begins a day or ends it.
    """

    hour: int
    minute: int = 0
    second: int = 0
    half: str = ""
    is_twelve: bool = False
    is_loose: bool = False
    is_midnight: bool = False


# The name of the part of the day that is just the time it is now: *this time tomorrow*.
NOW = "now"


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of the day: morning, afternoon, evening or night; of today, or of several days (*mornings*).

    ``is_bare``: without *in the*, so that it is a time only beside a day.
    """

    name: str
    is_today: bool = False
    is_plural: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """From one time of day to another."""

    start: ClockTime
    end: ClockTime


@dataclass(frozen=True, slots=True)
class InZone:
    """The zones that a name behind a time of day may mean."""

    zones: tuple[ZoneInfo, ...]


@dataclass(frozen=True, slots=True)
class Relative:
    """A day by its distance from today."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Weekdays, Monday is 0: one, or several as in *mon-fri* and *weekends*.

    ``qualifier`` is *next*, *this*, *last* or *coming*; ``is_plural`` says that it means each of them: *mondays*.
    ``is_short``: an everyday word too, as *sat* and *sun* are.
    """

    days: tuple[int, ...]
    qualifier: str = ""
    is_plural: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """A day of a year, or of every year where the year is missing.

    ``is_named``: only by the name of a holiday, which may be part of a text: *christmas*.
    """

    day: int
    month: int
    year: int | None = None
    is_named: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, day: date) -> "Date":
        """Return the date of a day."""
        return cls(day.day, day.month, day.year)


@dataclass(frozen=True, slots=True)
class InYear:
    """A year behind the time of day of a date."""

    number: int


@dataclass(frozen=True, slots=True)
class Dates:
    """From one date to another: *1 to 5 dec*; ``named``: those that *and* joins, which may mean just these."""

    first: Date
    last: Date
    named: tuple[Date, ...] = ()


@dataclass(frozen=True, slots=True)
class Slashed:
    """A day and a month whose order depends on where one lives."""

    first: int
    second: int
    year: int | None = None


# The last month of a quarter, as an ``InMonth``.
QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class InMonth:
    """A month: ``current``, or one of a year by its number, or any; ``this`` is the next that has a day.

    Others are ``next``, ``every`` and ``quarter``.
    """

    qualifier: str = ""
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class MonthDays:
    """A day of a month, 31 is the last; ``is_bare``: an ordinal without an article, *2nd*; ``is_led``: by *on*."""

    day: int
    of: InMonth
    is_bare: bool = False
    is_led: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NthWeekdays:
    """The first, second … or last (-1) of a weekday in a month, or of ``recurrence.WORKING_DAY``."""

    positions: tuple[int, ...]
    weekday: int
    of: InMonth


@dataclass(frozen=True, slots=True)
class FullMoment:
    """A moment in full, in ISO 8601 with its offset or as Discord writes it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class FromNow:
    """A length from now: *in 20m*; or back: *20m ago*. ``is_sure`` where *in* or *from now* says so."""

    length: Length
    is_sure: bool = False
    is_ago: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """How often it repeats; ``unit`` is ``None`` if days follow (*every monday*).

    ``ordinal`` is *second*, *third* … as in *every second monday*, which may mean two things. ``part`` is what
    *nightly* says besides. ``is_adverb``: a word such as *daily*, which names things too.
    """

    unit: Unit | None = None
    interval: int = 1
    ordinal: int = 0
    part: str = ""
    is_adverb: bool = False


@dataclass(frozen=True, slots=True)
class Often:
    """A number of times a day, a week or a month."""

    times: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Times:
    """How often it comes in all."""

    number: int


@dataclass(frozen=True, slots=True)
class Vague:
    """Vague words about time: *soon*, *next week*, *end of day*."""

    name: str
    is_month: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """A word that says what the time behind it is for: until, from, except, for, before, after, around, between."""

    name: str
    # Whether it is rarely used in a text except about time.
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Off:
    """Days on which it does not come: *weekends off*."""

    days: tuple[Weekdays, ...]


@dataclass(frozen=True, slots=True)
class Joiner:
    """A word or sign between two of a kind: *and*, a comma, a slash."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Words that add nothing: *starting now*, *my time*."""


Day = Relative | Weekdays | Date | Slashed | MonthDays | NthWeekdays
Value = (
    ClockTime | DayPart | Window | InZone | Dates | InYear | Day | FullMoment | FromNow | Every | Often | Times
    | Vague | Marker | Off | Joiner | Filler
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A value, and where in the text it stands."""

    value: Value
    start: int
    end: int


# A pattern, and what makes a value of its match.
Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], Value | None]]


def matches(text: str, at: int, readers: Sequence[Reader]) -> Iterator[tuple[Value, int]]:
    """Yield what readers make of a place of a plain text, each with its end."""
    for pattern, make in readers:
        if (match := pattern.match(text, at)) and (value := make(match)):
            yield value, match.end()
