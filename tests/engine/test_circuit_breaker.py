import asyncio

import pytest
from structlog.testing import capture_logs

from bot.engine.circuit_breaker import Breaker, BreakerOpen
from bot.engine.rate_limiter import REQUESTS, SECONDS, RateLimiter, Urgency, urgency
from tests.clock import ManualClock


def test_counts_only_what_counts(clock: ManualClock) -> None:
    """Too many answers of 401, 403 and 429 open the breaker, and time closes it; others never do."""
    breaker = Breaker(clock, most=3, seconds=600)
    for status in (200, 404, 500, 403, 401):
        breaker.note(status)
    assert breaker.open_for() == 0
    clock.advance(100)
    breaker.note(429)
    assert breaker.open_for() == 500
    clock.advance(500)
    assert breaker.open_for() == 0


def test_well_below_what_discord_bans_for(clock: ManualClock) -> None:
    """The ban is at 10,000 invalid requests in ten minutes: 2,000 are made, and 5,000 for due messages."""
    breaker = Breaker(clock)
    for made, closes_for, closes_for_what_is_due in ((1999, 0, 0), (1, 600, 0), (2999, 600, 0), (1, 600, 600)):
        for _ in range(made):
            breaker.note(403)
        assert (breaker.open_for(), breaker.open_for(is_due=True)) == (closes_for, closes_for_what_is_due)


def test_opening_is_logged_once(clock: ManualClock) -> None:
    """Opening the breaker is logged once."""
    breaker = Breaker(clock, most=2, seconds=600)
    with capture_logs() as log:
        for _ in range(4):
            breaker.note(403)
    assert [(line["event"], line["invalid_requests"]) for line in log] == [("breaker_open", 2)]


def test_a_token_that_is_rejected(clock: ManualClock) -> None:
    """A rejected token stops everything for an hour, and then for longer, until Discord accepts it again."""
    breaker = Breaker(clock)
    assert not breaker.is_token_rejected
    breaker.reject_token()
    breaker.reject_token()  # by a request that was on its way
    assert (breaker.is_token_rejected, breaker.open_for(is_due=True)) == (True, 3600)
    for hours in (2, 4, 8, 12, 12):
        clock.advance(breaker.open_for())
        breaker.reject_token()
        assert breaker.open_for() == hours * 3600
    breaker.accept_token()
    assert (breaker.is_token_rejected, breaker.open_for()) == (False, 0)


class Door:
    """A rate limiter, and requests that want to pass it."""

    def __init__(self, clock: ManualClock, breaker: Breaker) -> None:
        self._rate_limiter = RateLimiter(clock, breaker)
        self.passed: list[Urgency] = []

    async def ask(self, how: Urgency, *, is_patient: bool = False) -> asyncio.Task[None]:
        """Let a request pass, or wait for its turn."""

        async def enter() -> None:
            urgency.set(how)
            await (self._rate_limiter.reserve() if is_patient else self._rate_limiter.acquire())
            self.passed.append(how)

        asking = asyncio.create_task(enter())
        for _ in range(20):
            await asyncio.sleep(0)
        return asking


async def test_open_it_lets_announcements_through(clock: ManualClock) -> None:
    """While the breaker is open, announcements pass, answers are refused, and everything else waits."""
    breaker = Breaker(clock, most=1, most_with_due=9, seconds=600)
    door = Door(clock, breaker)
    breaker.note(403)
    with pytest.raises(BreakerOpen):
        await (await door.ask(Urgency.REPLY))
    waiting = [await door.ask(how, is_patient=True) for how in (Urgency.CARD, Urgency.DIGEST)]
    await (await door.ask(Urgency.ANNOUNCEMENT))
    assert door.passed == [Urgency.ANNOUNCEMENT]
    clock.advance(600)
    await asyncio.gather(*waiting)
    await (await door.ask(Urgency.REPLY))


async def test_open_for_good_it_lets_nothing_through(clock: ManualClock) -> None:
    """Close to the ban limit, or while the token is rejected, announcements wait too."""
    breaker = Breaker(clock, most=1, most_with_due=2, seconds=600)
    door = Door(clock, breaker)
    for _ in range(2):
        breaker.note(403)
    waiting = await door.ask(Urgency.ANNOUNCEMENT, is_patient=True)
    assert door.passed == []
    clock.advance(600)
    await waiting
    breaker.reject_token()
    waiting = await door.ask(Urgency.ANNOUNCEMENT, is_patient=True)
    assert len(door.passed) == 1
    clock.advance(3600)
    await waiting


async def test_opened_meanwhile(clock: ManualClock) -> None:
    """Answers waiting for their turn when the breaker opens are refused when it comes."""
    breaker = Breaker(clock, most=1, most_with_due=9, seconds=600)
    door = Door(clock, breaker)
    for _ in range(REQUESTS):
        await door.ask(Urgency.ANNOUNCEMENT)
    answer, due = await door.ask(Urgency.REPLY), await door.ask(Urgency.ANNOUNCEMENT)
    breaker.note(403)
    clock.advance(SECONDS)
    await due
    with pytest.raises(BreakerOpen):
        await answer
