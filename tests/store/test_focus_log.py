"""The focus log's rows and sums; the sums are checked against a second computation, minute by minute."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.preference import Preference
from bot.domain.stats.leaderboard import leaderboard
from bot.domain.stats.log import Entry, EntryOutcome
from bot.domain.stats.statistics import by_day, by_task, monday_of
from bot.domain.time.period import Period
from bot.domain.time.quarter_hour import QuarterHour, quarter_hours
from bot.service.focus_log import FocusLog
from bot.service.preferences import Preferences
from bot.store import counted_time, entries, focus_log, persons, preferences, sums, tables
from bot.store.columns import row_of
from bot.store.database import Database
from tests.clock import ManualClock
from tests.engine.base import look_into
from tests.statements import noted
from tests.unit.histories import MINUTE, ZONES, entry, even_entries, painted

S, MS = timedelta(seconds=1), timedelta(milliseconds=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANN, BEN = 7 << 55, 8 << 55
TEA = Entry(
    user_id=ANN, guild_id=3, channel_id=30, timer_id=5, phase=None, began_at=NOON + 14 * MINUTE + MS,
    ended_at=NOON + 40 * MINUTE, focused=25 * MINUTE + MS, task="té 🍵 עברית", outcome=EntryOutcome.FINISHED,
    spans=((NOON + 14 * MINUTE + MS, NOON + 20 * MINUTE), (NOON + 21 * MINUTE, NOON + 40 * MINUTE + 2 * MS)),
)  # fmt: skip
# Long before and after whatever Hypothesis draws.
EVER = (datetime(2011, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
# One database serves all examples, which begin with empty tables.
SHARED = settings(
    max_examples=max(8, settings().max_examples // 6), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction that writes, open for the whole test."""
    async with database.write() as opened:
        yield opened


async def add(connection: AsyncConnection, *entries: Entry) -> None:
    await focus_log.add(connection, entries)


async def rows_of_slices(connection: AsyncConnection) -> list[tuple[int, int, int, int, int | None]]:
    result = await connection.execute(
        select(tables.focus_slices).order_by(*tables.focus_slices.primary_key.columns)
    )
    return [(row.entry_id, row.at, row.user_id, row.seconds, row.ahead) for row in result]


async def empty(connection: AsyncConnection) -> None:
    for table in (tables.focus_log, tables.focus_sums, tables.preferences):
        await connection.execute(delete(table))


async def of(connection: AsyncConnection, user_id: int) -> list[tuple[int, Entry]]:
    """Return a person's entries as they were written, without derived fields."""
    listed = await entries.latest(connection, user_id, 9)
    return [(number, replace(entry, counted=None)) for number, entry in listed]


def rows_for(number: int, entry: Entry, ahead: int = 0) -> list[tuple[int, int, int, int, int | None]]:
    return [(number, piece.at, entry.user_id, piece.seconds, ahead) for piece in quarter_hours(entry.seconds)]


async def test_a_phase_of_many_people(connection: AsyncConnection) -> None:
    """A phase of fifty people is written in as many statements as that of one."""
    counts = []
    for people in (1, 50):
        with noted() as statements:
            await add(connection, *(replace(TEA, user_id=people + number) for number in range(people)))
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert [len(await of(connection, 50 + number)) for number in range(50)] == [1] * 50


async def test_round_trip(connection: AsyncConnection) -> None:
    """Entries come back as they were written, newest first, page by page."""
    phase = replace(
        TEA, phase=0, timer_id=6, task=None, guild_id=None, outcome=EntryOutcome.CUT_SHORT, ended_at=NOON + DAY
    )
    later = replace(TEA, ended_at=NOON + 2 * DAY)
    await add(connection, TEA, later, phase, replace(TEA, user_id=BEN))
    actual = await of(connection, ANN)
    assert [entry for _, entry in actual] == [later, phase, TEA]
    assert [number for number, _ in await entries.latest(connection, ANN, 2)] == [
        number for number, _ in actual[:2]
    ]
    assert [number for number, _ in await entries.latest(connection, ANN, 2, 2)] == [actual[2][0]]
    for number, logged in actual:
        kept = await entries.by_id(connection, number)
        assert kept
        assert replace(kept, counted=None) == logged
    assert await entries.by_id(connection, 99) is None
    assert await entries.latest(connection, 9, 9) == []


