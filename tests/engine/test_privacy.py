"""A person's data, exported and deleted: the whole service on rows of either database."""

import asyncio
import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, MetaData, Table, delete, func, insert, select, text, update
from structlog.testing import capture_logs

from bot.domain.errors import NotSaved, NotYours, TooMany
from bot.domain.focus import plan
from bot.domain.focus.command import EditSession
from bot.domain.focus.participant import Notification
from bot.domain.focus.session import Session
from bot.domain.focus.transition import Transition, transition
from bot.domain.outbox_message import Kind
from bot.domain.reminders.reminder import DEFAULT, Reminder, new
from bot.domain.time import schedule
from bot.domain.timers.command import ActOnTimers, Rename, TimerVerb
from bot.domain.timers.timer import LIVE, Actor, Due, Purpose, State
from bot.service import privacy as privacy_module
from bot.service.digests import Digests
from bot.service.due_timers import DueTimers
from bot.service.housekeeping import Housekeeping
from bot.service.preferences import Preferences
from bot.service.privacy import Privacy
from bot.service.questions import Questions
from bot.service.reminders import Reminders
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions
from bot.service.stored_outbox import StoredOutbox
from bot.service.timers import Limits, Timers
from bot.store import entries, presets, sums, tables, timers as timer_rows, unconfirmed
from bot.store.columns import Duration, Spans, UtcDateTime
from bot.store.database import Database
from tests.clock import ManualClock
from tests.engine.base import look_into
from tests.engine.conftest import CANCEL, PAUSE, RecordingOutbox
from tests.engine.trouble import Power
from tests.reading import unpacked

BERLIN = ZoneInfo("Europe/Berlin")
M = timedelta(minutes=1)
# All of Ann's texts contain one word, all of Ben's another.
ANN, BEN = Actor(7 << 55, 3, 30), Actor(8 << 55, 3, 30)
WORD, OTHER = "quokka", "bilby"
# Tables without personal data: anonymous sums, servers and their rules, and the bot's key-value store.
IMPERSONAL = {"focus_sums", "left_guilds", "rules", "leases", "identifies", "notes", "alembic_version"}


class Going:
    """The timers to count down, by number; here the test itself ends what is due."""

    def __init__(self) -> None:
        self.dues: dict[int, Due] = {}

    def put(self, due: Due) -> None:
        self.dues[due.timer_id] = due

    def drop(self, timer_id: int) -> None:
        self.dues.pop(timer_id, None)

    def refresh(self) -> None:
        """Do nothing: what is due is looked for in the database each time."""


