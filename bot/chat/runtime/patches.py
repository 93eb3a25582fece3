"""Patches of discord.py: for nonsensical rate limits and roles, cancelled requests, and events delivered twice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from discord import Guild
from discord.http import HTTPClient, Ratelimit

from bot.chat.runtime.http_trace import LONGEST_HOLD
from bot.chat.runtime.ids import checked

_log = structlog.get_logger(__name__)

# How many events of a kind are remembered, the newest.
_KEPT = 10_000
# Events after which a server has other roles.
ABOUT_ROLES = ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE")
Parser = Callable[[Any], None]
Request = Callable[..., Awaitable[Any]]


class Bucket(Ratelimit):
    """A rate limit that starts afresh where headers are nonsensical: a limit of 0, or a reset in NaN or 1e9 s."""

    def update(self, response: Any, *, use_clock: bool = False) -> None:
        """Update the limit from a response."""
        try:
            super().update(response, use_clock=use_clock)
            is_limit = self.limit > 0 and self.reset_after <= LONGEST_HOLD  # a NaN compares as false
        except (ValueError, LookupError, OverflowError):
            is_limit = False
        if not is_limit:
            self.limit = self.remaining = 1
            self.reset_after, self.expires, self.dirty = 0.0, None, False


def use_buckets(http: HTTPClient) -> None:
    """Make discord.py use ``Bucket`` for its rate limits."""

    def get(key: str) -> Ratelimit:
        buckets = http._buckets  # noqa: SLF001 - there is no other way to them
        if key not in buckets:
            buckets[key] = Bucket(http.max_ratelimit_timeout)
            http._try_clear_expired_ratelimits()  # noqa: SLF001
        return buckets[key]

    http.get_ratelimit = get  # type: ignore[method-assign]


def survive_cancellation(http: HTTPClient) -> None:
    """Open discord.py's gate again where a request is cancelled that may have closed it.

    On a global 429 discord.py closes the gate, sleeps, and opens it without ``finally``: cancelled meanwhile, every
    later request would wait forever. Opened too early, the gate does no harm: our own rate limiter waits as well.
    """
    request: Request = http.request

    async def guarded(*arguments: Any, **options: Any) -> Any:
        try:
            return await request(*arguments, **options)
        except asyncio.CancelledError:
            gate = http._global_over  # noqa: SLF001 - there is no other way to it
            if isinstance(gate, asyncio.Event):  # not before the login
                gate.set()
            raise

    http.request = guarded  # type: ignore[method-assign]


def skipping_repeated(parse: Parser) -> Parser:
    """Make discord.py parse each event of a kind once, by its id."""
    seen: dict[int, None] = {}

    def parse_once(data: Any) -> None:
        event_id = checked(data["id"])
        if event_id in seen:
            _log.info("event_repeated")
            return
        seen[event_id] = None
        if len(seen) > _KEPT:
            del seen[next(iter(seen))]
        parse(data)

    return parse_once


def with_sound_roles(parse: Parser, guild_of: Callable[[int], Guild | None]) -> Parser:
    """Make discord.py raise ``ValueError`` for roles that it takes, but can compute no permissions with."""

    def parse_soundly(data: Any) -> None:
        parse(data)
        guild = guild_of(checked(data.get("guild_id", data.get("id"))))
        if guild and not guild.unavailable:
            roles = guild._roles.values()  # noqa: SLF001 - what is public sorts them by their positions
            if guild.get_role(guild.id) is None or not all(type(role.position) is int for role in roles):
                raise ValueError("roles that are none")

    return parse_soundly
