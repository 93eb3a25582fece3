"""Gateway sessions: what a bot asked for, what it was sent, and the replay after a break."""

from __future__ import annotations

import json
import secrets
from collections import deque
from typing import TYPE_CHECKING, Any

from bot.playground import intents

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.events import Event
    from bot.playground.faults import Faults
    from bot.playground.guild import Guild
    from bot.playground.wire import Json
    from bot.playground.world import World

_MOST_KEPT = 10_000


class Session:
    """One session of the bot.  It outlives its connection; `send` is where the frames go while there is one."""

    def __init__(
        self, world: World, faults: Faults, intent_bits: int, shard: tuple[int, int], *, sharded: bool
    ) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intent_bits
        self.shard = shard
        self.sharded = sharded
        self.send: Callable[[str], None] | None = None
        self.sequence = 0
        self.presence: Json | None = None
        self._world = world
        self._faults = faults
        self._kept: deque[tuple[int, str]] = deque(maxlen=_MOST_KEPT)

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, and keep it for a replay."""
        self.sequence += 1
        frame = json.dumps({"op": 0, "t": name, "s": self.sequence, "d": data})
        self._kept.append((self.sequence, frame))
        if self.send:
            self.send(frame)

    def can_replay(self, after: int) -> bool:
        """Tell whether everything after a sequence number is still kept."""
        oldest = self._kept[0][0] if self._kept else 1
        return oldest - 1 <= after <= self.sequence

    def replay(self, after: int) -> None:
        """Send again what came after a sequence number, and RESUMED."""
        for number, frame in list(self._kept):
            if number > after and self.send:
                self.send(frame)
        self.dispatch("RESUMED", {})

    def start(self, gateway_url: str) -> None:
        """Send READY and the guilds of the shard."""
        world = self._world
        guilds = [guild for guild in world.bot_guilds if self.has(guild)]
        ready: Json = {
            "v": 10,
            "user": world.bot.wire() | {"mfa_enabled": True, "verified": True, "email": None},
            "user_settings": {},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "guild_join_requests": [],
            "session_id": self.id,
            "session_type": "normal",
            "resume_gateway_url": gateway_url,
            "application": {
                "id": world.bot.id,
                "flags": intents.application_flags(message_content=self._faults.message_content),
            },
        }
        if self.sharded:
            ready["shard"] = list(self.shard)
        self.dispatch("READY", ready)
        if self.intents & intents.GUILDS:
            for guild in guilds:
                self.dispatch("GUILD_CREATE", self.guild_wire(guild))

    def has(self, guild: Guild) -> bool:
        """Tell whether a guild's events come to this shard."""
        return guild.shard(self.shard[1]) == self.shard[0]

    def guild_wire(self, guild: Guild) -> Json:
        """Return what GUILD_CREATE carries; all members only with both intents on them."""
        world = self._world
        both = intents.MEMBERS | intents.PRESENCES
        everyone = self.intents & both == both
        here = [one for one in world.channels.values() if one.guild_id == guild.id]
        threads = [one for one in here if one.thread and not one.thread.archived]
        mine = world.bot.id
        return guild.wire() | {
            "joined_at": guild.members[mine].wire()["joined_at"],
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "voice_states": [one.seat_wire() for one in guild.seated],
            "members": [
                one.wire()
                for one in guild.members.values()
                if everyone or one.user.id == mine or one.voice_channel_id
            ],
            "channels": [one.wire() for one in here if not one.thread],
            "threads": [one.wire() for one in threads if world.may(one, mine, "VIEW_CHANNEL")],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def hear(self, event: Event) -> None:
        """Pass an event on if this session may get it."""
        if event.person_only or (event.reader_id and event.name != "INTERACTION_CREATE"):
            return
        guild = self._world.guilds.get(event.guild_id or "")
        if not (self.has(guild) if guild else self.shard[0] == 0):
            return
        if event.name != "INTERACTION_CREATE" and not self._is_at(event, guild):
            return
        needed = intents.needed(event.name, in_guild=guild is not None)
        if needed is not None and not self.intents & needed:
            return
        private = event.name.startswith(("MESSAGE_", "THREAD_", "TYPING_"))
        if private and event.channel and not self._world.may(event.channel, self._world.bot.id, "VIEW_CHANNEL"):
            return
        self.dispatch(event.name, self._readable(event, guild))

    def _is_at(self, event: Event, guild: Guild | None) -> bool:
        if event.channel:
            return self._world.bot_at(event.channel)
        return guild is None or self._world.bot_in(guild)

    def send_members(self, data: Json) -> None:
        """Answer a request for guild members."""
        guild_id = data.get("guild_id")
        guild = self._world.guilds.get(str(guild_id[0] if isinstance(guild_id, list) else guild_id))
        if guild is None or not self._world.bot_in(guild):
            return
        ids, start, limit = data.get("user_ids"), str(data.get("query") or "").lower(), int(data.get("limit") or 0)
        everyone = list(guild.members.values())
        if ids is not None:
            wanted = {str(one) for one in (ids if isinstance(ids, list) else [ids])}
            everyone = [one for one in everyone if one.user.id in wanted]
        elif not start and not limit and not self.intents & intents.MEMBERS:
            everyone = []
        else:
            everyone = [one for one in everyone if (one.nick or one.user.username).lower().startswith(start)]
        chunk: Json = {"guild_id": guild.id, "members": [one.wire() for one in everyone[: limit or None]]}
        chunk |= {"chunk_index": 0, "chunk_count": 1, "not_found": []}
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        if data.get("presences"):
            chunk["presences"] = []
        self.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _readable(self, event: Event, guild: Guild | None) -> Any:
        if event.name == "GUILD_CREATE" and guild:
            joined = self.guild_wire(guild)
            del joined["unavailable"]  # which is said of guilds that the bot has been in before
            return joined
        message = event.message
        if message is None or event.name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
            return event.data
        if self.intents & intents.MESSAGE_CONTENT and self._faults.message_content:
            return event.data
        return message.blanked(event.data, self._world, self._world.bot.id)
