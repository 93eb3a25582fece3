"""Digests: the week of a server, posted in one of its channels each Monday."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooLate
from bot.domain.outbox_message import Kind
from bot.domain.reminders.reminder import Reminder
from bot.domain.time.schedule import Schedule
from bot.domain.timers.timer import Purpose, Timer
from bot.messages.catalogue import N_
from bot.service.due_timers import Effects
from bot.service.saving import saving
from bot.service.series import Series
from bot.store import outbox as outbox_rows
from bot.store import reminders as rows


class Digests(Series):
    """A server has one at most: a reminder of its own purpose."""

    async def set(self, digest: Reminder, request: str) -> Reminder:
        """Save a server's digest in place of the one before, in one transaction.

        Idempotent by ``request``, the event that caused it. Raises ``NotSaved``.
        """
        guild_id = digest.timer.guild_id
        assert guild_id is not None
        ended: list[int] = []

        async def make_room(connection: AsyncConnection) -> None:
            if await rows.by_request(connection, request) is None:
                ended.extend(await self._end_all(connection, guild_id))

        kept = await self._add(digest, request, make_room)
        for timer_id in ended:
            self._scheduler.drop(timer_id)
        return kept

    async def end_all(self, guild_id: int, request: str) -> None:
        """End a server's digest. Raises ``NotSaved``.

        Idempotent by ``request``: delivered again, it ends nothing that was set since, and raises ``TooLate``.
        """
        async with saving(self._database, self._scheduler) as connection:
            asked_at = _asked_at(request)
            earlier = await rows.requests(connection, guild_id, Purpose.DIGEST)
            if any(_asked_at(other) > asked_at for other in earlier):
                raise TooLate(N_("It's been set again since, so it carries on."))
            ended = await self._end_all(connection, guild_id)
        for timer_id in ended:
            self._scheduler.drop(timer_id)

    async def move(self, guild_id: int, schedule: Schedule, zone: ZoneInfo) -> None:
        """Give a server's digest another time, in another zone. Raises ``NotSaved``."""
        moved = []
        async with saving(self._database, self._scheduler) as connection:
            for old in await rows.of_guild(connection, guild_id, Purpose.DIGEST):
                with contextlib.suppress(TooLate):  # its time has just come
                    moved.append(old.edit(self._now(), schedule, None, zone))
                    await rows.save(connection, old, moved[-1])
        for digest in moved:
            self._count_down(digest.timer)

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Announce each server's week in a message of its own, see ``due_timers.CompletionHandler``."""
        come = await self._come(connection, due, now)
        messages = [outbox_rows.wrap(Kind.ANNOUNCEMENT, [digest.timer]) for digest in come.announced]
        await outbox_rows.add(connection, messages)
        return Effects(messages, come.dues, come.damaged)

    async def _end_all(self, connection: AsyncConnection, guild_id: int) -> list[int]:
        going = await rows.of_guild(connection, guild_id, Purpose.DIGEST)
        for digest in going:
            await rows.save(connection, digest, digest.cancel(self._now()))
        return [digest.id for digest in going]


def _asked_at(request: str) -> int:
    """Return the id of a request's message or interaction, which increases with time; 0 where it has none."""
    number = request.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0