async def test_slices_stand_beside_an_entry(connection: AsyncConnection) -> None:
    """Each entry has its quarter hours, with as many whole seconds in total; uncounted time has none."""
    await add(connection, replace(TEA, focused=999 * MS))
    assert await entries.latest(connection, ANN, 9) == []
    await add(connection, TEA, replace(TEA, user_id=BEN))
    ((number, _),) = await of(connection, ANN)
    ((of_ben, _),) = await of(connection, BEN)
    assert sum(piece.seconds for piece in quarter_hours(TEA.seconds)) == 1500
    assert await rows_of_slices(connection) == [
        *rows_for(number, TEA),
        *rows_for(of_ben, replace(TEA, user_id=BEN)),
    ]
    assert await entries.first_at(connection, ANN) == NOON
    assert await entries.first_at(connection, 9) is None


async def test_corrected(connection: AsyncConnection) -> None:
    """A shortened entry replaces the old one with its quarters; a removed one leaves none."""
    await add(connection, TEA, replace(TEA, user_id=BEN))
    ((number, _),) = await of(connection, ANN)
    ((of_ben, _),) = await of(connection, BEN)
    shorter = TEA.shorten(5 * MINUTE, NOON + DAY)
    await focus_log.put(connection, number, TEA, shorter)
    assert await of(connection, ANN) == [(number, shorter)]
    assert [row for row in await rows_of_slices(connection) if row[0] == number] == rows_for(number, shorter)
    await focus_log.put(connection, number, shorter, shorter.remove(NOON + DAY))
    assert await of(connection, ANN) == []
    assert {row[0] for row in await rows_of_slices(connection)} == {of_ben}
    gone = await entries.by_id(connection, number)
    assert gone
    await focus_log.put(connection, number, gone, gone.restore())
    assert await of(connection, ANN) == [
        (number, replace(shorter, was_focused=None, was_ended_at=None, corrected_at=None))
    ]
    assert await of(connection, BEN) == [(of_ben, replace(TEA, user_id=BEN))]


async def test_removed_entries_are_deleted_later(connection: AsyncConnection) -> None:
    """A removed entry can be restored for a while, and is deleted then; a shortened one stays."""
    await add(connection, TEA, replace(TEA, began_at=NOON + DAY, ended_at=NOON + DAY + 40 * MINUTE, spans=()))
    (later, second), (first, _) = await of(connection, ANN)
    await focus_log.put(connection, first, TEA, TEA.remove(NOON + DAY))
    await focus_log.put(connection, later, second, second.shorten(MINUTE, NOON + DAY))
    assert await focus_log.forget_removed(connection, NOON + DAY, 9) == 0
    assert await focus_log.forget_removed(connection, NOON + DAY + MS, 9) == 1
    assert await entries.by_id(connection, first) is None
    assert [number for number, _ in await of(connection, ANN)] == [later]


async def test_a_correction_gives_back(connection: AsyncConnection) -> None:
    """Seconds freed by shortening an entry count for the one that it covered, as far as that reaches."""
    session = replace(TEA, phase=0, began_at=NOON, ended_at=NOON + 30 * MINUTE, focused=30 * MINUTE, spans=())
    tea = replace(TEA, began_at=NOON + 10 * MINUTE, ended_at=NOON + 40 * MINUTE, focused=30 * MINUTE, spans=())
    await add(connection, session)
    await add(connection, tea)

    async def counted() -> list[int | None]:
        return [entry.counted for _, entry in await entries.latest(connection, ANN, 9)]

    assert await counted() == [600, 1800]
    ((_, of_tea), (number, _)) = await of(connection, ANN)
    shorter = session.shorten(15 * MINUTE, NOON + DAY)
    await focus_log.put(connection, number, session, shorter)
    assert await counted() == [1500, 900]
    await focus_log.put(connection, number, shorter, shorter.remove(NOON + DAY))
    assert await counted() == [1800]
    assert of_tea == tea


