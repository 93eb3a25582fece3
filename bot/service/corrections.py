"""Corrections: a person's changes of their own focus log, and undoing them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooMany, UserError
from bot.domain.stats.log import Entry
from bot.engine.clock import Clock, stored_now, to_the_millisecond
from bot.messages.catalogue import N_
from bot.service.saving import reading, saving
from bot.store import entries as entry_rows, focus_log as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)

# Entries on a page of the log.
PAGE = 10
# The most entries that a person can add to a day of UTC.
MOST_ADDED = 50
_DAY = timedelta(days=1)
# By what a repeated request is recognised.
_what = attrgetter("began_at", "ended_at", "task")
_UNKNOWN = N_("You don't have an entry like that.")


class Corrections:
    """Corrects people's own entries. All methods raise ``NotSaved``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, user_id: int, number: int) -> tuple[list[tuple[int, Entry]], bool]:
        """Return a page of somebody's entries with their numbers, newest first; and whether there are older."""
        async with reading(self._database) as connection:
            listed = await entry_rows.latest(connection, user_id, PAGE + 1, number * PAGE)
        return listed[:PAGE], len(listed) > PAGE

    async def by_id(self, user_id: int, entry_id: int) -> Entry:
        """Return one of somebody's own entries. Raises ``UserError``."""
        async with reading(self._database) as connection:
            return _standing(await self._own(connection, user_id, entry_id))

    async def shorten(self, user_id: int, entry_id: int, to: timedelta) -> Entry:
        """Shorten one of somebody's own entries. Raises ``UserError``."""
        return await self._correct(user_id, entry_id, lambda entry, now: _standing(entry).shorten(to, now))

    async def remove(self, user_id: int, entry_id: int) -> Entry:
        """Remove one of somebody's own entries, and return it as it was. Raises ``UserError``."""
        before = await self.by_id(user_id, entry_id)
        await self._correct(user_id, entry_id, lambda entry, now: _standing(entry).remove(now))
        return before

    async def restore(self, user_id: int, entry_id: int) -> Entry:
        """Undo the last correction of an entry. Raises ``UserError``."""
        return await self._correct(user_id, entry_id, lambda entry, _: entry.restore())

    async def add(self, entry: Entry) -> tuple[int, Entry]:
        """Add an entry afterwards; return it with its number. Raises ``TooMany``.

        Idempotent: where they added the same with that beginning and end already, it is returned.
        """
        began_at, ended_at = to_the_millisecond(entry.began_at), to_the_millisecond(entry.ended_at)
        entry = replace(entry, began_at=began_at, ended_at=ended_at)  # as it will be read again
        async with saving(self._database) as connection:
            added = await _added_that_day(connection, entry)
            is_new = not any(_what(earlier) == _what(entry) for _, earlier in added)
            if is_new and len(added) >= MOST_ADDED:
                raise TooMany(
                    N_("You've already added {most} entries to that day, which is the limit."),
                    "stats edit",
                    most=MOST_ADDED,
                )
            if is_new:
                await rows.add(connection, [entry])
                added = await _added_that_day(connection, entry)  # with what counts for it
        entry_id, entry = next(numbered for numbered in added if _what(numbered[1]) == _what(entry))
        if is_new:
            _log.info("entry_added", entry_id=entry_id)
        return entry_id, entry

    async def _correct(self, user_id: int, entry_id: int, change: Callable[[Entry, datetime], Entry]) -> Entry:
        async with saving(self._database) as connection:
            old = await self._own(connection, user_id, entry_id)
            await rows.put(connection, entry_id, old, change(old, stored_now(self._clock)))
            new = await self._own(connection, user_id, entry_id)  # with what counts for it
        _log.info("entry_corrected", entry_id=entry_id, seconds=new.focused.total_seconds())
        return new

    async def _own(self, connection: AsyncConnection, user_id: int, entry_id: int) -> Entry:
        entry = await entry_rows.by_id(connection, entry_id)
        if entry is None or entry.user_id != user_id:
            raise UserError(_UNKNOWN, "stats edit")
        return entry


async def _added_that_day(connection: AsyncConnection, entry: Entry) -> list[tuple[int, Entry]]:
    day = entry.ended_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return await entry_rows.added(connection, entry.user_id, day, day + _DAY)


def _standing(entry: Entry) -> Entry:
    """Return an entry that was not removed. Raises ``UserError``."""
    if not entry.focused:
        raise UserError(_UNKNOWN, "stats edit")
    return entry
