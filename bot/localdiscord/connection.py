"""One gateway connection: frames in and out, heartbeats, and the order of its opcodes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import WSMsgType

from bot.localdiscord import presence
from bot.localdiscord.member_query import MemberQuery
from bot.localdiscord.snowflake import is_snowflake

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from bot.localdiscord.faults import Break
    from bot.localdiscord.session import Session
    from bot.localdiscord.wire import Json

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    1,
    2,
    3,
    4,
    6,
    7,
    8,
    9,
    10,
    11,
)
_SOUNDBOARD = 31
_MOST_SENDS, _SENDS_SECONDS = 120, 60.0
_PATIENCE = 1.5  # of a heartbeat interval
_LARGEST = 4096  # bytes of a payload
_UNKNOWN = "Unknown opcode."
"""Discord says so of a wrong payload for an opcode too: https://github.com/discord/discord-api-docs/issues/2226."""
_IDENTIFY_FIELDS: dict[str, type] = {"token": str, "properties": dict}
_RESUME_FIELDS: dict[str, type] = {"token": str, "session_id": str}
_VOICE_FIELDS = {"guild_id", "channel_id"}
_SMALLEST, _LARGE = 50, 250  # what `large_threshold` of an IDENTIFY may be
_FOR_GOOD = (1000, 1001)
"""The close codes by which a client ends its session too.

Source: https://discord.com/developers/docs/events/gateway#initiating-a-disconnect
"""


class Refused(Exception):
    """A connection must be closed with one of Discord's close codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class Host(Protocol):
    """Who has the sessions: what a connection asks of the gateway that it came to."""

    heartbeat_ms: int

    def identify(self, connection: Connection, data: Json) -> Session | None:
        """Start a session; raise Refused."""

    def resume(self, connection: Connection, data: Json) -> Session | None:
        """Take a session up again; raise Refused."""

    def end(self, session: Session) -> None:
        """Forget a session, which cannot be resumed any more."""

    def tell_presence(self, session: Session, data: Json) -> None:
        """Note the bot's presence."""

    def move_bot(self, data: Json) -> None:
        """Let the bot sit down in a voice channel, or leave."""

    def send_members(self, session: Session, query: MemberQuery) -> None:
        """Answer a request for guild members."""


