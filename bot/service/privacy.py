"""Privacy: what is kept of a person, given to them or deleted, and of servers that the bot has left."""

import asyncio
import contextlib
import csv
import io
import json
import zipfile
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.errors import TooLate, UnknownSession
from bot.domain.move import vanish
from bot.domain.shard import WHOLE, Share
from bot.engine.clock import Clock, to_the_millisecond
from bot.service.agenda import Roster
from bot.service.saving import reading, saving
from bot.service.sessions import Sessions
from bot.store import guilds as guild_rows
from bot.store import persons as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


class Privacy:
    """Everything that is kept of a person is found here, whichever table it is in."""

    def __init__(self, database: Database, sessions: Sessions, clock: Clock, share: Share = WHOLE) -> None:
        self._database = database
        self._share = share
        self._sessions = sessions
        self._clock = clock

    def attach(self, roster: Roster) -> None:
        """Name who counts down; needed before anything is asked for."""
        self._roster = roster

    async def export(self, user_id: int) -> bytes:
        """Give all rows of a person as a ZIP: each table as CSV, and all of them as JSON. Raises ``NotSaved``.

        Moments are written by ISO 8601, in UTC, and lengths of time in seconds.
        """
        async with reading(self._database) as connection:
            found = await rows.export(connection, user_id)
        return await asyncio.to_thread(_packed, found)

    async def delete(self, user_id: int) -> dict[str, int]:
        """Delete all rows of a person; say how many of each table. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            going = await rows.live_sessions(connection, user_id)
        for timer_id in going:
            # The others go on without them, and one of them is the host. Whoever is no longer in it need not go.
            with contextlib.suppress(TooLate, UnknownSession):
                await self._sessions.change(timer_id, vanish(user_id))
        async with saving(self._database, "nothing was deleted") as connection:
            gone, timer_ids = await rows.forget(connection, user_id)
        for timer_id in timer_ids:
            self._roster.drop(timer_id)
        _log.info("person_deleted", rows=sum(gone.values()))
        return gone

    async def left(self, guild_id: int) -> None:
        """Note that the bot has left a server. Raises ``NotSaved``."""
        async with saving(self._database, "nothing was noted") as connection:
            await guild_rows.left(connection, guild_id, self._now())

    async def joined(self, guild_id: int) -> None:
        """Note that the bot is in a server. Raises ``NotSaved``."""
        async with saving(self._database, "nothing was noted") as connection:
            await guild_rows.joined(connection, guild_id)

    async def is_in(self, guild_ids: Collection[int]) -> None:
        """Note which servers the bot is in, after a time of not hearing of it. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            known, marked = await guild_rows.known(connection), set(await guild_rows.marked(connection))
        for guild_id in (known - marked).difference(guild_ids):
            if self._share.has(guild_id):
                await self.left(guild_id)
        for guild_id in marked.intersection(guild_ids):
            await self.joined(guild_id)

    async def forget_left(self, keep: timedelta) -> int:
        """Delete what is kept of servers that were left so long ago; say how many. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            due = await guild_rows.left_before(connection, self._now() - keep)
        for guild_id in due:
            async with saving(self._database, "nothing was deleted") as connection:
                timer_ids = await guild_rows.forget(connection, guild_id)
            for timer_id in timer_ids:
                self._roster.drop(timer_id)
            _log.info("guild_forgotten", timers=len(timer_ids))
        return len(due)

    def _now(self) -> datetime:
        return to_the_millisecond(self._clock.now())


def _packed(found: dict[str, list[dict[str, Any]]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("everything.json", json.dumps(found, default=_plain, ensure_ascii=False, indent=1))
        for table, kept in found.items():
            if kept:
                files.writestr(f"{table}.csv", _table(kept))
    return packed.getvalue()


def _table(kept: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, kept[0].keys())
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in kept)
    return text.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(type(value))


def _cell(value: Any) -> Any:
    return _plain(value) if isinstance(value, datetime | timedelta) else value
