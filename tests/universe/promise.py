"""A promise: what the bot has acknowledged that it will announce, when, to whom; and what it has announced.

This is a model of its own: it knows nothing of the bot's code, only what people asked, what they were answered, and
the README. Moments are seconds of virtual time. What was done between a question and its answer is known to lie
between these two moments, so that every due time is a span.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.universe import sentences
from tests.universe.claims import LEAST, Claim, Span, length as length_of

# Seconds that an announcement may come early: the clocks of a database and a person round.
EARLY = 0.005
# Seconds that a finished one may still be counted.
_LINGERS = 600.0


@dataclass
class Due:
    """A time at which something must be said: not before ``lo``, and by ``hi`` unless it is optional."""

    lo: float
    hi: float
    optional: bool = False
    # Whether it is for whoever snoozed it, and calls nobody else.
    alone: bool = False
    told_at: float | None = None
    missed: bool = False

    @property
    def is_open(self) -> bool:
        return self.told_at is None and not self.missed


@dataclass
class Promise:
    """A pomodoro or a reminder by its token, such as ``t17``."""

    token: str
    owner_id: str
    place_id: str
    asked_at: float
    guild_id: str = ""
    dues: list[Due] = field(default_factory=list)
    # What is left of a pomodoro that is paused, from and to.
    left: tuple[float, float] | None = None
    # When it was paused (asked and answered), for a reminder.
    paused: tuple[float, float] | None = None
    is_direct: bool = False
    # Whether it is to ping everyone, or is for all in a channel without pinging anybody.
    calls: bool = False
    is_for_all: bool = False
    repeats: bool = False
    # It ended by somebody's wish at that moment; nothing may be said of it afterwards.
    over_at: float | None = None
    # Whether its owner has had everything deleted, or it cannot be told where it was to be.
    void: bool = False
    faults: list[str] = field(default_factory=list)
    # The message that shows it (its card), and the last that announced it.
    card: Any = None
    message: Any = None
    # What a pomodoro was begun with, as it is begun again. For statistics: what it is to last by now, when it last
    # began to run, and where it ran before; ``uncertain`` once in doubt.
    began_with: float = 0.0
    length: float = 0.0
    since: Span | None = None
    runs: list[Claim] = field(default_factory=list)
    # Where it surely, and possibly, ran before it was begun again.
    before: tuple[list[Claim], list[Claim]] = field(default_factory=lambda: ([], []))
    # Whether it is one of focus.
    counts: bool = True
    # From and to how many seconds it must have for that.
    least: Span = (LEAST, LEAST)
    uncertain: bool = False
    # The bot's number for it, with its sign, and how it is called; its token alone where that is in doubt.
    number: str = ""
    called: str = ""
    # The message that it is about.
    about: str = ""

    @property
    def open_due(self) -> Due | None:
        return next((due for due in self.dues if due.is_open), None)

    @property
    def is_only_snoozed(self) -> bool:
        """Whether it repeats no more, and what is still to come was snoozed of it: by a number of its own."""
        due = self.open_due
        return self.repeats and due is not None and due.alone

    def is_named(self, words: str) -> bool:
        """Return whether an answer names it: by number alone, where it is from elsewhere and others read that."""
        by_number = self.number.startswith("#") and re.search(rf"{self.number}\b", words)
        return self.token in words or (sentences.ELSEWHERE in words and bool(by_number))

    def is_waiting(self, now: float) -> bool:
        """Return whether it is surely still to come."""
        due = self.open_due
        return due is not None and not due.optional and due.lo > now + 5 and self.over_at is None

    def is_going(self, now: float) -> bool:
        """Return whether it surely exists, even paused, now and a moment ago."""
        return self.left is not None or (self.is_waiting(now) and self.asked_at < now - 1)

    def most_going(self, now: float) -> int:
        """Return as how many it may count, which some trouble may keep from their end."""
        if self.left is not None:
            return 1
        if self.over_at is not None and not self.uncertain:
            return int(self.over_at > now - _LINGERS)
        if self.repeats or self.paused:
            return len(self.dues)
        return sum(not due.missed and (due.told_at or now) > now - _LINGERS for due in self.dues)

    def tell(self, at: float, missed: int, slack: float) -> Due | None:
        """It was announced, with a number of missed times; return which of its times that was."""
        for _ in range(missed + 1):
            come = [due for due in self.dues if due.is_open and due.lo <= at + EARLY + slack]
            due = next((due for due in come if not due.optional), come[-1] if come else None)
            if due is None:
                self._surplus(at)
                return None
            is_of_series = due.alone and self.repeats
            if self.paused and due.lo > self.paused[1] + 1 and not is_of_series and not self.void:
                self.faults.append(f"{self.token} was announced once too often: it is paused")
            if due.told_at is None:
                due.told_at = at
            at_once = due
        for due in self.dues:
            if due is not at_once and due.optional and due.is_open and due.hi <= at_once.lo:
                due.missed = True
        return at_once

    def _surplus(self, at: float) -> None:
        if self.void:
            return
        coming = self.open_due
        if self.over_at is not None and at > self.over_at:
            self.faults.append(f"{self.token} was announced after its end was acknowledged")
        elif coming is not None:
            self.faults.append(f"{self.token} was announced {coming.lo - at:.3f} s early")
        else:
            self.faults.append(f"{self.token} was announced once too often")

    # What people do to it: asked at one moment, answered at another.

    def delay(self, by: float) -> None:
        """It takes that many seconds longer."""
        self.length += by
        if self.left:
            self.left = self.left[0] + by, self.left[1] + by
        elif due := self.open_due:
            due.lo, due.hi = due.lo + by, due.hi + by

    def hold(self, asked_at: float, answered_at: float) -> None:
        """A pomodoro is paused."""
        if due := self.open_due:
            self.left = due.lo - answered_at, due.hi - asked_at
            self.dues.remove(due)
            self._count(asked_at, answered_at)

    def go_on(self, asked_at: float, answered_at: float) -> None:
        """A pomodoro runs on."""
        if self.left:
            self.dues.append(Due(asked_at + self.left[0], answered_at + self.left[1]))
            self.left = None
            self.since = asked_at, answered_at

    def _count(self, asked_at: float, answered_at: float) -> None:
        if self.since:
            self.runs.append((self.since, (asked_at, answered_at)))
            self.since = None

    def claims(self, now: float, slack: float) -> tuple[list[Claim], list[Claim]]:
        """Return where it ran, if that surely counts as focus, and if it may, by clocks that may be off."""
        sure, possible = (list(claims) for claims in self.before)
        runs = list(self.runs)
        if not self.counts:
            return [], []
        if self.over_at is None:
            due = self.dues[-1] if self.dues else None
            if self.since is None or due is None or due.lo - slack > now:
                return sure, possible
            runs.append((self.since, (due.lo, due.hi)))
            low, high = (self.length if due.hi + 1 + slack < now else 0.0), self.length
        else:
            low, high = length_of(runs)
        return sure + (runs if low >= self.least[1] else []), possible + (runs if high >= self.least[0] else [])

    def begin_again(self, span: Span, seconds: float, before: tuple[list[Claim], list[Claim]]) -> None:
        """It is over, with these claims, and was begun once more (asked and answered)."""
        self.before = before
        self.runs, self.since, self.length, self.over_at = [], span, seconds, None

    def silence(self, asked_at: float, answered_at: float) -> None:
        """A reminder is paused: its times come and go unsaid."""
        self.paused = asked_at, answered_at

    def sound(self, asked_at: float, answered_at: float, slack: float) -> None:
        """A reminder is heard again."""
        self.oversleep(asked_at, answered_at, slack)
        self.paused = None

    def oversleep(self, asked_at: float, answered_at: float, slack: float) -> None:
        """What has passed since it was paused comes no more; a clock may be off by ``slack``."""
        began, sure = self.paused or (math.inf, math.inf)
        about = 1 + slack
        for due in self.dues:
            if due.is_open and began - about <= due.lo <= answered_at + about:
                due.optional = True
                due.missed = sure + about < due.lo < asked_at - about

    def end(self, asked_at: float, answered_at: float) -> None:
        """It is cancelled: what was due before may have been said, nothing is from then on."""
        self.over_at = answered_at
        self._count(asked_at, answered_at)
        for due in self.dues:
            if not due.is_open or due.hi < asked_at - 1:
                continue
            is_of_series = due.alone and self.repeats  # what was snoozed of it goes on
            due.missed = due.lo > answered_at + 1 and not is_of_series
            due.optional = not due.missed
        self.left = None

    def remember(self) -> Callable[[float], None]:
        """Return what takes back whatever is done from now on, given when that is acknowledged."""
        dues = [(due, replace(due)) for due in self.dues]
        names = "left", "since", "length", "over_at", "paused", "void", "uncertain", "called"
        values = {name: getattr(self, name) for name in names}
        runs = list(self.runs)

        def restore(answered_at: float) -> None:
            for due, was in dues:
                if due.told_at is None:
                    due.lo, due.hi, due.optional, due.missed = was.lo, was.hi, was.optional, was.missed
                if due.is_open and not due.optional and not self.repeats:
                    due.hi = max(due.hi, answered_at)  # what has passed meanwhile comes then
            known = [due for due, _ in dues]
            self.dues = known + [due for due in self.dues if due.told_at is not None and due not in known]
            self.runs = runs
            for name, value in values.items():
                setattr(self, name, value)

        return restore

    def forget(self, asked_at: float, answered_at: float) -> None:
        """All that is kept of it is deleted."""
        self.end(asked_at, answered_at)
        self.runs, self.before, self.message, self.card = [], ([], []), None, None

    def doubt(self) -> None:
        """Something was asked for and not answered: it may have been done."""
        self.uncertain, self.called, self.paused = True, "", None
        if self.left:
            self.dues.append(Due(self.asked_at, math.inf, optional=True))
            self.left = None
        for due in self.dues:
            if due.is_open:
                due.optional, due.hi = True, math.inf

    def waver(self, restore: Callable[[float], None], at: float) -> None:
        """Something that was done to it was taken back, or was not."""
        after = [due for due in self.dues if due.is_open]
        restore(at)
        self.doubt()
        for due in after:
            due.optional, due.hi = True, math.inf
        self.dues += [due for due in after if due not in self.dues]

    def most_unsure(self) -> None:
        """It may never have been begun, or may repeat as it was meant to."""
        self.void = self.repeats

    def move(self, lo: float, hi: float) -> None:
        """It is to come at another time; a snooze stays that of whoever snoozed it."""
        waiting = [due for due in self.dues if due.is_open]
        for due in waiting:
            due.missed = True
        self.dues.append(Due(lo, hi, alone=not self.repeats and any(due.alone for due in waiting)))
        self.paused = None

    def unsaid(self, now: float) -> list[Due]:
        """Return what should have been said by now, or was said too late, for whoever knows what excuses that."""
        if self.void:
            return []
        silent_from = self.paused[0] - 1 if self.paused else math.inf
        return [
            due
            for due in self.dues
            if not due.optional
            and not due.missed
            and due.hi <= now
            and due.lo < silent_from
            and (due.told_at is None or due.told_at > due.hi)
        ]
