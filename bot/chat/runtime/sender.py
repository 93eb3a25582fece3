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
from bot.chat.runtime.http_trace import in_time
from bot.chat.runtime.permissions import may_attach, refusal
from bot.chat.runtime.receipts import is_receipt, text_of
from bot.chat.runtime.upload import Upload, redrawn, without_pictures
from bot.domain.errors import NotSaved, Unavailable
from bot.domain.lease import LeaseLost
from bot.domain.outbox_message import EDITS, PERSONAL, OutboxMessage
from bot.domain.timers.timer import Purpose
from bot.engine.delivery import Undeliverable
from bot.engine.invalid_requests import InvalidRequests, asker
from bot.messages.catalogue import N_

_log = structlog.get_logger(__name__)

# Timeout of rendering an outbox message, in seconds.
_RENDERING = 15.0
# How far back a channel's history is read: at most so many messages, and so long before the first try.
_MOST_READ, _BEFORE = 1000, timedelta(seconds=30)
# How many still earlier messages are read: a clock that was ahead of Discord's dated the first try too late.
_EARLIER = 100


class Look(NamedTuple):
    """How a posted message is to look; None: it is deleted. ``uploads`` replace its files, None leaves those."""

    channel_id: int
    message_id: int
    view: ui.LayoutView | None
    uploads: Sequence[Upload] | None = None


class Renderer(Protocol):
    """Renders messages about timers of one purpose.

    ``announces`` are prefixes of the custom ids on an announcement that one is over; its cards have others.
    """

    announces: tuple[str, ...] = ()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Return the options of ``send``, with allowed mentions; None if there is nothing to say any more."""

    async def edit(self, outbox_message: OutboxMessage) -> Look | None:
        """Return which message is to look how; None if there is none."""

    async def gist(self, outbox_message: OutboxMessage) -> str:
        """Return the text by which the sent message is recognised."""
        options = await self.message(outbox_message) or {}
        view = options.get("view")
        return options.get("content") or (text_of(view.children) if view else "")


class DiscordSender:
    """Posts to channels by id: needs neither a cache nor a gateway connection.

    Where it knows that it would be refused, it does not try: that would be one more invalid request.
    Its methods raise the errors of ``delivery``.
    """

    def __init__(
        self, client: Client, renderers: Mapping[Purpose, Renderer], invalid_requests: InvalidRequests
    ) -> None:
        self._client = client
        self._renderers = renderers
        self._invalid_requests = invalid_requests

    async def deliver(self, outbox_message: OutboxMessage) -> int | None:
        """Deliver it once; return the message's id, or None if there was nothing to say."""
        is_edit = outbox_message.kind in EDITS
        self._must_be_let_in(outbox_message, is_writing=not is_edit)
        renderer = self._renderers[outbox_message.timers[0].purpose]
        if is_edit:
            async with asyncio.timeout(_RENDERING):
                look = await renderer.edit(outbox_message)
            return await self._redraw(look)
        async with asyncio.timeout(_RENDERING):
            options = await renderer.message(outbox_message)
        if options is None:
            return None
        await self._client.gone_channels.reword(options)
        if options.get("files") and not may_attach(self._client.get_channel(outbox_message.place_id)):
            options |= {"files": [], "view": without_pictures(options["view"])}
        return await self._say(outbox_message, options)

    async def recall(self, outbox_messages: Sequence[OutboxMessage], since: datetime) -> Mapping[str, int]:
        """Find those sent to one place ``since`` a time; return their message ids by nonce."""
        self._must_be_let_in(outbox_messages[0], is_writing=False)
        gists = {outbox_message.nonce: await self._gist(outbox_message) for outbox_message in outbox_messages}
        with classified():
            place = await self._place(outbox_messages[0])
            history = await _read(place, limit=_MOST_READ, after=since - _BEFORE)
            # Without permission to read it, a channel looks empty; direct messages can always be read.
            is_personal = outbox_messages[0].kind in PERSONAL
            if not (history or is_personal or await _read(place, limit=1)):
                raise Undeliverable(N_("I can't read the messages there"))
            known = self._receipts(outbox_messages, history, gists)
            if len(known) < len(outbox_messages):
                # By their buttons alone: the same text may have been posted before.
                earlier = await _read(place, limit=_EARLIER, before=since - _BEFORE)
                known = self._receipts(outbox_messages, earlier, {}) | known
        return known

    def _receipts(
        self, outbox_messages: Sequence[OutboxMessage], history: Sequence[discord.Message], gists: Mapping[str, str]
    ) -> dict[str, int]:
        """Return the ids of those that are among these messages, by nonce."""
        known: dict[str, int] = {}
        ours = [message for message in history if self._client.user and message.author.id == self._client.user.id]
        for outbox_message in outbox_messages:
            announces = self._renderers[outbox_message.timers[0].purpose].announces
            for message in ours:
                if is_receipt(message, outbox_message, gists.get(outbox_message.nonce, ""), announces):
                    known[outbox_message.nonce] = message.id
                    break
        return known

    def _must_be_let_in(self, outbox_message: OutboxMessage, *, is_writing: bool) -> None:
        """Charge refusals to the recipient. Raises ``Undeliverable`` where a refusal is known in advance.

        A spent budget of refusals is no refusal by this place: it raises ``Unavailable``.
        """
        about = outbox_message.timers[0]
        person_id = (
            outbox_message.place_id
            if outbox_message.kind in PERSONAL
            else None
            if about.guild_id
            else about.owner_id
        )
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
        """Return the text to recognise a message by; empty on failure, so that it holds up no others."""
        about = outbox_message.timers[0]
        try:
            async with asyncio.timeout(_RENDERING):
                return await self._renderers[about.purpose].gist(outbox_message)
        except (Unavailable, NotSaved, LeaseLost):
            raise
        except Exception:  # noqa: BLE001 - logged
            _log.exception("recall_failed", timer_id=about.id)
            return ""

    async def _place(self, outbox_message: OutboxMessage) -> discord.abc.Messageable:
        if outbox_message.kind in PERSONAL:
            async with in_time():
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
        async with in_time():
            thread = await self._client.fetch_channel(thread_id)
        if isinstance(thread, discord.Thread):
            async with in_time():
                await thread.edit(archived=False)

    async def _redraw(self, look: Look | None) -> int | None:
        """Redraw or delete a message; return its id where it was there and still is."""
        if look is None:
            return None
        if look.view:
            await self._client.gone_channels.reword({"view": look.view})
            if look.uploads and not may_attach(self._client.get_channel(look.channel_id)):
                look = look._replace(uploads=(), view=without_pictures(look.view))
        message = self._client.get_partial_messageable(look.channel_id).get_partial_message(look.message_id)
        with classified():
            try:
                async with in_time():
                    if look.view is None:
                        await message.delete()
                    else:
                        await message.edit(**redrawn(look.view, look.uploads))
            except discord.HTTPException as refused:
                if refused.code != UNKNOWN_MESSAGE:
                    raise
                return None
        return look.message_id if look.view else None


async def _read(place: discord.abc.Messageable, **bounds: Any) -> list[discord.Message]:
    async with in_time():
        return [message async for message in place.history(**bounds)]


async def _send(place: discord.abc.Messageable, outbox_message: OutboxMessage, options: dict[str, Any]) -> int:
    async with in_time():
        return (await place.send(**options, nonce=outbox_message.nonce)).id
