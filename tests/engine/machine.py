"""The state machine: requests, time and failures in any order, checked against the model."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.domain.errors import BadDuration, TooLate, UserError
from bot.domain.timers.command import ActOnTimers, ExtendTimer, TimerVerb
from bot.domain.timers.timer import LIVE, Actor, Due, State, Timer
from bot.engine.countdown import SLICE
from tests.engine.base import Base
from tests.engine.model import Known, changed, unfinished
from tests.engine.trouble import REASON
from tests.engine.turmoil import STEPS, WHICH, Turmoil

# One channel has most of them, so that many share a queue; the last one is a direct message.
PEOPLE = [Actor(7, 3, 30), Actor(8, 3, 30), Actor(9, 3, 30), Actor(8, 3, 31), Actor(7, None, 40)]
SECONDS = st.sampled_from((0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 60.0, 86_400.0))
STARTS = st.lists(st.tuples(st.sampled_from(PEOPLE), SECONDS, st.booleans()), min_size=2, max_size=6)
VERBS = st.sampled_from(("pause", "resume", "extend", "extend", "cancel"))


class Machine(Turmoil):
    """Checks service, scheduler, threads, outbox and store against the model.

    Each acknowledged timer is announced once: not before its deadline, not while paused, not after a cancel. A
    start whose process died before acknowledging it may have happened or not. The focus log has each finished timer
    once, from the moment it is over.
    """

    def __init__(self, empty: Callable[[], Base]) -> None:
        super().__init__(empty)
        self.known: dict[int, Known] = {}
        # Starts whose answer was lost: the request, and its person.
        self.unanswered: dict[str, Actor] = {}

    # What people ask for.

    @initialize(starts=STARTS)
    def begin(self, starts: list[tuple[Actor, float, bool]]) -> None:
        """Start with some timers."""
        self.start(starts)

    @rule(starts=STARTS)
    def start(self, starts: list[tuple[Actor, float, bool]]) -> None:
        """Start timers at the same moment; a duplicate event still starts only one."""
        wanted = []
        for actor, seconds, twice in starts:
            self.requests += 1
            wanted.append((actor, timedelta(seconds=seconds), f"message:{self.requests}", 1 + twice))
        start = self.life.timers.start
        answers = self.life.ask(
            *(
                start(actor, "tea", length, request)
                for actor, length, request, times in wanted
                for _ in range(times)
            )
        )
        for actor, length, request, times in wanted:
            self.check_start(actor, length, request, answers[:times])
            del answers[:times]

    def check_start(
        self, actor: Actor, length: timedelta, request: str, answers: list[Timer | UserError | None]
    ) -> None:
        started = [answer for answer in answers if isinstance(answer, Timer)]
        assert all(isinstance(answer, Timer) or self.excused(answer) for answer in answers), answers
        assert all(timer == started[0] for timer in started)
        for timer in started[:1]:
            assert (timer.version, timer.state, timer.due_at) == (1, State.RUNNING, self.clock.now() + length)
            assert timer.id not in self.known
            self.known[timer.id] = Known(actor, [timer])
        if not started and any(self.is_doubtful(answer) for answer in answers):
            self.unanswered[request] = actor

    @rule(
        pick=WHICH,
        verbs=st.lists(VERBS, min_size=1, max_size=3),
        seconds=SECONDS,
        behind=st.sampled_from((0, 0, 0, 1)),
        early=st.none() | st.sampled_from((0, 1, 9)),
        card=st.booleans(),
    )
    def change(
        self, pick: int, verbs: list[str], seconds: float, behind: int, early: int | None, card: bool
    ) -> None:
        """Request simultaneous changes of a timer, of its current or an old version; perhaps just as it ends."""
        if not (known := self.choose(pick)):
            return
        if card:
            self.remember_card(known)
        old, by = known.behind(behind), timedelta(seconds=seconds)
        self.draw_near(known.now_is.due, early)
        answers = self.life.ask(*(self.changing(known.actor, old, verb, by) for verb in verbs))
        now = self.clock.now()
        taken = [answer for answer in answers if isinstance(answer, Timer)]
        assert len(taken) <= 1, f"{len(taken)} changes of the same version were taken"
        known.unsure = any(self.is_doubtful(answer) for answer in answers)
        for verb, answer in zip(verbs, answers, strict=True):
            if isinstance(answer, Timer):
                assert known.is_possible(verb, old, by, now), f"{verb} was taken, made of {old}"
                assert answer == changed(old, verb, by, now), f"{verb} made {answer} of {old}"
            elif isinstance(answer, TooLate | BadDuration):
                lost = taken or known.unsure or known.may_be_over(self.clock.latest)
                assert lost or not known.is_possible(verb, old, by, now), f"{verb} was refused: {answer}"
            else:
                assert self.excused(answer), answer
        known.versions += taken
        if known.has_card:
            self.life.ask(self.life.timers.show(old.id))

    def changing(self, actor: Actor, old: Timer, verb: str, by: timedelta) -> Coroutine[Any, Any, Timer]:
        timers = self.life.timers
        command = ExtendTimer(None, by) if verb == "extend" else ActOnTimers(TimerVerb(verb), None)
        return timers.change(actor, old, command)

    def remember_card(self, known: Known) -> None:
        """Record a timer's card, as after sending it."""
        power, failed = self.life.power, self.life.power.failed
        self.life.ask(self.life.timers.set_card(known.now_is, 9000 + known.now_is.id))
        known.has_card |= not power.cut and failed == power.failed

    @rule(pick=WHICH, early=st.sampled_from((0, 1, 9, 20)), steps=STEPS)
    def wait_for(self, pick: int, early: int, steps: int) -> None:
        """Let time pass until a timer is due, or nearly so."""
        if known := self.choose(pick):
            self.draw_near(known.now_is.due, early)
            self.life.do(self.life.rest(steps))

    def come_to_rest(self) -> None:
        # Of each version: an unconfirmed pause leaves its thread to count down in vain.
        versions = [version for known in self.known.values() for version in known.versions]
        ends = [version.due_at - self.clock.now() for version in versions if version.due_at]
        self.clock.set_wall(max([timedelta(), *ends]).total_seconds())
        self.clock.advance(SLICE)
        self.settle()
        self.audit()
        for timer_id, known in self.known.items():
            if known.now_is.state is not State.RUNNING:
                continue
            if timer_id not in self.discord.announced:
                assert timer_id in self.base.given_up(REASON), f"never said: {known.now_is}"
            elif known.has_card and timer_id not in self.discord.stale:
                version = self.discord.cards[timer_id]
                assert version == known.now_is.version + 1, f"the card shows version {version} of {known.now_is}"
        assert self.life.scheduler.threads == 0, "a thread counts down for nothing"

    # How the model and the engine are compared.

    def recollect(self) -> None:
        """Compare the database with what was acknowledged, and find out what happened to the rest."""
        for request, row in self.base.timers().items():
            timer = replace(unfinished(row), card_id=None)
            if request in self.unanswered:
                self.known[timer.id] = Known(self.unanswered[request], [timer])
            known = self.known[timer.id]
            if timer != known.now_is:
                assert known.unsure, f"what was acknowledged is lost: {known.now_is} became {timer}"
                assert timer.version == known.now_is.version + 1, f"{known.now_is} became {timer}"
                known.versions.append(timer)
            known.unsure = False
            assert row.state is not State.DONE or known.may_be_over(self.clock.latest), (
                f"ended nevertheless: {timer}"
            )
        self.unanswered.clear()
        self.hold_the_log()

    def hold_the_log(self) -> None:
        """Check that each finished timer has one entry of its running time, and a live one has none."""
        for row, entries in self.base.logged().items():
            expected = []
            if row.state not in LIVE:
                was = self.known[row.id].versions[-1 if row.state is State.DONE else -2]
                ended_at = was.due_at if row.state is State.DONE else row.ended_at
                assert ended_at
                left = was.remaining or (max(was.due_at - ended_at, timedelta()) if was.due_at else timedelta())
                # If the wall clock was set back meanwhile it has run for longer than it seems.
                run = min(was.length + was.extended - left, ended_at - row.started_at)
                outcome = "finished" if row.state is State.DONE else "cut_short"
                expected = [(run, ended_at, outcome, row.owner_id)] if run >= timedelta(seconds=1) else []
            names = ("log_focused", "log_ended_at", "log_outcome", "log_user_id")
            logged = [tuple(entry[name] for name in names) for entry in entries]
            assert logged == expected, f"logged {logged} of {row}"

    def hold(self) -> None:
        for timer_id, times in self.discord.announced.items():
            timer = self.known[timer_id].now_is
            assert len(times) == 1, f"announced {len(times)} times: {timer}"
            assert timer.due, f"announced nevertheless: {timer}"
            assert times[0] >= timer.due.at, f"announced at {times[0]}: {timer}"
        for timer_id in self.base.announced_ids():
            assert timer_id in self.discord.announced, f"taken for said, but was not: {self.known[timer_id].now_is}"

    def unsaid(self) -> list[Due]:
        """Return the due timers that were neither announced nor given up."""
        settled = self.discord.announced.keys() | self.discord.given_up
        due = [known.now_is.due for known in self.known.values()]
        return [
            waiting
            for waiting in due
            if waiting and waiting.at <= self.clock.now() and waiting.timer_id not in settled
        ]

    def choose(self, pick: int) -> Known | None:
        """Choose a timer, mostly a live one."""
        every = list(self.known.values())
        going = [
            known for known in every if known.now_is.state in LIVE and known.now_is.id not in self.discord.announced
        ]
        some = going if going and pick % 4 else every
        return some[pick % len(some)] if some else None
