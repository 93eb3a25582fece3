"""Request: one request by one person, and the way to answer an interaction; ``message_request`` has the other."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Collection, Sequence
from typing import Any

import discord
from discord import ui

from bot.chat.runtime import permissions
from bot.chat.runtime.deleted import reword
from bot.chat.runtime.final_answers import PASSING, OutcomeUnknown, is_shut
from bot.chat.runtime.interaction_answer import Answer
from bot.chat.runtime.send_once import numbered, send
from bot.chat.runtime.upload import Upload, redrawn
from bot.domain.errors import UserError
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_, Template


class Request(ABC):
    """Someone asked for something and is owed one answer.

    ``about_id`` is the message that it replies to, or is about. ``is_user_install``: the bot is not a member there,
    only installed by the person, and can answer for 15 minutes.
    """

    is_user_install = False
    # Whether the person may write there.
    may_write = True
    about_id: int | None = None
    key: str
    # Whether the answer is for the person alone to see, beside a question that stays.
    is_alone = False
    # Whether it passed the user rate limiter, and which command lists what its line may change.
    is_admitted = False
    list_command = ""

    def __init__(
        self,
        person: discord.User | discord.Member,
        actor: Actor,
        guild: discord.Guild | None,
        channel: Any,
        prefix: str,
        *,
        private: bool,
    ) -> None:
        self._person = person
        self._channel = channel
        self.actor = actor
        self.guild = guild
        self.prefix = prefix
        self.private = private

    @property
    def role_ids(self) -> Collection[int]:
        """The ids of the person's roles in this server."""
        if not isinstance(self._person, discord.Member) or self._person.guild.unavailable:
            return set()
        return {role.id for role in self._person.roles}

    @property
    def place_ids(self) -> Collection[int]:
        """The channel's id, and for a thread its parent's too."""
        ids = (getattr(self._channel, "id", None), getattr(self._channel, "parent_id", None))
        return {place_id for place_id in ids if place_id is not None}

    @property
    def readers_in(self) -> int | None:
        """The channel where others read the answer; None if nobody else does."""
        return None if self.private else self.actor.channel_id

    @property
    @abstractmethod
    def can_post(self) -> bool:
        """Whether the bot may write messages there, as far as is known."""

    def must_write(self, example: str = "remind me 20m stretch") -> None:
        """Raise ``UserError`` if the person may not write: a slash command or a button works there too."""
        if not self.may_write:
            raise UserError(N_("You can't post in this channel, so I can't post that here for you."), example)

    def must_be_in_server(self, refused: Template, example: str) -> int:
        """Return the server's id. Raises ``UserError``, in a server that the bot is no member of as well."""
        if self.actor.guild_id is None or self.is_user_install:
            raise UserError(refused, example)
        return self.actor.guild_id

    def sees(self, channel_id: int) -> bool:
        """Return whether the person may view a channel; private threads not, as their members are unknown here."""
        channel = self.guild and self.guild.get_channel_or_thread(channel_id)
        if isinstance(channel, discord.Thread) and channel.is_private():
            return False
        allowed = permissions.known(channel, self._person)
        return allowed is not None and allowed.view_channel

    def may_mention_channel(self, channel_id: int) -> bool:
        """Return whether the answer may mention a channel: the person sees it, and so do all its readers."""
        channel = self.guild.get_channel_or_thread(channel_id) if self.guild else None
        if channel is None or not self.sees(channel_id):
            return False
        return self.readers_in is None or permissions.is_seen_from(channel, self.readers_in)

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Return the permissions of the person and of the bot in a channel of this server; None if none such."""
        channel = self.guild and self.guild.get_channel_or_thread(channel_id)
        me = self.guild.me if self.guild else None
        theirs, ours = permissions.known(channel, self._person), permissions.known(channel, me)
        return (theirs, ours) if theirs is not None and ours is not None else None

    @abstractmethod
    async def reply(self, content: str) -> None:
        """Answer with text; ephemeral where Discord allows it."""

    @abstractmethod
    async def defer(self) -> None:
        """Defer the answer, where it takes longer than Discord waits for one."""

    @abstractmethod
    async def reply_with(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> int | None:
        """Answer with a card and files, ephemeral where possible; return its message id if it can be edited."""

    @abstractmethod
    async def reply_privately(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer with a card that only they see; ``part`` numbers several."""

    @abstractmethod
    async def post(self, view: ui.LayoutView) -> int | None:
        """Answer with a card for all to see; return its message id if known."""


