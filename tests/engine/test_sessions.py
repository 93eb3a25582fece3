"""Sessions as the service runs them: real rows on either database, real countdowns, a clock that the test turns."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table, select, update

from bot.domain import plan
from bot.domain.errors import Refusal, TooLate, TooMany, UnknownSession
from bot.domain.parcel import Kind
from bot.domain.participant import Notify, Outcome
from bot.domain.session import Ending, Session
from bot.domain.timer import Actor, State
from bot.store import tables, timers
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


async def said(engine: Engine) -> list[tuple[Kind, int | None]]:
    """What is in the outbox of sessions: the kind of each row, and the stage that it tells of."""
    outbox = tables.outbox.c
    async with engine.database.read() as connection:
        rows = await connection.execute(select(outbox.kind, outbox.stage).order_by(outbox.id))
        return [(Kind(kind), stage) for kind, stage in rows]


async def join(engine: Engine, session: Session, user_id: int, notify: Notify = Notify.PING) -> Session:
    def move(old: Session, now: datetime) -> Session:
        return old.join(user_id, now).change_person(user_id, lambda one: replace(one, notify=notify))

    return await engine.sessions.change(session.timer.id, move)


async def skip(engine: Engine, session: Session) -> Session:
    """Press *Skip* on the card that shows the session as it is given here."""
    return await engine.sessions.change(session.timer.id, lambda old, now: old.skip(ANN, now), session.stage)


async def test_through_every_phase(engine: Engine) -> None:
    """Each phase is announced once and ends at its place counted from the start, to the end of the plan."""
    begun = await engine.focus(ROUNDS)
    for stage, seconds in enumerate((25, 5, 25, 5, 25, 5), start=1):
        engine.clock.advance(seconds)
        parcels = await engine.heard.until_of(Kind.PHASE, stage)
        assert [parcel.stage for parcel in parcels] == list(range(1, stage + 1))
    over, efforts = await engine.sessions.look(begun.timer.id)
    assert (over.ending, over.timer.ended_at) == (Ending.FINISHED, begun.began_at + 90 * S)
    assert [(one.phase, one.focused) for one in efforts] == [(0, 25 * S), (2, 25 * S), (4, 25 * S)]
    assert await said(engine) == [(Kind.PHASE, stage) for stage in range(1, 7)]


async def test_the_same_request_twice(engine: Engine) -> None:
    """A request that comes twice starts one session, and the second answer is that session."""
    start = engine.sessions.start
    first, second = await asyncio.gather(
        *(start(ANN, "focus", plan.parse("25m"), "message:1", in_voice=[9, 8]) for _ in range(2))
    )
    assert first == second
    assert [one.user_id for one in first.people] == [7, 8, 9]


async def test_one_in_a_channel(engine: Engine) -> None:
    """A second session in a channel is refused until the first is over; elsewhere there may be another."""
    first = await engine.focus(ROUNDS)
    with pytest.raises(TooMany):
        await engine.focus(ROUNDS, BEN)
    await engine.focus(ROUNDS, ELSEWHERE)
    await engine.sessions.change(first.timer.id, lambda old, now: old.stop(ANN, now))
    await engine.focus(ROUNDS, BEN)


@pytest.mark.parametrize("processes", [1, 2])
async def test_two_skips_at_once(engine: Engine, other: Engine, processes: int) -> None:
    """Of two who press Skip on the same card at the same moment one skips, and the other is told so."""
    session = await engine.focus("20x(25s, 5s break)")
    for _ in range(10):
        both = (engine, other if processes == 2 else engine)
        results = await asyncio.gather(*(skip(one, session) for one in both), return_exceptions=True)
        (late,) = [result for result in results if isinstance(result, TooLate)]
        (session,) = [result for result in results if isinstance(result, Session)]
        assert late.example == "focus status"
    assert session.at == 10
    assert (await engine.sessions.by_id(session.timer.id)).at == 10
    assert await said(engine) == [(Kind.PHASE, stage) for stage in range(1, 11)]


async def test_a_press_as_the_phase_ends(engine: Engine) -> None:
    """A press on a card whose phase is over just now, though nobody has noticed yet, changes nothing."""
    session = await engine.focus(ROUNDS)
    await engine.roster.close()
    engine.clock.advance(25)
    with pytest.raises(TooLate, match="phase that is over"):
        await skip(engine, session)
    assert await engine.sessions.by_id(session.timer.id) == session
    typed = await engine.sessions.change(session.timer.id, lambda old, now: old.skip(ANN, now))
    assert (typed.at, typed.began_at) == (2, session.began_at + 25 * S)
    assert await said(engine) == [(Kind.PHASE, 2)]


async def test_away_over_two_boundaries(engine: Engine) -> None:
    """After two boundaries in a time away one message tells where the session is; nothing has moved."""
    session = await engine.focus(ROUNDS)
    await join(engine, session, 8)
    await engine.sessions.change(session.timer.id, lambda old, now: old.rest(8, now))
    engine.clock.advance(27)
    await engine.heard.until_of(Kind.PHASE, 1)
    await engine.close()
    engine.clock.advance(30)
    await engine.open()
    (parcel,) = await engine.heard.until_of(Kind.PHASE, 1)
    now_is, efforts = await engine.sessions.look(session.timer.id)
    assert (parcel.stage, now_is.at, now_is.ends_at) == (3, 3, session.began_at + 60 * S)
    assert [(one.user_id, one.phase, one.focused) for one in efforts] == [(7, 0, 25 * S), (7, 2, 25 * S)]
    assert now_is.person(8).resting
    engine.clock.advance(3)
    await engine.heard.until_of(Kind.PHASE, 2)
    assert await said(engine) == [(Kind.PHASE, 1), (Kind.PHASE, 3), (Kind.PHASE, 4)]


async def test_whoever_wants_it_directly(engine: Engine) -> None:
    """A change of phase is told directly to those who are in it and want that, and to nobody else."""
    session = await engine.focus(ROUNDS)
    for user_id, notify in ((8, Notify.DM), (9, Notify.SILENT), (10, Notify.DM), (11, Notify.DM)):
        await join(engine, session, user_id, notify)
    await engine.sessions.change(session.timer.id, lambda old, now: old.leave(10, now))
    await skip(engine, session)
    assert [(one.place_id, one.stage) for one in engine.heard.of(Kind.DIRECT)] == [(8, 1), (11, 1)]
    assert [one.place_id for one in engine.heard.of(Kind.PHASE)] == [30]


async def test_a_minute_left(engine: Engine) -> None:
    """Where it is wanted the last minute is told of, and not where an edit brings the end closer than that."""
    session = await engine.focus("3m, 2m break", warn=True)
    shorter = plan.parse("121s, 2m break")
    engine.clock.advance(119)
    await engine.sessions.change(session.timer.id, lambda old, now: old.edit(ANN, shorter, now))
    assert engine.heard.parcels == []
    engine.clock.advance(2)
    await engine.heard.until_of(Kind.PHASE, 1)
    engine.clock.advance(60)
    await engine.heard.until_of(Kind.WARNING, 1)
    engine.clock.advance(60)
    await engine.heard.until_of(Kind.PHASE, 2)
    assert await said(engine) == [(Kind.PHASE, 1), (Kind.WARNING, 1), (Kind.PHASE, 2)]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (tables.sessions, {"plan": "3x("}),
        (tables.sessions, {"ending": "boredom"}),
        (tables.participants, {"notify": "pigeon"}),
        (tables.timers, {"state": "running", "purpose": "boredom"}),
    ],
)
async def test_a_damaged_one(engine: Engine, table: Table, values: dict[str, str]) -> None:
    """A session whose rows are damaged stops no other that is due at the same moment, and is in nobody's way."""
    damaged, sound = await engine.focus(ROUNDS), await engine.focus(ROUNDS, ELSEWHERE)
    key = table.c.id if table is tables.timers else table.c.timer_id
    async with engine.database.write() as connection:
        await connection.execute(update(table).where(key == damaged.timer.id).values(values))
    await engine.roster.close()
    engine.clock.advance(25)
    await engine.agenda.finish([one.timer.due for one in (damaged, sound) if one.timer.due])
    assert [(one.kind, one.timers[0].id) for one in engine.heard.parcels] == [(Kind.PHASE, sound.timer.id)]
    async with engine.database.read() as connection:
        assert [due.timer_id for due in await timers.soonest(connection, 9)] == [sound.timer.id]
    assert [one.timer.id for one in await engine.sessions.in_guild(3)] == [sound.timer.id]
    with pytest.raises(UnknownSession):
        await engine.sessions.by_id(damaged.timer.id)
    await engine.focus(ROUNDS)


