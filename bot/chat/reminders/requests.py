"""Remind: carries out commands on reminders, and answers them."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from discord import ui

from bot.chat.channels.requests import ChannelRequests
from bot.chat.components import pages
from bot.chat.reminders import cards, text
from bot.chat.reminders.recipient import recipient
from bot.chat.reminders.zones import Zones
from bot.chat.runtime.request import Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.retry import retry_button
from bot.chat.services import Services
from bot.chat.text import fitting, message_url, not_done
from bot.domain.errors import BadMoment, BadRecurrence, BadText, UnknownReminder
from bot.domain.question import Choice, Question
from bot.domain.reminders import command as reminder_command, new_time, understanding
from bot.domain.reminders.command import Command, EditReminder, ReminderVerb
from bot.domain.reminders.reminder import DEFAULT, DEFAULT_ABOUT, Reminder, clean, new
from bot.domain.time import schedule, zone
from bot.domain.time.ambiguity import Doubt
from bot.domain.time.duration import in_full
from bot.domain.time.schedule import Schedule
from bot.domain.timers.timer import Purpose, State
from bot.messages.catalogue import N_, gettext
from bot.service.bulk import for_each
from bot.service.reminders import Transition

CANCELLED = N_("Cancelled: {text}")
_DONE = {
    ReminderVerb.CANCEL: CANCELLED,
    ReminderVerb.PAUSE: N_("Paused: {text}"),
    ReminderVerb.RESUME: N_("⏰ Resumed: {when}"),
}
_ALL = {
    ReminderVerb.CANCEL: N_("Should I cancel all {count} of your reminders?"),
    ReminderVerb.PAUSE: N_("Should I pause all {count} of your reminders?"),
    ReminderVerb.RESUME: N_("Should I resume all {count} of your reminders?"),
}
TRANSITIONS: dict[str, Transition] = {"cancel": Reminder.cancel, "pause": Reminder.pause}


class ReminderRequests:
    """Carries out commands; each is answered once."""

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        self._services = services
        self._clock = services.clock
        self._reminders = services.reminders
        self._preferences = services.preferences
        self._channels = ChannelRequests(services, runner)
        self.zones = Zones(services)

    async def do(self, request: Request, command: Command) -> None:
        """Carry out a command, typed or slash. Raises ``UserError``."""
        match command:
            case reminder_command.Set():
                await self._set(request, command)
            case reminder_command.ActOnReminders(verb, targets):
                await self._act(request, verb, targets)
            case reminder_command.ActOnAll(verb):
                await self._act_on_all(request, verb)
            case reminder_command.UndoSet():
                await self._undo(request)
            case reminder_command.Snooze():
                await self._snooze(request, command)
            case EditReminder():
                await self.edit(request, await self._to_edit(request, command), command)
            case reminder_command.ListPage(page):
                await request.reply_with(await self.listing(request, page, request.readers_in or 0))
            case reminder_command.ListHere():
                await self._channels.show(request)
            case reminder_command.Zone(called):
                await self.zones.do(request, called)
            case _:
                assert_never(command)

    async def _to_edit(self, request: Request, command: EditReminder) -> Reminder:
        try:
            return await self._reminders.find(request.actor, command.target, "edit", command.changes)
        except UnknownReminder as refused:
            if not command.text:
                raise
            zone = await self._preferences.zone(request.actor.user_id)
            raise understanding.instead(refused, command.text, self._clock.now(), zone) from refused

    async def act(self, request: Request, timer_id: int, verb: str) -> Reminder:
        """Cancel, pause or resume a reminder. Raises ``UserError``."""
        if verb == ReminderVerb.RESUME:
            return await self._reminders.resume(request.actor, timer_id)
        return await self._reminders.change(request.actor, timer_id, TRANSITIONS[verb])

    async def fitting(self, user_id: int, typed: str) -> list[Reminder]:
        """Return somebody's pending reminders that match what is typed so far."""
        return [
            reminder
            for reminder in await self._reminders.pending(user_id)
            if typed.casefold() in f"#{reminder.id} {reminder.timer.name}".casefold()
        ]

    async def _act(self, request: Request, verb: ReminderVerb, targets: Sequence[str]) -> None:
        meant = [await self._reminders.find(request.actor, name, verb) for name in targets or (None,)]
        changed, refused = await for_each(
            lambda timer_id: self.act(request, timer_id, verb),
            list(dict.fromkeys(reminder.id for reminder in meant)),
        )
        done = [reminder.seen_in(request.readers_in) for reminder in changed]
        if verb is ReminderVerb.RESUME:
            lines = [text.confirmation(reminder, _DONE[verb], self._clock.now()) for reminder in done]
        else:
            lines = [text.over(reminder, _DONE[verb]) for reminder in done]
        await request.reply(fitting([*lines, *(not_done(timer_id, why) for timer_id, why in refused)]))

    async def _undo(self, request: Request) -> None:
        last = await self._reminders.last_set(request.actor.user_id)
        undone = await self.act(request, last.id, ReminderVerb.CANCEL)
        await request.reply(text.over(undone.seen_in(request.readers_in), N_("Undone: {text}")))

    async def _act_on_all(self, request: Request, verb: ReminderVerb) -> None:
        """Ask before changing several reminders; a single one is changed at once."""
        pending = await self._reminders.pending(request.actor.user_id)
        if len(pending) <= 1:
            await self._act(request, verb, ())
            return
        line = f"remind {verb} {' '.join(f'#{reminder.id}' for reminder in pending)}"
        raise Question(_ALL[verb], Choice(N_("All of them"), line), count=len(pending))

    async def _snooze(self, request: Request, command: reminder_command.Snooze) -> None:
        """Snooze a reminder that has come, by default the last, for ten minutes."""
        user_id = request.actor.user_id
        here = await self._preferences.zone(user_id)
        if command.target:
            over = await self._reminders.by_id(int(command.target.removeprefix("#")))
        else:
            over = await self._reminders.last_come(user_id)
        meant = understanding.of_snooze(command.when or "10m", over.id, self._clock.now(), here)
        asks_zone = meant.on_clock and (await self._preferences.of(user_id)).zone is None
        snoozed = await self._reminders.snooze(
            request.actor, over.id, meant.first_at, request.key, by_utc=asks_zone
        )
        notes = await self._notes(request, meant)
        words = text.snoozed(snoozed, self._clock.now(), for_one=not over.is_personal)
        content = "\n".join(
            [words, f"> {text.short(over.seen_in(request.readers_in).timer.name)}", *map(text.small, notes)]
        )
        await request.reply_with(cards.confirmation(content, snoozed, asks_zone=asks_zone))

    async def _set(self, request: Request, command: reminder_command.Set) -> None:
        now = self._clock.now()
        own_zone = (await self._preferences.of(request.actor.user_id)).zone
        meant, words = understanding.of_set(command, now, own_zone or zone.UTC)
        where = recipient(request, command, understanding.privately(meant, words, now, own_zone or zone.UTC))
        about_id = request.about_id
        what = clean(words) or gettext(DEFAULT_ABOUT if about_id else DEFAULT)
        if about_id and (where.actor.guild_id, where.channel_id) != (
            request.actor.guild_id,
            request.actor.channel_id,
        ):
            # The message is in another place than the reminder, so the text has to link to it.
            what = clean(f"{what} {message_url(request.actor.guild_id, request.actor.channel_id, about_id)}")
            about_id = None
        reminder = new(
            where.actor,
            where.channel_id,
            what,
            meant,
            meant.zone or own_zone or zone.UTC,
            now,
            direct=where.direct,
            calls=where.calls,
            about_id=about_id,
        )
        by_utc = own_zone is None and meant.on_clock
        kept = await self._reminders.set(reminder.read_by_utc(now) if by_utc else reminder, request.key)
        message_id = await self._confirm(request, kept, meant, text.promise(kept, now), asks_zone=by_utc)
        if message_id and kept.timer.channel_id == request.actor.channel_id:
            await self._reminders.set_card(kept, message_id)

    async def edit(self, request: Request, reminder: Reminder, command: EditReminder) -> None:
        """Change a reminder. Raises ``UserError``."""
        now = self._clock.now()
        own_zone = (await self._preferences.of(request.actor.user_id)).zone
        command = understanding.of_edit(command, now, own_zone or reminder.zone, reminder.timer.due_at)
        if not (command.when or command.what or command.every):
            raise BadText(N_("That wouldn't change anything."), f"remind edit #{reminder.id} tomorrow 9am")
        try:
            meant = self._meant(reminder, command, now, own_zone or reminder.zone)
        except (BadMoment, BadRecurrence, Doubt) as refused:
            start = f"remind edit #{reminder.id} "
            raise understanding.question(refused, start, command, now, own_zone or reminder.zone) from None
        what = clean(command.what) if command.what else None
        by_utc = own_zone is None and reminder.zone == zone.UTC and meant is not None and meant.on_clock
        is_own = reminder.timer.owner_id == request.actor.user_id

        def transition(old: Reminder, at: datetime) -> Reminder:
            edited = old.edit(at, meant, what, (meant and meant.zone) or own_zone or reminder.zone)
            return edited.read_by_utc(at) if by_utc and is_own else edited

        changed, before_id = await self._reminders.edit(request.actor, reminder.id, transition)
        if what is None:  # else its new text was just typed here
            changed = changed.seen_in(request.readers_in)
        await self._confirm(request, changed, meant, N_("⏰ Changed: {when}"), before_id, asks_zone=by_utc)

    def _meant(self, reminder: Reminder, command: EditReminder, now: datetime, where: ZoneInfo) -> Schedule | None:
        """Return the schedule by a new time or recurrence, keeping whichever is not given; None if neither is."""
        if command.when:
            meant = schedule.read(command.when, command.every, now, where)
            is_series = reminder.rule and not command.every
            return new_time.series(reminder, meant, command.when, now, where) if is_series else meant
        if command.every:
            # While paused its time may have passed; then the next one counts, if there is one.
            pending = reminder.resume(now) if reminder.timer.state is State.PAUSED else reminder
            first_at = pending.timer.due_at or now
            meant = schedule.repetition(command.every, first_at, now, where)
            return meant if meant.rule else schedule.again(first_at, None, where)
        return None

    async def listing(self, request: Request, page: int, channel_id: int) -> ui.LayoutView:
        """Show a page of somebody's reminders; a ``channel_id`` other than 0 is where others see it too."""
        undelivered = await self._services.undelivered.of(request.actor.user_id, Purpose.REMINDER)
        over = {timer.id for timer, _ in undelivered}
        pending = [
            reminder for reminder in await self._reminders.pending(request.actor.user_id) if reminder.id not in over
        ]
        visible = [reminder for reminder in pending if not channel_id or reminder.is_for_all_to_see(channel_id)]
        here, page, count = pages.cut(visible, page, text.PAGE)
        hidden = len(pending) - len(visible) + (len(undelivered) if channel_id else 0)
        undelivered_here = undelivered if page == 1 and not channel_id else []
        view = cards.listing(
            text.listing(here, hidden, undelivered_here), here, page, count, request.actor.user_id, channel_id
        )
        return (
            view.add_item(ui.ActionRow(retry_button("reminder", request.actor.user_id)))
            if undelivered_here
            else view
        )

    async def _confirm(
        self,
        request: Request,
        reminder: Reminder,
        meant: Schedule | None,
        template: str,
        before_id: int | None = None,
        *,
        asks_zone: bool,
    ) -> int | None:
        """Confirm a new or changed reminder; return the message's id if it can be edited."""
        notes = await self._notes(request, meant) if meant else []
        words = text.confirmation(reminder, template, self._clock.now(), notes)
        return await request.reply_with(cards.confirmation(words, reminder, before_id, asks_zone=asks_zone))

    async def _notes(self, request: Request, meant: Schedule) -> list[str]:
        """Return notes on how a time was read: a change of the clocks, and its zone."""
        notes = []
        if meant.moved:
            notes.append(
                gettext(
                    "The clocks go forward right then, so that day it'll come {amount} later.",
                    amount=in_full(meant.moved),
                )
            )
        if meant.on_clock:
            notes += await self.zones.notes(request)
        return notes
