"""A timer: a named countdown of one person in one channel, and its transitions.

    RUNNING ──finish──▶ DONE
      │ ▲
    pause resume          RUNNING or PAUSED ──cancel──▶ CANCELLED
      ▼ │
     PAUSED              CANCELLED ──revive──▶ what it was

Every transition returns a new ``Timer`` with the next ``version``; the store accepts it only where the row still
has the state and version it was made from.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import BadDuration, TooLate
from bot.domain.time import duration
from bot.domain.time.spans import Spans, total
from bot.messages.catalogue import N_, gettext

# What others read instead of a name or text that is not for them.
PRIVATE = N_("(private)")
# No channel has this id.
NOWHERE = 0


class State(StrEnum):
    """The state of a timer."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    """What a timer is for, which decides what happens when it is due."""

    POMODORO = "pomodoro"
    SESSION = "session"
    REMINDER = "reminder"
    DIGEST = "digest"

    @property
    def listed_as(self) -> "Purpose":
        """The purpose whose list for a person it is in: sessions and digests have none of their own."""
        return {Purpose.SESSION: Purpose.POMODORO, Purpose.DIGEST: Purpose.REMINDER}.get(self, self)


LIVE = (State.RUNNING, State.PAUSED)
# Why it is too late to change a timer: in the first minute after its end, and later.
_FINISHED = N_("Too late – it just finished."), N_("It finished {ago} ago.")
_CANCELLED = N_("It was just cancelled."), N_("It was cancelled {ago} ago.")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sent a request, and where: Discord ids, and whether they may manage messages in that channel."""

    user_id: int
    guild_id: int | None
    channel_id: int
    can_manage: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When a version of a timer is due (UTC): all that a countdown needs to know.

    ``guild_id`` decides which of several processes counts it down.
    """

    timer_id: int
    version: int
    at: datetime
    guild_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Timer:
    """One row of the timers table. Times are aware UTC, to the millisecond; ids are Discord's.

    ``due_at`` is set while it runs (and stays when it is done), ``remaining`` while it is paused; a reminder keeps
    its ``due_at`` when paused. ``length`` is the original length, for a session the length of its first phase;
    ``extended`` is the sum of its extensions. ``name`` is the text of a reminder. ``card_id`` is the message that
    shows it, once sent. ``spans`` are when it ran before its last pause. ``counts_from`` is how long it
    must run to count as focus; None for a kitchen timer, which never does. ``offer`` is the length that a bare
    number may have meant instead.
    """

    id: int
    version: int
    state: State
    owner_id: int
    guild_id: int | None
    channel_id: int
    name: str
    length: timedelta
    started_at: datetime
    due_at: datetime | None
    remaining: timedelta | None = None
    ended_at: datetime | None = None
    card_id: int | None = None
    purpose: Purpose = Purpose.POMODORO
    extended: timedelta = timedelta()
    spans: Spans = ()
    counts_from: timedelta | None = timedelta()
    offer: timedelta | None = None

    def seen_in(self, channel_id: int | None) -> "Timer":
        """Return it as people in a channel may see it: without its name, where it is elsewhere; None: its owner."""
        return self if channel_id in {None, self.channel_id} else replace(self, name=gettext(PRIVATE))

    @classmethod
    def begun(
        cls,
        actor: Actor,
        name: str,
        length: timedelta,
        now: datetime,
        due_at: datetime,
        purpose: Purpose = Purpose.POMODORO,
        offer: timedelta | None = None,
    ) -> "Timer":
        """Make a running timer without a number yet."""
        return cls(
            id=0,
            version=1,
            state=State.RUNNING,
            owner_id=actor.user_id,
            guild_id=actor.guild_id,
            channel_id=actor.channel_id,
            name=name,
            length=length,
            started_at=now,
            due_at=due_at,
            purpose=purpose,
            offer=offer,
        )

    @property
    def due(self) -> Due | None:
        """The version and moment it is due, while it runs."""
        if self.state is State.RUNNING and self.due_at is not None:
            return Due(self.id, self.version, self.due_at, self.guild_id)
        return None

    def left(self, now: datetime) -> timedelta:
        """Return the time left; zero once it is over."""
        if self.state is State.RUNNING and self.due_at is not None:
            return max(self.due_at - now, timedelta())
        return self.remaining or timedelta()

    def run(self, now: datetime) -> timedelta:
        """Return the time it has counted down, without pauses."""
        return max(self.length + self.extended - self.left(now), timedelta())

    def ran(self, now: datetime) -> Spans:
        """Return the spans in which it has counted down."""
        lately = self.run(now) - total(self.spans)
        if self.state is State.PAUSED or lately <= timedelta():
            return self.spans
        earliest = self.spans[-1][1] if self.spans else self.started_at
        return (*self.spans, (max(now - lately, earliest), now))

    def pause(self, now: datetime) -> "Timer":
        """Stop the countdown and keep the time left. Raises ``TooLate`` if it is not running."""
        self._must_be_live(now)
        if self.state is State.PAUSED:
            raise TooLate(N_("It's already paused."), f"pomodoro resume #{self.id}")
        paused = {"state": State.PAUSED, "due_at": None, "remaining": self._left_before_the_end(now)}
        return replace(self, version=self.version + 1, spans=self.ran(now), **paused)  # type: ignore[arg-type]

    def resume(self, now: datetime) -> "Timer":
        """Resume where it was paused. Raises ``TooLate`` if it is not paused."""
        self._must_be_live(now)
        if self.remaining is None:
            raise TooLate(N_("It's already running."), f"pomodoro time #{self.id}")
        due_at = now + self.remaining
        return replace(self, version=self.version + 1, state=State.RUNNING, due_at=due_at, remaining=None)

    def extend(self, by: timedelta, now: datetime) -> "Timer":
        """Extend it. Raises ``TooLate`` if it is over, ``BadDuration`` where too much would be left."""
        self._must_be_live(now)
        left = self._left_before_the_end(now) + by
        if left > duration.LONGEST:
            raise BadDuration(
                N_("That would take it past 24 hours, which is the limit."), f"pomodoro extend #{self.id} 5m"
            )
        longer = replace(self, version=self.version + 1, extended=self.extended + by, offer=None)
        if self.state is State.PAUSED:
            return replace(longer, remaining=left)
        return replace(longer, due_at=now + left)

    def shorten(self, by: timedelta, now: datetime) -> "Timer":
        """Take an extension back. Raises ``TooLate`` if it would be over without it."""
        self._must_be_live(now)
        left = self._left_before_the_end(now) - by
        if left <= timedelta():
            raise TooLate(
                N_("Too late – without the extra time it'd be over by now."), f"pomodoro cancel #{self.id}"
            )
        shorter = replace(self, version=self.version + 1, extended=self.extended - by)
        return (
            replace(shorter, remaining=left) if self.remaining is not None else replace(shorter, due_at=now + left)
        )

    def lengthen(self, to: timedelta, now: datetime) -> "Timer":
        """Make it as long as was meant, counted from its beginning, which a bare number left open."""
        longer = self.extend(to - self.length, now)
        return replace(longer, length=to, extended=self.extended)

    def rename(self, called: str, now: datetime) -> "Timer":
        """Give it another (clean) name."""
        self._must_be_live(now)
        return replace(self, version=self.version + 1, name=called)

    def cancel(self, now: datetime) -> "Timer":
        """End it silently. Raises ``TooLate`` if it is over already."""
        self._must_be_live(now)
        return replace(self, version=self.version + 1, state=State.CANCELLED, ended_at=now)

    def revive(self) -> "Timer":
        """Let it go on as if it hadn't been cancelled. Raises ``TooLate`` if it isn't."""
        if self.state is not State.CANCELLED:
            raise TooLate(N_("It isn't cancelled any more."), f"pomodoro time #{self.id}")
        state = State.RUNNING if self.remaining is None else State.PAUSED
        return replace(self, version=self.version + 1, state=state, ended_at=None)

    def finish(self, now: datetime) -> "Timer":
        """End it because it is due."""
        return replace(self, version=self.version + 1, state=State.DONE, ended_at=now)

    def _must_be_live(self, now: datetime) -> None:
        if self.state in LIVE:
            return
        just, before = _FINISHED if self.state is State.DONE else _CANCELLED
        ago = now - (self.ended_at or now)
        raise TooLate(just if ago < timedelta(minutes=1) else before, ago=duration.spoken(ago))

    def _left_before_the_end(self, now: datetime) -> timedelta:
        left = self.left(now)
        if not left:
            raise TooLate(_FINISHED[0])
        return left
