"""What the outbox is given to say of a session: the real service and SQLite behind it, and no Discord before it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from discord import ui

from bot.chat.focus.destinations import Destinations
from bot.chat.focus.earlier_cards import EarlierCards
from bot.chat.focus.renderer import FocusRenderer
from bot.chat.runtime.client import Client
from bot.chat.services import FocusServices
from bot.domain.focus import plan as plans
from bot.domain.focus.participant import PhaseOutcome
from bot.domain.focus.session import Session
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Actor, Purpose
from bot.engine.scheduler import Scheduler
from bot.service.departures import Departures
from bot.service.due_timers import DueTimers
from bot.service.focus_log import FocusLog
from bot.service.members import NOBODY_KNOWN
from bot.service.picture_cache import PictureCache
from bot.service.ping_limiter import PingLimiter
from bot.service.presence import Presence
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions
from bot.service.stranding import Stranding
from bot.service.voice import Voice
from bot.store.database import Database
from bot.store.schema import migrate
from tests.clock import ManualClock

ANN = Actor(user_id=7, guild_id=3, channel_id=30)
BEN, CARD, EARLIER = 8, 500, 400


class Waiting(list[OutboxMessage]):
    """An outbox that sends nothing."""

    def put(self, outbox_messages: Any) -> None:
        self.extend(outbox_messages)


class Place:
    """One session that Ann and Ben are in, with its card, and the words for it."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.sessions = Sessions(database, clock, most_idle=0)
        self.clock = clock
        due_timers = DueTimers(database, clock, {Purpose.SESSION: self.sessions})
        self.scheduler = Scheduler(due_timers, clock, limit=10)
        for part in (due_timers, self.sessions):
            part.attach(self.scheduler, Waiting())
        nowhere = Client(
            api_url="http://nowhere.invalid",
            prefix_of=ServerRules(database, "!", 0).prefix_of,
            message_content=True,
            members=False,
            clock=clock,
            trace=aiohttp.TraceConfig(),
        )
        services = FocusServices(
            client=nowhere,
            sessions=self.sessions,
            voice=Voice(database, self.sessions, NOBODY_KNOWN),
            presence=Presence(database, clock, self.sessions),
            departures=Departures(database, self.sessions, NOBODY_KNOWN, clock),
            stranding=Stranding(database, self.sessions),
            destinations=Destinations(nowhere, NOBODY_KNOWN, self.sessions.live, ServerRules(database, "!", 0)),
            earlier_cards=EarlierCards(nowhere, self.sessions.live),
        )
        log, pings, picture_cache = FocusLog(database, clock), PingLimiter(clock), PictureCache(clock)
        self.words = FocusRenderer(services, log, pings, NOBODY_KNOWN, picture_cache, clock)

    async def open(self) -> None:
        await self.scheduler.open()
        self.session = await self.sessions.start(ANN, "classic", plans.standard(), "message:1")
        await self.change(lambda session, now: session.join(BEN, now))
        await self.sessions.set_card(self.session, CARD)

    async def change(self, move: Any) -> None:
        self.session = await self.sessions.change(self.session.timer.id, move)

    async def to_the_break(self) -> None:
        """Let the first phase pass; a change finds the next one, whether or not the countdown was quicker."""
        self.clock.advance(25 * 60)
        await self.change(lambda session, _: session)

    def outbox_message(
        self, kind: Kind, stage: int | None = None, *, to: int = 30, closes: int | None = None
    ) -> OutboxMessage:
        return OutboxMessage("nonce", kind, to, (self.session.timer,), stage, closes)

    async def say(self, kind: Kind, stage: int | None = None, *, to: int = 30) -> tuple[str, list[int]] | None:
        """Return the text, and who may be pinged by it."""
        options = await self.words.message(self.outbox_message(kind, stage, to=to))
        if options is None:
            return None
        return text_of_view(options["view"]), [user.id for user in options["allowed_mentions"].users]

    async def show(self, kind: Kind, closes: int | None = None) -> tuple[int, int, str] | None:
        """Return the channel, the message and its new words."""
        look = await self.words.edit(self.outbox_message(kind, closes=closes))
        return look and (look.channel_id, look.message_id, text_of_view(look.view))