class Rooms:
    """The services on one database, and an outbox that records its messages."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database, self.clock, self.outbox = database, clock, RecordingOutbox()
        self.timers = Timers(database, clock, Limits(0, 0))
        self.sessions = Sessions(database, clock, 0)
        self.reminders, self.digests = Reminders(database, clock, 0), Digests(database, clock)
        self.preferences = Preferences(database)
        self.questions = Questions(database, clock)
        self.store = StoredOutbox(database, {Purpose.REMINDER: self.reminders}, clock)
        self.due_timers = DueTimers(
            database,
            clock,
            {
                Purpose.POMODORO: self.timers,
                Purpose.SESSION: self.sessions,
                Purpose.REMINDER: self.reminders,
                Purpose.DIGEST: self.digests,
            },
        )
        self.going = Going()
        self.rules = ServerRules(database, "!", 0)
        self.privacy = Privacy(database, self.sessions, clock, rules=self.rules)
        for part in (self.due_timers, self.timers, self.sessions, self.reminders):
            part.attach(self.going, self.outbox)
        self.privacy.attach(self.going, self.outbox)
        self.requests = 0

    def request(self) -> str:
        self.requests += 1
        return f"test:{self.requests}"

    async def pass_by(self, by: timedelta) -> None:
        """Let time pass, and end all that is due by then."""
        self.clock.advance(by.total_seconds())
        while due := [due for due in await self.due_timers.soonest(99) if due.at <= self.clock.now()]:
            await self.due_timers.finish(due)

    async def save(self, owner_id: int, name: str, written: str) -> None:
        async with self.database.write() as connection:
            await presets.save(connection, owner_id, name, written)

    async def pomodoro(self, actor: Actor, name: str, length: timedelta = 25 * M) -> Any:
        return await self.timers.start(actor, name, length, self.request())

    async def session(self, actor: Actor, channel_id: int, words: str, **more: Any) -> Session:
        host = replace(actor, channel_id=channel_id)
        written = plan.parse(f"9x(20m {words}, 5m break)")
        return await self.sessions.start(host, words, written, self.request(), **more)

    async def move(self, session: Session, move: Transition) -> Session:
        return await self.sessions.change(session.timer.id, move)

    async def come(
        self, session: Session, actor: Actor, task: str, notify: Notification = Notification.DM
    ) -> Session:
        return await self.move(
            session,
            lambda old, now: old.join(actor.user_id, now).change_person(
                actor.user_id, lambda person: replace(person, task=task, notify=notify)
            ),
        )

    async def remind(
        self, actor: Actor, words: str, text: str, every: str = "", purpose: Purpose = Purpose.REMINDER, **more: Any
    ) -> Reminder:
        meant = schedule.read(text, every, self.clock.now(), BERLIN)
        reminder = new(actor, actor.channel_id, words, meant, BERLIN, self.clock.now(), purpose=purpose, **more)
        return await self.reminders.set(reminder, self.request())


@pytest.fixture
async def rooms(database: Database, clock: ManualClock) -> Rooms:
    return Rooms(database, clock)


@pytest.fixture
def eye(database: Database, database_url: str) -> Iterator[Connection]:
    """A connection that reads rows independently of the bot."""
    opened = look_into(database_url)
    yield opened
    opened.close()


def holding(eye: Connection, *needles: object) -> dict[str, list[str]]:
    """Walk through every table of the database, and return the rows that contain any of these."""
    if "schema" not in eye.info:  # which takes longer to read than all the rows
        eye.info["schema"] = MetaData()
        eye.info["schema"].reflect(eye)
    hits = {}
    for table in eye.info["schema"].sorted_tables:
        rows = [str(tuple(row)) for row in eye.execute(select(table))]
        if hit := [row for row in rows if any(str(needle) in row for needle in needles)]:
            hits[table.name] = hit
    return hits


class Lived:
    """A full life as it was: all its rows, and what the services and the test remember of it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rows: dict[Table, list[dict[str, Any]]] = {}
        self._sequences: list[tuple[str, int]] = []
        self._seconds, self._requests = rooms.clock.monotonic(), rooms.requests
        self._messages = list(rooms.outbox.messages)
        self._watched = copy.deepcopy(rooms.sessions.live)

    @classmethod
    async def of(cls, rooms: Rooms) -> "Lived":
        lived = cls(rooms)
        async with rooms.database.read() as connection:
            for table in tables.metadata.sorted_tables:
                lived._rows[table] = [dict(row) for row in (await connection.execute(select(table))).mappings()]
            if connection.dialect.name == "postgresql":
                counted = await connection.execute(text("SELECT sequencename, last_value FROM pg_sequences"))
                lived._sequences = [(name, last) for name, last in counted if last]
        return lived

    async def again(self, rooms: Rooms) -> None:
        """Restore it in an empty database."""
        async with rooms.database.write() as connection:
            for table, rows in self._rows.items():
                if rows:
                    await connection.execute(insert(table), rows)
            for name, last in self._sequences:
                await connection.execute(select(func.setval(name, last)))
        rooms.clock.advance(self._seconds - rooms.clock.monotonic())
        rooms.requests = self._requests
        rooms.outbox.messages[:] = self._messages
        rooms.sessions.live = copy.deepcopy(self._watched)


# The full life by kind of database: living it takes ten times as long as restoring it.
_LIVED: dict[str, Lived] = {}


async def live_a_full_life(rooms: Rooms) -> None:
    """Let Ann do everything possible, alone and with Ben, in two servers and in direct messages."""
    kind = rooms.database.engine.dialect.name
    if kind in _LIVED:
        await _LIVED[kind].again(rooms)
    else:
        await do_everything(rooms)
        _LIVED[kind] = await Lived.of(rooms)


