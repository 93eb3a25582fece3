import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import BadRecurrence
from bot.domain.time.recurrence import SELDOMEST, Recurrence, Unit, first_time, missed, next_after, parse_stored

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
    st.builds(Recurrence, st.just(Unit.MONTH), st.integers(1, 25), monthday=st.none() | st.integers(1, 31)),
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
    tries = sorted((wall - offset).replace(tzinfo=UTC) for offset in (before, behind))
    shown = [moment for moment in tries if moment.astimezone(zone).replace(tzinfo=None) == wall]
    # In a gap the clock of before shows a time that is later by the gap.
    return shown[0] if shown else (wall - before).replace(tzinfo=UTC)


def is_day(rule: Recurrence, anchor: date, day: date) -> bool:
    """Tell whether a calendar rule names a day, without regard to any other day."""
    if rule.unit is Unit.DAY:
        return (day - anchor).days % rule.interval == 0
    if rule.unit is Unit.WEEK:
        weeks = (day.toordinal() - 1) // 7 - (anchor.toordinal() - 1) // 7
        return weeks % rule.interval == 0 and day.weekday() in (rule.weekdays or (anchor.weekday(),))
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    wanted = rule.monthday or anchor.day
    last = (day + DAY).month != day.month
    return months % rule.interval == 0 and (day.day == wanted or (last and day.day < wanted))


def enumerated(rule: Recurrence, start: datetime, zone: ZoneInfo) -> list[datetime]:
    """List ten years of a calendar rule, day by day."""
    days = [start.date() + number * DAY for number in range(366 * YEARS)]
    return [on_the_wall(zone, datetime.combine(d, start.time())) for d in days if is_day(rule, start.date(), d)]


def walked(rule: Recurrence, first: datetime, zone: ZoneInfo, upto: datetime) -> list[datetime]:
    """Ask for one time after the other, from before the first one."""
    found: list[datetime] = []
    after = first - timedelta(seconds=1)
    while (moment := next_after(rule, first, zone, after, len(found))) and moment <= upto:
        found.append(moment)
        after = moment
    return found


def moments(*texts: str) -> list[datetime]:
    return [datetime.fromisoformat(text).astimezone(UTC) for text in texts]


