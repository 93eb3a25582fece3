"""Remind: what people ask of their reminders is done here, and shown to them."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ui

from bot.chat import reminder_cards as cards
from bot.chat import reminder_text as text
from bot.chat.address import address
from bot.chat.talk import Talk
from bot.domain import schedule, zone
from bot.domain.errors import BadText
from bot.domain.reminder import DEFAULT, DEFAULT_ABOUT, Reminder, clean, new
from bot.domain.reminder_request import Act, Edit, Help, ListPage, Request, Set, Verb, Zone
from bot.domain.schedule import Schedule
from bot.domain.timer import State
from bot.engine.clock import Clock
from bot.service.preferences import Preferences
from bot.service.reminders import Move, Reminders

_SAID = {Verb.CANCEL: "Cancelled", Verb.PAUSE: "Paused", Verb.RESUME: "It comes again:"}
MOVES: dict[str, Move] = {
    "cancel": lambda old, now: old.cancel(now),
    "pause": lambda old, now: old.pause(now),
    "resume": lambda old, now: old.resume(now),
}


class Remind:
    """Does requests; each is answered once."""

    def __init__(self, reminders: Reminders, preferences: Preferences, clock: Clock) -> None:
        self._reminders = reminders
        self._preferences = preferences
        self._clock = clock

    async def do(self, talk: Talk, asked: Request) -> None:
        """Do what was typed, or asked by a slash command. Raises ``Refusal``."""
        match asked:
            case Set():
                await self._set(talk, asked)
            case Act(verb, which):
                found = await self._reminders.find(talk.actor, which, verb)
                changed = await self._reminders.change(talk.actor, found.id, MOVES[verb])
                is_to_come = verb is Verb.RESUME
                await talk.say((text.confirmation if is_to_come else text.over)(changed, _SAID[verb]))
            case Edit():
                found = await self._reminders.find(talk.actor, asked.which, "edit")
                await self.edit(talk, found, asked)
            case ListPage(page):
                await talk.tell(await self.listing(talk, page, 0 if talk.private else talk.actor.channel_id))
            case Zone(called):
                await self._zone(talk, called)
            case Help():
                await talk.say(text.introduction(talk.prefix))

    async def fitting(self, user_id: int, typed: str) -> list[Reminder]:
        """Give those of somebody's pending reminders that fit what is typed so far."""
        return [
            one
            for one in await self._reminders.pending(user_id)
            if typed.casefold() in f"#{one.id} {one.timer.name}".casefold()
        ]

    async def _set(self, talk: Talk, asked: Set) -> None:
        now = self._clock.now()
        said_zone = (await self._preferences.of(talk.actor.user_id)).zone
        meant = schedule.read(asked.when, asked.every, now, said_zone or zone.UTC)
        where = address(talk, asked)
        about_id = asked.about_id or talk.about_id
        said = clean(asked.what) or (DEFAULT_ABOUT if about_id else DEFAULT)
        if about_id and (where.actor.guild_id, where.channel_id) != (talk.actor.guild_id, talk.actor.channel_id):
            # It is about a message of another place than the one that it is kept for.
            said = clean(f"{said} {text.message_url(talk.actor.guild_id, talk.actor.channel_id, about_id)}")
            about_id = None
        reminder = new(
            where.actor,
            where.channel_id,
            said,
            meant,
            said_zone or zone.UTC,
            now,
            direct=where.direct,
            calls=where.calls,
            about_id=about_id,
        )
        kept = await self._reminders.set(reminder, talk.request)
        words = text.confirmation(kept, text.promise(kept), await self._notes(talk, meant))
        await talk.tell(cards.confirmation(words, kept))

    async def edit(self, talk: Talk, found: Reminder, asked: Edit) -> None:
        """Change what is asked of one that was found. Raises ``Refusal``."""
        now = self._clock.now()
        if not (asked.when or asked.what or asked.every):
            raise BadText("There is nothing to change in that.", f"remind edit #{found.id} tomorrow 9am")
        said_zone = (await self._preferences.of(talk.actor.user_id)).zone
        meant = self._meant(found, asked, now, said_zone or found.zone)
        words = clean(asked.what) if asked.what else None
        changed, before_id = await self._reminders.edit(
            talk.actor, found.id, lambda old, at: old.edit(at, meant, words, said_zone or found.zone)
        )
        notes = await self._notes(talk, meant) if meant else []
        await talk.tell(cards.confirmation(text.confirmation(changed, "Changed:", notes), changed, before_id))

    def _meant(self, found: Reminder, asked: Edit, now: datetime, where: ZoneInfo) -> Schedule | None:
        """Read another time, or how it repeats from now on; what is not said of the two, stays."""
        if asked.when:
            meant = schedule.read(asked.when, asked.every, now, where)
            rule = meant.rule if asked.every else found.rule
            if rule and not asked.every:
                again = schedule.again(meant.first_at, rule, where)
                return replace(again, on_clock=meant.on_clock, moved=meant.moved)
            return meant
        if asked.every:
            # Paused, it may have let its time pass; then the next one counts, if there is one.
            pending = found.resume(now) if found.timer.state is State.PAUSED else found
            first_at = pending.timer.due_at or now
            return schedule.again(first_at, schedule.repetition(asked.every, now, where), where)
        return None

    async def listing(self, talk: Talk, page: int, channel_id: int) -> ui.LayoutView:
        """Show a page of somebody's reminders; not 0, ``channel_id`` is where others read along."""
        pending = await self._reminders.pending(talk.actor.user_id)
        shown = [one for one in pending if not channel_id or one.is_for_all_to_see(channel_id)]
        undelivered = await self._reminders.undelivered(talk.actor.user_id)
        pages = max(1, -(-len(shown) // text.PAGE))
        page = min(max(page, 1), pages)
        here = shown[(page - 1) * text.PAGE : page * text.PAGE]
        hidden = len(pending) - len(shown) + (len(undelivered) if channel_id else 0)
        words = text.listing(here, hidden, undelivered if page == 1 and not channel_id else [])
        return cards.listing(words, here, page, pages, talk.actor.user_id, channel_id)

    async def _notes(self, talk: Talk, meant: Schedule) -> list[str]:
        """Say what has to be said of how a time was read: in which zone, and that the clocks change over it."""
        notes = ["The clocks go forward over that time, so it comes as much later."] * meant.moved
        if meant.on_clock:
            notes += await self.zone_notes(talk)
        return notes

    async def zone_notes(self, talk: Talk) -> list[str]:
        """Say that a time was taken as UTC, where that is so; somebody who was never asked for their zone, is."""
        user_id = talk.actor.user_id
        if (await self._preferences.of(user_id)).zone:
            return []
        is_asked = await self._preferences.ask_for_zone(user_id)
        return [text.zone_note(talk.prefix) if is_asked else "Taken as UTC."]

    async def _zone(self, talk: Talk, called: str) -> None:
        user_id = talk.actor.user_id
        if not called:
            said = (await self._preferences.of(user_id)).zone
            await talk.say(text.zone_is(said.key if said else None, talk.prefix))
            return
        chosen = zone.parse(called)
        await self._preferences.set_zone(user_id, chosen)
        await talk.say(text.zone_set(chosen.key, self._clock.now().astimezone(chosen)))
