"""The outbox over its real store, to a failing Discord; time advances as soon as anything waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Purpose
from bot.engine import outbox as outbox_module
from bot.engine.circuit_breaker import Breaker
from bot.engine.countdown import LEAD
from bot.engine.observer import Observer
from bot.engine.outbox import Outbox
from bot.engine.rate_limiter import RateLimiter, Urgency, urgency
from bot.service.stored_outbox import StoredOutbox
from bot.service.stranding import Stranding
from tests.clock import HurriedClock
from tests.engine.conftest import ANN, Engine
from tests.engine.trouble import FORGETS_AFTER, Discord, Power, Whim
from tests.reading import eventually


@pytest.fixture
def database_url(sqlite: str) -> str:
    """These statements are the same on either kind of database, so one is enough."""
    return sqlite


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


@pytest.fixture
def discord(clock: HurriedClock) -> Discord:
    discord = Discord(clock)
    discord.power, discord.rate_limiter = Power(), RateLimiter(clock, Breaker(clock))
    return discord


@pytest.fixture
def store(engine: Engine) -> StoredOutbox:
    return StoredOutbox(engine.database, {}, engine.clock)


@pytest.fixture
def outbox(store: StoredOutbox, discord: Discord, clock: HurriedClock) -> Outbox:
    return Outbox(store, discord, clock, discord.rate_limiter)


async def over(engine: Engine, *names: str) -> list[OutboxMessage]:
    """Let timers end in one channel, one after the other, and return their announcements."""
    for count, name in enumerate(names, start=1):
        await engine.start(name, 5)
        engine.clock.advance(5)
        await engine.outbox.until(count)
    return engine.outbox.of(Kind.ANNOUNCEMENT)


async def test_back_off(engine: Engine, outbox: Outbox, discord: Discord, clock: HurriedClock) -> None:
    """Each retry waits twice as long as the one before, up to half a minute, less up to half by chance."""
    messages = await over(engine, "tea")
    discord.whims = ["fails"] * 12
    clock.slept.clear()
    outbox.put(messages)
    await settled(outbox)
    assert len(discord.announced) == 1
    longest = [min(0.25 * 2**number, 30) for number in range(12)]
    assert len(clock.slept) == len(longest)
    assert all(most / 2 <= slept <= most for slept, most in zip(clock.slept, longest, strict=True))
    assert len({slept / most for slept, most in zip(clock.slept, longest, strict=True)}) > 1


async def test_possibly_sent_messages_are_not_merged(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """A message that an earlier process may have sent is not merged: Discord would keep the old text."""
    tea, eggs = await over(engine, "tea", "eggs")
    await discord.deliver(tea)  # by a process that ended before it got the answer
    await outbox.open()
    await outbox.close(10)
    assert {timer_id: len(times) for timer_id, times in discord.announced.items()} == {
        tea.timers[0].id: 1,
        eggs.timers[0].id: 1,
    }


async def test_replaced_phases_are_settled_too(engine: Engine, store: StoredOutbox) -> None:
    """If a channel refuses the newest phase of a session, the earlier ones that it replaced are settled too."""
    session = await engine.focus("3x(25s, 5s break)")
    for _ in range(2):
        session = await engine.sessions.change(session.timer.id, lambda old, now: old.skip(ANN, now))
    phases = engine.outbox.of(Kind.PHASE)
    assert len(phases) == 2
    store = StoredOutbox(
        engine.database, {Purpose.SESSION: Stranding(engine.database, engine.sessions)}, engine.clock
    )
    instead = await store.undeliverable(phases, "that channel's gone")
    assert [(message.kind, message.place_id) for message in instead] == [(Kind.STRANDED, ANN.user_id)]
    assert await store.pending() == instead
    assert await store.undeliverable(phases, "that channel's gone") == instead
    again = await store.undeliverable([replace(phases[-1], nonce="later")], "that channel's gone")
    assert again == [], "they are told once"


# An answer that is lost, and then nothing but failures for some minutes.
AN_OUTAGE: list[Whim] = ["is not heard", *["fails"] * 18]  # type: ignore[list-item]


async def settled(outbox: Outbox) -> None:
    """Wait until everything is sent or given up, and close the outbox."""
    async with asyncio.timeout(60):
        while outbox.depth:  # noqa: ASYNC110 - it tells nobody when it has no more to do
            await asyncio.sleep(0)
    await outbox.close(10)


def announcements_by_timer(discord: Discord) -> dict[int, int]:
    """Count how often each timer was announced."""
    return {timer_id: len(times) for timer_id, times in discord.announced.items()}


async def states(engine: Engine) -> dict[str, str | None]:
    """Return the state of each announcement by the name of its timer, with the reason where there is one."""
    statement = (
        "SELECT name, outbox.state || coalesce(': ' || reason, '') FROM outbox JOIN timers ON timers.id = timer_id"
    )
    async with engine.database.read() as connection:
        return {row[0]: row[1] for row in await connection.execute(text(statement))}


async def test_a_message_that_we_cannot_make(
    engine: Engine, outbox: Outbox, discord: Discord, store: StoredOutbox, clock: HurriedClock
) -> None:
    """A message that our own code fails to render holds up no other, is set aside, and is sent by a fixed bot."""
    messages = await over(engine, "tea", "bad", "eggs")
    bad = messages[1].timers[0].id
    discord.broken = {bad}
    with capture_logs() as log:
        outbox.put(messages)
        await settled(outbox)
    assert announcements_by_timer(discord) == {
        message.timers[0].id: 1 for message in messages if message.timers[0].id != bad
    }
    failures = [line for line in log if line["event"] == "delivery_failed"]
    assert all(isinstance(line["exc_info"], KeyError) for line in failures)
    assert outbox.given_up == 1
    assert (await states(engine))[
        "bad"
    ] == f"set_aside: something went wrong on my end ({failures[-1]['incident']})"
    discord.broken = set()
    again = Outbox(store, discord, clock, discord.rate_limiter)
    await again.open()
    await settled(again)
    assert announcements_by_timer(discord) == {message.timers[0].id: 1 for message in messages}
    assert all(str(state).startswith("sent") for state in (await states(engine)).values())


async def test_words_that_discord_refuses(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """If Discord refuses one timer's name everywhere, the others of the same message are still announced."""
    messages = await over(engine, "tea", "bad", "eggs")
    bad = messages[1].timers[0].id
    discord.unsendable = {bad}
    outbox.put(messages)
    await settled(outbox)
    assert announcements_by_timer(discord) == {
        message.timers[0].id: 1 for message in messages if message.timers[0].id != bad
    }
    assert discord.given_up == set()


