"""Turmoil: time passes, Discord and the database fail, the power is cut, whatever is stored and requested."""

import sys
from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.errors import NotSaved
from bot.domain.timers.timer import Due
from bot.engine.countdown import LEAD, SLICE
from tests.engine.base import Base
from tests.engine.life import Life
from tests.engine.trouble import Clock, Discord, Whim

# Countdown threads: few, so that timers replace each other all the time.
THREADS = 3
WHIMS: tuple[Whim, ...] = ("fails", "is not heard", "refuses")
# Reduced to the existing timers when it is used, so that draws never depend on a thread's pace.
WHICH = st.integers(0, 1 << 16)
# Statements, commits and sends after which the process is killed in the middle.
STEPS = st.integers(0, 20)


class Turmoil(RuleBasedStateMachine):
    """One process after the other on one database, and one Discord; subclasses say what they are asked."""

    def __init__(self, empty: Callable[[], Base]) -> None:
        super().__init__()
        self.base = empty()
        self.clock = Clock()
        self.discord = Discord(self.clock)
        self.requests = 0
        self.boot()

    # What those made of it say.

    def recollect(self) -> None:
        """Compare the database with what was acknowledged, and find out what happened to the rest."""
        raise NotImplementedError

    def hold(self) -> None:
        """Compare what was announced with the database."""
        raise NotImplementedError

    def unsaid(self) -> list[Due]:
        """Return the due timers that were neither announced nor given up."""
        raise NotImplementedError

    def come_to_rest(self) -> None:
        """Check that everything due was announced once the failures end, and that nothing is left."""
        raise NotImplementedError

    # What time and trouble do.

    @rule(seconds=st.sampled_from((0.001, 0.1, 0.2, 0.999, 1.0, 5.0, 60.0, 90_000.0)), moments=st.lists(STEPS))
    def go_on(self, seconds: float, moments: list[int]) -> None:
        """Let time pass, and then some tenths of a second with a number of steps in each."""
        self.clock.advance(seconds)
        for steps in moments:
            self.life.do(self.life.rest(steps))
            self.clock.advance(0.1)

    @rule(
        whims=st.lists(st.sampled_from(WHIMS), max_size=5),
        refusing=st.sampled_from((0, 0, 1, 3)),
        losing=st.sampled_from((0, 1, 3)),
        left=st.none() | st.integers(0, 30),
    )
    def trouble(self, whims: list[Whim], refusing: int, losing: int, left: int | None) -> None:
        """Let Discord fail, the database lock or disconnect, and the power be cut after a number of steps."""
        self.discord.whims, power = whims, self.life.power
        power.refusing, power.losing, power.left = refusing, losing, left

    @rule(orderly=st.booleans(), away=st.sampled_from((0, 1, 5, 3600)), left=st.none() | st.integers(0, 10))
    def restart(self, orderly: bool, away: int, left: int | None) -> None:
        """Kill the process in the middle of anything; another starts a while later, perhaps not for long."""
        if orderly:
            self.life.stop()
        else:
            self.life.fall()
        self.clock.advance(away)
        self.boot(left)

    @rule(by=st.sampled_from((-3600, -5, 5, 3600)))
    def set_wall(self, by: int) -> None:
        """Set the wall clock while all is quiet and no timer about to end: a countdown notices within a slice."""
        self.settle()
        while any(timedelta() < due.at - self.clock.now() <= timedelta(seconds=LEAD) for due in self.base.dues()):
            self.clock.advance(LEAD)
            self.settle()
        self.clock.set_wall(by)
        self.clock.advance(SLICE)

    def teardown(self) -> None:
        """Come to rest, unless a rule has failed."""
        try:
            if sys.exc_info()[0] is None:
                self.trouble([], 0, 0, None)
                self.settle()
                self.come_to_rest()
                self.life.stop()
                assert self.life.mishaps == []
        finally:
            if not self.life.ended:
                self.life.fall()
            self.base.eye.close()

    # How it is held together.

    def boot(self, left: int | None = None) -> None:
        """Start a process, and let it live for a number of steps."""
        self.life = Life(self.base.url, self.clock, self.discord, THREADS)
        self.life.power.left = left
        self.life.ask(self.life.open())

    @invariant()
    def audit(self) -> None:
        """Compare the database and the announcements with what was acknowledged."""
        while self.life.power.cut:
            self.life.fall()
            self.boot()
        self.recollect()
        assert self.life.mishaps == []
        assert self.clock.most_threads <= THREADS, f"{self.clock.most_threads} threads"
        self.hold()

    def settle(self) -> None:
        """Let everything due be announced."""
        while not self.life.do(self.until_quiet()):
            self.audit()

    async def until_quiet(self) -> bool:
        """Run until everything is sent and recorded, or the power is cut; time advances as sleepers need it."""
        while True:
            await self.life.rest()
            unsaid, unrecorded = self.unsaid(), self.base.unrecorded()
            if self.life.power.cut or not (unsaid or unrecorded):
                return not self.life.power.cut
            wait = self.clock.next_waking()
            assert wait is not None, f"never said: {unsaid}; never recorded: {unrecorded}"
            self.clock.advance(wait)

    def draw_near(self, due: Due | None, early: int | None) -> None:
        """Let time pass until a number of milliseconds before something is due."""
        if due and early is not None:
            ahead = (due.at - self.clock.now()).total_seconds() - early / 1000
            self.clock.advance(max(0.0, ahead))

    def excused(self, answer: object) -> bool:
        """Return whether there is an excuse for no answer, or for "couldn't save that"."""
        if answer is None:
            return self.life.power.cut
        return isinstance(answer, NotSaved) and self.life.power.failed > 0

    def is_doubtful(self, answer: object) -> bool:
        """Return whether a request may have been carried out, though it was not acknowledged."""
        return answer is None or (isinstance(answer, NotSaved) and self.life.power.lost > 0)
