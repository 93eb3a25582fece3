from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.domain.focus import plan
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Effort, Notification, PhaseOutcome
from bot.domain.focus.session import Session
from bot.domain.outbox_message import Kind
from bot.domain.stats.log import efforts
from bot.domain.timers.timer import Actor, Purpose, State, Timer
from bot.store import outbox, presets, sessions, tables, timers
from bot.store.database import Database
from tests.statements import noted

Step = Callable[[Session], Session]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M, MS = timedelta(minutes=1), timedelta(milliseconds=1)
ANN = Actor(7 << 55, 3, 30)
TIMER = Timer(
    id=0, version=1, state=State.RUNNING, owner_id=ANN.user_id, guild_id=3, channel_id=30, name="focus",
    length=25 * M, started_at=NOON, due_at=NOON, purpose=Purpose.SESSION,
)  # fmt: skip
DOORS = Session(TIMER, plan.parse("2x(25m té 🍵, 5m break), 25m, 1.5m walk"), began_at=NOON)
BEGUN = DOORS.join(ANN.user_id, NOON).tick(NOON)


async def add(database: Database, session: Session = BEGUN, request: str = "message:1") -> Session:
    async with database.write() as connection:
        return await sessions.add(connection, session, request)


async def save(database: Database, old: Session, new: Session) -> Session:
    """Save a transition; its log entries are in the rows from then on, and no longer with the session."""
    async with database.write() as connection:
        await sessions.save(connection, old, new)
    return replace(new, done=())


async def read(database: Database, session: Session) -> tuple[Session | None, list[Effort]]:
    async with database.read() as connection:
        actual = await sessions.by_id(connection, session.timer.id)
        return actual, await sessions.efforts_of(connection, session.timer.id)


async def test_round_trip(database: Database) -> None:
    """A session comes back as it was written at every step, with all its people, beyond its end too."""
    session = await add(database, replace(BEGUN, warn=True, voice_id=9 << 55))
    assert await read(database, session) == (session, [])
    steps: list[Step] = [
        lambda session: session.join(9, NOON + M, "té 🍵", by_voice=True).join(8, NOON + M),
        lambda session: session.change_person(
            8, lambda person: replace(person, notify=Notification.DM, task="x" * 200)
        ),
        lambda session: session.rest(8, NOON + 2 * M + MS),
        lambda session: session.pause(ANN, NOON + 3 * M),
        lambda session: session.resume(ANN, NOON + 4 * M).leave(9, NOON + 5 * M),
        lambda session: session.edit(ANN, plan.parse("24m, 3m"), NOON + 5 * M),
        lambda session: replace(session, asked=True, idle=3, auto=False),
        lambda session: session.hand_over(ANN, 8),
        lambda session: session.skip(replace(ANN, user_id=8), NOON + 6 * M),
        lambda session: session.reacted().stop(replace(ANN, user_id=8), NOON + 7 * M),
    ]
    done: list[Effort] = []
    for step in steps:
        new = step(session)
        done += efforts(new.done)
        session = await save(database, session, new)
        assert await read(database, session) == (
            session,
            sorted(done, key=lambda effort: (effort.phase, effort.user_id)),
        )
    assert session.ending is Ending.STOPPED
    assert len(done) == 3


async def test_written_at_once(database: Database) -> None:
    """People who join, change or come back after their row was damaged are written together, in one statement."""
    session = await add(database)
    joined = await save(database, session, session.join(8, NOON + M))
    async with database.write() as connection:
        damaged = update(tables.participants).where(tables.participants.c.user_id == 8)
        await connection.execute(damaged.values(notify="no such way"))
    async with database.read() as connection:
        left = await sessions.by_id(connection, session.timer.id)
    assert left
    assert [person.user_id for person in left.people] == [ANN.user_id]
    with noted() as statements:
        again = await save(database, left, left.join(8, NOON + M).join(9, NOON + M).rest(ANN.user_id, NOON + M))
    assert len([statement for statement in statements if " participants" in statement]) == 1
    assert await read(database, session) == (again, [])
    assert again.person(8) == joined.person(8)


async def test_compare_and_set(database: Database) -> None:
    """A transition made from an outdated version is refused, and leaves nothing behind."""
    session = await add(database)
    skipped = await save(database, session, session.skip(ANN, NOON + M))
    with pytest.raises(timers.LostRace):
        await save(database, session, session.join(8, NOON + M).stop(ANN, NOON + M))
    assert await read(database, session) == (skipped, [Effort(ANN.user_id, 0, None, M)])


