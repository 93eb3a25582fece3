"""A gathering: the people of a session as they understand it, modelled independently of the bot."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from tests.universe.claims import Claim, Span, length
from tests.universe.course import Course, Phase

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


class Gathering(Course):
    """A course, and who follows it when."""

    def __init__(
        self,
        channel_id: str,
        host_id: str,
        phases: list[Phase],
        began: Span,
        *,
        most_silent: int = 3,
        is_auto: bool = True,
        warns: bool = False,
    ) -> None:
        super().__init__(phases, began, is_auto, warns)
        self.channel_id = channel_id
        self.host_id = host_id
        # Rounds that count for somebody who gives no sign of being there.
        self.most_silent = most_silent
        # When it ended since nobody was there.
        self.died: Span | None = None
        self.uncertain = False
        self.people: dict[str, list[Presence]] = {}
        # Its last card, and its number.
        self.card: object = None
        self.number = ""
        # Whether a voice channel is linked to it.
        self.has_voice = False
        # Who rests, and goes on being in it.
        self.resting: set[str] = set()
        # When people have said whether they were there in rounds without a sign of them, asked and answered.
        self.confirmed: dict[str, list[tuple[Span, bool]]] = {}
        # The last message that asks so, and whom.
        self.question: object = None
        self.questioned: set[str] = set()
        # From when to when somebody was not in its server.
        self.away: dict[str, list[float]] = {}
        # Whoever has ever wished to come in; and who may have been taken out of it.
        self.guests = {host_id}
        self.unclear: set[str] = set()
        # The minutes and rounds of its plan, where it is known by these; and what each works on, since when.
        self.lengths: tuple[int, int, int] | None = None
        self.tasks: dict[str, tuple[str, float]] = {}
        # Who is not to be called, since when, and who of them is told directly.
        self.directly: set[str] = set()
        self.unpinged: dict[str, float] = {}
        self.unclear_pings: set[str] = set()
        # Who has just become its host.
        self.heirs: set[str] = set()
        # When each has given a sign of being there, and whether it is sure that the bot has seen it.
        self.signs: dict[str, list[tuple[float, bool]]] = {}
        self.come(host_id, *began)

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


def _later(begin: Span, came: Span) -> Span:
    return max(begin[0], came[0]), max(begin[1], came[1])


def _sooner(end: Span, went: Span) -> Span:
    return min(end[0], went[0]), min(end[1], went[1])
