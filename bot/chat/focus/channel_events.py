"""Events in the channels of sessions: what people write, deletions, and who comes and goes in voice channels."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import discord
import structlog
from discord.ext import commands

from bot.chat.focus.voice_channels import VoiceChannel, occupants
from bot.chat.runtime.message_request import is_written
from bot.chat.runtime.request_cog import RequestCog
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.services import Services
from bot.domain.errors import NotSaved

_log = structlog.get_logger(__name__)


class ChannelEvents(RequestCog):
    """Handles events where a session goes on; anywhere else they cost a lookup. Those of voice go one at a time."""

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._voice, self._presence = services.focus.voice, services.focus.presence
        self._turn = asyncio.Lock()
        self._closed = False

    async def cog_load(self) -> None:
        """Load the sessions that go on. Raises ``DatabaseUnavailable``."""
        await self._services.focus.sessions.load()

    async def cog_unload(self) -> None:
        """Ignore voice events, and wait for the current one to be saved: the database closes next."""
        self._closed = True
        async with self._turn:
            pass

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Note that a person who writes in their session's channel is there."""
        if is_written(message):
            await self._presence.note_sign(message.author.id, message.channel.id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget a card that was deleted, so that nothing leads there."""
        await self._deleted(event.channel_id, [event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget cards that were deleted with others."""
        await self._deleted(event.channel_id, event.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Tell the participants of a session that was held there."""
        await self._services.focus.stranding.channel_gone(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Tell the participants of a session that was held there."""
        await self._services.focus.stranding.channel_gone(event.thread_id)

    async def _deleted(self, channel_id: int, message_ids: Collection[int]) -> None:
        try:
            await self._services.focus.sessions.forget_card(channel_id, message_ids)
        except NotSaved:
            _log.warning("card_not_forgotten")  # ``focus status`` looks for the card again

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