async def do_everything(rooms: Rooms) -> None:
    await rooms.preferences.set_zone(ANN.user_id, BERLIN)
    await rooms.preferences.set(ANN.user_id, goal=7200)
    await rooms.preferences.set(ANN.user_id, days_off={5, 6})
    for actor in (ANN, BEN):
        await rooms.preferences.set(actor.user_id, shares=True)
    await rooms.save(ANN.user_id, f"{WORD} mine", f"25m {WORD}")
    await rooms.save(BEN.user_id, "mine", f"25m {OTHER}")
    await rooms.save(3, "ours", "25m together")
    for actor, word in ((ANN, WORD), (BEN, OTHER)):
        await rooms.questions.save(actor, rooms.request(), None, [f"remind 2026-11-28 09:00 {word}"])
    await pomodoros(rooms)
    await sessions(rooms)
    await reminders(rooms)


async def pomodoros(rooms: Rooms) -> None:
    there, alone = replace(ANN, guild_id=4, channel_id=40), replace(ANN, guild_id=None, channel_id=70)
    for actor in (ANN, there, alone):
        await rooms.pomodoro(actor, f"{WORD} tea")
    await rooms.pomodoro(BEN, f"{OTHER} tea")
    cancelled = await rooms.pomodoro(ANN, f"{WORD} cut short")
    await rooms.pass_by(12 * M + timedelta(milliseconds=1))
    await rooms.timers.change(ANN, cancelled, CANCEL)
    await rooms.pass_by(13 * M)
    messages = rooms.outbox.of(Kind.ANNOUNCEMENT)
    await rooms.store.sent(messages[:1], 900)
    (direct,) = await rooms.store.undeliverable(messages[1:2], "that channel's gone (10003)")
    await rooms.store.undeliverable([direct], "I can't DM you (50007)")
    await rooms.timers.change(ANN, await rooms.pomodoro(ANN, f"{WORD} paused"), PAUSE)
    await rooms.timers.set_card(await rooms.pomodoro(ANN, f"{WORD} running", 600 * M), 901)


async def sessions(rooms: Rooms) -> None:
    alone = await rooms.session(ANN, 31, f"{WORD} alone")
    hosted = await rooms.session(ANN, 32, f"{WORD} hosted")
    handed = await rooms.session(ANN, 33, f"{WORD} handed over")
    visited = await rooms.session(BEN, 34, f"{OTHER} visited")
    for session in (hosted, handed):
        await rooms.come(session, BEN, f"{OTHER} task")
    await rooms.come(visited, ANN, f"{WORD} task")
    await rooms.pass_by(21 * M)
    await rooms.move(handed, lambda old, _: old.hand_over(ANN, BEN.user_id))
    for session, host in ((alone, ANN), (hosted, ANN), (handed, BEN), (visited, BEN)):
        await rooms.move(session, lambda old, now, host=host: old.stop(host, now))  # type: ignore[misc]
    # These go on. In the first four minutes of the second phase all do, and then Ann rests.
    await rooms.session(ANN, 35, f"{WORD} alone")
    with_ben = await rooms.session(ANN, 36, f"{WORD} with Ben")
    of_ben = await rooms.session(BEN, 37, f"{OTHER} with Ann")
    await rooms.session(ANN, 38, f"{WORD} to come", begins_at=rooms.clock.now() + 600 * M)
    await rooms.come(with_ben, BEN, f"{OTHER} task")
    await rooms.come(of_ben, ANN, f"{WORD} task")
    await rooms.pass_by(29 * M)
    await rooms.move(of_ben, lambda old, now: old.rest(ANN.user_id, now))
    async with rooms.database.write() as connection:
        for actor in (ANN, BEN):
            (_, entry), *_ = await entries.latest(connection, actor.user_id, 1)
            await unconfirmed.add(connection, [replace(entry, timer_id=of_ben.timer.id, phase=9)])


