import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule as dateutil_rule
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings, strategies as st

from bot.domain.errors import BadRecurrence
from bot.domain.time import rrule as rrule_text
from bot.domain.time.recurrence import (
    SELDOMEST,
    WORKING_DAY,
    Recurrence,
    Unit,
    coming,
    first_time,
    missed,
    next_after,
)
from tests.unit.recurrences import plain_rules, rich_rules

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
YEARS = 10
DAY = timedelta(days=1)
DAILY = Recurrence(Unit.DAY)
NIGHT = datetime.combine(date(2027, 1, 1), time(2))
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

# The small hours are when clocks change, by an hour or by half of one.
times_of_day = st.one_of(
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.builds(time, st.integers(0, 3), st.sampled_from([0, 15, 30, 45, 59])),
)
starts = st.builds(datetime.combine, st.dates(date(2024, 1, 1), date(2029, 12, 31)), times_of_day)
weekday_sets = st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days)))
calendar_rules = st.one_of(
    st.builds(Recurrence, st.just(Unit.DAY), st.integers(1, 40)),
    st.builds(Recurrence, st.just(Unit.WEEK), st.integers(1, 8), weekdays=weekday_sets),
    st.builds(
        Recurrence,
        st.just(Unit.MONTH),
        st.integers(1, 25),
        monthdays=st.just(()) | st.integers(1, 31).map(lambda day: (day,)),
    ),
)
rules = st.one_of(
    calendar_rules, st.builds(Recurrence, st.just(Unit.MINUTE), st.integers(10, SELDOMEST[Unit.MINUTE]))
)
ends = st.none() | st.integers(1_700_000_000, 2_200_000_000).map(lambda end: datetime.fromtimestamp(end, UTC))


def on_the_wall(zone: ZoneInfo, wall: datetime) -> datetime:
    """Find the moment at which a zone's clocks show a time, by trying the offsets of the days around it."""
    before, behind = (
        (wall + step).replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta() for step in (-DAY, DAY)
    )
    tries = sorted((wall - offset).replace(tzinfo=UTC) for offset in {before, behind})
    moments = [moment for moment in tries if moment.astimezone(zone).replace(tzinfo=None) == wall]
    # In a gap the clock of before shows a time that is later by the gap.
    return moments[0] if moments else (wall - before).replace(tzinfo=UTC)


def is_day(rule: Recurrence, anchor: date, day: date) -> bool:
    """Return whether a calendar rule includes a day, independently of other days."""
    if rule.unit is Unit.DAY:
        return (day - anchor).days % rule.interval == 0
    if rule.unit is Unit.WEEK:
        weeks = (day.toordinal() - 1) // 7 - (anchor.toordinal() - 1) // 7
        return weeks % rule.interval == 0 and day.weekday() in (rule.weekdays or (anchor.weekday(),))
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    wanted = (rule.monthdays or (anchor.day,))[0]
    last = (day + DAY).month != day.month
    return months % rule.interval == 0 and (day.day == wanted or (last and day.day < wanted))


def enumerated(rule: Recurrence, start: datetime, zone: ZoneInfo) -> list[datetime]:
    """List ten years of a calendar rule, day by day."""
    days = [start.date() + number * DAY for number in range(366 * YEARS)]
    return [on_the_wall(zone, datetime.combine(d, start.time())) for d in days if is_day(rule, start.date(), d)]


def walked(rule: Recurrence, first: datetime, zone: ZoneInfo, upto: datetime) -> list[datetime]:
    """Ask for one time after the other, from before the first one."""
    actual: list[datetime] = []
    after = first - timedelta(seconds=1)
    while (moment := next_after(rule, first, zone, after, len(actual))) and moment <= upto:
        actual.append(moment)
        after = moment
    return actual


def moments(*texts: str) -> list[datetime]:
    return [datetime.fromisoformat(text).astimezone(UTC) for text in texts]


