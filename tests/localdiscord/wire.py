"""A bare gateway connection, for tests that look at single frames."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.localdiscord.local import LocalDiscord

GUILDS, MEMBERS, VOICE, MESSAGES, DMS, CONTENT = 1, 1 << 1, 1 << 7, 1 << 9, 1 << 12, 1 << 15


class Wire:
    """A bare gateway connection."""

    def __init__(self, local: LocalDiscord, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.local = local
        self.socket = socket
        self.sequence = 0

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, intents: int = GUILDS | MESSAGES | DMS, **more: Any) -> Any:
        await self.send(2, {"token": self.local.token, "intents": intents, "properties": {}, **more})
        return await self.event("READY")

    async def frame(self) -> Any:
        message = await self.socket.receive(timeout=30)
        if message.type is not aiohttp.WSMsgType.TEXT:
            return message.data
        frame = json.loads(message.data)
        self.sequence = frame.get("s") or self.sequence
        return frame

    async def event(self, name: str) -> Any:
        """Return the data of the next event of a name."""
        while True:
            frame = await self.frame()
            assert isinstance(frame, dict), frame
            if frame["t"] == name:
                return frame["d"]


@asynccontextmanager
async def connection(local: LocalDiscord, session: aiohttp.ClientSession) -> AsyncIterator[Wire]:
    async with session.ws_connect(local.gateway_url + "?v=10&encoding=json") as socket:
        wire = Wire(local, socket)
        assert (await wire.frame())["op"] == 10
        yield wire
