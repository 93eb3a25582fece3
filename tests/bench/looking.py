"""A million entries of the focus log: how long sums and leaderboards take, and which index they use."""

import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain

from bot.domain.time import period
from bot.engine.clock import Clock
from bot.service.focus_log import FocusLog
from bot.store.database import Database
from bot.store.schema import migrate
from tests.bench import history
from tests.bench.contender import Round
from tests.bench.spans import middle, p99
from tests.bench.table import Figure

_GUILD = 1
_TIMES = 50
_COUNTED = "SUM(COALESCE(counted, focused / 1000))"
_STATEMENTS = {
    "a person's days": "SELECT (at + COALESCE(ahead, 0)) / 86400 AS day, SUM(seconds) FROM focus_slices"
    " WHERE user_id = 1 AND at >= 0 AND at < 9e9 GROUP BY day",
    "a leaderboard of all time": f"SELECT user_id, {_COUNTED} FROM focus_log WHERE guild_id = 1 GROUP BY user_id",
    "a leaderboard of a week": f"SELECT user_id, {_COUNTED} FROM focus_log WHERE guild_id = 1 AND ended_at >= 1"
    " AND ended_at < 2 AND began_at >= 1 GROUP BY user_id",
}


async def measure(run: Round) -> list[Figure]:
    """Query a server with a million entries: one person has 10,000 of them, the others share the rest."""
    count, mine = run.of(1_000_000, 30_000), run.of(10_000, 2_000)
    people = run.of(2_000, 100)
    each = (count - mine) // people
    file = run.folder / "looking.db"
    database = Database(f"sqlite:///{file}")
    await migrate(database)
    now = datetime.now(UTC)
    others = (history.entries(user_id, _GUILD, each, now) for user_id in range(2, people + 2))
    history.write(file, chain(history.entries(1, _GUILD, mine, now), *others))
    history.share(file, range(1, people + 2))
    log = FocusLog(database, Clock())
    looks: dict[str, tuple[float, Callable[[], Awaitable[object]]]] = {
        "one's own sums": (50, lambda: log.mine(1)),
        "a leaderboard of this week": (200, lambda: log.leaders(_GUILD, 1, period.parse("week", now.date()))),
        "a leaderboard of all time": (200, lambda: log.leaders(_GUILD, 1, period.parse("all", now.date()))),
    }
    figures = []
    for title, (most, look) in looks.items():
        await look()
        took = [await _timed(look) for _ in range(run.of(_TIMES, 10))]
        label = f"{count:,} entries: {title}"
        figures += [Figure(f"{label}, median", middle(took)), Figure(f"{label}, p99", p99(took), most=most)]
    await database.close()
    with closing(sqlite3.connect(file)) as connection:
        for title, statement in _STATEMENTS.items():
            plan = "; ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))
            print(f"{title}: {plan}")  # noqa: T201 - a command line prints
    return figures


async def _timed(look: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await look()
    return (time.perf_counter() - began) * 1000
