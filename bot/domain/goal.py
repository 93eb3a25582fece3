"""A goal: so much focus a day, and how far one has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Progress:
    """What was ``done`` of a ``goal`` on one day, both in seconds; a goal is at least 1."""

    goal: int
    done: int

    @property
    def reached(self) -> bool:
        """Tell whether the goal is reached."""
        return self.done >= self.goal

    @property
    def left(self) -> int:
        """Say how many seconds are left to it; 0 once it is reached."""
        return max(0, self.goal - self.done)

    @property
    def percent(self) -> int:
        """Say how much of it is done, rounded down, so that 100 means that it is reached; it may be more."""
        return self.done * 100 // self.goal


def days_reached(days: Mapping[date, int], goal: int, first: date, last: date) -> int:
    """Count the days on which a goal (in seconds) was reached, from a first day to a last, that one included."""
    return sum(1 for day, seconds in days.items() if first <= day <= last and seconds >= goal)
