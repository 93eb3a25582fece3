"""Reminders as the service stores them: real rows on either database, real countdowns, the test's clock."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import BadMoment, NotSaved, NotYours, TooLate, TooMany, UnknownReminder
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.reminders.reminder import LONGEST, Reminder, new
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.time.schedule import Schedule
from bot.domain.timers.timer import Actor, Purpose, State, Timer
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders
from bot.service.stored_outbox import StoredOutbox
from bot.service.undelivered import Undelivered
from bot.store import due_timers, tables
from tests.clock import HurriedClock, ManualClock
from tests.engine.conftest import ANN, Engine
from tests.engine.trouble import Power
from tests.reading import eventually

BEN = replace(ANN, user_id=8)
ELSEWHERE = replace(ANN, channel_id=31)
M, DAY = timedelta(minutes=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
DAILY, TEN = Recurrence(Unit.DAY), Recurrence(Unit.MINUTE, 10)


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


async def come(engine: Engine, count: int, kind: Kind = Kind.ANNOUNCEMENT) -> list[Reminder]:
    """Wait until this many reminders were announced, and return them."""
    ids: list[int] = []
    messages: list[OutboxMessage] = []
    while len(ids) < count:
        messages = await engine.outbox.until_of(kind, len(messages) + 1)
        ids = [timer.id for message in messages for timer in message.timers]
    reminders = await engine.reminders.by_ids(ids)
    return [reminders[number] for number in ids]


async def finish(engine: Engine, *due: Timer) -> None:
    """Let them end together, without their threads."""
    await engine.scheduler.close()
    engine.clock.advance((max(timer.due_at for timer in due if timer.due_at) - engine.clock.now()).total_seconds())
    await engine.due_timers.finish([timer.due for timer in due if timer.due])


async def now_is(engine: Engine, reminder: Reminder) -> Reminder:
    return await engine.reminders.by_id(reminder.id)


async def outbox(engine: Engine) -> list[tuple[int, Kind, str]]:
    """The outbox: the timer, kind and state of each row."""
    rows = tables.outbox.c
    async with engine.database.read() as connection:
        result = await connection.execute(select(rows.timer_id, rows.kind, rows.state).order_by(rows.id))
        return [(timer_id, Kind(kind), state) for timer_id, kind, state in result]


async def test_one_comes(engine: Engine) -> None:
    """A reminder comes on time, once, and is done."""
    reminder = await engine.remind("stretch", 20 * M)
    assert await engine.reminders.pending(7) == [reminder]
    engine.clock.advance(1199)
    assert engine.outbox.messages == []
    engine.clock.advance(1)
    (announced,) = await come(engine, 1)
    assert announced == replace(reminder, fired=1, timer=reminder.timer.finish(engine.clock.now()))
    assert await engine.reminders.pending(7) == []
    assert engine.scheduler.threads == 0


async def test_a_series_comes_again_and_again(engine: Engine) -> None:
    """A series keeps its number and comes at each of its times; each leaves an occurrence to announce."""
    series = await engine.remind("stretch", M, TEN)
    for count, seconds in enumerate((60, 600, 600), start=1):
        engine.clock.advance(seconds)
        reminders = await come(engine, count)
        latest = reminders[-1]
        assert (latest.timer.due_at, latest.origin_id, latest.missed) == (engine.clock.now(), series.id, 0)
        assert await engine.reminders.pending(7) == [await now_is(engine, series)]
    assert len({reminder.id for reminder in reminders} | {series.id}) == 4
    assert [state for _, _, state in await outbox(engine)] == ["pending"] * 3
    assert (await now_is(engine, series)).fired == 3


async def test_days_away(engine: Engine) -> None:
    """After days of absence it comes once, late, with the number of missed times; then again on time."""
    series = await engine.remind("stand-up", 20 * M, DAILY)
    due_at = series.first_at
    await engine.close()
    engine.clock.advance(3 * 86_400 + 3_600)
    await engine.open()
    (reminder,) = await come(engine, 1)
    assert (reminder.timer.due_at, reminder.missed) == (due_at, 3)
    following = await now_is(engine, series)
    assert (following.timer.due_at, following.fired) == (due_at + 4 * DAY, 4)
    engine.clock.advance((due_at + 4 * DAY - engine.clock.now()).total_seconds())
    _, reminder = await come(engine, 2)
    assert (reminder.timer.due_at, reminder.missed) == (due_at + 4 * DAY, 0)


async def test_on_the_wall_clock(engine: Engine) -> None:
    """When the clocks change it still comes at its hour."""
    engine.clock.set_wall(27 * 86_400)
    series = await engine.remind("stand-up", 20 * M, DAILY)  # at 13:20, the day before clocks go forward
    for count, hours in enumerate((0, 23, 24), start=1):
        engine.clock.advance(hours * 3600 + 1200 * (count == 1))
        reminders = await come(engine, count)
        assert f"{engine.clock.now().astimezone(BERLIN):%H:%M}" == "13:20"
    assert [reminder.origin_id for reminder in reminders] == [series.id] * 3


@pytest.mark.parametrize("rule", [replace(TEN, times=2), None])
async def test_the_end_of_a_rule(engine: Engine, rule: Recurrence | None) -> None:
    """After its last time, by count or by its end, a series is done and comes no more."""
    series = await engine.remind("tea", M, rule or replace(TEN, until=engine.clock.now() + 11 * M))
    engine.clock.advance(60)
    await come(engine, 1)
    engine.clock.advance(600)
    first, last = await come(engine, 2)
    assert (first.origin_id, last.id, last.fired) == (series.id, series.id, 2)
    assert last.timer.state is State.DONE
    assert (await engine.reminders.pending(7), engine.scheduler.threads) == ([], 0)


async def test_edited_while_it_counts_down(engine: Engine) -> None:
    """An edited reminder comes at its new time with its new text, and not at the old one; undone, as before."""
    reminder = await engine.remind("tea", 10 * M)
    await engine.remind("eggs", 11 * M, actor=ELSEWHERE)
    later = Schedule(engine.clock.now() + 20 * M, None, on_clock=False)
    edited, before_id = await engine.reminders.edit(
        ANN, reminder.id, lambda old, now: old.edit(now, later, "green tea", BERLIN)
    )
    assert [each.id for each in await engine.reminders.pending(7)] == [reminder.id + 1, reminder.id]
    engine.clock.advance(660)
    assert [reminder.timer.name for reminder in await come(engine, 1)] == ["eggs"]
    with pytest.raises(TooLate, match="old time has already passed"):
        await engine.reminders.revert(ANN, reminder.id, before_id, edited.timer.version)
    engine.clock.advance(540)
    assert [reminder.timer.name for reminder in await come(engine, 2)] == ["eggs", "green tea"]


async def test_an_edit_is_taken_back(engine: Engine) -> None:
    """An edit is undone once, by anybody who may change the reminder, unless it was changed since."""
    reminder = await engine.remind("tea", 10 * M)
    edited, before_id = await engine.reminders.edit(
        ANN, reminder.id, lambda old, now: old.edit(now, Schedule(now + DAY, DAILY, on_clock=True), None, BERLIN)
    )
    revert = engine.reminders.revert
    with pytest.raises(NotYours):
        await revert(BEN, reminder.id, before_id, edited.timer.version)
    again = await revert(ANN, reminder.id, before_id, edited.timer.version)
    assert replace(again, timer=replace(again.timer, version=1)) == reminder
    for version in (edited.timer.version, again.timer.version - 1):
        with pytest.raises(TooLate, match="changed since"):
            await revert(ANN, reminder.id, before_id, version)
    other = await engine.remind("eggs", 10 * M)
    with pytest.raises(TooLate, match="changed since"):
        await revert(ANN, other.id, before_id, other.timer.version)
    with pytest.raises(UnknownReminder):
        await revert(ANN, reminder.id, 10_000, again.timer.version)
    assert await engine.reminders.pending(7) == [again, other]
    engine.clock.advance(600)
    assert {reminder.id for reminder in await come(engine, 2)} == {reminder.id, other.id}


async def test_pause_and_resume(engine: Engine) -> None:
    """A paused series holds no thread and does not come; resumed, it comes at its next time."""
    series = await engine.remind("tea", M, TEN)
    paused = await engine.reminders.change(ANN, series.id, Reminder.pause)
    await engine.remind("eggs", 5 * M)
    engine.clock.advance(300)
    assert [reminder.timer.name for reminder in await come(engine, 1)] == ["eggs"]
    assert engine.scheduler.threads == 0
    assert await engine.reminders.pending(7) == [paused]
    resumed = await engine.reminders.change(ANN, series.id, Reminder.resume)
    assert resumed.timer.due_at == series.first_at + 10 * M
    engine.clock.advance(360)
    _, reminder = await come(engine, 2)
    assert (reminder.origin_id, reminder.missed) == (series.id, 0)


async def test_what_passes_in_a_pause_counts(engine: Engine) -> None:
    """A time that passes during a pause counts towards the total of a series."""
    series = await engine.remind("tea", M, replace(TEN, times=2))
    await engine.reminders.change(ANN, series.id, Reminder.pause)
    engine.clock.advance(300)
    assert (await engine.reminders.change(ANN, series.id, Reminder.resume)).fired == 1
    engine.clock.advance(360)
    [last] = await come(engine, 1)
    assert (last.id, last.timer.state) == (series.id, State.DONE)
    assert await engine.reminders.pending(7) == []


async def test_cancelled(engine: Engine) -> None:
    """A cancelled reminder does not come, and one that has come is not cancelled any more."""
    reminder, other = await engine.remind("tea", M), await engine.remind("eggs", 2 * M)
    await engine.reminders.change(ANN, reminder.id, Reminder.cancel)
    engine.clock.advance(120)
    assert [reminder.id for reminder in await come(engine, 1)] == [other.id]
    with pytest.raises(TooLate, match="already come"):
        await engine.reminders.change(ANN, other.id, Reminder.cancel)


async def test_snooze(engine: Engine) -> None:
    """A snoozed reminder comes once more; snoozed again before that, it moves; it can be cancelled as usual."""
    await engine.remind("tea", M, TEN)
    engine.clock.advance(60)
    (reminder,) = await come(engine, 1)
    now = engine.clock.now()
    snoozed = await engine.reminders.snooze(ANN, reminder.id, now + 2 * M, "press:1")
    put_off = await engine.reminders.snooze(ANN, reminder.id, now + 3 * M, "press:2")
    assert (put_off.id, put_off.timer.version, put_off.timer.due_at) == (snoozed.id, 2, now + 3 * M)
    engine.clock.advance(180)
    _, again = await come(engine, 2)
    assert (again.id, again.origin_id, again.timer.state) == (snoozed.id, reminder.id, State.DONE)
    once_more = await engine.reminders.snooze(ANN, again.id, engine.clock.now() + M, "press:3")
    assert once_more.origin_id == again.id
    assert await engine.reminders.series_of(once_more) is None, "that was no series"
    await engine.reminders.change(ANN, once_more.id, Reminder.cancel)
    engine.clock.advance(420)
    assert len(await come(engine, 3)) == 3


async def test_snoozed_by_two_presses_at_once(engine: Engine, database_url: str, clock: HurriedClock) -> None:
    """Two simultaneous presses, at two processes, snooze one copy: there are never two of a reminder."""
    for number in range(6):
        await engine.remind(f"tea {number}", M)
    engine.clock.advance(60)
    reminders = await come(engine, 6)
    until = engine.clock.now() + 2 * M
    other = Engine(database_url, clock, threads=10)
    await other.open()
    try:
        presses = [
            process.reminders.snooze(ANN, reminder.id, until, f"press:{reminder.id}:{number}")
            for reminder in reminders
            for number, process in enumerate((engine, other))
        ]
        copies = await asyncio.gather(*presses)
    finally:
        await other.close()
    assert len({copy.id for copy in copies}) == len(reminders)


async def test_a_snooze_counts_towards_the_limit(engine: Engine) -> None:
    """At the limit, a person can move a snoozed reminder again, but not snooze another."""
    for name in ("tea", "eggs"):
        await engine.remind(name, M, TEN)
    engine.clock.advance(60)
    first, second = await come(engine, 2)
    few = Reminders(engine.database, engine.clock, most=3)
    few.attach(engine.scheduler, engine.outbox)
    until = engine.clock.now() + 2 * M
    await few.snooze(ANN, first.id, until, "press:1")
    await few.snooze(ANN, first.id, until + M, "press:2")
    with pytest.raises(TooMany, match="already got 3 reminders"):
        await few.snooze(ANN, second.id, until, "press:3")


async def test_a_request_delivered_twice_at_the_limit(engine: Engine) -> None:
    """The request that filled the last place is not refused when delivered again."""
    few = Reminders(engine.database, engine.clock, most=1)
    few.attach(engine.scheduler, engine.outbox)
    now = engine.clock.now()
    tea = new(ANN, 30, "tea", Schedule(now + M, None, on_clock=True), BERLIN, now)
    kept = await few.set(tea, "message:1")
    assert await few.set(tea, "message:1") == kept
    with pytest.raises(TooMany):
        await few.set(tea, "message:2")


async def test_a_press_delivered_twice_at_the_limit(engine: Engine) -> None:
    """A repeated press after its copy is over is refused for lack of room, like any other."""
    await engine.remind("tea", M)
    engine.clock.advance(60)
    (reminder,) = await come(engine, 1)
    few = Reminders(engine.database, engine.clock, most=1)
    few.attach(engine.scheduler, engine.outbox)
    await few.snooze(ANN, reminder.id, engine.clock.now() + M, "press:1")
    engine.clock.advance(60)
    await come(engine, 2)
    await engine.remind("eggs", 20 * M)
    with pytest.raises(TooMany):
        await few.snooze(ANN, reminder.id, engine.clock.now() + M, "press:1")


async def test_who_may_snooze(engine: Engine) -> None:
    """A reminder of many is snoozed by each for themselves, a personal one by nobody else; none into the past."""
    reminder = await engine.remind("tea", M)
    role = await engine.reminders.set(replace(reminder, calls="<@&5>"), "message:1")
    engine.clock.advance(60)
    await come(engine, 2)
    now = engine.clock.now()
    with pytest.raises(NotYours):
        await engine.reminders.snooze(BEN, reminder.id, now + M, "press:1")
    with pytest.raises(BadMoment, match="already passed"):
        await engine.reminders.snooze(ANN, reminder.id, now, "press:2")
    with pytest.raises(UnknownReminder):
        await engine.reminders.snooze(ANN, 10_000, now + M, "press:3")
    for_ben = await engine.reminders.snooze(BEN, role.id, now + M, "press:4")
    for_ann = await engine.reminders.snooze(ANN, role.id, now + M, "press:5")
    assert [(reminder.calls, reminder.timer.owner_id) for reminder in (for_ben, for_ann)] == [
        ("<@8>", 8),
        ("<@7>", 7),
    ]


async def test_the_same_request_twice(engine: Engine) -> None:
    """A duplicate request sets one reminder, also at the limit."""
    few = Reminders(engine.database, engine.clock, most=3)
    few.attach(engine.scheduler, engine.outbox)
    tea = await engine.remind("tea", M)
    first, second = await asyncio.gather(*(few.set(tea, "message:1") for _ in range(2)))
    assert first == second
    await few.set(tea, "message:2")
    assert await few.set(tea, "message:1") == first
    with pytest.raises(TooMany, match="already got 3 reminders"):
        await few.set(tea, "message:3")
    await engine.remind("eggs", M, actor=BEN)


async def test_found(engine: Engine) -> None:
    """A reminder is found by its text, the start of it, or its number; moderators find others' by number."""
    milk, twelve = await engine.remind("Buy milk", M), await engine.remind("12", 2 * M)
    bens = await engine.remind("tea", M, actor=BEN)
    find = engine.reminders.find
    for reference in ("buy milk", "BUY", f"#{milk.id}", str(milk.id)):
        assert await find(ANN, reference, "cancel") == milk
    assert await find(ANN, "12", "cancel") == twelve
    assert await find(replace(ANN, can_manage=True), f"#{bens.id}", "cancel") == bens
    with pytest.raises(NotYours):
        await find(ANN, f"#{bens.id}", "cancel")
    for reference in ("tea", "#10000", "9" * 40, "#²"):
        with pytest.raises(UnknownReminder):
            await find(replace(ANN, can_manage=True), reference, "cancel")
    assert await find(BEN, None, "cancel") == bens
    engine.clock.advance(60)
    await come(engine, 2)
    with pytest.raises(UnknownReminder):
        await find(BEN, f"#{bens.id}", "cancel")


