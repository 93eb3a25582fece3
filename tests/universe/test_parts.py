"""Parts of the universe by themselves: if these are wrong, so are its stories."""

import asyncio
import random
import socket
import sqlite3
from collections.abc import Coroutine
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po

from tests.mutants.workshop import ROOT
from tests.universe import appointments, calendar, claims, phrases, runs, sentences
from tests.universe.gathering import Gathering
from tests.universe.loop import Loop
from tests.universe.network import Network
from tests.universe.newer import Newer
from tests.universe.promise import Due, Promise
from tests.universe.world import written


class _Receiver(asyncio.Protocol):
    def __init__(self) -> None:
        self.received: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self.received.append(data)


def _live(loop: Loop, work: Coroutine[Any, Any, None]) -> None:
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


def test_bytes_arrive_in_order() -> None:
    """What is written at one moment arrives in the order it was written."""
    loop = Loop(0.0)
    loop.network = network = Network(loop)
    receiver = _Receiver()
    sent = [b"%d" % number for number in range(50)]

    async def talk() -> None:
        network.listen(lambda: receiver, "127.0.0.1", 8000)
        with socket.socket() as sock:
            await network.reach(sock, ("127.0.0.1", 8000))
            wire, _ = network.connect(asyncio.Protocol, sock)
            for data in sent:
                wire.write(data)
            await asyncio.sleep(1)

    _live(loop, talk())
    assert receiver.received == sent


def test_every_interruption_comes() -> None:
    """Two things that are to happen between steps both do, whichever was asked for last."""
    loop = Loop(0.0)
    happened: list[str] = []

    async def pass_time() -> None:
        loop.interrupt_at(loop.steps + 5, lambda: happened.append("later"))
        loop.interrupt_at(loop.steps + 2, lambda: happened.append("sooner"))
        for _ in range(10):
            await asyncio.sleep(1)

    _live(loop, pass_time())
    assert happened == ["sooner", "later"]


def test_the_union_of_claims() -> None:
    """A second that several things claim counts once, and what is unsure of its ends widens the sum."""
    tea = (0.0, 1.0), (10.0, 11.0)
    essay = (5.0, 5.0), (20.0, 22.0)
    assert claims.union([tea, essay], [tea, essay]) == (19.0, 22.0)
    assert claims.union([tea], [tea, essay]) == (9.0, 22.0)
    assert claims.length([tea, essay]) == (24.0, 28.0)


def _gathering() -> Gathering:
    rounds = [(f"Focus · {number} of 5", True, 600.0) for number in range(1, 6)]
    phases = [phase for focus in rounds for phase in (focus, ("Short break", False, 120.0))]
    return Gathering("channel", "host", phases, (0.0, 0.0))


def test_leaving_the_server_leaves_a_session() -> None:
    """A person's time up to their leaving certainly counts, and up to the next change of phase perhaps."""
    going = _gathering()
    going.come("guest", 10.0, 10.0)
    going.depart("guest", 100.0)
    going.arrive("guest", 3000.0)
    going.advance(4000.0)
    going.expel(200.0, lambda _: False)
    sure, possible = going.claims("guest")
    assert claims.union(sure, possible) == (90.0, 590.0)  # of the break nothing counts


def test_a_short_absence() -> None:
    """After a short absence it is uncertain what counts for a person."""
    going = _gathering()
    going.come("guest", 10.0, 10.0)
    going.depart("guest", 550.0)
    going.arrive("guest", 650.0)
    going.advance(4000.0)
    going.expel(200.0, lambda _: False)
    assert "guest" in going.unclear


def test_an_end_is_announced_once() -> None:
    """The end of a session is announced once, and not before it has come."""
    going = _gathering()
    assert "early" in (_gathering().hear(sentences.ALL_DONE, 100.0, 0.0) or "")
    going.advance(4000.0)
    assert going.hear(sentences.ALL_DONE, 4000.0, 0.0) is None
    assert "once too often" in (going.hear(sentences.ALL_DONE, 4001.0, 0.0) or "")