async def test_what_lies_beyond_the_next(connection: AsyncConnection) -> None:
    """An entry that overlaps a new one keeps only its part beside a third, which doesn't overlap the new one."""
    lengths = {"middle": (0, 60), "last": (50, 80), "first": (-10, 10)}
    for task, (begins, ends) in lengths.items():
        began_at, ended_at = NOON + begins * MINUTE, NOON + ends * MINUTE
        of_it = replace(TEA, task=task, began_at=began_at, ended_at=ended_at, focused=ended_at - began_at, spans=())
        await add(connection, of_it)
    actual = {entry.task: entry.counted for _, entry in await entries.latest(connection, ANN, 9)}
    assert actual == {"first": 600, "middle": 3000, "last": 1800}


# Entries of Ann's, with some of Ben's among them.
HISTORIES = st.lists(st.tuples(even_entries(), st.booleans()), max_size=8)


async def log(connection: AsyncConnection, drawn: list[tuple[Entry, bool]]) -> list[Entry]:
    """Write a history; return Ann's part of it."""
    await empty(connection)
    await add(connection, *(replace(entry, user_id=ANN if is_hers else BEN) for entry, is_hers in drawn))
    return [entry for entry, is_hers in drawn if is_hers]


def lived(history: list[Entry], zones: list[ZoneInfo]) -> list[Entry]:
    """Place each entry in one of these zones."""
    return [replace(entry, zone=zones[number % len(zones)].key) for number, entry in enumerate(history)]


def local(history: list[Entry]) -> list[tuple[datetime, str | None]]:
    """Return each counted minute in local time, with its task."""
    return [(at.astimezone(ZoneInfo(entry.zone or "UTC")), entry.task) for at, entry in painted(history).items()]


@SHARED
@given(drawn=HISTORIES, zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), starts=st.integers(0, 48))
async def test_days_and_hours(
    connection: AsyncConnection, drawn: list[tuple[Entry, bool]], zones: list[ZoneInfo], starts: int
) -> None:
    """The sums by day and hour have each second once, in local time, whenever a day begins."""
    await empty(connection)
    history = lived([logged for logged, _ in drawn], zones)
    for logged in history:
        await add(connection, logged)
    days: Counter[date] = Counter()
    hours = [0] * 24
    day_starts = starts * 15 * MINUTE
    for at, _ in local(history):
        days[(at.replace(tzinfo=None) - day_starts).date()] += 60
        hours[at.hour] += 60
    assert await sums.by_day(connection, 1, day_starts) == dict(days)
    assert await sums.by_hour(connection, 1) == tuple(hours)
    for day in [*days, NOON.date()]:
        assert await sums.of_day(connection, 1, day, day_starts) == days[day]
    assert [number async for number in counted_time.miscounted(connection)] == []


@SHARED
@given(drawn=HISTORIES, order=st.randoms(use_true_random=False))
async def test_whatever_the_order(connection: AsyncConnection, drawn: list[tuple[Entry, bool]], order: Any) -> None:
    """The counted time is the same whether entries are written one by one, at once, or derived again."""
    await empty(connection)
    history = [replace(entry, user_id=ANN, timer_id=number) for number, (entry, _) in enumerate(drawn)]

    async def counted() -> dict[int, int | None]:
        return {entry.timer_id: entry.counted for _, entry in await entries.latest(connection, ANN, 99)}

    await add(connection, *history)
    at_once = await counted()
    await connection.execute(update(tables.focus_slices).values(ahead=None, seconds=7))
    while await counted_time.derive_stale(connection, ANN):
        pass
    assert await counted() == at_once
    await connection.execute(delete(tables.focus_slices))
    after: datetime | None = None
    while after := await counted_time.rebuild(connection, ANN, after):
        pass
    assert await counted() == at_once
    assert sum(row[3] for row in await rows_of_slices(connection)) == 60 * len(painted(history))
    await empty(connection)
    order.shuffle(history)
    for logged in history:
        await add(connection, logged)
    # Of equal ranks, the later written counts.
    if len({entry.rank for entry in history}) == len(history):
        assert await counted() == at_once


