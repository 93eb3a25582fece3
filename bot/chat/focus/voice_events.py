"""Linked voice channels: joining one joins its session, leaving it leaves."""

import asyncio
from collections.abc import Awaitable, Callable

import discord
import structlog
from discord.ext import commands

from bot.chat.focus.voice import VoiceChannel, occupants
from bot.domain.errors import NotSaved
from bot.service.sessions import Sessions

_log = structlog.get_logger(__name__)


class Voice(commands.Cog):
    """Handles voice events, one at a time."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._turn = asyncio.Lock()
        self._closed = False

    async def cog_unload(self) -> None:
        """Take no more events, and let the current one be saved before the database is closed."""
        self._closed = True
        async with self._turn:
            pass

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Let people in and out of linked sessions."""
        if member.bot or before.channel == after.channel:
            return
        came_from, went_to = (state.channel.id if state.channel else None for state in (before, after))
        await self._in_turn(lambda: self._sessions.moved_in_voice(member.id, came_from, went_to))

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Catch up on who came and went while the bot or the server was away."""
        channels: list[VoiceChannel] = [*guild.voice_channels, *guild.stage_channels]
        await self._in_turn(
            lambda: self._sessions.found_in_voice({channel.id: occupants(channel) for channel in channels})
        )

    async def _in_turn(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            if self._closed:
                return
            try:
                await work()
            except NotSaved:
                _log.warning("voice_passed_over")  # the next ``on_guild_available`` corrects it
