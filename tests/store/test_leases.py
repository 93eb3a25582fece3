import asyncio
import contextlib
import itertools
import math
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.lease import Lease, LeaseLost
from bot.domain.shard import ShardRange, split
from bot.domain.timers.timer import Timer
from bot.operating.health import Health
from bot.service.leases import Leases
from bot.store import database as store_database, due_timers, identifies, leases, process_id, timers
from bot.store.database import Database, DatabaseUnavailable
from bot.threads import Thread, Threads
from tests import statements
from tests.clock import HurriedClock, ManualClock
from tests.reading import eventually
from tests.store.test_timers import TEA

HOUR = 3600.0
_REQUESTS = itertools.count()
HERE, THERE = process_id.process_id_here(), "another machine|space|1|1"


def take(database: Database, holder: str = HERE, seconds: float = HOUR, of: int = 1, each: int = 1) -> Lease | None:
    with database.blocking() as connection:
        return leases.take(connection, split(of, each), holder, seconds)


@contextlib.asynccontextmanager
async def carrying(url: str, lease: Lease | None) -> AsyncIterator[Database]:
    """Open the database as a process with this lease."""
    assert lease
    database = Database(url, lease)
    yield database
    await database.close()


async def start(connection: AsyncConnection, guild_id: int | None = 3) -> Timer:
    return await timers.add(connection, replace(TEA, guild_id=guild_id), f"message:{next(_REQUESTS)}")


async def test_one_holds_a_block(database: Database) -> None:
    """A block is held by one process at a time; it is free once its lease has ended or is given back."""
    first = take(database)
    assert first == Lease(0, 1, HOUR)
    assert take(database, holder=THERE) is None
    with database.blocking() as connection:
        leases.give_back(connection, first)
    assert take(database, holder=THERE, seconds=0) == Lease(0, 3, 0)
    assert take(database) == Lease(0, 4, HOUR)


async def test_given_back_for_good(database: Database) -> None:
    """A renewal in progress when a lease was given back does not revive it."""
    lease = take(database)
    assert lease
    with database.blocking() as connection:
        leases.give_back(connection, lease)
    with database.blocking() as connection:
        assert not leases.renew(connection, lease)
    assert take(database, holder=THERE)


async def test_many_want_one(database: Database) -> None:
    """Of many that want a block at the same moment, each gets a different one, or none."""
    taken = await asyncio.gather(
        *(asyncio.to_thread(take, database, f"machine{n}||1|1", of=6, each=2) for n in range(8))
    )
    assert sorted(lease.block for lease in taken if lease) == [0, 1, 2]


async def test_renewed_while_held(database: Database) -> None:
    """A lease continues for as long as nobody else has taken it, and not a moment longer."""
    lease = take(database, seconds=0)
    assert lease
    with database.blocking() as connection:
        assert leases.renew(connection, replace(lease, seconds=HOUR))
    assert take(database, holder=THERE) is None
    with database.blocking() as connection:
        assert leases.renew(connection, lease)
    assert take(database, holder=THERE)
    with database.blocking() as connection:
        assert not leases.renew(connection, lease)


async def test_when_to_look_again(database: Database) -> None:
    """A standby knows when the earliest lease ends."""
    with database.blocking() as connection:
        assert leases.soonest_end(connection) == math.inf
    for seconds in (HOUR, HOUR / 2, 0):
        take(database, seconds=seconds, of=3)
    with database.blocking() as connection:
        assert HOUR / 2 - 60 < leases.soonest_end(connection) <= HOUR / 2


async def test_taken_by_a_clock_that_was_ahead(database: Database) -> None:
    """No lease is believed to end later than its own length from now, whatever its row says."""

    def put_off() -> None:
        with database.blocking() as connection:
            connection.execute(text(f"UPDATE leases SET ends_at = ends_at + {round(100 * HOUR * 1000)}"))

    first = take(database)
    assert first
    put_off()
    assert take(database, holder=THERE, seconds=1) is None  # whose is an hour long may have just been renewed
    with database.blocking() as connection:
        assert HOUR - 60 < leases.soonest_end(connection) <= HOUR
        assert leases.renew(connection, replace(first, seconds=0))
    assert take(database, holder=THERE, seconds=0) == Lease(0, 2, 0)
    put_off()
    second = take(database)
    assert second == Lease(0, 3, HOUR)
    with database.blocking() as connection:
        assert not leases.renew(connection, first)
    put_off()
    with database.blocking() as connection:
        connection.execute(text("UPDATE leases SET length = NULL"))  # as an older version leaves it
    assert take(database, holder=THERE, seconds=60) is None
    with database.blocking() as connection:
        assert 0 < leases.soonest_end(connection) <= 60


