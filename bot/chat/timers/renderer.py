"""Renders announcements of a person's own timers, see ``sender.Renderer``."""

from typing import Any

import discord
from discord import ui

from bot.chat.runtime.sender import Renderer
from bot.chat.text import redirected
from bot.chat.timers import cards, text
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.engine.clock import Clock


class TimerRenderer(Renderer):
    """``clock`` tells how late a message is, and whether that is because the bot was away."""

    announces = ("timer:again:", "timer:overtime:", "timers:again:")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any]:
        """Render one timer as a reply to its card, with buttons; several as a list, with a menu."""
        lines = [text.announcement(timer, self._clock.now(), self._awake_since) for timer in outbox_message.timers]
        if outbox_message.kind is Kind.DIRECT:
            lines.append(redirected(outbox_message.timers))
        owners = {timer.owner_id for timer in outbox_message.timers}
        words: dict[str, Any] = {
            "allowed_mentions": discord.AllowedMentions(
                users=[discord.Object(owner) for owner in owners - outbox_message.mentioned],
                replied_user=False,
            )
        }
        if len(outbox_message.timers) > 1:
            return words | {"view": cards.announcements("\n".join(lines), outbox_message.timers)}
        (timer,) = outbox_message.timers
        words |= {"content": "\n".join(lines), "view": cards.announcement_buttons(timer)}
        if timer.card_id and outbox_message.kind is Kind.ANNOUNCEMENT:
            words["reference"] = discord.MessageReference(
                message_id=timer.card_id, channel_id=outbox_message.place_id, fail_if_not_exists=False
            )
        return words

    async def edit(self, outbox_message: OutboxMessage) -> tuple[int, int, ui.LayoutView] | None:
        """Redraw a timer's card as it stands."""
        (timer,) = outbox_message.timers
        return (timer.channel_id, timer.card_id, cards.card(timer)) if timer.card_id else None
