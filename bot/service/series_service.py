"""Series: what reminders and digests share. They are written once per request, counted down, and may repeat."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.outbox_message import OutboxMessage
from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import Timer
from bot.engine.clock import to_the_millisecond
from bot.service.due_timers import Effects
from bot.service.saving import saved_once
from bot.service.timer_service import TimerService
from bot.store import outbox as outbox_rows, reminders as rows

_log = structlog.get_logger(__name__)

# What makes room for a new one, or refuses it, in the transaction that writes it.
MakeRoom = Callable[[AsyncConnection], Awaitable[None]]


class SeriesService(TimerService):
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

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Announce what is due, and schedule the next time, see ``due_timers.CompletionHandler``."""
        current = await rows.by_ids(connection, [timer.id for timer in due])
        now = to_the_millisecond(now)
        steps = [(old, *old.fire(now)) for old in current.values()]
        await rows.save_all(connection, [series or announced for _, announced, series in steps])
        new = [
            (announced, f"occurrence:{old.id}:{old.timer.version}") for old, announced, series in steps if series
        ]
        occurrences = iter(await rows.add_all(connection, new))
        messages = self._messages([next(occurrences) if series else announced for _, announced, series in steps])
        await outbox_rows.add(connection, messages)
        dues = [series.timer.due for _, _, series in steps if series and series.timer.due]
        return Effects(messages, dues, {timer.id for timer in due} - current.keys())

    @abstractmethod
    def _messages(self, due: Sequence[Reminder]) -> list[OutboxMessage]:
        """Return the messages that announce what has come."""
