"""Sessions as the service runs them: real rows on either database, real countdowns, the test's clock."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, event, select, update

from bot.domain.errors import TooLate, UnknownSession, UserError
from bot.domain.focus import plan
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Notification, PhaseOutcome
from bot.domain.focus.session import Session
from bot.domain.outbox_message import Kind
from bot.domain.question import Question
from bot.domain.timers.timer import Actor, State
from bot.store import due_timers, tables
from tests.clock import ManualClock
from tests.engine.conftest import ANN, Engine

BEN = Actor(user_id=8, guild_id=3, channel_id=30)
ELSEWHERE = replace(ANN, channel_id=31)
S = timedelta(seconds=1)
ROUNDS = "3x(25s, 5s break)"


@pytest.fixture
async def other(engine: Engine, database_url: str, clock: ManualClock) -> AsyncIterator[Engine]:
    """Another process on the same database."""
    opened = Engine(database_url, clock, threads=10)
    await opened.open()
    yield opened
    await opened.close()


async def outbox_rows(engine: Engine) -> list[tuple[Kind, int | None]]:
    """Read the outbox of sessions: each row's kind and stage."""
    outbox = tables.outbox.c
    async with engine.database.read() as connection:
        rows = await connection.execute(select(outbox.kind, outbox.stage).order_by(outbox.id))
        return [(Kind(kind), stage) for kind, stage in rows]


async def join(engine: Engine, session: Session, user_id: int, notify: Notification = Notification.PING) -> Session:
    def move(old: Session, now: datetime) -> Session:
        return old.join(user_id, now).change_person(user_id, lambda person: replace(person, notify=notify))

    return await engine.sessions.change(session.timer.id, move)


async def skip(engine: Engine, session: Session) -> Session:
    """Press *Skip* on the card of the session as given here."""
    return await engine.sessions.change(session.timer.id, lambda old, now: old.skip(ANN, now), session.stage)


async def test_through_every_phase(engine: Engine) -> None:
    """Each phase is announced once and ends where it should, counted from the start, to the end of the plan."""
    begun = await engine.focus(ROUNDS)
    for stage, seconds in enumerate((25, 5, 25, 5, 25, 5), start=1):
        engine.clock.advance(seconds)
        messages = await engine.outbox.until_of(Kind.PHASE, stage)
        assert [message.stage for message in messages] == list(range(1, stage + 1))
    over, efforts = await engine.sessions.look(begun.timer.id)
    assert (over.ending, over.timer.ended_at) == (Ending.FINISHED, begun.began_at + 90 * S)
    assert [(effort.phase, effort.focused) for effort in efforts] == [(0, 25 * S), (2, 25 * S), (4, 25 * S)]
    assert await outbox_rows(engine) == [(Kind.PHASE, stage) for stage in range(1, 7)]


async def test_the_same_request_twice(engine: Engine) -> None:
    """A duplicate request starts one session, which is the answer to both."""
    start = engine.sessions.start
    first, second = await asyncio.gather(*(start(ANN, "focus", plan.parse("25m"), "message:1") for _ in range(2)))
    assert first == second
    assert [person.user_id for person in first.people] == [7]


async def test_one_in_a_channel(engine: Engine) -> None:
    """A second session in a channel is asked about until the first is over; elsewhere there may be another."""
    first = await engine.focus(ROUNDS)
    with pytest.raises(Question) as raised:
        await engine.focus(ROUNDS, BEN)
    assert raised.value.example == "focus join"
    await engine.focus(ROUNDS, ELSEWHERE)
    await engine.sessions.change(first.timer.id, lambda old, now: old.stop(ANN, now))
    await engine.focus(ROUNDS, BEN)


@pytest.mark.parametrize("processes", [1, 2])
async def test_two_skips_at_once(engine: Engine, other: Engine, processes: int) -> None:
    """Of two simultaneous presses of Skip on the same card, one skips, and the other is refused."""
    session = await engine.focus("20x(25s, 5s break)")
    for _ in range(10):
        both = (engine, other if processes == 2 else engine)
        results = await asyncio.gather(*(skip(engine, session) for engine in both), return_exceptions=True)
        (late,) = [result for result in results if isinstance(result, TooLate)]
        (session,) = [result for result in results if isinstance(result, Session)]
        assert late.example == "focus status"
    assert session.at == 10
    assert (await engine.sessions.by_id(session.timer.id)).at == 10
    assert await outbox_rows(engine) == [(Kind.PHASE, stage) for stage in range(1, 11)]