@pytest.mark.parametrize("key", ZONES)
@settings(max_examples=settings().max_examples // 4)
@given(rule=calendar_rules, start=starts)
@example(rule=DAILY, start=NIGHT + timedelta(minutes=30))
@example(rule=DAILY, start=NIGHT + timedelta(minutes=15))
@example(rule=DAILY, start=NIGHT - timedelta(minutes=30))
def test_ten_years(key: str, rule: Recurrence, start: datetime) -> None:
    """Over ten years none is skipped or doubled, they strictly increase, and they keep to the clock on the wall."""
    zone = ZoneInfo(key)
    first = on_the_wall(zone, start)
    start = first.astimezone(zone).replace(tzinfo=None, fold=0)  # later than drawn, where a gap took that
    expected = enumerated(rule, start, zone)
    found = walked(rule, first, zone, expected[-1])
    assert found == expected
    assert all(one < other for one, other in pairwise(found))
    off = [moment for moment in found if moment.astimezone(zone).time() != start.time()]
    # at most once a year, on the day that has no such time
    assert len(off) <= YEARS
    assert all(on_the_wall(zone, datetime.combine(at.astimezone(zone), start.time())) == at for at in off)


@pytest.mark.parametrize("key", ZONES)
@settings(max_examples=settings().max_examples // 4)
@given(rule=calendar_rules, start=starts, data=st.data())
def test_from_any_moment(key: str, rule: Recurrence, start: datetime, data: st.DataObject) -> None:
    """From any moment of ten years, one of the times or none, the next is the first of those that come after."""
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
@example(rule=Recurrence(Unit.MONTH, monthday=31), start=NIGHT)
@example(rule=Recurrence(Unit.WEEK, 2, weekdays=(0, 4, 6)), start=NIGHT)
def test_agrees_with_dateutil(key: str, rule: Recurrence, start: datetime) -> None:
    """The stored text means the same to dateutil as to us: it is a rule as RFC 5545 has them."""
    zone = ZoneInfo(key)
    assume(rule.unit is not Unit.MONTH or rule.monthday or start.day <= 28)
    first = on_the_wall(zone, start)
    local = first.astimezone(UTC if rule.unit is Unit.MINUTE else zone)
    assume(local.replace(fold=0).astimezone(UTC) == first)
    theirs = rrulestr(str(rule), dtstart=local).xafter(local, count=300, inc=True)
    expected = [moment.astimezone(UTC) for moment in theirs]
    assert walked(rule, first, zone, expected[-1]) == expected


@settings(max_examples=settings().max_examples // 2)
@given(interval=st.integers(10, 2000), start=starts, key=st.sampled_from(ZONES), days=st.integers(0, 20))
def test_minutes_pass(interval: int, start: datetime, key: str, days: int) -> None:
    """Minutes and hours are time that passes: the distance stays the same, whatever the clocks do."""
    first, zone, rule = start.replace(tzinfo=UTC), ZoneInfo(key), Recurrence(Unit.MINUTE, interval)
    step = timedelta(minutes=interval)
    upto = first + days * DAY
    found = walked(rule, first, zone, upto)
    assert found == [first + number * step for number in range((upto - first) // step + 1)]
    assert missed(rule, first, zone, first, upto, 1) == len(found) - 1


@given(rule=rules, until=ends, times=st.none() | st.integers(1, 500), at=st.none() | st.times())
def test_stored_and_read_again(
    rule: Recurrence, until: datetime | None, times: int | None, at: time | None
) -> None:
    """What is kept in the database is read as it was, end and all."""
    whole = replace(rule, until=until, times=times, at=at and at.replace(microsecond=0))
    assert parse_stored(str(whole)) == whole


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
        parse_stored(text)


@settings(max_examples=settings().max_examples // 2)
@given(rule=rules, start=starts, key=st.sampled_from(ZONES), times=st.integers(1, 30), data=st.data())
def test_count(rule: Recurrence, start: datetime, key: str, times: int, data: st.DataObject) -> None:
    """With a count, exactly so many come, those among them that were missed."""
    zone = ZoneInfo(key)
    first = first_time(rule, start.replace(tzinfo=UTC), zone)
    counted = replace(rule, times=times)
    found = walked(counted, first, zone, END_OF_TIME)
    assert len(found) == times
    assert found[0] == first
    fired = data.draw(st.integers(1, times))
    late = data.draw(st.integers(fired, times + 2))
    upto = found[late - 1] if late <= times else found[-1] + 4000 * DAY
    assert missed(counted, first, zone, found[fired - 1], upto, fired) == min(late, times) - fired


@settings(max_examples=settings().max_examples // 2)
@given(rule=rules, start=starts, key=st.sampled_from(ZONES), at=st.integers(0, 30), late=st.booleans())
def test_until(rule: Recurrence, start: datetime, key: str, at: int, late: bool) -> None:
    """Up to its end a rule goes as without one, the end itself included, and after it nothing comes."""
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
    """On the days when clocks change, each day still brings one time, at its hour or as near after as there is."""
    [first] = moments(where[1])
    expected = [first, *moments(*then)]
    assert walked(DAILY, first, ZoneInfo(where[0]), expected[-1]) == expected
    assert missed(DAILY, first, ZoneInfo(where[0]), first, expected[-1], 1) == 2


def test_moved_past_midnight() -> None:
    """A time that a change of clocks moves into the next day is found from that day's first minutes."""
    first, after, moved = moments("1919-03-29T23:45-05:00", "1919-03-31T00:35-04:00", "1919-03-31T00:45-04:00")
    assert next_after(DAILY, first, ZoneInfo("America/Toronto"), after, 1) == moved


def test_31st() -> None:
    """The 31st falls on the last day of a shorter month, and on the 31st again after it."""
    for rule in (Recurrence(Unit.MONTH), Recurrence(Unit.MONTH, monthday=31)):
        [first] = moments("2028-01-31T09:00Z")
        found = walked(rule, first, ZoneInfo("UTC"), first + 150 * DAY)
        assert [(at.month, at.day) for at in found] == [(1, 31), (2, 29), (3, 31), (4, 30), (5, 31)]


def test_29_february() -> None:
    """Every year on 29 February is on the 28th where there is none."""
    [first] = moments("2028-02-29T09:00Z")
    found = walked(Recurrence(Unit.MONTH, 12), first, ZoneInfo("UTC"), first + 1500 * DAY)
    assert [(at.year, at.day) for at in found] == [(2028, 29), (2029, 28), (2030, 28), (2031, 28), (2032, 29)]


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
    Recurrence(Unit.MONTH, 6, monthday=4): "2027-02-04",
    Recurrence(Unit.MONTH, monthday=31): "2027-01-31",
    Recurrence(Unit.DAY, times=1): "2027-01-05",
    Recurrence(Unit.DAY, until=datetime(2027, 1, 5, 8, tzinfo=UTC)): "2027-01-05",
}


@pytest.mark.parametrize(("rule", "day"), FIRSTS.items(), ids=str)
def test_first(rule: Recurrence, day: str) -> None:
    """A rule begins at the moment that was named, or on the next day that it names, whatever its interval."""
    wanted, expected = moments("2027-01-05T09:00+01:00", f"{day}T09:00+01:00")
    assert first_time(rule, wanted, ZoneInfo("Europe/Berlin")) == expected


def test_ends_before_it_begins() -> None:
    """A rule whose end comes before its first time is refused with a right example."""
    [wanted] = moments("2027-01-05T08:00Z")
    rule = Recurrence(Unit.WEEK, weekdays=(0,), until=wanted + DAY)
    with pytest.raises(BadRecurrence, match="ends before") as refused:
        first_time(rule, wanted, ZoneInfo("UTC"))
    assert refused.value.example


def test_missed_day() -> None:
    """A day of every hour that was missed is 24 times, beside the one that is late."""
    due, now = moments("2027-01-05T09:00Z", "2027-01-06T09:00Z")
    assert missed(Recurrence(Unit.MINUTE, 60), due - 5 * DAY, ZoneInfo("UTC"), due, now, 121) == 24
    assert missed(DAILY, due - 5 * DAY, ZoneInfo("UTC"), due, now - timedelta(seconds=1), 6) == 0


@pytest.mark.parametrize("rule", [Recurrence(Unit.MINUTE, 10), *(Recurrence(unit) for unit in Unit)], ids=str)
def test_age_costs_nothing(rule: Recurrence) -> None:
    """The next time of a rule of a thousand years is found in as many steps as that of a new one."""
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
