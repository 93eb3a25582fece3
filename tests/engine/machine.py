"""The state machine: whatever people ask and time and trouble do, in any order, held to the model."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.domain.errors import BadDuration, NotSaved, Refusal, TooLate
from bot.domain.timer import LIVE, Actor, State, Timer
from bot.engine.countdown import SLICE
from tests.engine.life import Life
from tests.engine.model import Known, changed, unfinished
from tests.engine.trouble import REASON, Clock, Discord, Whim

# Countdown threads: few, so that timers take each other's place all the time.
THREADS = 3
PEOPLE = [Actor(user_id, 3, channel_id) for user_id in (7, 8) for channel_id in (30, 31)]
SECONDS = st.sampled_from((1, 2, 2, 3, 5, 8, 60, 3600, 86_400))
VERBS = st.sampled_from(("pause", "resume", "cancel", "extend"))
WHIMS: tuple[Whim, ...] = ("fails", "fails", "is not heard", "is not heard", "refuses")
# Reduced to the timers that there are when it is used, so that what is drawn never hangs on a thread's pace.
WHICH = st.integers(0, 1 << 16)


@dataclass
class Base:
    """An empty, migrated database: its URL, and a connection to look into it past the bot."""

    url: str
    eye: Any

    def look(self, statement: str) -> list[Any]:
        return list(self.eye.execute(statement).fetchall())


class Machine(RuleBasedStateMachine):
    """Holds service, roster, threads, outbox and store to the model, whatever is asked and goes wrong.

    Each acknowledged timer is announced once: not before its deadline, not while it is paused, not after it was
    cancelled. A start that was not acknowledged, because the process ended first, may have happened or not.
    """

    def __init__(self, empty: Callable[[], Base]) -> None:
        super().__init__()
        self.base = empty()
        self.clock = Clock()
        self.discord = Discord(self.clock)
        self.known: dict[int, Known] = {}
        # Starts whose answer was never heard: the request, and who made it.
        self.unanswered: dict[str, Actor] = {}
        self.requests = 0
        self.sound = False  # whether the last rule came to its end
        self.boot()
        self.audit()

    # What people ask for.

    @rule(starts=st.lists(st.tuples(st.sampled_from(PEOPLE), SECONDS, st.booleans()), min_size=1, max_size=4))
    def start(self, starts: list[tuple[Actor, int, bool]]) -> None:
        """Start timers at the same moment; an event may come twice, and starts one timer all the same."""
        self.sound = False
        wanted = []
        for who, seconds, twice in starts:
            self.requests += 1
            wanted.append((who, timedelta(seconds=seconds), f"message:{self.requests}", 1 + twice))
        start = self.life.timers.start
        answers = self.life.ask(
            *(start(who, "tea", length, request) for who, length, request, times in wanted for _ in range(times))
        )
        for who, length, request, times in wanted:
            self.check_start(who, length, request, answers[:times])
            del answers[:times]
        self.audit()

    def check_start(
        self, who: Actor, length: timedelta, request: str, answers: list[Timer | Refusal | None]
    ) -> None:
        started = [answer for answer in answers if isinstance(answer, Timer)]
        assert all(isinstance(answer, Timer) or self.excused(answer) for answer in answers), answers
        assert all(timer == started[0] for timer in started)
        for timer in started[:1]:
            assert (timer.version, timer.state, timer.due_at) == (1, State.RUNNING, self.clock.now() + length)
            assert timer.id not in self.known
            self.known[timer.id] = Known(who, [timer])
        if not started and None in answers:
            self.unanswered[request] = who

    @rule(which=WHICH, verb=VERBS, seconds=SECONDS)
    def change(self, which: int, verb: str, seconds: int) -> None:
        """Ask for a change of a timer."""
        self.race(which, [verb], seconds, 0, None)

    @rule(
        which=WHICH,
        verbs=st.lists(VERBS, min_size=1, max_size=3),
        seconds=SECONDS,
        behind=st.sampled_from((0, 0, 1, 2)),
        early=st.none() | st.sampled_from((0, 1)),
    )
    def race(self, which: int, verbs: list[str], seconds: int, behind: int, early: int | None) -> None:
        """Ask for changes of a timer at the same moment: as it is or once was; perhaps just as its time comes."""
        if not (known := self.choose(which)):
            return
        self.sound = False
        old, by = known.behind(behind), timedelta(seconds=seconds)
        answers = self.life.do(self.ask_for_changes(known, old, verbs, by, early))
        now = self.clock.now()
        taken = [answer for answer in answers if isinstance(answer, Timer)]
        assert len(taken) <= 1, f"{len(taken)} changes of the same version were taken"
        for verb, answer in zip(verbs, answers, strict=True):
            if isinstance(answer, Timer):
                assert known.is_possible(verb, old, by, now), f"{verb} was taken, made of {old}"
                assert answer == changed(old, verb, by, now)
            elif isinstance(answer, TooLate | BadDuration):
                lost = taken or known.may_be_over(self.clock.latest)
                assert lost or not known.is_possible(verb, old, by, now), f"{verb} was refused: {answer}"
            else:
                assert self.excused(answer), answer
                known.unsure |= answer is None
        known.versions += taken
        self.audit()

    @rule(which=WHICH)
    def card(self, which: int) -> None:
        """Remember a timer's card, as is done when it was sent."""
        if known := self.choose(which):
            self.sound = False
            refused = self.life.power.refused
            self.life.ask(self.life.timers.set_card(known.now_is, 9000 + known.now_is.id))
            known.has_card |= not self.life.power.cut and refused == self.life.power.refused
            self.audit()

    # What time and trouble do.

    @rule(milliseconds=st.sampled_from((1, 100, 999, 1000, 2000, 5000, 60_000, 3_600_000, 90_000_000)))
    def advance(self, milliseconds: int) -> None:
        """Let time pass; what comes of it is left in the middle."""
        self.sound = False
        self.life.do(self.pass_time(milliseconds / 1000))
        self.audit()

    @rule(by=st.sampled_from((-3600, -5, 5, 3600)))
    def set_wall(self, by: int) -> None:
        """Set the wall clock, which a countdown notices within a slice."""
        self.settle()
        self.sound = False
        self.clock.set_wall(by)
        self.life.do(self.pass_time(SLICE))
        self.audit()

    @rule()
    def settle(self) -> None:
        """Let all be said that is due."""
        self.sound = False
        while not self.life.do(self.until_quiet()):
            self.audit()
        self.audit()

    @rule(
        whims=st.lists(st.sampled_from(WHIMS), max_size=4),
        refusing=st.sampled_from((0, 0, 1, 3)),
        left=st.none() | st.integers(0, 30),
    )
    def trouble(self, whims: list[Whim], refusing: int, left: int | None) -> None:
        """Let Discord be moody, the database be locked for a while, and the power be cut after so many steps."""
        self.discord.whims = whims
        self.life.power.refusing, self.life.power.left = refusing, left

    @rule(orderly=st.booleans(), away=st.sampled_from((0, 1, 5, 3600)), left=st.none() | st.integers(0, 10))
    def restart(self, orderly: bool, away: int, left: int | None) -> None:
        """End the process amid whatever goes on; another is there a while later, perhaps not for long."""
        self.sound = False
        if orderly:
            self.life.stop()
        else:
            self.life.fall()
        self.clock.advance(away)
        self.boot(left)
        self.audit()

    def teardown(self) -> None:
        """Once all is well again and time has passed, all was said that had to be, and nothing is left."""
        try:
            if self.sound:
                self.come_to_rest()
        finally:
            if not self.life.ended:
                self.life.fall()
            self.base.eye.close()

    def come_to_rest(self) -> None:
        self.discord.whims = []
        self.life.power.left, self.life.power.refusing = None, 0
        self.settle()
        ends = [known.now_is.due_at - self.clock.now() for known in self.known.values() if known.now_is.due_at]
        self.clock.set_wall(max(ends, default=timedelta()).total_seconds())
        self.life.do(self.pass_time(SLICE))
        self.settle()
        for timer_id, known in self.known.items():
            if known.now_is.state is not State.RUNNING:
                continue
            if timer_id not in self.discord.announced:
                kept = f"SELECT reason FROM outbox WHERE state = 'undeliverable' AND timer_id = {timer_id}"
                assert (REASON,) in self.base.look(kept)
            elif known.has_card and timer_id not in self.discord.refused:
                assert self.discord.cards[timer_id] == known.now_is.version + 1
        assert self.life.roster.threads == 0
        self.life.stop()
        assert self.life.mishaps == []

    # How the model and the engine are held together.

    def boot(self, left: int | None = None) -> None:
        """Start a process, see what became of what was broken off, and let it live for so many steps."""
        self.life = Life(self.base.url, self.clock, self.discord, THREADS)
        self.life.do(self.recollect())
        self.life.power.left = left
        self.life.ask(self.life.open())

    async def recollect(self) -> None:
        for request, actor in self.unanswered.items():
            for (timer_id,) in self.base.look(f"SELECT id FROM timers WHERE request = '{request}'"):
                self.known[timer_id] = Known(actor, [unfinished(await self.life.timers.by_id(timer_id))])
        self.unanswered.clear()
        for timer_id, known in self.known.items():
            row = replace(unfinished(await self.life.timers.by_id(timer_id)), card_id=None)
            if row != known.now_is:
                assert known.unsure, f"what was acknowledged is lost: {known.now_is} became {row}"
                assert row.version == known.now_is.version + 1
                known.versions.append(row)
            known.unsure = False

    def audit(self) -> None:
        """Hold what was said against what was acknowledged."""
        while self.life.power.cut:
            self.life.fall()
            self.boot()
        assert self.life.mishaps == []
        assert self.clock.most_threads <= THREADS
        for timer_id, times in self.discord.announced.items():
            timer = self.known[timer_id].now_is
            assert len(times) == 1, f"announced {len(times)} times: {timer}"
            assert timer.due, f"announced nevertheless: {timer}"
            assert times[0] >= timer.due.at, f"announced at {times[0]}: {timer}"
        self.sound = True

    async def until_quiet(self) -> bool:
        """Wait until all is said and recorded, or the power is cut; the clock is turned for those who sleep."""
        async with asyncio.timeout(10):
            while not self.life.power.cut and (self.unsaid() or self.unrecorded()):
                self.life.power.stirred.clear()
                if self.clock.asleep:
                    await self.pass_time(1)
                else:
                    await self.life.power.stirred.wait()
        return not self.life.power.cut

    def unsaid(self) -> bool:
        """Tell whether a timer is due that was neither announced nor refused."""
        heard = self.discord.announced.keys() | self.discord.refused
        due = [known.now_is.due for known in self.known.values()]
        return any(one and one.at <= self.clock.now() and one.timer_id not in heard for one in due)

    def unrecorded(self) -> bool:
        return bool(self.base.look("SELECT 1 FROM outbox WHERE state = 'pending' LIMIT 1"))

    async def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await asyncio.sleep(0)

    def choose(self, which: int) -> Known | None:
        """Choose a timer, mostly one that goes on."""
        every = list(self.known.values())
        going = [one for one in every if one.now_is.state in LIVE and one.now_is.id not in self.discord.announced]
        some = going if going and which % 4 else every
        return some[which % len(some)] if some else None

    def excused(self, answer: Refusal | None) -> bool:
        """Tell whether there is a reason for no answer, or for "could not be saved"."""
        if answer is None:
            return self.life.power.cut
        return isinstance(answer, NotSaved) and self.life.power.refused > 0

    async def ask_for_changes(
        self, known: Known, old: Timer, verbs: list[str], by: timedelta, early: int | None
    ) -> list[Timer | Refusal | None]:
        """Ask at once; with ``early``, so many milliseconds before its time comes."""
        if early is not None and known.now_is.due:
            ahead = (known.now_is.due.at - self.clock.now()).total_seconds() - early / 1000
            self.clock.advance(max(0.0, ahead))
        timers = self.life.timers
        changes: list[Coroutine[Any, Any, Timer]] = [
            timers.extend(known.actor, old, by) if verb == "extend" else getattr(timers, verb)(known.actor, old)
            for verb in verbs
        ]
        return await self.life.together(*changes)