async def reminders(rooms: Rooms) -> None:
    here = f"<@{ANN.user_id}>"
    # Over in a minute: for herself here and directly, and for all, which Ben snoozes, and snoozes again.
    own = await rooms.remind(ANN, f"{WORD} here", "1m", calls=here)
    await rooms.remind(ANN, f"{WORD} directly", "1m", direct=True)
    for_all = await rooms.remind(ANN, f"{WORD} for all", "1m", calls="<@&5>")
    await rooms.remind(ANN, f"{WORD} again and again", "", "20 minutes", calls=here)
    await rooms.pass_by(M)
    until = rooms.clock.now() + 5 * M
    await rooms.reminders.snooze(ANN, own.id, until + 600 * M, rooms.request())
    snoozed = await rooms.reminders.snooze(BEN, for_all.id, until, rooms.request())
    await rooms.pass_by(5 * M)
    await rooms.reminders.snooze(BEN, snoozed.id, until + 900 * M, rooms.request())
    await rooms.pass_by(20 * M)
    edited = await rooms.remind(ANN, f"{WORD} as it was", "2h", calls=here)
    await rooms.reminders.edit(ANN, edited.id, lambda old, now: old.edit(now, None, f"{WORD} edited", old.zone))
    await rooms.remind(ANN, f"{WORD} there", "3h", calls="", about_id=99)
    await rooms.remind(BEN, f"{OTHER} about Ben", "3h", calls=f"<@{BEN.user_id}>")
    # Ben's, which Ann changes as a moderator.
    of_ben = await rooms.remind(BEN, f"{OTHER} for all", "", "day", calls="<@&5>")
    moderator = replace(ANN, channel_id=BEN.channel_id, can_manage=True)
    await rooms.reminders.edit(moderator, of_ben.id, lambda old, now: old.edit(now, None, f"{WORD} edit", old.zone))
    await rooms.remind(ANN, "digest", "monday", purpose=Purpose.DIGEST)


async def test_delete(rooms: Rooms, eye: Connection) -> None:
    """After a deletion no row of any table has the person's id or their text; everything of others remains."""
    await live_a_full_life(rooms)
    before = holding(eye, ANN.user_id, WORD)
    everywhere = {table.name for table in tables.metadata.sorted_tables}
    assert set(before) == everywhere - IMPERSONAL
    of_ben = holding(eye, BEN.user_id, OTHER)
    gone = await rooms.privacy.delete(ANN.user_id)
    assert holding(eye, ANN.user_id, WORD) == {}
    assert set(gone) == set(before)
    assert all(gone.values()), gone
    after = holding(eye, BEN.user_id, OTHER)
    assert {
        name: after.get(name) for name in ("focus_log", "focus_slices", "presets", "preferences", "questions")
    } == {name: of_ben.get(name) for name in ("focus_log", "focus_slices", "presets", "preferences", "questions")}
    assert sorted(reminder.timer.name for reminder in await rooms.reminders.pending(BEN.user_id)) == [
        DEFAULT,
        DEFAULT,
        f"{OTHER} about Ben",
    ]


async def test_the_words_of_a_moderator(rooms: Rooms, eye: Connection) -> None:
    """A moderator leaves no text in others' timers and sessions, where a deletion could not find it."""
    moderator = replace(ANN, can_manage=True)
    tea, session = await rooms.pomodoro(BEN, OTHER), await rooms.session(BEN, BEN.channel_id, OTHER)
    assert await rooms.timers.find_all(moderator, ActOnTimers(TimerVerb.CANCEL, OTHER)) == [tea]
    with pytest.raises(NotYours, match="Only its owner"):
        await rooms.timers.find_all(moderator, Rename(OTHER, WORD))
    edit = EditSession(plan=plan.parse(f"20m {WORD}, 5m break"))
    edited = await rooms.move(session, transition(edit, moderator))
    assert str(edited.plan) == f"20m {OTHER}, 20m focus, 5m short break"
    assert holding(eye, ANN.user_id, WORD) == {}


async def test_one_export_at_a_time(rooms: Rooms) -> None:
    """A second export during the first is refused; other people, and the same person later, get theirs."""
    ann, ben = ANN.user_id, BEN.user_id
    coroutines = [exported(rooms, user_id) for user_id in (ann, ann, ben)]
    first, second, other = await asyncio.gather(*coroutines, return_exceptions=True)
    assert (type(first), type(second), type(other)) == (list, TooMany, list)
    assert await exported(rooms)


async def test_an_export_that_fails(rooms: Rooms) -> None:
    """If the database fails on the way, the person is told, and the next export is complete."""
    await live_a_full_life(rooms)
    whole = unpacked(await exported(rooms))
    power = Power()
    power.supply(rooms.database)
    step, left = power.step, 12

    def fail_at_last() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            power.refusing = 1
        step()

    power.step = fail_at_last  # type: ignore[method-assign]
    with pytest.raises(NotSaved):
        await exported(rooms)
    power.step = step  # type: ignore[method-assign]
    assert power.refused == 1
    assert unpacked(await exported(rooms)) == whole


