"""Events in the channels of sessions: what people write, and deletions of cards and of the channel itself."""

from collections.abc import Collection

import discord
import structlog
from discord.ext import commands

from bot.chat.runtime.message_request import is_written
from bot.chat.runtime.request_cog import RequestCog
from bot.domain.errors import NotSaved

_log = structlog.get_logger(__name__)


class ChannelEvents(RequestCog):
    """Handles events where a session goes on; anywhere else they cost a dictionary lookup."""

    async def cog_load(self) -> None:
        """Load the sessions that go on. Raises ``DatabaseUnavailable``."""
        await self._services.focus.sessions.load()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Note that a person who writes in their session's channel is there."""
        if is_written(message):
            await self._services.focus.presence.note_sign(message.author.id, message.channel.id)

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
