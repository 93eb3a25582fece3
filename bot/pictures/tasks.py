"""The few largest tasks of a week, and the rest of them as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.statistics import TaskWeek

MOST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """What a task, or the rest of them, has of a week: seconds a day, Monday first.

    ``label`` stands in place of a name where there is none: *no task*, *12 others*.
    """

    task: str | None
    label: str
    seconds: tuple[int, ...]
    is_rest: bool = False

    @property
    def total(self) -> int:
        """Sum up the week."""
        return sum(self.seconds)


def shares(rows: Sequence[TaskWeek]) -> list[Share]:
    """Give the ``MOST`` largest tasks, the largest first, and all others that have any as one more."""
    rows = sorted((row for row in rows if row.total), key=lambda row: -row.total)
    # One other would take the same line as its name does.
    shown = rows if len(rows) == MOST + 1 else rows[:MOST]
    found = [Share(row.task, "" if row.task else "no task", row.seconds) for row in shown]
    if rest := rows[len(shown) :]:
        seconds = tuple(sum(row.seconds[number] for row in rest) for number in range(7))
        found.append(Share(None, f"{len(rest):,} others", seconds, is_rest=True))
    return found