async def test_stopped_while_taking(database: Database, clock: ManualClock) -> None:
    """A process that is stopped while it takes a block keeps nobody from it."""
    standing_by = Leases(database, clock, HOUR, "")
    with database.blocking() as connection:
        assert leases.take(connection, split(1, 1), THERE, HOUR)
        taking = asyncio.create_task(standing_by.take(split(1, 1)))
        await asyncio.sleep(0)  # now it waits for the lock
        connection.rollback()
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
    assert take(database, holder=THERE)


async def test_stopped_while_refused(database: Database, clock: ManualClock) -> None:
    """A process that is stopped while its request fails ends, and stops asking."""
    standing_by = Leases(database, clock, HOUR, "")
    with database.blocking() as connection:
        assert leases.take(connection, split(2, 1), THERE, HOUR)
        asking = asyncio.create_task(standing_by.take(split(1, 1)))
        await asyncio.sleep(0)  # now it waits for the lock
        asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_database_that_takes_no_writes(
    sqlite_database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that can take no lease is not well, though the database answers: who stands by is."""
    monkeypatch.setattr(store_database, "_BUSY_IN_THREAD", 0.1)
    health = Health(clock, asyncio.Event())
    health.database = Database(sqlite_database.engine.url.render_as_string())
    waiting = Leases(health.database, HurriedClock(), HOUR, "")
    health.wait_for(waiting)
    async with sqlite_database.write() as connection:
        await start(connection)  # locks it
        taking = asyncio.create_task(waiting.take(split(1, 1)))
        await eventually(lambda: waiting.is_blocked)
        report = await health.report()
    assert (report["database"], report["look"]) == (True, ["no lease can be taken: see standing_by in the log"])
    _, lease_keeper = await taking
    assert (await health.report())["look"] == []
    await lease_keeper.give_back()
    await health.database.close()


class FullMachine(Threads):
    """Refuses the first thread."""

    is_full = True

    def start(self, work: Callable[[], object], name: str) -> Thread:
        if self.is_full:
            self.is_full = False
            raise RuntimeError("can't start new thread")
        return super().start(work, name)


async def test_no_thread_for_a_lease(database: Database) -> None:
    """Where the machine has no thread left to renew a lease with, it is given back, and taken once there is one."""
    waiting = Leases(database, HurriedClock(), HOUR, "", FullMachine())
    async with asyncio.timeout(60):
        _, lease_keeper = await waiting.take(split(1, 1))
    assert lease_keeper.lease.fence > 1
    await lease_keeper.give_back()


async def test_writes_carry_the_fence(database: Database, database_url: str) -> None:
    """A process that has lost its lease can write nothing more, and rolls back a write in progress."""
    first = take(database, seconds=0)
    async with carrying(database_url, first) as bearer:
        async with bearer.write() as connection:
            timer = await start(connection)
        second = take(database, holder=THERE)
        with pytest.raises(LeaseLost):
            async with bearer.write() as connection:
                await start(connection)
    async with carrying(database_url, second) as bearer, bearer.write() as connection:
        assert [live.id for live in await timers.live(connection, timer.owner_id, timer.channel_id)] == [timer.id]


async def test_not_taken_in_the_middle_of_a_write(database: Database, database_url: str) -> None:
    """A write in progress when a lease ends completes before another can take it."""
    first = take(database, seconds=0)
    async with carrying(database_url, first) as bearer, bearer.write() as connection:
        timer = await start(connection)
        with contextlib.suppress(DatabaseUnavailable):  # SQLite is locked as a whole
            assert await asyncio.to_thread(take, database, THERE) is None
    assert take(database, holder=THERE)
    async with database.read() as connection:
        assert await timers.by_id(connection, timer.id)


async def test_renewed_in_the_middle_of_a_write(postgres_database: Database) -> None:
    """A long write does not hold up the renewal of its own lease."""
    url, database = postgres_database.engine.url.render_as_string(hide_password=False), postgres_database
    lease = take(database)
    assert lease
    async with carrying(url, lease) as bearer, bearer.write() as connection:
        await start(connection)

        def renew() -> bool:
            with database.blocking() as other:
                return leases.renew(other, lease)

        assert await asyncio.to_thread(renew)


async def test_stopped_in_the_middle_of_a_write(postgres_database: Database) -> None:
    """A process stopped in the middle of a write is rolled back in time for another to take its lease."""
    url, database = postgres_database.engine.url.render_as_string(hide_password=False), postgres_database
    lease = take(database, seconds=3)
    async with carrying(url, lease) as bearer:
        with pytest.raises(DatabaseUnavailable):
            async with bearer.write() as connection:
                timer = await start(connection)
                await eventually(lambda: take(database, holder=THERE))
        with pytest.raises(LeaseLost):
            async with bearer.write():
                pass
    async with database.read() as connection:
        assert await timers.by_id(connection, timer.id) is None


async def test_a_process_that_is_gone(database: Database) -> None:
    """The lease of an ended process of this machine is free at once; a running one keeps it."""
    *machine, _, _ = HERE.split("|")
    gone = "|".join((*machine, str(os.getpid()), "1"))  # the same number, of a process that was started earlier
    assert take(database, holder=gone)
    assert take(database, holder=HERE)
    assert take(database, holder="|".join((*machine, "1", "1"))) is None


async def test_a_process_of_another_user(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live process that may not be inspected keeps its lease."""
    monkeypatch.setattr(process_id, "_started", lambda _: "")
    *machine, number, _ = HERE.split("|")
    assert not process_id.is_gone("|".join((*machine, number, "1")), HERE)


async def test_split_differently(database: Database) -> None:
    """While processes split the shards one way, none starts with another: a server would belong to two."""
    assert take(database, of=4, each=2)
    for of, each in ((8, 2), (4, 1), (4, 4)):
        with pytest.raises(leases.SplitDifferently):
            take(database, THERE, of=of, each=each)
    assert take(database, THERE, of=4, each=2)


async def test_each_sees_its_own_shards(database: Database) -> None:
    """A server's timers belong to one block, and those of direct messages to the first."""
    guilds = [None, *(number << 22 for number in range(1, 9))]
    async with database.write() as connection:
        for guild_id in guilds:
            await start(connection, guild_id)
        actual = [
            {due.guild_id for due in await due_timers.soonest(connection, 20, ShardRange(4, first, first + 2))}
            for first in (0, 2)
        ]
    assert actual == [{None, *(n << 22 for n in (1, 4, 5, 8))}, {n << 22 for n in (2, 3, 6, 7)}]


async def test_identify_in_turn(database: Database) -> None:
    """Shards that Discord counts together identify more than five seconds apart, whoever asks."""
    async with database.write() as connection:
        asked_at = time.monotonic()
        first, second, other = [await identifies.turn(connection, bucket, 10) for bucket in (0, 0, 1)]
        passed = time.monotonic() - asked_at
    assert (first, other) == (0, 0)
    assert second + passed > 5
    assert second <= 5.5


async def test_no_turn_is_kept_for_long(database: Database) -> None:
    """A distant turn is not taken: its taker may have ended by then, and the others would wait in vain."""
    async with database.write() as connection:
        taken, seen, third, fourth = [
            await identifies.turn(connection, 0, most, apart=100) for most in (0, None, 5, 5)
        ]
    assert taken == 0
    assert 5 < fourth <= third <= seen <= 100


async def test_standing_by(database: Database) -> None:
    """A process that finds all blocks held looks again at least once a second, until one is given back."""
    lease = take(database, THERE)
    assert lease
    clock = HurriedClock()
    standing_by = asyncio.create_task(Leases(database, clock, HOUR, "").take(split(1, 1)))
    await eventually(lambda: len(clock.slept) > 2)
    assert {0 < seconds <= 1 for seconds in clock.slept} == {True}
    with database.blocking() as connection:
        leases.give_back(connection, lease)
    async with asyncio.timeout(60):
        shards, lease_keeper = await standing_by
    assert (shards, lease_keeper.holds()) == (ShardRange(), True)
    await lease_keeper.give_back()
    assert take(database, THERE)


async def test_standing_by_writes_nothing(database: Database) -> None:
    """While living processes hold all blocks, a standby reads once each time: it waits for no writer's lock."""
    assert take(database, "machine 1||1|1", of=2)
    assert take(database, "machine 2||1|1", of=2)
    clock = HurriedClock()
    with database.blocking(), statements.noted() as noted:
        standing_by = asyncio.create_task(Leases(database, clock, HOUR, "").take(split(2, 1)))
        await eventually(lambda: len(clock.slept) > 2)
        standing_by.cancel()
        await asyncio.wait([standing_by], timeout=60)
    assert [statement for statement in noted if not statement.startswith("SELECT leases.")] == []


async def test_standing_by_while_others_split_differently(database: Database) -> None:
    """A process with another split of the shards waits until no process with the old one is left."""
    lease = take(database, THERE, of=2, each=2)
    assert lease
    clock = HurriedClock()
    standing_by = asyncio.create_task(Leases(database, clock, HOUR, "").take(split(2, 1)))
    await eventually(lambda: len(clock.slept) > 2)
    assert not standing_by.done()
    with database.blocking() as connection:
        leases.give_back(connection, lease)
    async with asyncio.timeout(60):
        shards, lease_keeper = await standing_by
    assert shards == ShardRange(2, 0, 1)
    await lease_keeper.give_back()
