"""The sender: takes parcels from the outbox to Discord."""

from collections.abc import Mapping
from typing import Any, Protocol

import discord
from discord import ui

from bot.domain.parcel import EDITS, Kind, Parcel
from bot.domain.timer import Purpose
from bot.engine.outbox import Undeliverable

_UNKNOWN_MESSAGE = 10008
_ARCHIVED = 50083
# Why Discord refused, by its error code, in words for the person who waited.
_REASONS = {
    10003: "the channel is gone",
    10013: "you are gone",
    50001: "I cannot see the channel",
    50007: "you take no direct messages from me",
    50013: "I may not write in the channel",
    _ARCHIVED: "the thread is archived",
    50278: "we share no server",
    160005: "the thread is locked",
}


class Words(Protocol):
    """What knows the words for timers of one purpose."""

    async def message(self, parcel: Parcel) -> dict[str, Any] | None:
        """Give the options of ``send``, with who may be mentioned; None where there is nothing to say any more."""

    async def edit(self, parcel: Parcel) -> tuple[int, int, ui.LayoutView] | None:
        """Give the new look of a message, after its channel's id and its own; None where there is none."""


class Sender:
    """Speaks in channels by their id: neither a cache nor a gateway connection is needed."""

    def __init__(self, client: discord.Client, words: Mapping[Purpose, Words]) -> None:
        self._client = client
        self._words = words

    async def deliver(self, parcel: Parcel) -> int | None:
        """Say it once; give the message's id, or None where there was nothing to say.

        Raises ``Undeliverable`` where Discord refuses for good, anything else to be tried again.
        """
        words = self._words[parcel.timers[0].purpose]
        try:
            if parcel.kind in EDITS:
                return await self._redraw(await words.edit(parcel))
            return await self._say(parcel, await words.message(parcel))
        except (discord.Forbidden, discord.NotFound) as refused:
            raise Undeliverable(_reason(refused)) from refused
        except discord.HTTPException as refused:
            if refused.status == 400:
                raise Undeliverable(_reason(refused)) from refused
            raise

    async def _say(self, parcel: Parcel, options: dict[str, Any] | None) -> int | None:
        if options is None:
            return None
        if parcel.kind is Kind.DIRECT:
            place: discord.abc.Messageable = await self._client.create_dm(discord.Object(parcel.place_id))
        else:
            place = self._client.get_partial_messageable(parcel.place_id)
        try:
            sent = await place.send(**options, nonce=parcel.nonce)
        except discord.HTTPException as refused:
            if refused.code != _ARCHIVED:
                raise
            await self._wake(parcel.place_id)
            sent = await place.send(**options, nonce=parcel.nonce)
        return int(sent.id)

    async def _wake(self, thread_id: int) -> None:
        """Take a thread out of the archive, where the bot may."""
        thread = await self._client.fetch_channel(thread_id)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)

    async def _redraw(self, look: tuple[int, int, ui.LayoutView] | None) -> int | None:
        if look is None:
            return None
        channel_id, message_id, view = look
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        try:
            await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        except discord.NotFound as gone:
            if gone.code != _UNKNOWN_MESSAGE:
                raise
        return message_id


def _reason(refused: discord.HTTPException) -> str:
    return f"{_REASONS.get(refused.code, 'Discord refused')} ({refused.code or refused.status})"
