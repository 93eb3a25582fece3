"""A request typed as a message, and its answer: a reply or, after an edit, the earlier reply rewritten."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.chat.components.button import plain
from bot.chat.runtime import permissions
from bot.chat.runtime.deleted import DeletedChannels
from bot.chat.runtime.final_answers import UNKNOWN_MESSAGE, is_shut
from bot.chat.runtime.http_trace import request_timeout
from bot.chat.runtime.misread import ORIGINAL, Edition
from bot.chat.runtime.request import Request
from bot.chat.runtime.send_once import numbered, send
from bot.chat.runtime.upload import Upload, without_pictures
from bot.domain.timers.timer import Actor
from bot.engine.sliding_window import SlidingWindows


def is_written(message: discord.Message) -> bool:
    """Return whether a person wrote a message: no bot, no webhook, nor Discord in somebody's name."""
    is_by_discord = message.type not in {discord.MessageType.default, discord.MessageType.reply}
    return not (message.author.bot or message.webhook_id or is_by_discord)


class NoWayToAnswer(Exception):
    """The bot may not post there, and the person takes no direct messages: trying would be an invalid request."""


class MessageRequest(Request):
    """A command typed as a message.

    Where the bot knows that it may not post, it does not try: one server could use up the invalid requests of all.
    ``answer_id`` is the reply that it got in its channel. An ``edition`` after the first has that one rewritten.
    """

    def __init__(
        self, message: discord.Message, prefix: str, refusals: SlidingWindows, deleted_channels: DeletedChannels
    ) -> None:
        author, channel, guild = message.author, message.channel, message.guild
        theirs = permissions.known(channel, author)
        can_manage = theirs is not None and theirs.manage_messages
        actor = Actor(author.id, guild.id if guild else None, channel.id, can_manage=can_manage)
        super().__init__(author, actor, guild, channel, prefix, private=guild is None)
        self.message = message
        self._refusals = refusals
        self._deleted_channels = deleted_channels
        self.answer_id: int | None = None
        if (reference := message.reference) and reference.type is discord.MessageReferenceType.reply:
            self.about_id = reference.message_id
        self.read_as(ORIGINAL)

    def read_as(self, edition: Edition) -> None:
        """Serve this edition of the message."""
        self.edition = edition
        self.key = edition.key(self.message.id)

    @property
    def can_post(self) -> bool:
        """Whether the bot may write messages there, as far as is known."""
        channel = self.message.channel
        ours = permissions.known(channel, self.guild.me if self.guild else None)
        return ours is None or permissions.may_post(ours, channel)

    async def reply(self, content: str) -> None:
        """Reply with text; where the bot may not post, by direct message."""
        if await self._reply_where_open(content=content) is None:
            await self._send_directly(content=content)

    async def defer(self) -> None:
        """Do nothing: a typed command can wait for as long as it takes."""

    async def reply_with(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> int | None:
        """Reply with a card; where the bot may not post, by direct message."""
        message_id = await self._reply_where_open(uploads=uploads, view=view)
        if message_id is None:
            await self.reply_privately(view, uploads)
        return message_id

    async def reply_privately(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer by direct message. Raises ``discord.HTTPException`` or ``NoWayToAnswer`` if it is refused."""
        await self._send_directly(part, uploads=uploads, view=view)

    async def post(self, view: ui.LayoutView) -> int | None:
        """Reply with a card."""
        return await self._reply(view=view)

    async def _send_directly(self, part: int = 0, **what: Any) -> None:
        author = self.message.author
        if self._refusals.count(author.id):
            raise NoWayToAnswer
        await self._deleted_channels.reword(what)
        try:
            await send(author, numbered(self._nonce, part), **what)
        except discord.HTTPException as refused:
            if is_shut(refused):
                self._refusals.add(author.id)
            raise

    async def _reply_where_open(self, **what: Any) -> int | None:
        """Reply; None if the bot may not post."""
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
        await self._deleted_channels.reword(what)
        if what.get("uploads") and not permissions.may_attach(self.message.channel):
            what |= {"uploads": (), "view": without_pictures(what["view"])}
        self.answer_id = await self._rewrite(**what) or await send(
            self.message.channel, self._nonce, reference=self.message.to_reference(fail_if_not_exists=False), **what
        )
        return self.answer_id

    async def _rewrite(
        self, content: str = "", view: ui.LayoutView | None = None, uploads: Sequence[Upload] = ()
    ) -> int | None:
        """Turn the answer to an earlier edition into this one; None if there is none, or it is gone."""
        if self.edition.answer_id is None:
            return None
        answer = discord.PartialMessage(channel=self.message.channel, id=self.edition.answer_id)
        try:
            async with request_timeout():
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