async def test_a_press_as_the_phase_ends(engine: Engine) -> None:
    """A press on a card whose phase has just ended, though unnoticed yet, changes nothing."""
    session = await engine.focus(ROUNDS)
    await engine.scheduler.close()
    engine.clock.advance(25)
    with pytest.raises(TooLate, match="from an earlier phase"):
        await skip(engine, session)
    assert await engine.sessions.by_id(session.timer.id) == session
    typed = await engine.sessions.change(session.timer.id, lambda old, now: old.skip(ANN, now))
    assert (typed.at, typed.began_at) == (2, session.began_at + 25 * S)
    assert await outbox_rows(engine) == [(Kind.PHASE, 2)]


async def test_away_over_two_boundaries(engine: Engine) -> None:
    """After two boundaries during an absence one message shows where the session is; nothing has shifted."""
    session = await engine.focus(ROUNDS)
    await join(engine, session, 8)
    await engine.sessions.change(session.timer.id, lambda old, now: old.rest(8, now))
    engine.clock.advance(27)
    await engine.outbox.until_of(Kind.PHASE, 1)
    await engine.close()
    engine.clock.advance(30)
    await engine.open()
    (message,) = await engine.outbox.until_of(Kind.PHASE, 1)
    now_is, efforts = await engine.sessions.look(session.timer.id)
    assert (message.stage, now_is.at, now_is.ends_at) == (3, 3, session.began_at + 60 * S)
    assert [(effort.user_id, effort.phase, effort.focused) for effort in efforts] == [
        (7, 0, 25 * S),
        (7, 2, 25 * S),
    ]
    assert now_is.person(8).resting
    engine.clock.advance(3)
    await engine.outbox.until_of(Kind.PHASE, 2)
    assert await outbox_rows(engine) == [(Kind.PHASE, 1), (Kind.PHASE, 3), (Kind.PHASE, 4)]


async def test_direct_messages(engine: Engine) -> None:
    """Participants who want direct messages get one at each change of phase, and nobody else does."""
    session = await engine.focus(ROUNDS)
    for user_id, notify in (
        (8, Notification.DM),
        (9, Notification.SILENT),
        (10, Notification.DM),
        (11, Notification.DM),
    ):
        await join(engine, session, user_id, notify)
    await engine.sessions.change(session.timer.id, lambda old, now: old.leave(10, now))
    await skip(engine, session)
    assert [(message.place_id, message.stage) for message in engine.outbox.of(Kind.DIRECT)] == [(8, 1), (11, 1)]
    assert [message.place_id for message in engine.outbox.of(Kind.PHASE)] == [30]


async def test_a_minute_left(engine: Engine) -> None:
    """The warning comes a minute before the end if wanted, but not if an edit brings the end closer than that."""
    session = await engine.focus("3m, 2m break", warn=True)
    shorter = plan.parse("121s, 2m break")
    engine.clock.advance(119)
    await engine.sessions.change(session.timer.id, lambda old, now: old.edit(ANN, shorter, now))
    assert engine.outbox.messages == []
    engine.clock.advance(2)
    await engine.outbox.until_of(Kind.PHASE, 1)
    engine.clock.advance(60)
    await engine.outbox.until_of(Kind.WARNING, 1)
    engine.clock.advance(60)
    await engine.outbox.until_of(Kind.PHASE, 2)
    assert await outbox_rows(engine) == [(Kind.PHASE, 1), (Kind.WARNING, 1), (Kind.PHASE, 2)]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (tables.sessions, {"plan": "3x("}),
        (tables.sessions, {"ending": "boredom"}),
        (tables.sessions, {"at": 99}),
        (tables.sessions, {"at": -5}),
        (tables.timers, {"state": "running", "purpose": "boredom"}),
    ],
)
async def test_a_damaged_one(engine: Engine, table: Table, values: dict[str, Any]) -> None:
    """A session with damaged rows blocks no other that is due at the same moment, and stays as it is."""
    damaged, sound = await engine.focus(ROUNDS), await engine.focus(ROUNDS, ELSEWHERE)
    key = table.c.id if table is tables.timers else table.c.timer_id
    async with engine.database.write() as connection:
        await connection.execute(update(table).where(key == damaged.timer.id).values(values))
    await engine.scheduler.close()
    engine.clock.advance(25)
    left = await engine.due_timers.finish([session.timer.due for session in (damaged, sound) if session.timer.due])
    assert left == (set() if "purpose" in values else {damaged.timer.id})  # an unknown purpose is another's
    assert [(message.kind, message.timers[0].id) for message in engine.outbox.messages] == [
        (Kind.PHASE, sound.timer.id)
    ]
    async with engine.database.read() as connection:
        assert {due.timer_id for due in await due_timers.soonest(connection, 9)} == {sound.timer.id, *left}
        unchanged = select(tables.timers.c.state, tables.timers.c.version).where(
            tables.timers.c.id == damaged.timer.id
        )
        assert (await connection.execute(unchanged)).all() == [("running", damaged.timer.version)]
    assert [session.timer.id for session in await engine.sessions.in_guild(3)] == [sound.timer.id]
    with pytest.raises(UnknownSession):
        await engine.sessions.by_id(damaged.timer.id)
    await engine.focus(ROUNDS)


