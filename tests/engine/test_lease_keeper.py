import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from bot.domain.lease import Lease, LeaseLost
from bot.engine.lease_keeper import LeaseKeeper
from tests.clock import ManualClock
from tests.reading import eventually

SECONDS = 15.0
LEASE = Lease(0, 1, SECONDS)


class Renewal:
    """Decides whether the lease is still held."""

    def __init__(self) -> None:
        self.renewed = 0
        self.answer: Callable[[], bool] = lambda: True
        self.given_back: list[Lease] = []

    def renew(self, _: Lease) -> bool:
        self.renewed += 1
        return self.answer()

    def give_back(self, lease: Lease) -> None:
        self.given_back.append(lease)


@pytest.fixture
def renewal() -> Renewal:
    return Renewal()


@pytest.fixture
async def lease_keeper(renewal: Renewal, clock: ManualClock) -> AsyncIterator[LeaseKeeper]:
    held = LeaseKeeper(LEASE, clock.monotonic(), renewal, clock)
    yield held
    await held.give_back()


async def pass_time(clock: ManualClock, renewal: Renewal, times: int) -> None:
    """Let a renewal's time pass, so often, each time once the thread waits for it."""
    for number in range(1, times + 1):
        await eventually(lambda number=number: clock.waits_begun == number)  # type: ignore[misc]
        clock.advance(SECONDS / 5)
    await eventually(lambda: renewal.renewed == times)


async def test_kept_up(lease_keeper: LeaseKeeper, renewal: Renewal, clock: ManualClock) -> None:
    """A renewed lease is held, however long; given back, it no longer is."""
    await pass_time(clock, renewal, 20)
    assert lease_keeper.holds()
    await lease_keeper.give_back()
    assert renewal.given_back == [LEASE]
    with pytest.raises(LeaseLost):
        lease_keeper.must_hold()


async def test_held_to_the_end(lease_keeper: LeaseKeeper, renewal: Renewal, clock: ManualClock) -> None:
    """Without renewal, a lease is held until its last half second, and no longer."""
    await eventually(lambda: clock.waits_begun == 1)
    held_for = lease_keeper.left()
    clock._seconds += held_for - 0.5
    assert lease_keeper.holds()
    clock._seconds += 0.5
    assert not lease_keeper.holds()


async def test_taken_by_another(lease_keeper: LeaseKeeper, renewal: Renewal, clock: ManualClock) -> None:
    """Once another process has taken it, it is lost at once."""
    lost = asyncio.create_task(lease_keeper.lost())
    renewal.answer = lambda: False
    await pass_time(clock, renewal, 1)
    async with asyncio.timeout(60):
        await lost
    assert not lease_keeper.holds()


async def test_given_up_before_it_ends(lease_keeper: LeaseKeeper, renewal: Renewal, clock: ManualClock) -> None:
    """A lease that cannot be renewed is given up while there is time left to shut down."""

    def fail() -> bool:
        raise OSError

    renewal.answer = fail
    lost = asyncio.create_task(lease_keeper.lost())
    await pass_time(clock, renewal, 3)
    assert lease_keeper.holds()
    assert not lost.done()
    clock.advance(1)
    async with asyncio.timeout(60):
        await lost
    assert clock.monotonic() < SECONDS
    assert not lease_keeper.holds()


async def test_a_long_sleep(lease_keeper: LeaseKeeper, renewal: Renewal, clock: ManualClock) -> None:
    """A process that slept past the end of its lease holds none on waking, before any thread has run."""
    clock.advance(SECONDS)
    assert not lease_keeper.holds()


async def test_given_back_after_a_renewal(lease_keeper: LeaseKeeper, renewal: Renewal, clock: ManualClock) -> None:
    """A lease is given back only after a renewal in progress, which would take it again."""
    arrived, goes_on = threading.Event(), threading.Event()

    def hang() -> bool:
        arrived.set()
        return goes_on.wait(60)

    renewal.answer = hang
    await eventually(lambda: clock.waits_begun == 1)
    clock.advance(SECONDS / 5)
    await eventually(arrived.is_set)
    giving_back = asyncio.create_task(lease_keeper.give_back())
    done, _ = await asyncio.wait({giving_back}, timeout=0.05)
    assert not done
    goes_on.set()
    await giving_back
    assert renewal.given_back == [LEASE]