class Connection:
    """A socket of the bot.  Frames from any task leave in order, through one writer.

    `version` is the API's, `compress` is applied to each frame.  One that `breaks` is closed with `code` after
    HELLO, or after READY or RESUMED.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        host: Host,
        version: int,
        compress: Callable[[bytes], bytes] | None,
        breaks: Break | None = None,
        code: int = 4000,
    ) -> None:
        self.version = version
        self._socket = socket
        self._host = host
        self._compress = compress
        self._breaks = breaks
        self._code = code
        self._out: asyncio.Queue[str | tuple[int, str]] = asyncio.Queue()
        self._session: Session | None = None
        self._sends: deque[float] = deque()
        self._zombie: asyncio.TimerHandle | None = None
        self._is_ending = False

    def send(self, frame: str) -> None:
        """Queue a frame."""
        self._out.put_nowait(frame)

    def send_op(self, op: int, data: Any) -> None:
        """Queue a frame that is no event."""
        self.send(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def hang_up(self, code: int, reason: str = "") -> None:
        """Close once the queued frames are sent."""
        self._is_ending = True
        self._release()
        self._out.put_nowait((code, reason))

    async def close(self, code: int, reason: str) -> None:
        """Close now."""
        self._is_ending = True
        self._release()
        await self._socket.close(code=code, message=reason.encode())

    async def run(self) -> None:
        """Serve the connection until either side closes it."""
        writer = asyncio.create_task(self._write())
        self.send_op(HELLO, {"heartbeat_interval": self._host.heartbeat_ms, "_trace": ["local-discord"]})
        self._watch()
        if self._breaks == "hello":
            self.hang_up(self._code)
        try:
            async for frame in self._socket:
                if frame.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    try:
                        self._take(frame.data)
                    except Refused as refused:
                        await self.close(refused.code, refused.reason)
            is_over = not self._is_ending and self._socket.close_code in _FOR_GOOD
            if is_over and self._session and self._session.send == self.send:
                self._host.end(self._session)
        finally:
            self._release()
            if self._zombie:
                self._zombie.cancel()
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    def _take(self, payload: str | bytes) -> None:
        self._count()
        op, data = _decode(payload)
        if op == HEARTBEAT:
            self._watch()
            self.send_op(ACK, None)
        elif op in (IDENTIFY, RESUME):
            self._begin(op, data)
        elif op not in (PRESENCE, VOICE, MEMBERS, _SOUNDBOARD):
            raise Refused(4001, _UNKNOWN)
        elif self._session is None:
            raise Refused(4003, "Not authenticated.")
        else:
            self._serve(self._session, op, data)

    def _serve(self, session: Session, op: int, data: Any) -> None:
        """Do what a session asks for; raise Refused for what lacks a field or has a wrong one."""
        try:
            if op == PRESENCE:
                self._host.tell_presence(session, presence.read(data))
            elif op == VOICE:
                self._host.move_bot(_seat(data))
            elif op == MEMBERS:
                self._host.send_members(session, MemberQuery.read(data))
            else:
                session.send_sounds(_guild_ids(data))
        except ValueError:
            raise Refused(4001, _UNKNOWN) from None

    def _count(self) -> None:
        """Count one frame of the client's; raise Refused for one too many."""
        now = time.monotonic()
        self._sends.append(now)
        while now - self._sends[0] > _SENDS_SECONDS:
            self._sends.popleft()
        if len(self._sends) > _MOST_SENDS:
            raise Refused(4008, "Rate limited.")

    def _begin(self, op: int, data: Any) -> None:
        if self._session:
            raise Refused(4005, "Already authenticated.")
        needed = _IDENTIFY_FIELDS if op == IDENTIFY else _RESUME_FIELDS
        if not isinstance(data, dict) or any(not isinstance(data.get(name), kind) for name, kind in needed.items()):
            raise Refused(4001, _UNKNOWN)
        if op == IDENTIFY and not _is_identify(data):
            raise Refused(4001, _UNKNOWN)
        if op == IDENTIFY:
            self._session = self._host.identify(self, data)
        else:
            self._session = self._host.resume(self, data)
        if self._session is None:
            self.send_op(INVALID, False)
        elif self._breaks == "ready":
            self.hang_up(self._code)

    async def _write(self) -> None:
        while True:
            frame = await self._out.get()
            try:
                if isinstance(frame, tuple):
                    await self._socket.close(code=frame[0], message=frame[1].encode())
                    return
                if self._compress:
                    await self._socket.send_bytes(self._compress(frame.encode()))
                else:
                    await self._socket.send_str(frame)
            except ConnectionError:
                # the bot is gone; its session keeps the frames for the replay
                return

    def _watch(self) -> None:
        if self._zombie:
            self._zombie.cancel()
        after = self._host.heartbeat_ms / 1000 * _PATIENCE
        self._zombie = asyncio.get_running_loop().call_later(after, self.hang_up, 4000, "No heartbeat.")

    def _release(self) -> None:
        if self._session and self._session.send == self.send:
            self._session.send, self._session.lost_at = None, time.monotonic()


def _is_identify(data: Json) -> bool:
    """Return whether the fields of an IDENTIFY that may be left out are of their right types."""
    threshold, shown = data.get("large_threshold"), data.get("presence")
    fits = threshold is None or (type(threshold) is int and _SMALLEST <= threshold <= _LARGE)
    return fits and isinstance(data.get("compress"), bool | None) and (shown is None or presence.fits(shown))


def _seat(data: Any) -> Json:
    """Return where the bot wants to sit; raise ValueError for what is no such request."""
    if not isinstance(data, dict) or not data.keys() >= _VOICE_FIELDS:
        raise ValueError("It needs guild_id and channel_id.")
    guild_id, channel_id = data["guild_id"], data["channel_id"]
    if not is_snowflake(str(guild_id)) or not (channel_id is None or is_snowflake(str(channel_id))):
        raise ValueError("These are no snowflakes.")
    if not all(isinstance(data.get(name), bool | None) for name in ("self_mute", "self_deaf")):
        raise ValueError("Whether one is mute or deaf is true or false.")
    return data


def _guild_ids(data: Any) -> list[str]:
    """Return the guilds whose sounds are asked for; raise ValueError for what is no such request."""
    ids = data.get("guild_ids") if isinstance(data, dict) else None
    if not isinstance(ids, list) or not all(is_snowflake(str(guild_id)) for guild_id in ids):
        raise ValueError("It needs guild_ids.")
    return [str(guild_id) for guild_id in ids]


def _decode(payload: str | bytes) -> tuple[Any, Any]:
    """Return the opcode and data of a frame, text or binary; raise Refused for invalid ones."""
    raw = payload.encode() if isinstance(payload, str) else payload
    try:
        frame = json.loads(raw) if len(raw) <= _LARGEST else None
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict) or "op" not in frame:
        raise Refused(4002, "Error while decoding payload.")
    if type(frame["op"]) is not int:
        raise Refused(4001, _UNKNOWN)
    return frame["op"], frame.get("d")
