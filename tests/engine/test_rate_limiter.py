import asyncio

from bot.engine.circuit_breaker import Breaker
from bot.engine.rate_limiter import SECONDS, RateLimiter, Urgency, urgency
from tests.clock import ManualClock


async def settle() -> None:
    """Let every task run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_no_second_has_more_than_its_share(clock: ManualClock) -> None:
    """However many requests come at once, no second, wherever it begins, has more than fifty."""
    rate_limiter = RateLimiter(clock, Breaker(clock))
    passed: list[float] = []

    async def request() -> None:
        await rate_limiter.acquire()
        passed.append(clock.monotonic())

    tasks = [asyncio.create_task(request()) for _ in range(180)]
    for _ in range(400):
        await settle()
        clock.advance(0.01)
    await asyncio.gather(*tasks)
    assert all(sum(start <= at <= start + 1 for at in passed) <= 50 for start in passed)
    assert passed[-1] <= 3 * SECONDS + 0.05 < 3.5


async def test_held(clock: ManualClock) -> None:
    """After a global limit, nothing passes until the moment that Discord named."""
    rate_limiter = RateLimiter(clock, Breaker(clock))
    rate_limiter.hold(0.5)
    waiting = asyncio.create_task(rate_limiter.acquire())
    await settle()
    clock.advance(0.4)
    await settle()
    assert not waiting.done()
    clock.advance(0.1)
    await waiting


async def test_announcements_go_first(clock: ManualClock) -> None:
    """Among waiting requests announcements go before replies, these before edits of cards, and digests last."""
    rate_limiter = RateLimiter(clock, Breaker(clock), requests=1, seconds=1)
    await rate_limiter.acquire()
    passed: list[Urgency] = []

    async def request(how: Urgency) -> None:
        urgency.set(how)
        await rate_limiter.acquire()
        passed.append(how)

    tasks = [asyncio.create_task(request(how)) for how in reversed(Urgency)]
    for _ in tasks:
        await settle()
        assert rate_limiter.waiting == len(tasks) - len(passed)
        clock.advance(1)
    await asyncio.gather(*tasks)
    assert passed == [Urgency.ANNOUNCEMENT, Urgency.REPLY, Urgency.CARD, Urgency.DIGEST]


async def test_one_that_gives_up_takes_no_place(clock: ManualClock) -> None:
    """A request cancelled while it waits leaves its place to the next."""
    rate_limiter = RateLimiter(clock, Breaker(clock), requests=1, seconds=1)
    await rate_limiter.acquire()
    given_up, other = (asyncio.create_task(rate_limiter.acquire()) for _ in range(2))
    await settle()
    given_up.cancel()
    clock.advance(1)
    await other
    assert clock.monotonic() == 1


async def test_held_for_the_longest(clock: ManualClock) -> None:
    """During a pause that Discord asked for nothing passes; a shorter one does not cut it short."""
    rate_limiter = RateLimiter(clock, Breaker(clock))
    rate_limiter.hold(10)
    rate_limiter.hold(1)
    waiting = asyncio.create_task(rate_limiter.acquire())
    for seconds in (1, 8.9):
        await settle()
        clock.advance(seconds)
        await settle()
        assert not waiting.done()
    clock.advance(0.1)
    await waiting


async def test_ahead_is_for_one_request(clock: ManualClock) -> None:
    """A caller that took its turn ahead of a request passes at once with that request, and queues for the next."""
    rate_limiter = RateLimiter(clock, Breaker(clock), requests=1, seconds=1)

    async def two() -> None:
        await rate_limiter.reserve()
        await rate_limiter.acquire()
        passed.append(clock.monotonic())
        await rate_limiter.acquire()
        passed.append(clock.monotonic())

    passed: list[float] = []
    asking = asyncio.create_task(two())
    await settle()
    assert passed == [0]
    clock.advance(1)
    await asking
    assert passed == [0, 1]


async def test_a_reserved_turn_is_one(clock: ManualClock) -> None:
    """Of several requests that a task with a reserved turn makes, in tasks of their own too, one passes at once."""
    rate_limiter = RateLimiter(clock, Breaker(clock), requests=1, seconds=1)
    await rate_limiter.reserve()
    tasks = [asyncio.create_task(rate_limiter.acquire()) for _ in range(3)]
    await settle()
    assert sum(task.done() for task in tasks) == 1
    for _ in tasks:
        clock.advance(1)
        await settle()
    await asyncio.gather(*tasks)