async def test_what_an_older_version_writes(connection: AsyncConnection) -> None:
    """Entries logged and corrected by an older version count at once, and after derivation, once."""
    await preferences.save(connection, ANN, zone="Europe/Berlin", shares=True)
    await add(connection, replace(TEA, spans=(), zone="Asia/Kathmandu"))
    old = {
        "user_id": ANN,
        "guild_id": 3,
        "channel_id": 30,
        "timer_id": 6,
        "began_at": NOON,
        "ended_at": NOON + 30 * MINUTE,
    }
    old |= {"focused": 30 * MINUTE, "outcome": "finished"}
    number = (await connection.execute(insert(tables.focus_log).values(old))).inserted_primary_key[0]  # type: ignore[index]
    slices = [
        {"entry_id": number, "at": int(NOON.timestamp()) + at, "user_id": ANN, "seconds": 900} for at in (0, 900)
    ]
    await connection.execute(insert(tables.focus_slices), slices)
    assert await counted_time.is_stale(connection, ANN)
    assert await counted_time.stale_people(connection, 9) == [ANN]
    assert await sums.by_day(connection, ANN, timedelta()) == {NOON.date(): 1500 + 1800}
    assert await sums.shared(connection, 3, NOON, NOON + DAY) == {ANN: 1500 + 1800}
    assert [entry_id async for entry_id in counted_time.miscounted(connection)] == []
    assert not await counted_time.derive_stale(connection, ANN)
    whole = 14 * 60 + 1500  # one from noon on, and tea from 14 minutes past on
    assert await sums.by_day(connection, ANN, timedelta()) == {NOON.date(): whole}
    assert await sums.shared(connection, 3, NOON, NOON + DAY) == {ANN: whole}
    assert {row[4] for row in await rows_of_slices(connection)} == {3600, 20_700}
    # An older version makes it shorter.
    await connection.execute(
        update(tables.focus_log)
        .where(tables.focus_log.c.id == number)
        .values(focused=5 * MINUTE, ended_at=NOON + 5 * MINUTE)
    )
    await connection.execute(delete(tables.focus_slices).where(tables.focus_slices.c.entry_id == number))
    await connection.execute(insert(tables.focus_slices), [{**slices[0], "seconds": 300}])
    assert not await counted_time.derive_stale(connection, ANN)
    assert await sums.shared(connection, 3, NOON, NOON + DAY) == {ANN: 300 + 1500}


async def test_wrong_counted_time_is_found(connection: AsyncConnection) -> None:
    """A wrong counted time is detected, and right after it is derived again."""
    await add(connection, TEA, replace(TEA, user_id=BEN))
    ((number, _),) = await of(connection, ANN)
    for harm in (
        update(tables.focus_slices).values(seconds=tables.focus_slices.c.seconds + 1),
        update(tables.focus_slices).values(ahead=3600),
        update(tables.focus_log).values(counted=7),
        delete(tables.focus_slices),
    ):
        own = tables.focus_log.c.id if harm.table is tables.focus_log else tables.focus_slices.c.entry_id
        await connection.execute(harm.where(own == number))
        assert [entry_id async for entry_id in counted_time.miscounted(connection)] == [number]
        after: datetime | None = None
        while after := await counted_time.rebuild(connection, ANN, after):
            pass
        assert [entry_id async for entry_id in counted_time.miscounted(connection)] == []