async def test_card(engine: Engine) -> None:
    """What changes after the card was made is shown on it, and nothing is done for a card that is right."""
    session = await engine.focus(ROUNDS)
    await engine.sessions.set_card(session, 100)
    assert engine.heard.parcels == []
    await engine.focus(ROUNDS, ELSEWHERE)
    late = await engine.sessions.here(ELSEWHERE)
    await join(engine, late, 8)
    await engine.sessions.set_card(late, 101)
    await join(engine, session, 8)
    assert [(one.kind, one.timers[0].card_id) for one in engine.heard.parcels] == [
        (Kind.CARD, 101),
        (Kind.CARD, 100),
    ]


async def test_a_card_that_comes_too_late(engine: Engine) -> None:
    """A first card that is there only after the next phase has its own is closed, and the newer stays the card."""
    session = await engine.focus(ROUNDS)
    skipped = await skip(engine, session)
    await engine.sessions.set_card(skipped, 101)
    await engine.sessions.set_card(session, 100)
    assert [(one.kind, one.message_id) for one in engine.heard.of(Kind.CLOSED)] == [(Kind.CLOSED, 100)]
    assert (await engine.sessions.by_id(session.timer.id)).timer.card_id == 101


async def test_review(engine: Engine) -> None:
    """How a phase went can be said while the session goes on, as a sign of life, and after it, of what one did."""
    session = await engine.focus(ROUNDS)
    engine.clock.advance(25)
    await engine.heard.until_of(Kind.PHASE, 1)
    await engine.sessions.review(7, session.timer.id, 0, Outcome.PARTLY)
    over = await engine.sessions.change(session.timer.id, lambda old, now: old.stop(ANN, now))
    await engine.sessions.review(7, session.timer.id, 0, Outcome.DONE)
    now_is, (effort,) = await engine.sessions.look(session.timer.id)
    assert (now_is, effort.outcome) == (replace(over, done=()), Outcome.DONE)
    with pytest.raises(UnknownSession):
        await engine.sessions.review(8, session.timer.id, 0, Outcome.DONE)