class InteractionRequest(Request):
    """A slash command or a button: an interaction."""

    def __init__(self, interaction: discord.Interaction) -> None:
        can_manage = interaction.guild_id is not None and interaction.permissions.manage_messages
        channel_id = interaction.channel_id or 0
        actor = Actor(interaction.user.id, interaction.guild_id, channel_id, can_manage=can_manage)
        super().__init__(interaction.user, actor, interaction.guild, interaction.channel, "/", private=True)
        self.interaction = interaction
        self._answer = Answer(interaction)
        self._nonce = f"in{interaction.id}"
        self.key = f"interaction:{interaction.id}"
        is_only_theirs = interaction.is_user_integration() and not interaction.is_guild_integration()
        self.is_user_install = is_only_theirs and not interaction.context.dm_channel
        self.may_write = interaction.guild_id is None or permissions.may_post(
            interaction.permissions, interaction.channel
        )

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there."""
        if self.guild is None or self.is_user_install:
            return not self.is_user_install
        return permissions.may_post(self.interaction.app_permissions, self._channel)

    def permissions(self, channel_id: int) -> tuple[discord.Permissions, discord.Permissions] | None:
        """Return the permissions of the person and of the bot in a channel; Discord sends those of this channel."""
        if channel_id == self.interaction.channel_id and self.guild:
            return self.interaction.permissions, self.interaction.app_permissions
        return super().permissions(channel_id)

    @property
    def seen_in(self) -> int | None:
        """The channel where others see what was pressed; None if nobody else does."""
        message = self.interaction.message
        is_private = self.interaction.guild_id is None or message is None or message.flags.ephemeral
        return None if is_private else self.actor.channel_id

    async def reply(self, content: str) -> None:
        """Answer with text that only the person sees."""
        await self._reply_ephemerally(content=content)

    async def defer(self) -> None:
        """Defer the answer, which only the person sees."""
        is_command = self.interaction.type is discord.InteractionType.application_command
        await self._defer(as_message=is_command)

    async def reply_with(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> int | None:
        """Answer with a card that only the person sees."""
        await self._reply_ephemerally(uploads, view=view)
        return None

    async def reply_privately(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer with a card that only the person sees."""
        await self._reply_ephemerally(uploads, part, view=view)

    async def post(self, view: ui.LayoutView) -> int | None:
        """Answer with a card; as a plain message where that fails or came before, and else by direct message."""
        await reword(self.interaction.client, {"view": view})
        interaction = self.interaction
        try:
            if not self._answer.is_given:
                return await self._answer.give(lambda: interaction.response.send_message(view=view))
            if not self.can_post:
                return await self._answer.follow(lambda: interaction.followup.send(view=view, wait=True))
        except OutcomeUnknown:
            raise
        except (discord.HTTPException, *PASSING):
            pass
        if self.can_post and isinstance(self._channel, discord.abc.Messageable):
            try:
                return await send(self._channel, self._nonce, view=view, reference=self._pressed())
            except discord.HTTPException as refused:
                if not is_shut(refused):
                    raise
        await send(interaction.user, self._nonce, view=view)
        return None

    def _pressed(self) -> discord.MessageReference | None:
        """Return a reference to the message with what was pressed, if others see it."""
        message = self.interaction.message
        if message is None or message.flags.ephemeral:
            return None
        return message.to_reference(fail_if_not_exists=False)

    async def _reply_ephemerally(self, uploads: Sequence[Upload] = (), part: int = 0, **what: Any) -> None:
        """Answer so that only the person sees it; by direct message where Discord rejects the answer."""
        interaction, answer = self.interaction, self._answer
        await reword(interaction.client, what)
        if view := what.get("view"):
            # Unless it is stopped, discord.py keeps an ephemeral view and a task for 15 minutes. Ours need neither:
            # their items are dynamic, and found by their custom ids.
            view.stop()

        def files() -> list[discord.File]:
            return [upload.file for upload in uploads]

        def first() -> Awaitable[Any]:
            return interaction.response.send_message(**what, files=files(), ephemeral=True)

        def next_() -> Awaitable[Any]:
            return interaction.followup.send(**what, files=files(), ephemeral=True, wait=True)

        try:
            if answer.is_deferred:
                nobody = discord.AllowedMentions.none()
                await answer.change(
                    lambda: interaction.edit_original_response(**what, attachments=files(), allowed_mentions=nobody)
                )
            elif answer.is_given:
                await answer.follow(next_)
            else:
                await answer.give(first)
        except OutcomeUnknown:
            raise
        except (discord.HTTPException, *PASSING):
            await send(interaction.user, numbered(self._nonce, part), uploads=uploads, **what)

    async def acknowledge(self) -> None:
        """Answer a button without a message: its effect shows when the card is redrawn."""
        await self._answer.give(self.interaction.response.defer)

    async def _defer(self, *, as_message: bool) -> None:
        """Defer the answer, to a message that only the person sees or to what was pressed."""
        await self._answer.give(
            lambda: self.interaction.response.defer(ephemeral=True, thinking=as_message), defers=as_message
        )

    async def open_form(self, form: ui.Modal) -> None:
        """Answer a button with a form."""
        await self._answer.give(lambda: self.interaction.response.send_modal(form))

    async def redraw(self, view: ui.LayoutView | ui.View | None, uploads: Sequence[Upload] | None = None) -> None:
        """Answer a button by redrawing its message with this view (None removes the buttons) and these files."""
        await reword(self.interaction.client, {"view": view})
        if self._answer.is_given:
            await self._answer.change(lambda: self.interaction.edit_original_response(**redrawn(view, uploads)))
        else:
            await self._answer.give(lambda: self.interaction.response.edit_message(**redrawn(view, uploads)))
