"""The sender: takes messages from the outbox to Discord."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import discord
import structlog
from discord import ui

from bot.chat.runtime.client import Client
from bot.chat.runtime.final_answers import ARCHIVED, NO_HISTORY, UNKNOWN_MESSAGE, classified
from bot.chat.runtime.history import Place, read
from bot.chat.runtime.http_trace import request_timeout
from bot.chat.runtime.permissions import may_attach, refusal
from bot.chat.runtime.receipts import is_receipt, text_of
from bot.chat.runtime.upload import Upload, redrawn, without_pictures
from bot.domain.errors import NotSaved, Unavailable
from bot.domain.lease import LeaseLost
from bot.domain.outbox_message import EDITS, PERSONAL, OutboxMessage
from bot.domain.timers.timer import Purpose
from bot.engine.circuit_breaker import InvalidRequests, asker
from bot.engine.clock import Clock
from bot.engine.delivery import Undeliverable
from bot.engine.unsent import FRESH
from bot.messages.catalogue import N_

_log = structlog.get_logger(__name__)

# Timeout of rendering an outbox message, in seconds.
_RENDERING = 15.0
# How far back a channel's history is read: at most this many messages, and this long before the first try.
_MOST_READ, _BEFORE = 1000, timedelta(seconds=30)
# How many still earlier messages are read: a clock that was ahead of Discord's dated the first try too late.
_EARLIER = 100


class MessageEdit(NamedTuple):
    """An edit of a posted message; without a view it is deleted. ``uploads`` replace its files, if not None."""

    channel_id: int
    message_id: int
    view: ui.LayoutView | None
    uploads: Sequence[Upload] | None = None


class _Rendered(NamedTuple):
    """The options of ``send``, None if there is nothing to say; ``at`` is in monotonic seconds."""

    outbox_message: OutboxMessage
    options: dict[str, Any] | None
    at: float


class Renderer(Protocol):
    """Renders messages about timers of one purpose.

    ``announces`` are prefixes of the custom ids on an announcement that one is over; its cards have others.
    """

    announces: tuple[str, ...] = ()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Return the options of ``send``, with allowed mentions; None if there is nothing to say any more."""

    async def edit(self, outbox_message: OutboxMessage) -> MessageEdit | None:  # noqa: ARG002 - a digest has no edits
        """Return how to edit a posted message; None if there is none."""
        return None

    async def gist(self, outbox_message: OutboxMessage) -> str:
        """Return the text that identifies the sent message."""
        options = await self.message(outbox_message) or {}
        view = options.get("view")
        return options.get("content") or (text_of(view.children) if view else "")


