"""A session checked against a model that knows nothing but seconds: it lives through every one of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.errors import BadPlan, TooLate
from bot.domain.focus import plan
from bot.domain.focus.ending import Ending
from bot.domain.focus.plan import Plan
from bot.domain.focus.session import WARNING, Session
from bot.domain.stats.log import efforts
from bot.domain.timers.timer import Actor, Purpose, State, Timer

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
# The model's second: few of them make a phase, so that an example is quickly lived through.
SECOND = timedelta(seconds=10)
DOORS = 3
PEOPLE = [1, 2, 3]
picks = st.integers(0, 5)


def lengths(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda seconds: seconds * SECOND)


plans = st.builds(
    plan.standard,
    focus=lengths(1, 20),
    short=lengths(0, 15),
    long=lengths(0, 15),
    rounds=st.integers(2, 6),
)


@dataclass
class Someone:
    """A person in the model.

    ``run`` is the seconds since counting restarted; a step of the wall clock can make it negative.
    """

    came: int
    here: bool = True
    resting: bool = False
    counts: bool = False
    kept: int = 0
    run: int = 0

    @property
    def seconds(self) -> int:
        return self.kept + max(self.run, 0)


@dataclass
class Model:
    """A session, told a second at a time."""

    phases: list[tuple[int, bool]]
    auto: bool
    patience: int
    host: int
    someone: dict[int, Someone]
    at: int = -1
    left: int = DOORS
    going: bool = True
    waiting: bool = False
    over: Ending | None = None
    asked: bool = False
    quiet: int = 0
    began: int = 0
    clock: int = 0
    entered: list[int] = field(default_factory=list)
    done: Counter[tuple[int, int]] = field(default_factory=Counter)

    def second(self, *, seen: bool) -> None:
        """Let one second pass."""
        self.clock += 1
        if not self.going or self.over:
            return
        self.left -= 1
        for person in self.someone.values():
            person.run += person.counts
        if self.left <= 0:
            self.next(seen=seen)

    def next(self, *, seen: bool) -> None:
        was_focus = self.is_focus
        self.close()
        if self.at + 1 == len(self.phases):
            self.end(Ending.FINISHED)
            return
        if was_focus and seen and self.patience:
            if self.asked:
                self.end(Ending.IDLE)
                return
            self.asked = self.quiet >= self.patience
        waits = self.at >= 0 and not self.auto
        self.at += 1
        self.began = self.clock
        self.entered.append(self.at)
        self.quiet += self.is_focus
        self.left = self.phases[self.at][0]
        self.going, self.waiting = not waits, waits
        self.count()

    def close(self) -> None:
        """Log each person's focus, also of those who left."""
        for user_id, person in self.someone.items():
            if person.seconds:
                self.done[user_id, self.at] += person.seconds
            person.kept = person.run = 0
            person.counts = False

    def end(self, how: Ending) -> None:
        self.over, self.going, self.waiting, self.asked = how, False, False, False

    @property
    def is_focus(self) -> bool:
        return 0 <= self.at < len(self.phases) and self.phases[self.at][1]

    def count(self) -> None:
        """Note whose time counts from here on."""
        for person in self.someone.values():
            counts = person.here and not person.resting and self.is_focus and self.going
            if person.counts and not counts:
                person.kept, person.run = person.seconds, 0
            person.counts = counts

    def here(self) -> list[int]:
        return sorted((user_id for user_id, person in self.someone.items() if person.here), key=self.place)

    def place(self, user_id: int) -> tuple[int, int]:
        return self.someone[user_id].came, user_id


mostly = st.sampled_from([True, True, False])
wishes: dict[str, Any] = {
    "text": plans,
    "auto": mostly,
    "warn": st.booleans(),
    "patience": st.integers(0, 2),
    "doors": mostly.map(lambda most: not most),
}
live = precondition(lambda self: not self.model.over)


