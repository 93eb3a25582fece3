"""A goal: an amount of focus a day, and the progress towards it."""

from dataclasses import dataclass


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
