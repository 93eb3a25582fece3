import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.outbox_message import Kind
from bot.domain.reminders.reminder import LONGEST, Reminder
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.timers.timer import Actor, Purpose, State, Timer
from bot.store import fallbacks, outbox, preferences, reminders, tables, timers
from bot.store.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M, MS = timedelta(minutes=1), timedelta(milliseconds=1)
ANN = Actor(7 << 55, 3, 30)
BERLIN = ZoneInfo("Europe/Berlin")
TIMER = Timer(
    id=0, version=1, state=State.RUNNING, owner_id=ANN.user_id, guild_id=3, channel_id=30, name="té 🍵",
    length=20 * M, started_at=NOON, due_at=NOON + 20 * M, purpose=Purpose.REMINDER,
)  # fmt: skip
TEA = Reminder(TIMER, BERLIN, NOON + 20 * M, calls="<@7>")
WEEKLY = Recurrence(Unit.WEEK, 2, weekdays=(0, 3), until=NOON + 900 * M, times=1_000_000_000, clocks=(time(2, 30),))
SERIES = replace(
    TEA, zone=ZoneInfo("America/Argentina/ComodRivadavia"), first_at=NOON - MS, rule=WEEKLY, fired=41, direct=True,
    calls="<@&1152921504606846976>", about_id=9 << 55, origin_id=1 << 40, missed=12, author_id=8 << 55,
)  # fmt: skip


def due(minutes: float, **values: Any) -> Reminder:
    return replace(TEA, timer=replace(TIMER, due_at=NOON + minutes * M, **values))


async def add(database: Database, reminder: Reminder = TEA, request: str = "message:1") -> Reminder:
    async with database.write() as connection:
        return await reminders.add(connection, reminder, request)


async def save(database: Database, old: Reminder, new: Reminder) -> None:
    async with database.write() as connection:
        await reminders.save(connection, old, new)


async def read(database: Database, *ids: int) -> dict[int, Reminder]:
    async with database.read() as connection:
        return await reminders.by_ids(connection, ids)


