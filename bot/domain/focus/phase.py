"""A phase: one stretch of a session, focus, break or warm-up, as its label says.

A label with a word for a break ("coffee", "short break", "walk outside") is a break, and a long one where it is a
meal or says "long". A warm-up is neither focus nor break. Everything else is focus, and so is anything that begins
with "focus" ("focus on tea").
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.errors import BadPlan
from bot.domain.time import duration
from bot.domain.timers import name
from bot.messages.catalogue import N_

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
    """What a phase is for; the value is its default label."""

    FOCUS = "focus"
    SHORT = "short break"
    LONG = "long break"
    WARM_UP = "warm-up"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of this length, to the millisecond.

    The label is cleaned. Raises ``BadName`` if nothing is left of it, and ``BadPlan`` if the length is
    outside ``SHORTEST`` to ``LONGEST`` or the label would not parse again behind a length.
    """

    length: timedelta
    label: str = Part.FOCUS.value

    def __post_init__(self) -> None:
        if self.length < SHORTEST:
            raise BadPlan(N_("That's too short for a phase."), EXAMPLE)
        if self.length > LONGEST:
            raise BadPlan(N_("That's too long – 12 hours is the limit for a phase."), EXAMPLE)
        label = name.clean(self.label, longest=LONGEST_LABEL, example=EXAMPLE)
        if duration.read(label.partition(" ")[0]) is not None:
            raise BadPlan(
                N_("“{quote}” starts with a second length. Put a comma before it, or write 1h30m as one word."),
                EXAMPLE,
                quote=label,
            )
        if set(label) & set(",()"):
            raise BadPlan(N_("“{quote}” can't have a comma or a bracket in it."), EXAMPLE, quote=label)
        object.__setattr__(self, "label", label)

    @property
    def part(self) -> Part:
        """What it is for, judged by its label."""
        words = _WORD.findall(self.label.casefold())
        if words[:1] == ["focus"]:
            return Part.FOCUS
        if words[:1] in (["warmup"], ["warm"], ["warming"]) and words[1:2] in ([], ["up"]):
            return Part.WARM_UP
        if not _BREAKS.intersection(words):
            return Part.FOCUS
        return Part.LONG if "long" in words or _MEALS.intersection(words) else Part.SHORT

    @property
    def is_focus(self) -> bool:
        """Whether it is focus, which counts, rather than a break or a warm-up."""
        return self.part is Part.FOCUS
