"""The sender: takes parcels from the outbox to Discord."""

from typing import Any

import discord
from discord import ui

from bot.chat import cards, text
from bot.domain.parcel import Kind, Parcel
from bot.domain.timer import Timer
from bot.engine.clock import Clock
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


class Sender:
    """Speaks in channels by their id: neither a cache nor a gateway connection is needed."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._awake_since = clock.now()

    async def deliver(self, parcel: Parcel) -> int | None:
        """Say it once. Raises ``Undeliverable`` where Discord refuses for good, anything else to be tried again."""
        try:
            if parcel.kind is Kind.CARD:
                return await self._redraw(parcel.timers[0])
            return await self._announce(parcel)
        except (discord.Forbidden, discord.NotFound) as refused:
            raise Undeliverable(_reason(refused)) from refused
        except discord.HTTPException as refused:
            if refused.status == 400:
                raise Undeliverable(_reason(refused)) from refused
            raise

    async def _announce(self, parcel: Parcel) -> int:
        if parcel.kind is Kind.DIRECT:
            place: discord.abc.Messageable = await self._client.create_dm(discord.Object(parcel.place_id))
        else:
            place = self._client.get_partial_messageable(parcel.place_id)
        options = self._words(parcel) | {
            "nonce": parcel.nonce,
            "allowed_mentions": discord.AllowedMentions(
                users=[discord.Object(owner) for owner in {timer.owner_id for timer in parcel.timers}],
                replied_user=False,
            ),
        }
        try:
            sent = await place.send(**options)
        except discord.HTTPException as refused:
            if refused.code != _ARCHIVED:
                raise
            await self._wake(parcel.place_id)
            sent = await place.send(**options)
        return int(sent.id)

    def _words(self, parcel: Parcel) -> dict[str, Any]:
        """Say one timer as a reply to its card, with buttons; and several as a list, with a menu."""
        said = [text.announcement(timer, self._clock.now(), self._awake_since) for timer in parcel.timers]
        if parcel.kind is Kind.DIRECT:
            said.append(text.redirected(parcel.timers))
        if len(parcel.timers) > 1:
            return {"view": cards.announcements("\n".join(said), parcel.timers)}
        (timer,) = parcel.timers
        words: dict[str, Any] = {"content": "\n".join(said), "view": cards.announcement_buttons(timer)}
        if timer.card_id and parcel.kind is Kind.ANNOUNCEMENT:
            words["reference"] = discord.MessageReference(
                message_id=timer.card_id, channel_id=parcel.place_id, fail_if_not_exists=False
            )
        return words

    async def _wake(self, thread_id: int) -> None:
        """Take a thread out of the archive, where the bot may."""
        thread = await self._client.fetch_channel(thread_id)
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)

    async def _redraw(self, timer: Timer) -> int | None:
        if timer.card_id is None:
            return None
        channel = self._client.get_partial_messageable(timer.channel_id)
        card: ui.LayoutView = cards.card(timer)
        try:
            await channel.get_partial_message(timer.card_id).edit(
                view=card, allowed_mentions=discord.AllowedMentions.none()
            )
        except discord.NotFound as gone:
            if gone.code != _UNKNOWN_MESSAGE:
                raise
        return timer.card_id


def _reason(refused: discord.HTTPException) -> str:
    return f"{_REASONS.get(refused.code, 'Discord refused')} ({refused.code or refused.status})"
