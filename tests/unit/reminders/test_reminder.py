import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.domain.errors import BadText, NotYours, TooLate
from bot.domain.reminders import reminder
from bot.domain.reminders.reminder import LONGEST, Reminder, clean, must_own
from bot.domain.time import recurrence
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.time.schedule import Schedule
from bot.domain.timers.timer import Actor, Purpose, State

ANN, BEN = Actor(7, 3, 30), Actor(8, 3, 30)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
M, DAY, MS = timedelta(minutes=1), timedelta(days=1), timedelta(milliseconds=1)
BERLIN = ZoneInfo("Europe/Berlin")
DAILY = Recurrence(Unit.DAY)


def new(rule: Recurrence | None = None, first_at: datetime = NOON + 20 * M, zone: ZoneInfo = BERLIN) -> Reminder:
    """A reminder as the store returns it, numbered."""
    made = reminder.new(ANN, 30, "stretch", Schedule(first_at, rule, on_clock=True), zone, NOON, calls="<@7>")
    return replace(made, timer=replace(made.timer, id=12))


ONCE, SERIES = new(), new(DAILY)


def test_new() -> None:
    """A new reminder runs from now to its first time, and hasn't come yet."""
    timer = ONCE.timer
    assert (timer.purpose, timer.state, timer.due_at) == (Purpose.REMINDER, State.RUNNING, NOON + 20 * M)
    assert (timer.started_at, timer.length, timer.owner_id, timer.name) == (NOON, 20 * M, 7, "stretch")
    assert (ONCE.first_at, ONCE.fired, ONCE.missed, ONCE.is_pending) == (timer.due_at, 0, 0, True)


@pytest.mark.parametrize("late", [-20 * MS, timedelta(), 3 * DAY])
def test_one_comes(late: timedelta) -> None:
    """A single reminder is done when it fires, on time, a moment early or days late; it has missed nothing."""
    announced, series = ONCE.fire(NOON + 20 * M + late)
    assert series is None
    assert announced == replace(ONCE, fired=1, timer=ONCE.timer.finish(NOON + 20 * M + late))


def test_a_series_comes() -> None:
    """Each time of a series leaves an occurrence with its due time; the series keeps its number."""
    announced, series = replace(SERIES, about_id=5).fire(NOON + 20 * M - 20 * MS)
    assert series
    assert (announced.id, announced.origin_id, announced.about_id) == (0, 12, 5)
    assert (announced.rule, announced.missed) == (None, 0)
    assert (announced.timer.state, announced.timer.due_at) == (State.DONE, NOON + 20 * M)
    assert (series.id, series.timer.version, series.fired) == (12, 2, 1)
    assert (series.timer.state, series.timer.due_at) == (State.RUNNING, NOON + 20 * M + DAY)
    assert series.timer.ended_at is None


@pytest.mark.parametrize(
    ("late", "missed"),
    [(DAY - MS, 0), (DAY, 1), (DAY + MS, 1), (3 * DAY - MS, 2), (3 * DAY, 3)],
)
def test_days_late(late: timedelta, missed: int) -> None:
    """Missed times are reported once, by their number; the next time is the first in the future."""
    announced, series = SERIES.fire(NOON + 20 * M + late)
    assert series
    assert (announced.missed, announced.timer.due_at) == (missed, NOON + 20 * M)
    assert (series.fired, series.missed) == (1 + missed, 0)
    assert series.timer.due_at == NOON + 20 * M + (missed + 1) * DAY


@pytest.mark.parametrize(
    ("rule", "late", "fired", "missed"),
    [
        (replace(DAILY, times=1), timedelta(), 1, 0),
        (replace(DAILY, times=3), 2 * DAY, 3, 2),
        (replace(DAILY, times=3), 20 * DAY, 3, 2),
        (replace(DAILY, until=NOON + 20 * M), timedelta(), 1, 0),
        (replace(DAILY, until=NOON + DAY), 20 * DAY, 1, 0),
        (replace(DAILY, until=NOON + 20 * M + 4 * DAY), 20 * DAY, 5, 4),
    ],
    ids=str,
)
def test_the_end_of_a_rule(rule: Recurrence, late: timedelta, fired: int, missed: int) -> None:
    """At its last time a series is done under its own number, counting missed times."""
    now = NOON + 20 * M + late
    announced, series = new(rule).fire(now)
    assert series is None
    assert (announced.id, announced.fired, announced.missed) == (12, fired, missed)
    timer = announced.timer
    assert (timer.state, timer.ended_at, timer.due_at) == (State.DONE, now, NOON + 20 * M)