def test_rounds_without_a_sign_count_once_confirmed() -> None:
    """A fourth round without activity counts for a person who confirms it, and for nobody else."""
    going = _gathering()
    for guest in ("there", "away"):
        going.come(guest, 10.0, 10.0)
    going.advance(5000.0)
    going.confirm("there", (4900.0, 4901.0), was_there=True)
    going.confirm("away", (4900.0, 4901.0), was_there=False)
    lengths = {guest: len(going.claims(guest)[0]) for guest in ("there", "away")}
    assert lengths == {"there": 5, "away": 4}


def test_no_activity_after_leaving() -> None:
    """Typing after leaving a session is not activity in it; typing while resting may be."""
    gone, rests = _gathering(), _gathering()
    for going in (gone, rests):
        going.come("guest", 10.0, 10.0)
    gone.go("guest", 20.0, 20.0)
    rests.rest("guest", 20.0, 20.0)
    for going in (gone, rests):
        going.sign("guest", 2500.0, sure=True)
    assert gone.is_idle(3480.0, 0.0)
    assert not rests.is_idle(3480.0, 0.0)
    gone.die_down(3480.0, 0.0)
    assert gone.died == (3480.0, 3480.0)  # where the phase before is not told of any more


def test_an_unanswered_request_may_have_been_carried_out() -> None:
    """A pomodoro that may have been extended is never late by its earlier end."""
    promise = Promise("t0001", "owner", "channel", 0.0, dues=[Due(100.0, 101.0)])
    promise.doubt()
    due = promise.tell(401.0, 0, 0.0)
    assert due
    assert due.hi > 401.0


def test_tables_of_a_transaction() -> None:
    """A transaction is known by the tables that it has written to since it began."""
    tables = frozenset[str]()
    for statement in ("BEGIN", "SELECT 1", 'INSERT INTO "outbox" (id) VALUES (1)', "UPDATE timers SET id = 1"):
        tables = written(tables, statement)
    assert tables == {"outbox", "timers"}
    assert written(tables, "BEGIN IMMEDIATE") == frozenset()


