"""What the bot says when the time of reminders has come, see ``sender.Words``."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.chat import reminder_cards as cards
from bot.chat import reminder_text as text
from bot.chat.text import redirected
from bot.domain.parcel import Kind, Parcel
from bot.domain.reminder import Reminder
from bot.engine.clock import Clock
from bot.service.reminders import Reminders


class ReminderWords:
    """``clock`` tells how late something is said, and whether that is because the bot was away."""

    def __init__(self, reminders: Reminders, clock: Clock) -> None:
        self._reminders = reminders
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, parcel: Parcel) -> dict[str, Any] | None:
        """Say one with buttons, and several as a list with menus; what is known no longer is not said."""
        if parcel.kind is Kind.NOTICE:
            owners = discord.AllowedMentions(users=[discord.Object(parcel.timers[0].owner_id)], replied_user=False)
            return {"view": cards.said(text.notice(parcel.timers)), "allowed_mentions": owners}
        known = await self._reminders.by_ids([timer.id for timer in parcel.timers])
        due = [known[timer.id] for timer in parcel.timers if timer.id in known]
        if not due:
            return None
        view = await self._one(parcel, due[0]) if len(due) == 1 else self._several(parcel, due)
        return {"view": view, "allowed_mentions": cards.allowed_mentions(due)}

    async def edit(self, parcel: Parcel) -> tuple[int, int, ui.LayoutView] | None:
        """Give nothing: what is said of a reminder is edited only by those who press its buttons."""
        del parcel
        return None

    async def _one(self, parcel: Parcel, reminder: Reminder) -> ui.LayoutView:
        series = await self._reminders.series_of(reminder)
        said = text.due(reminder, series, self._clock.now(), self._awake_since)
        return cards.due("\n".join([said, *self._redirected(parcel, [reminder])]), reminder, series)

    def _several(self, parcel: Parcel, due: Sequence[Reminder]) -> ui.LayoutView:
        now = self._clock.now()
        lines = [text.bundled(one, now, self._awake_since) for one in due]
        return cards.bundle("\n".join([*lines, *self._redirected(parcel, due)]), [one.timer for one in due])

    def _redirected(self, parcel: Parcel, due: Sequence[Reminder]) -> list[str]:
        """Say why somebody is told directly of what should have been said in a channel."""
        away = [one.timer for one in due if not one.direct] if parcel.kind is Kind.DIRECT else []
        return [redirected(away)] if away else []
