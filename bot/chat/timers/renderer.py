"""Renders announcements of a person's own timers, see ``sender.Renderer``."""

from typing import Any

import discord

from bot.chat.components import allowed_mentions
from bot.chat.components.menu import bundle
from bot.chat.runtime.sender import MessageEdit, Renderer
from bot.chat.text import redirected
from bot.chat.timers import cards, text
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.reminders.verdict import GONE, HIDDEN
from bot.engine.clock import Clock
from bot.engine.delivery import Barred
from bot.messages.catalogue import gettext
from bot.service.focus_log import FocusLog
from bot.service.members import Members


class TimerRenderer(Renderer):
    """``clock`` tells how late a message is, and whether that is because the bot was away."""

    announces = ("timer:again:", "timer:overtime:", "timer:rest:", "timer:done:", "timers:again:")

    def __init__(self, log: FocusLog, members: Members, clock: Clock) -> None:
        self._log = log
        self._members = members
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any]:
        """Render one timer as a reply to its card, with buttons; several as a list, with a menu.

        Raises ``Barred`` if the owner of one cannot see the channel.
        """
        if outbox_message.kind is Kind.ANNOUNCEMENT:
            await self._must_be_seen(outbox_message)
        lines = [text.announcement(timer, self._clock.now(), self._awake_since) for timer in outbox_message.timers]
        if outbox_message.kind is Kind.DIRECT:
            lines.append(redirected(outbox_message.timers))
        owners = {timer.owner_id for timer in outbox_message.timers}
        words: dict[str, Any] = {"allowed_mentions": allowed_mentions.only(owners - outbox_message.mentioned)}
        if len(outbox_message.timers) > 1:
            pick = gettext("Start one again …")
            return words | {"view": bundle("\n".join(lines), "timer", "again", outbox_message.timers, pick)}
        (timer,) = outbox_message.timers
        day = await self._log.day_after(timer)
        lines[1:1] = [text.day(day)] if day else []
        buttons = cards.announcement_buttons(timer, has_day=day is not None)
        words |= {"content": "\n".join(lines), "view": buttons}
        if timer.card_id and outbox_message.kind is Kind.ANNOUNCEMENT:
            words["reference"] = discord.MessageReference(
                message_id=timer.card_id, channel_id=outbox_message.place_id, fail_if_not_exists=False
            )
        return words

    async def gist(self, outbox_message: OutboxMessage) -> str:
        """Return the first line, which does not depend on what the owner shares."""
        timer = outbox_message.timers[0]
        return text.announcement(timer, self._clock.now(), self._awake_since)

    async def _must_be_seen(self, outbox_message: OutboxMessage) -> None:
        timer = outbox_message.timers[0]
        if timer.guild_id is not None:
            owners = {timer.owner_id for timer in outbox_message.timers}
            came_while_away = timer.due_at is not None and timer.due_at < self._awake_since
            blind = await self._members.unable_to_see(
                timer.guild_id, outbox_message.place_id, owners, may_wait=came_while_away
            )
            for rights in blind.values():
                raise Barred(HIDDEN if rights.is_member else GONE)

    async def edit(self, outbox_message: OutboxMessage) -> MessageEdit | None:
        """Redraw a timer's card as it stands."""
        (timer,) = outbox_message.timers
        return MessageEdit(timer.channel_id, timer.card_id, cards.card(timer)) if timer.card_id else None
