"""A session: people keep time together through the phases of a plan.

Its clock is a timer, whose version is bumped with every change of phase or deadline. What participants do among
themselves (join, leave, rest, set a task) leaves the clock alone. Every transition returns a new ``Session``.

The next phase begins when the last one was due to end, not when that was noticed: nothing drifts, and a bot that
was down resumes where the session would be by now.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.errors import BadDuration, NotYours, TooLate, TooMany, UnknownSession
from bot.domain.focus import presence
from bot.domain.focus.ending import Ending
from bot.domain.focus.participant import Participant, find
from bot.domain.focus.plan import LONGEST, Phase, Plan
from bot.domain.stats import log as focus_log
from bot.domain.timers import lookup
from bot.domain.timers.timer import LIVE, Actor, State, Timer
from bot.messages.catalogue import N_, Template

WARNING = timedelta(minutes=1)  # before the end of a phase, where it is wanted and the phase is long enough
_WORTH_WARNING = 2 * WARNING
MOST_PEOPLE = 100  # one message can mention no more


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it stands. Times are aware UTC; ``timer`` has the host, the channel, the state and the card.

    ``at`` is the index of the current phase in the plan: -1 while the doors are open, the number of phases when all
    are over. ``began_at`` is when that phase was due to begin. While ``waiting``, it begins on somebody's request.
    ``idle`` counts the rounds begun since anybody did anything; ``most_idle``, the operator's setting, limits them
    (0: no limit). ``asked``: people were asked whether they are still there. ``armed``: the timer is due for the
    warning, not yet for the end. ``stranded``: nothing can be said in its channel, so it ends with this phase.
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
    stranded: bool = False
    ending: Ending | None = None
    most_idle: int = field(default=0, compare=False)
    people: tuple[Participant, ...] = ()
    # Log entries of the phases that ended by this transition, and those that people must confirm first; the store
    # writes them and starts empty again.
    done: tuple[focus_log.Entry, ...] = ()
    unsure: tuple[focus_log.Entry, ...] = ()

    @property
    def phase(self) -> Phase | None:
        """The phase that is running or waiting to begin; None before the first and after the last."""
        return self.plan.phases[self.at] if 0 <= self.at < len(self.plan.phases) else None

    @property
    def ends_at(self) -> datetime | None:
        """When the phase (or the open doors) ends, while the clock runs."""
        if (due := self.timer.due) is None:
            return None
        return due.at + WARNING if self.armed else due.at

    @property
    def stage(self) -> int:
        """Its progress: the index of the phase, or the number of phases once it is over."""
        return len(self.plan.phases) if self.is_over else self.at

    @property
    def present(self) -> tuple[Participant, ...]:
        """The current participants, in the order they joined."""
        return tuple(person for person in self.people if person.left_at is None)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.timer.state not in LIVE

    def person(self, user_id: int) -> Participant:
        """Return a current participant. Raises ``UnknownSession``, or ``TooLate`` if it is over."""
        self.must_be_live()
        if person := find(self.present, user_id):
            return person
        raise UnknownSession(N_("You're not in this session."), "focus join")

    def tick(self, now: datetime) -> "Session":
        """Advance because the timer is due: from the warning to the end, or past every phase that is over by now.

        A single tick never both asks people whether they are there and gives up on them: the bot may have been down
        for rounds.
        """
        ends_at = self.ends_at
        if self.armed and ends_at is not None and now < ends_at:
            return self._clocked(due_at=ends_at)
        session, most_idle = self, self.most_idle
        while (ends_at := session.ends_at) is not None and ends_at <= now:
            session = session._next(ends_at, now, most_idle)
            most_idle = 0
        return session

    # What the host and moderators may do.

    def pause(self, actor: Actor, now: datetime) -> "Session":
        """Stop the clock for everyone. Raises ``TooLate`` if it is not running."""
        self._must_lead(actor, N_("pause the session"))
        if self.timer.state is State.PAUSED:
            raise TooLate(N_("The session's already paused."), "focus resume")
        return self._stop_counting(now)._clocked(state=State.PAUSED, due_at=None, remaining=self.left(now))

    def resume(self, actor: Actor, now: datetime) -> "Session":
        """Resume the clock, or begin the waiting phase. Raises ``TooLate`` if it is running."""
        if self.waiting:
            self.person(actor.user_id)
        else:
            self._must_lead(actor, N_("resume the session"))
        remaining = self.timer.remaining
        if remaining is None:
            raise TooLate(N_("The session's already running."), "focus status")
        began_at = now if self.waiting else self.began_at
        return replace(self, waiting=False, began_at=began_at)._run(now + remaining, now)._start_counting(now)

    def skip(self, actor: Actor, now: datetime) -> "Session":
        """End the phase now and begin the next."""
        self._must_lead(actor, N_("skip a phase"))
        return self._next(now, now)

    def extend(self, actor: Actor, by: timedelta, now: datetime) -> "Session":
        """Extend the phase. Raises ``BadDuration`` if too much would be left."""
        self._must_lead(actor, N_("extend a phase"))
        return self._with_left(self.left(now) + by, now)

    def edit(self, actor: Actor, plan: Plan, now: datetime) -> "Session":
        """Switch to another plan with the same past; the current phase takes its new length, from its start."""
        self._must_lead(actor, N_("change the plan"))
        edited = replace(self, plan=plan)
        if self.phase is None or edited.phase is None:
            return edited
        longer = edited.phase.length - self.phase.length
        return edited._with_left(max(self.left(now) + longer, timedelta()), now) if longer else edited

    def stop(self, actor: Actor, now: datetime) -> "Session":
        """End it for everyone."""
        self._must_lead(actor, N_("stop the session"))
        return self._over(now, Ending.STOPPED)

    # What every participant may do.

    def join(self, user_id: int, now: datetime, task: str | None = None, *, by_voice: bool = False) -> "Session":
        """Join or rejoin; ``by_voice``, for as long as they sit in the linked voice channel. Raises ``TooLate``."""
        self.must_be_live()
        new = Participant(user_id, joined_at=now, left_at=now)
        person = find(self.people, user_id) or new
        if person.left_at is None and by_voice:
            return self._with(replace(person, by_voice=True))
        if person.left_at is None:
            raise TooLate(N_("You're already in."), "focus status")
        if len(self.present) >= MOST_PEOPLE:
            raise TooMany(N_("The session's full – {most} people is the limit."), "focus status", most=MOST_PEOPLE)
        back = replace(person, left_at=None, resting=False, task=task or person.task, by_voice=by_voice)
        return self._with(back)._start_counting(now)

    def leave(self, user_id: int, now: datetime) -> "Session":
        """Leave; their time counts. A host who leaves hands it over; an empty session ends."""
        session = self._with(replace(self.person(user_id).stop(self._until(now)), left_at=now))
        if not session.present:
            return session._over(now, Ending.EMPTY)
        if user_id == self.timer.owner_id:
            session = replace(session, timer=replace(session.timer, owner_id=session.present[0].user_id))
        return session

    def rest(self, user_id: int, now: datetime) -> "Session":
        """Pause one person's clock. Raises ``TooLate`` if they rest already."""
        person = self.person(user_id)
        if person.resting:
            raise TooLate(N_("You're already on a break."), "focus back")
        return self._with(replace(person.stop(self._until(now)), resting=True))

    def back(self, user_id: int, now: datetime) -> "Session":
        """Resume that person's clock. Raises ``TooLate`` if they do not rest."""
        person = self.person(user_id)
        if not person.resting:
            raise TooLate(N_("You're not on a break."), "focus rest")
        return self._with(replace(person, resting=False))._start_counting(now)

    def change_person(self, user_id: int, change: Callable[[Participant], Participant]) -> "Session":
        """Change one participant's own data, such as the task."""
        return self._with(change(self.person(user_id)))

    def hand_over(self, actor: Actor, to: int) -> "Session":
        """Make another participant the host."""
        self._must_lead(actor, N_("choose the host"))
        if not find(self.present, to):
            raise UnknownSession(N_("They'd have to join first: the host has to be in the session."), "focus join")
        return replace(self, timer=replace(self.timer, owner_id=to))

    def reacted(self, user_id: int | None = None) -> "Session":
        """Note activity, a sign of that person; call it before any transition that a person makes."""
        if self.is_over:
            return self
        return replace(self, idle=0, asked=False, people=presence.signed(self.people, user_id))

    def left(self, now: datetime) -> timedelta:
        """Return how much of the phase is left."""
        if self.ends_at is not None:
            return max(self.ends_at - now, timedelta())
        return self.timer.remaining or timedelta()

    def _next(self, ended_at: datetime, now: datetime, most_idle: int = 0) -> "Session":
        """End this phase at ``ended_at``, and begin the next or end the session."""
        phase, session = self.phase, self._close_phase(ended_at)
        if session.at + 1 >= len(self.plan.phases):
            return session._over(ended_at, Ending.FINISHED)
        if session.stranded:
            return session._over(ended_at, Ending.STRANDED)
        if most_idle and phase and phase.is_focus:
            if session.asked:
                return session._over(ended_at, Ending.IDLE)
            session = replace(session, asked=session.idle >= most_idle)
        following = session.plan.phases[session.at + 1]
        if following.is_focus:
            session = replace(session, idle=session.idle + 1, people=presence.begin_round(session.people))
        session = replace(session, at=session.at + 1, began_at=ended_at, waiting=False)
        if session.auto or phase is None:
            return session._run(ended_at + following.length, now)._start_counting(ended_at)
        session = replace(session, waiting=True)
        return session._clocked(state=State.PAUSED, due_at=None, remaining=following.length)

    def _close_phase(self, ended_at: datetime) -> "Session":
        session = self._stop_counting(ended_at)
        is_whole = self.ends_at is not None and ended_at >= self.ends_at
        done = focus_log.of_phase(self.timer, self.at, self.began_at, ended_at, session.people, is_whole=is_whole)
        counts, unsure = presence.credit(done, session.people, self.most_idle)
        people = tuple(replace(person, focused=timedelta(), spans=()) for person in session.people)
        return replace(session, people=people, done=session.done + counts, unsure=session.unsure + unsure)

    def _over(self, now: datetime, ending: Ending) -> "Session":
        session = self._close_phase(now)
        state = State.DONE if ending is Ending.FINISHED else State.CANCELLED
        at = len(self.plan.phases) if ending is Ending.FINISHED else self.at
        over = replace(session, ending=ending, at=at, waiting=False, asked=False)
        return over._clocked(state=state, due_at=None, remaining=None, ended_at=now)

    def _run(self, ends_at: datetime, now: datetime) -> "Session":
        """Run the clock until then, with a warning before where there is time for it."""
        warning_at = ends_at - WARNING
        armed = self.warn and self.phase is not None and self.phase.length >= _WORTH_WARNING and now < warning_at
        due_at = warning_at if armed else ends_at
        return self._clocked(armed=armed, state=State.RUNNING, due_at=due_at, remaining=None)

    def _with_left(self, left: timedelta, now: datetime) -> "Session":
        if left > LONGEST:
            raise BadDuration(N_("That's too long – 12 hours is the limit for a phase."), "focus extend 5m")
        if self.timer.state is State.PAUSED:
            return self._clocked(remaining=left)
        return self._run(now + left, now)

    def _clocked(self, *, armed: bool = False, **changed: object) -> "Session":
        """Change the clock, bumping the timer's version."""
        timer = replace(self.timer, version=self.timer.version + 1, **changed)  # type: ignore[arg-type]
        return replace(self, timer=timer, armed=armed)

    def _until(self, now: datetime) -> datetime:
        """Return the moment up to which time counts: not past the end of the phase."""
        return min(now, self.ends_at) if self.ends_at else now

    def _stop_counting(self, now: datetime) -> "Session":
        return replace(self, people=tuple(person.stop(self._until(now)) for person in self.people))

    def _start_counting(self, now: datetime) -> "Session":
        """Start the clocks of all who are present and not resting, in a focus phase."""
        if self.timer.state is not State.RUNNING or not (self.phase and self.phase.is_focus):
            return self
        return replace(self, people=tuple(person.start(now) for person in self.people))

    def _with(self, person: Participant) -> "Session":
        others = (other for other in self.people if other.user_id != person.user_id)
        # The store's order.
        return replace(self, people=tuple(sorted((*others, person), key=lambda p: (p.joined_at, p.user_id))))

    def must_be_live(self) -> None:
        """Raise ``TooLate`` if it has ended."""
        if self.is_over:
            raise TooLate(N_("This session has ended."), "focus start")

    def _must_lead(self, actor: Actor, verb: Template) -> None:
        self.must_be_live()
        if not lookup.may_command(actor, self.timer):
            if not find(self.present, actor.user_id):
                raise NotYours(N_("Only the host or a moderator can {verb}."), verb=verb)
            only = N_("Only the host or a moderator can {verb}. You can still pause just yourself.")
            raise NotYours(only, "focus rest", verb=verb)
