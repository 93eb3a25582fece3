"""Gateway sessions: what a bot asked for, what it was sent, and the replay after a break."""

from __future__ import annotations

import json
import secrets
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from bot.localdiscord import intents, permissions

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.events import Event
    from bot.localdiscord.faults import Faults
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.member_query import MemberQuery
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

_MOST_KEPT = 10_000
_EVERYONE_SECONDS = 30.0
"""How long after a request for all members of a guild the next is refused.

Source: https://discord.com/developers/docs/change-log#introducing-rate-limit-when-requesting-all-guild-members
"""


class Session:
    """One session of the bot.  It outlives its connection; `send` is where the frames go while there is one.

    `lost_at` is when the last one ended, in monotonic seconds.
    """

    def __init__(
        self,
        world: World,
        faults: Faults,
        intent_bits: int,
        shard: tuple[int, int],
        *,
        sharded: bool,
        version: int = 10,
    ) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intent_bits
        self.shard = shard
        self.sharded = sharded
        self.version = version
        self.send: Callable[[str], None] | None = None
        self.lost_at = 0.0
        self.sequence = 0
        self.presence: Json | None = None
        self._world = world
        self._faults = faults
        self._everyone_asked: dict[str, float] = {}
        self._kept: deque[tuple[int, str]] = deque(maxlen=_MOST_KEPT)

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, and keep it for a replay."""
        self.sequence += 1
        data = self._faults.altered(name, data)
        frame = json.dumps({"op": 0, "t": name, "s": self.sequence, "d": data})
        self._kept.append((self.sequence, frame))
        if self.send:
            self.send(frame)

    def can_replay(self, after: int) -> bool:
        """Return whether everything after a sequence number is still kept."""
        oldest = self._kept[0][0] if self._kept else 1
        return oldest - 1 <= after <= self.sequence

    def replay(self, after: int) -> None:
        """Send again what came after a sequence number, and RESUMED."""
        for number, frame in list(self._kept):
            if number > after and self.send:
                self.send(frame)
        self.dispatch("RESUMED", {})

    def repeat(self, name: str) -> None:
        """Send the last event of a name once more, as Discord at times does."""
        frames = [frame for _, frame in self._kept if json.loads(frame)["t"] == name]
        if self.send:
            self.send(frames[-1])

    def start(self, gateway_url: str) -> None:
        """Send READY and the guilds of the shard."""
        world = self._world
        guilds = [guild for guild in world.bot_guilds if self.has(guild)]
        flags = intents.application_flags(message_content=self._faults.message_content)
        ready: Json = {
            "v": self.version,
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
            "application": {"id": world.bot.id, "flags": flags, "flags_new": str(flags)},
        }
        if self.sharded:
            ready["shard"] = list(self.shard)
        self.dispatch("READY", ready)
        if self.intents & intents.GUILDS:
            for guild in guilds:
                if guild.unavailable:
                    self.dispatch("GUILD_DELETE", {"id": guild.id, "unavailable": True})
                else:
                    self.dispatch("GUILD_CREATE", self.guild_wire(guild))

    def has(self, guild: Guild) -> bool:
        """Return whether a guild's events come to this shard."""
        return guild.shard(self.shard[1]) == self.shard[0]

    def guild_wire(self, guild: Guild) -> Json:
        """Return what GUILD_CREATE carries; all members only with both intents on them."""
        world = self._world
        both = intents.MEMBERS | intents.PRESENCES
        everyone = self.intents & both == both
        here = [channel for channel in world.channels.values() if channel.guild_id == guild.id]
        threads = [thread for thread in here if thread.thread and not thread.thread.archived]
        mine = world.bot.id
        return guild.wire() | {
            "joined_at": guild.members[mine].wire()["joined_at"],
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "voice_states": [member.seat_wire() for member in guild.seated],
            "members": [
                member.wire()
                for member in guild.members.values()
                if everyone or member.user.id == mine or member.voice_channel_id
            ],
            "channels": [channel.wire() for channel in here if not channel.thread],
            "threads": [thread.wire() for thread in threads if world.may(thread, mine, "VIEW_CHANNEL")],
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
        # Discord tells the bot of itself without the intent for members.
        if needed is not None and not self.intents & needed and not self._updates_bot(event):
            return
        if self._may_hear(event, guild):
            self.dispatch(event.name, self._readable(event, guild))

    def _is_at(self, event: Event, guild: Guild | None) -> bool:
        if guild and guild.unavailable:
            return False
        if event.channel:
            return self._world.bot_at(event.channel)
        return guild is None or self._world.bot_in(guild)

    def _may_hear(self, event: Event, guild: Guild | None) -> bool:
        """Return whether the bot may hear of an event where that takes more than an intent."""
        if event.name.startswith("GUILD_BAN_") and guild:
            return self._may_see_bans(guild)
        if event.name == "THREAD_MEMBERS_UPDATE" and not (
            self.intents & intents.MEMBERS or self._is_about_bot(event)
        ):
            return False
        is_private = event.name.startswith(("MESSAGE_", "THREAD_", "TYPING_"))
        place = event.channel if is_private else None
        return place is None or self._world.may(place, self._world.bot.id, "VIEW_CHANNEL")

    def _updates_bot(self, event: Event) -> bool:
        return event.name == "GUILD_MEMBER_UPDATE" and bool(event.data["user"]["id"] == self._world.bot.id)

    def _is_about_bot(self, event: Event) -> bool:
        """Return whether the bot itself has come into a thread, or left it."""
        added = [member["user_id"] for member in event.data.get("added_members", [])]
        return self._world.bot.id in {*added, *event.data.get("removed_member_ids", [])}

    def _may_see_bans(self, guild: Guild) -> bool:
        granted = permissions.of_roles(guild, guild.members[self._world.bot.id])
        return bool(granted & permissions.bits(("BAN_MEMBERS", "VIEW_AUDIT_LOG")))

    def send_members(self, query: MemberQuery) -> None:
        """Answer a request for guild members.

        Discord leaves one unanswered for a guild that the bot is not in, or for all members without their intent.
        """
        guild = self._world.guilds.get(query.guild_id)
        if guild is None or guild.unavailable or not self._world.bot_in(guild):
            return
        if query.everyone:
            if not self.intents & intents.MEMBERS:
                return
            if wait := self._wait_for_everyone(guild):
                meta = {"guild_id": guild.id} | ({"nonce": query.nonce} if query.nonce else {})
                self.dispatch("RATE_LIMITED", {"opcode": 8, "retry_after": round(wait, 3), "meta": meta})
                return
        for chunk in query.chunks(guild, self.intents):
            self.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def send_sounds(self, guild_ids: list[str]) -> None:
        """Answer a request for the sounds of guilds' soundboards: there are none."""
        for guild in self._world.bot_guilds:
            if guild.id in guild_ids:
                self.dispatch("SOUNDBOARD_SOUNDS", {"guild_id": guild.id, "soundboard_sounds": []})

    def _wait_for_everyone(self, guild: Guild) -> float:
        """Count a request for all members of a guild; return the seconds to wait before it may be made."""
        now = time.monotonic()
        wait = self._everyone_asked.get(guild.id, float("-inf")) + _EVERYONE_SECONDS - now
        if wait > 0:
            return wait
        self._everyone_asked[guild.id] = now
        return 0.0

    def _readable(self, event: Event, guild: Guild | None) -> Any:
        if event.name == "GUILD_CREATE" and guild:
            joined = self.guild_wire(guild)
            if "unavailable" not in event.data:
                del joined["unavailable"]  # which is said of guilds that the bot has been in before
            return joined
        message = event.message
        if message is None or event.name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
            return event.data
        if self.intents & intents.MESSAGE_CONTENT and self._faults.message_content:
            return event.data
        return message.blanked(event.data, self._world, self._world.bot.id)
