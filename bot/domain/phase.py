"""A phase: one stretch of a session, to focus in or to rest, and the words that tell which.

Its label tells: one with a word for a break in it ("coffee", "short break", "walk outside") is a break, and a long
one where it is a meal or says "long". All else is time to focus, and so is what begins with "focus", whatever
follows ("focus on tea").
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain import duration, name
from bot.domain.errors import BadPlan

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(hours=12)
LONGEST_LABEL = 40
EXAMPLE = "focus 10m warm-up, 3x(40m focus, 8m break), 30m lunch"

_WORD = re.compile(r"[^\W\d_]+")
_MEALS = {"breakfast", "brunch", "lunch", "lunchtime", "dinner", "supper", "meal"}
_BREAKS = _MEALS | {
    "break", "breaks", "pause", "rest", "relax", "breather", "recess",
    "coffee", "tea", "snack", "walk", "stretch", "nap",
}  # fmt: skip


class Part(StrEnum):
    """What a phase is for; the value is the label of one that has no other."""

    FOCUS = "focus"
    SHORT = "short break"
    LONG = "long break"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of this length, to the millisecond.

    The label is made clean; ``BadName`` where that cannot be. Raises ``BadPlan`` where the length lies outside
    ``SHORTEST`` to ``LONGEST``, or where the label could not be read again behind a length.
    """

    length: timedelta
    label: str = Part.FOCUS.value

    def __post_init__(self) -> None:
        if self.length < SHORTEST:
            raise BadPlan("That is too short; a phase lasts at least 1 second.", EXAMPLE)
        if self.length > LONGEST:
            raise BadPlan("That is too long; a phase lasts at most 12 hours.", EXAMPLE)
        label = name.clean(self.label, longest=LONGEST_LABEL, example=EXAMPLE)
        if duration.read(label.partition(" ")[0]) is not None:
            raise BadPlan(
                "“{}” follows a length and begins with another; put a comma between, or write 1h30m as one word.",
                EXAMPLE,
                label,
            )
        if set(label) & set(",()"):
            raise BadPlan("“{}” has a comma or a bracket in it; a label has none.", EXAMPLE, label)
        object.__setattr__(self, "label", label)

    @property
    def part(self) -> Part:
        """What it is for, as its label tells."""
        words = _WORD.findall(self.label.casefold())
        if words[:1] == ["focus"] or not _BREAKS.intersection(words):
            return Part.FOCUS
        return Part.LONG if "long" in words or _MEALS.intersection(words) else Part.SHORT

    @property
    def is_focus(self) -> bool:
        """Whether it is time to focus, rather than a break."""
        return self.part is Part.FOCUS
