"""Pomodoros and focus phases are logged as they end: once, whatever fails on the way, and correctly."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.errors import NotSaved, TooMany
from bot.domain.focus.session import Session
from bot.domain.outbox_message import Kind
from bot.domain.stats.log import afterwards
from bot.domain.time.spans import total
from bot.domain.timers.command import ActOnTimers, ExtendTimer, TimerVerb
from bot.domain.timers.timer import LIVE, Actor, Purpose, State, Timer
from bot.service.corrections import MOST_ADDED, Corrections
from bot.store.tables import timers
from tests.effort import part
from tests.engine.base import Base, look_into
from tests.engine.conftest import ANN, CANCEL, Engine
from tests.engine.trouble import Power
from tests.unit.timers.test_timer import NOON

BEN = Actor(user_id=8, guild_id=3, channel_id=30)
M = timedelta(minutes=1)
PLAN = "2x(25m focus, 5m break)"


@pytest.fixture
def base(engine: Engine, database_url: str) -> Iterator[Base]:
    """A look into the database, bypassing the bot."""
    opened = Base(database_url, look_into(database_url))
    yield opened
    opened.eye.close()


async def until(look: Callable[[], object]) -> None:
    """Run until a condition holds; time stands still meanwhile."""
    async with asyncio.timeout(60):
        while not look():  # noqa: ASYNC110 - rows tell nobody that they have changed
            await asyncio.sleep(0.001)  # due work needs real time too


async def both(engine: Engine, channel_id: int) -> tuple[Timer, Timer]:
    """Start Ann's pomodoro and her session with Ben, both of 25 minutes."""
    there = replace(ANN, channel_id=channel_id)
    tea, session = await engine.start("tea", 25 * 60, there), await engine.focus(PLAN, there)
    session = await engine.sessions.change(session.timer.id, lambda old, now: old.join(BEN.user_id, now))
    return tea, session.timer


def rows(base: Base, timer_id: int) -> tuple[Timer, list[dict[str, Any]]]:
    """Return a timer and its entries, by phase and person, from the same moment."""
    return rows_of(base, timer_id)[timer_id]


def rows_of(base: Base, *timer_ids: int) -> dict[int, tuple[Timer, list[dict[str, Any]]]]:
    """Return several, by their ids."""
    given = {}
    for timer, entries_found in base.logged(timers.c.id.in_(timer_ids)).items():
        for row in entries_found:
            assert total(row["log_spans"]) == row["log_focused"], "in these spans it was"
            assert row["log_began_at"] <= row["log_spans"][0][0] <= row["log_spans"][-1][1] <= row["log_ended_at"]
        named = [
            {name.removeprefix("log_"): row[name] for name in row if name.startswith("log_")}
            for row in entries_found
        ]
        given[timer.id] = timer, sorted(named, key=lambda row: (row["phase"] or 0, row["user_id"]))
    return given


def is_whole(base: Base, *started: Timer) -> bool:
    """Check that each is logged if and only if it, or its phase, is over; return whether all are."""
    over = []
    expected: list[tuple[int, int | None, timedelta, str]]
    there = rows_of(base, *(timer.id for timer in started))
    for timer in started:
        now_is, logged = there[timer.id]
        actual = [(row["user_id"], row["phase"], row["focused"], row["outcome"]) for row in logged]
        if timer.purpose is Purpose.SESSION:
            over.append(now_is.version > timer.version)
            expected = [(user_id, 0, 25 * M, "finished") for user_id in (7, 8)]
        else:
            over.append(now_is.state is State.DONE)
            expected = [(7, None, 25 * M, "finished")]
        assert actual == expected * over[-1]
    return all(over)


def is_cut_or_heard(power: Power, engine: Engine, *started: Timer) -> bool:
    """Return whether the power is cut, or the ends of these were reported, which is after their commits."""
    ended = {timer.id for message in engine.outbox.messages for timer in message.timers}
    return power.cut or ended.issuperset(timer.id for timer in started)


@pytest.mark.thorough
async def test_cut_off_at_any_step(engine: Engine, base: Base) -> None:
    """Killed at any step of its end, a pomodoro or phase is over with its entries or continues without them.

    By default SQLite is killed at the even steps, and PostgreSQL at the odd ones.
    """
    halfway = 0
    for steps in part(range(1_000), first=engine.database.file is None):
        started = await both(engine, 100 + steps)
        power = Power()
        power.supply(engine.database)
        power.left = steps
        engine.clock.advance(25 * 60)
        await until(partial(is_cut_or_heard, power, engine, *started))
        is_over = is_whole(base, *started)
        assert power.cut or is_over
        halfway += not is_over
        await engine.close()
        await engine.open()
        async with asyncio.timeout(60):
            while not is_whole(base, *started):
                await engine.outbox.more()  # of those ending now; the earlier ones are complete already
        stopped = await engine.sessions.change(started[1].id, lambda old, now: old.stop(ANN, now))
        assert stopped.is_over
        assert is_whole(base, *started)
        if not power.cut:
            break
    assert halfway >= 5, f"cut off at {halfway} of {steps} steps"