class DiscordSender:
    """Posts to channels by id: needs neither a cache nor a gateway connection.

    Where it knows that it would be refused, it does not try: that would be one more invalid request.
    Its methods raise the errors of ``delivery``.
    """

    def __init__(
        self, client: Client, renderers: Mapping[Purpose, Renderer], invalid_requests: InvalidRequests, clock: Clock
    ) -> None:
        self._client = client
        self._renderers = renderers
        self._invalid_requests = invalid_requests
        self._clock = clock
        # Messages rendered ahead, by nonce.
        self._rendered: dict[str, _Rendered] = {}

    async def prepare(self, outbox_message: OutboxMessage) -> None:
        """Render it ahead of its due time; ``deliver`` posts that if it comes within a moment."""
        self._must_be_let_in(outbox_message, is_writing=True)
        rendered = await self._render(outbox_message)
        fresh = {nonce: earlier for nonce, earlier in self._rendered.items() if self._is_fresh(earlier)}
        self._rendered = fresh | {outbox_message.nonce: rendered}

    async def deliver(self, outbox_message: OutboxMessage) -> int | None:
        """Deliver it once; return the message's id, or None if there was nothing to say."""
        is_edit = outbox_message.kind in EDITS
        self._must_be_let_in(outbox_message, is_writing=not is_edit)
        if is_edit:
            async with asyncio.timeout(_RENDERING):
                edit = await self._renderers[outbox_message.timers[0].purpose].edit(outbox_message)
            return await self._redraw(edit)
        rendered = self._rendered.pop(outbox_message.nonce, None)
        if not (rendered and rendered.outbox_message == outbox_message and self._is_fresh(rendered)):
            rendered = await self._render(outbox_message)
        return None if rendered.options is None else await self._say(outbox_message, rendered.options)

    async def recall(self, outbox_messages: Sequence[OutboxMessage], since: datetime) -> Mapping[str, int]:
        """Find those sent to one place ``since`` a time; return their message ids by nonce."""
        self._must_be_let_in(outbox_messages[0], is_writing=False)
        gists = {outbox_message.nonce: await self._gist(outbox_message) for outbox_message in outbox_messages}
        with classified():
            place = await self._place(outbox_messages[0])
            history = await read(self._client, place, limit=_MOST_READ, after=since - _BEFORE)
            # Without permission to read it, a channel looks empty; direct messages can always be read.
            is_personal = outbox_messages[0].kind in PERSONAL
            if not (history or is_personal or await read(self._client, place, limit=1)):
                raise Undeliverable(N_("I can't read the messages there"))
            known = self._receipts(outbox_messages, history, gists)
            if len(known) < len(outbox_messages):
                # By their buttons alone: the same text may have been posted before.
                earlier = await read(self._client, place, limit=_EARLIER, before=since - _BEFORE)
                known = self._receipts(outbox_messages, earlier, {}) | known
        return known

    async def _render(self, outbox_message: OutboxMessage) -> _Rendered:
        async with asyncio.timeout(_RENDERING):
            options = await self._renderers[outbox_message.timers[0].purpose].message(outbox_message)
        if options is not None:
            await self._client.deleted_channels.reword(options)
            if options.get("files") and not may_attach(self._client.get_channel(outbox_message.place_id)):
                options |= {"files": [], "view": without_pictures(options["view"])}
        return _Rendered(outbox_message, options, self._clock.monotonic())

    def _is_fresh(self, rendered: _Rendered) -> bool:
        return self._clock.monotonic() - rendered.at <= FRESH

    def _receipts(
        self, outbox_messages: Sequence[OutboxMessage], history: Sequence[discord.Message], gists: Mapping[str, str]
    ) -> dict[str, int]:
        """Return the ids of those that are among these messages, by nonce."""
        known: dict[str, int] = {}
        ours = [message for message in history if self._client.user and message.author.id == self._client.user.id]
        for outbox_message in outbox_messages:
            about = outbox_message.timers[0]
            announces = self._renderers[about.purpose].announces
            for message in ours:
                # The card that a new phase replaces may have been redrawn, and look the same.
                if message.id != about.card_id and is_receipt(
                    message, outbox_message, gists.get(outbox_message.nonce, ""), announces
                ):
                    known[outbox_message.nonce] = message.id
                    break
        return known

    def _must_be_let_in(self, outbox_message: OutboxMessage, *, is_writing: bool) -> None:
        """Charge refusals to the recipient. Raises ``Undeliverable`` if a refusal is known in advance.

        A spent budget of refusals is no refusal by this place: it raises ``Unavailable``.
        """
        about = outbox_message.timers[0]
        owner_id = None if about.guild_id else about.owner_id
        person_id = outbox_message.place_id if outbox_message.kind in PERSONAL else owner_id
        charged = person_id, None if person_id else about.guild_id
        asker.set(charged)
        if self._invalid_requests.are_spent(*charged):
            raise Unavailable("Discord refused too many requests there")
        guild = self._client.get_guild(about.guild_id or 0)
        # The cached channel is current only while the shard's gateway is connected.
        is_told = guild and not person_id and not self._client.is_lost(guild.shard_id)
        if guild and is_told and (why := refusal(guild, outbox_message.place_id, is_writing=is_writing)):
            raise Undeliverable(why)

    async def _gist(self, outbox_message: OutboxMessage) -> str:
        """Return the text to recognise a message by; empty on failure, so that it does not block others."""
        about = outbox_message.timers[0]
        try:
            async with asyncio.timeout(_RENDERING):
                return await self._renderers[about.purpose].gist(outbox_message)
        except (Unavailable, NotSaved, LeaseLost):
            raise
        except Exception:  # noqa: BLE001 - logged
            _log.exception("recall_failed", timer_id=about.id)
            return ""

    async def _place(self, outbox_message: OutboxMessage) -> Place:
        if outbox_message.kind in PERSONAL:
            async with request_timeout():
                return await self._client.create_dm(discord.Object(outbox_message.place_id))
        return self._client.get_partial_messageable(outbox_message.place_id)

    async def _say(self, outbox_message: OutboxMessage, options: dict[str, Any]) -> int:
        with classified():
            place = await self._place(outbox_message)
            try:
                return await _send(place, outbox_message, options)
            except discord.HTTPException as refused:
                if refused.code == ARCHIVED:
                    await self._wake(outbox_message.place_id)
                elif refused.code == NO_HISTORY:
                    options.pop("reference", None)
                else:
                    raise
            return await _send(place, outbox_message, options)

    async def _wake(self, thread_id: int) -> None:
        """Unarchive a thread, where the bot may."""
        async with request_timeout():
            thread = await self._client.fetch_channel(thread_id)
        if isinstance(thread, discord.Thread):
            async with request_timeout():
                await thread.edit(archived=False)

    async def _redraw(self, edit: MessageEdit | None) -> int | None:
        """Redraw or delete a message; return its id where it was there and still is."""
        if edit is None:
            return None
        if edit.view:
            await self._client.deleted_channels.reword({"view": edit.view})
            if edit.uploads and not may_attach(self._client.get_channel(edit.channel_id)):
                edit = edit._replace(uploads=(), view=without_pictures(edit.view))
        message = self._client.get_partial_messageable(edit.channel_id).get_partial_message(edit.message_id)
        with classified():
            try:
                async with request_timeout():
                    if edit.view is None:
                        await message.delete()
                    else:
                        await message.edit(**redrawn(edit.view, edit.uploads))
            except discord.HTTPException as refused:
                if refused.code != UNKNOWN_MESSAGE:
                    raise
                return None
        return edit.message_id if edit.view else None


async def _send(place: Place, outbox_message: OutboxMessage, options: dict[str, Any]) -> int:
    async with request_timeout():
        return (await place.send(**options, nonce=outbox_message.nonce)).id
