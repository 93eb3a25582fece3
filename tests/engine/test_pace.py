import asyncio

from bot.engine.breaker import Breaker
from bot.engine.pace import REQUESTS, SECONDS, Pace, Urgency, urgency
from tests.clock import ManualClock


async def settle() -> None:
    """Let every task run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_no_second_has_more_than_its_share(clock: ManualClock) -> None:
    """However many requests come at once, no second of the clock, wherever it begins, sees more than fifty."""
    pace = Pace(clock, Breaker(clock))
    passed: list[float] = []

    async def request() -> None:
        await pace.gate()
        passed.append(clock.monotonic())

    tasks = [asyncio.create_task(request()) for _ in range(180)]
    for _ in range(400):
        await settle()
        clock.advance(0.01)
    await asyncio.gather(*tasks)
    assert all(sum(start <= at <= start + 1 for at in passed) <= REQUESTS for start in passed)
    assert passed[-1] <= 3 * SECONDS + 0.05


async def test_announcements_go_first(clock: ManualClock) -> None:
    """Of those that wait an announcement goes before a reply, and a reply before the edit of a card."""
    pace = Pace(clock, Breaker(clock), requests=1, seconds=1)
    await pace.gate()
    passed: list[Urgency] = []

    async def request(how: Urgency) -> None:
        urgency.set(how)
        await pace.gate()
        passed.append(how)

    tasks = [asyncio.create_task(request(how)) for how in (Urgency.CARD, Urgency.REPLY, Urgency.ANNOUNCEMENT)]
    for _ in tasks:
        await settle()
        clock.advance(1)
    await asyncio.gather(*tasks)
    assert passed == [Urgency.ANNOUNCEMENT, Urgency.REPLY, Urgency.CARD]


async def test_one_that_gives_up_takes_no_place(clock: ManualClock) -> None:
    """A request that is given up while it waits leaves its place to the next."""
    pace = Pace(clock, Breaker(clock), requests=1, seconds=1)
    await pace.gate()
    given_up, other = (asyncio.create_task(pace.gate()) for _ in range(2))
    await settle()
    given_up.cancel()
    clock.advance(1)
    await other
    assert clock.monotonic() == 1