async def test_a_damaged_participant(engine: Engine) -> None:
    """A session goes on without a participant whose row is damaged; they can join again."""
    session = await engine.focus(ROUNDS)
    await engine.sessions.change(session.timer.id, lambda old, now: old.join(8, now))
    theirs = tables.participants.c.user_id == 8
    async with engine.database.write() as connection:
        await connection.execute(update(tables.participants).where(theirs).values(notify="pigeon"))
    engine.clock.advance(25)
    (message,) = await engine.outbox.until_of(Kind.PHASE, 1)
    assert message.timers[0].id == session.timer.id
    now_is = await engine.sessions.by_id(session.timer.id)
    assert (now_is.at, [person.user_id for person in now_is.people]) == (1, [7])
    joined = await engine.sessions.change(session.timer.id, lambda old, now: old.join(8, now))
    assert [person.user_id for person in joined.present] == [7, 8]
    assert await engine.sessions.by_id(session.timer.id) == joined


async def test_card(engine: Engine) -> None:
    """A change during the making of a card is shown on it afterwards; a correct card is left alone."""
    session = await engine.focus(ROUNDS)
    await engine.sessions.set_card(session, 100)
    assert engine.outbox.messages == []
    await engine.focus(ROUNDS, ELSEWHERE)
    late = await engine.sessions.here(ELSEWHERE)
    await join(engine, late, 8)
    await engine.sessions.set_card(late, 101)
    await join(engine, session, 8)
    assert [(message.kind, message.timers[0].card_id) for message in engine.outbox.messages] == [
        (Kind.CARD, 101),
        (Kind.CARD, 100),
    ]
    # in the database too: a process that ends meanwhile leaves it to the next
    assert [kind for kind, _ in await outbox_rows(engine)] == [Kind.CARD, Kind.CARD]


async def test_a_card_that_comes_too_late(engine: Engine) -> None:
    """A first card that arrives only after the next phase has its own is closed, and the newer stays the card."""
    session = await engine.focus(ROUNDS)
    skipped = await skip(engine, session)
    await engine.sessions.set_card(skipped, 101)
    await engine.sessions.set_card(session, 100)
    assert [(message.kind, message.message_id) for message in engine.outbox.of(Kind.CLOSED)] == [(Kind.CLOSED, 100)]
    assert (await engine.sessions.by_id(session.timer.id)).timer.card_id == 101


async def test_a_card_made_anew(engine: Engine) -> None:
    """A card posted while its session has no other stays, whatever has changed; so does the next."""
    session = await engine.focus(ROUNDS)
    skipped = await skip(engine, session)
    await engine.sessions.set_card(session, 100)
    assert (await engine.sessions.by_id(session.timer.id)).timer.card_id == 100
    await engine.sessions.set_card(skipped, 101)
    assert (await engine.sessions.by_id(session.timer.id)).timer.card_id == 101
    assert engine.outbox.of(Kind.CLOSED) == []


async def test_review(engine: Engine) -> None:
    """A phase can be reviewed during the session, which counts as activity, and after it, by those who focused."""
    session = await engine.focus(ROUNDS)
    await engine.sessions.set_card(session, 100)
    engine.clock.advance(25)
    await engine.outbox.until_of(Kind.PHASE, 1)
    assert engine.outbox.of(Kind.CARD) == []
    await engine.sessions.review(7, session.timer.id, 0, PhaseOutcome.PARTLY)
    assert len(engine.outbox.of(Kind.CARD)) == 1
    over = await engine.sessions.change(session.timer.id, lambda old, now: old.stop(ANN, now))
    await engine.sessions.review(7, session.timer.id, 0, PhaseOutcome.DONE)
    now_is, (effort,) = await engine.sessions.look(session.timer.id)
    assert (now_is, effort.outcome) == (replace(over, done=()), PhaseOutcome.DONE)
    with pytest.raises(UnknownSession):
        await engine.sessions.review(8, session.timer.id, 0, PhaseOutcome.DONE)


