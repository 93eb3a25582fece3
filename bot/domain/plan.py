"""A plan: the phases of a session in their order, as they were asked for or as they are changed on the way.

The standard plan is rounds of focus with a short break after each and a long one after the last. ``parse`` reads
any other, and ``str`` writes what it reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from types import MappingProxyType

from bot.domain import duration, notation
from bot.domain.errors import BadPlan
from bot.domain.notation import MOST_PHASES
from bot.domain.phase import EXAMPLE, LONGEST, Part, Phase

__all__ = ["BUILT_IN", "EXAMPLE", "LONGEST", "MOST_PHASES", "UNNAMED", "Part", "Phase", "Plan", "parse", "standard"]

_FOCUS, _SHORT, _LONG = timedelta(minutes=25), timedelta(minutes=5), timedelta(minutes=15)
_ROUNDS = 4
_EDIT = "focus edit short 10 rounds 6"
# What a session is called whose plan has no name.
UNNAMED = "focus"


@dataclass(frozen=True, slots=True)
class Plan:
    """Phases, one after the other; they are counted from 0.

    Raises ``BadPlan`` where there are more than ``MOST_PHASES``, where they take more than ``LONGEST`` in all, or
    where none of them is for focus.
    """

    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        if len(self.phases) > MOST_PHASES:
            raise notation.too_many()
        if self.total > LONGEST:
            raise BadPlan(f"That plan takes {duration.spoken(self.total)} in all; 12 hours are the most.", EXAMPLE)
        if not self.rounds:
            raise BadPlan("That plan has only breaks; it needs at least one phase to focus in.", EXAMPLE)

    def __str__(self) -> str:
        """Write it so that ``parse`` reads an equal plan: ``3x(40m focus, 8m break), 30m lunch``."""
        return notation.write(self.phases)

    @property
    def total(self) -> timedelta:
        """How long it takes in all."""
        return sum((phase.length for phase in self.phases), timedelta())

    @property
    def rounds(self) -> int:
        """How many phases are for focus."""
        return sum(phase.is_focus for phase in self.phases)

    @property
    def plain(self) -> "Plan":
        """The same without words of anybody's own."""
        return Plan(tuple(replace(phase, label=phase.part.value) for phase in self.phases))

    def round_of(self, at: int) -> int:
        """Say in which round phase ``at`` is, from 1; a break belongs to the round before it, 0 if none is."""
        return sum(phase.is_focus for phase in self.phases[: at + 1])

    def edited(
        self,
        at: int,
        *,
        focus: timedelta | None = None,
        short: timedelta | None = None,
        long: timedelta | None = None,
        rounds: int | None = None,
    ) -> "Plan":
        """Change lengths and rounds while phase ``at`` is going (-1: before the first); what is over stays over.

        That phase and those after it take the new lengths, each by its part. ``rounds`` is how many there are to be
        in all: they are added or left out before the last, so that what ends the plan stays its end.

        Raises ``BadPlan`` where fewer rounds are asked for than have begun, where no phase is left that a length is
        for, or where the new plan breaks a limit.
        """
        phases = self.phases if rounds is None else self._with_rounds(rounds, at)
        over, left = phases[: max(at, 0)], phases[max(at, 0) :]
        asked = {Part.FOCUS: focus, Part.SHORT: short, Part.LONG: long}
        lengths = {part: length for part, length in asked.items() if length is not None}
        for part in lengths:
            if all(phase.part is not part for phase in left):
                raise BadPlan(f"No {part} is left in this plan to change.", "focus edit plan 25m, 5m break, 25m")
        return Plan(over + tuple(replace(phase, length=lengths.get(phase.part, phase.length)) for phase in left))

    def then(self, at: int, rest: "Plan") -> "Plan":
        """Let ``rest`` take the place of everything after phase ``at`` (-1: of everything)."""
        return Plan(self.phases[: at + 1] + rest.phases)

    def _with_rounds(self, rounds: int, at: int) -> tuple[Phase, ...]:
        begun = self.round_of(at)
        if rounds < max(begun, 1):
            raise BadPlan(f"Round {begun} has begun already." if begun else "A plan has at least 1 round.", _EDIT)
        if rounds > MOST_PHASES:
            raise notation.too_many()
        # A round is a focus phase with the breaks behind it; breaks before the first belong to none.
        starts = [place for place, phase in enumerate(self.phases) if phase.is_focus]
        ends = [*starts[1:], len(self.phases)]
        *before, last = (self.phases[start:end] for start, end in zip(starts, ends, strict=True))
        breaks = before[-1][1:] if before else (Phase(_SHORT, Part.SHORT.value),)
        added = [(last[0], *breaks)] * (rounds - len(starts))
        new = [*[*before, *added][: rounds - 1], last]
        if not begun:
            return self.phases[: starts[0]] + tuple(chain.from_iterable(new))
        # The round that is going may have become the last, or no longer be it: its breaks to come are the new ones.
        gone = at + 1 - starts[begun - 1]
        return self.phases[: at + 1] + new[begun - 1][gone:] + tuple(chain.from_iterable(new[begun:]))


def parse(text: str) -> Plan:
    """Read a plan (``notation`` tells how it is written). Raises ``BadPlan`` or ``BadName``."""
    return Plan(notation.read(text))


def standard(
    focus: timedelta = _FOCUS, short: timedelta = _SHORT, long: timedelta = _LONG, rounds: int = _ROUNDS
) -> Plan:
    """Make rounds of focus, with short breaks between and a long one at the end. A break of 0 is left out."""
    if not 1 <= rounds <= MOST_PHASES:
        raise BadPlan(f"A plan has 1 to {MOST_PHASES} rounds.", "focus 50 short 10 long 20 rounds 3")
    work = (Phase(focus),)
    between = (Phase(short, Part.SHORT.value),) if short else ()
    end = (Phase(long, Part.LONG.value),) if long else ()
    return Plan((work + between) * (rounds - 1) + work + end)


_MINUTE = timedelta(minutes=1)
BUILT_IN: Mapping[str, Plan] = MappingProxyType(
    {
        "classic": standard(),
        "deep": standard(50 * _MINUTE, 10 * _MINUTE, 20 * _MINUTE, 3),
        "ultradian": standard(90 * _MINUTE, 20 * _MINUTE, 20 * _MINUTE, 2),
    }
)