async def test_a_week_of_many_tasks(connection: AsyncConnection) -> None:
    """Tasks beyond the limit share one row, the smallest first, and nothing is lost."""
    monday = NOON - 6 * DAY
    for number in range(12):
        ended = monday + number % 3 * DAY + number * 30 * MINUTE
        length = (1 + number) * MINUTE
        await add(
            connection,
            replace(TEA, began_at=ended - length, ended_at=ended, focused=length, task=str(number), spans=()),
        )
    largest = await sums.by_task(connection, ANN, monday.date(), timedelta(), 4)
    assert [row.task for row in largest] == ["9", "10", "8", "11", None]
    assert [row.others for row in largest] == [0, 0, 0, 0, 8]
    every = await sums.by_task(connection, ANN, monday.date(), timedelta(), 12)
    assert len(every) == 12
    assert not any(row.others for row in every)
    for rows in (largest, every):
        days = [sum(row.seconds[day] for row in rows) for day in range(7)]
        assert days == [60 * (1 + 4 + 7 + 10), 60 * (2 + 5 + 8 + 11), 60 * (3 + 6 + 9 + 12), 0, 0, 0, 0]


@SHARED
@given(drawn=HISTORIES, zone=st.sampled_from(ZONES), within=st.integers(0, 6), starts=st.sampled_from((0, 3, 12)))
async def test_a_week_by_task(
    connection: AsyncConnection, drawn: list[tuple[Entry, bool]], zone: ZoneInfo, within: int, starts: int
) -> None:
    """A week has the seconds of each of its days by task, and nothing of other weeks."""
    history = lived(await log(connection, drawn), [zone])
    await connection.execute(update(tables.focus_log).values(zone=zone.key))
    await counted_time.set_first_zone(connection, ANN, zone)  # of those without one, of which there are none
    await connection.execute(update(tables.focus_slices).values(ahead=None))
    while await counted_time.derive_stale(connection, ANN):
        pass
    some_day = history[0].began_at.date() if history else NOON.date()
    monday = monday_of(some_day + timedelta(days=within - 3))
    actual = by_task(await sums.by_task(connection, ANN, monday, timedelta(hours=starts), 99))
    counted: dict[str, Counter[int]] = {}
    for at, task in local(history):
        number = ((at.replace(tzinfo=None) - timedelta(hours=starts)).date() - monday).days
        if 0 <= number < 7:
            counted.setdefault((task or "").casefold(), Counter())[number] += 60
    expected = {task: tuple(days[number] for number in range(7)) for task, days in counted.items()}
    assert {(row.task or "").casefold(): row.seconds for row in actual} == expected
    assert [row.total for row in actual] == sorted((row.total for row in actual), reverse=True)


async def test_a_change_of_zone(database: Database) -> None:
    """A change of zone rewrites no streak: each night stays on its local day."""
    # Half an hour each night, at 23:45 in Berlin; early on the next day in Kathmandu.
    berlin, kathmandu = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")
    nights = [datetime(2026, 3, 23 + number, 23, 15, tzinfo=berlin) for number in range(9)]
    history = [replace(entry(night.astimezone(UTC), 30, 1800, "tea"), user_id=ANN) for night in nights]
    clock = ManualClock(nights[-1].astimezone(UTC) + timedelta(hours=3))
    service, settings_of = FocusLog(database, clock), Preferences(database)
    for number, night in enumerate(history):
        if number == 3:
            # Before, they had none: these nights were where they are now.
            assert (await service.mine(ANN)).days == {
                night.date(): 1800 for night in (n.astimezone(UTC) for n in nights[:3])
            }
            await settings_of.set_zone(ANN, berlin)
        async with database.write() as connection:
            await add(connection, night)
    for zone in (berlin, kathmandu):
        await settings_of.set_zone(ANN, zone)
        mine = await service.mine(ANN)
        assert mine.days == {night.date(): 1800 for night in nights}
        assert mine.today == clock.now().astimezone(zone).date()
        assert mine.statistics.streak == 9
        hours = await service.hours(ANN)
        assert sum(hours) == 9 * 1800
        assert [hour for hour, seconds in enumerate(hours) if seconds] == [23]
    # The week by task agrees with the days.
    monday, rows = await service.week(ANN, date(2026, 3, 23), Preference(zone=kathmandu))
    assert monday == date(2026, 3, 23)
    assert [row.seconds for row in rows] == [(1800,) * 7]


