"""Parser of moments in a person's own time zone: ``20m``, ``in 2 hours``, ``next friday 14:00``, ``24 Dec 18:00``.

``when_phrase`` decides which words may be a time; here they become one moment, by dateutil's calendar and parser of
days and times. Hours, minutes and seconds are elapsed time; longer units follow the calendar and the wall clock:
across a change of clocks, *in 1 day* and *in 24 hours* differ.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import parser
from dateutil.relativedelta import relativedelta

from bot.domain.errors import BadMoment
from bot.domain.time.when_phrase import EXAMPLE, Phrase, recognise, shortened, unreadable
from bot.messages.catalogue import N_, Template
from bot.messages.dates import wall_time

# Five years, two of which may be leap years.
HORIZON = timedelta(days=5 * 365 + 2)
# The default time of day.
MORNING = time(9)

_DAYS = {"day before yesterday": -2, "yesterday": -1, "today": 0, "this": 0, "tonight": 0, "tomorrow": 1}
_DAYS |= {"tmr": 1, "tmrw": 1, "day after tomorrow": 2}
_HOURS = {"morning": time(9), "noon": time(12), "midday": time(12), "afternoon": time(15), "evening": time(18)}
_HOURS |= {"night": time(20), "midnight": time(0)}
_EVENING = time(17)
_PASSING = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
_CALENDAR = {
    "d": relativedelta(days=1),
    "w": relativedelta(weeks=1),
    "mo": relativedelta(months=1),
    "y": relativedelta(years=1),
}
_AMOUNT = re.compile(r"(half an|\ban?(?= )|[\d.]+) ?(mo|[a-z])[a-z]*")
_HOUR = re.compile(r"([\d:.]+)([ap]?)")
_ISO = re.compile(r"(\d+)-(\d+)-(\d+)")
_NUMBERS = re.compile(r"(\d+)([/.])(\d+)[/.]?(\d{4})?")
_WEEKDAY = re.compile(r"(?:(next|this|last) )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_DAY = timedelta(days=1)
_TOO_FAR = N_("“{quote}” is more than 5 years away, which is the most.")


@dataclass(frozen=True, slots=True)
class When:
    """A parsed moment in the future, aware, in UTC, to the second.

    ``words`` are the parsed words. ``wall`` (naive) is the time they name on the person's wall clock; where
    ``moved``, the clocks skip that time on that day, and ``moment`` is later by the size of the jump. Where not
    ``on_clock``, the words are an elapsed time, which is the same in every zone.
    """

    moment: datetime
    wall: datetime
    words: str
    moved: bool
    on_clock: bool = True


def parse(text: str, now: datetime, zone: ZoneInfo) -> When:
    """Parse words as a moment after ``now`` (aware), on the wall clock of ``zone``.

    A day without a time is that day at ``MORNING``. A time that the clocks show twice is the first one to come.
    Raises ``BadMoment`` where the words are not a time, are ambiguous, or lie in the past or beyond ``HORIZON``.
    """
    phrase = recognise(text)
    if phrase is None:
        raise unreadable(text)
    return _Reader(text, now.astimezone(UTC).replace(microsecond=0), zone).read(phrase)


class _Reader:
    """Reads one phrase, and quotes it in its errors."""

    def __init__(self, text: str, now: datetime, zone: ZoneInfo) -> None:
        self._words = " ".join(text.split())
        self._now = now
        self._zone = zone
        self._here = now.astimezone(zone).replace(tzinfo=None)

    def read(self, phrase: Phrase) -> When:
        if phrase.zone:
            raise self._bad(N_("“{quote}” names a time zone; leave it out, and I take the time in yours."))
        if phrase.iso:
            return self._iso(phrase.iso)
        if phrase.length and not phrase.time:
            return self._after(phrase.length, back=bool(phrase.ago))
        clock = self._clock(phrase)
        if phrase.length:
            days, passing = self._amounts(phrase.length)
            if passing:
                raise self._bad(N_("“{quote}” says how long from now and a time of day too; say one of them."))
            return self._at(datetime.combine(self._plus(self._here, days), clock))
        if phrase.date:
            return self._at(self._day(phrase.date, clock))
        wall = datetime.combine(self._here, clock)
        return self._at(wall + _DAY if self._is_over(wall) else wall)

    def _iso(self, text: str) -> When:
        try:
            parsed = datetime.fromisoformat(text.upper())
        except ValueError:
            raise self._bad(N_("“{quote}” is on no calendar and clock; 2027-01-05T08:00 is.")) from None
        if parsed.tzinfo is None:
            return self._at(parsed)
        wall = parsed.replace(tzinfo=None)
        self._check(wall - self._here, wall, slack=2 * _DAY)
        return self._in(parsed.astimezone(UTC))

    def _after(self, length: str, *, back: bool) -> When:
        days, passing = self._amounts(length)
        if back:
            raise self._bad(N_("“{quote}” is in the past, and a reminder needs a time to come."))
        wall = self._plus(self._here, days)
        if not passing:
            return self._at(wall)
        self._check(wall - self._here, wall, slack=2 * _DAY)
        return self._in(self._plus(self._instant(wall) if days else self._now, passing))

    def _amounts(self, length: str) -> tuple[relativedelta, timedelta]:
        """Split a length into calendar units and elapsed time."""
        days, passing = relativedelta(), timedelta()
        for many, unit in _AMOUNT.findall(length):
            number = 0.5 if many.startswith("half") else 1.0 if many.startswith("a") else float(many)
            if unit in _PASSING:
                passing += number * _PASSING[unit]
            elif not number.is_integer():
                raise self._bad(
                    N_("“{quote}” has a part of a day, a month or a year; say it in hours or whole days.")
                )
            else:
                days += _CALENDAR[unit] * int(number)
        return days, passing

    def _plus(self, start: datetime, length: relativedelta | timedelta) -> datetime:
        try:
            return start + length
        except (OverflowError, ValueError):
            raise self._bad(_TOO_FAR) from None

    def _clock(self, phrase: Phrase) -> time:
        """Read the time of day; refuse what may be morning or evening."""
        text = phrase.part or phrase.time
        if not text and phrase.date == "today":
            raise self._bad(N_("“{quote}” has many hours; say one of them too, such as today 18:00."))
        if text == "midnight" and phrase.date:
            raise self._bad(N_("“{quote}” may be where that day begins or where it ends; say 0:00 or 23:59."))
        if not text:
            return _HOURS["night"] if phrase.date == "tonight" else MORNING
        clock = _HOURS.get(text) or self._hour(text, is_night=phrase.date == "tonight", is_at=bool(phrase.at))
        if phrase.date == "tonight" and clock < _EVENING:
            raise self._bad(N_("“{quote}” is no time of tonight; say the day too, such as tomorrow 1:00."))
        return clock

    def _hour(self, text: str, *, is_night: bool, is_at: bool) -> time:
        digits, half = _HOUR.findall(text.replace(" ", "").replace(".m", "m"))[0]
        hour = int(re.split("[:.]", digits)[0])
        if is_night and not half and 5 <= hour < 12:
            half = "p"
        if half and not 1 <= hour <= 12:
            raise self._off_the_clock()
        if not half and ":" not in digits:
            if not is_at or not digits.isdigit() or not 13 <= hour < 24:
                raise self._bad(
                    N_("“{quote}” may be morning or evening, or no time at all; say 9am, 9pm or 21:00.")
                )
            digits += ":00"
        try:
            return parser.parse(digits.replace(".", ":") + (half and f"{half}m")).time()
        except ValueError:
            raise self._off_the_clock() from None

    def _day(self, text: str, clock: time) -> datetime:
        """Combine a day and a time; where the day recurs, the first on which that time is in the future."""
        text = text.removeprefix("the ")
        if text in _DAYS:
            return self._plus(datetime.combine(self._here, clock), relativedelta(days=_DAYS[text]))
        if match := _WEEKDAY.fullmatch(text):
            midnight = datetime.combine(self._here, time())
            wall = datetime.combine(parser.parse(match[2], default=midnight), clock)
            is_over = wall.date() == midnight.date() if match[1] == "next" else self._is_over(wall)
            weeks = -1 if match[1] == "last" else int(is_over and match[1] != "this")
            return self._plus(wall, relativedelta(weeks=weeks))
        has_year = re.search(r"\d{4}", text)
        years = [self._here.year] if has_year else range(self._here.year, self._here.year + 9)
        for year in years:
            try:
                wall = datetime.combine(self._date(text, year), clock)
            except (ValueError, OverflowError):
                continue
            if has_year or not self._is_over(wall):
                return wall
        raise self._bad(N_("“{quote}” names a day that no calendar has."))

    def _date(self, text: str, year: int) -> date:
        """Read a calendar day; ``year`` is the default year. Raises ``ValueError``."""
        if match := _ISO.fullmatch(text):
            return date(*map(int, match.groups()))
        if match := _NUMBERS.fullmatch(text):
            day, month = int(match[1]), int(match[3])
            if match[2] == "/" and day <= 12 and month <= 12 and day != month:
                raise self._bad(
                    N_("“{quote}” may have its day or its month first; write the month in letters, as in 1 Feb.")
                )
            if match[2] == "/" and month > 12:
                day, month = month, day
            return date(int(match[4] or year), month, day)
        parsed = parser.parse(text, default=datetime(year, 1, 1))  # noqa: DTZ001 - the wall clock's, in no zone yet
        # The parser takes 32, which is not a day, for the year 2032.
        if parsed.day != int(re.findall(r"\d+", text)[0]):
            raise ValueError(text)
        return parsed.date()

    def _at(self, wall: datetime) -> When:
        self._check(wall - self._here, wall, slack=2 * _DAY)
        moment = self._instant(wall)
        self._check(moment - self._now, wall)
        return When(moment, wall, self._words, moved=self._local(moment) != wall)

    def _in(self, moment: datetime) -> When:
        moment = moment.replace(microsecond=0)
        try:
            wall = self._local(moment)
        except OverflowError:
            raise self._bad(_TOO_FAR) from None
        self._check(moment - self._now, wall)
        return When(moment, wall, self._words, moved=False, on_clock=False)

    def _is_over(self, wall: datetime) -> bool:
        return self._instant(wall) <= self._now

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None)

    def _instant(self, wall: datetime) -> datetime:
        """Return the moment of a wall-clock time.

        Where the clocks skip it, the first reading lies after the gap and the second before it; where they show it
        twice, the second is the later one.
        """
        first, second = (wall.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return second if first <= self._now < second else first

    def _check(self, ahead: timedelta, wall: datetime, slack: timedelta = timedelta()) -> None:
        if ahead <= -slack:
            raise self._bad(N_("“{quote}” is {moment} ({zone}), which has passed."), wall_time(wall))
        if ahead > HORIZON + slack:
            raise self._bad(
                N_("“{quote}” is {moment} ({zone}), more than 5 years away, which is the most."), wall_time(wall)
            )

    def _off_the_clock(self) -> BadMoment:
        return self._bad(N_("“{quote}” names a time that no clock shows; 0:00 to 23:59 and 1am to 12pm are times."))

    def _bad(self, template: Template, moment: str = "") -> BadMoment:
        words = shortened(self._words)
        return BadMoment(template, EXAMPLE, quote=words, moment=moment, zone=self._zone.key)