@pytest.fixture
async def place(sqlite: str, clock: ManualClock) -> AsyncIterator[Place]:
    database = Database(sqlite)
    await migrate(database)
    opened = Place(database, clock)
    await opened.open()
    yield opened
    await opened.scheduler.close()
    await database.close()


def text_of_view(view: ui.LayoutView | None) -> str:
    assert view
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


async def test_a_phase_is_announced_to_those_in_it(place: Place) -> None:
    """A new phase is announced with its card, which pings every participant who wants that, and nobody else."""
    await place.to_the_break()
    await place.change(lambda session, now: session.rest(BEN, now))
    words, called = await place.say(Kind.PHASE, 1) or ("", [])
    assert words.startswith("### ☕️ Short break\n")
    assert called == [7]


async def test_a_past_phase_is_announced_briefly(place: Place) -> None:
    """An announcement that comes when the session is further on has one line, no buttons, and pings nobody."""
    await place.to_the_break()
    options = await place.words.message(place.outbox_message(Kind.PHASE, 0)) or {}
    assert text_of_view(options["view"]) == "-# Focus 1 of 4 is over."
    assert [type(item) for item in options["view"].walk_children()] == [ui.TextDisplay]
    assert options["allowed_mentions"].users == []


async def test_a_late_phase_says_so(place: Place) -> None:
    """A phase that is announced late says how late."""
    await place.to_the_break()
    place.clock.advance(90)
    words, _ = await place.say(Kind.PHASE, 1) or ("", [])
    assert "\n-# started 1 min 30 s ago\n" in words


@pytest.mark.parametrize(("left", "warning"), [(60, "1 minute left in"), (3, "3 seconds left in"), (2, None)])
async def test_a_warning(place: Place, left: float, warning: str | None) -> None:
    """A warning says how much is left, and is omitted if that is next to nothing."""
    place.clock.advance(25 * 60 - left)
    answer = await place.say(Kind.WARNING, 0)
    assert answer == (warning and (f"{warning} Focus 1 of 4 <@7> <@8>", [7, 8]))


async def test_outdated_messages(place: Place) -> None:
    """Warnings and direct messages of an earlier phase are omitted, and warnings while the clock is stopped."""
    assert await place.say(Kind.WARNING, 1) is None
    assert await place.say(Kind.DIRECT, 1, to=BEN) is None
    await place.change(lambda session, now: session.pause(ANN, now))
    assert await place.say(Kind.WARNING, 0) is None


async def test_a_direct_message_names_the_place(place: Place) -> None:
    """A direct message says which phase has begun and where, and may ping its recipient."""
    words, called = await place.say(Kind.DIRECT, 0, to=BEN) or ("", [])
    assert words.startswith("🍅 Focus · 1 of 4 · <#30>\nEnds <t:")
    assert called == [BEN]


async def test_a_card_is_shown_as_it_is_now(place: Place) -> None:
    """An edited card shows the session's current state, and after its end the recap."""
    channel, card, words = await place.show(Kind.CARD) or (0, 0, "")
    assert (channel, card) == (30, CARD)
    assert words.startswith("### 🍅 Focus · 1 of 4\n")
    place.clock.advance(600)
    await place.change(stop)
    await place.sessions.review(BEN, place.session.timer.id, 0, PhaseOutcome.DONE)
    *_, words = await place.show(Kind.CARD) or ("",)
    assert "2 people focused for **20 min** in total\n<@7> · **10 min**\n<@8> · **10 min** · ✓" in words


def stop(session: Session, now: datetime) -> Session:
    return session.stop(ANN, now)


async def test_an_earlier_card_leads_to_the_newest(place: Place) -> None:
    """A closed card has a link to the newest, which itself is never closed."""
    way = "-# Phase over – [carry on here](https://discord.com/channels/3/30/500)"
    assert await place.show(Kind.CLOSED, EARLIER) == (30, EARLIER, way)
    assert await place.show(Kind.CLOSED, CARD) is None


async def test_a_session_that_is_forgotten(place: Place) -> None:
    """A deleted session has no messages and no cards."""
    timer = replace(place.session.timer, id=99)
    place.session = replace(place.session, timer=timer)
    assert await place.say(Kind.PHASE, 0) is None
    assert await place.show(Kind.CARD) is None