@pytest.mark.parametrize("key", ZONES)
@settings(max_examples=settings().max_examples // 4)
@given(rule=calendar_rules, start=starts)
@example(rule=DAILY, start=NIGHT + timedelta(minutes=30))
@example(rule=DAILY, start=NIGHT + timedelta(minutes=15))
@example(rule=DAILY, start=NIGHT - timedelta(minutes=30))
def test_ten_years(key: str, rule: Recurrence, start: datetime) -> None:
    """Over ten years no time is skipped or doubled, they strictly increase, and they keep local time."""
    zone = ZoneInfo(key)
    first = on_the_wall(zone, start)
    start = first.astimezone(zone).replace(tzinfo=None, fold=0)  # later than drawn, where a gap took that
    expected = enumerated(rule, start, zone)
    actual = walked(rule, first, zone, expected[-1])
    assert actual == expected
    assert all(earlier < later for earlier, later in pairwise(actual))
    off = [moment for moment in actual if moment.astimezone(zone).time() != start.time()]
    # at most once a year, on the day that has no such time
    assert len(off) <= YEARS
    assert all(on_the_wall(zone, datetime.combine(at.astimezone(zone), start.time())) == at for at in off)


@pytest.mark.parametrize("key", ZONES)
@settings(max_examples=settings().max_examples // 4)
@given(rule=calendar_rules, start=starts, data=st.data())
def test_from_any_moment(key: str, rule: Recurrence, start: datetime, data: st.DataObject) -> None:
    """From any moment of ten years, on a time or not, the next is the first one after it."""
    zone = ZoneInfo(key)
    first = on_the_wall(zone, start)
    expected = enumerated(rule, first.astimezone(zone).replace(tzinfo=None, fold=0), zone)
    late = data.draw(st.datetimes(start - 400 * DAY, start + 3600 * DAY)).replace(tzinfo=UTC)
    assume(late < expected[-1])
    near = data.draw(st.sampled_from(expected[:-1])) + data.draw(st.integers(-7200, 7200)) * timedelta(seconds=1)
    assume(near < expected[-1])
    for after in (late, near):
        assert next_after(rule, first, zone, after, 0) == min(moment for moment in expected if moment > after)
    after, upto = sorted((late, near))
    assert missed(rule, first, zone, after, upto, 0) == sum(after < moment <= upto for moment in expected)


@pytest.mark.parametrize("key", ZONES)
@settings(max_examples=settings().max_examples // 4)
@given(rule=rules, start=starts)
@example(rule=Recurrence(Unit.MONTH, monthdays=(31,)), start=NIGHT)
@example(rule=Recurrence(Unit.WEEK, 2, weekdays=(0, 4, 6)), start=NIGHT)
def test_agrees_with_dateutil(key: str, rule: Recurrence, start: datetime) -> None:
    """The stored text means the same to dateutil: it is a rule of RFC 5545."""
    zone = ZoneInfo(key)
    assume(rule.unit is not Unit.MONTH or rule.monthdays or start.day <= 28)
    first = on_the_wall(zone, start)
    local = first.astimezone(UTC if rule.unit is Unit.MINUTE else zone)
    assume(local.replace(fold=0).astimezone(UTC) == first)
    theirs = rrulestr(rrule_text.written(rule), dtstart=local).xafter(local, count=300, inc=True)
    expected = [moment.astimezone(UTC) for moment in theirs]
    assert walked(rule, first, zone, expected[-1]) == expected


def by_dateutil(rule: Recurrence, start: datetime) -> list[datetime]:
    """List the first times of a rule with several times or days, each of them a dateutil rule."""
    # The window of the day before may reach into this one.
    midnight = datetime.combine(start, time()) - (DAY if rule.window else timedelta())
    sets = []
    known = each_time(rule, start)
    most = 150 // len(known) + 10  # the days of each, which come as often: together more than are compared
    for since, on in known:
        for how in each_day(rule, on):
            began = (
                midnight - timedelta(days=midnight.weekday()) if how["freq"] == dateutil_rule.WEEKLY else midnight
            )
            began = (
                midnight.replace(day=1) if how["freq"] in {dateutil_rule.MONTHLY, dateutil_rule.YEARLY} else began
            )
            sets.append([day + since for day in islice(dateutil_rule.rrule(dtstart=began, wkst=0, **how), most)])
    end = min(times[-1] for times in sets if times)
    actual = {time for times in sets for time in times if start <= time <= end}
    return sorted(time for time in actual if time.date() not in rule.skipped and time.month not in rule.off_months)


def each_time(rule: Recurrence, start: datetime) -> list[tuple[timedelta, tuple[int, ...]]]:
    """Return the times of day as distances from midnight, and their weekdays."""
    if rule.slots:
        return [(since_midnight(clock), (day,)) for day, clock in rule.slots]
    if rule.window:
        first, last = map(since_midnight, rule.window)
        number = (last - first if last > first else last - first + DAY) // timedelta(minutes=rule.interval)
        return [(first + n * timedelta(minutes=rule.interval), rule.weekdays) for n in range(number + 1)]
    return [(since_midnight(clock), rule.weekdays) for clock in rule.clocks or (start.time(),)]


def since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def each_day(rule: Recurrence, on: tuple[int, ...]) -> list[dict[str, Any]]:
    if rule.unit is Unit.DAY or (rule.window and not on):
        return [{"freq": dateutil_rule.DAILY, "interval": 1 if rule.window else rule.interval}]
    if rule.unit in {Unit.WEEK, Unit.MINUTE}:
        return [{"freq": dateutil_rule.WEEKLY, "interval": 1 if rule.window else rule.interval, "byweekday": on}]
    months: dict[str, Any] = {"freq": dateutil_rule.MONTHLY, "interval": rule.interval}
    if rule.month:
        months = {"freq": dateutil_rule.YEARLY, "interval": rule.interval // 12, "bymonth": rule.month}
    if WORKING_DAY in on:
        return [months | {"byweekday": range(5), "bysetpos": rule.positions}]
    if rule.positions:
        return [
            months | {"byweekday": [dateutil_rule.weekday(day, place) for place in rule.positions for day in on]}
        ]
    # The last of these that exists in a month is what the 31st, 30th or 29th means here.
    return [months | {"bymonthday": [*range(min(day, 28), day + 1)], "bysetpos": -1} for day in rule.monthdays]


@settings(max_examples=settings().max_examples * 2)
@given(rule=rich_rules.filter(lambda rule: not rule.times), start=starts)
@example(rule=Recurrence(Unit.MINUTE, 60, window=(time(22), time(2)), weekdays=(4,)), start=NIGHT)
@example(
    rule=Recurrence(Unit.MINUTE, 360, window=(time(18), time(0))), start=datetime.combine(NIGHT, time(18, 0, 1))
)
@example(
    rule=Recurrence(Unit.MINUTE, 45, window=(time(3), time(1))), start=datetime.combine(NIGHT, time(23, 15, 1))
)
@example(
    rule=Recurrence(Unit.MINUTE, 60, window=(time(22), time(2)), weekdays=(6,)),
    start=datetime.combine(date(2027, 1, 3), time(23, 0, 1)),
)
@example(rule=Recurrence(Unit.MONTH, 1, monthdays=(15, 31), clocks=(time(8), time(20))), start=NIGHT)
def test_several_times_agree_with_dateutil(rule: Recurrence, start: datetime) -> None:
    """Several times a day, several days of a month, and windows match dateutil, with one rule for each."""
    utc = ZoneInfo("UTC")
    first = first_time(rule, start.replace(tzinfo=UTC), utc)
    start = first.replace(tzinfo=None)
    expected = by_dateutil(rule, start)[:100]
    assert [
        moment.replace(tzinfo=None) for moment in [first, *coming(rule, first, utc, len(expected) - 1)]
    ] == expected


@given(rule=rich_rules | plain_rules, until=ends)
def test_every_rule_is_stored(rule: Recurrence, until: datetime | None) -> None:
    """Every rule round-trips; what the first version could not express looks damaged to it and is left alone."""
    whole = replace(rule, until=until)
    text = rrule_text.written(whole)
    assert rrule_text.parse(text) == whole
    is_newer = bool(rule.positions or rule.month or rule.slots or rule.window or rule.skipped or rule.off_months)
    assert text.startswith("RRULE:") == (is_newer or len(rule.clocks) > 1 or len(rule.monthdays) > 1)


@settings(max_examples=settings().max_examples // 2)
@given(interval=st.integers(10, 2000), start=starts, key=st.sampled_from(ZONES), days=st.integers(0, 20))
def test_minutes_pass(interval: int, start: datetime, key: str, days: int) -> None:
    """Minutes and hours are elapsed time: the distance stays the same, whatever the clocks do."""
    first, zone, rule = start.replace(tzinfo=UTC), ZoneInfo(key), Recurrence(Unit.MINUTE, interval)
    step = timedelta(minutes=interval)
    upto = first + days * DAY
    actual = walked(rule, first, zone, upto)
    assert actual == [first + number * step for number in range((upto - first) // step + 1)]
    assert missed(rule, first, zone, first, upto, 1) == len(actual) - 1


@given(rule=rules, until=ends, times=st.none() | st.integers(1, 500), at=st.none() | st.times())
def test_stored_and_read_again(
    rule: Recurrence, until: datetime | None, times: int | None, at: time | None
) -> None:
    """A stored rule is read as it was, including its end."""
    whole = replace(rule, until=until, times=times, clocks=(at.replace(microsecond=0),) if at else ())
    assert rrule_text.parse(rrule_text.written(whole)) == whole


@pytest.mark.parametrize(
    "text",
    [
        *("", "day", "FREQ=SECONDLY", "INTERVAL=2", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;COUNT=x"),
        *(
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=WEEKLY;INTERVAL=-1",
            "FREQ=DAILY;INTERVAL=999999999",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=DAILY;BYHOUR=9",
        ),
    ],
)
def test_stored_nonsense(text: str) -> None:
    """A stored text that is no rule is no recurrence."""
    with pytest.raises(ValueError, match=r"."):
        rrule_text.parse(text)


@settings(max_examples=settings().max_examples // 2)
@given(rule=rules, start=starts, key=st.sampled_from(ZONES), times=st.integers(1, 30), data=st.data())
def test_count(rule: Recurrence, start: datetime, key: str, times: int, data: st.DataObject) -> None:
    """With a count, exactly that many come, missed ones included."""
    zone = ZoneInfo(key)
    first = first_time(rule, start.replace(tzinfo=UTC), zone)
    counted = replace(rule, times=times)
    actual = walked(counted, first, zone, END_OF_TIME)
    assert len(actual) == times
    assert actual[0] == first
    fired = data.draw(st.integers(1, times))
    late = data.draw(st.integers(fired, times + 2))
    upto = actual[late - 1] if late <= times else actual[-1] + 4000 * DAY
    assert missed(counted, first, zone, actual[fired - 1], upto, fired) == min(late, times) - fired


@settings(max_examples=settings().max_examples // 2)
@given(rule=rules, start=starts, key=st.sampled_from(ZONES), at=st.integers(0, 30), late=st.booleans())
@example(rule=Recurrence(Unit.MONTH, 23), start=NIGHT, key="UTC", at=30, late=True)
def test_until(rule: Recurrence, start: datetime, key: str, at: int, late: bool) -> None:
    """Up to its end, inclusive, a rule behaves as without one; after it nothing comes."""
    zone = ZoneInfo(key)
    first = first_time(rule, start.replace(tzinfo=UTC), zone)
    free = walked(
        replace(rule, times=31),
        first,
        zone,
        datetime.max.replace(tzinfo=UTC),
    )
    until = free[at] - timedelta(seconds=0 if late else 1)
    ending = replace(rule, until=until)
    expected = free[: at + late]
    assert walked(ending, first, zone, END_OF_TIME) == expected
    assert missed(ending, first, zone, first, free[-1], 1) == max(0, len(expected) - 1)


CHANGES = {
    # clocks forward: a time that is left out comes later by the gap, on that day alone
    ("Europe/Berlin", "2027-03-27T02:30+01:00"): ("2027-03-28T03:30+02:00", "2027-03-29T02:30+02:00"),
    ("America/New_York", "2027-03-13T02:30-05:00"): ("2027-03-14T03:30-04:00", "2027-03-15T02:30-04:00"),
    ("Australia/Lord_Howe", "2027-10-02T02:15+10:30"): ("2027-10-03T02:45+11:00", "2027-10-04T02:15+11:00"),
    # clocks back: a time that exists twice comes the first time
    ("Europe/Berlin", "2027-10-30T02:30+02:00"): ("2027-10-31T02:30+02:00", "2027-11-01T02:30+01:00"),
    ("America/New_York", "2027-11-06T01:30-04:00"): ("2027-11-07T01:30-04:00", "2027-11-08T01:30-05:00"),
    ("Australia/Lord_Howe", "2027-04-03T01:45+11:00"): ("2027-04-04T01:45+11:00", "2027-04-05T01:45+10:30"),
    # a first time that was chosen as the second of two stays that
    ("Europe/Berlin", "2027-10-31T02:30+01:00"): ("2027-11-01T02:30+01:00", "2027-11-02T02:30+01:00"),
    # no change at all, and an offset of 45 minutes
    ("Asia/Kathmandu", "2027-03-27T02:30+05:45"): ("2027-03-28T02:30+05:45", "2027-03-29T02:30+05:45"),
    # a day that a zone left out whole comes with the next, once
    ("Pacific/Apia", "2011-12-29T09:00-10:00"): ("2011-12-31T09:00+14:00", "2012-01-01T09:00+14:00"),
}


@pytest.mark.parametrize(("where", "then"), CHANGES.items())
def test_clocks_change(where: tuple[str, str], then: tuple[str, str]) -> None:
    """On the days when clocks change, each day has one time, at its hour or as soon after as possible."""
    [first] = moments(where[1])
    expected = [first, *moments(*then)]
    assert walked(DAILY, first, ZoneInfo(where[0]), expected[-1]) == expected
    assert missed(DAILY, first, ZoneInfo(where[0]), first, expected[-1], 1) == 2


def test_moved_past_midnight() -> None:
    """A time that a clock change moves into the next day is found from that day's first minutes."""
    first, after, moved = moments("1919-03-29T23:45-05:00", "1919-03-31T00:35-04:00", "1919-03-31T00:45-04:00")
    assert next_after(DAILY, first, ZoneInfo("America/Toronto"), after, 1) == moved


def test_31st() -> None:
    """The 31st falls on the last day of a shorter month, and on the 31st again after it."""
    for rule in (Recurrence(Unit.MONTH), Recurrence(Unit.MONTH, monthdays=(31,))):
        [first] = moments("2028-01-31T09:00Z")
        actual = walked(rule, first, ZoneInfo("UTC"), first + 150 * DAY)
        assert [(at.month, at.day) for at in actual] == [(1, 31), (2, 29), (3, 31), (4, 30), (5, 31)]


def test_29_february() -> None:
    """Every year on 29 February is on the 28th where there is none."""
    [first] = moments("2028-02-29T09:00Z")
    actual = walked(Recurrence(Unit.MONTH, 12), first, ZoneInfo("UTC"), first + 1500 * DAY)
    assert [(at.year, at.day) for at in actual] == [(2028, 29), (2029, 28), (2030, 28), (2031, 28), (2032, 29)]


FIRSTS = {
    # said on Tuesday 5 January 2027, for 9:00
    Recurrence(Unit.DAY, 3): "2027-01-05",
    Recurrence(Unit.MINUTE, 90): "2027-01-05",
    Recurrence(Unit.WEEK, 2): "2027-01-05",
    Recurrence(Unit.WEEK, weekdays=(1, 3)): "2027-01-05",
    Recurrence(Unit.WEEK, weekdays=(0,)): "2027-01-11",
    Recurrence(Unit.WEEK, 3, weekdays=(0, 4)): "2027-01-08",
    Recurrence(Unit.WEEK, 3, weekdays=(0,)): "2027-01-11",
    Recurrence(Unit.MONTH, 6): "2027-01-05",
    Recurrence(Unit.MONTH, 6, monthdays=(4,)): "2027-02-04",
    Recurrence(Unit.MONTH, monthdays=(31,)): "2027-01-31",
    Recurrence(Unit.DAY, times=1): "2027-01-05",
    Recurrence(Unit.DAY, until=datetime(2027, 1, 5, 8, tzinfo=UTC)): "2027-01-05",
}


@pytest.mark.parametrize(("rule", "day"), FIRSTS.items(), ids=str)
def test_first(rule: Recurrence, day: str) -> None:
    """A rule begins at the given moment, or on the next day that it includes, whatever its interval."""
    wanted, expected = moments("2027-01-05T09:00+01:00", f"{day}T09:00+01:00")
    assert first_time(rule, wanted, ZoneInfo("Europe/Berlin")) == expected


def test_ends_before_it_begins() -> None:
    """A rule whose end comes before its first time is refused."""
    [wanted] = moments("2027-01-05T08:00Z")
    rule = Recurrence(Unit.WEEK, weekdays=(0,), until=wanted + DAY)
    with pytest.raises(BadRecurrence, match="would end before") as refused:
        first_time(rule, wanted, ZoneInfo("UTC"))
    assert refused.value.example is None


def test_missed_day() -> None:
    """A missed day of an hourly rule is 24 times, besides the one that is late."""
    due, now = moments("2027-01-05T09:00Z", "2027-01-06T09:00Z")
    assert missed(Recurrence(Unit.MINUTE, 60), due - 5 * DAY, ZoneInfo("UTC"), due, now, 121) == 24
    assert missed(DAILY, due - 5 * DAY, ZoneInfo("UTC"), due, now - timedelta(seconds=1), 6) == 0


@pytest.mark.parametrize("rule", [Recurrence(Unit.MINUTE, 10), *(Recurrence(unit) for unit in Unit)], ids=str)
def test_age_costs_nothing(rule: Recurrence) -> None:
    """The next time of a thousand-year-old rule takes as many steps as that of a new one."""
    [first] = moments("2027-01-31T09:00Z")
    zone = ZoneInfo("Europe/Berlin")

    def steps(after: datetime) -> int:
        taken = []
        before = sys.getprofile()
        sys.setprofile(lambda _frame, event, _argument: taken.append(event))
        try:
            next_after(rule, first, zone, after, 1)
        finally:
            sys.setprofile(before)
        return len(taken)

    assert steps(first + 365_000 * DAY) <= steps(first + DAY) + 20
