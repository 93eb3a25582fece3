"""The grammar: combines the tokens of a phrase about time into one statement, whatever their order.

    statement   =  (day | time of day | part of the day | zone | length | repetition | limit) …
    repetition  =  every …  |  mondays  |  on the 1st of every month  |  daily
    limit       =  from point  |  until point  |  for length  |  5 times  |  except days

If they do not fit together, the caller tries fewer tokens, and asks about the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.time import clocks, completeness, points
from bot.domain.time.completeness import is_day_value
from bot.domain.time.lexer import significant
from bot.domain.time.recurrence import Unit
from bot.domain.time.statement import Group, Statement, gathered
from bot.domain.time.tokens import (
    ClockTime,
    Dates,
    Day,
    DayPart,
    Every,
    Filler,
    FromNow,
    FullMoment,
    InYear,
    InZone,
    Joiner,
    Marker,
    Off,
    Often,
    Relative,
    Times,
    Token,
    Vague,
    Value,
    Weekdays,
    Window,
)

# Tokens that may occur once in a statement, by the name of the field.
_ONCE: dict[type, str] = {
    InZone: "zone", FullMoment: "moment", FromNow: "span", Vague: "vague", Window: "window", Often: "often",
}  # fmt: skip
_POINTS = {"from": "since", "until": "until"}
_BEFORE_A_CLOCK = frozenset({"about", "around", "before", "after"})


def parse(tokens: Sequence[Token], *, is_alone: bool = False) -> Statement | None:
    """Put all the tokens together; None if they do not fit.

    ``is_alone``: there is no text beside them that an everyday word such as *sat* could belong to.
    """
    return _Reader([token.value for token in significant(list(tokens))], is_alone=is_alone).statement()


def longest(tokens: Sequence[Token]) -> tuple[Statement, int] | None:
    """Put together as many of some tokens as fit, from the first; return where they end too."""
    count, statement = _Reader([token.value for token in tokens], is_alone=False).longest()
    return (statement, tokens[count - 1].end) if statement else None


class _Reader:
    """Goes through the tokens once, and keeps what they say."""

    def __init__(self, values: list[Value], *, is_alone: bool) -> None:
        self._values = values
        self._is_alone = is_alone
        self._at = 0
        self._once: dict[str, Any] = {}
        self._groups: list[Group] = [Group()]
        self._has_parts = self._is_clock_first = self._is_each_day = False
        self._other_part: DayPart | None = None
        self._takers: dict[type, Callable[[Any], bool]] = {
            ClockTime: self._take_clock,
            DayPart: self._take_part,
            Marker: self._take_marker,
            Filler: lambda _: True,
            Joiner: lambda _: self._at > 1,
            Every: self._take_every,
            Off: lambda off: self._put(excepted=off.days),
            Times: lambda times: self._put(times=times.number),
            InYear: self._take_year,
        }

    def statement(self) -> Statement | None:
        """Return the statement of all values, or None."""
        while self._at < len(self._values):
            if not self._take_next():
                return None
        return self._whole()

    def longest(self) -> tuple[int, Statement | None]:
        """Return the statement of as many values as fit, from the first, and how many these are."""
        known: list[tuple[int, dict[str, Any], list[Group]]] = []
        while self._at < len(self._values) and self._take_next():
            if not isinstance(self._values[self._at - 1], Joiner | Marker):
                known.append((self._at, self._once.copy(), self._groups[:]))
        for count, self._once, self._groups in reversed(known):
            if statement := self._whole():
                return count, statement
        return 0, None

    def _take_next(self) -> bool:
        self._at += 1
        return self._take(self._values[self._at - 1])

    def _whole(self) -> Statement | None:
        groups = gathered(self._groups)
        if not (groups or self._once):
            return None
        made = completeness.settled(Statement(groups, **self._once))
        if self._is_each_day and made.clocks and not made.days:  # 8am for the next 3 days
            made = replace(made, every=made.every or Every(Unit.DAY))
        made = replace(made, repeats=True) if completeness.repeats(made) else made
        return made if completeness.is_whole(made, is_alone=self._is_alone) else None

    def _take(self, value: Value) -> bool:
        if isinstance(value, Dates):
            starts, ends = map(Statement.of, (value.first, value.last))
            return self._put(since=starts, until=ends)
        if name := _ONCE.get(type(value)):
            return self._put(**{name: value}) and self._is_from_that_day(value)
        return self._takers.get(type(value), self._take_day)(value)

    def _is_from_that_day(self, value: Value) -> bool:
        """Let *tomorrow week* and *tomorrow in a week* be a week after tomorrow."""
        day = self._before()
        if isinstance(value, FromNow) and completeness.is_by_days(value) and isinstance(day, Relative):
            return self._groups != [Group((day,))] or self._put(beside="after")
        return True

    def _put(self, **values: object) -> bool:
        """Keep a part that may occur once."""
        if any(self._once.get(name, value) != value for name, value in values.items()):
            return False
        self._once |= values
        return True

    def _take_every(self, every: Every) -> bool:
        after, known = self._ahead(0), self._once.get("every")
        if every.unit is None and not (isinstance(after, ClockTime | DayPart) or is_day_value(after)):
            return False
        if isinstance(self._before(), Joiner) and not known and any(group.days for group in self._groups):
            return False  # tomorrow and every monday
        if known and completeness.is_said_again(every, known):
            return True
        is_open = known == Every() or (known == Every(Unit.DAY) and not self._groups[-1].clocks)
        if known and not (is_open and every.unit is Unit.MINUTE):  # every day, every 2 hours from 9 to 5
            return False
        self._once["every"] = every
        return True

    def _take_clock(self, clock: ClockTime) -> bool:
        group = self._groups[-1]
        before = self._before()
        if clock.is_loose and not self._is_beside_a_day(clock, before, group):
            return False
        if self._other_part and isinstance(before, DayPart):
            clock = clocks.bound(clock, self._other_part)
        elif group.clocks and not self._is_in_a_list(group):
            return False
        if self._is_clock_first and group.days and group.clocks:  # 7am on weekdays and 9am on weekends
            self._groups.append(group := Group())
        self._is_clock_first = self._is_clock_first or not group.days
        self._groups[-1] = Group(group.days, (*group.clocks, clock), group.part)
        return True

    def _is_beside_a_day(self, clock: ClockTime, before: Value | None, group: Group) -> bool:
        """Return whether a bare number is a time of day: *monday 7*, *7 in the morning*, *at 8 and 20*."""
        after, behind = self._ahead(0), self._ahead()
        is_about = isinstance(before, Marker) and before.name in _BEFORE_A_CLOCK and group != Group()
        if is_about or completeness.is_before_a_clock(before) or self._is_in_a_list(group):
            return clock.hour <= 24 or clock.minute > 0
        if self._is_alone and len(self._values) == 1:
            return clock.minute > 0 or not clock.is_twelve
        # 8 tomorrow morning; 0800 tomorrow; 8 every morning
        is_around_day = is_day_value(after) and (isinstance(behind, DayPart) or not clock.is_twelve)
        return is_around_day or isinstance(after, Every) or (isinstance(after, DayPart) and not after.is_bare)

    def _is_in_a_list(self, group: Group) -> bool:
        """Whether a joiner stands between the last time of day and this one."""
        is_next = "often" in self._once and isinstance(self._before(), ClockTime)  # twice a day 8:00 20:00
        return bool(group.clocks) and (is_next or isinstance(self._before(), Joiner))

    def _before(self) -> Value | None:
        """Return the value before the one that is being taken."""
        return self._values[self._at - 2] if self._at >= 2 else None

    def _take_part(self, part: DayPart) -> bool:
        group = self._groups[-1]
        if group.part and group.part.name != part.name:
            return self._take_another_part(group, group.part, part)
        if self._has_parts and isinstance(self._before(), Joiner):
            return self._put_parts(part)
        self._groups[-1] = Group(group.days, group.clocks, part)
        return True

    def _take_another_part(self, group: Group, first: DayPart, other: DayPart) -> bool:
        """Give the times before *and in the evening* to the first part of the day, and those behind to it."""
        before, known = self._before(), group.clocks
        if isinstance(before, ClockTime) and len(known) > 1:  # 9 in the morning and 9 at night
            known = (*(clocks.bound(clock, first) for clock in known[:-1]), clocks.bound(before, other))
        elif isinstance(before, Joiner | Every) and isinstance(
            self._values[self._values.index(first) + 1], ClockTime
        ):  # every morning at 7 and every evening at 8
            known = tuple(clocks.bound(clock, first) for clock in known)
            self._other_part = other
            if not isinstance(self._ahead(0), ClockTime):
                known = (*known, clocks.of(clocks.PARTS[other.name]))
        else:
            return isinstance(before, Joiner) and self._put_parts(first, other)
        self._groups[-1] = Group(group.days, known)
        return True

    def _put_parts(self, *parts: DayPart) -> bool:
        """Let *every morning, noon and evening* be three times of day."""
        group, self._has_parts = self._groups[-1], True
        named = tuple(clocks.of(clocks.PARTS[part.name]) for part in parts if part.name in clocks.PARTS)
        self._groups[-1] = Group(group.days, (*group.clocks, *named))
        if any(part.is_plural for part in parts):
            self._once.setdefault("every", Every(Unit.DAY))
        return len(named) == len(parts)

    def _take_year(self, year: InYear) -> bool:
        group = self._groups[-1]
        self._groups[-1] = completeness.in_year(group, year.number)
        return self._groups[-1] != group

    def _take_day(self, day: Day) -> bool:
        group, span = self._groups[-1], self._once.get("span")
        if isinstance(day, Relative) and span and span == self._before() and completeness.is_by_weeks(span):
            self._put(beside="after")  # a week tomorrow
        is_whole_day = bool(group.days and (group.clocks or group.part))
        is_list = self._is_clock_first and len(self._groups) == 1 and completeness.are_weekdays(*group.days, day)
        if (
            is_whole_day
            and not is_list
            and (self._once.get("every") or not completeness.are_one_day(*group.days, day))
        ):
            self._groups.append(Group((day,)))
            return True
        self._groups[-1] = Group((*group.days, day), group.clocks, group.part)
        return len(group.days) < 8

    def _take_marker(self, marker: Marker) -> bool:
        name, after = marker.name, self._ahead(0)
        is_single = name in completeness.BESIDE and not self._once.get("every")
        if is_single and (beside := completeness.beside(self._before(), name, after)):
            return self._put(**beside)
        match name:
            case "on":
                is_week = isinstance(after, Vague) and after.name.endswith(" week") and bool(self._groups[-1].days)
                return is_week or isinstance(after, ClockTime | DayPart | FullMoment | Every) or is_day_value(after)
            case "from" | "until":
                point, self._at = points.read(self._values, self._at)
                return point is not None and self._put(**{_POINTS[name]: point})
            case "except":
                return self._take_other_time() or self._take_excepted()
            case "for":
                return self._take_for(after, is_next=marker.is_strong)
        is_time = name in _BEFORE_A_CLOCK and (isinstance(after, ClockTime | DayPart) or is_day_value(after))
        is_length = name in {"about", "around"} and isinstance(after, FromNow)
        is_exact = name == "around" and not is_day_value(after)  # its answer says when it comes
        return (is_time or is_length) and (is_exact or self._put(is_about=True))

    def _take_for(self, after: Value | None, *, is_next: bool) -> bool:
        if isinstance(after, FromNow):
            is_beside = self._at == 1 or isinstance(self._before(), ClockTime | DayPart)
            self._is_each_day = is_next and is_beside and completeness.is_by_days(after)
            self._at += 1
            return self._put(lasting=after.length)
        return self._at == 1 and (isinstance(after, ClockTime) or is_day_value(after))  # for tomorrow

    def _take_other_time(self) -> bool:
        """Let *every day at 8:00 but sunday at 10:00* be two times of day."""
        group = self._groups[-1]
        if not (group.clocks and isinstance(self._ahead(0), Weekdays) and isinstance(self._ahead(), ClockTime)):
            return False
        self._groups[-1:] = [replace(group, days=group.days or (Weekdays(tuple(range(7))),)), Group()]
        return True

    def _take_excepted(self) -> bool:
        known = self._once.get("excepted", ())
        days: list[Day | Vague] = []
        while completeness.may_be_excepted(after := self._ahead(0)):
            days += completeness.days_within(after) if isinstance(after, Dates) else [after]  # type: ignore[list-item]
            self._at += 1
            if not (isinstance(self._ahead(0), Joiner) and completeness.may_be_excepted(self._ahead())):
                break
            self._at += 1
        self._once["excepted"] = (*known, *days)
        return bool(days)

    def _ahead(self, steps: int = 1) -> Value | None:
        """Return a value that is still to be taken; 0 steps away is the next."""
        place = self._at + steps
        return self._values[place] if place < len(self._values) else None
