"""What the bot says of a person's own timers, see ``sender.Words``."""

from typing import Any

import discord
from discord import ui

from bot.chat import cards, text
from bot.domain.parcel import Kind, Parcel
from bot.engine.clock import Clock


class TimerWords:
    """``clock`` tells how late something is said, and whether that is because the bot was away."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, parcel: Parcel) -> dict[str, Any]:
        """Say one timer as a reply to its card, with buttons; and several as a list, with a menu."""
        said = [text.announcement(timer, self._clock.now(), self._awake_since) for timer in parcel.timers]
        if parcel.kind is Kind.DIRECT:
            said.append(text.redirected(parcel.timers))
        words: dict[str, Any] = {
            "allowed_mentions": discord.AllowedMentions(
                users=[discord.Object(owner) for owner in {timer.owner_id for timer in parcel.timers}],
                replied_user=False,
            )
        }
        if len(parcel.timers) > 1:
            return words | {"view": cards.announcements("\n".join(said), parcel.timers)}
        (timer,) = parcel.timers
        words |= {"content": "\n".join(said), "view": cards.announcement_buttons(timer)}
        if timer.card_id and parcel.kind is Kind.ANNOUNCEMENT:
            words["reference"] = discord.MessageReference(
                message_id=timer.card_id, channel_id=parcel.place_id, fail_if_not_exists=False
            )
        return words

    async def edit(self, parcel: Parcel) -> tuple[int, int, ui.LayoutView] | None:
        """Show a timer on its card as it stands."""
        (timer,) = parcel.timers
        return (timer.channel_id, timer.card_id, cards.card(timer)) if timer.card_id else None
