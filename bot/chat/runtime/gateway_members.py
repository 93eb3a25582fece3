"""Members: asks the gateway who is in a server now, see ``service.members.Members``.

Without the members intent Discord does not report that a member left or lost a role: the cache proves nothing.
Requests by id need no privileged intent; each is for one server and at most a hundred members.
Source: https://discord.com/developers/docs/events/gateway-events#request-guild-members
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
import structlog
from discord.utils import snowflake_time

from bot.chat.runtime.client import Client
from bot.chat.runtime.final_answers import FAILURES
from bot.chat.runtime.http_trace import request_timeout
from bot.chat.runtime.ids import is_id
from bot.chat.runtime.permissions import is_open, may_post, may_read
from bot.domain.rights import LEFT, Rights
from bot.engine.clock import Clock
from bot.service.members import AHEAD, CONNECTING, JUST_NOW, Members

_log = structlog.get_logger(__name__)

# Ids that Discord takes in one request; one of them is the bot's own.
_MOST = 100 - 1
# Seconds to wait for an answer, as an interaction has three in all; and between looks for a gateway that comes up.
_ANSWER, _LOOK = 1.5, 0.05
# How many answers are kept.
_KEPT = 10_000
# Discord's code for a person who is not in a thread.
_NO_MEMBER = 10007


@dataclass(slots=True)
class _Question:
    """Members of one server that several callers ask for at the same moment."""

    user_ids: set[int] = field(default_factory=set)
    asking: asyncio.Task[None] | None = None


class GatewayMembers(Members):
    """Asks by the gateway, and keeps each answer for as long as a caller may use it.

    With the members intent, members in discord.py's cache count while the gateway is connected.
    """

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        # When each person was asked for, in monotonic seconds, and the result; None if they have left. An answer
        # may take a while: what it says was so at some moment after that.
        self._answers: dict[tuple[int, int], tuple[float, discord.Member | None]] = {}
        # The same for whether people are in a private thread.
        self._in_thread: dict[tuple[int, int], tuple[float, bool]] = {}
        self._questions: dict[int, _Question] = {}
        # When Discord reported a person as not found in a server, in monotonic seconds.
        self._not_found: dict[tuple[int, int], float] = {}
        self._parse_chunk = client.parsers["GUILD_MEMBERS_CHUNK"]
        client.parsers["GUILD_MEMBERS_CHUNK"] = self._read_chunk
        self._parse_interaction = client.parsers["INTERACTION_CREATE"]
        client.parsers["INTERACTION_CREATE"] = self._read_interaction

    def known(self, guild_id: int, user_ids: Collection[int], max_age: float = AHEAD) -> Mapping[int, bool]:
        """Return whether each is a member of the server, from earlier answers only."""
        return _are_there(self._known(guild_id, user_ids, self._clock.monotonic() - max_age))

    async def present(
        self, guild_id: int, user_ids: Collection[int], max_age: float = JUST_NOW, connecting: float = 0.0
    ) -> Mapping[int, bool]:
        """Return whether each is a member of the server; unknown ones are left out."""
        await self._wait_for_gateway(guild_id, connecting)
        return _are_there(await self._members(guild_id, user_ids, max_age))

    async def names(self, guild_id: int, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return the members' names in the server, without unknown members."""
        members = await self._members(guild_id, user_ids, AHEAD)
        return {user_id: member.display_name for user_id, member in members.items() if member}

    async def rights(
        self,
        guild_id: int,
        channel_id: int,
        user_ids: Collection[int],
        max_age: float = JUST_NOW,
        connecting: float = 0.0,
    ) -> Mapping[int, Rights]:
        """Return what each may do in a channel; unknown ones are left out."""
        await self._wait_for_gateway(guild_id, connecting)
        members = await self._members(guild_id, user_ids, max_age, asks_for_gone=True)
        rights = {user_id: LEFT for user_id, member in members.items() if member is None}
        there = [member for member in members.values() if member is not None]
        channel = await self._channel(guild_id, channel_id) if there else None
        if channel is None:
            return rights
        for member in there:
            allowed = channel.permissions_for(member)
            is_inside: bool | None = True
            if isinstance(channel, discord.Thread) and channel.is_private() and not allowed.manage_threads:
                is_inside = await self._is_in(channel, member.id, max_age)
            if is_inside is not None:
                rights[member.id] = Rights(
                    sees=may_read(allowed, channel) and is_inside,
                    posts=may_post(allowed, channel) and is_inside,
                    mentions_everyone=allowed.mention_everyone and is_inside,
                    role_ids=frozenset(role.id for role in member.roles),
                    open_role_ids=frozenset(role.id for role in channel.guild.roles if role.mentionable),
                )
        return rights

    async def unable_to_see(
        self, guild_id: int, channel_id: int, user_ids: Collection[int], *, may_wait: bool
    ) -> Mapping[int, Rights]:
        """Return those who cannot see a channel. Discord is asked only where it is hidden from some members.

        Departures are checked ahead, see ``service.lookahead``.
        """
        if may_wait:
            await self.present(guild_id, user_ids, AHEAD, CONNECTING)
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel_or_thread(channel_id) if guild else None
        if channel is not None and is_open(channel):
            return {user_id: LEFT for user_id, is_there in self.known(guild_id, user_ids).items() if not is_there}
        rights = await self.rights(guild_id, channel_id, user_ids, AHEAD)
        return {user_id: theirs for user_id, theirs in rights.items() if not theirs.sees}

    async def _members(
        self, guild_id: int, user_ids: Collection[int], max_age: float, *, asks_for_gone: bool = False
    ) -> dict[int, discord.Member | None]:
        """Return members by id, None for those who have left; unknown ones are left out.

        With ``asks_for_gone``, those who had left, and may be back, are asked for again; they count as gone where
        Discord does not tell.
        """
        guild, now = self._guild(guild_id), self._clock.monotonic()
        if guild is None or not user_ids:
            return {}
        known = self._known(guild_id, user_ids, now - max_age)
        there = known
        if asks_for_gone and None in known.values():
            just_known = self._known(guild_id, user_ids, now - min(max_age, JUST_NOW))
            there = {user_id: member for user_id, member in known.items() if member or user_id in just_known}
        # Discord would close the connection for an invalid id.
        unknown = [user_id for user_id in user_ids if is_id(user_id) and user_id not in there]
        if not unknown:
            return known
        await self._ask(guild, unknown)
        return known | self._known(guild_id, unknown, now)

    def _known(self, guild_id: int, user_ids: Collection[int], since: float) -> dict[int, discord.Member | None]:
        """Return members by id as far as they were asked for ``since`` then, None for those who have left."""
        guild = self._guild(guild_id)
        if guild is None:
            return {}
        answers = {user_id: self._answers.get((guild_id, user_id)) for user_id in user_ids}
        fresh = {user_id: answer[1] for user_id, answer in answers.items() if answer and answer[0] >= since}
        if not self._client.intents.members:
            return fresh
        # discord.py keeps members up to date.
        return fresh | {user_id: member for user_id in user_ids if (member := guild.get_member(user_id))}

    def _guild(self, guild_id: int) -> discord.Guild | None:
        """Return a server that is there, and whose gateway is connected."""
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable or self._client.is_lost(guild.shard_id):
            return None
        return guild

    async def _wait_for_gateway(self, guild_id: int, seconds: float) -> None:
        """Wait while the gateway is just coming up, as after a start."""
        for look in range(round(seconds / _LOOK)):
            if self._guild(guild_id) or not self._client.is_connecting(seconds):
                return
            if not look:
                _log.info("gateway_wait")
            await asyncio.sleep(_LOOK)

    async def _ask(self, guild: discord.Guild, user_ids: Iterable[int]) -> None:
        """Ask for members, together with concurrent callers that ask for others of the same server."""
        question = self._questions.setdefault(guild.id, _Question())
        question.user_ids.update(user_ids)
        if question.asking is None:
            question.asking = asyncio.create_task(self._send(guild, question), name=f"members-{guild.id}")
        await asyncio.shield(question.asking)

    async def _send(self, guild: discord.Guild, question: _Question) -> None:
        await asyncio.sleep(0)  # for others to join
        del self._questions[guild.id]
        wanted = sorted(question.user_ids)
        for first in range(0, len(wanted), _MOST):
            chunk = wanted[first : first + _MOST]
            try:
                async with asyncio.timeout(_ANSWER):
                    await self._request(guild, chunk)
            except Exception as error:  # noqa: BLE001 - logged; those members are unknown
                # A caller waits for at most one missing answer.
                _log.warning("members_unknown", members=len(wanted) - first, error=type(error).__name__)
                return

    async def _request(self, guild: discord.Guild, user_ids: list[int]) -> None:
        me, asked_at = guild.me.id, self._clock.monotonic()
        asked = [me, *user_ids]
        answer = await guild.query_members(user_ids=asked, limit=len(asked), cache=self._client.intents.members)
        members = {member.id: member for member in answer}
        # discord.py gives an empty list where the connection is replaced: only an answer with the bot itself in it
        # comes from Discord.
        if me not in members:
            raise ConnectionError
        self._prune()
        for user_id in user_ids:
            # People neither in the answer nor listed as not found have not left: it may be incomplete.
            if user_id in members or self._not_found.get((guild.id, user_id), float("-inf")) >= asked_at:
                self._answers[guild.id, user_id] = asked_at, members.get(user_id)

    def _read_chunk(self, data: Any) -> None:
        """Note who was not found; discord.py ignores that field."""
        guild_id, now = int(data["guild_id"]), self._clock.monotonic()
        self._not_found |= {(guild_id, int(user_id)): now for user_id in data.get("not_found") or ()}
        self._parse_chunk(data)

    def _read_interaction(self, data: Any) -> None:
        """Note the member who sent an interaction: Discord includes them as of that moment."""
        self._parse_interaction(data)  # served from the event loop's next turn on
        guild = self._guild(int(data.get("guild_id") or 0))
        if guild and "member" in data:
            member = discord.Member(data=data["member"], guild=guild, state=guild._state)  # noqa: SLF001 - as it does
            # Interactions missed while the connection was lost arrive late.
            age = max(0.0, (self._clock.now() - snowflake_time(int(data["id"]))).total_seconds())
            self._prune()
            self._answers[guild.id, member.id] = self._clock.monotonic() - age, member

    def _prune(self) -> None:
        """Forget the answers that nobody may use any more; all of them where there are too many."""
        if len(self._answers) + len(self._in_thread) + len(self._not_found) < _KEPT:
            return
        since = self._clock.monotonic() - AHEAD
        self._not_found = {who: at for who, at in self._not_found.items() if at >= since}
        self._answers = {who: answer for who, answer in self._answers.items() if answer[0] >= since}
        self._in_thread = {who: answer for who, answer in self._in_thread.items() if answer[0] >= since}
        if len(self._answers) + len(self._in_thread) >= _KEPT:
            self._answers.clear()
            self._in_thread.clear()
            self._not_found.clear()

    async def _channel(self, guild_id: int, channel_id: int) -> discord.abc.GuildChannel | discord.Thread | None:
        """Return a channel; an archived thread, which discord.py forgets, is fetched."""
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel_or_thread(channel_id) if guild else None
        if channel is None:
            try:
                async with request_timeout():
                    fetched = await self._client.fetch_channel(channel_id)
            except FAILURES as error:
                _log.info("channel_unknown", error=type(error).__name__)
                return None
            channel = fetched if isinstance(fetched, discord.abc.GuildChannel | discord.Thread) else None
        if channel is None or channel.guild.id != guild_id:
            return None
        return None if isinstance(channel, discord.Thread) and channel.parent is None else channel

    async def _is_in(self, thread: discord.Thread, user_id: int, max_age: float) -> bool | None:
        """Return whether somebody is in a private thread; None if that is unknown."""
        now = self._clock.monotonic()
        answer = self._in_thread.get((thread.id, user_id))
        if answer is None or answer[0] < now - max_age:
            try:
                async with request_timeout():
                    await thread.fetch_member(user_id)
            except FAILURES as error:
                if not isinstance(error, discord.NotFound) or error.code != _NO_MEMBER:
                    _log.warning("members_unknown", members=1, error=type(error).__name__)
                    return None
                answer = now, False
            else:
                answer = now, True
            self._in_thread[thread.id, user_id] = answer
        return answer[1]


def _are_there(members: Mapping[int, discord.Member | None]) -> dict[int, bool]:
    return {user_id: member is not None for user_id, member in members.items()}