async def test_words_that_are_a_number(engine: Engine) -> None:
    """A text that equals the number of another person's reminder means one's own."""
    bens = await engine.remind("tea", M, actor=BEN)
    mine = await engine.remind(str(bens.id), M)
    assert await engine.reminders.find(ANN, str(bens.id), "cancel") == mine


async def test_all_that_is_due_at_once(engine: Engine) -> None:
    """Reminders due at once share few messages: by channel, or by person if direct, in order of time."""
    ones = [await engine.remind(f"{number}", (90 - number) * M) for number in range(9)]
    series = await engine.remind("series", 85 * M + timedelta(seconds=1), TEN)
    elsewhere = await engine.remind("elsewhere", M, actor=ELSEWHERE)
    long = [await engine.remind("x" * LONGEST, M, actor=replace(ANN, channel_id=32)) for _ in range(2)]
    direct = [await engine.remind("direct", M, actor=actor, direct=True) for actor in (ANN, BEN, ELSEWHERE)]
    pomodoro = await engine.start("pomodoro", 60)
    every = [*ones, series, elsewhere, *long, *direct]
    await finish(engine, *(reminder.timer for reminder in every), pomodoro)
    bundles = {
        (message.kind, message.place_id, tuple(timer.name[:9] for timer in message.timers))
        for message in engine.outbox.messages
    }
    assert bundles == {
        (Kind.ANNOUNCEMENT, 30, ("8", "7", "6", "5", "series", "4", "3", "2", "1", "0")),
        (Kind.ANNOUNCEMENT, 30, ("pomodoro",)),
        (Kind.ANNOUNCEMENT, 31, ("elsewhere",)),
        (Kind.ANNOUNCEMENT, 32, ("xxxxxxxxx",)),
        (Kind.DIRECT, 7, ("direct", "direct")),
        (Kind.DIRECT, 8, ("direct",)),
    }
    assert len(engine.outbox.messages) == 7
    apart = [message for message in engine.outbox.messages if message.place_id == 30]
    assert not apart[0].merges_with(apart[1])