def test_newer_rows_are_known_again() -> None:
    """What a newer process has left is seen to be changed, or gone, and until then to be as it was."""
    newer = Newer()
    with sqlite3.connect(":memory:", isolation_level=None) as connection:
        connection.execute(
            "CREATE TABLE timers (id INTEGER PRIMARY KEY, owner_id, channel_id, state, due_at, request, remaining, "
            "ended_at, purpose)"
        )
        connection.execute(
            "CREATE TABLE outbox (id INTEGER PRIMARY KEY, nonce, kind, state, place_id, timer_id, "
            "message_id, reason, stage, tried_at)"
        )
        connection.execute("INSERT INTO timers (channel_id, purpose) VALUES (3, 'pomodoro')")
        newer.leave(connection, 1000.0, random.Random(1))
        assert newer.touched(connection) == []
        (many,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
        connection.execute("UPDATE outbox SET state = 'sent'")
        connection.execute("DELETE FROM timers")
        assert len(newer.touched(connection)) == 2 * many > 0


def test_the_tables_have_phrases_for_people() -> None:
    """People find phrases of each kind in the tables, each with what it means."""
    timers = {timer.template: timer for timer in phrases.timers()}
    assert timers["{} 1h 30m"].seconds == {5400}
    assert timers["25 {}"].seconds == {25, 1500}
    assert timers["25 {}"].may_ask
    plans = dict(phrases.plans())
    assert plans["25/5"][:2] == [("Focus · 1 of 4", True, 1500.0), ("Short break", False, 300.0)]
    reminders = {reminder.template: reminder for reminder in phrases.reminders()}
    assert reminders["half an hour check the oven {}"].moments == (phrases.MOMENT.timestamp() + 1800,)
    assert (reminders["5 call mum {}"].offers, len(reminders["5 call mum {}"].moments)) == (1, 1)
    assert len(phrases.zones()) > 20


def test_sentences_are_in_the_catalogue() -> None:
    """Each sentence that the universe looks for, and each button that it presses, is in the catalogue."""
    with (ROOT / "bot/messages/bot.pot").open("rb") as file:
        catalogue = " ".join(str(entry.id) for entry in read_po(file))
    names = {name: value for name, value in vars(sentences).items() if name.isupper()}
    looked_for = [part for value in names.values() for part in ((value,) if isinstance(value, str) else value)]
    assert len(looked_for) > 50
    assert [part for part in looked_for if part not in catalogue] == []


def test_the_number_of_timers() -> None:
    """Timers that are certainly live are the minimum, and those that may not have ended yet the maximum."""
    promise = Promise("t0001", "owner", "channel", 0.0, dues=[Due(100.0, 101.0)])
    assert (promise.is_going(50.0), promise.most_going(50.0)) == (True, 1)
    promise.tell(100.5, 0, 0.0)
    assert (promise.is_going(2000.0), promise.most_going(2000.0)) == (False, 0)


def test_a_restored_timer() -> None:
    """A cancelled and restored timer is due as before, or at once if that has passed meanwhile."""
    promise = Promise("t0001", "owner", "channel", 0.0, dues=[Due(100.0, 101.0)], since=(0.0, 1.0), length=100.0)
    restore = promise.remember()
    promise.end(10.0, 11.0)
    assert promise.unsaid(500.0) == []
    restore(12.0)
    assert [(due.lo, due.hi) for due in promise.unsaid(500.0)] == [(100.0, 101.0)]
    restore(150.0)
    assert [(due.lo, due.hi) for due in promise.unsaid(500.0)] == [(100.0, 150.0)]


def test_a_timer_that_may_be_restored() -> None:
    """A cancelled pomodoro that may have been restored may be announced on time, or not."""
    for due_at in (None, 100.5):
        promise = Promise("t0001", "owner", "channel", 0.0, dues=[Due(100.0, 101.0)])
        restore = promise.remember()
        promise.end(10.0, 11.0)
        promise.waver(restore, 20.0)
        if due_at:
            promise.tell(due_at, 0, 0.0)
        assert (promise.faults, promise.unsaid(500.0)) == ([], [])


def test_a_restarted_timer_counts_twice() -> None:
    """A finished pomodoro counts as well as the one that was started again from it."""
    promise = Promise("t0001", "owner", "channel", 0.0, dues=[Due(600.0, 601.0)], since=(0.0, 1.0), length=600.0)
    promise.begin_again((700.0, 701.0), 300.0, promise.claims(700.0, 0.0))
    promise.dues.append(Due(1000.0, 1001.0))
    sure, possible = promise.claims(2000.0, 0.0)
    assert claims.union(sure, possible) == (599.0 + 299.0, 601.0 + 301.0)


def test_a_clock_that_was_off_leaves_an_end_in_doubt() -> None:
    """A timer that a wrong clock may have ended early may count, and need not."""
    promise = Promise("t0001", "owner", "channel", 0.0, dues=[Due(600.0, 601.0)], since=(0.0, 1.0), length=600.0)
    assert claims.union(*promise.claims(550.0, 0.0)) == (0.0, 0.0)
    assert claims.union(*promise.claims(550.0, 100.0)) == (0.0, 601.0)


def test_weekdays_of_months() -> None:
    """The first Monday and the last Friday of each month are those of a calendar, whatever day it is."""
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 2, 12, tzinfo=berlin).timestamp()
    until = datetime(2026, 5, 20, tzinfo=berlin).timestamp()
    for weekday, number, days in ((0, 0, ["06.04", "04.05"]), (4, -1, ["27.03", "24.04"])):
        moments = calendar.of_month(now, until, time(9), berlin, frozenset({weekday}), number)
        assert [f"{datetime.fromtimestamp(moment, berlin):%d.%m}" for moment in moments] == days


def test_deleted_timers_are_not_announced() -> None:
    """After a deletion nothing of that person may be announced, and nothing of it counts."""
    promise = Promise("t0001", "owner", "channel", 0.0, dues=[Due(1000.0, 1001.0)], since=(0.0, 1.0), length=1000.0)
    promise.forget(600.0, 601.0)
    assert promise.claims(2000.0, 0.0) == ([], [])
    assert promise.unsaid(2000.0) == []
    promise.tell(1000.5, 0, 0.0)
    assert promise.faults == ["t0001 was announced after its end was acknowledged"]


