import asyncio
import itertools
import os
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.lease import Lease, LeaseLost
from bot.domain.shard import Share
from bot.domain.timer import Timer
from bot.store import identifies, leases, timers
from bot.store.database import Database
from tests.store.test_timers import TEA

HOUR = 3600.0
_REQUESTS = itertools.count()
HERE, THERE = leases.holder_here(), "another machine|space|1|1"


def take(
    database: Database, block: int = 0, of: int = 1, holder: str = HERE, seconds: float = HOUR
) -> Lease | None:
    with database.blocking() as connection:
        return leases.take(connection, block, of, holder, seconds)


async def start(connection: AsyncConnection, guild_id: int | None = 3) -> Timer:
    return await timers.add(connection, replace(TEA, guild_id=guild_id), f"message:{next(_REQUESTS)}")


async def test_one_holds_a_block(database: Database) -> None:
    """A block is held by one process at a time; it is free once its lease has ended or is given back."""
    first = take(database)
    assert first == Lease(0, 1)
    assert take(database, holder=THERE) is None
    with database.blocking() as connection:
        leases.give_back(connection, first)
    assert take(database, holder=THERE, seconds=0) == Lease(0, 2)
    assert take(database) == Lease(0, 3)


async def test_many_want_one(database: Database) -> None:
    """Of many that want a block at the same moment, one gets it."""
    taken = await asyncio.gather(*(asyncio.to_thread(take, database, 3, 4, f"machine{n}||1|1") for n in range(8)))
    assert [lease for lease in taken if lease] == [Lease(3, 1)]


async def test_renewed_while_held(database: Database) -> None:
    """A lease goes on for as long as nobody else has taken it, and not a moment longer."""
    lease = take(database, seconds=0)
    assert lease
    with database.blocking() as connection:
        assert leases.renew(connection, lease, HOUR)
    assert take(database, holder=THERE) is None
    with database.blocking() as connection:
        assert leases.renew(connection, lease, 0)
    assert take(database, holder=THERE)
    with database.blocking() as connection:
        assert not leases.renew(connection, lease, HOUR)


async def test_writes_carry_the_fence(database: Database) -> None:
    """A process that has lost its lease can write nothing more, and undoes what it was about to."""
    lease = take(database, seconds=0)
    database.carry(lease)
    async with database.write() as connection:
        timer = await start(connection)
    taken = take(database, holder=THERE)
    with pytest.raises(LeaseLost):
        async with database.write() as connection:
            await start(connection)
    database.carry(taken)
    async with database.write() as connection:
        assert [one.id for one in await timers.live(connection, timer.owner_id, timer.channel_id)] == [timer.id]


async def test_a_process_that_is_gone(database: Database) -> None:
    """What was held by a process of this machine that has ended is free at once; one that is there keeps it."""
    *machine, _, _ = HERE.split("|")
    gone = "|".join((*machine, str(os.getpid()), "1"))  # the same number, of a process that was started earlier
    assert take(database, holder=gone)
    assert take(database, holder=HERE)
    assert take(database, holder="|".join((*machine, "1", "1"))) is None


async def test_another_number_of_shards(database: Database) -> None:
    """While processes run by one number of shards, none begins by another: a server would belong to two."""
    assert take(database, 0, of=4)
    assert take(database, 1, of=8, holder=THERE) is None
    assert take(database, 1, of=4, holder=THERE)


async def test_each_sees_its_own_shards(database: Database) -> None:
    """The timers of a server are those of one block, and of direct messages those of the first."""
    guilds = [None, *(number << 22 for number in range(1, 9))]
    async with database.write() as connection:
        for guild_id in guilds:
            await start(connection, guild_id)
        found = [
            {due.guild_id for due in await timers.soonest(connection, 20, Share(4, first, first + 2))}
            for first in (0, 2)
        ]
    assert found == [{None, *(n << 22 for n in (1, 4, 5, 8))}, {n << 22 for n in (2, 3, 6, 7)}]


async def test_identify_in_turn(database: Database) -> None:
    """Shards that Discord counts together identify more than five seconds apart, whoever asks."""
    async with database.write() as connection:
        first, second, other = [await identifies.turn(connection, bucket) for bucket in (0, 0, 1)]
    assert (first, other) == (0, 0)
    assert 5_000 < second <= 5_250
