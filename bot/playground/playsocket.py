"""The page's sockets: every event that the person at the page may see."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

from aiohttp import web

from bot.localdiscord.people import Person
from bot.playground.unheard import Unheard

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.backend import Backend
    from bot.localdiscord.events import Event
    from bot.localdiscord.wire import Json

_UNSEEN = ("INTERACTION_CREATE", "WEBHOOKS_UPDATE", "PRESENCE_UPDATE")


class PlaySockets:
    """The open sockets by person.  Frames leave in order through one writer a socket."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._unheard = Unheard(backend, lambda ids: self.tell_all("UNHEARD", {"ids": ids}))
        self._world = backend.world
        self._open: dict[web.WebSocketResponse, tuple[Person, asyncio.Queue[str]]] = {}
        backend.events.listeners.append(self._hear)

    async def serve(self, request: web.Request, person: Person, status: Callable[[], Json]) -> web.StreamResponse:
        """Serve a page until it leaves: HELLO with all it needs to draw itself, then events."""
        socket = web.WebSocketResponse(timeout=1.0, heartbeat=30.0)
        await socket.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        queue.put_nowait(_frame("HELLO", self._hello(person, status())))
        self._open[socket] = (person, queue)
        writer = asyncio.create_task(_write(socket, queue))
        try:
            async for _ in socket:
                # the page acts over HTTP and says nothing here
                continue
        finally:
            self._open.pop(socket, None)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    def tell_all(self, name: str, data: Json) -> None:
        """Send a frame to every page."""
        for _, queue in self._open.values():
            queue.put_nowait(_frame(name, data))

    async def close(self) -> None:
        """Close all sockets."""
        await asyncio.gather(*(socket.close(code=1001) for socket in list(self._open)))

    def _hello(self, person: Person, status: Json) -> Json:
        world = self._world
        guild = world.guild
        open_to = [channel for channel in world.channels.values() if world.may(channel, person.id, "VIEW_CHANNEL")]
        seen = [channel for channel in open_to if channel.guild_id == guild.id]
        return {
            "people": [Person(self._backend, user).wire() for user in world.people],
            "me": person.user.wire(),
            "bot": world.bot.wire(),
            "guild": {"id": guild.id, "name": guild.name, "roles": [role.wire() for role in guild.roles.values()]},
            "members": [member.wire() for member in guild.members.values()],
            "voice_states": [member.seat_wire() for member in guild.seated],
            "channels": [channel.wire() for channel in seen if not channel.thread],
            "threads": [channel.wire() for channel in seen if channel.thread],
            "dm": world.dm(person.user).wire(),
            "elsewhere": {
                "guilds": [
                    {"id": other.id, "name": other.name}
                    for other in world.guilds.values()
                    if not world.bot_in(other)
                ],
                "channels": [channel.wire() for channel in open_to if not world.bot_at(channel)],
            },
            "commands": self._backend.commands.everywhere(),
            "status": status,
            "unheard": self._unheard.ids,
        }

    def _hear(self, event: Event) -> None:
        if event.name in _UNSEEN:
            return
        for person, queue in self._open.values():
            if not self._sees(person, event):
                continue
            data = event.data
            if event.message and event.name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
                data = event.message.event(self._world, person.id)
                if "nonce" in event.data:
                    data["nonce"] = event.data["nonce"]
            queue.put_nowait(_frame(event.name, data))

    def _sees(self, person: Person, event: Event) -> bool:
        if event.reader_id:
            return event.reader_id == person.id
        if event.channel is None:
            return event.guild_id in {None, self._world.guild.id}
        return self._world.may(event.channel, person.id, "VIEW_CHANNEL")


def _frame(name: str, data: Json) -> str:
    return json.dumps({"t": name, "d": data})


async def _write(socket: web.WebSocketResponse, queue: asyncio.Queue[str]) -> None:
    while True:
        frame = await queue.get()
        try:
            await socket.send_str(frame)
        except ConnectionError:
            return
