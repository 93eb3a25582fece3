"""The focus log's rows and sums; the sums are held against a second computation, which counts minute by minute."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.stats.leaderboard import leaderboard
from bot.domain.stats.log import Entry, Outcome
from bot.domain.stats.statistics import by_task, monday_of
from bot.domain.time.offset_period import OffsetPeriod, offset_periods
from bot.domain.time.period import Period
from bot.domain.time.quarter_hour import QuarterHour, quarter_hours
from bot.service.focus_log import FocusLog
from bot.store import focus_log, persons, preferences, sums, tables
from bot.store.database import Database
from tests.clock import ManualClock
from tests.engine.base import look_into
from tests.unit.histories import MINUTE, ZONES, days_of, entry, even_entries, minutes_of

S, MS = timedelta(seconds=1), timedelta(milliseconds=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANN, BEN = 7 << 55, 8 << 55
TEA = Entry(
    user_id=ANN, guild_id=3, channel_id=30, timer_id=5, phase=None, began_at=NOON + 14 * MINUTE + MS,
    ended_at=NOON + 40 * MINUTE, focused=25 * MINUTE + MS, task="té 🍵 עברית", outcome=Outcome.FINISHED,
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


async def rows_of_slices(connection: AsyncConnection) -> list[tuple[int, int, int, int]]:
    found = await connection.execute(select(tables.focus_slices).order_by(*tables.focus_slices.primary_key.columns))
    return [(row.entry_id, row.at, row.user_id, row.seconds) for row in found]


async def empty(connection: AsyncConnection) -> None:
    for table in (tables.focus_log, tables.focus_sums, tables.preferences):
        await connection.execute(delete(table))


async def test_round_trip(connection: AsyncConnection) -> None:
    """Entries come back as they were written, the newest first, and as many as are asked for."""
    phase = replace(
        TEA, phase=0, timer_id=6, task=None, guild_id=None, outcome=Outcome.CUT_SHORT, ended_at=NOON + DAY
    )
    later = replace(TEA, ended_at=NOON + 2 * DAY)
    await add(connection, TEA, later, phase, replace(TEA, user_id=BEN))
    found = await focus_log.latest(connection, ANN, 9)
    assert [one for _, one in found] == [later, phase, TEA]
    assert await focus_log.latest(connection, ANN, 2) == found[:2]
    for number, one in found:
        assert await focus_log.by_id(connection, number) == one
    assert await focus_log.by_id(connection, 99) is None
    assert await focus_log.latest(connection, 9, 9) == []


async def test_slices_stand_beside_an_entry(connection: AsyncConnection) -> None:
    """Each entry has its quarters of an hour, with as many whole seconds in all; what is no focus has none."""
    await add(connection, replace(TEA, focused=999 * MS))
    assert await focus_log.latest(connection, ANN, 9) == []
    await add(connection, TEA, replace(TEA, user_id=BEN))
    ((number, _),) = await focus_log.latest(connection, ANN, 9)
    ((of_ben, _),) = await focus_log.latest(connection, BEN, 9)
    quarters = [(int(one.at.timestamp()), one.seconds) for one in quarter_hours(TEA)]
    assert sum(seconds for _, seconds in quarters) == 1500
    expected = [(one, at, who, seconds) for one, who in ((number, ANN), (of_ben, BEN)) for at, seconds in quarters]
    assert await rows_of_slices(connection) == sorted(expected)
    assert await focus_log.first_at(connection, ANN) == NOON
    assert await focus_log.first_at(connection, 9) is None


async def test_corrected(connection: AsyncConnection) -> None:
    """A shorter entry takes the place of the old one with its quarters; one that is taken away leaves none."""
    await add(connection, TEA, replace(TEA, user_id=BEN))
    ((number, _),) = await focus_log.latest(connection, ANN, 9)
    ((of_ben, _),) = await focus_log.latest(connection, BEN, 9)
    shorter = TEA.shorten(5 * MINUTE)
    await focus_log.put(connection, number, shorter)
    assert await focus_log.by_id(connection, number) == shorter
    quarters = [(number, int(one.at.timestamp()), ANN, one.seconds) for one in quarter_hours(shorter)]
    assert [row for row in await rows_of_slices(connection) if row[0] == number] == quarters
    await focus_log.remove(connection, number)
    assert await focus_log.by_id(connection, number) is None
    assert {row[0] for row in await rows_of_slices(connection)} == {of_ben}
    assert await focus_log.by_id(connection, of_ben) == replace(TEA, user_id=BEN)


# Entries of Ann's, with some of Ben's among them.
HISTORIES = st.lists(st.tuples(even_entries(), st.booleans()), max_size=8)


async def log(connection: AsyncConnection, drawn: list[tuple[Entry, bool]]) -> list[Entry]:
    """Write a history; give what is Ann's of it."""
    await empty(connection)
    await add(connection, *(replace(one, user_id=ANN if is_hers else BEN) for one, is_hers in drawn))
    return [one for one, is_hers in drawn if is_hers]


