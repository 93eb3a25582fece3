"""The HTTP trace: the hooks around every request to Discord and its response."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import structlog

from bot.chat.runtime import single_attempt
from bot.chat.runtime.route import route_of
from bot.engine.circuit_breaker import Breaker
from bot.engine.clock import Clock
from bot.engine.observer import NOBODY, Observer, answered_at
from bot.engine.rate_limiter import RateLimiter

_log = structlog.get_logger(__name__)

# The tolerance between this machine's clock and Discord's, and the seconds between warnings beyond it.
_SKEW = timedelta(seconds=2)
_WARN_EVERY = 3600.0
# Timeout of a request in seconds; discord.py itself would wait for minutes.
_LONGEST = 15.0
# The longest that a rate limit, or a proxy's ban, is believed, in seconds.
LONGEST_HOLD = 3600.0
_limit: ContextVar[asyncio.Timeout | None] = ContextVar("limit", default=None)


@contextlib.asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """Raise ``TimeoutError`` where a request made within takes more than 15 s.

    Waiting for a rate limit, ours or Discord's, does not count.
    """
    async with asyncio.timeout(None) as limit:
        outer = _limit.set(limit)
        try:
            yield
        finally:
            _limit.reset(outer)


def _is_by_token(path: str) -> bool:
    """Return whether a request is made, and counted, by the bot's token; interactions have their own tokens."""
    return not path.partition("/v10/")[2].startswith(("interactions/", "webhooks/"))


def _limit_to(seconds: float | None) -> None:
    if (limit := _limit.get()) and not limit.expired():
        limit.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)


def _seconds(retry_after: str | None) -> float:
    try:
        return min(float(retry_after or 1), LONGEST_HOLD)
    except ValueError:
        return 1.0


def trace(
    clock: Clock,
    rate_limiter: RateLimiter,
    breaker: Breaker,
    must_hold: Callable[[], None],
    observer: Observer = NOBODY,
) -> aiohttp.TraceConfig:
    """Pass every request through the rate limiter, discord.py's own retries included, and read every response.

    Answers to interactions bypass it: Discord does not count them, and they have three seconds. ``must_hold``
    raises ``LeaseLost`` where another process may have taken over, and so ends every request.
    """
    config = aiohttp.TraceConfig()
    skew = Skew(clock)

    async def before(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        del session, context
        _limit_to(None)
        single_attempt.must_be_first()
        if _is_by_token(request.url.path):
            await rate_limiter.acquire()
        must_hold()
        _limit_to(_LONGEST)

    async def after(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        del session, context
        answered_at.set(clock.now())
        headers, status = request.response.headers, request.response.status
        # The body is still to come; but discord.py must not be cancelled while it sleeps after a 429.
        _limit_to(None if status == 429 else _LONGEST)
        single_attempt.note(is_made=status != 429)
        scope = headers.get("X-RateLimit-Scope", "user") if status == 429 else None
        if scope == "global" or (status == 429 and "Via" not in headers):
            rate_limiter.hold(_seconds(headers.get("Retry-After")))
        observer.answered(route_of(request.url.path), status, scope)
        # A proxy answers with an HTML page.
        is_discords = headers.get("Content-Type", "").startswith("application/json")
        breaker.note(status, is_discords=is_discords)
        if _is_by_token(request.url.path):
            if status == 401 and is_discords:
                breaker.reject_token()
            elif 200 <= status < 300:
                breaker.accept_token()
        skew.note(headers.get("Date"))

    async def unanswered(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
    ) -> None:
        del session, context
        _limit_to(None)
        observer.answered(route_of(request.url.path), 0, None)

    async def before_sending(session: aiohttp.ClientSession, context: SimpleNamespace, connected: object) -> None:
        """Check the lease again: opening a connection takes a while, and nothing is awaited from here on."""
        del session, context, connected
        must_hold()
        single_attempt.note(is_made=True)

    config.on_request_start.append(before)
    config.on_connection_create_end.append(before_sending)
    config.on_connection_reuseconn.append(before_sending)
    config.on_request_end.append(after)
    config.on_request_exception.append(unanswered)
    return config


class Skew:
    """Compares this machine's clock with the date of each response from Discord, which is to the second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._warned_at = float("-inf")

    def note(self, date: str | None) -> None:
        """Warn, at most once an hour, where the clocks are more than two seconds apart."""
        ahead = seconds_ahead(self._clock.now(), date)
        if ahead and self._clock.monotonic() - self._warned_at >= _WARN_EVERY:
            self._warned_at = self._clock.monotonic()
            _log.warning("clock_skew", seconds_ahead=ahead)


def seconds_ahead(now: datetime, date: str | None) -> float | None:
    """Return the seconds a clock is ahead of a response's date: 0 within tolerance, None without a valid date."""
    try:
        ahead = now - parsedate_to_datetime(date or "")
    except ValueError:
        return None
    # A date without fractions may stand for anything up to a second later.
    return 0.0 if -_SKEW <= ahead <= _SKEW + timedelta(seconds=1) else round(ahead.total_seconds(), 1)
