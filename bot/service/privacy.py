"""Privacy: exports and deletes a person's data, and deletes that of servers the bot left."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import structlog

from bot.domain.errors import TooLate, TooMany, UnknownSession
from bot.domain.focus.transition import vanish
from bot.domain.shard import WHOLE, ShardRange
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.archive import CSV, JSON, Archive
from bot.service.rules import ServerRules
from bot.service.saving import NOTHING_CHANGED, reading, saving
from bot.service.sessions import Sessions
from bot.service.timer_service import TimerService
from bot.store import guilds as guild_rows, persons as rows
from bot.store.database import Database
from bot.threads import SYSTEM, Threads

_log = structlog.get_logger(__name__)

# Focus log entries deleted or changed per transaction.
_AT_ONCE = 1_000
_NOT_ALL = N_("I couldn't delete everything. Please try again in a minute.")


class Privacy(TimerService):
    """Handles all data of a person, whichever table it is in."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        clock: Clock,
        shards: ShardRange = WHOLE,
        rules: ServerRules | None = None,
        threads: Threads = SYSTEM,
    ) -> None:
        super().__init__(database, clock)
        self._threads = threads
        self._rules = rules
        self._shards = shards
        self._sessions = sessions
        # People whose export is running; and the turn to pack one, which is much work.
        self._exporting: set[int] = set()
        self._packing = asyncio.Semaphore()

    @contextlib.asynccontextmanager
    async def export(self, user_id: int) -> AsyncIterator[Archive]:
        """Pack all rows of a person, each table as JSON and as CSV. Raises ``NotSaved``.

        Raises ``TooMany`` if their export is running already. Exports are packed one at a time.
        """
        if user_id in self._exporting:
            raise TooMany(N_("I'm already packing your data. It'll be here soon."))
        self._exporting.add(user_id)
        try:
            with Archive() as archive:
                async with self._packing, reading(self._database, snapshot=True) as connection:
                    for table, form in itertools.product(rows.PERSONAL, (JSON, CSV)):
                        await self._threads.run(archive.begin, table.name, table.columns.keys(), form)
                        async for page in rows.rows_of(connection, user_id, table):
                            await self._threads.run(archive.add, page)
                    await self._threads.run(archive.close)
                yield archive
        finally:
            self._exporting.discard(user_id)

    async def delete(self, user_id: int) -> Counter[str]:
        """Delete all rows of a person; return the row counts by table. Raises ``NotSaved``.

        A long log is deleted in batches, since nobody else can write meanwhile; all the rest at once.
        """
        async with reading(self._database) as connection:
            going = await rows.live_sessions(connection, user_id)
        for timer_id in going:
            # The others continue without them, one of them as the host. People who already left need not leave.
            with contextlib.suppress(TooLate, UnknownSession):
                await self._sessions.change(timer_id, vanish(user_id), by=user_id)
        gone: Counter[str] = Counter()
        while True:
            async with saving(self._database, otherwise=_NOT_ALL if gone else NOTHING_CHANGED) as connection:
                entries = await rows.forget_entries(connection, user_id, _AT_ONCE)
                gone.update(entries)
                if not entries:
                    rest, timer_ids = await rows.forget(connection, user_id)
                    break
        gone.update(rest)
        self.drop(timer_ids)
        _log.info("person_deleted", rows=gone.total())
        return gone

    async def left(self, guild_id: int) -> None:
        """Record that the bot left a server. Raises ``NotSaved``."""
        async with saving(self._database) as connection:
            await guild_rows.left(connection, guild_id, self._now())

    async def joined(self, guild_id: int) -> None:
        """Record that the bot is in a server. Raises ``NotSaved``."""
        async with saving(self._database) as connection:
            await guild_rows.joined(connection, guild_id)

    async def is_in(self, guild_ids: Collection[int]) -> None:
        """Record which servers the bot is in, after missing events. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            known, marked = await guild_rows.known(connection), set(await guild_rows.marked(connection))
        for guild_id in (known - marked).difference(guild_ids):
            if self._shards.has(guild_id):
                await self.left(guild_id)
        for guild_id in marked.intersection(guild_ids):
            await self.joined(guild_id)

    async def forget_left(self, keep: timedelta) -> int:
        """Delete the data of servers left longer than ``keep`` ago; return how many. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            due = await guild_rows.left_before(connection, self._now() - keep)
        for guild_id in due:
            while True:
                async with saving(self._database, otherwise=_NOT_ALL) as connection:
                    if await guild_rows.forget_entries(connection, guild_id, _AT_ONCE) < _AT_ONCE:
                        timer_ids = await guild_rows.forget(connection, guild_id)
                        break
            if self._rules:
                self._rules.forget(guild_id)
            self.drop(timer_ids)
            _log.info("guild_forgotten", timers=len(timer_ids))
        return len(due)
