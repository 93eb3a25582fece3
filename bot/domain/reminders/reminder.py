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
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadText, NotYours, TooLate
from bot.domain.time import recurrence, zone as time_zone
from bot.domain.time.recurrence import Recurrence
from bot.domain.time.schedule import Schedule
from bot.domain.timers import name
from bot.domain.timers.timer import LIVE, NOWHERE, Actor, Purpose, State, Timer
from bot.messages.catalogue import N_

LONGEST = 1_500
# The default texts: about nothing, and about a message.
DEFAULT, DEFAULT_ABOUT = N_("Time's up"), N_("Come back to this message")


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder as it stands. Times are aware UTC; ``timer`` holds its text (``name``), owner, place and state.

    ``first_at`` is its first time, and ``fired`` how often it has come, times missed or paused included: ``rule``
    needs both to find the next time, on the wall clock of ``zone``. ``calls`` is whom it mentions, in Discord's
    notation, empty for nobody; a ``direct`` one goes to its owner. ``author_id`` is who answers for it where that
    is not its owner: whoever has changed or resumed it last. ``about_id`` is the message of its channel that it is
    about, if any; ``origin_id`` the series it is an occurrence of, or the reminder it snoozes. ``missed`` counts
    the times that passed unannounced after it was due. ``words_by`` is who wrote its text, None for its owner.
    ``by_utc_at`` is when its time of day was read as UTC, if its owner's zone was not known then.
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
    author_id: int | None = None
    words_by: int | None = None
    by_utc_at: datetime | None = None

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

    @property
    def called_id(self) -> int:
        """The person or role that it mentions; the channel, where it mentions everyone there, or nobody."""
        number = self.calls.strip("<@&!>")
        return int(number) if number.isdecimal() else self.timer.channel_id

    @property
    def is_public(self) -> bool:
        """Whether it is posted in a server's channel."""
        return not self.direct and self.timer.guild_id is not None

    @property
    def answers_for_it(self) -> int:
        """The person whose rights in its channel count."""
        return self.author_id or self.timer.owner_id

    def changed_by(self, user_id: int, old: "Reminder") -> "Reminder":
        """Return it as changed by somebody, who answers for it, and for its text if that differs from ``old``."""
        other_id = None if user_id == self.timer.owner_id else user_id
        words_by = self.words_by if self.timer.name == old.timer.name else other_id
        return replace(self, author_id=other_id, words_by=words_by)

    def is_for_all_to_see(self, channel_id: int) -> bool:
        """Return whether it may be shown in a channel: it is posted there anyway."""
        return self.timer.channel_id == channel_id and not self.direct

    def seen_in(self, channel_id: int | None) -> "Reminder":
        """Return it as people in a channel may see it, see ``Timer.seen_in``."""
        is_seen = channel_id is None or self.is_for_all_to_see(channel_id)
        return self if is_seen else replace(self, timer=self.timer.seen_in(NOWHERE))

    def fire(self, now: datetime) -> tuple["Reminder", "Reminder | None"]:
        """Fire it; return the reminder to announce, and the series if it continues."""
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
            raise TooLate(N_("It's already paused."), f"remind resume #{self.id}")
        return self.silenced()

    def silenced(self) -> "Reminder":
        """Return it paused, without checks."""
        return self._with(state=State.PAUSED)

    def resume(self, now: datetime) -> "Reminder":
        """Resume it at its next time. Raises ``TooLate``, also where its last time has passed meanwhile.

        Those that have passed count among the times that it comes in all, as those that were missed do.
        """
        self._must_be_pending(now)
        if self.timer.state is State.RUNNING:
            raise TooLate(N_("It's not paused."), f"remind pause #{self.id}")
        due_at, fired = self.timer.due_at, self.fired
        if self.rule and due_at and due_at <= now:
            fired += 1
            fired += recurrence.missed(self.rule, self.first_at, self.zone, due_at, now, fired)
            due_at = recurrence.next_after(self.rule, self.first_at, self.zone, now, fired)
        if due_at is None or due_at <= now:
            raise TooLate(N_("Its time has passed. When should it come instead?"), f"remind edit #{self.id} 20m")
        return replace(self._with(state=State.RUNNING, due_at=due_at), fired=fired)

    def kept_directly(self, now: datetime) -> "Reminder":
        """Let it go on for its owner alone. Raises ``TooLate``."""
        self._must_be_pending(now)
        going = self.resume(now) if self.timer.state is State.PAUSED else self._with()
        return replace(going, direct=True, calls="", author_id=None)

    def cancel(self, now: datetime) -> "Reminder":
        """End it silently. Raises ``TooLate`` if it has come already."""
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
        return replace(
            edited, timer=timer, zone=zone, first_at=schedule.first_at, rule=schedule.rule, fired=0, by_utc_at=None
        )

    def read_by_utc(self, now: datetime) -> "Reminder":
        """Return it as one to be moved, should its owner tell their zone soon."""
        return replace(self, zone=time_zone.UTC, by_utc_at=now)

    def by_clock_of(self, zone: ZoneInfo, now: datetime) -> "Reminder":
        """Move it to the same time on the clock of another zone. Raises ``TooLate`` if that has passed there."""
        self._must_be_pending(now)
        rule = self.rule and replace(self.rule, until=self.rule.until and self._shifted(self.rule.until, zone))
        first_at = self._shifted(self.first_at, zone)
        due_at = self._shifted(self.timer.due_at or now, zone)
        if due_at <= now:
            later = recurrence.next_after(rule, first_at, zone, now, self.fired) if rule else None
            if later is None:
                raise TooLate(N_("That time has already passed there."), f"remind edit #{self.id} 20m")
            due_at = later
        return replace(self._with(due_at=due_at), zone=zone, first_at=first_at, rule=rule, by_utc_at=None)

    def _shifted(self, moment: datetime, zone: ZoneInfo) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=zone).astimezone(UTC)

    def kept(self, now: datetime) -> "Reminder":
        """Return a copy that never fires, to revert an edit to."""
        # A paused state is marked as on any timer: by ``remaining``.
        remaining = timedelta() if self.timer.state is State.PAUSED else None
        copied = replace(self.timer, id=0, version=1, state=State.CANCELLED, ended_at=now, card_id=None)
        return replace(self, timer=replace(copied, remaining=remaining), origin_id=self.id)

    def revert(self, before: "Reminder", now: datetime) -> "Reminder":
        """Return it as it was ``before`` an edit. Raises ``TooLate`` if that time has passed."""
        self._must_be_pending(now)
        due_at = before.timer.due_at
        state = State.RUNNING if before.timer.remaining is None else State.PAUSED
        if state is State.RUNNING and (due_at is None or due_at <= now):
            raise TooLate(N_("Its old time has already passed."), f"remind edit #{self.id} 20m")
        again = self._with(name=before.timer.name, state=state, due_at=due_at)
        names = ("zone", "first_at", "rule", "fired", "author_id", "words_by", "by_utc_at")
        return replace(again, **{name: getattr(before, name) for name in names})

    def until(self, moment: datetime) -> "Reminder":
        """Move it to another time: a snooze that is snoozed again."""
        return replace(self._with(due_at=moment, state=State.RUNNING), first_at=moment, by_utc_at=None)

    def snoozed(
        self, actor: Actor, until: datetime, now: datetime, zone: ZoneInfo, *, direct: bool = False
    ) -> "Reminder":
        """Return a reminder with the same text for one person; ``direct`` where they may not speak in its channel.

        Raises ``TooLate`` before this one has come.
        """
        if self.timer.state is State.CANCELLED:
            self._must_be_pending(now)
        if self.timer.state is not State.DONE:
            raise TooLate(N_("It hasn't come yet, so there's nothing to snooze."), f"remind edit #{self.id} 20m")
        timer = replace(
            self.timer, id=0, version=1, state=State.RUNNING, owner_id=actor.user_id, length=until - now,
            started_at=now, due_at=until, ended_at=None, card_id=None,
        )  # fmt: skip
        direct = direct or self.direct
        calls = "" if direct else f"<@{actor.user_id}>"
        writer = self.words_by or self.timer.owner_id
        return Reminder(
            timer, zone, until, direct=direct, calls=calls, about_id=self.about_id, origin_id=self.id,
            words_by=None if writer == actor.user_id else writer,
        )  # fmt: skip

    def _with(self, **values: object) -> "Reminder":
        return replace(self, timer=replace(self.timer, version=self.timer.version + 1, **values))  # type: ignore[arg-type]

    def _must_be_pending(self, now: datetime) -> None:
        if self.timer.state is State.CANCELLED:
            raise TooLate(N_("It's been cancelled."))
        if self.timer.state is State.DONE:
            raise TooLate(N_("That one's already come."))
        if self.timer.state is State.RUNNING and self.timer.due_at is not None and self.timer.due_at <= now:
            raise TooLate(N_("Too late – it just came."))


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
    """Return the visible part of a reminder's text, line by line. Raises ``BadText`` if it is too long."""
    lines = [name.visible(line) for line in raw.strip().splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(text) > LONGEST:
        raise BadText(N_("That's {length:,} characters; {most:,} is the limit."), length=len(text), most=LONGEST)
    if raw.strip() and name.is_blank(text):
        raise BadText(N_("That text looks empty."))
    return text


def must_own(actor: Actor, reminder: Reminder) -> None:
    """Raise ``NotYours`` unless the actor owns the reminder or moderates its channel."""
    timer = reminder.timer
    if actor.user_id == timer.owner_id:
        return
    # A direct reminder concerns nobody but its owner.
    if actor.can_manage and actor.channel_id == timer.channel_id and not reminder.direct:
        return
    raise NotYours(N_("#{id} isn't your reminder."), id=timer.id)
