"""A goal: an amount of focus a day, and the progress towards it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Progress:
    """The ``done`` part of a ``goal`` on one day, both in seconds; a goal is at least 1."""

    goal: int
    done: int

    @property
    def reached(self) -> bool:
        """Whether the goal is reached."""
        return self.done >= self.goal

    @property
    def left(self) -> int:
        """The seconds left; 0 once it is reached."""
        return max(0, self.goal - self.done)

    @property
    def percent(self) -> int:
        """The progress in percent, rounded down, so that 100 means reached; it may be more."""
        return self.done * 100 // self.goal


def days_reached(days: Mapping[date, int], goal: int, first: date, last: date) -> int:
    """Count the days on which a goal (in seconds) was reached, from first to last inclusive."""
    return sum(1 for day, seconds in days.items() if first <= day <= last and seconds >= goal)
