"""Sharing: whose focus is shared, and whether a leaderboard shows that, and nobody else's."""

import re

from tests.universe import sentences
from tests.universe.claims import union
from tests.universe.human import Human, seconds_of
from tests.universe.keeping import Keeping

_STANDING = re.compile(r"<@(\d+)> · ([^\n]+)")
_OWN = re.compile(
    sentences.pattern(sentences.TODAY, sentences.GOAL, amount=r"[^·\n]+", bar=r"\S+", done=".+", goal=".+")
)
# The most people that are on a leaderboard.
_TOP = 10


class Sharing:
    """Shares focus, and checks leaderboards."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping
        # Whether each shares, None if that is in doubt, and since when.
        self._known: dict[str, tuple[bool | None, float]] = {}

    async def choose(self, human: Human) -> None:
        """Share one's focus, or keep it private."""
        shares = human.chance.random() < 0.7
        verb = "share" if shares else "unshare"
        answer = await human.type(human.chance.choice(human.channels), f"!privacy {verb}")
        if answer.words is None:
            self._known[human.id] = None, human.now
        elif (sentences.SHARED if shares else sentences.PRIVATE) in answer.words:
            self._known[human.id] = shares, human.now

    async def look(self, human: Human) -> None:
        """Look at the leaderboard of one's server."""
        channel = human.chance.choice(human.channels)
        before = {other.id: self._bounds(other) for other in human.neighbours}
        answer = await human.type(channel, "!leaderboard all")
        if not (answer.words or "(").startswith("**") or human.is_excused(answer.asked_at - 60):
            return
        human.judge.counts["boards"] += 1
        shown = {user_id: seconds_of(amount) for user_id, amount in _STANDING.findall(answer.words or "")}
        if [*shown.values()] != sorted(shown.values(), reverse=True):
            human.judge.fault("wrongly shown", f"in a wrong order: {answer.words!r}")
        for other in human.neighbours:
            shares = self._shares(other)
            if other.id in shown and shares is False and other is not human:
                human.judge.fault("wrongly shown", f"{other.person.name}, who is private: {answer.words!r}")
            low, high = before[other.id][0], self._bounds(other)[1]
            seconds = shown.get(other.id, 0 if shares and len(shown) < _TOP else None)
            is_there = not other.judge.is_disturbed(other.id, until=human.now)
            if seconds is not None and is_there and not low - 60 <= seconds <= high:
                fault = f"{other.person.name} is on the board with {seconds} s, not {low:.1f} to {high:.1f}"
                human.judge.fault("wrong sum", f"{fault}: {answer.words!r}")

    async def ask_aloud(self, human: Human) -> None:
        """Ask where others read for what is only one's own: it is not shown there."""
        answer = await human.type(human.chance.choice(human.channels), human.chance.choice(("!stats", "!goal")))
        if self._shares(human) is False and _OWN.search(answer.words or ""):
            human.judge.fault("wrongly shown", f"what is {human.person.name}'s, to all: {answer.words!r}")

    def _shares(self, human: Human) -> bool | None:
        shares, since = self._known.get(human.id, (False, 0.0))
        return self._keeping.kept_since(human.id, since, shares)

    def _bounds(self, human: Human) -> tuple[float, float]:
        """Return the least and greatest number of seconds that a person must have in their server."""
        mine, direct = self._keeping.of(human), self._keeping.directly(human)
        if mine is None:
            return 0.0, float("inf")
        low, high = union(*mine)
        slack = 5.0 + 2 * len(mine[1]) + human.judge.slack
        return low - union([], direct)[1] - slack, high + slack