async def test_where_it_goes_on(database: Database) -> None:
    """A live session is found by its channel, its server and its voice channel."""
    here = await add(database, replace(BEGUN, voice_id=40))
    there = await add(database, replace(BEGUN, timer=replace(BEGUN.timer, channel_id=31)), "message:2")
    async with database.read() as connection:
        assert await sessions.in_channel(connection, 30) == here
        assert await sessions.in_guild(connection, 3) == [here, there]
        assert await sessions.in_channel(connection, 3) is None
    over = await save(database, here, here.stop(ANN, NOON + M))
    async with database.read() as connection:
        assert await sessions.in_channel(connection, 30) is None
        assert await sessions.in_guild(connection, 3) == [there]
        assert await sessions.by_id(connection, here.timer.id) == over


async def test_is_no_pomodoro(database: Database) -> None:
    """A session is in no list of timers and counts towards no limit of them; a timer is no session."""
    await add(database)
    async with database.write() as connection:
        pomodoro = replace(TIMER, purpose=Purpose.POMODORO, channel_id=31)
        tea = await timers.add(connection, pomodoro, "message:2")
        assert await timers.live(connection, ANN.user_id, 30) == [tea]
        assert await timers.count_live(connection, owner_id=ANN.user_id, guild_id=None) == 1
        assert await sessions.by_id(connection, tea.id) is None
        assert await sessions.in_channel(connection, 31) is None


async def test_review(database: Database) -> None:
    """Those who focused in a phase can review it, repeatedly; others cannot."""
    session = await add(database)
    await save(database, session, session.join(8, NOON + M).tick(NOON + 55 * M))
    async with database.write() as connection:
        for outcome in (PhaseOutcome.NOT_YET, PhaseOutcome.DONE):
            assert await sessions.review(connection, session.timer.id, 2, 8, outcome)
        assert not await sessions.review(connection, session.timer.id, 1, 8, PhaseOutcome.DONE)
        assert not await sessions.review(connection, session.timer.id, 2, 9, PhaseOutcome.DONE)
    _, efforts = await read(database, session)
    assert [(effort.user_id, effort.phase, effort.outcome) for effort in efforts] == [
        (8, 0, None),
        (ANN.user_id, 0, None),
        (8, 2, PhaseOutcome.DONE),
        (ANN.user_id, 2, None),
    ]


async def test_presets(database: Database) -> None:
    """A plan is stored under a name until another replaces it or it is deleted; each owner has their own."""
    async with database.write() as connection:
        await presets.save(connection, 7 << 55, "mine", "25m")
        await presets.save(connection, 7 << 55, "mine", "50m")
        await presets.save(connection, 7 << 55, "deep", "90m")
        await presets.save(connection, 3, "mine", "10m")
        assert await presets.of(connection, [7 << 55, 3, 4]) == {
            7 << 55: {"deep": "90m", "mine": "50m"},
            3: {"mine": "10m"},
            4: {},
        }
        assert await presets.forget(connection, 3, "mine")
        assert not await presets.forget(connection, 3, "mine")
        assert await presets.of(connection, [3]) == {3: {}}


async def test_the_card_moves(database: Database) -> None:
    """The message of a new phase becomes the card; the earlier one is closed once, also when retried."""
    session = await add(database)
    async with database.write() as connection:
        await timers.set_card(connection, session.timer.id, 100)
        phase = outbox.new_message(Kind.PHASE, [replace(session.timer, card_id=100)], stage=1)
        await outbox.add(connection, [phase])
        (closed,) = await outbox.move_card(connection, phase, 101)
        assert (closed.kind, closed.message_id) == (Kind.CLOSED, 100)
        assert await outbox.move_card(connection, phase, 101) == [closed]  # the same, which is not sent yet
        moved = await timers.by_id(connection, session.timer.id)
        assert moved
        assert moved.card_id == 101
        assert await outbox.pending(connection) == [replace(phase, timers=(moved,)), closed]


async def test_a_change_while_the_card_was_sent(database: Database) -> None:
    """A card edit requested after the phase's message was written is applied to that message as well."""
    session = await add(database)
    async with database.write() as connection:
        phase = outbox.new_message(Kind.PHASE, [session.timer], stage=1)
        await outbox.add(connection, [phase])
        await outbox.add(connection, [outbox.new_message(Kind.CARD, [session.timer], stage=1)])
        (card,) = await outbox.move_card(connection, phase, 101)
        assert (card.kind, card.timers[0].card_id) == (Kind.CARD, 101)


async def test_forgotten(database: Database) -> None:
    """A session that is long over is deleted with all its rows."""
    session = await add(database)
    await save(database, session, session.stop(ANN, NOON + M))
    async with database.write() as connection:
        assert await timers.forget(connection, NOON + timedelta(days=1), 10) == 1
        for table in (tables.sessions, tables.participants, tables.efforts):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0
