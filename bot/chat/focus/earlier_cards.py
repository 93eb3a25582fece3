"""Earlier cards of sessions: which of them nobody needs any more."""

import discord
from discord.ext import commands

from bot.chat.runtime.client import Client
from bot.domain.focus.session import Session
from bot.service.live_sessions import LiveSessions

# How many cards are remembered, the newest.
_KEPT = 10_000
# Discord's flag of a message on which there is a thread.
_HAS_THREAD = 1 << 5


class EarlierCards(commands.Cog):
    """Tracks which cards were replied to, pinned or given a thread: those stay.

    It can vouch only for cards that it saw posted, in the same gateway session: a resumed session replays what was
    missed, a new one does not.
    """

    def __init__(self, client: Client, live_sessions: LiveSessions) -> None:
        self._client = client
        self._live_sessions = live_sessions
        self._unused: dict[int, None] = {}

    def is_unused(self, session: Session, message_id: int) -> bool:
        """Return whether a card is certainly unused; False if that is unknown."""
        guild = self._client.get_guild(session.timer.guild_id or 0)
        return message_id in self._unused and not self._client.is_lost(guild.shard_id if guild else 0)

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Forget all cards: events about them may have been missed before this gateway session."""
        self._unused.clear()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Note our own messages where a session is held, and messages that refer to them."""
        if self._client.user and message.author.id == self._client.user.id:
            if self._live_sessions.in_place(message.channel.id):
                self._unused[message.id] = None
                if len(self._unused) > _KEPT:
                    del self._unused[next(iter(self._unused))]
        elif message.reference and message.reference.message_id:
            self._unused.pop(message.reference.message_id, None)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Note that a message was pinned, or given a thread."""
        if event.data.get("pinned") or event.data.get("flags", 0) & _HAS_THREAD:
            self._unused.pop(event.message_id, None)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Note a thread on a message: both have the same id."""
        self._unused.pop(thread.id, None)
