"""The largest tasks of a week, and the rest summed up as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.stats.statistics import TaskWeek
from bot.messages.catalogue import gettext

MOST = 5


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a task, or of the rest, in a week: seconds a day, Monday first.

    ``label`` is shown instead of a name where there is none: *no task*, *12 others*.
    """

    task: str | None
    label: str
    seconds: tuple[int, ...]
    is_rest: bool = False

    @property
    def total(self) -> int:
        """The sum of the week."""
        return sum(self.seconds)


def shares(rows: Sequence[TaskWeek]) -> list[Share]:
    """Return the ``MOST`` largest tasks, largest first, and the sum of all others as one more."""
    rows = sorted((row for row in rows if row.total), key=lambda row: -row.total)
    single, others = [row for row in rows if not row.others], [row for row in rows if row.others]
    # A single other task takes one line in either case, so it is named.
    shown = single if len(single) == MOST + 1 and not others else single[:MOST]
    result = [Share(row.task, "" if row.task else gettext("no task"), row.seconds) for row in shown]
    if rest := [*single[len(shown) :], *others]:
        seconds = tuple(sum(row.seconds[number] for row in rest) for number in range(7))
        count = sum(row.others or 1 for row in rest)
        result.append(Share(None, gettext("{count:,} others", count=count), seconds, is_rest=True))
    return result