def test_pause_and_resume() -> None:
    """A pause keeps the time; a series resumes at its first time in the future, and misses none."""
    paused = SERIES.pause(NOON)
    assert (paused.timer.state, paused.timer.due_at, paused.timer.due) == (State.PAUSED, NOON + 20 * M, None)
    assert paused.is_pending
    early, late = paused.resume(NOON + M), paused.resume(NOON + 3 * DAY)
    assert (early.timer.state, early.timer.due_at, early.timer.version) == (State.RUNNING, NOON + 20 * M, 3)
    assert (late.timer.due_at, late.fired) == (NOON + 3 * DAY + 20 * M, 3)
    assert late.fire(NOON + 3 * DAY + 20 * M)[0].missed == 0


def test_pause_and_resume_too_late() -> None:
    """A paused one is not paused again, a running one not resumed, and one in the past needs a new time."""
    paused = ONCE.pause(NOON)
    with pytest.raises(TooLate, match="already paused"):
        paused.pause(NOON)
    with pytest.raises(TooLate, match="not paused"):
        ONCE.resume(NOON)
    for now in (NOON + 20 * M, NOON + DAY):
        with pytest.raises(TooLate, match="Its time has passed"):
            paused.resume(now)
    ending = new(replace(DAILY, until=NOON + DAY)).pause(NOON)
    with pytest.raises(TooLate, match="Its time has passed"):
        ending.resume(NOON + 2 * DAY)


def test_a_count_is_from_the_first() -> None:
    """Times that pass during a pause count towards the total; after the last of them it is over."""
    paused = new(replace(DAILY, times=3)).pause(NOON)
    resumed = paused.resume(NOON + DAY + 21 * M)
    assert (resumed.timer.due_at, resumed.fired) == (NOON + 2 * DAY + 20 * M, 2)
    assert resumed.fire(NOON + 2 * DAY + 20 * M)[1] is None
    with pytest.raises(TooLate, match="Its time has passed"):
        paused.resume(NOON + 2 * DAY + 20 * M)


def test_cancel() -> None:
    """A pending reminder can be cancelled until it is done, even paused or just due."""
    for pending in (ONCE, ONCE.pause(NOON), SERIES):
        cancelled = pending.cancel(NOON + DAY)
        assert (cancelled.timer.state, cancelled.timer.ended_at) == (State.CANCELLED, NOON + DAY)
        assert not cancelled.is_pending


def test_over_is_over() -> None:
    """Any transition of a done or cancelled reminder is refused, with the reason."""
    done, _ = ONCE.fire(NOON + 20 * M)
    for over, sentence in ((done, "already come"), (ONCE.cancel(NOON), "been cancelled")):
        moves = (
            over.pause,
            over.resume,
            over.cancel,
            lambda now, finished=over: finished.edit(now, None, "x", BERLIN),
        )
        for move in (*moves, lambda now, finished=over: finished.revert(ONCE.kept(NOON), now)):
            with pytest.raises(TooLate, match=sentence):
                move(NOON + DAY)


def test_too_late_by_a_moment() -> None:
    """A reminder that is due, though unnoticed yet, can neither be paused nor edited."""
    for move in (ONCE.pause, lambda now: ONCE.edit(now, None, "x", BERLIN)):
        with pytest.raises(TooLate, match="just came"):
            move(NOON + 20 * M)


def test_edit() -> None:
    """An edit changes a reminder: a new time restarts its count; a new text alone changes nothing else."""
    _, series = SERIES.fire(NOON + 20 * M)
    assert series
    now = NOON + 30 * M
    words = series.edit(now, None, "tea", ZoneInfo("UTC"))
    assert words == replace(series, timer=replace(series.timer, name="tea", version=3))
    assert series.pause(now).edit(now, None, "tea", BERLIN).timer.state is State.PAUSED
    schedule = Schedule(NOON + 40 * M, Recurrence(Unit.MINUTE, 90), on_clock=False)
    for before in (series, series.pause(now)):
        timed = before.edit(now, schedule, None, ZoneInfo("UTC"))
        assert (timed.timer.name, timed.timer.state, timed.timer.due_at) == (
            "stretch",
            State.RUNNING,
            NOON + 40 * M,
        )
        assert (timed.first_at, timed.rule, timed.fired, timed.zone.key) == (NOON + 40 * M, schedule.rule, 0, "UTC")


def test_edit_of_a_paused_one_in_the_past() -> None:
    """A paused reminder whose time has passed is given a new one."""
    later = Schedule(NOON + 2 * DAY, None, on_clock=True)
    edited = ONCE.pause(NOON).edit(NOON + DAY, later, None, BERLIN)
    assert edited.timer.due == replace(edited.timer, due_at=NOON + 2 * DAY).due