class Machine(RuleBasedStateMachine):
    """Does the same to a session and to its model, and compares them after every step."""

    @initialize(**wishes)
    def begin(self, text: Plan, auto: bool, warn: bool, patience: int, doors: bool) -> None:
        """Open the doors with two people inside; mostly, go on to the first phase."""
        timer = Timer(
            id=1, version=1, state=State.RUNNING, owner_id=1, guild_id=3, channel_id=30, name="focus",
            length=SECOND, started_at=START, due_at=START + DOORS * SECOND, purpose=Purpose.SESSION,
        )  # fmt: skip
        opened = Session(timer, text, began_at=START, auto=auto, warn=warn, most_idle=patience)
        self.session = opened.join(1, START).join(2, START)
        self.model = Model(seconds_of(text), auto, patience, 1, {1: Someone(0), 2: Someone(0)})
        self.efforts: dict[tuple[int, int], int] = {}
        self.stages: list[int] = []
        self.clock_is_even = True
        if not doors:
            self.time_passes(DOORS)

    @precondition(lambda self: self.model.over)
    @rule(**wishes)
    def begin_again(self, text: Plan, auto: bool, warn: bool, patience: int, doors: bool) -> None:
        """A finished session refuses transitions; another follows it."""
        over, host, now = self.session, self.host, self.moment + SECOND
        assert over.reacted() == over.tick(now) == over
        moves: tuple[Callable[[], Session], ...] = (
            lambda: over.join(9, now),
            lambda: over.leave(1, now),
            lambda: over.rest(1, now),
            lambda: over.back(1, now),
            lambda: over.pause(host, now),
            lambda: over.resume(host, now),
            lambda: over.skip(host, now),
            lambda: over.extend(host, SECOND, now),
            lambda: over.edit(host, text, now),
            lambda: over.hand_over(host, 1),
            lambda: over.stop(host, now),
        )
        for move in moves:
            with pytest.raises(TooLate):
                move()
        self.begin(text, auto, warn, patience, doors)

    # What people do.

    def do(self, move: Callable[[Session], Session]) -> None:
        """Apply a transition as the service does: its person is active."""
        self.model.asked, self.model.quiet = False, 0
        self.keep(move(self.session.reacted()))

    @precondition(lambda self: not self.model.over and self.absent)
    @rule(pick=picks)
    def join(self, pick: int) -> None:
        user_id = self.absent[pick % len(self.absent)]
        self.do(lambda session: session.join(user_id, self.moment))
        person = self.model.someone.setdefault(user_id, Someone(self.model.clock))
        person.here, person.resting = True, False
        self.model.count()

    # The last one stays until some phases are over: other rules want their turn.
    @precondition(lambda self: not self.model.over and (len(self.stages) > 2 or len(self.model.here()) > 1))
    @rule(pick=picks)
    def leave(self, pick: int) -> None:
        user_id = self.model.here()[pick % len(self.model.here())]
        self.do(lambda session: session.leave(user_id, self.moment))
        self.model.someone[user_id].here = False
        self.model.count()
        if not self.model.here():
            self.model.close()
            self.model.end(Ending.EMPTY)
        elif user_id == self.model.host:
            self.model.host = self.model.here()[0]

    @live
    @rule(pick=picks)
    def rest_or_come_back(self, pick: int) -> None:
        user_id = self.model.here()[pick % len(self.model.here())]
        person = self.model.someone[user_id]
        if person.resting:
            self.do(lambda session: session.back(user_id, self.moment))
        else:
            self.do(lambda session: session.rest(user_id, self.moment))
        person.resting = not person.resting
        self.model.count()

    @live
    @rule(pick=picks)
    def hand_over(self, pick: int) -> None:
        user_id = self.model.here()[pick % len(self.model.here())]
        self.do(lambda session: session.hand_over(self.host, user_id))
        self.model.host = user_id

    # What the host does with the clock; anybody can begin a waiting phase.

    @precondition(lambda self: self.model.going)
    @rule()
    def pause(self) -> None:
        self.do(lambda session: session.pause(self.host, self.moment))
        self.model.going = False
        self.model.count()

    @precondition(lambda self: not self.model.over and not self.model.going)
    @rule(pick=picks)
    def resume(self, pick: int) -> None:
        user_id = self.model.here()[pick % len(self.model.here())] if self.model.waiting else self.model.host
        self.do(lambda session: session.resume(actor(user_id), self.moment))
        self.model.began = self.model.clock if self.model.waiting else self.model.began
        self.model.going, self.model.waiting = True, False
        self.model.count()

    @live
    @rule()
    def skip(self) -> None:
        self.do(lambda session: session.skip(self.host, self.moment))
        self.model.next(seen=False)

    @live
    @rule(by=st.integers(1, 10))
    def extend(self, by: int) -> None:
        self.do(lambda session: session.extend(self.host, by * SECOND, self.moment))
        self.model.left += by

    @live
    @rule(focus=st.none() | lengths(1, 20), more=st.none() | st.integers(0, 2))
    def edit(self, focus: timedelta | None, more: int | None) -> None:
        at, before = self.model.at, self.session.plan
        rounds = None if more is None else max(before.round_of(at), 1) + more
        try:
            new = before.edited(at, focus=focus, rounds=rounds)
        except BadPlan:  # nothing is left to change
            return
        self.do(lambda session: session.edit(self.host, new, self.moment))
        phases = seconds_of(new)
        if at >= 0:
            self.model.left = max(self.model.left + phases[at][0] - self.model.phases[at][0], 0)
        self.model.phases = phases
        self.clock_is_even = False  # the end may be nearer than the warning
        if self.model.going and not self.model.left:
            self.model.next(seen=True)
            self.keep(self.session.tick(self.moment))

    @precondition(lambda self: not self.model.over and len(self.stages) > 2)
    @rule()
    def stop(self) -> None:
        self.do(lambda session: session.stop(self.host, self.moment))
        self.model.close()
        self.model.end(Ending.STOPPED)

    # What time does.

    @live
    @rule(phases=st.integers(1, 3))
    def phases_pass(self, phases: int) -> None:
        """Nobody does anything but begin waiting phases and resume paused ones, always at the last second."""
        for _ in range(phases):
            if not self.model.going and not self.model.over:
                self.resume(0)
            self.time_passes(self.model.left)

    @live
    @rule(seconds=st.integers(1, 20))
    def time_passes(self, seconds: int) -> None:
        """Every moment at which the timer is due is noticed on the second."""
        for _ in range(seconds):
            self.model.second(seen=True)
            if self.is_due:
                self.keep(self.session.tick(self.moment))

    @live
    @rule(seconds=st.integers(1, 150))
    def away(self, seconds: int) -> None:
        """The bot is away, or the wall clock is set forward: due timers are noticed at the end."""
        unseen = False
        for _ in range(seconds):
            stage = self.model.at
            self.model.second(seen=not unseen)
            unseen |= stage != self.model.at
        if self.is_due:
            self.keep(self.session.tick(self.moment))
        assert not self.is_due

    @live
    @rule(seconds=st.integers(1, 10))
    def the_wall_clock_is_set_back(self, seconds: int) -> None:
        """A deadline is a time of day: until then there is that much more to run and to count."""
        self.model.clock -= seconds
        self.clock_is_even = False
        if self.model.going:
            self.model.left += seconds
        for person in self.model.someone.values():
            person.run -= seconds * person.counts

    # What always holds.

    @invariant()
    def is_where_it_should_be(self) -> None:
        """No phase is lost or entered twice, and each ends where it should be counted from the start."""
        model, session = self.model, self.session
        assert model.entered == list(range(len(model.entered)))
        assert session.ending == model.over
        assert session.is_over == bool(model.over)
        assert self.stages == sorted(set(self.stages))
        if model.over:
            assert session.stage == len(session.plan.phases)
            return
        assert (session.at, session.waiting) == (model.at, model.waiting)
        assert session.began_at == START + model.began * SECOND
        assert (session.asked, session.idle) == (model.asked, model.quiet)
        assert session.left(self.moment) == model.left * SECOND
        if model.going:
            assert session.ends_at == self.moment + model.left * SECOND
        else:
            assert (session.ends_at, session.timer.state) == (None, State.PAUSED)

    @invariant()
    def minutes_add_up(self) -> None:
        """For each person, the logged and the current focus add up to the time they were present."""
        assert self.efforts == dict(self.model.done)
        for person in self.session.people:
            running = max(self.moment - person.since, SECOND * 0) if person.since else SECOND * 0
            assert person.focused + running == self.model.someone[person.user_id].seconds * SECOND

    @invariant()
    def people_are_who_they_should_be(self) -> None:
        assert [person.user_id for person in self.session.present] == self.model.here()
        assert self.session.timer.owner_id == self.model.host
        assert self.model.over or self.model.host in self.model.here()

    @invariant()
    def warns_in_time(self) -> None:
        """The timer is due a minute before the end if that is wanted, long enough, and not past."""
        if not self.model.going or self.model.at < 0 or not self.clock_is_even:
            return
        worth = self.session.warn and self.model.phases[self.model.at][0] * SECOND >= 2 * WARNING
        assert self.session.armed == (worth and self.model.left * SECOND > WARNING)

    # How it is done.

    @property
    def moment(self) -> datetime:
        return START + self.model.clock * SECOND

    @property
    def absent(self) -> list[int]:
        return [user_id for user_id in PEOPLE if user_id not in self.model.here()]

    @property
    def host(self) -> Actor:
        return actor(self.model.host)

    @property
    def is_due(self) -> bool:
        due = self.session.timer.due
        return due is not None and due.at <= self.moment

    def keep(self, new: Session) -> None:
        """Accept a transition as the store does, which writes each entry once."""
        for effort in efforts((*new.done, *new.unsure)):
            key = (effort.user_id, effort.phase)
            assert key not in self.efforts
            self.efforts[key] = effort.focused // SECOND
        if new.stage != self.session.stage:
            self.stages.append(new.stage)
            self.clock_is_even = True
        if new.timer != self.session.timer and new.timer.owner_id == self.session.timer.owner_id:
            assert new.timer.version > self.session.timer.version
        self.session = Session(
            **{name: getattr(new, name) for name in Session.__slots__ if name not in {"done", "unsure"}}
        )


def seconds_of(text: Plan) -> list[tuple[int, bool]]:
    return [(phase.length // SECOND, phase.is_focus) for phase in text.phases]


def actor(user_id: int) -> Actor:
    return Actor(user_id, 3, 30)


def test_sessions() -> None:
    """Whatever people and time do, in any order: phases, deadlines, minutes, hosts and endings are the model's."""
    run_state_machine_as_test(Machine)
