"""Renders due reminders, see ``sender.Renderer``."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.chat.components.plain import plain
from bot.chat.reminders import cards, text
from bot.chat.runtime.sender import Renderer
from bot.chat.text import redirected
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.reminders.reminder import Reminder
from bot.engine.clock import Clock
from bot.service.reminders import Reminders


class ReminderRenderer(Renderer):
    """``clock`` tells how late a message is, and whether that is because the bot was away."""

    announces = ("reminder:done:", "reminder:snooze", "reminder:wake:", "reminder:stop:", "reminders:due:")

    def __init__(self, reminders: Reminders, clock: Clock) -> None:
        self._reminders = reminders
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Render one with buttons, several as a list with menus; a reminder that no longer exists is left out."""
        if outbox_message.kind is Kind.NOTICE:
            owners = discord.AllowedMentions(
                users=[discord.Object(outbox_message.timers[0].owner_id)], replied_user=False
            )
            return {"view": plain(text.notice(outbox_message.timers)), "allowed_mentions": owners}
        known = await self._reminders.by_ids([timer.id for timer in outbox_message.timers])
        due = [known[timer.id] for timer in outbox_message.timers if timer.id in known]
        if not due:
            return None
        view = await self._single(outbox_message, due[0]) if len(due) == 1 else self._several(outbox_message, due)
        return {"view": view, "allowed_mentions": cards.allowed_mentions(due, outbox_message.mentioned)}

    async def edit(self, outbox_message: OutboxMessage) -> tuple[int, int, ui.LayoutView] | None:
        """Return None: a reminder's message is edited only by pressing its buttons."""
        del outbox_message
        return None

    async def _single(self, outbox_message: OutboxMessage, reminder: Reminder) -> ui.LayoutView:
        series = await self._reminders.series_of(reminder)
        words = text.due(reminder, series, self._clock.now(), self._awake_since)
        return cards.due("\n".join([words, *self._redirected(outbox_message, [reminder])]), reminder, series)

    def _several(self, outbox_message: OutboxMessage, due: Sequence[Reminder]) -> ui.LayoutView:
        now = self._clock.now()
        lines = [text.bundled(reminder, now, self._awake_since) for reminder in due]
        return cards.bundle(
            "\n".join([*lines, *self._redirected(outbox_message, due)]), [reminder.timer for reminder in due]
        )

    def _redirected(self, outbox_message: OutboxMessage, due: Sequence[Reminder]) -> list[str]:
        """Explain why a direct message replaces a message in a channel."""
        away = [reminder.timer for reminder in due if not reminder.direct]
        return [redirected(away)] if away and outbox_message.kind is Kind.DIRECT else []
