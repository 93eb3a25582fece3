"""Series: what reminders and digests share. They are written once per request, counted down, and may repeat."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import Due, Timer
from bot.engine.clock import to_the_millisecond
from bot.service.counting import CountingService
from bot.service.saving import saved_once
from bot.store import reminders as rows

_log = structlog.get_logger(__name__)

# What makes room for a new one, or refuses it, in the transaction that writes it.
MakeRoom = Callable[[AsyncConnection], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Come:
    """What is due now: reminders to announce, when their series are due next, and the ids of unreadable ones."""

    announced: list[Reminder]
    dues: list[Due]
    damaged: set[int]


class Series(CountingService):
    """Writes what comes once or again and again."""

    async def _add(self, reminder: Reminder, request: str, make_room: MakeRoom) -> Reminder:
        """Write a new one after making room for it, unless its request wrote one before."""

        async def write(connection: AsyncConnection) -> Reminder:
            await make_room(connection)
            return await rows.add(connection, reminder, request)

        added, is_new = await saved_once(
            self._database, write, lambda connection: rows.by_request(connection, request), self._scheduler
        )
        if is_new:
            _log.info("reminder_set", timer_id=added.id, repeats=added.rule is not None)
        self._count_down(added.timer)
        return added

    async def _come(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Come:
        """Record that these have come, and when they come next."""
        current = await rows.by_ids(connection, [timer.id for timer in due])
        now = to_the_millisecond(now)
        come = [(old, *old.come(now)) for old in current.values()]
        await rows.save_all(connection, [series or announced for _, announced, series in come])
        new = [(announced, f"occurrence:{old.id}:{old.timer.version}") for old, announced, series in come if series]
        occurrences = iter(await rows.add_all(connection, new))
        announced = [next(occurrences) if series else announced for _, announced, series in come]
        dues = [series.timer.due for _, _, series in come if series and series.timer.due]
        return Come(announced, dues, {timer.id for timer in due} - current.keys())
