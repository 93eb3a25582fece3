"""Events of linked voice channels: people come, go, and mute themselves."""

import asyncio
from collections.abc import Awaitable, Callable

import discord
import structlog
from discord.ext import commands

from bot.chat.focus.voice_channels import VoiceChannel, occupants
from bot.chat.runtime.request_cog import RequestCog
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.services import Services
from bot.domain.errors import NotSaved

_log = structlog.get_logger(__name__)


class VoiceEvents(RequestCog):
    """Handles voice events, one at a time."""

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._voice, self._presence = services.focus.voice, services.focus.presence
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
                await self._presence.note_sign(member.id, after.channel.id)
            return
        came_from = before.channel.id if before.channel else None
        went_to = after.channel.id if after.channel else None
        await self._in_turn(lambda: self._voice.moved(member.id, came_from, went_to))
        if went_to:
            await self._presence.note_sign(member.id, went_to)

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
