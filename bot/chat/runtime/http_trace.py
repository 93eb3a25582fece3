"""The HTTP trace: the hooks around every request to Discord and its response."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import structlog

from bot.chat.runtime.final_answers import OutcomeUnknown
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
# The words in Discord's paths, as far as the bot knows them. Anything else in a path is left out.
_WORDS = frozenset(
    (
        "applications", "bot", "callback", "channels", "commands", "gateway", "guilds", "interactions", "members",
        "messages", "oauth2", "permissions", "pins", "reactions", "roles", "threads", "typing", "users",
        "voice-states", "voice-status", "webhooks",
    )
)  # fmt: skip
# Whose rate limit a 429 may be about.
_SCOPES = {None, "user", "global", "shared"}
_limit: ContextVar[asyncio.Timeout | None] = ContextVar("limit", default=None)


@contextlib.asynccontextmanager
async def request_timeout() -> AsyncIterator[None]:
    """Raise ``TimeoutError`` if a request within takes over 15 s, not counting waits for rate limits."""
    async with asyncio.timeout(None) as limit:
        outer = _limit.set(limit)
        try:
            yield
        finally:
            _limit.reset(outer)


@dataclass(slots=True)
class Attempt:
    """Whether the request was sent."""

    is_made: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextlib.contextmanager
def once() -> Iterator[Attempt]:
    """Raise ``OutcomeUnknown`` if a request within is repeated, unless Discord limited its rate."""
    attempt = Attempt()
    outer = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(outer)


def _note_sent(*, is_made: bool) -> None:
    """Note that the request is being sent, or that Discord did not accept it."""
    if attempt := _attempt.get():
        attempt.is_made = is_made


def _is_by_token(path: str) -> bool:
    """Return whether a request is made, and counted, by the bot's token; interactions have their own tokens."""
    return not path.partition("/v10/")[2].startswith(("interactions/", "webhooks/"))


def _limit_to(seconds: float | None) -> None:
    if (limit := _limit.get()) and not limit.expired():
        limit.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)


def _seconds(header: str | None, otherwise: float) -> float:
    """Return the seconds in a header, at most ``LONGEST_HOLD``; ``otherwise`` where it is invalid."""
    try:
        seconds = float(header or otherwise)
    except ValueError:
        return otherwise
    return min(seconds, LONGEST_HOLD) if seconds >= 0 else otherwise  # a NaN compares as false


async def _must_have_length(response: aiohttp.ClientResponse) -> None:
    """Raise ``ClientPayloadError`` if a rate limit has no valid length: discord.py would sleep for it."""
    if response.status != 429 or "Via" not in response.headers:
        return
    try:
        is_length = (await response.json(content_type=None))["retry_after"] >= 0
    except (ValueError, LookupError, TypeError, RecursionError):
        return  # discord.py cannot read it either, and raises
    if not is_length:
        raise aiohttp.ClientPayloadError


class HttpTrace(aiohttp.TraceConfig):
    """Passes every request through the rate limiter, discord.py's retries included, and reads every response.

    Answers to interactions bypass it: Discord does not count them, and they have three seconds. ``must_hold``
    raises ``LeaseLost`` if another process may have taken over, and so ends every request.
    """

    def __init__(
        self,
        clock: Clock,
        rate_limiter: RateLimiter,
        breaker: Breaker,
        must_hold: Callable[[], None],
        observer: Observer = NOBODY,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._breaker = breaker
        self._must_hold = must_hold
        self._observer = observer
        self._skew = Skew(clock)
        self.on_request_start.append(self._start)
        self.on_connection_create_end.append(self._send)
        self.on_connection_reuseconn.append(self._send)
        self.on_request_chunk_sent.append(self._send)
        self.on_request_end.append(self._answered)
        self.on_request_exception.append(self._unanswered)

    async def _start(self, _: object, __: object, request: aiohttp.TraceRequestStartParams) -> None:
        _limit_to(None)
        if (attempt := _attempt.get()) and attempt.is_made:
            raise OutcomeUnknown  # before a repeat
        if _is_by_token(request.url.path):
            await self._rate_limiter.acquire()
        self._must_hold()
        _limit_to(_LONGEST)

    async def _send(self, *_: object) -> None:
        """Check the lease again: opening a connection takes a while.

        And before the body is written: until Python 3.12, aiohttp leaves that to the event loop's next turn.
        """
        self._must_hold()
        _note_sent(is_made=True)

    async def _answered(self, _: object, __: object, request: aiohttp.TraceRequestEndParams) -> None:
        answered_at.set(self._clock.now())
        headers, status = request.response.headers, request.response.status
        _note_sent(is_made=status != 429)
        scope = headers.get("X-RateLimit-Scope", "user") if status == 429 else None
        if scope == "global" or (status == 429 and "Via" not in headers):
            self._rate_limiter.hold(_seconds(headers.get("Retry-After"), 1.0))
        self._observer.answered(route_of(request.url.path), status, scope if scope in _SCOPES else "other")
        # A proxy answers with an HTML page.
        is_discords = headers.get("Content-Type", "").startswith("application/json")
        self._breaker.note(status, is_discords=is_discords)
        if _is_by_token(request.url.path):
            if status == 401 and is_discords:
                self._breaker.reject_token()
            elif 200 <= status < 300:
                self._breaker.accept_token()
        self._skew.note(headers.get("Date"))
        if status != 101:  # the gateway's, behind which its frames follow
            async with asyncio.timeout(_LONGEST):
                await request.response.read()
        await _must_have_length(request.response)
        # From here on discord.py only sleeps, after a 429 or the last request that a bucket allows: it must not be
        # cancelled meanwhile.
        _limit_to(None)

    async def _unanswered(self, _: object, __: object, request: aiohttp.TraceRequestExceptionParams) -> None:
        _limit_to(None)
        self._observer.answered(route_of(request.url.path), 0, None)


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
    except (ValueError, TypeError, OverflowError):
        # No date, one without a zone, or one with numbers of many digits.
        return None
    # A date without fractions may stand for anything up to a second later.
    return 0.0 if -_SKEW <= ahead <= _SKEW + timedelta(seconds=1) else round(ahead.total_seconds(), 1)


def route_of(path: str) -> str:
    """Return the route of a request's path: ``/api/v10/channels/5/messages`` is ``channels/messages``."""
    _, is_api, rest = path.partition("/v10/")
    return "/".join(word for word in rest.split("/") if word in _WORDS) or "other" if is_api else "elsewhere"
