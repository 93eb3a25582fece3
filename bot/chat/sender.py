"""The sender: takes parcels from the outbox to Discord."""

from typing import Any

import discord

from bot.chat import cards, text
from bot.domain.parcel import Kind, Parcel
from bot.domain.timer import Timer
from bot.engine.clock import Clock
from bot.engine.outbox import Undeliverable

_UNKNOWN_MESSAGE = 10008


class Sender:
    """Speaks in channels by their id: neither a cache nor a gateway connection is needed."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._awake_since = clock.now()

    async def deliver(self, parcel: Parcel) -> int | None:
        """Say it once. Raises ``Undeliverable`` where Discord refuses for good, anything else to be tried again."""
        timer = parcel.timers[0]
        try:
            if parcel.kind is Kind.ANNOUNCEMENT:
                return await self._announce(parcel, timer)
            return await self._redraw(timer)
        except (discord.Forbidden, discord.NotFound) as refused:
            raise Undeliverable(f"{refused.status} {refused.code}") from refused
        except discord.HTTPException as refused:
            if refused.status == 400:
                raise Undeliverable(f"400 {refused.code}") from refused
            raise

    async def _announce(self, parcel: Parcel, timer: Timer) -> int:
        channel = self._client.get_partial_messageable(parcel.channel_id)
        owner = discord.Object(timer.owner_id)
        reply: dict[str, Any] = {}
        if timer.card_id:
            reply["reference"] = discord.MessageReference(
                message_id=timer.card_id, channel_id=parcel.channel_id, fail_if_not_exists=False
            )
        sent = await channel.send(
            text.announcement(timer, self._clock.now(), self._awake_since),
            view=cards.announcement_buttons(timer),
            nonce=parcel.nonce,
            allowed_mentions=discord.AllowedMentions(users=[owner], replied_user=False),
            **reply,
        )
        return int(sent.id)

    async def _redraw(self, timer: Timer) -> int | None:
        if timer.card_id is None:
            return None
        channel = self._client.get_partial_messageable(timer.channel_id)
        try:
            await channel.get_partial_message(timer.card_id).edit(
                view=cards.card(timer), allowed_mentions=discord.AllowedMentions.none()
            )
        except discord.NotFound as gone:
            if gone.code != _UNKNOWN_MESSAGE:
                raise
        return timer.card_id
