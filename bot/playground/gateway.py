"""The gateway: connections of the bot, their handshakes, heartbeats, and all the ways they end.

Any number of bot processes may be connected at a time, each with its own session, and each gets every event.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from aiohttp import web

from bot.playground import intents
from bot.playground.bell import Bell
from bot.playground.connection import Connection, Refused
from bot.playground.session import Session

if TYPE_CHECKING:
    from bot.playground.events import Event, Events
    from bot.playground.faults import Faults
    from bot.playground.wire import Json
    from bot.playground.world import World

IDENTIFY_SECONDS = 5.0


class Gateway:
    """All sessions and connections of the bot that has the token; `url` is where they are made.

    `heartbeat_ms` is the interval told in HELLO, `shards` the number that is recommended.  `identify_seconds` is
    how long after an IDENTIFY the next of the same group is refused with INVALID_SESSION: Discord's is
    IDENTIFY_SECONDS, here it is off unless set, so that tests need not wait.  Shards are of a group whose numbers
    leave the same remainder by `max_concurrency`.  `identifies` and `resumes` count the sessions that were begun
    and taken up again, `hasty` the IDENTIFYs that came too soon.
    """

    def __init__(self, token: str, world: World, events: Events, faults: Faults) -> None:
        self._token = token
        self._world = world
        self._events = events
        self._faults = faults
        self.url = ""
        self.heartbeat_ms = 41_250
        self.identify_seconds = 0.0
        self.max_concurrency = 1
        self.shards = 1
        self.identifies = 0
        self.hasty = 0
        self.resumes = 0
        self.bell = Bell()
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self._identified_at: dict[int, float] = {}
        events.listeners.append(self._hear)
        faults.listeners.append(self._fault_turned)

    @property
    def connected(self) -> list[Session]:
        """The sessions that are connected now."""
        return [one for one in self.sessions.values() if one.send]

    def _hear(self, event: Event) -> None:
        for session in list(self.sessions.values()):
            session.hear(event)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends; 503 while the gateway is down."""
        if self._faults.gateway_down:
            return web.Response(status=503, headers={"Via": "1.1 google"})
        socket = web.WebSocketResponse(timeout=1.0, max_msg_size=64 * 1024)
        await socket.prepare(request)
        connection = Connection(socket, self)
        if request.query.get("v", "10") not in {"9", "10"} or request.query.get("encoding", "json") != "json":
            await connection.close(4012, "Invalid API version")
            return socket
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)
            self.bell.ring()
        return socket

    def identify(self, connection: Connection, data: Json) -> Session | None:
        """Start a session; raise Refused with Discord's close code for what is wrong with IDENTIFY.

        None where it comes too soon after another of its group.
        """
        if data.get("token") != self._token:
            raise Refused(4004, "Authentication failed.")
        asked = data.get("intents")
        if not isinstance(asked, int) or asked & ~intents.KNOWN:
            raise Refused(4013, "Invalid intent(s).")
        if asked & intents.MESSAGE_CONTENT and not self._faults.message_content:
            raise Refused(4014, "Disallowed intent(s).")
        shard = data.get("shard") or [0, 1]
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            raise Refused(4010, "Invalid shard.")
        now, group = time.monotonic(), shard[0] % self.max_concurrency
        if now - self._identified_at.get(group, float("-inf")) < self.identify_seconds:
            self.hasty += 1
            return None
        self._identified_at[group] = now
        self.identifies += 1
        session = Session(self._world, self._faults, asked, (shard[0], shard[1]), sharded="shard" in data)
        session.presence = data.get("presence")
        self.sessions[session.id] = session
        session.send = connection.send
        session.start(self.url)
        self.bell.ring()
        return session

    def resume(self, connection: Connection, data: Json) -> Session | None:
        """Take a session up again with what it missed; None where it cannot be."""
        if data.get("token") != self._token:
            raise Refused(4004, "Authentication failed.")
        session = self.sessions.get(str(data.get("session_id")))
        if session is None or self._faults.refuse_resume:
            return None
        after = data.get("seq")
        if not isinstance(after, int) or after > session.sequence:
            raise Refused(4007, "Invalid seq.")
        if not session.can_replay(after):
            return None
        self.resumes += 1
        session.send = connection.send
        session.replay(after)
        self.bell.ring()
        return session

    def tell_presence(self, session: Session, data: Json) -> None:
        """Note the bot's presence and tell other sessions of it."""
        session.presence = data
        for guild in self._world.bot_guilds:
            told = {"user": {"id": self._world.bot.id}, "guild_id": guild.id, "status": data.get("status")}
            told |= {"activities": data.get("activities") or [], "client_status": {}}
            self._events.emit("PRESENCE_UPDATE", told, guild_id=guild.id)
        self.bell.ring()

    async def drop(self, *, resumable: bool, code: int = 4000) -> None:
        """Close all connections; without `resumable` their sessions are gone too."""
        if not resumable:
            self.sessions.clear()
        await asyncio.gather(*(one.close(code, "The local Discord dropped you.") for one in list(self.connections)))

    def ask_reconnect(self) -> None:
        """Send RECONNECT to all connections, as Discord does before a restart of its own."""
        for one in self.connections:
            one.send_op(7, None)

    def invalidate(self, *, resumable: bool) -> None:
        """Send INVALID_SESSION to all connections."""
        if not resumable:
            self.sessions.clear()
        for one in self.connections:
            one.send_op(9, resumable)

    def _fault_turned(self, name: str) -> None:
        if name == "gateway_down" and self._faults.gateway_down:
            for one in self.connections:
                one.hang_up(1001)
