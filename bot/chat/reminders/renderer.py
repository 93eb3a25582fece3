"""Renders due reminders, see ``sender.Renderer``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from discord import ui

from bot.chat.components import allowed_mentions
from bot.chat.components.button import plain
from bot.chat.components.menu import bundle
from bot.chat.reminders import cards, text
from bot.chat.runtime.sender import MessageEdit, Renderer
from bot.chat.text import redirected
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.reminders.reminder import Reminder
from bot.domain.reminders.verdict import REASONS, REFUSED, Verdict, reason
from bot.domain.rights import Rights
from bot.engine.clock import Clock
from bot.engine.delivery import Barred
from bot.messages.catalogue import N_, gettext
from bot.service.authority import Authority
from bot.service.ping_limiter import PingLimiter
from bot.service.reminders import Reminders


class ReminderRenderer(Renderer):
    """``clock`` tells how late a message is, and whether that is because the bot was away.

    Reminders in a server go by the current rights of whoever answers for them.
    """

    announces = ("reminder:done:", "reminder:snooze", "reminder:wake:", "reminder:stop:", "reminders:due:")

    def __init__(self, reminders: Reminders, authority: Authority, pings: PingLimiter, clock: Clock) -> None:
        self._reminders = reminders
        self._authority = authority
        self._pings = pings
        self._clock = clock
        self._awake_since = clock.now()

    async def message(self, outbox_message: OutboxMessage) -> dict[str, Any] | None:
        """Render one with buttons, several as a list with menus; a reminder that no longer exists is left out.

        Raises ``Barred`` if one of them may not be posted there. What repeats is paused then, and also where its
        mention is not allowed any more.
        """
        if outbox_message.kind is Kind.NOTICE:
            timer = outbox_message.timers[0]
            if not await self._authority.sees(timer):
                return None
            owner = allowed_mentions.only([timer.owner_id])
            return {"view": plain(text.notice(outbox_message.timers)), "allowed_mentions": owner}
        known = await self._reminders.by_ids([timer.id for timer in outbox_message.timers])
        due = [known[timer.id] for timer in outbox_message.timers if timer.id in known]
        if not due:
            return None
        notes: dict[int, str] = {}
        if outbox_message.kind is Kind.ANNOUNCEMENT:
            due, notes = await self._allowed(due, outbox_message.nonce)
        if len(due) == 1:
            view = await self._single(outbox_message, due[0], notes)
        else:
            view = self._several(outbox_message, due, notes)
        return {"view": view, "allowed_mentions": cards.allowed_mentions(due, outbox_message.mentioned)}

    async def gist(self, outbox_message: OutboxMessage) -> str:
        """Return the text of a notice; everything else is recognised by its buttons or menus."""
        return await super().gist(outbox_message) if outbox_message.kind is Kind.NOTICE else ""

    async def edit(self, outbox_message: OutboxMessage) -> MessageEdit | None:
        """Redraw the confirmation of a reminder that has come: there is nothing left to undo."""
        (timer,) = outbox_message.timers
        reminder = (await self._reminders.by_ids([timer.id])).get(timer.id)
        if reminder is None or timer.card_id is None:
            return None
        seen = reminder.seen_in(timer.guild_id and timer.channel_id)
        return MessageEdit(timer.channel_id, timer.card_id, plain(text.over(seen, N_("✅ Reminded: {text}"))))

    async def _allowed(self, due: Sequence[Reminder], nonce: str) -> tuple[list[Reminder], dict[int, str]]:
        """Return reminders as they may be posted, with notes by id on mentions that are no longer allowed."""
        came_while_away = any(self._due_at(reminder) < self._awake_since for reminder in due)
        verdicts = await self._authority.at_delivery(due, may_wait=came_while_away)
        refused = [reminder for reminder in due if verdicts[reminder.id][0] in REFUSED]
        if series_ids := [reminder.origin_id for reminder in refused if reminder.origin_id]:
            await self._reminders.silence(series_ids)
        sayable: list[Reminder] = []
        notes: dict[int, str] = {}
        for reminder in due:
            match verdicts[reminder.id]:
                case Verdict.BARRED, Rights() as rights:
                    raise Barred(reason(reminder, rights))
                case Verdict.UNCALLED, _:
                    # Its owner is mentioned instead, to read why.
                    sayable.append(replace(reminder, calls=f"<@{reminder.timer.owner_id}>"))
                    notes[reminder.id] = text.uncalled(reminder)
                case Verdict.UNSURE, _:
                    sayable.append(replace(reminder, calls=""))
                case _:
                    sayable.append(reminder if self._may_call(reminder, nonce) else replace(reminder, calls=""))
        return sayable, notes

    def _may_call(self, reminder: Reminder, nonce: str) -> bool:
        """Return whether the person who answers for a reminder has not just pinged the same role or channel."""
        if not reminder.calls or reminder.is_personal:
            return True
        due_at = self._due_at(reminder)
        return bool(self._pings.allowed([reminder.answers_for_it], [reminder.called_id], due_at, nonce))

    def _due_at(self, reminder: Reminder) -> datetime:
        return reminder.timer.due_at or reminder.timer.ended_at or self._clock.now()

    async def _single(
        self, outbox_message: OutboxMessage, reminder: Reminder, notes: Mapping[int, str]
    ) -> ui.LayoutView:
        series = await self._reminders.series_of(reminder)
        words = text.due(reminder, series, self._clock.now(), self._awake_since)
        lines = [words, *notes.values(), *self._redirected(outbox_message, [reminder])]
        is_barred = outbox_message.kind is Kind.DIRECT and outbox_message.reason in REASONS
        return cards.due("\n".join(lines), reminder, series, is_barred=is_barred)

    def _several(
        self, outbox_message: OutboxMessage, due: Sequence[Reminder], notes: Mapping[int, str]
    ) -> ui.LayoutView:
        now = self._clock.now()
        lines: list[str] = []
        for reminder in due:
            lines.append(text.bundled(reminder, now, self._awake_since))
            lines += [notes[reminder.id]] if reminder.id in notes else []
        words = "\n".join([*lines, *self._redirected(outbox_message, due)])
        pick = gettext("Pick one to snooze or finish …")
        return bundle(words, "reminder", "due", [reminder.timer for reminder in due], pick)

    def _redirected(self, outbox_message: OutboxMessage, due: Sequence[Reminder]) -> list[str]:
        """Explain why a direct message replaces a message in a channel."""
        away = [reminder.timer for reminder in due if not reminder.direct]
        if not away or outbox_message.kind is not Kind.DIRECT:
            return []
        if outbox_message.reason in REASONS:
            return [text.barred(away[0].channel_id, outbox_message.reason)]
        return [redirected(away)]