async def test_one_alone(engine: Engine) -> None:
    """A digest replaces its server's earlier one in one transaction; a duplicate request sets it once."""

    def weekly(channel_id: int) -> Reminder:
        now = engine.clock.now()
        schedule = Schedule(now + M, Recurrence(Unit.WEEK), on_clock=True)
        return new(ANN, channel_id, "digest", schedule, BERLIN, now, purpose=Purpose.DIGEST)

    async def running() -> list[int]:
        async with engine.database.read() as connection:
            return [due.timer_id for due in await due_timers.soonest(connection, 9)]

    first = await engine.digests.set(weekly(30), "message:1")
    second = await engine.digests.set(weekly(31), "message:2")
    assert second.id != first.id
    await eventually(lambda: engine.scheduler.threads == 1)
    assert await engine.digests.set(weekly(31), "message:2") == second
    assert (await engine.digests.set(weekly(30), "message:1")).timer.state is State.CANCELLED
    assert await running() == [second.id]
    unreadable = replace(weekly(32), calls=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        await engine.digests.set(unreadable, "message:3")
    assert await running() == [second.id]


DAMAGE: Sequence[tuple[Table, dict[str, str | None]]] = [
    (tables.reminders, {"zone": "Moon/Base"}),
    (tables.reminders, {"rule": "FREQ=DAILY;INTERVAL=0"}),
    (tables.timers, {"purpose": "boredom"}),
]


async def test_damaged_ones(engine: Engine) -> None:
    """Reminders with damaged rows stay as they are, and block no sound one."""
    damaged = [await engine.remind("damaged", M, DAILY) for _ in range(len(DAMAGE) + 1)]
    sound = await engine.remind("sound", M, DAILY)
    async with engine.database.write() as connection:
        for reminder, (table, values) in zip(damaged, DAMAGE, strict=False):
            key = table.c.id if table is tables.timers else table.c.timer_id
            await connection.execute(update(table).where(key == reminder.id).values(values))
        await connection.execute(tables.reminders.delete().where(tables.reminders.c.timer_id == damaged[-1].id))
    await finish(engine, *(reminder.timer for reminder in damaged), sound.timer)
    (announced,) = await come(engine, 1)
    assert announced.origin_id == sound.id
    async with engine.database.read() as connection:
        going = {due.timer_id for due in await due_timers.soonest(connection, 9)}
    unknown = damaged[[table for table, _ in DAMAGE].index(tables.timers)]
    assert going == {sound.id, *(reminder.id for reminder in damaged)} - {unknown.id}
    assert await engine.reminders.pending(7) == [await now_is(engine, sound)]


async def test_lost_answer_of_a_time_that_came(engine: Engine, power: Power) -> None:
    """An occurrence whose commit was not answered is announced once, and the series continues."""
    series = await engine.remind("tea", M, TEN)
    await engine.remind("eggs", M, actor=ELSEWHERE)
    power.losing = 2
    engine.clock.advance(60)
    assert sorted(await engine.outbox.until(2)) == ["eggs", "tea"]
    assert power.lost == 2
    engine.clock.advance(600)
    reminders = await come(engine, 3)
    assert [reminder.origin_id for reminder in reminders if reminder.timer.name == "tea"] == [series.id] * 2
    assert (await now_is(engine, series)).fired == 2


async def test_refused_for_longer_than_it_rests(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A series that can only be saved after its next time goes on from then, not from what was not saved."""
    dialect = engine.database.engine.sync_engine.dialect
    await engine.remind("tea", M, TEN)

    def refuse(_: object) -> None:
        monkeypatch.undo()
        engine.clock.advance(900)
        raise dialect.dbapi.OperationalError("database is locked")  # type: ignore[union-attr]

    monkeypatch.setattr(dialect, "do_commit", refuse)
    engine.clock.advance(60)
    assert await engine.outbox.until(1) == ["tea"]
    await engine.start("eggs", 1, ELSEWHERE)
    engine.clock.advance(1)
    assert await engine.outbox.until(2) == ["tea", "eggs"]


async def test_lost_answers_to_people(engine: Engine, power: Power) -> None:
    """Requests whose answers were lost still apply: set and snoozed, it comes; cancelled, it does not."""
    reminder = await engine.remind("tea", M)
    with power.losing_own(), pytest.raises(NotSaved, match="nothing's changed"):
        await engine.reminders.set(replace(reminder, timer=replace(reminder.timer, name="eggs")), "message:1")
    engine.clock.advance(60)
    assert sorted(reminder.timer.name for reminder in await come(engine, 2)) == ["eggs", "tea"]
    with power.losing_own(), pytest.raises(NotSaved, match="nothing's changed"):
        await engine.reminders.snooze(ANN, reminder.id, engine.clock.now() + M, "press:1")
    engine.clock.advance(60)
    assert (await come(engine, 3))[-1].origin_id == reminder.id
    last = await engine.remind("x", M)
    with power.losing_own(), pytest.raises(NotSaved, match="nothing's changed"):
        await engine.reminders.change(ANN, last.id, Reminder.cancel)
    await engine.remind("y", 2 * M)
    engine.clock.advance(120)
    assert (await come(engine, 4))[-1].timer.name == "y"


async def refused(engine: Engine, kind: Kind, number: int) -> tuple[OutboxMessage, Sequence[OutboxMessage]]:
    """Let the message of this kind and number be refused, twice as where the first answer was lost."""
    message = (await engine.outbox.until_of(kind, number))[number - 1]
    store = StoredOutbox(engine.database, {Purpose.REMINDER: engine.reminders}, engine.clock)
    instead = await store.undeliverable([message], "403")
    assert await store.undeliverable([message], "403") == instead
    return message, instead


async def test_a_refused_direct_message(engine: Engine) -> None:
    """Refused direct messages are reported once where they were asked for; a series is paused, each time listed."""
    series = await engine.remind("tea", M, TEN, direct=True)
    reminder = await engine.remind("eggs", M, actor=ELSEWHERE, direct=True)
    private = await engine.remind("private", M, actor=Actor(7, None, 40), direct=True)
    await finish(engine, series.timer, reminder.timer, private.timer)
    message, notices = await refused(engine, Kind.DIRECT, 1)
    timers = {timer.name: timer for timer in message.timers}
    assert {notice.kind for notice in notices} == {Kind.NOTICE}
    assert {notice.place_id: notice.timers for notice in notices} == {30: (timers["tea"],), 31: (timers["eggs"],)}
    assert len(notices) == 2
    undelivered = Undelivered(engine.database, engine.clock)
    undelivered.attach(engine.scheduler, engine.outbox)
    listed = await undelivered.of(7, Purpose.REMINDER)
    assert {(timer.id, reason) for timer, reason in listed} == {(timer.id, "403") for timer in timers.values()}
    assert timers.keys() == {"tea", "eggs", "private"}
    assert await undelivered.of(8, Purpose.REMINDER) == []
    assert (await now_is(engine, series)).timer.state is State.PAUSED
    resumed = await engine.reminders.change(ANN, series.id, Reminder.resume)
    assert resumed.timer.due_at == series.first_at + 10 * M


async def test_a_refusal_after_a_cancel(engine: Engine) -> None:
    """A series that was cancelled before its last time was refused stays cancelled."""
    series = await engine.remind("tea", M, TEN, direct=True)
    await finish(engine, series.timer)
    cancelled = await engine.reminders.change(ANN, series.id, Reminder.cancel)
    await refused(engine, Kind.DIRECT, 1)
    assert await now_is(engine, series) == cancelled


async def test_a_refused_channel(engine: Engine) -> None:
    """A reminder refused by its channel goes to its owner; if that fails too, a series is paused silently."""
    series = await engine.remind("tea", M, TEN)
    engine.clock.advance(60)
    _, (direct,) = await refused(engine, Kind.ANNOUNCEMENT, 1)
    assert (direct.kind, direct.place_id) == (Kind.DIRECT, 7)
    assert (await now_is(engine, series)).timer.state is State.RUNNING
    engine.outbox.put([direct])
    _, notices = await refused(engine, Kind.DIRECT, 1)
    assert notices == []
    assert (await now_is(engine, series)).timer.state is State.PAUSED
    async with asyncio.timeout(60):
        while engine.scheduler.threads:  # noqa: ASYNC110 - a thread tells nobody here that it has ended
            await asyncio.sleep(0.001)
    assert [(kind, state) for _, kind, state in await outbox(engine)] == [(Kind.DIRECT, "undeliverable")]


async def test_changed_at_the_same_moment(engine: Engine, database_url: str, clock: ManualClock) -> None:
    """Of simultaneous changes by two processes each applies to the other's result, or is refused because of it."""
    other = Engine(database_url, clock, threads=10)
    await other.open()
    reminder = await engine.remind("tea", 10 * M)

    def later(old: Reminder, now: datetime) -> Reminder:
        return old.edit(now, Schedule((old.timer.due_at or now) + M, None, on_clock=False), None, BERLIN)

    await asyncio.gather(*(process.reminders.edit(ANN, reminder.id, later) for process in (engine, other) * 5))
    assert (await now_is(engine, reminder)).timer.due_at == reminder.first_at + 10 * M
    cancels = [process.reminders.change(ANN, reminder.id, Reminder.cancel) for process in (engine, other)]
    results = await asyncio.gather(*cancels, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Reminder", "TooLate"]
    await other.close()


async def test_asked_for_a_zone_once(engine: Engine) -> None:
    """A person is asked for their time zone once, unless they have set it; until then it is UTC."""
    preferences = Preferences(engine.database)
    assert (await preferences.zone(7)).key == "UTC"
    assert [await preferences.ask_for_zone(7) for _ in range(2)] == [True, False]
    await preferences.set_zone(8, BERLIN)
    assert not await preferences.ask_for_zone(8)
    await preferences.set_zone(7, BERLIN)
    assert [await preferences.zone(user_id) for user_id in (7, 8)] == [BERLIN, BERLIN]
    assert (await preferences.of(9)).zone is None