async def test_nobody_reacts(engine: Engine) -> None:
    """A session without any activity ends by itself, and its end is announced."""
    session = await engine.focus("9x(25s, 5s break)")
    questions = []
    for stage, seconds in enumerate((25, 5) * 4 + (25,), start=1):
        questions.append((await engine.sessions.here(ANN)).asked)
        engine.clock.advance(seconds)
        await engine.outbox.until_of(Kind.PHASE, stage)
    assert questions == [False] * 7 + [True, True]
    over = await engine.sessions.by_id(session.timer.id)
    assert (over.ending, over.timer.state) == (Ending.IDLE, State.CANCELLED)


async def test_everything_at_once(engine: Engine, other: Engine) -> None:
    """Twenty people who join, leave and rest at once, through two processes, lose nothing of what they did."""
    session = await engine.focus(ROUNDS)
    engines = (engine, other)
    ids = range(100, 120)

    async def act(user_id: int) -> None:
        process = engines[user_id % 2]
        await join(process, session, user_id)
        await process.sessions.change(session.timer.id, lambda old, now: old.rest(user_id, now))
        if user_id % 3 == 0:
            await engines[0].sessions.change(session.timer.id, lambda old, now: old.leave(user_id, now))

    await asyncio.gather(*(act(user_id) for user_id in ids))
    people = {person.user_id: person for person in (await engine.sessions.by_id(session.timer.id)).people}
    assert sorted(people) == [7, *ids]
    assert all(people[user_id].resting for user_id in ids)
    gone = [user_id for user_id in ids if people[user_id].left_at]
    assert gone == [user_id for user_id in ids if user_id % 3 == 0]


async def test_refused_is_unchanged(engine: Engine) -> None:
    """A refused transition changes nothing, not even the activity noted with it."""
    session = await engine.focus(ROUNDS)
    with pytest.raises(UserError):
        await engine.sessions.change(session.timer.id, lambda old, now: old.stop(BEN, now))
    assert await engine.sessions.by_id(session.timer.id) == session
    assert await outbox_rows(engine) == []


async def test_by_voice(engine: Engine) -> None:
    """People who opted in join and leave by voice; others join by a press."""
    start = engine.sessions.start
    session = await start(ANN, "focus", plan.parse(ROUNDS), "message:1", voice_id=50)
    await join(engine, session, 8)
    await engine.preferences.set(9, voice_auto=True)

    async def present() -> list[int]:
        return [participant.user_id for participant in (await engine.sessions.by_id(session.timer.id)).present]

    for user_id, came_from, went_to, there in (
        (9, None, 51, [7, 8]),
        (9, 51, 50, [7, 8, 9]),
        (9, 60, 61, [7, 8, 9]),
        (8, 50, None, [7, 8, 9]),
        (10, None, 50, [7, 8, 9]),
        (9, 50, 51, [7, 8]),
    ):
        await engine.voice.moved(user_id, came_from, went_to)
        assert await present() == there


async def test_looks_by_voice_channel(engine: Engine) -> None:
    """However many come and go, one query finds the sessions of the voice channels."""
    session = await engine.sessions.start(ANN, "focus", plan.parse(ROUNDS), "message:1", voice_id=50)
    looks: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if "WHERE sessions.voice_id" in statement:
            looks.append(statement)

    for user_id in (9, 10, 11):
        await engine.preferences.set(user_id, voice_auto=True)
    event.listen(engine.database.engine.sync_engine, "before_cursor_execute", note)
    await engine.voice.moved(8, None, 60)
    assert len(looks) == 1
    await engine.voice.sync({50: [9, 10, 11], 51: [12]})
    assert len(looks) == 2
    assert all("sessions.voice_id IN" in statement for statement in looks)
    present = (await engine.sessions.by_id(session.timer.id)).present
    assert [participant.user_id for participant in present] == [7, 9, 10, 11]


async def test_found_by_voice(engine: Engine) -> None:
    """People who entered or left the voice channel unnoticed join or leave; an unknown channel changes nothing."""
    start = engine.sessions.start
    session = await start(ANN, "focus", plan.parse(ROUNDS), "message:1", voice_id=50)
    await start(ELSEWHERE, "focus", plan.parse(ROUNDS), "message:2", voice_id=60)
    for user_id in range(8, 13):
        await engine.preferences.set(user_id, voice_auto=True)
    await engine.voice.sync({50: [8, 9], 60: [11]})
    await engine.voice.sync({50: [8, 10, 13], 51: [12]})
    present = (await engine.sessions.by_id(session.timer.id)).present
    assert [participant.user_id for participant in present] == [7, 8, 10]
    assert [participant.user_id for participant in (await engine.sessions.here(ELSEWHERE)).present] == [7, 11]
