"""Digests: the week of a server, posted in one of its channels each Monday."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooLate
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.question import event_id
from bot.domain.reminders.reminder import Reminder
from bot.messages.catalogue import N_
from bot.service.saving import saving
from bot.service.series_service import SeriesService
from bot.store import outbox as outbox_rows, reminders as rows

# More than any two clocks are apart, and less than a week.
_FARTHEST = timedelta(days=2)


class Digests(SeriesService):
    """A server has one at most: a reminder of its own purpose."""

    async def set(self, digest: Reminder, request: str) -> Reminder:
        """Save a server's digest in place of the one before. Idempotent by ``request``. Raises ``NotSaved``."""
        guild_id = digest.timer.guild_id
        assert guild_id is not None
        ended: list[int] = []

        async def make_room(connection: AsyncConnection) -> None:
            if await rows.by_request(connection, request) is None:
                ended.extend(await self._end_all(connection, guild_id))

        kept = await self._add(digest, request, make_room)
        self.drop(ended)
        return kept

    async def end_all(self, guild_id: int, request: str) -> None:
        """End a server's digest. Raises ``NotSaved``.

        Idempotent by ``request``: delivered again, it ends nothing that was set since, and raises ``TooLate``.
        """
        async with saving(self._database, self._scheduler) as connection:
            earlier = await rows.digest_requests(connection, guild_id)
            if any(event_id(other) > event_id(request) for other in earlier):  # ids increase with time
                raise TooLate(N_("It's been set again since, so it carries on."))
            ended = await self._end_all(connection, guild_id)
        self.drop(ended)

    async def move(self, guild_id: int, zone: ZoneInfo) -> None:
        """Have a server's digest come by the clock of this zone, each week once. Raises ``NotSaved``."""
        moved = []
        async with saving(self._database, self._scheduler) as connection:
            for old in await rows.digests(connection, guild_id):
                if old.zone == zone:
                    continue
                with contextlib.suppress(TooLate):  # its time has just come
                    moved.append(_by_clock_of(zone, old, self._now()))
                    await rows.save(connection, old, moved[-1])
        for digest in moved:
            self._count_down(digest.timer)

    def _messages(self, due: Sequence[Reminder]) -> list[OutboxMessage]:
        """Announce each server's week in a message of its own."""
        return [outbox_rows.new_message(Kind.ANNOUNCEMENT, [digest.timer]) for digest in due]

    async def _end_all(self, connection: AsyncConnection, guild_id: int) -> list[int]:
        pending = await rows.digests(connection, guild_id)
        for digest in pending:
            await rows.save(connection, digest, digest.cancel(self._now()))
        return [digest.id for digest in pending]


def _by_clock_of(zone: ZoneInfo, old: Reminder, now: datetime) -> Reminder:
    """Move a digest; where its Monday morning has passed by that clock, it comes at once. Raises ``TooLate``."""
    digest = old.by_clock_of(zone, now)
    due_at, was_due_at = digest.timer.due_at, old.timer.due_at
    if due_at and was_due_at and due_at - was_due_at > _FARTHEST:
        return replace(digest, timer=replace(digest.timer, due_at=now))
    return digest
