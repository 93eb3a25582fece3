"""Requests for a guild's members over the gateway (opcode 8).

Source: https://discord.com/developers/docs/events/gateway-events#request-guild-members
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.localdiscord import intents
from bot.localdiscord.snowflake import is_snowflake

if TYPE_CHECKING:
    from bot.localdiscord.guild import Guild, Member
    from bot.localdiscord.wire import Json

_MOST_NAMED = 100
_CHUNK = 1000
_LONGEST_NONCE = 32


@dataclass(slots=True, frozen=True)
class MemberQuery:
    """What is asked for: members by `user_ids`, or by how their names begin; all of them by the empty `prefix`."""

    guild_id: str
    user_ids: tuple[str, ...] | None
    prefix: str
    limit: int
    presences: bool
    nonce: str | None

    @classmethod
    def read(cls, data: Any) -> MemberQuery:
        """Read a request; raise ValueError where Discord rejects it."""
        data = data if isinstance(data, dict) else {}
        guild_id, ids, prefix, limit = (data.get(name) for name in ("guild_id", "user_ids", "query", "limit"))
        if isinstance(guild_id, list) and len(guild_id) == 1:
            guild_id = guild_id[0]
        if not _is_id(guild_id):
            raise ValueError("guild_id is no snowflake.")
        if ids is not None:
            ids = ids if isinstance(ids, list) else [ids]
        elif not isinstance(prefix, str) or type(limit) is not int or limit < 0:
            raise ValueError("It needs user_ids, or query and limit.")
        nonce = data.get("nonce")
        return cls(
            str(guild_id),
            None if ids is None else tuple(str(user_id) for user_id in ids),
            "" if ids is not None else str(prefix).lower(),
            0 if ids is not None else int(limit or 0),
            bool(data.get("presences")),
            nonce if isinstance(nonce, str) and len(nonce.encode()) <= _LONGEST_NONCE else None,
        )

    @property
    def everyone(self) -> bool:
        """Whether it asks for the whole list, which takes the intent for members."""
        return self.user_ids is None and not self.prefix

    def chunks(self, guild: Guild, intent_bits: int) -> list[Json]:
        """Return the data of the GUILD_MEMBERS_CHUNK events that answer it."""
        members, missing = self._find(guild)
        parts = [members[start : start + _CHUNK] for start in range(0, len(members), _CHUNK)] or [[]]
        common: Json = {"guild_id": guild.id, "chunk_count": len(parts)}
        if missing:
            common["not_found"] = missing
        if self.nonce:
            common["nonce"] = self.nonce
        if self.presences and intent_bits & intents.PRESENCES:
            common["presences"] = []
        return [
            common | {"members": [member.wire() for member in part], "chunk_index": index}
            for index, part in enumerate(parts)
        ]

    def _find(self, guild: Guild) -> tuple[list[Member], list[str]]:
        if self.user_ids is not None:
            ids = self.user_ids[:_MOST_NAMED]
            there = [guild.members[user_id] for user_id in dict.fromkeys(ids) if user_id in guild.members]
            return there, [user_id for user_id in ids if user_id not in guild.members]
        fitting = [member for member in guild.members.values() if _named(member, self.prefix)]
        if self.everyone:
            return fitting[: self.limit or None], []
        return fitting[: min(self.limit or _MOST_NAMED, _MOST_NAMED)], []


def _is_id(value: Any) -> bool:
    return isinstance(value, (int, str)) and is_snowflake(str(value))


def _named(member: Member, prefix: str) -> bool:
    names = member.user.username, member.user.global_name, member.nick
    return any(name.lower().startswith(prefix) for name in names if name)