PEOPLE = range(1, 7)
COMMUNITIES = st.lists(
    st.tuples(even_entries(), st.sampled_from(PEOPLE), st.sampled_from((3, 4, None))), max_size=12
)


@SHARED
@given(
    drawn=COMMUNITIES,
    sharing=st.sets(st.sampled_from(PEOPLE)),
    gone=st.sets(st.sampled_from(PEOPLE)),
    first=st.dates(date(2026, 3, 1), date(2026, 11, 5)),
    length=st.integers(0, 40),
    zone=st.sampled_from(ZONES),
    has_added=st.booleans(),
)
async def test_leaderboards(
    connection: AsyncConnection,
    drawn: list[tuple[Entry, int, int | None]],
    sharing: set[int],
    gone: set[int],
    first: date,
    length: int,
    zone: ZoneInfo,
    has_added: bool,
) -> None:
    """A server's sums cover those who share: each second once, in the period when it happened.

    The days of a week add up to them, and of deleted people the anonymous sum stays.
    """
    await empty(connection)
    history = [replace(entry, user_id=user_id, guild_id=where) for entry, user_id, where in drawn]
    await add(connection, *history)
    for user_id in PEOPLE:
        await preferences.save(connection, user_id, shares=user_id in sharing)
    period = Period("", first, first + timedelta(days=length))
    begins, ends = period.bounds(zone)
    assert begins
    totals: Counter[int] = Counter()
    ever: Counter[int] = Counter()
    days: Counter[date] = Counter()
    of_gone: Counter[int | None] = Counter()
    for user_id in sharing:
        for at, logged in painted([logged for logged in history if logged.user_id == user_id]).items():
            of_gone[logged.guild_id] += 60 * (user_id in gone)
            if logged.guild_id == 3 and (has_added or not logged.added):
                ever[user_id] += 60
                totals[user_id] += 60 * (begins <= at < ends)
                days[at.astimezone(zone).date()] += 60 * (begins <= at < ends)
    expected = {user_id: seconds for user_id, seconds in totals.items() if seconds}
    actual = await sums.shared(connection, 3, begins, ends, has_added=has_added)
    assert actual == expected
    assert await sums.shared(connection, 3, None, EVER[1], has_added=has_added) == dict(ever)
    quarters = await sums.shared_slices(connection, 3, begins, ends, has_added=has_added)
    assert by_day(quarters, zone) == {day: seconds for day, seconds in days.items() if seconds}
    board = leaderboard(actual, 3, 1)
    ranks = {user_id: 1 + sum(other > mine for other in expected.values()) for user_id, mine in expected.items()}
    assert {standing.user_id: standing.rank for standing in board.top}.items() <= ranks.items()
    assert (board.own.rank if board.own else None) == ranks.get(1)
    for user_id in gone:
        await persons.forget(connection, user_id)
    for guild_id in (3, 4):
        assert await sums.anonymous(connection, guild_id) == of_gone[guild_id]


async def test_shared_slices(connection: AsyncConnection) -> None:
    """A server's week by quarter hour covers those who share, whatever the task, each second once."""
    await add(connection, TEA, replace(TEA, user_id=BEN), replace(TEA, user_id=BEN, task=None))
    await add(connection, replace(TEA, user_id=9), replace(TEA, user_id=10, guild_id=4))
    for user_id in (ANN, BEN):
        await preferences.save(connection, user_id, shares=True)
    actual = await sums.shared_slices(connection, 3, NOON, NOON + DAY)
    assert actual == [
        QuarterHour(quarter_hour.at, 2 * quarter_hour.seconds) for quarter_hour in quarter_hours(TEA.seconds)
    ]
    assert await sums.shared_slices(connection, 3, NOON + DAY, NOON + 2 * DAY) == []


