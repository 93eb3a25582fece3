"""Request: one request by one person, typed or pressed, and the way to answer it."""

import contextlib
from collections.abc import Awaitable, Collection, Sequence
from typing import Any, Protocol

import discord
from discord import ui

from bot.chat.runtime import permissions
from bot.chat.runtime.closed_doors import ClosedDoors, NoWayToAnswer
from bot.chat.runtime.final_answers import NO_HISTORY, PASSING
from bot.chat.runtime.interaction_answer import Answer
from bot.chat.runtime.sending import send
from bot.chat.runtime.upload import Upload
from bot.domain.timers.timer import Actor


class Request(Protocol):
    """Someone asked for something and is owed one answer."""

    actor: Actor
    key: str
    prefix: str
    private: bool
    guild: discord.Guild | None
    # Whether the bot is not a member there: it is user-installed, and can answer for 15 minutes.
    is_elsewhere: bool

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there."""

    def sees(self, channel_id: int) -> bool:
        """Return whether the person may view a channel of this server."""

    @property
    def about_id(self) -> int | None:
        """The message that this one replies to."""

    @property
    def role_ids(self) -> Collection[int]:
        """The ids of the person's roles in this server."""

    @property
    def place_ids(self) -> Collection[int]:
        """The channel's id, and for a thread its parent's too."""

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Return the permissions of the person and of the bot in a channel of this server; None if none such."""

    async def say(self, content: str) -> None:
        """Answer with text; ephemeral where Discord allows it."""

    async def think(self) -> None:
        """Defer the answer, where it takes longer than Discord waits for one."""

    async def tell(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer with a card and the files in it; ephemeral where Discord allows it."""

    async def tell_alone(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer with a card that nobody else sees; ``part`` numbers several.

        Raises ``discord.Forbidden`` where that is not possible.
        """

    async def show(self, view: ui.LayoutView) -> int | None:
        """Answer with a card for all to see; return its message id if known."""


class MessageRequest:
    """A command typed as a message.

    Where the bot knows that it may not post, it does not try: one server could use up the invalid requests of all.
    """

    def __init__(self, message: discord.Message, prefix: str, doors: ClosedDoors) -> None:
        self._message = message
        self._doors = doors
        author = message.author
        can_manage = isinstance(author, discord.Member) and message.channel.permissions_for(author).manage_messages
        self.actor = Actor(
            author.id, message.guild.id if message.guild else None, message.channel.id, can_manage=can_manage
        )
        self.key = f"message:{message.id}"
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
        """The ids of the person's roles in this server."""
        return permissions.role_ids(self._message.author)

    @property
    def place_ids(self) -> Collection[int]:
        """The channel's id, and for a thread its parent's too."""
        return permissions.place_ids(self._message.channel)

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there."""
        channel = self._message.channel
        if self.guild is None or isinstance(channel, discord.DMChannel | discord.GroupChannel):
            return True
        return permissions.may_post(
            channel.permissions_for(self.guild.me), in_thread=isinstance(channel, discord.Thread)
        )

    def sees(self, channel_id: int) -> bool:
        """Return whether the person may view a channel of this server."""
        return permissions.sees(self.guild, self._message.author, channel_id)

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Return the permissions of the person and of the bot in a channel of this server."""
        return permissions.of(self.guild, self._message.author, channel_id)

    async def say(self, content: str) -> None:
        """Reply with text; where the bot may not post, by direct message."""
        try:
            await self._reply(content=content)
        except (discord.Forbidden, NoWayToAnswer):
            await self._send_alone(content=content)

    async def think(self) -> None:
        """Do nothing: a typed command can wait for as long as it takes."""

    async def tell(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Reply with a card; where the bot may not post, by direct message."""
        try:
            await self._reply(uploads=uploads, view=view)
        except (discord.Forbidden, NoWayToAnswer):
            await self.tell_alone(view, uploads)

    async def tell_alone(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer by direct message. Raises ``discord.Forbidden`` or ``NoWayToAnswer`` where it is refused."""
        await self._send_alone(part, uploads=uploads, view=view)

    async def show(self, view: ui.LayoutView) -> int | None:
        """Reply with a card."""
        return await self._reply(view=view)

    async def _send_alone(self, part: int = 0, **what: Any) -> None:
        author = self._message.author
        if self._doors.is_closed(author.id):
            raise NoWayToAnswer
        try:
            await send(author, _numbered(f"re{self._message.id}", part), **what)
        except discord.Forbidden:
            self._doors.refused(author.id)
            raise

    async def _reply(self, **what: Any) -> int:
        if not self.can_post:
            raise NoWayToAnswer
        channel, nonce = self._message.channel, f"re{self._message.id}"
        try:
            reference = self._message.to_reference(fail_if_not_exists=False)
            return await send(channel, nonce, reference=reference, **what)
        except discord.HTTPException as refused:
            if refused.code != NO_HISTORY:
                raise
            return await send(channel, nonce, **what)


class InteractionRequest:
    """A slash command or a button: an interaction."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self.interaction = interaction
        self._answer = Answer()
        self._nonce = f"in{interaction.id}"
        can_manage = interaction.guild_id is not None and interaction.permissions.manage_messages
        channel_id = interaction.channel_id or 0
        self.actor = Actor(interaction.user.id, interaction.guild_id, channel_id, can_manage=can_manage)
        self.key = f"interaction:{interaction.id}"
        self.prefix = "/"
        self.private = True
        self.guild = interaction.guild
        is_guests = interaction.is_user_integration() and not interaction.is_guild_integration()
        self.is_elsewhere = is_guests and not interaction.context.dm_channel

    @property
    def about_id(self) -> int | None:
        """None: an interaction replies to nothing."""
        return None

    @property
    def role_ids(self) -> Collection[int]:
        """The ids of the person's roles in this server."""
        return permissions.role_ids(self.interaction.user)

    @property
    def place_ids(self) -> Collection[int]:
        """The channel's id, and for a thread its parent's too."""
        return permissions.place_ids(self.interaction.channel)

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there."""
        if self.guild is None or self.is_elsewhere:
            return not self.is_elsewhere
        in_thread = isinstance(self.interaction.channel, discord.Thread)
        return permissions.may_post(self.interaction.app_permissions, in_thread=in_thread)

    def sees(self, channel_id: int) -> bool:
        """Return whether the person may view a channel of this server."""
        return permissions.sees(self.guild, self.interaction.user, channel_id)

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Return the permissions of the person and of the bot in a channel of this server."""
        if channel_id == self.interaction.channel_id and self.guild:
            return self.interaction.permissions, self.interaction.app_permissions
        return permissions.of(self.guild, self.interaction.user, channel_id)

    async def say(self, content: str) -> None:
        """Answer with text that only the person sees."""
        await self._tell_them(content=content)

    async def think(self) -> None:
        """Defer the answer, which only the person sees."""
        is_command = self.interaction.type is discord.InteractionType.application_command
        await self._answer.give(lambda: self.interaction.response.defer(ephemeral=True, thinking=is_command))

    async def tell(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> None:
        """Answer with a card that only the person sees."""
        await self._tell_them(uploads, view=view)

    async def tell_alone(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer with a card that only the person sees."""
        await self._tell_them(uploads, part, view=view)

    async def show(self, view: ui.LayoutView) -> int | None:
        """Answer with a card; if that fails, as a plain message, and else by direct message."""
        try:
            if self.interaction.response.is_done():
                return (await self.interaction.followup.send(view=view, wait=True)).id
            answer = await self._answer.give(lambda: self.interaction.response.send_message(view=view))
            return answer.message_id if answer else (await self.interaction.original_response()).id
        except (discord.HTTPException, *PASSING):
            channel = self.interaction.channel
            if self.can_post and isinstance(channel, discord.abc.Messageable):
                with contextlib.suppress(discord.HTTPException):
                    return await send(channel, self._nonce, view=view)
            await send(self.interaction.user, self._nonce, view=view)
            return None

    async def _tell_them(self, uploads: Sequence[Upload] = (), part: int = 0, **what: Any) -> None:
        """Answer so that only the person sees it; by direct message where Discord rejects the answer."""
        response = self.interaction.response

        def respond() -> Awaitable[Any]:
            files = [upload.file for upload in uploads]
            return response.send_message(**what, files=files, ephemeral=True)

        try:
            if response.is_done():
                files = [upload.file for upload in uploads]
                await self.interaction.followup.send(**what, files=files, ephemeral=True)
            else:
                await self._answer.give(respond)
        except (discord.HTTPException, *PASSING):
            await send(self.interaction.user, _numbered(self._nonce, part), uploads=uploads, **what)

    async def acknowledge(self) -> None:
        """Answer a button without a message: its effect shows when the card is redrawn."""
        await self._answer.give(self.interaction.response.defer)

    async def ask(self, form: ui.Modal) -> None:
        """Answer a button with a form."""
        await self._answer.give(lambda: self.interaction.response.send_modal(form))

    async def redraw(self, view: ui.LayoutView | ui.View | None, uploads: Sequence[Upload] | None = None) -> None:
        """Answer a button by redrawing its message with this view (None removes the buttons) and these files."""

        def look() -> dict[str, Any]:
            # Repeated, since discord.py omits the client's default where only a view changes.
            options: dict[str, Any] = {"view": view, "allowed_mentions": discord.AllowedMentions.none()}
            return options if uploads is None else options | {"attachments": [upload.file for upload in uploads]}

        if self.interaction.response.is_done():
            await self.interaction.edit_original_response(**look())
        else:
            await self._answer.give(lambda: self.interaction.response.edit_message(**look()))


def _numbered(nonce: str, part: int) -> str:
    """Return the nonce of one of several messages: Discord treats messages with equal nonces as one."""
    return f"{nonce}-{part}" if part else nonce