def test_paused_timers_are_not_announced() -> None:
    """A time during a pause may not be announced then, and one before it may."""
    promise = Promise("r0001", "owner", "channel", 0.0, dues=[Due(10.0, 10.0), Due(100.0, 100.0)], repeats=True)
    promise.silence(11.0, 12.0)
    promise.tell(13.0, 0, 0.0)
    assert promise.faults == []
    promise.tell(100.0, 0, 0.0)
    assert promise.faults == ["r0001 was announced once too often: it is paused"]


def test_claims_from_a_moment_on() -> None:
    """Of a claim from before midnight, only the rest belongs to the day."""
    tea, late = ((0.0, 1.0), (10.0, 11.0)), ((20.0, 21.0), (30.0, 31.0))
    assert claims.clipped([tea, late], 15.0) == [late]
    assert claims.clipped([tea], 5.0) == [((5.0, 5.0), (10.0, 11.0))]


def test_a_day_may_be_left_out() -> None:
    """A day that is left out of what repeats is none of its moments."""
    now = phrases.MOMENT.timestamp()
    for seed in range(200):
        meant = appointments.again(now, now + 10 * 86_400, phrases.HOME, random.Random(seed))
        if isinstance(meant, appointments.Appointment) and " except 2" in meant.words:
            days = [f"{datetime.fromtimestamp(moment, phrases.HOME):%-d %b %Y}" for moment in meant.moments]
            left_out = f"{' '.join(meant.words.split(' except ')[1].split()[:2])} 2026"
            assert left_out not in days
            return
    raise AssertionError("none is left out")


def test_an_endless_seed_is_ended() -> None:
    """A seed that takes more CPU time than it may is ended."""
    with runs.Nursery() as nursery_:
        result = nursery_.run(1, ["--hours", "24"], 0.2)
    assert [kind for kind, *_ in result.faults] == ["crashed"]


def test_how_many_are_in_a_session() -> None:
    """People who join, leave or rest meanwhile may be counted; those who stay or rest throughout must be."""
    going = _gathering()
    for guest in ("stays", "rests", "leaves", "left"):
        going.come(guest, 10.0, 11.0)
    going.rest("rests", 20.0, 21.0)
    going.go("left", 20.0, 21.0)
    going.go("leaves", 30.0, 33.0)
    going.come("comes", 31.0, 34.0)
    assert going.how_many((32.0, 32.5)) == (3, 5)


def test_a_snooze_outlives_its_series() -> None:
    """Once the last time of a series has come, only its snooze is left, by another number."""
    promise = Promise("r0001", "owner", "channel", 0.0, dues=[Due(10.0, 10.0), Due(20.0, 20.0)], repeats=True)
    promise.tell(10.0, 0, 0.0)
    promise.dues.append(Due(600.0, 600.0, alone=True))
    assert not promise.is_only_snoozed
    promise.tell(20.0, 0, 0.0)
    assert promise.is_only_snoozed


def test_skipped_times() -> None:
    """Times that pass during a pause are skipped, even if nothing is left to resume."""
    promise = Promise("r0001", "owner", "channel", 0.0, dues=[Due(10.0, 10.0), Due(100.0, 100.0)], repeats=True)
    promise.tell(10.0, 0, 0.0)
    promise.silence(20.0, 21.0)
    promise.oversleep(110.0, 111.0, 0.0)
    assert promise.open_due is None
    promise.dues.append(Due(600.0, 600.0, alone=True))
    promise.tell(600.0, 0, 0.0)
    assert promise.faults == []


def test_resumed_by_a_wrong_clock() -> None:
    """If a clock may have been behind, times that passed during a pause may come after it, or not."""
    promise = Promise("r0001", "owner", "channel", 0.0, dues=[Due(100.0, 100.0)])
    promise.silence(20.0, 21.0)
    promise.sound(110.0, 111.0, 40.0)
    promise.tell(141.0, 0, 40.0)
    assert (promise.faults, promise.unsaid(500.0)) == ([], [])