@SHARED
@given(drawn=HISTORIES)
async def test_days_and_hours(connection: AsyncConnection, drawn: list[tuple[Entry, bool]]) -> None:
    """The sums by day and by hour are right in every zone, over changes of clocks, also for one who moves there."""
    entries = await log(connection, drawn)
    for zone in ZONES:
        pieces = list(offset_periods(zone, *EVER))
        assert await sums.by_day(connection, ANN, pieces) == days_of(entries, zone)
        hours = [0] * 24
        for at, seconds, _ in minutes_of(entries):
            hours[at.astimezone(zone).hour] += seconds
        assert await sums.by_hour(connection, ANN, pieces) == tuple(hours)


def midnights(monday: date, zone: ZoneInfo) -> list[datetime]:
    """Give where each day of a week begins, and where the last one ends."""
    return [Period("", None, monday + (number - 1) * DAY).bounds(zone)[1] for number in range(8)]


async def test_a_week_of_many_tasks(connection: AsyncConnection) -> None:
    """Of more tasks than are asked for those with the least are one row together, and nothing is lost."""
    monday = NOON - 6 * DAY
    for number in range(12):
        ended = monday + number % 3 * DAY + number * MINUTE
        length = (1 + number) * MINUTE
        await add(
            connection, replace(TEA, began_at=ended - length, ended_at=ended, focused=length, task=str(number))
        )
    week = midnights(monday.date(), ZoneInfo("UTC"))
    largest = await sums.by_task(connection, ANN, week, 4)
    assert [row.task for row in largest] == ["9", "10", "11", "8", None]
    assert [row.others for row in largest] == [0, 0, 0, 0, 8]
    every = await sums.by_task(connection, ANN, week, 12)
    assert len(every) == 12
    assert not any(row.others for row in every)
    for rows in (largest, every):
        days = [sum(row.seconds[day] for row in rows) for day in range(7)]
        assert days == [60 * (1 + 4 + 7 + 10), 60 * (2 + 5 + 8 + 11), 60 * (3 + 6 + 9 + 12), 0, 0, 0, 0]


@SHARED
@given(drawn=HISTORIES, zone=st.sampled_from(ZONES), within=st.integers(0, 6))
async def test_a_week_by_task(
    connection: AsyncConnection, drawn: list[tuple[Entry, bool]], zone: ZoneInfo, within: int
) -> None:
    """A week has the seconds of each of its days on each task, and nothing of the days before and after."""
    entries = await log(connection, drawn)
    some_day = entries[0].began_at.date() if entries else NOON.date()
    monday = monday_of(some_day + timedelta(days=within - 3))
    found = by_task(await sums.by_task(connection, ANN, midnights(monday, zone), 99))
    counted: dict[str, Counter[int]] = {}
    for at, seconds, task in minutes_of(entries):
        number = (at.astimezone(zone).date() - monday).days
        if 0 <= number < 7:
            counted.setdefault((task or "").casefold(), Counter())[number] += seconds
    expected = {task: tuple(days[number] for number in range(7)) for task, days in counted.items()}
    assert {(row.task or "").casefold(): row.seconds for row in found} == expected
    assert [row.total for row in found] == sorted((row.total for row in found), reverse=True)


async def test_who_changes_zone(database: Database) -> None:
    """After a move all of one's days and streaks are those of the new zone, as if one had always lived there."""
    # Half an hour each night, at 23:45 in Berlin: there on one day, and early on the next in Kathmandu.
    berlin, kathmandu = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")
    nights = [datetime(2026, 3, 23 + number, 23, 30, tzinfo=berlin) for number in range(9)]
    entries = [replace(entry(night.astimezone(UTC), 60, 3600, "tea"), user_id=ANN) for night in nights]
    clock = ManualClock(nights[-1].astimezone(UTC) + timedelta(hours=3))
    async with database.write() as connection:
        await add(connection, *entries)
    service = FocusLog(database, clock)
    for zone, streak in ((berlin, 10), (kathmandu, 9)):
        async with database.write() as connection:
            await preferences.keep(connection, ANN, zone=zone.key)
        mine = await service.mine(ANN)
        assert mine.days == days_of(entries, zone)
        assert mine.today == clock.now().astimezone(zone).date()
        assert mine.statistics.streak == streak
        hours = await service.hours(ANN, mine.preference)
        assert sum(hours) == 9 * 3600
        assert [hour for hour, seconds in enumerate(hours) if seconds] == ([0, 23] if zone is berlin else [3, 4, 5])


PEOPLE = range(1, 7)
COMMUNITIES = st.lists(
    st.tuples(even_entries(), st.sampled_from(PEOPLE), st.sampled_from((3, 4, None)), st.integers(0, 999)),
    max_size=12,
)


