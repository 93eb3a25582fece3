"""Linked voice channels: who sits in one is in the session, and who goes has left it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import discord
import structlog
from discord.ext import commands

from bot.chat.client import Client
from bot.chat.voice import VoiceChannel, occupants
from bot.domain.errors import NotSaved
from bot.service.sessions import Sessions

_log = structlog.get_logger(__name__)


class Voice(commands.Cog):
    """Hears who comes and goes, one after the other."""

    def __init__(self, client: Client, sessions: Sessions) -> None:
        self._client = client
        self._sessions = sessions
        self._turn = asyncio.Lock()
        self._closed = False

    async def cog_unload(self) -> None:
        """Hear nothing more, and let what was heard be written down, before the database is closed."""
        self._closed = True
        async with self._turn:
            pass

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Let them in and out."""
        if member.bot or before.channel == after.channel:
            return
        came_from, went_to = (state.channel.id if state.channel else None for state in (before, after))
        await self._in_turn(lambda: self._sessions.moved_in_voice(member.id, came_from, went_to))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """See who came and went while the bot was away."""
        await self._look_round(self._client.guilds)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """See who came and went while the server was away."""
        await self._look_round([guild])

    async def _look_round(self, guilds: Iterable[discord.Guild]) -> None:
        channels: list[VoiceChannel] = []
        for guild in guilds:
            channels += [*guild.voice_channels, *guild.stage_channels]
        await self._in_turn(lambda: self._sessions.found_in_voice({one.id: occupants(one) for one in channels}))

    async def _in_turn(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            if self._closed:
                return
            try:
                await work()
            except NotSaved:
                _log.warning("voice_passed_over")  # the next look round mends it
