"""The gateway: one shard's connection to it, kept up for as long as the bot runs."""

import asyncio
import contextlib
from math import inf
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.chat.runtime.client import Client
from bot.chat.runtime.final_answers import UNREADABLE
from bot.chat.runtime.http_trace import request_timeout
from bot.chat.runtime.websocket import WebSocket
from bot.domain.lease import LeaseLost
from bot.domain.start_limit import StartLimit
from bot.engine import back_off
from bot.engine.circuit_breaker import Breaker
from bot.engine.clock import Clock
from bot.service.identifies import Identifies

_log = structlog.get_logger(__name__)

# Seconds that a connection has to last to reset the back-off.
_LASTING = 60.0
# Back-off in seconds: a connection is free, a new session (IDENTIFY) counts. Discord takes one IDENTIFY in five
# seconds, so the first wait exceeds that even when jitter halves it.
_CONNECT_FIRST, _CONNECT_LONGEST = 1.0, 20.0
_IDENTIFY_FIRST, _IDENTIFY_LONGEST = 11.0, 300.0
# Seconds from opening a connection to its first event.
_OPENING = 60.0
# Seconds for which a lost session can be resumed: Discord keeps it no longer.
_RESUMABLE = 60.0
# Seconds for an abandoned connection to close.
_CLOSING = 0.5
# Close codes. Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway
TOKEN_REJECTED, _INTENTS_REFUSED, _FINAL = 4004, 4014, {4004, 4010, 4011, 4012, 4013}
_UNREACHABLE = (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError)


class Gateway:
    """Keeps a shard connected, by RESUME where there is a session and by IDENTIFY where there is none.

    It replaces discord.py's own loops, which end on the first refused connection, wait for up to 17 minutes, and
    start sessions without counting them.
    """

    def __init__(self, client: Client, shard_id: int, breaker: Breaker, turns: Identifies, clock: Clock) -> None:
        self._client = client
        self._shard_id = shard_id
        self._breaker = breaker
        self._turns = turns
        self._clock = clock
        self._ws: WebSocket | None = None
        # When the session was lost, and when the current connection was opened.
        self._lost_at: float | None = None
        self._opened_at = inf
        self._group = shard_id
        # Connections in a row that were refused or did not last, and sessions started without one that lasted.
        self._failures = 0
        self._short_sessions = 0
        self._has_identified = False
        self._identify_from = -inf

    async def run(self) -> None:
        """Stay connected. Raises ``ConnectionClosed`` or ``PrivilegedIntentsRequired`` if closed for good."""
        while True:
            self._client.note_lost(self._shard_id)
            await self._wait_to_connect()
            self._opened_at = inf
            try:
                await self._connect()
            except ReconnectWebSocket:
                pass
            except discord.ConnectionClosed as closed:
                self._raise_if_final(closed)
            except _UNREACHABLE as error:
                _log.warning("gateway_unreachable", shard=self._shard_id, error=type(error).__name__)
            except LeaseLost:
                raise
            except Exception:  # noqa: BLE001 - logged, and tried again
                _log.exception("gateway_failed", shard=self._shard_id)
            if self._ws and self._ws.open:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(_CLOSING):
                        await self._ws.close()
            if self._lost_at is None:
                self._lost_at = self._clock.monotonic()
            if self._clock.monotonic() - self._opened_at >= _LASTING:
                self._failures = self._short_sessions = 0
            self._failures += 1

    async def take_turn(self) -> None:
        """Wait for this shard's turn to identify, and count it."""
        if self._client.is_sharded:
            await self._turns.take(self._group)
        self._has_identified = True
        self._short_sessions += 1
        wait = back_off.delay(self._short_sessions, _IDENTIFY_FIRST, _IDENTIFY_LONGEST)
        self._identify_from = self._clock.monotonic() + wait

    async def _wait_to_connect(self) -> None:
        """Wait for the circuit breaker and the back-off; a first failure is retried at once."""
        while self._breaker.is_token_rejected and (wait := self._breaker.open_for()):
            await self._clock.sleep(wait)
        if self._failures > 1:
            await self._clock.sleep(back_off.delay(self._failures - 1, _CONNECT_FIRST, _CONNECT_LONGEST))

    async def _connect(self) -> None:
        """Connect, and listen until the connection ends, which raises."""
        how = self._resume() or await self._identify()
        shard_id = self._shard_id if self._client.is_sharded else None
        async with asyncio.timeout(_OPENING):
            ws = self._ws = await WebSocket.open_for(self._client, shard_id=shard_id, **how)
            self._client.use_connection(self._shard_id, ws)
            before = ws.sequence
            while ws.sequence == before and self._client.is_lost(self._shard_id):
                await ws.poll_event()
        self._lost_at, self._opened_at = None, self._clock.monotonic()
        self._client.has_connected = True
        self._breaker.accept_token()
        while True:
            await ws.poll_event()

    def _resume(self) -> dict[str, Any] | None:
        """Return the options to resume the session; None if there is none."""
        ws = self._ws
        if ws is None or ws.session_id is None:
            return None
        if self._lost_at is not None and self._clock.monotonic() - self._lost_at >= _RESUMABLE:
            _log.warning("gateway_session_lost", shard=self._shard_id)
            self._ws = None
            return None
        return {"resume": True, "session": ws.session_id, "sequence": ws.sequence, "gateway": ws.gateway}

    async def _identify(self) -> dict[str, Any]:
        """Wait until a new session may be started; return its gateway."""
        if (wait := self._identify_from - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)
        at_start, is_reported = not self._has_identified, False
        while True:
            address, limit = await self._ask()
            apart = limit.seconds_apart(at_start=at_start) if limit else 0.0
            if limit and apart and not is_reported:
                is_reported = True
                _log.warning(
                    "session_starts_paced", remaining=limit.remaining, total=limit.total, apart=round(apart)
                )
            wait = await self._turns.take_paced(apart, at_start=at_start) if apart else 0.0
            if not wait:
                break
            await self._clock.sleep(wait)
        self._group = self._shard_id % (limit.at_once if limit else 1)
        if self._client.is_sharded:
            await self._turns.wait_until_near(self._group)
        return {"gateway": address}

    async def _ask(self) -> tuple[yarl.URL, StartLimit | None]:
        """Ask Discord for the gateway and the session start limit; its own address is known without an answer."""
        try:
            async with request_timeout():
                _, address, start_limit = await self._client.http.get_bot_gateway()
            limit = StartLimit(
                total=int(start_limit["total"]),
                remaining=int(start_limit["remaining"]),
                reset_after=int(start_limit["reset_after"]) / 1000,
                at_once=max(1, int(start_limit["max_concurrency"])),
            )
            return yarl.URL(address), limit
        except (*_UNREACHABLE, *UNREADABLE) as error:
            if not self._client.is_at_discord:
                raise
            _log.warning("start_limit_unknown", error=type(error).__name__)
            return DiscordWebSocket.DEFAULT_GATEWAY, None

    def _raise_if_final(self, closed: discord.ConnectionClosed) -> None:
        if closed.code == _INTENTS_REFUSED:
            raise discord.PrivilegedIntentsRequired(closed.shard_id) from None
        if closed.code == TOKEN_REJECTED and self._client.has_connected:
            # The token was reset or revoked while in use: /healthz tells the operator.
            self._breaker.reject_token()
            self._ws = None
        elif closed.code in _FINAL:
            raise closed
