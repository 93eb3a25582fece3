"""A gathering: a session as people understand it, modelled independently of the bot."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.universe import sentences
from tests.universe.claims import Claim, Span, length

# Its title, whether it is focus, and its seconds.
Phase = tuple[str, bool, float]
# Seconds until it is noticed who has left, after a change of phase.
_NOTICED = 15.0


@dataclass
class Presence:
    """A person's time in it: when they came and left, each requested and answered."""

    came: Span
    went: Span = (math.inf, math.inf)
    # Whether they only rest since then.
    rests: bool = False

    def includes(self, moment: float) -> bool:
        """Return whether a person may have been in it at that moment, even if they did not focus."""
        return self.came[0] <= moment and (self.rests or moment <= self.went[1])


@dataclass
class Gathering:
    """``at`` is the current one, as far as is known."""

    channel_id: str
    host_id: str
    phases: list[Phase]
    began: Span
    # Rounds that count for somebody who gives no sign of being there.
    most_silent: int = 3
    at: int = 0
    left: Span | None = None
    over: bool = False
    died: Span | None = None  # when it ended since nobody was there
    uncertain: bool = False
    people: dict[str, list[Presence]] = field(default_factory=dict)
    # Spans when focus counted; when each phase, and at last the end, was due to be announced, and was.
    runs: list[tuple[int, Span, Span]] = field(default_factory=list)
    dues: dict[int, Span] = field(default_factory=dict)
    announced_at: dict[int, float] = field(default_factory=dict)
    card: object = None
    number: str = ""
    # Whether a voice channel is linked to it.
    has_voice: bool = False
    # Who rests, and goes on being in it.
    resting: set[str] = field(default_factory=set)
    # When people have said whether they were there in rounds without a sign of them, asked and answered.
    confirmed: dict[str, list[tuple[Span, bool]]] = field(default_factory=dict)
    # The last message that asks so, and whom.
    question: object = None
    questioned: set[str] = field(default_factory=set)
    # From when to when somebody was not in its server.
    away: dict[str, list[float]] = field(default_factory=dict)
    # Whoever has ever wished to come in; and who may have been taken out of it.
    guests: set[str] = field(default_factory=set)
    # Who is not to be called, since when.
    unpinged: dict[str, float] = field(default_factory=dict)
    unclear_pings: set[str] = field(default_factory=set)
    # Who has just become its host.
    heirs: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    # When each has given a sign of being there, and whether it is sure that the bot has seen it.
    signs: dict[str, list[tuple[float, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run_from = self.began
        self.ends = self._later(self.began, self.phases[0][2])
        self.come(self.host_id, *self.began)
        self.guests.add(self.host_id)

    @staticmethod
    def _later(span: Span, seconds: float) -> Span:
        return span[0] + seconds, span[1] + seconds

    def advance(self, now: float) -> None:
        """End the phases whose time has certainly passed."""
        while not self.over and self.left is None and self.ends[1] <= now:
            self._next(self.ends)

    def _next(self, ended: Span) -> None:
        self._stop_run(ended)
        self.at += 1
        self.dues[self.at] = ended
        if self.at == len(self.phases):
            self.over = True
            return
        self.run_from = ended
        self.ends = self._later(ended, self.phases[self.at][2])

    def _stop_run(self, ended: Span) -> None:
        if self.phases[self.at][1]:
            self.runs.append((self.at, self.run_from, ended))

    def is_clear(self, now: float) -> bool:
        """Return whether the current phase is certain, now and for a while."""
        self.advance(now)
        if self.over:
            return False
        return self.left is not None or (now - self.run_from[1] > 5 and self.ends[0] - now > 30)

    def present(self, now: float) -> set[str]:
        """Return who may count as being in it."""
        return {user for user, times in self.people.items() if times[-1].went[0] > now - 60}

    def surely_present(self, now: float) -> set[str]:
        """Return who is certainly in it."""
        return {
            user for user, times in self.people.items() if times[-1].went[1] == math.inf > now >= times[-1].came[1]
        }

    def how_many(self, span: Span) -> Span:
        """Return the least and greatest number of people in it at some moment of a span."""
        sure = self.surely_present(span[0]) & self.surely_present(span[1]) | self.resting
        maybe = [user for user, times in self.people.items() if any(map(times[-1].includes, span))]
        return len(sure), len(maybe)

    # What people do: asked at one moment, answered at another.

    def come(self, user_id: str, asked_at: float, answered_at: float) -> Presence:
        presence = Presence((asked_at, answered_at))
        self.people.setdefault(user_id, []).append(presence)
        return presence

    def go(self, user_id: str, asked_at: float, answered_at: float) -> Presence:
        presence = self.people[user_id][-1]
        presence.went = asked_at, answered_at
        return presence

    def rest(self, user_id: str, asked_at: float, answered_at: float) -> None:
        self.resting.add(user_id)
        self.go(user_id, asked_at, answered_at).rests = True

    def back(self, user_id: str, asked_at: float, answered_at: float) -> None:
        self.resting.discard(user_id)
        self.come(user_id, asked_at, answered_at)

    def confirm(self, user_id: str, span: Span, *, was_there: bool) -> None:
        """Note a person's answer whether they were there in the rounds that have ended so far."""
        self.questioned.discard(user_id)
        self.confirmed.setdefault(user_id, []).append((span, was_there))

    def depart(self, user_id: str, at: float) -> None:
        """Note that a person has left its server."""
        self.away.setdefault(user_id, []).append(at)
        self.unclear.add(user_id)

    def arrive(self, user_id: str, at: float) -> None:
        """Note that a person is back; they are out of it if the bot must have seen that they were gone."""
        gone = self.away.get(user_id, [])
        if len(gone) % 2:
            gone.append(at)

    def expel(self, stale: float, is_excused: Callable[[float], bool]) -> None:
        """Remove those whom the bot must have missed: at a change of phase when they were long gone."""
        for user_id, moments in self.away.items():
            times = self.people.get(user_id, [])
            begins, ends = moments[0], moments[1] if len(moments) > 1 else math.inf
            seen = [due for due in self.dues.values() if begins + stale < due[0] and due[1] < ends - 5]
            seen = [due for due in seen if not is_excused(due[1])]
            later = [time for time in times if time.came[1] > begins]
            if not seen or later or not times or len(moments) > 2 or times[-1].went[0] < begins:
                continue
            times[-1].went = begins, seen[0][1] + _NOTICED
            self.unclear.discard(user_id)

    def pause(self, asked_at: float, answered_at: float) -> None:
        self._stop_run((asked_at, answered_at))
        self.left = self.ends[0] - answered_at, self.ends[1] - asked_at

    def resume(self, asked_at: float, answered_at: float) -> None:
        if self.left:
            self.run_from = asked_at, answered_at
            self.ends = asked_at + self.left[0], answered_at + self.left[1]
            self.left = None

    def skip(self, asked_at: float, answered_at: float) -> None:
        if self.left:
            self.left = None
            self.run_from = asked_at, asked_at
            self.at_rest_next((asked_at, answered_at))
        else:
            self._next((asked_at, answered_at))

    def at_rest_next(self, ended: Span) -> None:
        """End a phase that was paused: nothing has counted since."""
        known = len(self.runs)
        self._next(ended)
        del self.runs[known:]

    def extend(self, by: float) -> None:
        if self.left:
            self.left = self._later(self.left, by)
        else:
            self.ends = self._later(self.ends, by)

    def stop(self, asked_at: float, answered_at: float) -> None:
        if self.left is None:
            self._stop_run((asked_at, answered_at))
        self.over = True

    def sign(self, user_id: str, at: float, *, sure: bool) -> None:
        """Note a person's activity in its channel."""
        self.signs.setdefault(user_id, []).append((at, sure))

    def claims(self, user_id: str) -> tuple[list[Claim], list[Claim]]:
        """Return where a person's focus in it certainly counts, and where it may."""
        sure: list[Claim] = []
        possible: list[Claim] = []
        for at, begin, end in self.runs:
            if at == self.at and not self.over:  # it is logged once it is over
                continue
            for time in self.people.get(user_id, []):
                claim = _later(begin, time.came), _sooner(end, time.went)
                if claim[1][1] <= claim[0][0]:
                    continue
                least, most = self._silent(user_id, at, end)
                later = [(span, is_so) for span, is_so in self.confirmed.get(user_id, []) if span[1] > end[0]]
                span, is_so = later[0] if later else ((math.inf, math.inf), False)
                if most <= self.most_silent or (is_so and span[0] > end[1] + 2):
                    sure.append(claim)
                if least <= self.most_silent or is_so:
                    possible.append(claim)
        return sure, possible

    def focused(self, user_id: str) -> Span:
        """Return the least and greatest time that a person has focused in it."""
        times = self.people.get(user_id, [])
        there = [
            (_later(begin, time.came), _sooner(end, time.went)) for time in times for _, begin, end in self.runs
        ]
        return length(self.claims(user_id)[0])[0], length(there)[1]

    def _silent(self, user_id: str, at: int, end: Span) -> Span:
        """Return from and to how many rounds had begun, by the end of a phase, since somebody's last sign."""
        closed = self.dues.get(at + 1, end)
        began = [self.dues[number] for number in range(1, at + 1) if number in self.dues and self.phases[number][1]]
        times = self.people[user_id]
        # Whoever has left it does nothing in it any more.
        given = [sign for sign in self.signs.get(user_id, []) if any(time.includes(sign[0]) for time in times)]
        signs = [(time.came[1], True) for time in times] + given
        seen = max((moment for moment, sure in signs if sure and moment < closed[0] - 2), default=0.0)
        maybe = max((moment for moment, _ in signs if moment < closed[1] + 2), default=0.0)
        return (
            sum(span[0] - 2 > maybe for span in began),
            sum(span[1] + 2 > seen for span in began),
        )

    def rounds_in_silence(self) -> int:
        """Count everybody's rounds that certainly do not count unless they are confirmed."""
        return sum(
            self._silent(user_id, at, end)[0] > self.most_silent
            for at, _, end in self.runs
            for user_id, times in self.people.items()
            if any(time.came[1] < end[0] and time.went[0] > end[1] for time in times)
        )

    def is_idle(self, now: float, slack: float) -> bool:
        """Return whether it may end for inactivity, by a clock that may be off."""
        self.advance(now)
        ended = [(at, end) for at, _, end in self.runs if end[0] - 5 - slack <= now]
        if not self.over and self.left is None and self.phases[self.at][1] and self.ends[0] - 5 - slack <= now:
            ended.append((self.at, self.ends))  # it may just have ended
        if not ended:
            return False
        return self._are_silent(*ended[-1])

    def _are_silent(self, at: int, end: Span) -> bool:
        """Return whether everybody may have been inactive for more rounds than count without activity."""
        return all(self._silent(user_id, at, end)[1] > self.most_silent for user_id in self.people)

    def die_down(self, now: float, slack: float) -> None:
        """Note that it ended with the last focus phase, since nobody was there."""
        if not self.over and self.phases[self.at][1] and self.ends[0] - 5 - slack <= now:
            self._stop_run(self.ends)
        silent = [at for at, _, end in self.runs if self._are_silent(at, end)]
        latest = max(at for at, _, _ in self.runs)
        last = min(silent, default=latest)
        self.uncertain |= last < latest  # it was told late, or it is not known who was seen when
        self.dues = {at: due for at, due in self.dues.items() if at <= last}
        self.at, self.over, self.died = last, True, next(end for at, _, end in self.runs if at == last)

    def hear(self, title: str, now: float, early: float) -> str | None:
        """Note the announcement of a phase, or of the end; return what is wrong with it."""
        titles = [title for title, _, _ in self.phases] + [sentences.ALL_DONE]
        last = max(self.announced_at, default=0)
        for at in range(last + 1, len(titles)):
            if titles[at].replace(" · ", " ") == title.replace(" · ", " "):
                return self._tell(at, now, early)
        return f"{title} was told of once too often"

    def _tell(self, at: int, now: float, early: float) -> str | None:
        self.advance(now)
        if at > self.at and self.left is None and not self.over:
            # The span in which the last phase ends has begun: it is known now where in it.
            while self.at < at and self.ends[0] - early <= now:
                self._next((self.ends[0], now))
        self.announced_at[at] = now
        if at > self.at:
            expected = self.phases[at][0] if at < len(self.phases) else "its end"
            return f"{expected} was told of {self.ends[0] - now:.3f} s early"
        return None


def _later(begin: Span, came: Span) -> Span:
    return max(begin[0], came[0]), max(begin[1], came[1])


def _sooner(end: Span, went: Span) -> Span:
    return min(end[0], went[0]), min(end[1], went[1])
