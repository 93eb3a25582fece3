"""A session: people keep time together through the phases of a plan.

Its clock is a timer, whose version moves on with every change of phase or deadline. What people do among
themselves (come, go, rest, say what they work on) leaves the clock alone. Every move gives a new ``Session``.

A phase that is over is followed by the next from the moment it was to end, not from the moment that was noticed:
nothing drifts, and a bot that was away goes on where it would be by now.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import duration, focus_log, lookup
from bot.domain.errors import BadDuration, NotYours, TooLate, TooMany, UnknownSession
from bot.domain.focus_log import Entry
from bot.domain.participant import Participant
from bot.domain.plan import LONGEST, Phase, Plan
from bot.domain.timer import LIVE, Actor, State, Timer

# Said so long before the end of a phase, where it is wanted and the phase is not much shorter itself.
WARNING = timedelta(minutes=1)
_WORTH_WARNING = 2 * WARNING
# One message can mention so many people.
MOST_PEOPLE = 100


class Ending(StrEnum):
    """Why a session is over."""

    FINISHED = "finished"
    STOPPED = "stopped"
    EMPTY = "empty"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it stands. Times are aware UTC; ``timer`` has the host, the channel, the state and the card.

    ``at`` is the phase that is going, by its place in the plan: -1 while the doors are open, the number of phases
    when all are over. ``began_at`` is when that phase was to begin. While ``waiting`` it begins as soon as somebody
    says so. ``idle`` counts the rounds that have begun since anybody did anything; ``asked`` tells that they were
    asked whether they are still there. ``armed`` tells that the timer is due for the warning, not yet for the end.
    """

    timer: Timer
    plan: Plan
    began_at: datetime
    at: int = -1
    auto: bool = True
    warn: bool = False
    voice_id: int | None = None
    waiting: bool = False
    armed: bool = False
    idle: int = 0
    asked: bool = False
    ending: Ending | None = None
    people: tuple[Participant, ...] = ()
    # What people have done in the phases that ended by this move; the store keeps it and starts anew.
    done: tuple[Entry, ...] = ()

    @property
    def phase(self) -> Phase | None:
        """The phase that is going, or that waits to begin; None before the first and after the last."""
        return self.plan.phases[self.at] if 0 <= self.at < len(self.plan.phases) else None

    @property
    def ends_at(self) -> datetime | None:
        """When the phase (or the time of open doors) ends, while the clock runs."""
        if (due := self.timer.due) is None:
            return None
        return due.at + WARNING if self.armed else due.at

    @property
    def stage(self) -> int:
        """How far it has come: the phase by its place in the plan, or the number of phases once it is over."""
        return len(self.plan.phases) if self.is_over else self.at

    @property
    def present(self) -> tuple[Participant, ...]:
        """Those who are in it now, in the order they came."""
        return tuple(one for one in self.people if one.left_at is None)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.timer.state not in LIVE

    def person(self, user_id: int) -> Participant:
        """Find somebody who is in it. Raises ``UnknownSession``, or ``TooLate`` where it is over."""
        self._must_be_live()
        for one in self.present:
            if one.user_id == user_id:
                return one
        raise UnknownSession("You are not in this session.", "focus join")

    def tick(self, now: datetime, most_idle: int) -> "Session":
        """Go on because the timer is due: to the warning's end, or over every phase that is over by now.

        ``most_idle`` is how many rounds nobody needs to do anything; 0 stands for no end of patience. Nobody is
        asked whether they are there and given up in the same move: the bot may have been away for rounds.
        """
        ends_at = self.ends_at
        if self.armed and ends_at is not None and now < ends_at:
            return self._clocked(due_at=ends_at)
        session = self
        while (ends_at := session.ends_at) is not None and ends_at <= now:
            session = session._next(ends_at, now, most_idle)
            most_idle = 0
        return session

    # What the host and moderators may do with the clock.

    def pause(self, actor: Actor, now: datetime) -> "Session":
        """Stop the clock for all. Raises ``TooLate`` where it does not run."""
        self._must_lead(actor, "pause it")
        if self.timer.state is State.PAUSED:
            raise TooLate("The session is paused already.", "focus resume")
        return self._stop_counting(now)._clocked(state=State.PAUSED, due_at=None, remaining=self.left(now))

    def resume(self, actor: Actor, now: datetime) -> "Session":
        """Let the clock run on, or begin the phase that waits. Raises ``TooLate`` where it runs."""
        if self.waiting:
            self.person(actor.user_id)
        else:
            self._must_lead(actor, "resume it")
        remaining = self.timer.remaining
        if remaining is None:
            raise TooLate("The session is running already.", "focus status")
        began_at = now if self.waiting else self.began_at
        return replace(self, waiting=False, began_at=began_at)._run(now + remaining, now)._start_counting(now)

    def skip(self, actor: Actor, now: datetime) -> "Session":
        """End the phase now and go on to the next."""
        self._must_lead(actor, "skip a phase")
        return self._next(now, now)

    def extend(self, actor: Actor, by: timedelta, now: datetime) -> "Session":
        """Give the phase longer. Raises ``BadDuration`` where too much would be left."""
        self._must_lead(actor, "give it longer")
        return self._with_left(self.left(now) + by, now)

    def edit(self, actor: Actor, plan: Plan, now: datetime) -> "Session":
        """Go on by another plan, with the same past; the phase takes its new length, from its beginning."""
        self._must_lead(actor, "change its plan")
        edited = replace(self, plan=plan)
        if self.phase is None or edited.phase is None:
            return edited
        longer = edited.phase.length - self.phase.length
        return edited._with_left(max(self.left(now) + longer, timedelta()), now) if longer else edited

    def stop(self, actor: Actor, now: datetime) -> "Session":
        """End it for all."""
        self._must_lead(actor, "stop it")
        return self._over(now, Ending.STOPPED)

    # What people do among themselves.

    def join(self, user_id: int, now: datetime, task: str | None = None, *, by_voice: bool = False) -> "Session":
        """Come in, or in again; by the linked voice channel, for as long as they sit there. Raises ``TooLate``."""
        self._must_be_live()
        new = Participant(user_id, joined_at=now, left_at=now)
        person = next((one for one in self.people if one.user_id == user_id), new)
        if person.left_at is None and by_voice:
            return self._with(replace(person, by_voice=True))
        if person.left_at is None:
            raise TooLate("You are in this session already.", "focus status")
        if len(self.present) >= MOST_PEOPLE:
            raise TooMany(f"{MOST_PEOPLE} people are in this session, which is the most.", "focus status")
        back = replace(person, left_at=None, resting=False, task=task or person.task, by_voice=by_voice)
        return self._with(back)._start_counting(now)

    def leave(self, user_id: int, now: datetime) -> "Session":
        """Go; what they have done counts. A host who goes hands it on; one that is empty ends."""
        session = self._with(replace(self.person(user_id).stop(self._until(now)), left_at=now))
        if not session.present:
            return session._over(now, Ending.EMPTY)
        if user_id == self.timer.owner_id:
            session = replace(session, timer=replace(session.timer, owner_id=session.present[0].user_id))
        return session

    def rest(self, user_id: int, now: datetime) -> "Session":
        """Stop counting for one person. Raises ``TooLate`` where they rest already."""
        person = self.person(user_id)
        if person.resting:
            raise TooLate("You are paused already; the others go on.", "focus back")
        return self._with(replace(person.stop(self._until(now)), resting=True))

    def back(self, user_id: int, now: datetime) -> "Session":
        """Count for that person again. Raises ``TooLate`` where they do not rest."""
        person = self.person(user_id)
        if not person.resting:
            raise TooLate("You are not paused.", "focus rest")
        return self._with(replace(person, resting=False))._start_counting(now)

    def change_person(self, user_id: int, change: Callable[[Participant], Participant]) -> "Session":
        """Change what one person has said of themself, such as the task."""
        return self._with(change(self.person(user_id)))

    def hand_over(self, actor: Actor, to: int) -> "Session":
        """Let another host it, who must be in it."""
        self._must_lead(actor, "hand it over")
        if all(one.user_id != to for one in self.present):
            raise UnknownSession("They are not in this session; a host must be.", "focus join")
        return replace(self, timer=replace(self.timer, owner_id=to))

    def reacted(self) -> "Session":
        """Note that somebody is there; to be called before any other move that a person makes."""
        return self if self.is_over else replace(self, idle=0, asked=False)

    def left(self, now: datetime) -> timedelta:
        """Say how much of the phase is left."""
        if self.ends_at is not None:
            return max(self.ends_at - now, timedelta())
        return self.timer.remaining or timedelta()

    def _next(self, ended_at: datetime, now: datetime, most_idle: int = 0) -> "Session":
        """End this phase at ``ended_at``, and begin the one after it, or end it all."""
        phase, session = self.phase, self._close_phase(ended_at)
        if session.at + 1 >= len(self.plan.phases):
            return session._over(ended_at, Ending.FINISHED)
        if most_idle and phase and phase.is_focus:
            if session.asked:
                return session._over(ended_at, Ending.IDLE)
            session = replace(session, asked=session.idle >= most_idle)
        following = session.plan.phases[session.at + 1]
        if following.is_focus:
            is_voiced = any(one.by_voice for one in session.present)  # whoever sits in the voice channel is there
            session = replace(session, idle=0 if is_voiced else session.idle + 1)
        session = replace(session, at=session.at + 1, began_at=ended_at, waiting=False)
        if session.auto or phase is None:
            return session._run(ended_at + following.length, now)._start_counting(ended_at)
        session = replace(session, waiting=True)
        return session._clocked(state=State.PAUSED, due_at=None, remaining=following.length)

    def _close_phase(self, ended_at: datetime) -> "Session":
        """Write down what each has done in the phase that ends."""
        session = self._stop_counting(ended_at)
        is_whole = self.ends_at is not None and ended_at >= self.ends_at
        done = focus_log.of_phase(self.timer, self.at, self.began_at, ended_at, session.people, is_whole=is_whole)
        people = tuple(replace(one, focused=timedelta()) for one in session.people)
        return replace(session, people=people, done=session.done + done)

    def _over(self, now: datetime, ending: Ending) -> "Session":
        session = self._close_phase(now)
        state = State.DONE if ending is Ending.FINISHED else State.CANCELLED
        at = len(self.plan.phases) if ending is Ending.FINISHED else self.at
        over = replace(session, ending=ending, at=at, waiting=False, asked=False)
        return over._clocked(state=state, due_at=None, remaining=None, ended_at=now)

    def _run(self, ends_at: datetime, now: datetime) -> "Session":
        """Let the clock run until then, with a warning before it where there is time for one."""
        warning_at = ends_at - WARNING
        armed = self.warn and self.phase is not None and self.phase.length >= _WORTH_WARNING and now < warning_at
        due_at = warning_at if armed else ends_at
        return self._clocked(armed=armed, state=State.RUNNING, due_at=due_at, remaining=None)

    def _with_left(self, left: timedelta, now: datetime) -> "Session":
        if left > LONGEST:
            most = duration.spoken(LONGEST)
            raise BadDuration(f"That is too long; a phase goes on for at most {most}.", "focus extend 5m")
        if self.timer.state is State.PAUSED:
            return self._clocked(remaining=left)
        return self._run(now + left, now)

    def _clocked(self, *, armed: bool = False, **changed: object) -> "Session":
        """Change the clock: the timer's next version."""
        timer = replace(self.timer, version=self.timer.version + 1, **changed)  # type: ignore[arg-type]
        return replace(self, timer=timer, armed=armed)

    def _until(self, now: datetime) -> datetime:
        """Say up to when time counts: a phase that should be over has no more of it."""
        return min(now, self.ends_at) if self.ends_at else now

    def _stop_counting(self, now: datetime) -> "Session":
        until = self._until(now)
        return replace(self, people=tuple(one.stop(until) for one in self.people))

    def _start_counting(self, now: datetime) -> "Session":
        """Count for all who are in it and do not rest, where it is time to focus."""
        if self.timer.state is not State.RUNNING or not (self.phase and self.phase.is_focus):
            return self
        return replace(self, people=tuple(one.start(now) for one in self.people))

    def _with(self, person: Participant) -> "Session":
        others = (one for one in self.people if one.user_id != person.user_id)
        # In the order in which the store gives them.
        return replace(self, people=tuple(sorted((*others, person), key=lambda one: (one.joined_at, one.user_id))))

    def _must_be_live(self) -> None:
        if self.is_over:
            raise TooLate("This session is over.", "focus start")

    def _must_lead(self, actor: Actor, verb: str) -> None:
        self._must_be_live()
        if not lookup.may_command(actor, self.timer):
            raise NotYours(f"Only the host or a moderator can {verb}; you can pause for yourself.", "focus rest")