@pytest.mark.parametrize("times", [1, 2])
async def test_an_answer_that_is_lost(engine: Engine, base: Base, times: int) -> None:
    """If a commit succeeds but its answer is lost, the retried end logs nothing twice."""
    started = await both(engine, 31)
    power = Power()
    power.supply(engine.database)
    power.losing = times
    engine.clock.advance(25 * 60)
    async with asyncio.timeout(60):
        while len(engine.outbox.of(Kind.ANNOUNCEMENT, Kind.PHASE)) < 2:
            engine.clock.advance(0.01)
            await asyncio.sleep(0)
    assert power.lost == times
    assert is_whole(base, *started)


async def test_a_cancel_whose_answer_is_lost(engine: Engine, base: Base) -> None:
    """A cancel whose answer was lost is logged once, also when it is repeated."""
    tea = await engine.start("tea", 25 * 60)
    engine.clock.advance(600)
    power = Power()
    power.supply(engine.database)
    with power.losing_own(), pytest.raises(NotSaved):
        await engine.timers.change(ANN, tea, CANCEL)
    with pytest.raises(Exception, match="just cancelled"):
        await engine.timers.change(ANN, tea, CANCEL)
    _, ((row,)) = rows(base, tea.id)
    assert (row["focused"], row["outcome"]) == (10 * M, "cut_short")


@dataclass
class Story:
    """What is done to a pomodoro, minute by minute, and what is logged in the end: its focus and its end."""

    steps: dict[float, str]
    focused: float
    ended: float
    outcome: str = "finished"
    # The spans when it ran, if it was paused.
    ran: tuple[tuple[float, float], ...] = ()


STORIES = {
    "as it is": Story({}, 25, 25),
    "paused": Story({5: "pause", 12: "resume"}, 25, 32, ran=((0, 5), (12, 32))),
    "paused twice": Story(
        {5: "pause", 6: "resume", 7: "pause", 10: "resume"}, 25, 29, ran=((0, 5), (6, 7), (10, 29))
    ),
    "extended": Story({5: "extend"}, 30, 30),
    "extended in a pause": Story({5: "pause", 6: "extend", 10: "resume"}, 30, 35, ran=((0, 5), (10, 35))),
    "cancelled": Story({10: "cancel"}, 10, 10, "cut_short"),
    "cancelled after a pause": Story(
        {5: "pause", 10: "resume", 12: "cancel"}, 7, 12, "cut_short", ((0, 5), (10, 12))
    ),
    "cancelled in a pause": Story({5: "pause", 60: "cancel"}, 5, 60, "cut_short", ((0, 5),)),
    "extended and cancelled": Story({5: "extend", 28: "cancel"}, 28, 28, "cut_short"),
    "cancelled at once": Story({0.01: "cancel"}, 0, 0.01, "none"),
}


@pytest.mark.parametrize("name", STORIES)
async def test_a_pomodoro(engine: Engine, base: Base, name: str) -> None:
    """A pomodoro counts for as long as it ran: without pauses, with extensions, and until it was ended."""
    story = STORIES[name]
    started = engine.clock.now()
    tea = await engine.start("tea", 25 * 60)
    for minute, step in story.steps.items():
        engine.clock.advance(minute * 60 - (engine.clock.now() - started).total_seconds())
        command = ExtendTimer(None, 5 * M) if step == "extend" else ActOnTimers(TimerVerb(step), None)
        tea = await engine.timers.change(ANN, tea, command)
    engine.clock.advance(story.ended * 60 - (engine.clock.now() - started).total_seconds())
    await until(lambda: rows(base, tea.id)[0].state not in LIVE)
    _, entries_found = rows(base, tea.id)
    if story.outcome == "none":
        assert entries_found == []
        return
    (row,) = entries_found
    assert (row["focused"], row["ended_at"]) == (story.focused * M, started + story.ended * M)
    ran = [(begins - started, ends - started) for begins, ends in row["spans"]]
    assert ran == [(begins * M, ends * M) for begins, ends in story.ran or ((0, story.ended),)]
    assert (row["began_at"], row["outcome"], row["task"], row["phase"]) == (started, story.outcome, "tea", None)
    assert (row["user_id"], row["guild_id"], row["channel_id"]) == (7, 3, 30)


