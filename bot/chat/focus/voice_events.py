"""Events of linked voice channels: people come, go, and mute themselves."""

import asyncio
from collections.abc import Awaitable, Callable

import discord
import structlog
from discord.ext import commands

from bot.chat.focus.voice_channels import VoiceChannel, occupants
from bot.domain.errors import NotSaved
from bot.service.presence import Presence
from bot.service.voice import Voice

_log = structlog.get_logger(__name__)


class VoiceEvents(commands.Cog):
    """Handles voice events, one at a time."""

    def __init__(self, voice: Voice, presence: Presence) -> None:
        self._voice = voice
        self._presence = presence
        self._turn = asyncio.Lock()
        self._closed = False

    async def cog_unload(self) -> None:
        """Ignore further events, and wait for the current one to be saved: the database closes next."""
        self._closed = True
        async with self._turn:
            pass

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Let people in and out of linked sessions; muting oneself there, or not any more, is a sign."""
        if member.bot:
            return
        if before.channel == after.channel:
            has_acted = (before.self_mute, before.self_deaf) != (after.self_mute, after.self_deaf)
            if after.channel and has_acted:
                await self._presence.sign(member.id, after.channel.id)
            return
        came_from, went_to = (state.channel.id if state.channel else None for state in (before, after))
        await self._in_turn(lambda: self._voice.moved(member.id, came_from, went_to))
        if went_to:
            await self._presence.sign(member.id, went_to)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Catch up on who came and went while the bot or the server was away."""
        channels: list[VoiceChannel] = [*guild.voice_channels, *guild.stage_channels]
        await self._in_turn(lambda: self._voice.sync({channel.id: occupants(channel) for channel in channels}))

    async def _in_turn(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            if self._closed:
                return
            try:
                await work()
            except NotSaved:
                _log.warning("voice_change_not_saved")  # the next ``on_guild_available`` corrects it
