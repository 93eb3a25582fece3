"""Sums: the counted focus of everybody, checked against what they did."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.universe import claims
from tests.universe.human import Human
from tests.universe.judge import Judge
from tests.universe.keeping import Keeping

_KEPT = "SELECT user_id, sum(counted), count(*) FROM focus_log GROUP BY user_id"
_SLICES = "SELECT user_id, sum(seconds) FROM focus_slices GROUP BY user_id"
_TASKS = "SELECT task, sum(focused) / 1000 FROM focus_log WHERE user_id = ? GROUP BY task"


def hold(judge: Judge, keeping: Keeping, humans: list[Human], database: Path) -> None:
    """Compare each person's counted seconds with the union of what they certainly, and possibly, did."""
    with closing(sqlite3.connect(database)) as connection:
        kept = {str(user_id): (seconds or 0, entries) for user_id, seconds, entries in connection.execute(_KEPT)}
        slices = {str(user_id): seconds for user_id, seconds in connection.execute(_SLICES)}
        for human in humans:
            seconds, entries = kept.get(human.id, (0, 0))
            if slices.get(human.id, 0) != seconds:
                judge.fault("wrong sum", f"{human.person.name} has {slices.get(human.id)} s in slices of {seconds}")
            if (mine := keeping.of(human)) is None:
                continue
            judge.counts["sums"] += 1
            sure, possible = mine
            low, high = claims.union(sure, possible)
            # Of each entry whole seconds count.
            slack = 1.5 + entries * (1.0 + judge.slack)
            if not low - slack <= seconds <= high + slack:
                by_task = dict(connection.execute(_TASKS, (human.id,)).fetchall())
                fault = f"{human.person.name} has {seconds} s, not {low:.1f} to {high:.1f}"
                judge.fault("wrong sum", f"{fault}: {by_task}, of {sure} and {possible}"[:900])