async def test_others_go_on(rooms: Rooms, eye: Connection) -> None:
    """Sessions with others continue without the person: another hosts them, and their focus counts as before."""
    await live_a_full_life(rooms)
    await rooms.privacy.delete(ANN.user_id)
    going = {session.timer.channel_id: session for session in await rooms.sessions.in_guild(3)}
    assert {channel: session.timer.owner_id for channel, session in going.items()} == {
        36: BEN.user_id,
        37: BEN.user_id,
    }
    assert all([person.user_id for person in session.people] == [BEN.user_id] for session in going.values())
    assert {session.timer.name for session in going.values()} == {plan.UNNAMED}
    assert str(going[36].plan) == "9x(20m focus, 5m short break)"
    logged = len(holding(eye, BEN.user_id)["focus_log"])
    await rooms.pass_by(60 * M)
    assert len(holding(eye, BEN.user_id)["focus_log"]) == logged + 4  # two rounds of each
    assert holding(eye, ANN.user_id, WORD) == {}


async def test_nothing_comes_any_more(rooms: Rooms, eye: Connection) -> None:
    """The person's running, paused and queued timers end silently; a server's digest continues."""
    await live_a_full_life(rooms)
    waiting = list(rooms.outbox.messages)
    await rooms.privacy.delete(ANN.user_id)
    left = eye.execute(select(tables.timers).where(tables.timers.c.state.in_(LIVE))).mappings().all()
    assert {(row["purpose"], row["owner_id"]) for row in left} == {
        (Purpose.SESSION, BEN.user_id),
        (Purpose.REMINDER, BEN.user_id),
        (Purpose.DIGEST, 0),
    }
    # Messages in flight at that time are stored nowhere, and block nothing.
    for message in waiting:
        await rooms.store.sent([message], 1000)
        await rooms.store.undeliverable([message], "that channel's gone (10003)")
    await rooms.pass_by(timedelta(days=8))
    assert holding(eye, ANN.user_id, WORD) == {}


