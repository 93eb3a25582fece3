"""The wire: what every request to Discord passes on its way out, and what is learned from every answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import structlog

from bot.chat.route import route_of
from bot.engine.breaker import Breaker
from bot.engine.clock import Clock
from bot.engine.observer import NOBODY, Observer, answered_at
from bot.engine.pace import Pace

_log = structlog.get_logger(__name__)

# How far this machine's clock may be from Discord's, and how often it is said that it is farther.
_SKEW = timedelta(seconds=2)
_SAID_EVERY = 3600.0
# Seconds that a request may be on its way; discord.py itself would wait for minutes.
_LONGEST = 15.0
_limit: ContextVar[asyncio.Timeout | None] = ContextVar("limit", default=None)


@contextlib.asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """Raise ``TimeoutError`` where a request made within is on its way for more than 15 s.

    How long it waits for its turn, here or for a limit of Discord's, does not count.
    """
    async with asyncio.timeout(None) as limit:
        outer = _limit.set(limit)
        try:
            yield
        finally:
            _limit.reset(outer)


def trace(
    clock: Clock, pace: Pace, breaker: Breaker, must_hold: Callable[[], None], observer: Observer = NOBODY
) -> aiohttp.TraceConfig:
    """Lead every request through the gate, discord.py's own repeats among them, and read every answer.

    Answers to interactions go by: Discord does not count them, and they have three seconds. ``must_hold`` raises
    ``LeaseLost`` where another process may be speaking instead of this one, and so ends every request.
    """
    config = aiohttp.TraceConfig()
    skew = Skew(clock)

    async def before(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        del session, context
        if not request.url.path.partition("/v10/")[2].startswith(("interactions/", "webhooks/")):
            await pace.gate()
        must_hold()
        if limit := _limit.get():
            limit.reschedule(asyncio.get_running_loop().time() + _LONGEST)

    async def after(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        del session, context
        if limit := _limit.get():
            limit.reschedule(None)
        answered_at.set(clock.now())
        headers, status = request.response.headers, request.response.status
        scope = headers.get("X-RateLimit-Scope", "user") if status == 429 else None
        observer.answered(route_of(request.url.path), status, scope)
        breaker.note(status)
        skew.note(headers.get("Date"))

    async def unanswered(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
    ) -> None:
        del session, context
        observer.answered(route_of(request.url.path), 0, None)

    async def at_the_door(session: aiohttp.ClientSession, context: SimpleNamespace, connected: object) -> None:
        """Look once more: to open a connection takes a while, and nothing is waited for from here on."""
        del session, context, connected
        must_hold()

    config.on_request_start.append(before)
    config.on_connection_create_end.append(at_the_door)
    config.on_connection_reuseconn.append(at_the_door)
    config.on_request_end.append(after)
    config.on_request_exception.append(unanswered)
    return config


class Skew:
    """Compares this machine's clock with the time that Discord gives with each answer, to the second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._said_at = float("-inf")

    def note(self, date: str | None) -> None:
        """Warn, at most once an hour, where the clocks are more than two seconds apart."""
        ahead = seconds_ahead(self._clock.now(), date)
        if ahead and self._clock.monotonic() - self._said_at >= _SAID_EVERY:
            self._said_at = self._clock.monotonic()
            _log.warning("clock_skew", seconds_ahead=ahead)


def seconds_ahead(now: datetime, date: str | None) -> float | None:
    """Tell how far a clock is ahead of an answer's date: 0 if less than can be told, None where that gives none."""
    try:
        ahead = now - parsedate_to_datetime(date or "")
    except ValueError:
        return None
    # A date without fractions may stand for anything up to a second later.
    return 0.0 if -_SKEW <= ahead <= _SKEW + timedelta(seconds=1) else round(ahead.total_seconds(), 1)
