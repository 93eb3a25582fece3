"""A request typed as a message, and its answer: a reply or, after an edit, the earlier reply rewritten."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.chat.components.plain_view import plain
from bot.chat.runtime import permissions
from bot.chat.runtime.closed_doors import ClosedDoors, NoWayToAnswer
from bot.chat.runtime.final_answers import UNKNOWN_MESSAGE, is_shut
from bot.chat.runtime.gone_channels import GoneChannels
from bot.chat.runtime.http_trace import in_time
from bot.chat.runtime.misread import ORIGINAL, Edition
from bot.chat.runtime.request import Request
from bot.chat.runtime.sending import numbered, send
from bot.chat.runtime.upload import Upload, without_pictures
from bot.domain.timers.timer import Actor


class MessageRequest(Request):
    """A command typed as a message.

    Where the bot knows that it may not post, it does not try: one server could use up the invalid requests of all.
    ``answer_id`` is the reply that it got in its channel. An ``edition`` after the first has that one rewritten.
    """

    def __init__(self, message: discord.Message, prefix: str, doors: ClosedDoors, gone: GoneChannels) -> None:
        author, channel, guild = message.author, message.channel, message.guild
        theirs = permissions.known(channel, author)
        can_manage = theirs is not None and theirs.manage_messages
        actor = Actor(author.id, guild.id if guild else None, channel.id, can_manage=can_manage)
        super().__init__(author, actor, guild, channel, prefix, private=guild is None)
        self.message = message
        self._doors = doors
        self._gone_channels = gone
        self.answer_id: int | None = None
        if (reference := message.reference) and reference.type is discord.MessageReferenceType.reply:
            self.about_id = reference.message_id
        self.read_as(ORIGINAL)

    def read_as(self, edition: Edition) -> None:
        """Serve this edition of the message."""
        self.edition = edition
        self.key = f"edit{edition.number}:{self.message.id}" if edition.number else f"message:{self.message.id}"

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there, as far as is known."""
        channel = self.message.channel
        ours = permissions.known(channel, self.guild.me if self.guild else None)
        return ours is None or permissions.may_post(ours, in_thread=isinstance(channel, discord.Thread))

    async def say(self, content: str) -> None:
        """Reply with text; where the bot may not post, by direct message."""
        if await self._reply_where_open(content=content) is None:
            await self._send_alone(content=content)

    async def think(self) -> None:
        """Do nothing: a typed command can wait for as long as it takes."""

    async def tell(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> int | None:
        """Reply with a card; where the bot may not post, by direct message."""
        message_id = await self._reply_where_open(uploads=uploads, view=view)
        if message_id is None:
            await self.tell_alone(view, uploads)
        return message_id

    async def tell_alone(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer by direct message. Raises ``discord.HTTPException`` or ``NoWayToAnswer`` where it is refused."""
        await self._send_alone(part, uploads=uploads, view=view)

    async def show(self, view: ui.LayoutView) -> int | None:
        """Reply with a card."""
        return await self._reply(view=view)

    async def _send_alone(self, part: int = 0, **what: Any) -> None:
        author = self.message.author
        if self._doors.is_closed(author.id):
            raise NoWayToAnswer
        await self._gone_channels.reword(what)
        try:
            await send(author, numbered(self._nonce, part), **what)
        except discord.HTTPException as refused:
            if is_shut(refused):
                self._doors.refused(author.id)
            raise

    async def _reply_where_open(self, **what: Any) -> int | None:
        """Reply; None where the bot may not post."""
        try:
            return await self._reply(**what)
        except NoWayToAnswer:
            return None
        except discord.HTTPException as refused:
            if not is_shut(refused):
                raise
            return None

    async def _reply(self, **what: Any) -> int:
        if not self.can_post:
            raise NoWayToAnswer
        await self._gone_channels.reword(what)
        if what.get("uploads") and not permissions.may_attach(self.message.channel):
            what |= {"uploads": (), "view": without_pictures(what["view"])}
        self.answer_id = await self._rewrite(**what) or await send(
            self.message.channel, self._nonce, reference=self.message.to_reference(fail_if_not_exists=False), **what
        )
        return self.answer_id

    async def _rewrite(
        self, content: str = "", view: ui.LayoutView | None = None, uploads: Sequence[Upload] = ()
    ) -> int | None:
        """Turn the answer to an earlier edition into this one; None where there is none, or it is gone."""
        if self.edition.answer_id is None:
            return None
        answer = discord.PartialMessage(channel=self.message.channel, id=self.edition.answer_id)
        try:
            async with in_time():
                files = [upload.file for upload in uploads]
                await answer.edit(content=None, view=view or plain(content), attachments=files)
        except discord.HTTPException as refused:
            if refused.code != UNKNOWN_MESSAGE:
                raise
            return None
        return answer.id

    @property
    def _nonce(self) -> str:
        """The nonce of the answer: a number of its own for each edition, or Discord would return the first."""
        return numbered(f"re{self.message.id}", self.edition.number)
