"""Talk: one request by one person, typed or pressed, and the way to answer it."""

import asyncio
from typing import Any, Protocol

import aiohttp
import discord
from discord import ui

from bot.chat.wire import in_time
from bot.domain.timer import Actor

# What a call to Discord raises when it failed but may be tried again.
PASSING = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
# Seconds before each further try of an answer that is a message.
_WAITS = (0.3, 1.0, 3.0)
_UNKNOWN_INTERACTION = 10062


class Talk(Protocol):
    """Someone asked for something and is owed one answer."""

    actor: Actor
    request: str
    prefix: str
    private: bool

    async def say(self, content: str) -> None:
        """Answer in words; unseen by others where Discord allows it."""

    async def show(self, view: ui.LayoutView) -> int | None:
        """Answer with a card for all to see; give its message id where it is known."""


class Typed:
    """A command typed as a message."""

    def __init__(self, message: discord.Message, prefix: str) -> None:
        self._message = message
        author = message.author
        moderator = isinstance(author, discord.Member) and message.channel.permissions_for(author).manage_messages
        self.actor = Actor(
            author.id, message.guild.id if message.guild else None, message.channel.id, moderator=moderator
        )
        self.request = f"message:{message.id}"
        self.prefix = prefix
        self.private = message.guild is None

    async def say(self, content: str) -> None:
        """Answer in words, as a reply."""
        await self._reply(content=content)

    async def show(self, view: ui.LayoutView) -> int | None:
        """Answer with a card, as a reply."""
        return await self._reply(view=view)

    async def _reply(self, **what: Any) -> int:
        reference = self._message.to_reference(fail_if_not_exists=False)
        return await _send(self._message.channel, f"re{self._message.id}", reference=reference, **what)


class Pressed:
    """A slash command or a button: an interaction."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self.interaction = interaction
        moderator = interaction.guild_id is not None and interaction.permissions.manage_messages
        channel_id = interaction.channel_id or 0
        self.actor = Actor(interaction.user.id, interaction.guild_id, channel_id, moderator=moderator)
        self.request = f"interaction:{interaction.id}"
        self.prefix = "/"
        self.private = True

    async def say(self, content: str) -> None:
        """Answer in words that only the person sees."""
        if self.interaction.response.is_done():
            await self.interaction.followup.send(content, ephemeral=True)
        else:
            await self.interaction.response.send_message(content, ephemeral=True)

    async def show(self, view: ui.LayoutView) -> int | None:
        """Answer with a card; as a plain message where the three seconds for an answer are over."""
        if self.interaction.response.is_done():
            return (await self.interaction.followup.send(view=view, wait=True)).id
        try:
            return (await self.interaction.response.send_message(view=view)).message_id
        except discord.NotFound as error:
            channel = self.interaction.channel
            if error.code != _UNKNOWN_INTERACTION or not isinstance(channel, discord.abc.Messageable):
                raise
            return await _send(channel, f"in{self.interaction.id}", view=view)

    async def redraw(self, view: ui.LayoutView | ui.View | None) -> None:
        """Answer a button by giving its message another look (None takes the buttons away)."""
        # Said again, since discord.py leaves the client's default out where only a view changes.
        quiet = discord.AllowedMentions.none()
        await self.interaction.response.edit_message(view=view, allowed_mentions=quiet)


async def _send(channel: discord.abc.Messageable, nonce: str, **what: Any) -> int:
    """Post a message and give its id; a try that failed or hung is repeated with the same nonce: said once."""
    for wait in (*_WAITS, None):
        try:
            async with in_time():
                return (await channel.send(**what, nonce=nonce)).id
        except PASSING:
            if wait is None:
                raise
            await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")
