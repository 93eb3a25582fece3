"""The largest tasks of a week, and the rest summed up as one."""

from collections.abc import Sequence

from bot.domain.stats.statistics import TaskWeek
from bot.messages.catalogue import gettext
from bot.pictures.amount import MANY, adding_up, spoken

MOST = 5


def amounts(named: Sequence[TaskWeek], *, in_full: bool = False) -> list[str]:
    """Format the sums of shares so that they add up to the total as it is shown, ``in_full`` or as on a picture.

    A share that would round to nothing is not rounded.
    """
    totals = [share.total for share in named]
    unit = 3600 if sum(totals) >= MANY and not in_full else 60
    rounded = zip(adding_up(totals, unit), totals, strict=True)
    return [spoken(seconds or total) for seconds, total in rounded]


def label(row: TaskWeek) -> str:
    """Return a label in place of a missing name: *no task*, *12 others*; empty if there is a name."""
    if row.others:
        return gettext("{count:,} others", count=row.others)
    return "" if row.task else gettext("no task")


def shares(rows: Sequence[TaskWeek]) -> list[TaskWeek]:
    """Return the ``MOST`` largest tasks, largest first, and the sum of all others as one more."""
    rows = sorted((row for row in rows if row.total), key=lambda row: -row.total)
    single, others = [row for row in rows if not row.others], [row for row in rows if row.others]
    # A single other task takes one line in either case, so it is named.
    visible = single if len(single) == MOST + 1 and not others else single[:MOST]
    if rest := [*single[len(visible) :], *others]:
        seconds = tuple(sum(row.seconds[number] for row in rest) for number in range(7))
        visible = [*visible, TaskWeek(None, seconds, sum(row.others or 1 for row in rest))]
    return visible