@pytest.mark.parametrize("at_once", [1, 3, 1_000])
async def test_the_sums_stay(rooms: Rooms, eye: Connection, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server keeps the sum of what the person shared with it; what they kept private goes.

    However few entries are deleted at once, all of them go.
    """
    monkeypatch.setattr(privacy_module, "_AT_ONCE", at_once)
    await live_a_full_life(rooms)
    whole = timedelta(days=9)

    async def totals(guild_id: int) -> tuple[int, int]:
        async with rooms.database.read() as connection:
            known = await sums.shared(connection, guild_id, None, rooms.clock.now() + whole)
            return sum(known.values()), await sums.anonymous(connection, guild_id)

    for going in await rooms.sessions.in_guild(3):
        host = replace(ANN, user_id=going.timer.owner_id)
        await rooms.move(going, lambda old, now, host=host: old.stop(host, now))  # type: ignore[misc]
    before, there = await totals(3), await totals(4)
    assert before[1] == there[1] == 0
    await rooms.preferences.set(BEN.user_id, shares=False)
    of_ann, _ = await totals(3)
    await rooms.privacy.delete(BEN.user_id)
    assert await totals(3) == (of_ann, 0)
    logged = {name: len(holding(eye, ANN.user_id)[name]) for name in ("focus_log", "focus_slices")}
    gone = await rooms.privacy.delete(ANN.user_id)
    assert {name: gone[name] for name in logged} == logged
    assert holding(eye, ANN.user_id, WORD) == {}
    assert await totals(3) == (0, of_ann)
    assert await totals(4) == (0, there[0])


async def test_deleted_twice(rooms: Rooms, eye: Connection) -> None:
    """A person without data hears that there was nothing, and can start again."""
    assert sum((await rooms.privacy.delete(ANN.user_id)).values()) == 0
    await rooms.pomodoro(ANN, WORD)
    await rooms.pass_by(25 * M)
    assert set(holding(eye, WORD)) == {"timers", "focus_log"}
    await rooms.privacy.delete(ANN.user_id)
    assert sum((await rooms.privacy.delete(ANN.user_id)).values()) == 0
    assert holding(eye, ANN.user_id, WORD) == {}


async def test_not_saved(rooms: Rooms, eye: Connection) -> None:
    """If the database fails on the way, nothing of others is lost, and the rest can be deleted afterwards."""
    await live_a_full_life(rooms)
    power = Power()
    power.supply(rooms.database)
    for steps in (0, 3, 9, 20, 30, 50):
        power.left = None
        power.taken, power.refusing = 0, 0

        async def delete_with_a_fault(after: int = steps) -> None:
            real = power.step

            def step() -> None:
                real()
                if power.taken == after:
                    power.refusing = 1

            power.step = step  # type: ignore[method-assign]
            try:
                await rooms.privacy.delete(ANN.user_id)
            finally:
                power.step = real  # type: ignore[method-assign]
                power.refusing = 0

        if steps:
            with pytest.raises(NotSaved):
                await delete_with_a_fault()
            assert holding(eye, WORD)["focus_log"]
        live = {session.timer.channel_id for session in await rooms.sessions.in_guild(3)}
        assert {36, 37} <= live
    await rooms.privacy.delete(ANN.user_id)
    assert holding(eye, ANN.user_id, WORD) == {}


async def test_words_that_others_snoozed_long_ago(rooms: Rooms, eye: Connection) -> None:
    """Housekeeping keeps the origin of a snoozed reminder, so that its text is known to be someone else's."""
    for_all = await rooms.remind(ANN, WORD, "1m", calls="<@&5>")
    await rooms.pass_by(M)
    until = rooms.clock.now() + timedelta(days=90)
    for message in rooms.outbox.messages:
        await rooms.store.sent([message], 900)
    await rooms.reminders.snooze(BEN, for_all.id, until, rooms.request())
    async with rooms.database.write() as connection:
        assert await timer_rows.forget(connection, until, 99) == 0
    await rooms.privacy.delete(ANN.user_id)
    assert holding(eye, ANN.user_id, WORD) == {}
    assert [reminder.timer.name for reminder in await rooms.reminders.pending(BEN.user_id)] == [DEFAULT]


async def exported(rooms: Rooms, user_id: int = ANN.user_id) -> list[bytes]:
    """Return the ZIPs of a person's export."""
    async with rooms.privacy.export(user_id) as archive:
        return [archive.part(number) for number in range(len(archive))]


def rebuilt(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Rebuild a row from its JSON."""

    def value(name: str, cell: Any) -> Any:
        kind = tables.metadata.tables[table].c[name].type
        if cell is not None and isinstance(kind, UtcDateTime):
            return datetime.fromisoformat(cell)
        if isinstance(kind, Spans):
            return tuple((datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in cell)
        return timedelta(seconds=cell) if cell is not None and isinstance(kind, Duration) else cell

    return {name: value(name, cell) for name, cell in row.items()}


def as_cell(cell: Any) -> str:
    """Format a JSON value as it is in a table."""
    return "" if cell is None else json.dumps(cell) if isinstance(cell, list) else str(cell)


async def test_export(rooms: Rooms, eye: Connection) -> None:
    """An export has every row of every table that is about the person, as JSON and as CSV, and no other."""
    await live_a_full_life(rooms)
    whole, tabled = unpacked(await exported(rooms))
    own = set(eye.execute(select(tables.timers.c.id).where(tables.timers.c.owner_id == ANN.user_id)).scalars())
    for table in tables.metadata.sorted_tables:
        in_order = select(table).order_by(*table.primary_key.columns)
        rows = [dict(row) for row in eye.execute(in_order).mappings()]
        # The text's author has no row because another's reminder contains it.
        about = [{name: value for name, value in row.items() if name != "words_by"} for row in rows]
        by_name = [row for row, known in zip(rows, about, strict=True) if ANN.user_id in known.values()]
        hers = (
            by_name
            if "user_id" in table.c
            else [row for row in rows if row in by_name or row.get("timer_id") in own]
        )
        if table is tables.reminders:  # her export says that she changed Ben's, and no more
            bens = dict.fromkeys(table.columns.keys()) | {"author_id": ANN.user_id}
            changed = [bens | {"timer_id": row["timer_id"]} for row in hers if row["timer_id"] not in own]
            hers = [row for row in hers if row["timer_id"] in own] + changed
            assert len(changed) == 1
        assert [rebuilt(table.name, row) for row in whole.get(table.name, [])] == hers, table.name
        assert (table.name in whole) == (table.name not in IMPERSONAL)
        as_text = [{name: as_cell(cell) for name, cell in row.items()} for row in whole.get(table.name, [])]
        assert tabled.get(table.name, []) == as_text
    assert OTHER not in json.dumps(whole)


async def test_others_words_are_not_exported(rooms: Rooms) -> None:
    """Other people's texts that a person snoozed are not in their export."""
    await live_a_full_life(rooms)
    assert WORD in str([reminder.timer.name for reminder in await rooms.reminders.pending(BEN.user_id)])

    async def named() -> list[list[str]]:
        """Return the names of reminders that are exported, as JSON and as CSV."""
        return [
            [row["name"] for row in packed["timers"] if row["purpose"] == Purpose.REMINDER]
            for packed in unpacked(await exported(rooms, BEN.user_id))
        ]

    for _ in range(2):
        as_json, as_table = await named()
        assert as_json == as_table
        assert sorted(set(as_json)) == [DEFAULT, f"{OTHER} about Ben", f"{OTHER} for all"]
        # An older version did not record the author of a text.
        async with rooms.database.write() as connection:
            copies = update(tables.reminders).where(tables.reminders.c.origin_id.is_not(None))
            await connection.execute(copies.values(words_by=None))


async def test_what_a_moderator_wrote_goes_with_them(rooms: Rooms, eye: Connection) -> None:
    """A text that a moderator put into another's reminder goes when they delete their data; the original stays."""
    moderator = replace(ANN, can_manage=True)
    await rooms.preferences.set_zone(ANN.user_id, BERLIN)
    here = f"<@{BEN.user_id}>"
    edited = await rooms.remind(BEN, f"{OTHER} as it was", "2h", calls=here)
    repeated = await rooms.remind(BEN, f"{OTHER} each day", "", "20 minutes", calls=here)
    moved = await rooms.remind(BEN, f"{OTHER} moved", "3h", calls=here)
    taken_back = await rooms.remind(BEN, f"{OTHER} taken back", "4h", calls=here)

    async def edit(actor: Actor, reminder: Reminder, words: str | None) -> tuple[Reminder, int]:
        return await rooms.reminders.edit(actor, reminder.id, lambda old, now: old.edit(now, None, words, old.zone))

    for reminder in (edited, repeated, taken_back):
        changed, before_id = await edit(moderator, reminder, WORD)
    await rooms.reminders.revert(BEN, taken_back.id, before_id, changed.timer.version)
    await edit(moderator, moved, None)
    await rooms.pass_by(20 * M)  # one that repeats comes, with those words
    assert WORD in str(holding(eye, BEN.user_id)["timers"])
    await rooms.privacy.delete(ANN.user_id)
    assert holding(eye, ANN.user_id, WORD) == {}
    assert sorted(reminder.timer.name for reminder in await rooms.reminders.pending(BEN.user_id)) == [
        DEFAULT,
        DEFAULT,
        f"{OTHER} moved",
        f"{OTHER} taken back",
    ]
    await edit(BEN, edited, f"{OTHER} again")
    await rooms.privacy.delete(ANN.user_id)
    assert f"{OTHER} again" in [reminder.timer.name for reminder in await rooms.reminders.pending(BEN.user_id)]


async def test_export_is_all_there_was(rooms: Rooms, eye: Connection) -> None:
    """Everything can be restored from an export after a deletion: the next export is the same."""
    await live_a_full_life(rooms)
    whole, _ = unpacked(await exported(rooms))
    await rooms.privacy.delete(ANN.user_id)
    nothing, tabled = unpacked(await exported(rooms))
    assert not any(nothing.values())
    assert not any(tabled.values())
    async with rooms.database.write() as connection:
        # Deleting what others continued makes room.
        kept = [row["id"] for row in whole["timers"]]
        await connection.execute(delete(tables.timers).where(tables.timers.c.id.in_(kept)))
        for table in tables.metadata.sorted_tables:
            rows = [rebuilt(table.name, row) for row in whole.get(table.name, [])]
            changed = [row["timer_id"] for row in rows if table is tables.reminders and row["zone"] is None]
            if rows := [row for row in rows if row.get("timer_id") not in changed]:
                await connection.execute(insert(table), rows)
            if changed:
                of_ben = tables.reminders.c.timer_id.in_(changed)
                await connection.execute(update(tables.reminders).where(of_ben).values(author_id=ANN.user_id))
    assert unpacked(await exported(rooms))[0] == whole


async def test_damaged(rooms: Rooms, eye: Connection) -> None:
    """A session whose plan cannot be read does not block a deletion."""
    session = await rooms.session(BEN, 31, OTHER)
    await rooms.come(session, ANN, WORD)
    key = tables.sessions.c.timer_id == session.timer.id
    async with rooms.database.write() as connection:
        await connection.execute(update(tables.sessions).where(key).values(plan=f"3x({WORD}"))
    await rooms.privacy.delete(ANN.user_id)
    assert holding(eye, ANN.user_id, WORD) == {}


@pytest.mark.parametrize("at_once", [1, 1_000])
async def test_a_server_that_was_left(
    rooms: Rooms, eye: Connection, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forgetting a server deletes its data; people keep their focus and their direct reminders."""
    monkeypatch.setattr(privacy_module, "_AT_ONCE", at_once)
    await live_a_full_life(rooms)
    there = Actor(BEN.user_id, 4444444444, 4444400000)
    done = await rooms.pomodoro(there, OTHER)
    await rooms.pomodoro(there, OTHER)
    await rooms.pass_by(25 * M)
    await rooms.pomodoro(there, OTHER)
    await rooms.session(there, there.channel_id, OTHER)
    await rooms.remind(there, OTHER, "3h", calls=f"<@{BEN.user_id}>")
    direct = await rooms.remind(there, "mine alone", "4h", direct=True, about_id=4444411111)
    await rooms.save(4444444444, "ours", "25m")
    before = holding(eye, BEN.user_id)
    await rooms.privacy.left(4444444444)
    await rooms.pass_by(timedelta(hours=1))
    assert await rooms.privacy.forget_left(timedelta(days=1)) == 0
    assert await rooms.privacy.forget_left(timedelta(minutes=59)) == 1
    assert holding(eye, "44444") == {}
    after = holding(eye, BEN.user_id)
    assert len(after["focus_log"]) >= len(before["focus_log"])
    rows = eye.execute(select(tables.focus_log).where(tables.focus_log.c.timer_id == done.id)).mappings().all()
    assert [(row["guild_id"], row["channel_id"]) for row in rows] == [(None, 0)]
    kept = await rooms.reminders.by_id(direct.id)
    assert (kept.timer.state, kept.timer.name, kept.timer.guild_id) == (State.RUNNING, "mine alone", None)
    await rooms.pass_by(timedelta(hours=4))
    assert direct.id in [
        message.timers[0].id for message in rooms.outbox.of(Kind.DIRECT) if message.place_id == BEN.user_id
    ]


async def test_kept_for_ever(rooms: Rooms, eye: Connection) -> None:
    """0 days keep finished timers and the data of left servers forever; any other number does not."""
    guild_id = 4444444444
    await rooms.pomodoro(Actor(ANN.user_id, guild_id, 4444400000), WORD)
    await rooms.pass_by(25 * M)
    await rooms.store.sent(rooms.outbox.messages, 1000)
    await rooms.save(guild_id, "ours", "25m")
    await rooms.privacy.left(guild_id)
    await rooms.pass_by(timedelta(days=400))

    async def left_after(keep_days: int, keep_left_days: int) -> set[str]:
        await Housekeeping(rooms.database, rooms.privacy, rooms.clock, keep_days, keep_left_days).tidy()
        return set(holding(eye, "44444"))

    assert await left_after(0, 0) == {"timers", "outbox", "focus_log", "presets", "left_guilds"}
    with capture_logs() as log:
        for _ in range(2):
            assert await left_after(1, 0) == {"focus_log", "presets", "left_guilds"}
    assert [line for line in log if line["event"] == "timers_forgotten"] == [
        {"event": "timers_forgotten", "log_level": "info", "timers": 1}
    ]
    assert await left_after(0, 1) == set()


async def test_rules_of_a_server_that_was_forgotten(rooms: Rooms) -> None:
    """A server that the bot rejoins after forgetting it has no rules, not even cached ones."""
    guild_id = 4444444444
    await rooms.rules.change(guild_id, lambda old: replace(old, prefix="?"))
    await rooms.privacy.left(guild_id)
    await rooms.pass_by(timedelta(days=1))
    await rooms.privacy.forget_left(timedelta(hours=1))
    assert await rooms.rules.prefix_of(guild_id) == "!"
