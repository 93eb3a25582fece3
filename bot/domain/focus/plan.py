"""A plan: the phases of a session in order.

The standard plan is rounds of focus with a short break after each and a long one after the last. ``parse`` reads
any plan, and ``str`` writes what ``parse`` reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from types import MappingProxyType

from bot.domain.errors import BadPlan
from bot.domain.focus import notation
from bot.domain.focus.notation import MOST_PHASES
from bot.domain.focus.phase import EXAMPLE, LONGEST, Part, Phase
from bot.domain.time.duration import spoken
from bot.messages.catalogue import N_

__all__ = ["BUILT_IN", "EXAMPLE", "LONGEST", "MOST_PHASES", "UNNAMED", "Part", "Phase", "Plan", "parse", "standard"]

_FOCUS, _SHORT, _LONG = timedelta(minutes=25), timedelta(minutes=5), timedelta(minutes=15)
_ROUNDS = 4
_EDIT = "focus edit short 10 rounds 6"
_NONE_LEFT = {
    Part.FOCUS: N_("There's no focus left to change in this plan."),
    Part.SHORT: N_("There's no short break left to change in this plan."),
    Part.LONG: N_("There's no long break left to change in this plan."),
}
# The title of a session whose plan has no name.
UNNAMED = "focus"


@dataclass(frozen=True, slots=True)
class Plan:
    """Phases in order, indexed from 0.

    Raises ``BadPlan`` if there are more than ``MOST_PHASES``, they exceed ``LONGEST`` in all, or none is focus.
    """

    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        if len(self.phases) > MOST_PHASES:
            raise notation.too_many()
        if self.total > LONGEST:
            raise BadPlan(
                N_("That plan adds up to {total}. 12 hours is the limit."), EXAMPLE, total=spoken(self.total)
            )
        if not self.rounds:
            raise BadPlan(N_("That's all breaks! Add at least one focus phase."), EXAMPLE)

    def __str__(self) -> str:
        """Write it so that ``parse`` reads an equal plan: ``3x(40m focus, 8m break), 30m lunch``."""
        return notation.write(self.phases)

    @property
    def total(self) -> timedelta:
        """The total length."""
        return sum((phase.length for phase in self.phases), timedelta())

    @property
    def rounds(self) -> int:
        """The number of focus phases."""
        return sum(phase.is_focus for phase in self.phases)

    @property
    def plain(self) -> "Plan":
        """The same plan without anybody's own words."""
        return Plan(tuple(replace(phase, label=phase.part.value) for phase in self.phases))

    def round_of(self, at: int) -> int:
        """Return the round of phase ``at``, from 1; a break belongs to the round before it, 0 if there is none."""
        return sum(phase.is_focus for phase in self.phases[: at + 1])

    def must_last(self, shortest: timedelta, at: int = 0) -> None:
        """Raise ``BadPlan`` if a phase from ``at`` on is shorter than the operator allows."""
        if any(phase.length < shortest for phase in self.phases[max(at, 0) :]):
            raise BadPlan(
                N_("That's too short – {least} is the minimum for a phase."), EXAMPLE, least=spoken(shortest)
            )

    def edited(
        self,
        at: int,
        *,
        focus: timedelta | None = None,
        short: timedelta | None = None,
        long: timedelta | None = None,
        rounds: int | None = None,
    ) -> "Plan":
        """Change lengths and rounds while phase ``at`` runs (-1: before the first); past phases stay.

        The current and later phases take the new lengths, each by its part. ``rounds`` is the new total: rounds are
        added or removed before the last one, so that the end of the plan stays its end.

        Raises ``BadPlan`` if more rounds have begun than are asked for, no phase is left that a length applies
        to, or the new plan exceeds a limit.
        """
        phases = self.phases if rounds is None else self._with_rounds(rounds, at)
        over, left = phases[: max(at, 0)], phases[max(at, 0) :]
        wanted = {Part.FOCUS: focus, Part.SHORT: short, Part.LONG: long}
        lengths = {part: length for part, length in wanted.items() if length is not None}
        for part in lengths:
            if all(phase.part is not part for phase in left):
                raise BadPlan(_NONE_LEFT[part], "focus edit plan 25m, 5m break, 25m")
        return Plan(over + tuple(replace(phase, length=lengths.get(phase.part, phase.length)) for phase in left))

    def then(self, at: int, rest: "Plan") -> "Plan":
        """Replace everything after phase ``at`` (-1: everything) with ``rest``."""
        return Plan(self.phases[: at + 1] + rest.phases)

    def _with_rounds(self, rounds: int, at: int) -> tuple[Phase, ...]:
        begun = self.round_of(at)
        if rounds < max(begun, 1):
            raise BadPlan(
                N_("Round {round} has already started.") if begun else N_("A plan needs at least 1 round."),
                _EDIT,
                round=begun,
            )
        if rounds > MOST_PHASES:
            raise notation.too_many()
        # A round is a focus phase with the breaks after it; breaks before the first belong to no round.
        starts = [place for place, phase in enumerate(self.phases) if phase.is_focus]
        ends = [*starts[1:], len(self.phases)]
        *before, last = (self.phases[start:end] for start, end in zip(starts, ends, strict=True))
        breaks = before[-1][1:] if before else (Phase(_SHORT, Part.SHORT.value),)
        added = [(last[0], *breaks)] * (rounds - len(starts))
        new = [*[*before, *added][: rounds - 1], last]
        if not begun:
            return self.phases[: starts[0]] + tuple(chain.from_iterable(new))
        # The current round may have become the last, or stopped being it: its remaining breaks follow the new plan.
        gone = at + 1 - starts[begun - 1]
        return self.phases[: at + 1] + new[begun - 1][gone:] + tuple(chain.from_iterable(new[begun:]))


def parse(text: str) -> Plan:
    """Parse a plan, see ``notation``. Raises ``BadPlan`` or ``BadName``."""
    return Plan(notation.read(text))


def standard(
    focus: timedelta = _FOCUS, short: timedelta = _SHORT, long: timedelta = _LONG, rounds: int = _ROUNDS
) -> Plan:
    """Build rounds of focus with short breaks between and a long one at the end. A break of 0 is omitted."""
    if not 1 <= rounds <= MOST_PHASES:
        raise BadPlan(
            N_("A plan can have 1 to {most} rounds."), "focus 50 short 10 long 20 rounds 3", most=MOST_PHASES
        )
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