async def test_nobody_reacts(engine: Engine) -> None:
    """A session in which nobody does anything ends by itself, and its end is announced."""
    session = await engine.focus("9x(25s, 5s break)")
    asked = []
    for stage, seconds in enumerate((25, 5) * 4 + (25,), start=1):
        asked.append((await engine.sessions.here(ANN)).asked)
        engine.clock.advance(seconds)
        await engine.heard.until_of(Kind.PHASE, stage)
    assert asked == [False] * 7 + [True, True]
    over = await engine.sessions.by_id(session.timer.id)
    assert (over.ending, over.timer.state) == (Ending.IDLE, State.CANCELLED)


async def test_everything_at_once(engine: Engine, other: Engine) -> None:
    """Twenty people who come, go and rest at once, by two processes, lose nothing of what any of them did."""
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
    people = {one.user_id: one for one in (await engine.sessions.by_id(session.timer.id)).people}
    assert sorted(people) == [7, *ids]
    assert all(people[user_id].resting for user_id in ids)
    assert [user_id for user_id in ids if people[user_id].left_at] == [one for one in ids if one % 3 == 0]


async def test_refused_is_unchanged(engine: Engine) -> None:
    """A move that is refused changes nothing, also not what else would have been noted with it."""
    session = await engine.focus(ROUNDS)
    with pytest.raises(Refusal):
        await engine.sessions.change(session.timer.id, lambda old, now: old.stop(BEN, now))
    assert await engine.sessions.by_id(session.timer.id) == session
    assert await said(engine) == []