def test_kept_and_reverted() -> None:
    """The copy from before an edit never fires, and restores the reminder as it was, paused or not."""
    now = NOON + 30 * M
    _, series = SERIES.fire(NOON + 20 * M)
    assert series
    for before in (series, series.pause(now)):
        kept = replace(before.kept(now), timer=replace(before.kept(now).timer, id=13))
        assert (kept.is_pending, kept.timer.due, kept.origin_id) == (False, None, 12)
        for schedule, text in ((Schedule(now + M, None, on_clock=True), None), (None, "tea")):
            edited = before.edit(now, schedule, text, ZoneInfo("UTC"))
            reverted = edited.revert(kept, now)
            assert reverted.timer.version == edited.timer.version + 1
            assert replace(reverted, timer=replace(reverted.timer, version=before.timer.version)) == before


def test_reverted_too_late() -> None:
    """An edit is not reverted to a time that has passed, unless the reminder was paused before it."""
    later = Schedule(NOON + 2 * DAY, None, on_clock=True)
    with pytest.raises(TooLate, match="old time has already passed"):
        ONCE.edit(NOON, later, None, BERLIN).revert(ONCE.kept(NOON), NOON + 20 * M)
    paused = ONCE.pause(NOON)
    again = paused.edit(NOON + DAY, later, None, BERLIN).revert(paused.kept(NOON + DAY), NOON + DAY)
    assert (again.timer.state, again.timer.due_at) == (State.PAUSED, NOON + 20 * M)


def test_snoozed() -> None:
    """A snooze repeats the text once, for the one who asked, of an occurrence as of a single reminder."""
    done, _ = replace(ONCE, calls="<@&5>", about_id=5).fire(NOON + 20 * M)
    now, until = NOON + 21 * M, NOON + 31 * M
    snoozed = done.snoozed(BEN, until, now, BERLIN)
    assert (snoozed.id, snoozed.origin_id, snoozed.about_id, snoozed.calls) == (0, 12, 5, "<@8>")
    assert (snoozed.rule, snoozed.fired, snoozed.first_at) == (None, 0, until)
    timer = snoozed.timer
    assert (timer.owner_id, timer.name, timer.channel_id, timer.guild_id) == (8, "stretch", 30, 3)
    assert (timer.state, timer.version, timer.due_at, timer.ended_at) == (State.RUNNING, 1, until, None)
    occurrence, _ = replace(SERIES, direct=True, calls="").fire(NOON + 20 * M)
    again = replace(occurrence, timer=replace(occurrence.timer, id=13)).snoozed(ANN, until, now, BERLIN)
    assert (again.origin_id, again.direct, again.calls, again.rule) == (13, True, "", None)


def test_nothing_to_snooze() -> None:
    """A pending or cancelled reminder cannot be snoozed."""
    for pending in (ONCE, ONCE.pause(NOON), SERIES):
        with pytest.raises(TooLate, match="hasn't come yet"):
            pending.snoozed(ANN, NOON + DAY, NOON, BERLIN)
    with pytest.raises(TooLate, match="been cancelled"):
        ONCE.cancel(NOON).snoozed(ANN, NOON + DAY, NOON, BERLIN)


def test_until() -> None:
    """A snooze that is moved comes at its new time, even if it was paused."""
    for before in (ONCE, ONCE.pause(NOON)):
        later = before.until(NOON + DAY)
        assert (later.timer.due_at, later.first_at, later.timer.state) == (NOON + DAY, NOON + DAY, State.RUNNING)
        assert later.timer.version == before.timer.version + 1


def test_whose_it_is() -> None:
    """The owner may change it, and a moderator where it is posted; a direct one only its owner."""
    must_own(replace(ANN, channel_id=31), ONCE)
    must_own(replace(BEN, can_manage=True), ONCE)
    strangers = (BEN, replace(BEN, can_manage=True, channel_id=31))
    for actor, foreign in [*((actor, ONCE) for actor in strangers), (strangers[1], replace(ONCE, direct=True))]:
        with pytest.raises(NotYours):
            must_own(actor, foreign)
    with pytest.raises(NotYours):
        must_own(replace(BEN, can_manage=True), replace(ONCE, direct=True))


def test_personal() -> None:
    """It is personal if it is direct or mentions only its owner."""
    assert ONCE.is_personal
    assert replace(ONCE, direct=True, calls="").is_personal
    assert not any(replace(ONCE, calls=calls).is_personal for calls in ("", "<@&5>", "@here", "<@8>"))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("stretch", "stretch"),
        ("  two   words ", "two words"),
        ("\n a \n\n\n\n b \r\nc\n", "a\n\nb\nc"),
        ("a\x00b\x1b[2J", "ab[2J"),
        ("", ""),
        (" \n ", ""),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_clean(raw: str, text: str) -> None:
    """A reminder's text keeps its lines, and loses invisible characters; it may be empty."""
    assert clean(raw) == text


