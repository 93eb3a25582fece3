"""Rows damaged in any column of any table: everything else works, and each is named."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot.domain.errors import UserError
from bot.domain.focus.participant import PhaseOutcome
from bot.domain.outbox_message import Kind
from bot.domain.rules import Rules
from bot.domain.time.period import Period
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.timers.timer import Actor, Purpose
from bot.service.corrections import Corrections
from bot.service.focus_log import FocusLog
from bot.service.housekeeping import Housekeeping
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.privacy import Privacy
from bot.service.questions import Questions
from bot.service.rules import ServerRules
from bot.service.stored_outbox import StoredOutbox
from bot.store import entries, guilds, identifies, key_value, presets, rules, tables, unconfirmed
from bot.store.inspection import damaged_rows
from tests.clock import ManualClock
from tests.engine.conftest import Engine
from tests.engine.planting import Planted, plant

ELSEWHERE = Actor(user_id=7, guild_id=3, channel_id=31)
M = timedelta(minutes=1)
# The tables whose rows are found by that.
BY_PERSON_OR_SERVER = {"preferences", "presets", "rules", "left_guilds"}


@pytest.fixture
async def whole(database_url: str, clock: ManualClock) -> AsyncIterator[Engine]:
    """A process, and a sound row in each table."""
    opened = Engine(database_url, clock, threads=50)
    await opened.open()
    await opened.start("over", 60)
    session = await opened.focus("2x(1m focus, 9m break)")
    clock.advance(60)
    await opened.outbox.until(1)
    await opened.outbox.until_of(Kind.PHASE, 1)
    await opened.sessions.review(7, session.timer.id, 0, PhaseOutcome.DONE)
    await opened.start("tea", 9 * 60)
    await opened.remind("stretch", 9 * M, Recurrence(Unit.DAY), ELSEWHERE)
    preferences = Preferences(opened.database)
    await preferences.set_zone(7, ZoneInfo("Europe/Berlin"))
    await preferences.set(7, shares=True)
    await Questions(opened.database, clock).save(ELSEWHERE, "message:5", 4, ["pomodoro cancel #1"])
    async with opened.database.write() as connection:
        await rules.save(connection, 3, Rules(), Rules(prefix="?", channels=frozenset({30})))
        await presets.save(connection, 7, "mine", "25m focus")
        await key_value.save(connection, "commands", "abc")
        await guilds.left(connection, 4, clock.now())
        await identifies.turn(connection, 0, 10.0)
        ((_, entry),) = await entries.latest(connection, 7, 1)
        await unconfirmed.add(connection, [replace(entry, timer_id=session.timer.id, phase=9)])
        await connection.execute(insert(tables.focus_sums).values(guild_id=3, day=1, seconds=60))
        await connection.execute(
            insert(tables.leases).values(
                block=0, shard_count=1, shards_each=1, holder="a|b|1|2", fence=1, ends_at=0
            )
        )
    yield opened
    await opened.close()


@pytest.fixture
async def broken(whole: Engine, database_url: str) -> list[Planted]:
    """A copy of the sound rows for each column and each absurd value; the process has restarted with them."""
    await whole.close()
    planted = await plant(database_url)
    await whole.open()
    return planted


async def test_sound_ones_end(whole: Engine, broken: list[Planted]) -> None:
    """The timers, sessions and reminders beside hundreds of damaged ones end on time, and are announced.

    The inspection names the table, row and column of each, but no sound row.
    """
    if whole.database.file:  # which takes any value in any column
        assert {planted.table for planted in broken} == set(tables.metadata.tables)
    assert len(broken) > (300 if whole.database.file else 80)
    async with whole.database.read(snapshot=True) as connection:
        actual = {(damaged.table, damaged.row, damaged.column) async for damaged in damaged_rows(connection)}
    missing = [row for row in broken if (row.table, row.row, row.column) not in actual]
    assert missing == []
    assert not [row for _, row, _ in actual if row.isdecimal() and int(row) < 1_000]
    store = StoredOutbox(whole.database, {Purpose.REMINDER: whole.reminders}, whole.clock)
    pending = [timer.name for message in await store.pending() for timer in message.timers]
    assert "over" in pending
    whole.clock.advance(9 * 60)
    await whole.outbox.until_announced("tea", "stretch", "focus")


async def test_nobody_is_in_the_way(whole: Engine, broken: list[Planted]) -> None:
    """Commands and background work use the sound rows and skip the damaged ones."""
    database, clock = whole.database, whole.clock
    log, preferences = FocusLog(database, clock), Preferences(database)
    privacy = Privacy(database, whole.sessions, clock)
    privacy.attach(whole.scheduler, whole.outbox)
    numbered = [planted for planted in broken if planted.row.isdecimal()]
    people = {7, *(int(planted.row) for planted in numbered if planted.table in BY_PERSON_OR_SERVER)}
    served = ServerRules(database, "!", 0)
    for number in people:
        actor = Actor(number, number, 30)
        await served.of(number)
        await preferences.of(number)
        await Presets(database).known(actor)
        await whole.timers.live(actor)
        await whole.reminders.pending(number)
        await Corrections(database, clock).page(number, 0)
        await log.hours(number)
    assert await served.of(3) == Rules(prefix="?", channels=frozenset({30}))
    for number in (int(planted.row) for planted in numbered if planted.table == "questions"):
        with contextlib.suppress(UserError):
            await Questions(database, clock).to_answer(ELSEWHERE, number)
    mine = await log.mine(7)
    assert 0 < mine.statistics.total < 86_400 * 30
    today = clock.now().date()
    assert await log.week(7, today, mine.preference)
    assert await log.leaders(3, 7, Period("", today, today))
    assert await log.server(3, 7)
    await log.progress(3, list(people))
    assert [session.timer.id for session in await whole.sessions.in_guild(3)]
    await whole.voice.sync({1: {2}})
    await privacy.is_in([3])
    await Housekeeping(database, privacy, clock, 1, 1).tidy()
    await privacy.delete(7)
