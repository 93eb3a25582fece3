"""What people press under reminders: buttons, menus and forms, each answered once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from discord import ui

from bot.chat import reminder_cards as cards
from bot.chat import reminder_text as text
from bot.chat.remind import MOVES, Remind
from bot.chat.talk import Pressed
from bot.chat.views import reminder_form as forms
from bot.chat.views.form import Given
from bot.domain import recurrence_words, when
from bot.domain.errors import NotYours, TooLate
from bot.domain.reminder import Reminder, must_own
from bot.domain.reminder_request import Edit, Set
from bot.domain.timer import Actor, State
from bot.engine.clock import Clock
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders

_SNOOZES = {"snooze_ten": timedelta(minutes=10), "snooze_hour": timedelta(hours=1)}


class ReminderPresses:
    """Does what is pressed; what it has in common with what is typed, ``remind`` does."""

    def __init__(self, remind: Remind, reminders: Reminders, preferences: Preferences, clock: Clock) -> None:
        self._remind = remind
        self._reminders = reminders
        self._preferences = preferences
        self._clock = clock

    async def press(self, talk: Pressed, action: str, numbers: Sequence[int]) -> None:
        """Do what a button of a reminder says. Raises ``Refusal``."""
        timer_id, *others = numbers
        match action:
            case "page":
                page, channel_id = others
                await self._turn(talk, timer_id, page, channel_id)
            case "undo":
                undone = await self._reminders.change(talk.actor, timer_id, MOVES["cancel"])
                await talk.redraw(cards.said(text.over(undone, "Undone")))
            case "revert":
                before_id, version = others
                reverted = await self._reminders.revert(talk.actor, timer_id, before_id, version)
                await talk.redraw(cards.said(text.confirmation(reverted, "Undone, it is again")))
            case "cancel":
                cancelled = await self._reminders.change(talk.actor, timer_id, MOVES[action])
                await talk.redraw(cards.said(text.over(cancelled, "Cancelled")))
            case "pause" | "resume":
                await talk.redraw(_pending(await self._reminders.change(talk.actor, timer_id, MOVES[action])))
            case "edit":
                found = await self._own(talk, timer_id)
                await talk.ask(forms.of_change(timer_id, found.timer.name, _every(found)))
            case _:
                await self._press_due(talk, action, timer_id, others)

    async def choose(self, talk: Pressed, timer_id: int) -> None:
        """Show one that was chosen from a menu, with what can be done with it."""
        found = await self._reminders.by_id(timer_id)
        if found.is_personal or found.is_pending:
            must_own(talk.actor, found)
        if found.timer.state is State.CANCELLED:
            raise TooLate("It has been cancelled.", "remind list")
        await talk.tell(_pending(found) if found.is_pending else await self._due(found))

    async def take_form(self, talk: Pressed, action: str, given: Given, number: int) -> None:
        """Do what a form asks for that was sent in."""
        said = {name: str(given.get(name) or "").strip() for name in ("when", "what", "every")}
        match action:
            case "new":
                direct = "direct" in (given.get("where") or [])
                asked = Set(said["when"], said["what"], said["every"], direct=direct, about_id=number)
                await self._remind.do(talk, asked)
            case "edit":
                found = await self._own(talk, number)
                every = _every(found)
                same = {"what": found.timer.name, "every": every}
                changed = {name: words for name, words in said.items() if words != same.get(name)}
                if every and not said["every"]:
                    changed["every"] = "never"
                await self._remind.edit(talk, found, Edit(str(number), **changed))
            case "snooze":
                chosen = when.parse(
                    said["when"], self._clock.now(), await self._preferences.zone(talk.actor.user_id)
                )
                await self._snooze(talk, number, chosen.moment, on_clock=chosen.on_clock)

    async def ask_about(self, talk: Pressed, message_id: int) -> None:
        """Ask when to be reminded of a message."""
        await talk.ask(forms.of_message(message_id, is_elsewhere=talk.is_elsewhere))

    async def _press_due(self, talk: Pressed, action: str, timer_id: int, others: Sequence[int]) -> None:
        """Do what can be done with one whose time has come."""
        now = self._clock.now()
        match action:
            case "done":
                over = await self._own(talk, timer_id)
                _must_be_told(talk.actor, over)
                await talk.redraw(cards.said(text.settled(over, "✅ Done")))
            case "stop":
                over = await self._own(talk, timer_id)
                await self._reminders.change(talk.actor, others[0], MOVES["cancel"])
                await talk.redraw(cards.said(text.settled(over, "⏹️ It repeats no more")))
            case "wake":
                await self._reminders.change(talk.actor, others[0], MOVES["cancel"])
                await talk.redraw(await self._due(await self._reminders.by_id(timer_id)))
            case "snooze_other":
                await talk.ask(forms.of_snooze(timer_id))
            case "snooze_tomorrow":
                here = await self._preferences.zone(talk.actor.user_id)
                await self._snooze(talk, timer_id, when.parse("tomorrow 9:00", now, here).moment, on_clock=True)
            case "snooze_ten" | "snooze_hour":
                await self._snooze(talk, timer_id, now + _SNOOZES[action])

    async def _snooze(self, talk: Pressed, timer_id: int, until: datetime, *, on_clock: bool = False) -> None:
        over = await self._reminders.by_id(timer_id)
        _must_be_told(talk.actor, over)
        snoozed = await self._reminders.snooze(talk.actor, timer_id, until, talk.request)
        said = text.snoozed(until, for_one=not over.is_personal)
        notes = await self._remind.zone_notes(talk) if on_clock else []
        if over.is_personal:
            await talk.redraw(cards.snoozed(text.settled(over, said, notes), timer_id, snoozed.id))
        else:  # the others still have its buttons to press
            await talk.tell(cards.confirmation("\n".join([said, *map(text.small, notes)]), snoozed))

    async def _due(self, over: Reminder) -> ui.LayoutView:
        """Show it as it was first shown; how late it came is no news any more."""
        series = await self._reminders.series_of(over)
        came_at = over.timer.ended_at or self._clock.now()
        return cards.due(text.due(over, series, came_at, awake_since=over.timer.started_at), over, series)

    async def _own(self, talk: Pressed, timer_id: int) -> Reminder:
        found = await self._reminders.by_id(timer_id)
        must_own(talk.actor, found)
        return found

    async def _turn(self, talk: Pressed, owner_id: int, page: int, channel_id: int) -> None:
        if talk.actor.user_id != owner_id:
            raise NotYours("That list is somebody else's.", "remind list")
        await talk.redraw(await self._remind.listing(talk, page, channel_id))


def _pending(reminder: Reminder) -> ui.LayoutView:
    return cards.pending(text.card(reminder), reminder)


def _must_be_told(actor: Actor, over: Reminder) -> None:
    """Raise ``NotYours`` where a reminder called somebody else, who alone can be done with it or put it off."""
    if over.is_personal and actor.user_id != over.timer.owner_id:
        raise NotYours(f"#{over.id} is somebody else's reminder.", "remind 20m stretch")


def _every(reminder: Reminder) -> str:
    """Spell how it repeats, as one says it after *every*, with its end in the reminder's own time zone."""
    if reminder.rule is None:
        return ""
    until = reminder.rule.until
    end = f" until {until.astimezone(reminder.zone):%d %b %Y %H:%M:%S}" if until else ""
    return f"{recurrence_words.spoken(reminder.rule).removeprefix('every ')}{end.removesuffix(' 23:59:59')}"
