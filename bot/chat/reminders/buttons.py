"""Buttons, menus and forms of reminders, each answered once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from discord import ui

from bot.chat.components.button import plain
from bot.chat.components.form import FormValues
from bot.chat.components.validation import exactly, selected, text_of, unknown
from bot.chat.reminders import cards, form as forms, text
from bot.chat.reminders.requests import CANCELLED, TRANSITIONS, ReminderRequests
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.retry import retry
from bot.chat.services import Services
from bot.chat.text import sentence
from bot.domain.errors import NotYours, TooLate
from bot.domain.reminders import understanding
from bot.domain.reminders.command import EditReminder, Set
from bot.domain.reminders.reminder import LONGEST, Reminder, must_own
from bot.domain.time import recurrence_text, schedule
from bot.domain.timers.lookup import must_be_in_reach
from bot.domain.timers.timer import Actor, Purpose, State
from bot.messages.catalogue import N_, gettext

# How many numbers a button carries, if more than its reminder's id.
_NUMBERS = {"page": 3, "revert": 3, "keep": 2, "stop": 2, "wake": 2}
_SNOOZES = {"snooze_ten": timedelta(minutes=10), "snooze_hour": timedelta(hours=1)}


class ReminderButtons(RequestCog):
    """Carries out buttons; what they share with typed commands is left to ``ReminderRequests``."""

    list_command = "remind list"

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        self._remind = ReminderRequests(services, runner)
        self._reminders = services.reminders

    @pressed("reminder_button")
    async def press(self, request: InteractionRequest, action: str, *numbers: int) -> None:
        """Carry out a button under a reminder, or under a confirmation. Raises ``UserError``."""
        timer_id, *others = exactly(_NUMBERS.get(action, 1), numbers)
        match action:
            case "page":
                page, channel_id = others
                await self._turn(request, timer_id, page, channel_id)
            case "retry":
                await retry(request, self._services.undelivered, Purpose.REMINDER)
            case "undo":
                await request.redraw(plain(await self._undo(request, timer_id)))
            case "revert":
                before_id, version = others
                reverted = await self._reminders.revert(request.actor, timer_id, before_id, version)
                seen = reverted.seen_in(request.seen_in)
                words = text.confirmation(seen, N_("⏰ Undone – it's back to {when}"), self._clock.now())
                await request.redraw(plain(words))
            case "cancel":
                cancelled = await self._reminders.change(request.actor, timer_id, TRANSITIONS[action])
                await request.redraw(plain(text.over(cancelled, CANCELLED)))
            case "pause" | "resume":
                await request.redraw(self._pending(await self._remind.act(request, timer_id, action)))
            case "edit":
                reminder = await self._own(request, timer_id)
                await request.open_form(forms.of_change(timer_id, reminder.timer.name, _every(reminder)))
            case "zone":
                if timer_id:
                    _must_be_for(request.actor, await self._reminders.by_id(timer_id))
                await request.open_form(forms.of_zone(timer_id))
            case _:
                await self._press_due(request, action, timer_id, others)

    async def _undo(self, request: InteractionRequest, timer_id: int) -> str:
        """Cancel a new reminder; return the new text of its confirmation, also where it is too late."""
        try:
            undone = await self._reminders.change(request.actor, timer_id, TRANSITIONS["cancel"])
            return text.over(undone.seen_in(request.seen_in), N_("Undone: {text}"))
        except TooLate as late:
            return sentence(late)

    @pressed("reminder_menu")
    async def choose(self, request: InteractionRequest, timer_id: int) -> None:
        """Show a reminder chosen from a menu, with its buttons."""
        reminder = await self._reminders.by_id(timer_id)
        if reminder.is_personal or reminder.is_pending:
            must_own(request.actor, reminder)
        must_be_in_reach(request.actor, reminder.timer)
        if reminder.timer.state is State.CANCELLED:
            raise TooLate(N_("It's been cancelled."), "remind list")
        await request.reply_with(self._pending(reminder) if reminder.is_pending else await self._due(reminder))

    @pressed("reminder_form", obeys_rules=True)
    async def take_form(self, request: InteractionRequest, action: str, values: FormValues, *numbers: int) -> None:
        """Carry out a submitted form."""
        (number,) = exactly(1, numbers)
        limits = {"when": forms.LONGEST_LINE, "every": forms.LONGEST_RULE, "what": LONGEST}
        fields = {name: text_of(values, name, most) for name, most in limits.items()}
        match action:
            case "new":
                direct = selected(values, "where") == "direct"
                request.about_id = number or None
                command = Set(fields["when"], fields["what"], fields["every"], direct=direct)
                await self._remind.do(request, command)
            case "edit":
                reminder = await self._own(request, number)
                every = _every(reminder)
                same = {"what": reminder.timer.name, "every": every}
                changed = {name: words for name, words in fields.items() if words != same.get(name)}
                if every and not fields["every"]:
                    changed["every"] = "never"
                await self._remind.edit(request, reminder, EditReminder(str(number), **changed))
            case "zone":
                await self._set_zone(request, number, str(values.get("zone") or ""))
            case "snooze":
                await self._snooze_until(request, number, fields["when"])
            case _:
                raise unknown()

    async def _press_due(
        self, request: InteractionRequest, action: str, timer_id: int, others: Sequence[int]
    ) -> None:
        now = self._clock.now()
        match action:
            case "done":
                over = await self._own(request, timer_id)
                _must_be_told(request.actor, over)
                await request.redraw(plain(text.settled(over, gettext("✅ Done"))))
            case "stop":
                over = await self._own(request, timer_id)
                await self._reminders.change(request.actor, others[0], TRANSITIONS["cancel"])
                await request.redraw(plain(text.settled(over, gettext("⏹️ It won't repeat any more"))))
            case "keep":
                over = await self._own(request, timer_id)
                _must_be_for(request.actor, await self._reminders.by_id(others[0]))
                await self._reminders.change(request.actor, others[0], Reminder.kept_directly)
                await request.redraw(plain(text.settled(over, gettext("✉️ It'll keep coming, just for you"))))
            case "wake":
                await self._own(request, timer_id)
                await self._reminders.change(request.actor, others[0], TRANSITIONS["cancel"])
                await request.redraw(await self._due(await self._reminders.by_id(timer_id)))
            case "snooze_other":
                await request.open_form(forms.of_snooze(timer_id))
            case "snooze_tomorrow":
                here = await self._services.preferences.zone(request.actor.user_id)
                tomorrow = schedule.read("tomorrow 9:00", "", now, here).first_at
                await self._snooze(request, timer_id, tomorrow, on_clock=True)
            case "snooze_ten" | "snooze_hour":
                await self._snooze(request, timer_id, now + _SNOOZES[action])
            case _:
                raise unknown()

    async def _snooze_until(self, request: InteractionRequest, timer_id: int, words: str) -> None:
        zone = await self._services.preferences.zone(request.actor.user_id)
        chosen = understanding.of_snooze(words, timer_id, self._clock.now(), zone)
        await self._snooze(request, timer_id, chosen.first_at, on_clock=chosen.on_clock)

    async def _snooze(
        self, request: InteractionRequest, timer_id: int, until: datetime, *, on_clock: bool = False
    ) -> None:
        over = await self._reminders.by_id(timer_id)
        _must_be_told(request.actor, over)
        notes = await self._remind.zones.notes(request) if on_clock else []
        snoozed = await self._reminders.snooze(request.actor, timer_id, until, request.key, by_utc=bool(notes))
        words = text.snoozed(snoozed, self._clock.now(), for_one=not over.is_personal)
        if over.is_personal:
            content = text.settled(over, words, notes)
            await request.redraw(cards.snoozed(content, timer_id, snoozed.id, asks_zone=bool(notes)))
        else:  # the others still need its buttons
            content = "\n".join([words, *map(text.small, notes)])
            await request.reply_with(cards.confirmation(content, snoozed, asks_zone=bool(notes)))

    def _pending(self, reminder: Reminder) -> ui.LayoutView:
        return cards.pending(text.card(reminder, self._clock.now()), reminder)

    async def _due(self, over: Reminder) -> ui.LayoutView:
        """Show it as it was announced, but on time: how late it came no longer matters."""
        series = await self._reminders.series_of(over)
        came_at = over.timer.ended_at or self._clock.now()
        return cards.due(text.due(over, series, came_at, awake_since=over.timer.started_at), over, series)

    async def _set_zone(self, request: InteractionRequest, reminder_id: int, called: str) -> None:
        """Set the time zone of the owner of a reminder read as UTC, and move it; 0 is no reminder."""
        if not reminder_id:
            await self._remind.zones.do(request, called)
            return
        _must_be_for(request.actor, await self._reminders.by_id(reminder_id))
        words, moved = await self._remind.zones.set(request.actor, called, reminder_id)
        changed = next((reminder for reminder in moved if reminder.id == reminder_id), None)
        if changed is None:
            await request.reply(words)
        else:
            now = self._clock.now()
            changed = changed.seen_in(request.seen_in)
            confirmed = text.confirmation(changed, text.promise(changed, now), now, [words])
            await request.redraw(cards.confirmation(confirmed, changed))

    async def _own(self, request: InteractionRequest, timer_id: int) -> Reminder:
        reminder = await self._reminders.by_id(timer_id)
        must_own(request.actor, reminder)
        return reminder

    async def _turn(self, request: InteractionRequest, owner_id: int, page: int, channel_id: int) -> None:
        if request.actor.user_id != owner_id:
            raise NotYours(N_("That isn't your list."), "remind list")
        await request.redraw(await self._remind.listing(request, page, channel_id))


def _must_be_for(actor: Actor, reminder: Reminder) -> None:
    """Raise ``NotYours`` for another person's reminder, since it is about its owner's time zone."""
    if actor.user_id != reminder.timer.owner_id:
        raise NotYours(N_("#{id} isn't your reminder."), "remind list", id=reminder.id)


def _must_be_told(actor: Actor, over: Reminder) -> None:
    """Raise if a personal reminder is another person's, or if it was posted elsewhere."""
    if over.is_personal:
        _must_be_for(actor, over)
    must_be_in_reach(actor, over.timer)


def _every(reminder: Reminder) -> str:
    """Spell the recurrence as one types it after *every*, with its end in the reminder's own time zone."""
    if reminder.rule is None:
        return ""
    return recurrence_text.spoken(reminder.rule, reminder.zone).removeprefix("every ")
