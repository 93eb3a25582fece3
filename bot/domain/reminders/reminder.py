"""A reminder: a timer with a text, which may repeat.

    RUNNING ──its time comes──▶ DONE, or RUNNING towards its next time
      │ ▲
    pause resume
      ▼ │
     PAUSED

A repeating reminder leaves an *occurrence* each time: a reminder of its own that is done, keeps its due time and is
what gets announced. So a series keeps its number, and the message about one occurrence stays as it was.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadText, NotYours, TooLate
from bot.domain.time import recurrence
from bot.domain.time.recurrence import Recurrence
from bot.domain.time.schedule import Schedule
from bot.domain.timers import name
from bot.domain.timers.timer import LIVE, Actor, Purpose, State, Timer
from bot.messages.catalogue import N_

LONGEST = 1_500
# The default texts: about nothing, and about a message.
DEFAULT, DEFAULT_ABOUT = N_("Time is up"), N_("Come back to this message")
_EXAMPLE = "remind 20m stretch"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder as it stands. Times are aware UTC; ``timer`` has its text (``name``), owner, place and state.

    ``first_at`` is its first time, and ``fired`` how often it has come, missed times included: ``rule`` needs both
    to find the next time, on the wall clock of ``zone``. ``calls`` is whom it mentions, in Discord's notation,
    empty for nobody; a ``direct`` one goes to its owner. ``about_id`` is the message of its channel that it is
    about, if any; ``origin_id`` the series it is an occurrence of, or the reminder it snoozes. ``missed`` counts
    the times that passed unannounced after it was due.
    """

    timer: Timer
    zone: ZoneInfo
    first_at: datetime
    rule: Recurrence | None = None
    fired: int = 0
    direct: bool = False
    calls: str = ""
    about_id: int | None = None
    origin_id: int | None = None
    missed: int = 0

    @property
    def id(self) -> int:
        """Its id, which is its timer's."""
        return self.timer.id

    @property
    def is_pending(self) -> bool:
        """Whether it is still to come, or paused."""
        return self.timer.state in LIVE

    @property
    def is_personal(self) -> bool:
        """Whether it mentions only its owner."""
        return self.direct or self.calls == f"<@{self.timer.owner_id}>"

    def is_for_all_to_see(self, channel_id: int) -> bool:
        """Return whether it may be shown in a channel: it is posted there anyway."""
        return self.timer.channel_id == channel_id and not self.direct

    def come(self, now: datetime) -> tuple["Reminder", "Reminder | None"]:
        """Fire it; return what is to be announced, and the series where that continues."""
        due_at = self.timer.due_at or now
        if self.rule is None:
            return replace(self, timer=self.timer.finish(now), fired=self.fired + 1), None
        fired = self.fired + 1
        late = max(now, due_at)  # a countdown wakes slightly early
        missed = recurrence.missed(self.rule, self.first_at, self.zone, due_at, late, fired)
        fired += missed
        next_at = recurrence.next_after(self.rule, self.first_at, self.zone, late, fired)
        if next_at is None:
            return replace(self, timer=self.timer.finish(now), fired=fired, missed=missed), None
        done = replace(self.timer, id=0, version=1, state=State.DONE, ended_at=now, card_id=None)
        occurrence = replace(self, timer=done, rule=None, origin_id=self.id, missed=missed)
        series = replace(self.timer, version=self.timer.version + 1, due_at=next_at)
        return occurrence, replace(self, timer=series, fired=fired)

    def pause(self, now: datetime) -> "Reminder":
        """Pause it and keep its due time. Raises ``TooLate``."""
        self._must_be_pending(now)
        if self.timer.state is State.PAUSED:
            raise TooLate(N_("It is paused already."), f"remind resume #{self.id}")
        return self.silenced()

    def silenced(self) -> "Reminder":
        """Return it paused, without checks."""
        return self._with(state=State.PAUSED)

    def resume(self, now: datetime) -> "Reminder":
        """Resume it at its next time. Raises ``TooLate``, also where its only time has passed meanwhile."""
        self._must_be_pending(now)
        if self.timer.state is State.RUNNING:
            raise TooLate(N_("It is not paused."), f"remind pause #{self.id}")
        due_at = self.timer.due_at
        if due_at is None or due_at <= now:
            due_at = None
            if self.rule:
                due_at = recurrence.next_after(self.rule, self.first_at, self.zone, now, self.fired)
        if due_at is None:
            raise TooLate(N_("Its time has passed meanwhile; give it a new one."), f"remind edit #{self.id} 20m")
        return self._with(state=State.RUNNING, due_at=due_at)

    def cancel(self, now: datetime) -> "Reminder":
        """End it silently. Raises ``TooLate`` where it has come already."""
        if self.timer.state not in LIVE:
            self._must_be_pending(now)
        return self._with(state=State.CANCELLED, ended_at=now)

    def edit(self, now: datetime, schedule: Schedule | None, text: str | None, zone: ZoneInfo) -> "Reminder":
        """Change its time, its text, or both; a new time restarts its count and ends a pause."""
        self._must_be_pending(now)
        edited = self._with(name=self.timer.name if text is None else text)
        if schedule is None:
            return edited
        timer = replace(edited.timer, state=State.RUNNING, due_at=schedule.first_at)
        return replace(edited, timer=timer, zone=zone, first_at=schedule.first_at, rule=schedule.rule, fired=0)

    def kept(self, now: datetime) -> "Reminder":
        """Return a copy that never fires, to revert an edit to."""
        # A paused state is marked as on any timer: by ``remaining``.
        remaining = timedelta() if self.timer.state is State.PAUSED else None
        copied = replace(self.timer, id=0, version=1, state=State.CANCELLED, ended_at=now, card_id=None)
        return replace(self, timer=replace(copied, remaining=remaining), origin_id=self.id)

    def revert(self, before: "Reminder", now: datetime) -> "Reminder":
        """Return it as it was ``before`` an edit. Raises ``TooLate`` where that time has passed."""
        self._must_be_pending(now)
        due_at = before.timer.due_at
        state = State.RUNNING if before.timer.remaining is None else State.PAUSED
        if state is State.RUNNING and (due_at is None or due_at <= now):
            raise TooLate(N_("The time that it had before has passed."), f"remind edit #{self.id} 20m")
        again = self._with(name=before.timer.name, state=state, due_at=due_at)
        return replace(again, zone=before.zone, first_at=before.first_at, rule=before.rule, fired=before.fired)

    def until(self, moment: datetime) -> "Reminder":
        """Move it to another time: a snooze that is snoozed again."""
        return replace(self._with(due_at=moment, state=State.RUNNING), first_at=moment)

    def snoozed(self, actor: Actor, until: datetime, now: datetime, zone: ZoneInfo) -> "Reminder":
        """Return a reminder with the same text for one person. Raises ``TooLate`` before this one has come."""
        if self.timer.state is State.CANCELLED:
            self._must_be_pending(now)
        if self.timer.state is not State.DONE:
            raise TooLate(N_("It is still to come, so there is nothing to snooze."), f"remind edit #{self.id} 20m")
        timer = replace(
            self.timer, id=0, version=1, state=State.RUNNING, owner_id=actor.user_id, length=until - now,
            started_at=now, due_at=until, ended_at=None, card_id=None,
        )  # fmt: skip
        calls = "" if self.direct else f"<@{actor.user_id}>"
        return Reminder(
            timer, zone, until, direct=self.direct, calls=calls, about_id=self.about_id, origin_id=self.id
        )

    def _with(self, **values: object) -> "Reminder":
        return replace(self, timer=replace(self.timer, version=self.timer.version + 1, **values))  # type: ignore[arg-type]

    def _must_be_pending(self, now: datetime) -> None:
        if self.timer.state is State.CANCELLED:
            raise TooLate(N_("It has been cancelled."), _EXAMPLE)
        if self.timer.state is State.DONE:
            raise TooLate(N_("It has come already."), _EXAMPLE)
        if self.timer.state is State.RUNNING and self.timer.due_at is not None and self.timer.due_at <= now:
            raise TooLate(N_("It has just come."), _EXAMPLE)


