"""Remind: carries out commands on reminders, and answers them."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from discord import ui

from bot.chat.reminders import cards, text
from bot.chat.reminders.recipient import recipient
from bot.chat.runtime.request import Request
from bot.chat.runtime.retrying import retry_button
from bot.domain.errors import BadText
from bot.domain.reminders.command import Act, Command, Edit, ListPage, Set, Verb, Zone
from bot.domain.reminders.reminder import DEFAULT, DEFAULT_ABOUT, Reminder, clean, new
from bot.domain.time import schedule, zone
from bot.domain.time.schedule import Schedule
from bot.domain.timers.timer import Purpose, State
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders, Transition
from bot.service.unheard import Unheard

CANCELLED = N_("Cancelled: {text}")
_DONE = {Verb.CANCEL: CANCELLED, Verb.PAUSE: N_("Paused: {text}"), Verb.RESUME: N_("⏰ It comes again: {when}")}
TRANSITIONS: dict[str, Transition] = {
    "cancel": lambda old, now: old.cancel(now),
    "pause": lambda old, now: old.pause(now),
    "resume": lambda old, now: old.resume(now),
}


class Remind:
    """Carries out commands; each is answered once."""

    def __init__(self, reminders: Reminders, unheard: Unheard, preferences: Preferences, clock: Clock) -> None:
        self._reminders = reminders
        self._unheard = unheard
        self._preferences = preferences
        self._clock = clock

    async def do(self, request: Request, command: Command) -> None:
        """Carry out a command, typed or slash. Raises ``UserError``."""
        match command:
            case Set():
                await self._set(request, command)
            case Act(verb, which):
                reminder = await self._reminders.find(request.actor, which, verb)
                changed = await self._reminders.change(request.actor, reminder.id, TRANSITIONS[verb])
                is_to_come = verb is Verb.RESUME
                await request.say((text.confirmation if is_to_come else text.over)(changed, _DONE[verb]))
            case Edit():
                reminder = await self._reminders.find(request.actor, command.which, "edit")
                await self.edit(request, reminder, command)
            case ListPage(page):
                await request.tell(
                    await self.listing(request, page, 0 if request.private else request.actor.channel_id)
                )
            case Zone(called):
                await self._zone(request, called)
            case _:
                assert_never(command)

    async def fitting(self, user_id: int, typed: str) -> list[Reminder]:
        """Return somebody's pending reminders that match what is typed so far."""
        return [
            reminder
            for reminder in await self._reminders.pending(user_id)
            if typed.casefold() in f"#{reminder.id} {reminder.timer.name}".casefold()
        ]

    async def _set(self, request: Request, command: Set) -> None:
        now = self._clock.now()
        own_zone = (await self._preferences.of(request.actor.user_id)).zone
        meant = schedule.read(command.when, command.every, now, own_zone or zone.UTC)
        where = recipient(request, command)
        about_id = command.about_id or request.about_id
        what = clean(command.what) or gettext(DEFAULT_ABOUT if about_id else DEFAULT)
        if about_id and (where.actor.guild_id, where.channel_id) != (
            request.actor.guild_id,
            request.actor.channel_id,
        ):
            # The message is in another place than the reminder, so the text has to link to it.
            what = clean(f"{what} {text.message_url(request.actor.guild_id, request.actor.channel_id, about_id)}")
            about_id = None
        reminder = new(
            where.actor,
            where.channel_id,
            what,
            meant,
            own_zone or zone.UTC,
            now,
            direct=where.direct,
            calls=where.calls,
            about_id=about_id,
        )
        kept = await self._reminders.set(reminder, request.key)
        words = text.confirmation(kept, text.promise(kept), await self._notes(request, meant))
        await request.tell(cards.confirmation(words, kept))

    async def edit(self, request: Request, reminder: Reminder, command: Edit) -> None:
        """Change a reminder. Raises ``UserError``."""
        now = self._clock.now()
        if not (command.when or command.what or command.every):
            raise BadText(N_("There is nothing to change in that."), f"remind edit #{reminder.id} tomorrow 9am")
        own_zone = (await self._preferences.of(request.actor.user_id)).zone
        meant = self._meant(reminder, command, now, own_zone or reminder.zone)
        what = clean(command.what) if command.what else None
        changed, before_id = await self._reminders.edit(
            request.actor, reminder.id, lambda old, at: old.edit(at, meant, what, own_zone or reminder.zone)
        )
        notes = await self._notes(request, meant) if meant else []
        words = text.confirmation(changed, N_("⏰ Changed: {when}"), notes)
        await request.tell(cards.confirmation(words, changed, before_id))

    def _meant(self, reminder: Reminder, command: Edit, now: datetime, where: ZoneInfo) -> Schedule | None:
        """Return the schedule by a new time or recurrence, keeping whichever is not given; None if neither is."""
        if command.when:
            meant = schedule.read(command.when, command.every, now, where)
            rule = meant.rule if command.every else reminder.rule
            if rule and not command.every:
                again = schedule.again(meant.first_at, rule, where)
                return replace(again, on_clock=meant.on_clock, moved=meant.moved)
            return meant
        if command.every:
            # While paused its time may have passed; then the next one counts, if there is one.
            pending = reminder.resume(now) if reminder.timer.state is State.PAUSED else reminder
            first_at = pending.timer.due_at or now
            return schedule.again(first_at, schedule.repetition(command.every, now, where), where)
        return None

    async def listing(self, request: Request, page: int, channel_id: int) -> ui.LayoutView:
        """Show a page of somebody's reminders; a ``channel_id`` other than 0 is where others see it too."""
        unheard = await self._unheard.of(request.actor.user_id, Purpose.REMINDER)
        over = {timer.id for timer, _ in unheard}
        pending = [
            reminder for reminder in await self._reminders.pending(request.actor.user_id) if reminder.id not in over
        ]
        shown = [reminder for reminder in pending if not channel_id or reminder.is_for_all_to_see(channel_id)]
        pages = max(1, -(-len(shown) // text.PAGE))
        page = min(max(page, 1), pages)
        here = shown[(page - 1) * text.PAGE : page * text.PAGE]
        hidden = len(pending) - len(shown) + (len(unheard) if channel_id else 0)
        told = unheard if page == 1 and not channel_id else []
        view = cards.listing(text.listing(here, hidden, told), here, page, pages, request.actor.user_id, channel_id)
        return view.add_item(ui.ActionRow(retry_button("reminder", request.actor.user_id))) if told else view

    async def _notes(self, request: Request, meant: Schedule) -> list[str]:
        """Return notes on how a time was read: a change of the clocks, and its zone."""
        notes = []
        if meant.moved:
            notes.append(gettext("The clocks go forward over that time, so it comes as much later."))
        if meant.on_clock:
            notes += await self.zone_notes(request)
        return notes

    async def zone_notes(self, request: Request) -> list[str]:
        """Note that a time was taken as UTC, if it was, and ask once for the person's zone."""
        user_id = request.actor.user_id
        if (await self._preferences.of(user_id)).zone:
            return []
        is_asked = await self._preferences.ask_for_zone(user_id)
        return [text.zone_note(request.prefix) if is_asked else gettext("Taken as UTC.")]

    async def _zone(self, request: Request, called: str) -> None:
        user_id = request.actor.user_id
        if not called:
            known = (await self._preferences.of(user_id)).zone
            await request.say(text.zone_is(known.key if known else None, request.prefix))
            return
        chosen = zone.parse(called)
        await self._preferences.set_zone(user_id, chosen)
        await request.say(text.zone_set(chosen.key, self._clock.now().astimezone(chosen)))