async def test_a_bot_that_was_away(engine: Engine, base: Base) -> None:
    """What ended while the bot was away is logged as ended when it was due, phase by phase."""
    began = engine.clock.now()
    started = await both(engine, 30)
    await engine.close()
    engine.clock.advance(57 * 60)
    await engine.open()
    await engine.outbox.until_of(Kind.PHASE, 1)
    await engine.outbox.until_of(Kind.ANNOUNCEMENT, 1)
    tea, session = (rows(base, timer.id)[1] for timer in started)
    assert [(row["ended_at"], row["focused"]) for row in tea] == [(began + 25 * M, 25 * M)]
    assert [
        (row["user_id"], row["phase"], row["began_at"], row["ended_at"], row["focused"]) for row in session
    ] == [
        (user_id, phase, began + at * M, began + (at + 25) * M, 25 * M)
        for phase, at in ((0, 0), (2, 30))
        for user_id in (7, 8)
    ]


Step = Callable[[Session, datetime], Session]


async def test_a_session(engine: Engine, base: Base) -> None:
    """Each participant gets the time they focused: not what they missed or rested, not joint pauses, not breaks."""
    began = engine.clock.now()
    session = await engine.focus("3x(25m focus, 5m break)")
    steps: list[tuple[float, Step]] = [
        (0, lambda old, now: old.join(8, now, "read")),
        (0, lambda old, now: old.join(9, now)),
        (5, lambda old, now: old.join(10, now)),  # five minutes late
        (8, lambda old, now: old.rest(8, now)),
        (10, lambda old, now: old.leave(9, now)),
        (11, lambda old, now: old.back(8, now)),
        (12, lambda old, now: old.pause(ANN, now)),
        (14, lambda old, now: old.resume(ANN, now)),  # two minutes for all
        (20, lambda old, now: old.extend(ANN, 3 * M, now)),  # the phase is over at 30, the break at 35
        (40, lambda old, now: old.skip(ANN, now)),  # five minutes into the second
        (41, lambda old, now: old.skip(ANN, now)),  # the break
        (43, lambda old, now: old.rest(10, now)),
        (44, lambda old, now: old.stop(ANN, now)),  # three minutes into the third
    ]
    for minute, step in steps:
        target = began + minute * M
        while engine.clock.now() < target:
            engine.clock.advance(min(60.0, (target - engine.clock.now()).total_seconds()))
            await until(lambda: not [due for due in base.dues() if due.at <= engine.clock.now()])
        await engine.sessions.change(session.timer.id, step)
    _, entries_found = rows(base, session.timer.id)
    assert [
        (
            row["phase"],
            row["user_id"],
            row["focused"] / M,
            (row["began_at"] - began) / M,
            (row["ended_at"] - began) / M,
            row["outcome"],
            row["task"],
        )
        for row in entries_found
    ] == [
        (0, 7, 28, 0, 30, "finished", None),
        (0, 8, 25, 0, 30, "finished", "read"),
        (0, 9, 10, 0, 30, "finished", None),
        (0, 10, 23, 0, 30, "finished", None),
        (2, 7, 5, 35, 40, "cut_short", None),
        (2, 8, 5, 35, 40, "cut_short", "read"),
        (2, 10, 5, 35, 40, "cut_short", None),
        (4, 7, 3, 41, 44, "cut_short", None),
        (4, 8, 3, 41, 44, "cut_short", "read"),
        (4, 10, 2, 41, 44, "cut_short", None),
    ]


@pytest.mark.parametrize("step", [5, -5])
async def test_entries_added_to_a_day(engine: Engine, step: int) -> None:
    """A day takes a limited number of added entries, in any order; repeating one adds none."""
    corrections = Corrections(engine.database, engine.clock)
    noon = NOON - timedelta(days=2)
    entries = [afterwards(ANN, noon + number * step * M, 5 * M, "essay") for number in range(MOST_ADDED + 1)]
    for entry in entries[:-1]:
        first_id, _ = await corrections.add(entry)
        assert await corrections.add(entry) == (first_id, await corrections.by_id(ANN.user_id, first_id))
    with pytest.raises(TooMany, match="already added 50 entries to that day"):
        await corrections.add(entries[-1])
    await corrections.add(afterwards(ANN, noon - timedelta(days=1), 5 * M, "essay"))


async def test_an_entry_added_to_the_microsecond(engine: Engine) -> None:
    """An entry added with more digits than are stored exists, and repeating it adds none."""
    corrections = Corrections(engine.database, engine.clock)
    began_at, length = NOON + timedelta(microseconds=123_456), timedelta(minutes=5, microseconds=789)
    entry_id, added = await corrections.add(afterwards(ANN, began_at, length, "essay"))
    assert added == await corrections.by_id(ANN.user_id, entry_id)
    assert await corrections.add(afterwards(ANN, began_at, length, "essay")) == (entry_id, added)