def new(
    actor: Actor,
    channel_id: int,
    text: str,
    schedule: Schedule,
    zone: ZoneInfo,
    now: datetime,
    *,
    direct: bool = False,
    calls: str = "",
    about_id: int | None = None,
    purpose: Purpose = Purpose.REMINDER,
) -> Reminder:
    """Make a reminder without a number yet; ``channel_id`` is where it is posted or, if direct, was set."""
    length = max(schedule.first_at - now, timedelta())
    timer = Timer.begun(replace(actor, channel_id=channel_id), text, length, now, schedule.first_at, purpose)
    return Reminder(timer, zone, schedule.first_at, schedule.rule, direct=direct, calls=calls, about_id=about_id)


def clean(raw: str) -> str:
    """Return the visible part of a reminder's text, line by line. Raises ``BadText`` where it is too long."""
    lines = [name.visible(line) for line in raw.strip().splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(text) > LONGEST:
        raise BadText(
            N_("That text is {length:,} characters long; {most:,} is the most."),
            _EXAMPLE,
            length=len(text),
            most=LONGEST,
        )
    if raw.strip() and name.is_blank(text):
        raise BadText(N_("That text has nothing in it that can be seen."), _EXAMPLE)
    return text


def must_own(actor: Actor, reminder: Reminder) -> None:
    """Raise ``NotYours`` unless the actor owns the reminder or moderates its channel."""
    timer = reminder.timer
    if actor.user_id == timer.owner_id:
        return
    # A direct reminder concerns nobody but its owner.
    if actor.can_manage and actor.channel_id == timer.channel_id and not reminder.direct:
        return
    raise NotYours(N_("#{id} is somebody else's reminder."), _EXAMPLE, id=timer.id)