async def test_an_answer_that_only_looks_final(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """A refusal without one of Discord's final codes is retried, for hours, until it passes."""
    messages = await over(engine, "tea")
    discord.whims = ["is odd"] * 20
    outbox.put(messages)
    await settled(outbox)
    assert await states(engine) == {"tea": "sent"}


async def test_an_answer_that_never_passes(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """A message refused so for most of a day is set aside, with the reason."""
    messages = await over(engine, "tea")
    discord.whims = ["is odd"] * 100
    begun = engine.clock.monotonic()
    outbox.put(messages)
    await settled(outbox)
    assert await states(engine) == {"tea": "set_aside: something on the way to Discord answered 403"}
    assert engine.clock.monotonic() - begun > 6 * 3600


async def test_what_fails_lets_others_pass(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """A message that keeps failing, while Discord takes others, no longer blocks those behind it."""
    first, *others = await over(engine, "tea", "eggs", "milk")
    discord.whims = ["is odd"] * 5
    outbox.put([replace(first, stage=0), *others])  # which goes with no other
    await settled(outbox)
    names = [timer.name for message in discord.messages for timer in message.timers]
    assert names == ["eggs", "milk", "tea"]
    await eventually(lambda: not outbox._aside)


async def test_deleted_while_it_waits(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """A queued message that was never tried is not sent if its owner has deleted it meanwhile."""
    first, deleted = await over(engine, "tea", "eggs")
    async with engine.database.write() as connection:
        await connection.execute(text(f"DELETE FROM outbox WHERE nonce = '{deleted.nonce}'"))
    discord.whims = ["fails"] * 3
    outbox.put([replace(first, stage=0), deleted])  # the first goes with no other
    await settled(outbox)
    assert announcements_by_timer(discord) == {first.timers[0].id: 1}


class Limited(Discord):
    """Answers each first try of a message with a rate limit, during which ``meanwhile`` runs."""

    def __init__(self, clock: HurriedClock, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(clock)
        self.power, self.rate_limiter = Power(), RateLimiter(clock, Breaker(clock))
        self._wait, self._meanwhile = clock.sleep, meanwhile

    async def deliver(self, message: OutboxMessage) -> int | None:
        await self.rate_limiter.acquire()
        await self._wait(5)
        await self._meanwhile()
        return await super().deliver(message)


async def test_deleted_in_a_rate_limit(engine: Engine, store: StoredOutbox, clock: HurriedClock) -> None:
    """A message deleted while its request waits for a retry is not sent; the rest of the bundle is."""

    async def delete() -> None:
        async with engine.database.write() as connection:
            await connection.execute(text("DELETE FROM timers WHERE name = 'secret'"))

    messages = await over(engine, "tea", "secret")
    discord = Limited(clock, delete)
    outbox = Outbox(store, discord, clock, discord.rate_limiter)
    outbox.put(messages)
    await settled(outbox)
    assert announcements_by_timer(discord) == {messages[0].timers[0].id: 1}
    assert await states(engine) == {"tea": "sent"}


async def test_a_card_of_a_deleted_timer(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """The card of a timer that its owner has deleted meanwhile is not redrawn: it would show its name again."""
    await engine.timers.set_card(await engine.start("secret", 60), 100)
    await engine.timers.show(1)
    async with engine.database.write() as connection:
        await connection.execute(text("DELETE FROM timers"))
    discord.whims = ["fails"]
    outbox.put(engine.outbox.of(Kind.CARD))
    await settled(outbox)
    assert discord.cards == {}


async def test_a_card_that_cannot_be_changed(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """A card's edit is given up after fewer attempts than an announcement."""
    await engine.timers.set_card(await engine.start("tea", 60), 100)
    await engine.timers.show(1)
    discord.whims = ["is odd"] * 100
    outbox.put(engine.outbox.of(Kind.CARD))
    await settled(outbox)
    assert len(discord.whims) == 92
    assert await states(engine) == {"tea": "undeliverable: something on the way to Discord answered 403"}


@pytest.mark.parametrize(("late_by", "whims"), [(0, []), (0, ["fails"]), (120, [])])
async def test_when_it_was_tried(
    engine: Engine, outbox: Outbox, discord: Discord, late_by: float, whims: list[Whim]
) -> None:
    """A message sent in time at the first attempt is not marked as tried; all others are."""
    messages = await over(engine, "tea")
    engine.clock.advance(late_by)
    discord.whims = list(whims)
    outbox.put(messages)
    await settled(outbox)
    async with engine.database.read() as connection:
        (tried_at,) = (await connection.execute(text("SELECT tried_at FROM outbox"))).scalars()
    assert (tried_at is not None) == bool(late_by or whims)


async def test_recent_messages_are_not_looked_up(
    engine: Engine, outbox: Outbox, discord: Discord, store: StoredOutbox, clock: HurriedClock
) -> None:
    """A message tried a moment ago is sent with its nonce, and a card is edited however old it is."""
    await engine.timers.set_card(await engine.start("card", 60), 100)
    await engine.timers.show(1)
    engine.clock.advance(600)
    (announced,) = await over(engine, "tea")
    await store.mark_tried(announced, clock.now())
    discord.readable = False
    with capture_logs() as log:
        await outbox.open()
        await settled(outbox)
    assert "maybe_sent_twice" not in {line["event"] for line in log if line.get("timer_ids") == [2]}
    assert announcements_by_timer(discord)[2] == 1
    assert discord.cards[1]


async def test_a_backlog(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """After an outage each timer is named and each owner pinged once; new messages go first."""
    people = [replace(ANN, user_id=7 + number) for number in range(3)]
    for number in range(120):
        await engine.start(f"old {number}", 5, people[number % 3])
    engine.clock.advance(5)
    await engine.outbox.until_all(120)
    engine.clock.advance(3600)
    await engine.start("new", 5)
    engine.clock.advance(5)
    await engine.outbox.until_all(121)
    outbox.put(engine.outbox.of(Kind.ANNOUNCEMENT))
    await settled(outbox)
    assert [timer.name for timer in discord.messages[0].timers] == ["new"]
    assert 4 <= len(discord.messages) <= 6
    assert set(announcements_by_timer(discord).values()) == {1}
    before: set[int] = set()
    for message in discord.messages[1:]:
        assert message.mentioned == before
        before |= {timer.owner_id for timer in message.timers}
    assert before == {7, 8, 9}


@pytest.mark.parametrize("failures", [0, 3])
async def test_a_backlog_over_a_restart(
    engine: Engine, outbox: Outbox, discord: Discord, clock: HurriedClock, failures: int
) -> None:
    """Messages that an earlier process never tried are merged after a restart; sent ones are not repeated.

    If Discord does not return the history, it is asked again after a while, and nothing is sent before.
    """
    messages = await over(engine, *(f"tea {number}" for number in range(8)))
    await discord.deliver(messages[0])  # by a process that ended before it got the answer
    engine.clock.advance(600)
    discord.whims = ["fails"] * failures
    clock.slept.clear()
    await outbox.open()
    await settled(outbox)
    assert len(clock.slept) == failures
    assert set(announcements_by_timer(discord).values()) == {1}
    assert [len(message.timers) for message in discord.messages] == [1, 7]
    assert set((await states(engine)).values()) == {"sent"}


async def test_a_lost_answer_and_an_outage(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """If an answer is lost and Discord forgets the nonce before it answers again, nothing is sent twice."""
    discord.whims = list(AN_OUTAGE)
    begun = engine.clock.monotonic()
    outbox.put(await over(engine, "tea"))
    await settled(outbox)
    assert engine.clock.monotonic() - begun > FORGETS_AFTER
    assert list(announcements_by_timer(discord).values()) == [1]
    assert await states(engine) == {"tea": "sent"}


async def test_a_lost_answer_while_the_database_fails(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """A nonce's age counts from its use, however long it took to record that."""
    messages = await over(engine, "tea")
    discord.whims = ["is not heard"]
    power = Power()
    power.supply(engine.database)
    power.refusing = 16
    begun = engine.clock.monotonic()
    outbox.put(messages)
    await settled(outbox)
    assert engine.clock.monotonic() - begun > FORGETS_AFTER
    assert list(announcements_by_timer(discord).values()) == [1]


async def test_a_lost_answer_and_a_long_wait(
    engine: Engine, clock: HurriedClock, store: StoredOutbox, discord: Discord
) -> None:
    """A retry held up by a rate limit is not made with a nonce that has been forgotten meanwhile."""

    class Held(Discord):
        async def deliver(self, message: OutboxMessage) -> int | None:
            if self.messages and not held:
                held.append(message)
                await self.rate_limiter.acquire()  # by a first request, such as one that opens the direct messages
                self.rate_limiter.hold(600)
            return await super().deliver(message)

    held: list[OutboxMessage] = []
    discord = Held(clock)
    discord.power, discord.rate_limiter = Power(), RateLimiter(clock, Breaker(clock))
    outbox = Outbox(store, discord, clock, discord.rate_limiter)
    discord.whims = ["is not heard"]
    outbox.put(await over(engine, "tea"))
    await settled(outbox)
    assert held
    assert list(announcements_by_timer(discord).values()) == [1]
    assert await states(engine) == {"tea": "sent"}


async def test_a_lost_answer_where_nothing_can_be_read(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """If nothing can tell whether a message was posted, it is posted, and reported as a possible duplicate."""
    discord.whims = list(AN_OUTAGE)
    discord.readable = False
    with capture_logs() as log:
        outbox.put(await over(engine, "tea"))
        await settled(outbox)
    assert list(announcements_by_timer(discord).values()) == [2]
    assert "maybe_sent_twice" in {line["event"] for line in log}


async def test_a_receipt(engine: Engine, outbox: Outbox, discord: Discord) -> None:
    """The gateway's event for a message stands in for a lost answer."""
    (message,) = await over(engine, "tea")
    discord.whims = list(AN_OUTAGE)
    outbox.put([message])
    outbox.receive(message.nonce, 1000)
    await settled(outbox)
    assert await states(engine) == {"tea": "sent"}
    assert len(discord.whims) == len(AN_OUTAGE)
    async with engine.database.read() as connection:
        assert (await connection.execute(text("SELECT message_id FROM outbox"))).scalars().all() == [1000]


async def test_how_late_each_is(engine: Engine, store: StoredOutbox, discord: Discord, clock: HurriedClock) -> None:
    """The observer is notified of each announcement and its lateness, but not of cards."""
    late: list[tuple[Purpose, float]] = []

    class Listening(Observer):
        def announced(self, purpose: Purpose, seconds_late: float) -> None:
            late.append((purpose, seconds_late))

    outbox = Outbox(store, discord, clock, discord.rate_limiter, Listening())
    (message,) = await over(engine, "tea")
    clock.advance(3)
    outbox.put([message])
    await settled(outbox)
    assert late == [(Purpose.POMODORO, 3.0)]
    outbox.put([replace(message, kind=Kind.CARD, nonce="card")])
    await settled(outbox)
    assert len(late) == 1


async def test_what_was_sent_first(engine: Engine, outbox: Outbox, discord: Discord, clock: HurriedClock) -> None:
    """Messages that an earlier process may have sent are looked up from the first on, so that none is repeated."""
    (tea,) = await over(engine, "tea")
    await discord.deliver(tea)
    clock.advance(60)
    await engine.start("eggs", 5)
    clock.advance(5)
    await engine.outbox.until(2)
    _, eggs = engine.outbox.of(Kind.ANNOUNCEMENT)
    clock.advance(FORGETS_AFTER)
    await outbox.open()
    await outbox.close(10)
    assert {timer_id: len(times) for timer_id, times in discord.announced.items()} == {
        tea.timers[0].id: 1,
        eggs.timers[0].id: 1,
    }


async def test_recorded_once_the_database_answers(
    engine: Engine, outbox: Outbox, discord: Discord, clock: HurriedClock
) -> None:
    """A message that Discord accepts while the database fails is sent once, and recorded as soon as possible."""
    messages = await over(engine, "tea")
    clock.slept.clear()
    power = Power()
    power.supply(engine.database)
    power.refusing = 6
    outbox.put(messages)
    await settled(outbox)
    assert power.refused == 6
    assert list(announcements_by_timer(discord).values()) == [1]
    assert await states(engine) == {"tea": "sent"}
    assert all(0.125 * 2**number <= slept <= 0.25 * 2**number for number, slept in enumerate(clock.slept))


@pytest.mark.parametrize("has_changed", [False, True])
async def test_a_phase_becomes_the_card(engine: Engine, store: StoredOutbox, *, has_changed: bool) -> None:
    """A new phase's message becomes the session's card; the last one is closed, and a missed change shown."""
    session = await engine.focus("3x(25s, 5s break)")
    await engine.sessions.set_card(session, 100)
    await engine.sessions.change(session.timer.id, lambda old, now: old.skip(ANN, now))
    (phase,) = engine.outbox.of(Kind.PHASE)
    if has_changed:
        await engine.sessions.change(session.timer.id, lambda old, now: old.join(8, now))
    assert await store.sent([phase], None) == ()
    follows = await store.sent([phase], 101)
    assert (await engine.sessions.by_id(session.timer.id)).timer.card_id == 101
    assert [(follow.kind, follow.message_id) for follow in follows] == [(Kind.CLOSED, 100), (Kind.CARD, None)][
        : 1 + has_changed
    ]
    assert all(follow.timers[0].card_id == 101 for follow in follows)


async def test_announcements_before_cards(engine: Engine, store: StoredOutbox, clock: HurriedClock) -> None:
    """Announcements queue with the highest urgency, edits of cards with the lowest."""

    class Asking(Discord):
        async def deliver(self, message: OutboxMessage) -> int | None:
            turns.append((message.kind, urgency.get()))
            return await super().deliver(message)

    turns: list[tuple[Kind, Urgency]] = []
    discord = Asking(clock)
    discord.power, discord.rate_limiter = Power(), RateLimiter(clock, Breaker(clock))
    outbox = Outbox(store, discord, clock, discord.rate_limiter)
    await engine.timers.set_card(await engine.start("tea", 5), 100)
    engine.clock.advance(5)
    await engine.outbox.until(1)
    outbox.put(engine.outbox.messages)
    await settled(outbox)
    assert sorted(turns) == [(Kind.ANNOUNCEMENT, Urgency.ANNOUNCEMENT), (Kind.CARD, Urgency.CARD)]


class Rendering(Discord):
    """Renders until it is released."""

    def __init__(self, clock: HurriedClock) -> None:
        super().__init__(clock)
        self.power, self.rate_limiter = Power(), RateLimiter(clock, Breaker(clock))
        self.prepared: list[OutboxMessage] = []
        self.goes_on = asyncio.Event()

    async def prepare(self, message: OutboxMessage) -> None:
        self.prepared.append(message)
        await self.goes_on.wait()
        raise ZeroDivisionError


async def test_a_burst_is_not_rendered_ahead(engine: Engine, store: StoredOutbox, clock: HurriedClock) -> None:
    """Of many about to be due few are rendered ahead; if that fails they are still delivered."""
    for channel_id in range(30, 50):
        await engine.start("tea", 5, replace(ANN, channel_id=channel_id))
    engine.clock.advance(5 - LEAD)
    await engine.outbox.until(20)
    discord = Rendering(clock)
    outbox = Outbox(store, discord, clock, discord.rate_limiter)
    outbox.put(engine.outbox.messages)
    await eventually(lambda: discord.prepared)
    assert len(discord.prepared) == 8
    discord.goes_on.set()
    await settled(outbox)
    assert len(discord.messages) == 20


async def test_an_idle_queue_is_let_go(engine: Engine, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel whose messages were all sent long ago takes no memory."""
    monkeypatch.setattr(outbox_module, "FORGET_AFTER", 0)
    outbox.put(await over(engine, "tea"))
    assert len(outbox._queues) == 1
    await settled(outbox)
    await eventually(lambda: not outbox._queues)