# Twenty thousand entries of two hundred people in fifty servers, half an hour each, and two quarters of each.
FILL = (
    """INSERT INTO focus_log (id, user_id, guild_id, channel_id, timer_id, phase, began_at, ended_at, focused, task,
    outcome) {numbers} SELECT i, i % 200, i % 50, 1, i, NULL, 1700000000000 + i * 3600000,
    1700001800000 + i * 3600000, 1800000, 'tea', 'finished' FROM n""",
    """INSERT INTO focus_slices (entry_id, at, user_id, seconds) {numbers} SELECT i, 1700000100 + i * 3600, i % 200,
    900 FROM n""",
    """INSERT INTO focus_slices (entry_id, at, user_id, seconds) {numbers} SELECT i, 1700001000 + i * 3600, i % 200,
    900 FROM n""",
    """INSERT INTO preferences (user_id, zone_asked, shares, days_off) {numbers} SELECT i, false, i % 2 = 0, ''
    FROM n WHERE i < 200""",
)
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 19999)"


async def plans(database: Database, ask: Any) -> list[str]:
    """Run statements on the database, and return how it carries them out."""
    statements: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            statements.append((statement, parameters))

    async with database.read() as connection:
        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        try:
            await ask(connection)
        finally:
            event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        plans_seen = []
        for statement, parameters in statements:
            lines = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
            plans_seen.append("\n".join(str(tuple(line)) for line in lines))
        return plans_seen


async def test_indexes(database: Database, database_url: str) -> None:
    """Sums and the latest entries use their indexes, and nothing scans the whole log."""
    async with database.write() as connection:
        for statement in FILL:
            await connection.execute(text(statement.format(numbers=NUMBERS)))
    eye = look_into(database_url)
    if eye.dialect.name == "postgresql":
        eye.execute(text("VACUUM ANALYZE"))  # which it does by itself in time
    eye.close()
    now = datetime.fromtimestamp(1_700_000_000, UTC) + timedelta(hours=20_000)
    by_person, by_time, by_all, newest = (
        "ix_focus_slices_person", "ix_focus_log_period", "ix_focus_log_all_time", "ix_focus_log_person",
    )  # fmt: skip
    for index, ask in (
        (by_person, lambda connection: sums.by_day(connection, 7, timedelta())),
        (by_person, lambda connection: sums.by_hour(connection, 7)),
        (by_person, lambda connection: entries.first_at(connection, 7)),
        (by_person, lambda connection: sums.by_task(connection, 7, now.date() - 7 * DAY, timedelta(), 1)),
        (by_time, lambda connection: sums.shared(connection, 7, now - 7 * DAY, now)),
        (by_all, lambda connection: sums.shared(connection, 7, None, now)),
        (by_time, lambda connection: sums.shared_slices(connection, 7, now - 7 * DAY, now)),
        (newest, lambda connection: entries.latest(connection, 7, 10)),
        (newest, lambda connection: entries.touching(connection, {7: (now - DAY, now)})),
        ("ix_focus_slices_stale", lambda connection: counted_time.is_stale(connection, 7)),
    ):
        actual = await plans(database, ask)
        assert actual
        for plan in actual:
            assert index in plan, plan
            for table in ("focus_log", "focus_slices"):
                assert f"Seq Scan on {table}" not in plan, plan
                assert f"SCAN {table}" not in plan, plan


async def test_its_fields_are_a_row(connection: AsyncConnection) -> None:
    """An entry has all the columns of its row except the number."""
    assert set(row_of(TEA)) == {column.name for column in tables.focus_log.c} - {"id"}
    await connection.execute(insert(tables.focus_log), [row_of(TEA)])