@pytest.mark.parametrize("raw", ["x" * (LONGEST + 1), "\u200b", " \u200b\n\u2060 "])
def test_not_clean(raw: str) -> None:
    """A text that is too long, or entirely invisible, is refused."""
    with pytest.raises(BadText) as refused:
        clean(raw)
    assert refused.value.example is None


@given(st.text(max_size=200))
def test_cleaned_twice(raw: str) -> None:
    """A cleaned text stays as it is, and is never longer than the typed text in its plainest form."""
    try:
        text = clean(raw)
    except BadText:
        return
    assert clean(text) == text
    assert len(text.splitlines()) <= max(1, len(raw.splitlines()))


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]).map(
    ZoneInfo
)
STARTS = st.integers(29_450_000, 31_000_000).map(lambda minutes: datetime.fromtimestamp(minutes * 60, UTC))
RULES = st.one_of(
    st.builds(Recurrence, st.just(Unit.DAY), st.integers(1, 5)),
    st.builds(
        Recurrence,
        st.just(Unit.WEEK),
        st.integers(1, 3),
        weekdays=st.sets(st.integers(0, 6)).map(sorted).map(tuple),
    ),
    st.builds(
        Recurrence,
        st.just(Unit.MONTH),
        st.integers(1, 3),
        monthdays=st.just(()) | st.integers(1, 31).map(lambda day: (day,)),
    ),
    st.builds(Recurrence, st.just(Unit.MINUTE), st.sampled_from([10, 90, 1440, 5000])),
)
# How late each time is noticed: a moment early, on time, or after several more have passed.
LATENESS = st.lists(
    st.one_of(
        st.sampled_from([-20 * MS, timedelta(), MS, M, DAY]),
        st.timedeltas(timedelta(), 100 * DAY).map(lambda late: late // MS * MS),
    ),
    min_size=1,
    max_size=8,
)


@given(
    rule=RULES,
    wanted=STARTS,
    zone=ZONES,
    lateness=LATENESS,
    times=st.none() | st.integers(1, 12),
    days=st.none() | st.integers(0, 300),
)
def test_none_is_lost_and_none_comes_twice(
    rule: Recurrence,
    wanted: datetime,
    zone: ZoneInfo,
    lateness: list[timedelta],
    times: int | None,
    days: int | None,
) -> None:
    """However late each time is noticed, announced and missed times together are the rule's, once each."""
    first = recurrence.first_time(rule, wanted, zone)
    rule = replace(rule, times=times, until=None if days is None else first + days * DAY)
    every, came = times_of(rule, first, zone), 0
    series = new(rule, first, zone)
    for late in lateness:
        due_at = series.timer.due_at
        assert due_at == next(every)
        now = due_at + late
        announced, going = series.fire(now)
        passed = list(islice(every, announced.missed))
        assert (announced.timer.due_at, len(passed)) == (due_at, announced.missed)
        assert all(moment <= now for moment in passed)
        came += 1 + announced.missed
        if going is None:
            assert announced.fired == came
            assert next(every, None) is None
            return
        series = going
        assert series.fired == came
        assert series.timer.due_at
        assert series.timer.due_at > max(now, due_at)
        if rule.unit is not Unit.MINUTE:
            day, clocks = series.timer.due_at.astimezone(zone).date(), first.astimezone(zone).time()
            assert series.timer.due_at == datetime.combine(day, clocks, zone).astimezone(UTC)


def times_of(rule: Recurrence, first: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Walk through the times of a rule one by one."""
    moment: datetime | None = first
    for count in itertools.count(1):
        if moment is None:
            return
        yield moment
        moment = recurrence.next_after(rule, first, zone, moment, count)


def test_by_the_clock_of_another_zone() -> None:
    """Moved to another zone, it fires and ends at the same local times, and keeps its state."""
    at_nine = NOON + timedelta(hours=21)
    rule = replace(DAILY, until=at_nine + 9 * DAY)
    daily = new(rule, at_nine, ZoneInfo("UTC")).silenced()
    moved = daily.by_clock_of(BERLIN, NOON)
    hour = timedelta(hours=1)
    assert (moved.timer.due_at, moved.first_at, moved.zone) == (at_nine - hour, at_nine - hour, BERLIN)
    assert moved.rule
    assert moved.rule.until == at_nine + 9 * DAY - hour
    assert (moved.timer.state, moved.timer.version) == (State.PAUSED, daily.timer.version + 1)


def test_a_time_that_has_passed_in_another_zone() -> None:
    """A series moves to its next time there; a single time that has passed there is not moved."""
    soon = NOON + timedelta(minutes=30)
    daily = new(DAILY, soon, ZoneInfo("UTC"))
    assert daily.by_clock_of(BERLIN, NOON).timer.due_at == soon - timedelta(hours=1) + DAY
    with pytest.raises(TooLate, match="already passed there"):
        replace(daily, rule=None).by_clock_of(BERLIN, NOON)
