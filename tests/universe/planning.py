"""Planning: the plans that people start sessions by: lengths, phrases of the tables, or saved plans."""

import re
from dataclasses import dataclass
from typing import Any

from tests.universe import phrases, sentences
from tests.universe.course import Phase
from tests.universe.human import Human

# Minutes of focus and of a short break, and rounds.
_LENGTHS = (
    (25, 5, 2), (50, 10, 2), (15, 5, 1), (10, 3, 3), (10, 2, 7), (3, 2, 8), (3, 1, 12), (2, 1, 12), (2, 1, 12),
)  # fmt: skip
# How often people write a plan as the tables do, save another, and start the one that they have saved.
_BY_THE_TABLE, _SAVES, _BY_NAME = 0.15, 0.35, 0.6
# How often they save another by the same name at once, and look at what is saved.
_ANEW, _LOOKS = 0.5, 0.5
_KEPT = re.compile(sentences.SAVED + r" mine: (.+)")
_PLANS = phrases.plans()
# Plans that may stand behind a name: they have no words in them.
_BARE = [plan for plan in _PLANS if re.fullmatch(r"[\d/ m]+", plan[0])]
_LONG = 900.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Its text, and its phases; ``is_whole`` if nothing may follow it."""

    words: str
    phases: list[Phase]
    is_whole: bool = True
    # As it was confirmed, where it was saved.
    kept: str = ""
    # Its minutes of focus and of a short break, and its rounds, where it is known by these.
    lengths: tuple[int, int, int] | None = None


class Planning:
    """Knows what each person has saved as *mine*."""

    def __init__(self) -> None:
        self._saved: dict[str, Plan] = {}

    async def choose(self, human: Human, channel: Any) -> Plan:
        """Choose a plan, perhaps after saving one."""
        if human.chance.random() < _SAVES:
            await self.save(human, channel)
        if human.id in self._saved and human.chance.random() < _BY_NAME:
            return self._saved[human.id]
        if human.chance.random() < _BY_THE_TABLE:
            return Plan(*human.chance.choice(_PLANS))
        focus, short, rounds = human.chance.choice(_LENGTHS)
        words = f"focus {focus} short {short} rounds {rounds}"
        lengths = focus, short, rounds
        return Plan(words, phases_of(*lengths), is_whole=False, lengths=lengths)

    async def save(self, human: Human, channel: Any) -> None:
        """Save a plan, and perhaps another in its place."""
        await self._save(human, channel)
        if human.chance.random() < _ANEW:
            await self._save(human, channel)
        if human.chance.random() < _LOOKS and (plan := self._saved.get(human.id)):
            answer = await human.type(channel, "!focus presets")
            human.hold_reading(answer, "presets", is_right=f"mine · {plan.kept}" in (answer.words or ""))

    async def _save(self, human: Human, channel: Any) -> None:
        words, phases = human.chance.choice(_BARE)
        self._saved.pop(human.id, None)
        answer = await human.type(channel, f"!focus save mine {words}")
        if match := _KEPT.search(answer.words or ""):
            self._saved[human.id] = Plan("mine", phases, kept=match[1])

    def forget(self, user_id: str) -> None:
        """Note that a person's saved plans are deleted."""
        self._saved.pop(user_id, None)


def phases_of(focus: int, short: int, rounds: int) -> list[Phase]:
    """Return the phases of a plan by minutes of focus and of a short break, and the number of rounds."""
    phases: list[Phase] = []
    for number in range(1, rounds + 1):
        phases.append((f"Focus · {number} of {rounds}" if rounds > 1 else "Focus", True, focus * 60.0))
        is_last = number == rounds
        phases.append(("Long break", False, _LONG) if is_last else ("Short break", False, short * 60.0))
    return phases