@SHARED
@given(
    drawn=COMMUNITIES,
    sharing=st.sets(st.sampled_from(PEOPLE)),
    gone=st.sets(st.sampled_from(PEOPLE)),
    first=st.dates(date(2026, 3, 1), date(2026, 11, 5)),
    length=st.integers(0, 40),
)
async def test_leaderboards(
    connection: AsyncConnection,
    drawn: list[tuple[Entry, int, int | None, int]],
    sharing: set[int],
    gone: set[int],
    first: date,
    length: int,
) -> None:
    """A server's sums are of those who share, by what ended there then; of who is gone the bare sum stays."""
    await empty(connection)
    entries = [
        replace(one, user_id=who, guild_id=where, focused=one.focused + ms * MS) for one, who, where, ms in drawn
    ]
    await add(connection, *entries)
    counted = [one for one in entries if one.focused >= S]
    for who in PEOPLE:
        await preferences.keep(connection, who, shares=who in sharing)
    period = Period("", first, first + timedelta(days=length))
    begins, ends = period.bounds(ZoneInfo("UTC"))
    totals: Counter[int] = Counter()
    ever: Counter[int] = Counter()
    for one in counted:
        if one.guild_id == 3 and one.user_id in sharing:
            ever[one.user_id] += one.focused // MS
            if first <= one.ended_at.date() <= period.last:
                totals[one.user_id] += one.focused // MS
    in_seconds = {who: ms // 1000 for who, ms in totals.items()}
    found = await sums.shared(connection, 3, begins, ends)
    assert found == in_seconds
    assert await sums.shared(connection, 3, None, EVER[1]) == {who: ms // 1000 for who, ms in ever.items()}
    board = leaderboard(found, 3, 1)
    ranks = {
        who: 1 + sum(other > mine for other in in_seconds.values()) for who, mine in in_seconds.items() if mine
    }
    assert {one.user_id: one.rank for one in board.shown}.items() <= ranks.items()
    assert (board.own.rank if board.own else None) == ranks.get(1)
    of_gone: Counter[int | None] = Counter()
    for one in counted:
        if one.user_id in gone & sharing:
            of_gone[one.guild_id] += one.focused // S
    for who in gone:
        await persons.forget(connection, who)
    for guild_id in (3, 4):
        assert await sums.anonymous(connection, guild_id) == of_gone[guild_id]


async def test_shared_slices(connection: AsyncConnection) -> None:
    """A server's week by quarter is of those who share it, whatever they worked on."""
    await add(connection, TEA, replace(TEA, user_id=BEN), replace(TEA, user_id=BEN, task=None))
    await add(connection, replace(TEA, user_id=9), replace(TEA, guild_id=4), replace(TEA, guild_id=None))
    for who in (ANN, BEN):
        await preferences.keep(connection, who, shares=True)
    found = await sums.shared_slices(connection, 3, NOON, NOON + DAY)
    assert found == [QuarterHour(one.at, 3 * one.seconds) for one in quarter_hours(TEA)]
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
    """Ask the database something, and then how it does what it was asked."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    async with database.read() as connection:
        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        try:
            await ask(connection)
        finally:
            event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        found = []
        for statement, parameters in asked:
            lines = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
            found.append("\n".join(str(tuple(line)) for line in lines))
        return found


async def test_indexes(database: Database, database_url: str) -> None:
    """Sums and the latest entries are found by their indexes, and nothing reads through all of the log."""
    async with database.write() as connection:
        for statement in FILL:
            await connection.execute(text(statement.format(numbers=NUMBERS)))
    eye = look_into(database_url)
    if eye.dialect.name == "postgresql":
        eye.execute(text("VACUUM ANALYZE"))  # which it does by itself in time
    eye.close()
    now = datetime.fromtimestamp(1_700_000_000, UTC) + timedelta(hours=20_000)
    year: list[OffsetPeriod] = list(offset_periods(ZoneInfo("Europe/Berlin"), now - 365 * DAY, now))
    by_person, by_time, by_all, newest = (
        "ix_focus_slices_user", "ix_focus_log_guild_time", "ix_focus_log_guild_user", "ix_focus_log_user",
    )  # fmt: skip
    for index, ask in (
        (by_person, lambda one: sums.by_day(one, 7, year)),
        (by_person, lambda one: sums.by_hour(one, 7, year)),
        (by_person, lambda one: focus_log.first_at(one, 7)),
        (by_person, lambda one: sums.by_task(one, 7, [now - 7 * DAY, now], 1)),
        (by_time, lambda one: sums.shared(one, 7, now - 7 * DAY, now)),
        (by_all, lambda one: sums.shared(one, 7, None, now)),
        (by_time, lambda one: sums.shared_slices(one, 7, now - 7 * DAY, now)),
        (newest, lambda one: focus_log.latest(one, 7, 10)),
    ):
        found = await plans(database, ask)
        assert found
        for plan in found:
            assert index in plan, plan
            for table in ("focus_log", "focus_slices"):
                assert f"Seq Scan on {table}" not in plan, plan
                assert f"SCAN {table}" not in plan, plan


async def test_asdict_is_a_row(connection: AsyncConnection) -> None:
    """An entry has all the columns of its row but the number."""
    assert set(asdict(TEA)) == {column.name for column in tables.focus_log.c} - {"id"}
    await connection.execute(insert(tables.focus_log), [asdict(TEA)])
