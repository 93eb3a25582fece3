"""What people press under reminders: buttons, menus and forms, each answered once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from discord import ui

from bot.chat.components.form import Given
from bot.chat.components.plain import plain
from bot.chat.reminders import cards, text
from bot.chat.reminders import form as forms
from bot.chat.reminders.requests import CANCELLED, TRANSITIONS, Remind
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.retrying import Retrying
from bot.domain.errors import NotYours, TooLate
from bot.domain.reminders.command import Edit, Set
from bot.domain.reminders.reminder import Reminder, must_own
from bot.domain.time import recurrence_parser, when
from bot.domain.timers.timer import Actor, Purpose, State
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders

_SNOOZES = {"snooze_ten": timedelta(minutes=10), "snooze_hour": timedelta(hours=1)}


class ReminderPresses:
    """Carries out presses; what they share with typed commands is left to ``remind``."""

    def __init__(
        self, remind: Remind, reminders: Reminders, preferences: Preferences, retrying: Retrying, clock: Clock
    ) -> None:
        self._remind = remind
        self._retrying = retrying
        self._reminders = reminders
        self._preferences = preferences
        self._clock = clock

    async def press(self, request: InteractionRequest, action: str, numbers: Sequence[int]) -> None:
        """Carry out a reminder's button. Raises ``UserError``."""
        timer_id, *others = numbers
        match action:
            case "page":
                page, channel_id = others
                await self._turn(request, timer_id, page, channel_id)
            case "retry":
                await self._retrying.press(request, Purpose.REMINDER)
            case "undo":
                undone = await self._reminders.change(request.actor, timer_id, TRANSITIONS["cancel"])
                await request.redraw(plain(text.over(undone, N_("Undone: {text}"))))
            case "revert":
                before_id, version = others
                reverted = await self._reminders.revert(request.actor, timer_id, before_id, version)
                await request.redraw(plain(text.confirmation(reverted, N_("⏰ Undone, it is again {when}"))))
            case "cancel":
                cancelled = await self._reminders.change(request.actor, timer_id, TRANSITIONS[action])
                await request.redraw(plain(text.over(cancelled, CANCELLED)))
            case "pause" | "resume":
                await request.redraw(
                    _pending(await self._reminders.change(request.actor, timer_id, TRANSITIONS[action]))
                )
            case "edit":
                reminder = await self._own(request, timer_id)
                await request.ask(forms.of_change(timer_id, reminder.timer.name, _every(reminder)))
            case _:
                await self._press_due(request, action, timer_id, others)

    async def choose(self, request: InteractionRequest, timer_id: int) -> None:
        """Show a reminder chosen from a menu, with its buttons."""
        reminder = await self._reminders.by_id(timer_id)
        if reminder.is_personal or reminder.is_pending:
            must_own(request.actor, reminder)
        if reminder.timer.state is State.CANCELLED:
            raise TooLate(N_("It has been cancelled."), "remind list")
        await request.tell(_pending(reminder) if reminder.is_pending else await self._due(reminder))

    async def take_form(self, request: InteractionRequest, action: str, given: Given, number: int) -> None:
        """Carry out a submitted form."""
        fields = {name: str(given.get(name) or "").strip() for name in ("when", "what", "every")}
        match action:
            case "new":
                direct = "direct" in (given.get("where") or [])
                command = Set(fields["when"], fields["what"], fields["every"], direct=direct, about_id=number)
                await self._remind.do(request, command)
            case "edit":
                reminder = await self._own(request, number)
                every = _every(reminder)
                same = {"what": reminder.timer.name, "every": every}
                changed = {name: words for name, words in fields.items() if words != same.get(name)}
                if every and not fields["every"]:
                    changed["every"] = "never"
                await self._remind.edit(request, reminder, Edit(str(number), **changed))
            case "snooze":
                chosen = when.parse(
                    fields["when"], self._clock.now(), await self._preferences.zone(request.actor.user_id)
                )
                await self._snooze(request, number, chosen.moment, on_clock=chosen.on_clock)

    async def ask_about(self, request: InteractionRequest, message_id: int) -> None:
        """Ask when to be reminded of a message."""
        await request.ask(forms.of_message(message_id, is_elsewhere=request.is_elsewhere))

    async def _press_due(
        self, request: InteractionRequest, action: str, timer_id: int, others: Sequence[int]
    ) -> None:
        """Carry out a button of a due reminder."""
        now = self._clock.now()
        match action:
            case "done":
                over = await self._own(request, timer_id)
                _must_be_told(request.actor, over)
                await request.redraw(plain(text.settled(over, gettext("✅ Done"))))
            case "stop":
                over = await self._own(request, timer_id)
                await self._reminders.change(request.actor, others[0], TRANSITIONS["cancel"])
                await request.redraw(plain(text.settled(over, gettext("⏹️ It repeats no more"))))
            case "wake":
                await self._reminders.change(request.actor, others[0], TRANSITIONS["cancel"])
                await request.redraw(await self._due(await self._reminders.by_id(timer_id)))
            case "snooze_other":
                await request.ask(forms.of_snooze(timer_id))
            case "snooze_tomorrow":
                here = await self._preferences.zone(request.actor.user_id)
                await self._snooze(request, timer_id, when.parse("tomorrow 9:00", now, here).moment, on_clock=True)
            case "snooze_ten" | "snooze_hour":
                await self._snooze(request, timer_id, now + _SNOOZES[action])

    async def _snooze(
        self, request: InteractionRequest, timer_id: int, until: datetime, *, on_clock: bool = False
    ) -> None:
        over = await self._reminders.by_id(timer_id)
        _must_be_told(request.actor, over)
        snoozed = await self._reminders.snooze(request.actor, timer_id, until, request.key)
        words = text.snoozed(until, for_one=not over.is_personal)
        notes = await self._remind.zone_notes(request) if on_clock else []
        if over.is_personal:
            await request.redraw(cards.snoozed(text.settled(over, words, notes), timer_id, snoozed.id))
        else:  # the others still need its buttons
            await request.tell(cards.confirmation("\n".join([words, *map(text.small, notes)]), snoozed))

    async def _due(self, over: Reminder) -> ui.LayoutView:
        """Show it as first shown; how late it came no longer matters."""
        series = await self._reminders.series_of(over)
        came_at = over.timer.ended_at or self._clock.now()
        return cards.due(text.due(over, series, came_at, awake_since=over.timer.started_at), over, series)

    async def _own(self, request: InteractionRequest, timer_id: int) -> Reminder:
        reminder = await self._reminders.by_id(timer_id)
        must_own(request.actor, reminder)
        return reminder

    async def _turn(self, request: InteractionRequest, owner_id: int, page: int, channel_id: int) -> None:
        if request.actor.user_id != owner_id:
            raise NotYours(N_("That list is somebody else's."), "remind list")
        await request.redraw(await self._remind.listing(request, page, channel_id))


def _pending(reminder: Reminder) -> ui.LayoutView:
    return cards.pending(text.card(reminder), reminder)


def _must_be_told(actor: Actor, over: Reminder) -> None:
    """Raise ``NotYours`` where a personal reminder is somebody else's, who alone may settle or snooze it."""
    if over.is_personal and actor.user_id != over.timer.owner_id:
        raise NotYours(N_("#{id} is somebody else's reminder."), "remind 20m stretch", id=over.id)


def _every(reminder: Reminder) -> str:
    """Spell the recurrence as one types it after *every*, with its end in the reminder's own time zone."""
    if reminder.rule is None:
        return ""
    until = reminder.rule.until
    end = f" until {until.astimezone(reminder.zone):%d %b %Y %H:%M:%S}" if until else ""
    return f"{recurrence_parser.spoken(reminder.rule).removeprefix('every ')}{end.removesuffix(' 23:59:59')}"