async def test_round_trip(database: Database) -> None:
    """A reminder comes back as it was written, each field of it, its text in full."""
    every = [
        TEA,
        SERIES,
        replace(SERIES, direct=False, rule=Recurrence(Unit.MONTH, 60, monthdays=(31,), until=NOON, times=9)),
        due(1, name="x" * LONGEST),
        due(1, name="🍅\n" * (LONGEST // 2)),
        due(1, guild_id=None, state=State.PAUSED, remaining=timedelta(), card_id=5),
        due(1, state=State.DONE, ended_at=NOON),
    ]
    for number, reminder in enumerate(every):
        added = await add(database, reminder, f"message:{number}")
        assert added == replace(reminder, timer=replace(reminder.timer, id=added.id))
        assert await read(database, added.id) == {added.id: added}
        async with database.read() as connection:
            assert await reminders.by_request(connection, f"message:{number}") == added
            assert await reminders.by_request(connection, "message:x") is None


async def test_each_transition_is_stored(database: Database) -> None:
    """A reminder comes back as it is after each of its transitions."""
    added = await add(database, replace(SERIES, rule=Recurrence(Unit.DAY)))
    _, come = added.fire(NOON + 20 * M)
    assert come
    paused = come.pause(NOON)
    resumed = paused.resume(NOON)
    later = resumed.until(NOON + 99 * M)
    cancelled = later.cancel(NOON)
    for old, new in pairwise((added, come, paused, resumed, later, cancelled)):
        await save(database, old, new)
        assert await read(database, added.id) == {added.id: new}


async def test_a_change_happens_once(database: Database) -> None:
    """Of two changes made from the same version one is accepted; the other leaves nothing behind."""
    added = await add(database)
    other = replace(added.pause(NOON), zone=ZoneInfo("UTC"), fired=5)
    won = await asyncio.gather(
        save(database, added, added.cancel(NOON)), save(database, added, other), return_exceptions=True
    )
    assert {type(result) for result in won} == {timers.LostRace, type(None)}
    assert (await read(database, added.id))[added.id] in (added.cancel(NOON), other)


async def test_a_request_sets_one(database: Database) -> None:
    """The same request cannot set two, and the failed one leaves nothing behind."""
    first = await add(database)
    with pytest.raises(IntegrityError):
        await add(database, SERIES)
    async with database.read() as connection:
        assert await reminders.pending(connection, ANN.user_id) == [first]
        rows = select(func.count()).select_from(tables.reminders)
        assert (await connection.execute(rows)).scalar_one() == 1


async def test_many_at_once(database: Database) -> None:
    """Many are written and updated in a few statements, each with its own values."""
    new = [(replace(due(number), fired=number), f"message:{number}") for number in range(50)]
    async with database.write() as connection:
        assert await reminders.add_all(connection, []) == []
        added = await reminders.add_all(connection, new)
    assert [replace(reminder, timer=replace(reminder.timer, id=0)) for reminder in added] == [
        reminder for reminder, _ in new
    ]
    assert len({reminder.id for reminder in added}) == 50
    untouched, *others = added
    moved = [replace(reminder, fired=9, missed=3, timer=reminder.timer.finish(NOON)) for reminder in others[::2]]
    moved += [replace(reminder, timer=replace(reminder.timer, version=2, due_at=NOON)) for reminder in others[1::2]]
    async with database.write() as connection:
        await reminders.save_all(connection, [])
        await reminders.save_all(connection, moved)
    assert await read(database, *(reminder.id for reminder in added)) == {
        reminder.id: reminder for reminder in [untouched, *moved]
    }


async def test_pending(database: Database) -> None:
    """A person's pending reminders come soonest first, with paused ones; others do not."""
    wanted = {
        minutes: await add(database, due(minutes, state=state), f"message:{minutes}")
        for minutes, state in ((30, State.RUNNING), (10, State.PAUSED), (20, State.RUNNING))
    }
    for number, other in enumerate((due(5, owner_id=8), due(5, state=State.DONE), due(5, state=State.CANCELLED))):
        await add(database, other, f"other:{number}")
    async with database.write() as connection:
        await timers.add(connection, replace(TIMER, purpose=Purpose.POMODORO), "pomodoro")
        assert await reminders.pending(connection, ANN.user_id) == [wanted[10], wanted[20], wanted[30]]
        assert await reminders.count_pending(connection, ANN.user_id) == 3
        assert await reminders.pending(connection, 9) == []
        assert await reminders.count_pending(connection, 9) == 0


async def test_is_no_pomodoro(database: Database) -> None:
    """A reminder is in no list of timers and counts towards no limit of them; a timer is no reminder."""
    await add(database)
    async with database.write() as connection:
        tea = await timers.add(connection, replace(TIMER, purpose=Purpose.POMODORO), "message:2")
        assert await timers.live(connection, ANN.user_id, 30) == [tea]
        assert await timers.count_live(connection, owner_id=ANN.user_id, guild_id=None) == 1
        assert await timers.count_live(connection, owner_id=None, guild_id=3) == 1
        assert await reminders.by_ids(connection, [tea.id]) == {}


async def test_snoozed(database: Database) -> None:
    """A person's snooze of a reminder is found while it is pending; others' snoozes are not."""
    done = await add(database, due(0, state=State.DONE))
    mine = await add(database, replace(TEA, origin_id=done.id), "message:2")
    await add(database, replace(due(1, owner_id=8), origin_id=done.id), "message:3")
    await add(database, replace(due(2, state=State.CANCELLED), origin_id=done.id), "message:4")
    async with database.write() as connection:
        assert await reminders.snoozed(connection, done.id, ANN.user_id) == mine
        assert await reminders.snoozed(connection, mine.id, ANN.user_id) is None
        assert await reminders.snoozed(connection, done.id, 9) is None
    await save(database, mine, mine.cancel(NOON))
    async with database.write() as connection:
        assert await reminders.snoozed(connection, done.id, ANN.user_id) is None


DAMAGE: Sequence[tuple[Table, dict[str, Any]]] = [
    (tables.reminders, {"zone": "Moon/Base"}),
    (tables.reminders, {"zone": "Europe"}),
    (tables.reminders, {"zone": ""}),
    (tables.reminders, {"zone": "../../etc/passwd"}),
    (tables.reminders, {"rule": "whenever"}),
    (tables.reminders, {"rule": "FREQ=DAILY;INTERVAL=0"}),
    (tables.reminders, {"rule": "FREQ=WEEKLY;INTERVAL=-1;BYDAY=MO"}),
    (tables.timers, {"state": "boredom"}),
    (tables.timers, {"due_at": None}),
]


async def test_damaged_ones(database: Database) -> None:
    """Reminders with damaged rows are skipped, and affect no other."""
    sound = await add(database, SERIES, "message:sound")
    damaged = [await add(database, TEA, f"message:{number}") for number in range(len(DAMAGE))]
    async with database.write() as connection:
        for reminder, (table, values) in zip(damaged, DAMAGE, strict=True):
            key = table.c.id if table is tables.timers else table.c.timer_id
            await connection.execute(update(table).where(key == reminder.id).values(values))
        assert await reminders.by_ids(connection, [sound.id, *(reminder.id for reminder in damaged)]) == {
            sound.id: sound
        }
        assert await reminders.pending(connection, ANN.user_id) == [sound]
        for number in range(len(DAMAGE)):
            assert await reminders.by_request(connection, f"message:{number}") is None


async def test_forgotten(database: Database) -> None:
    """A reminder that is long over is deleted with all its rows; a paused one stays."""
    done = await add(database, due(0, state=State.DONE, ended_at=NOON))
    paused = await add(database, due(0, state=State.PAUSED), "message:2")
    async with database.write() as connection:
        assert await timers.forget(connection, NOON + 1000 * M, 10) == 1
        assert await reminders.by_ids(connection, [done.id, paused.id]) == {paused.id: paused}
        rows = select(tables.reminders.c.timer_id)
        assert (await connection.execute(rows)).scalars().all() == [paused.id]


async def test_a_notice_is_left_once(database: Database) -> None:
    """A notice of a refused direct message is posted once in each channel concerned, also when retried."""
    ids = {"message:1": 30, "message:2": 31, "message:3": 30}
    done = [
        (await add(database, due(0, state=State.DONE, channel_id=channel_id), request)).timer
        for request, channel_id in ids.items()
    ]
    async with database.write() as connection:
        direct = outbox.new_message(Kind.DIRECT, done, person_id=ANN.user_id)
        await outbox.add(connection, [direct])
        await outbox.settle(connection, [direct], reason="refused")
        notices = await fallbacks.post_notice(connection, direct, done)
    async with database.write() as connection:
        assert await fallbacks.post_notice(connection, direct, done) == notices
        assert await fallbacks.post_notice(connection, direct, []) == []
        assert await outbox.pending(connection) == notices
        undelivered = await outbox.undelivered(connection, ANN.user_id, Purpose.REMINDER, 5)
    assert [(notice.kind, notice.place_id, notice.timers) for notice in notices] == [
        (Kind.NOTICE, 30, (done[0], done[2])),
        (Kind.NOTICE, 31, (done[1],)),
    ]
    assert all(len(notice.nonce) <= 25 for notice in notices)
    assert undelivered == [(timer, "refused") for timer in reversed(done)]


async def test_a_refused_notice_is_not_listed(database: Database) -> None:
    """A notice that cannot be posted either is not listed as another missed reminder."""
    done = (await add(database, due(0, state=State.DONE))).timer
    async with database.write() as connection:
        (notice,) = await fallbacks.post_notice(
            connection, outbox.new_message(Kind.DIRECT, [done], person_id=7), [done]
        )
        await outbox.settle(connection, [notice], reason="refused")
        assert await outbox.undelivered(connection, ANN.user_id, Purpose.REMINDER, 5) == []


async def test_preferences(database: Database) -> None:
    """A person's zone, and whether they were asked for it, are stored independently."""
    async with database.write() as connection:
        assert (await preferences.of(connection, 7 << 55)).zone is None
        await preferences.save(connection, 7 << 55, zone_asked=True)
        await preferences.save(connection, 7 << 55, zone="Europe/Berlin")
        await preferences.save(connection, 8, zone="Asia/Kathmandu")
        actual = await preferences.of_all(connection, [7 << 55, 8, 9])
        assert {user_id: preference.zone and preference.zone.key for user_id, preference in actual.items()} == {
            7 << 55: "Europe/Berlin",
            8: "Asia/Kathmandu",
        }
        assert [await preferences.was_asked(connection, user_id) for user_id in (7 << 55, 8, 9)] == [
            True,
            False,
            False,
        ]


async def test_zones_that_are_none(database: Database) -> None:
    """A person whose zone this machine does not know counts as having set none."""
    async with database.write() as connection:
        for user_id, key in enumerate(("Moon/Base", "Europe", "../../etc/passwd", "x" * 64)):
            await preferences.save(connection, user_id, zone=key, zone_asked=True)
            assert (await preferences.of(connection, user_id)).zone is None


async def test_due_in_servers(database: Database) -> None:
    """Reminders that a server gets soon are found, soonest first, only of these shards; no direct ones."""
    later, soon = await add(database, due(20), "message:1"), await add(database, due(10), "message:2")
    await add(database, due(30), "message:3")
    await add(database, replace(due(5), direct=True), "message:4")
    await add(database, due(5, guild_id=None), "message:5")
    await add(database, due(5, state=State.PAUSED), "message:6")
    elsewhere = await add(database, due(15, guild_id=3 + (1 << 22)), "message:7")

    async def due_ids(limit: int, shards: ShardRange = WHOLE) -> list[int]:
        async with database.read() as connection:
            return [
                reminder.id for reminder in await reminders.due_in_servers(connection, NOON + 20 * M, limit, shards)
            ]

    assert await due_ids(9) == [soon.id, elsewhere.id, later.id]
    assert await due_ids(2) == [soon.id, elsewhere.id]
    assert await due_ids(9, ShardRange(2, 0, 1)) == [soon.id, later.id]


async def test_silence(database: Database) -> None:
    """Only series are paused; all that do not run are returned, so that nothing counts them down."""
    rule = Recurrence(Unit.DAY)
    series = await add(database, replace(TEA, rule=rule), "message:1")
    paused = await add(database, replace(due(9, state=State.PAUSED), rule=rule), "message:2")
    single = await add(database, TEA, "message:3")
    for _ in range(2):
        async with database.write() as connection:
            idle = await reminders.silence(connection, [series.id, paused.id, single.id, 99])
        assert sorted(idle) == [series.id, paused.id]
    known = await read(database, series.id, single.id)
    assert [known[number].timer.state for number in (series.id, single.id)] == [State.PAUSED, State.RUNNING]
