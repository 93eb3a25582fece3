"""The websocket: discord.py's connection to the gateway, where a bad event affects nothing else."""

import asyncio
import contextlib
import json
import re
from contextvars import ContextVar
from traceback import extract_tb
from typing import Any, Self

import aiohttp
import discord
import structlog
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.chat.runtime.ids import is_id
from bot.chat.runtime.patches import ABOUT_ROLES

_log = structlog.get_logger(__name__)

# Failures of the connection, not of a frame.
_OF_THE_CONNECTION = (ReconnectWebSocket, discord.ConnectionClosed, aiohttp.ClientError, OSError)
# How many of the innermost calls are logged.
_CALLS = 4
# Seconds for an abandoned connection to close.
_CLOSING = 0.5
# What it is known by who may do what in a server; unread, it leaves that half-read or out of date.
_ABOUT_PERMISSIONS = {*ABOUT_ROLES, "CHANNEL_UPDATE"}
# How deep an event may be nested; nothing of Discord's comes near.
_DEEPEST = 50
_PART = re.compile(r'"(?:[^"\\]|\\.)*+"|[^"\[\]{}]++|.', re.DOTALL)
_opening: ContextVar[list["WebSocket"]] = ContextVar("opening")


class WebSocket(DiscordWebSocket):
    """Skips an event that discord.py cannot read: one server's data must not silence the others.

    READY and RESUMED cannot be skipped, as nothing works without them: as much of them is read as possible.
    """

    _frame = ""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(socket, loop=loop)
        _opening.get().append(self)

    @classmethod
    async def open_for(cls, client: discord.Client, **how: Any) -> Self:
        """Connect a client; see ``from_client``. If that fails or is cancelled, nothing stays open."""
        opened: list[WebSocket] = []
        token = _opening.set(opened)
        try:
            return await cls.from_client(client, **how)
        except BaseException:
            for ws in opened:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(_CLOSING):
                        await ws.close()
            raise
        finally:
            _opening.reset(token)

    def log_receive(self, data: Any, /) -> None:
        """Keep the frame that is being read."""
        self._frame = data

    async def received_message(self, msg: Any, /) -> None:
        """Read a frame. Errors propagate unless the frame is an event."""
        self._frame, user = "", self._connection.user  # discord.py forgets it before it reads READY
        try:
            await super().received_message(msg)
        except _OF_THE_CONNECTION:
            raise
        except Exception as error:
            event, data = self._event()
            if event is None:
                raise
            # Neither the exception's message nor the data is logged: they may hold what people wrote.
            calls = [f"{call.name}:{call.lineno}" for call in extract_tb(error.__traceback__)[-_CALLS:]]
            about = {"gateway_event": event, "shard": self.shard_id, "error": type(error).__name__, "calls": calls}
            _log.error("event_unreadable", **about)
            if event == "READY":
                self._discord_parsers["READY"](self._bare_ready(user, data))
            elif event == "RESUMED":
                self._discord_parsers["RESUMED"]({"__shard_id__": self.shard_id})
            elif event in _ABOUT_PERMISSIONS or (event == "GUILD_MEMBER_UPDATE" and not self._is_of_another(data)):
                self._doubt(data)

    def _event(self) -> tuple[str | None, Any]:
        """Return the name and the data of the event that is being read; no name where the frame holds none."""
        try:
            try:
                frame = json.loads(self._frame)
            except RecursionError:
                frame = json.loads(flattened(self._frame))
        except ValueError:
            return None, None
        if not isinstance(frame, dict) or frame.get("op") != self.DISPATCH:
            return None, None
        return str(frame.get("t")), frame.get("d")

    def _is_of_another(self, data: Any) -> bool:
        """Return whether an event is about a member other than the bot itself."""
        user = data.get("user") if isinstance(data, dict) else None
        user_id: Any = user.get("id") if isinstance(user, dict) else None
        return is_id(user_id) and int(user_id) != self._connection.self_id

    def _doubt(self, data: Any) -> None:
        """Mark a server as unavailable, as in an outage, until all of it is read: what is known may be wrong."""
        guild_id: Any = data.get("guild_id", data.get("id")) if isinstance(data, dict) else None
        guild = self._connection._get_guild(int(guild_id)) if is_id(guild_id) else None  # noqa: SLF001 - as it does
        if guild:
            guild.unavailable = True

    def _bare_ready(self, user: Any, data: Any) -> dict[str, Any]:
        """Return what discord.py needs of READY; the bot's own user is known since the login."""
        guilds = data.get("guilds") if isinstance(data, dict) else None
        return {
            "user": {"id": user.id, "username": user.name, "discriminator": user.discriminator, "avatar": None},
            "guilds": [
                {"id": guild["id"], "unavailable": True}
                for guild in (guilds if isinstance(guilds, list) else [])
                if isinstance(guild, dict) and str(guild.get("id")).isdecimal()
            ],
            "shard": [self.shard_id or 0, self.shard_count or 1],
        }


def flattened(frame: str) -> str:
    """Return a frame with ``null`` for what is nested too deep for Python's parser."""
    depth, kept = 0, []
    for part in _PART.findall(frame):
        depth += part in "[{"
        if depth <= _DEEPEST:
            kept.append(part)
        elif depth == _DEEPEST + 1 and part in "[{":
            kept.append("null")
        depth -= part in "]}"
    return "".join(kept)
