"""Talk: one request by one person, typed or pressed, and the way to answer it."""

import asyncio
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import discord
from discord import ui

from bot.chat import standing
from bot.chat.wire import in_time
from bot.domain.timer import Actor

# What a call to Discord raises when it failed but may be tried again.
PASSING = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
# Seconds before each further try of an answer that is a message.
_WAITS = (0.3, 1.0, 3.0)
_UNKNOWN_INTERACTION = 10062


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with an answer; ``alt`` says what a picture shows."""

    name: str
    content: bytes
    alt: str | None = None

    @property
    def file(self) -> discord.File:
        """Make what discord.py sends, anew for each try."""
        return discord.File(io.BytesIO(self.content), self.name, description=self.alt)


class Talk(Protocol):
    """Someone asked for something and is owed one answer."""

    actor: Actor
    request: str
    prefix: str
    private: bool
    guild: discord.Guild | None
    # Whether the bot is no member there: the person has brought it along, and it can answer for 15 minutes.
    is_elsewhere: bool

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there."""

    def sees(self, channel_id: int) -> bool:
        """Tell whether the person may look into a channel of this server."""

    @property
    def about_id(self) -> int | None:
        """The message that this one replies to."""

    @property
    def role_ids(self) -> Collection[int]:
        """The roles that the person has in this server."""

    @property
    def place_ids(self) -> Collection[int]:
        """The channel, and of a thread the one that it is in."""

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Give what the person may do in a channel of this server, and what the bot may; None for none such."""

    async def say(self, content: str) -> None:
        """Answer in words; unseen by others where Discord allows it."""

    async def think(self) -> None:
        """Say that the answer is on its way, where it takes longer than Discord waits for one."""

    async def tell(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer with a card, and files in it; unseen by others where Discord allows it."""

    async def tell_alone(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer with a card that nobody else sees. Raises ``discord.Forbidden`` where that cannot be."""

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
        self.guild = message.guild

        self.is_elsewhere = False

    @property
    def about_id(self) -> int | None:
        """The message that this one replies to."""
        reference = self._message.reference
        is_reply = reference is not None and reference.type is discord.MessageReferenceType.reply
        return reference.message_id if reference and is_reply else None

    @property
    def role_ids(self) -> Collection[int]:
        """The roles that the person has in this server."""
        return standing.role_ids(self._message.author)

    @property
    def place_ids(self) -> Collection[int]:
        """The channel, and of a thread the one that it is in."""
        return standing.place_ids(self._message.channel)

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there."""
        channel = self._message.channel
        if self.guild is None or isinstance(channel, discord.DMChannel | discord.GroupChannel):
            return True
        return standing.may_post(
            channel.permissions_for(self.guild.me), in_thread=isinstance(channel, discord.Thread)
        )

    def sees(self, channel_id: int) -> bool:
        """Tell whether the person may look into a channel of this server."""
        return standing.sees(self.guild, self._message.author, channel_id)

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Give what the person may do in a channel of this server, and what the bot may."""
        return standing.permissions(self.guild, self._message.author, channel_id)

    async def say(self, content: str) -> None:
        """Answer in words, as a reply; where the bot may not speak, to the person alone."""
        try:
            await self._reply(content=content)
        except discord.Forbidden:
            await _send(self._message.author, f"re{self._message.id}", content=content)

    async def think(self) -> None:
        """Do nothing: who has typed, waits for as long as it takes."""

    async def tell(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer with a card, as a reply; where the bot may not speak, to the person alone."""
        try:
            await self._reply(uploads=uploads, view=view)
        except discord.Forbidden:
            await self.tell_alone(view, uploads)

    async def tell_alone(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer by direct message. Raises ``discord.Forbidden`` where the person takes none."""
        await _send(self._message.author, f"re{self._message.id}", uploads=uploads, view=view)

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
        self.guild = interaction.guild
        is_guests = interaction.is_user_integration() and not interaction.is_guild_integration()
        self.is_elsewhere = is_guests and not interaction.context.dm_channel

    @property
    def about_id(self) -> int | None:
        """Nothing is replied to by an interaction."""
        return None

    @property
    def role_ids(self) -> Collection[int]:
        """The roles that the person has in this server."""
        return standing.role_ids(self.interaction.user)

    @property
    def place_ids(self) -> Collection[int]:
        """The channel, and of a thread the one that it is in."""
        return standing.place_ids(self.interaction.channel)

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there."""
        if self.guild is None or self.is_elsewhere:
            return not self.is_elsewhere
        in_thread = isinstance(self.interaction.channel, discord.Thread)
        return standing.may_post(self.interaction.app_permissions, in_thread=in_thread)

    def sees(self, channel_id: int) -> bool:
        """Tell whether the person may look into a channel of this server."""
        return standing.sees(self.guild, self.interaction.user, channel_id)

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Give what the person may do in a channel of this server, and what the bot may."""
        if channel_id == self.interaction.channel_id and self.guild:
            return self.interaction.permissions, self.interaction.app_permissions
        return standing.permissions(self.guild, self.interaction.user, channel_id)

    async def say(self, content: str) -> None:
        """Answer in words that only the person sees."""
        if self.interaction.response.is_done():
            await self.interaction.followup.send(content, ephemeral=True)
        else:
            await self.interaction.response.send_message(content, ephemeral=True)

    async def think(self) -> None:
        """Say that the answer is on its way; it is for the person alone."""
        is_command = self.interaction.type is discord.InteractionType.application_command
        await self.interaction.response.defer(ephemeral=True, thinking=is_command)

    async def tell(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer with a card that only the person sees."""
        files = [upload.file for upload in uploads]
        if self.interaction.response.is_done():
            await self.interaction.followup.send(view=view, files=files, ephemeral=True)
        else:
            await self.interaction.response.send_message(view=view, files=files, ephemeral=True)

    async def tell_alone(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer with a card that only the person sees."""
        await self.tell(view, uploads)

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

    async def acknowledge(self) -> None:
        """Answer a button by what comes of it: the card is redrawn in its turn."""
        await self.interaction.response.defer()

    async def ask(self, form: ui.Modal) -> None:
        """Answer a button with a form."""
        await self.interaction.response.send_modal(form)

    async def redraw(self, view: ui.LayoutView | ui.View | None, uploads: Sequence[Upload] | None = None) -> None:
        """Answer a button by giving its message another look (None takes the buttons away), and other files."""
        # Said again, since discord.py leaves the client's default out where only a view changes.
        look: dict[str, Any] = {"view": view, "allowed_mentions": discord.AllowedMentions.none()}
        if uploads is not None:
            look["attachments"] = [upload.file for upload in uploads]
        if self.interaction.response.is_done():
            await self.interaction.edit_original_response(**look)
        else:
            await self.interaction.response.edit_message(**look)


async def _send(channel: discord.abc.Messageable, nonce: str, uploads: Sequence[Upload] = (), **what: Any) -> int:
    """Post a message and give its id; a try that failed or hung is repeated with the same nonce: said once."""
    for wait in (*_WAITS, None):
        try:
            async with in_time():
                if uploads:
                    what["files"] = [upload.file for upload in uploads]
                return (await channel.send(**what, nonce=nonce)).id
        except PASSING:
            if wait is None:
                raise
            await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")
