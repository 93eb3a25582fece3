"""The gateway: connections of the bot, their handshakes, heartbeats, and all the ways they end.

Any number of bot processes may be connected at a time, each with its own session, and each gets every event.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.localdiscord import bot_token, intents
from bot.localdiscord.bell import Bell
from bot.localdiscord.channel import SEATS
from bot.localdiscord.compression import compressor
from bot.localdiscord.connection import Connection, Refused
from bot.localdiscord.session import Session
from bot.localdiscord.start_limit import StartLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.localdiscord.events import Event, Events
    from bot.localdiscord.faults import Fault, Faults
    from bot.localdiscord.member_query import MemberQuery
    from bot.localdiscord.members import Members
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

IDENTIFY_SECONDS, SESSION_SECONDS = 5.0, 300.0
"""Discord ends a session that nobody resumes "after a few minutes"."""
_LARGEST_FRAME = 16 * 1024 * 1024
"""What is read of a frame at all, so that a large one is refused by Discord's own code."""


class Gateway:
    """All sessions and connections of the bot that has the token; `url` is where they are made.

    `heartbeat_ms` is the interval told in HELLO, `shards` the number that is recommended.  `identify_seconds` is
    how long after an IDENTIFY the next of the same group is refused with INVALID_SESSION: Discord's is
    IDENTIFY_SECONDS, here it is off unless set, so that tests need not wait.  Shards are of a group whose numbers
    leave the same remainder by `max_concurrency`.  `identifies` and `resumes` count the sessions that were begun
    and taken up again, `hasty` the IDENTIFYs that came too soon.  One that comes when `start_limit` is spent resets
    the token, as it does at Discord.  A session can be resumed for `session_seconds` after it lost its connection.
    `member_queries` are the requests for guild members.
    """

    def __init__(self, token: str, world: World, events: Events, faults: Faults, members: Members) -> None:
        self.token = token
        self._world = world
        self._events = events
        self._faults = faults
        self._members = members
        self.url = ""
        self.heartbeat_ms = 41_250
        self.identify_seconds = 0.0
        self.session_seconds = SESSION_SECONDS
        self.max_concurrency = 1
        self.shards = 1
        self.start_limit = StartLimit()
        self.identifies = 0
        self.hasty = 0
        self.resumes = 0
        self.member_queries: list[MemberQuery] = []
        self.bell = Bell()
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self._identified_at: dict[int, float] = {}
        self._late: set[asyncio.Task[None]] = set()
        events.listeners.append(self._hear)
        faults.listeners.append(self._fault_turned)

    @property
    def connected(self) -> list[Session]:
        """The sessions that are connected now."""
        return [session for session in self.sessions.values() if session.send]

    def _hear(self, event: Event) -> None:
        for session in list(self.sessions.values()):
            session.hear(event)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends; 503 while the gateway is down.

        A connection that asks for what is not served here (an old version, ETF, zstd without the library) is closed
        with 4012, after which no client tries again.
        """
        how, code = self._faults.strike_connection() or (None, 0)
        if how == "reset":
            if request.transport:
                request.transport.abort()
            return web.Response(status=499)
        if how == "refuse" or self._faults.gateway_down:
            return web.Response(status=503, headers={"Via": "1.1 google"})
        socket = web.WebSocketResponse(timeout=1.0, max_msg_size=_LARGEST_FRAME)
        await socket.prepare(request)
        try:
            version, compress = _wishes(request.query)
        except ValueError as error:
            await socket.close(code=4012, message=str(error).encode())
            return socket
        connection = Connection(socket, self, version, compress, how, code)
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)
            self.bell.ring()
        return socket

    def identify(self, connection: Connection, data: Json) -> Session | None:
        """Start a session; raise Refused with Discord's close code for an invalid IDENTIFY.

        Return None where it comes too soon after another of its group.
        """
        self._authenticate(data)
        wanted = data.get("intents")
        if type(wanted) is not int or wanted & ~intents.KNOWN:
            raise Refused(4013, "Invalid intent(s).")
        if wanted & intents.MESSAGE_CONTENT and not self._faults.message_content:
            raise Refused(4014, "Disallowed intent(s).")
        shard = data.get("shard", [0, 1])
        if not (_are_numbers(shard) and len(shard) == 2 and 0 <= shard[0] < shard[1]):
            raise Refused(4010, "Invalid shard.")
        if not self.start_limit.spend():
            self.reset_token()
            raise Refused(4004, "Authentication failed.")
        now, group = time.monotonic(), shard[0] % self.max_concurrency
        if now - self._identified_at.get(group, float("-inf")) < self.identify_seconds:
            self.hasty += 1
            return None
        self._identified_at[group] = now
        self.identifies += 1
        session = Session(
            self._world,
            self._faults,
            wanted,
            (shard[0], shard[1]),
            sharded="shard" in data,
            version=connection.version,
        )
        session.presence = data.get("presence")
        session.send = connection.send
        if fault := self._faults.strike_ready():
            late = asyncio.create_task(self._start_late(session, fault))
            self._late.add(late)
            late.add_done_callback(self._late.discard)
        else:
            self._start(session)
        return session

    def send_members(self, session: Session, query: MemberQuery) -> None:
        """Answer a request for guild members, unless a fault is on."""
        self.member_queries.append(query)
        if not self._faults.strike_members():
            session.send_members(query)

    def _start(self, session: Session) -> None:
        self.sessions[session.id] = session
        session.start(self.url)
        self.bell.ring()

    async def _start_late(self, session: Session, fault: Fault[None]) -> None:
        await fault.over()
        if session.send:
            self._start(session)

    def _authenticate(self, data: Json) -> None:
        # Discord takes it with the word before it too, as oceanic.js sends it
        if str(data.get("token")).removeprefix("Bot ") != self.token:
            raise Refused(4004, "Authentication failed.")

    def reset_token(self) -> None:
        """Make a new token; the old one is worth nothing any more, and its sessions are over."""
        self.token = bot_token.fresh(self._world.bot.id)
        self.sessions.clear()
        for connection in self.connections:
            connection.hang_up(4004, "Authentication failed.")

    def resume(self, connection: Connection, data: Json) -> Session | None:
        """Resume a session and replay what it missed; None where it cannot be resumed."""
        self._authenticate(data)
        session = self.sessions.get(str(data.get("session_id")))
        if session is None or self._faults.refuse_resume:
            return None
        if not session.send and time.monotonic() - session.lost_at > self.session_seconds:
            self.end(session)
            return None
        after = data.get("seq")
        if type(after) is not int or after > session.sequence:
            raise Refused(4007, "Invalid seq.")
        if not session.can_replay(after):
            return None
        self.resumes += 1
        session.send = connection.send
        session.replay(after)
        self.bell.ring()
        return session

    def end(self, session: Session) -> None:
        """Forget a session, which cannot be resumed any more."""
        self.sessions.pop(session.id, None)

    def tell_presence(self, session: Session, data: Json) -> None:
        """Note the bot's presence and tell other sessions of it."""
        session.presence = data
        for guild in self._world.bot_guilds:
            presence = {"user": {"id": self._world.bot.id}, "guild_id": guild.id, "status": data.get("status")}
            presence |= {"activities": data.get("activities") or [], "client_status": {}}
            self._events.emit("PRESENCE_UPDATE", presence, guild_id=guild.id)
        self.bell.ring()

    def move_bot(self, data: Json) -> None:
        """Let the bot sit down in a voice channel, or leave; Discord is silent where it may not.

        There is no voice server here, so VOICE_SERVER_UPDATE never comes.
        """
        guild, bot_id = self._world.guilds.get(str(data["guild_id"])), self._world.bot.id
        channel = self._world.channels.get(str(data["channel_id"]))
        if guild is None or bot_id not in guild.members or (channel is None and data["channel_id"]):
            return
        if channel and (
            channel.guild_id != guild.id
            or channel.type not in SEATS
            or not self._world.may(channel, bot_id, "CONNECT")
        ):
            return
        member = guild.members[bot_id]
        member.self_mute, member.self_deaf = bool(data.get("self_mute")), bool(data.get("self_deaf"))
        self._members.sit(guild, member, channel)

    def repeat(self, name: str) -> None:
        """Send the last event of a name once more to every connected session."""
        for session in self.connected:
            session.repeat(name)

    async def drop(self, *, resumable: bool, code: int = 4000) -> None:
        """Close all connections; without `resumable` their sessions are gone too."""
        if not resumable:
            self.sessions.clear()
        await asyncio.gather(
            *(connection.close(code, "The local Discord dropped you.") for connection in list(self.connections))
        )

    def ask_reconnect(self) -> None:
        """Send RECONNECT to all connections, as Discord does before a restart of its own."""
        for connection in self.connections:
            connection.send_op(7, None)

    def invalidate(self, *, resumable: bool) -> None:
        """Send INVALID_SESSION to all connections."""
        if not resumable:
            self.sessions.clear()
        for connection in self.connections:
            connection.send_op(9, resumable)

    def _fault_turned(self, name: str) -> None:
        if name == "gateway_down" and self._faults.gateway_down:
            for connection in self.connections:
                connection.hang_up(1001)


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(type(number) is int for number in value)


def _wishes(query: Mapping[str, str]) -> tuple[int, Callable[[bytes], bytes] | None]:
    """Return the version and the compressor that a URL asks for; raise ValueError for unsupported ones."""
    version = query.get("v", "10")
    if version not in {"9", "10"}:
        raise ValueError("Invalid API version")
    if query.get("encoding", "json") != "json":
        raise ValueError("The local Discord speaks JSON only.")
    try:
        return int(version), compressor(query.get("compress"))
    except LookupError as error:
        raise ValueError(str(error)) from None
