"""Lookahead: looks up the people whose reminders and timers are due soon, so that no delivery waits for it."""

from collections.abc import Iterable, Mapping

import structlog

from bot.domain.reminders.reminder import Reminder
from bot.domain.shard import WHOLE, ShardRange
from bot.engine.clock import Clock
from bot.service.members import LOOK_AHEAD, LOOK_APART, LOOK_EVERY, LOOK_MAX_AGE, Members
from bot.store import due_timers, reminders as reminder_rows
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)

# How many reminders, and how many pomodoros, a look reads.
_MOST = 2_000


class Lookahead:
    """Looks at everything due in servers: reminders that mention others first, then pomodoros."""

    def __init__(self, database: Database, members: Members, clock: Clock, shards: ShardRange = WHOLE) -> None:
        self._database = database
        self._members = members
        self._clock = clock
        self._shards = shards

    async def run(self) -> None:
        """Look every ``LOOK_EVERY`` seconds, forever."""
        while True:
            try:
                await self.look()
            except DatabaseUnavailable as error:
                _log.warning("lookahead_failed", error=str(error))
            await self._clock.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Look up the people who answer for everything due within a minute, until the next look."""
        until = self._clock.now() + LOOK_AHEAD
        async with self._database.read() as connection:
            reminders = await reminder_rows.due_in_servers(connection, until, _MOST, self._shards)
            owners = await due_timers.owners_due(connection, until, _MOST, self._shards)
        asked_until = self._clock.monotonic() + LOOK_EVERY
        for guild_id, user_ids in _by_guild([*_answering(reminders), *owners]).items():
            if self._members.known(guild_id, user_ids, LOOK_MAX_AGE).keys() >= user_ids:
                continue
            if self._clock.monotonic() >= asked_until:
                break
            await self._members.present(guild_id, user_ids, LOOK_MAX_AGE)
            await self._clock.sleep(LOOK_APART)


def _answering(reminders: Iterable[Reminder]) -> list[tuple[int, int]]:
    first = sorted(reminders, key=lambda reminder: reminder.is_personal)
    return [(reminder.timer.guild_id, reminder.answers_for_it) for reminder in first if reminder.timer.guild_id]


def _by_guild(people: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    guilds: dict[int, set[int]] = {}
    for guild_id, user_id in people:
        guilds.setdefault(guild_id, set()).add(user_id)
    return guilds
