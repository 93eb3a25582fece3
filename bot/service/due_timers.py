"""The due timers: which come next, and who handles them, see ``engine.scheduler.TimerSource``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Unavailable
from bot.domain.lease import LeaseLost
from bot.domain.outbox_message import OutboxMessage
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import Due, Purpose, Timer
from bot.engine.clock import Clock
from bot.service.timer_service import TimerService
from bot.store import due_timers as due_rows, outbox as outbox_rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


@dataclass
class Effects:
    """The effects of a change once it is committed: messages to deliver, and timers to count down.

    ``damaged`` has the ids of timers that could not be read in full and were left as they are.
    """

    messages: list[OutboxMessage] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)
    damaged: set[int] = field(default_factory=set)


class CompletionHandler(Protocol):
    """Ends due timers of one purpose."""

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Effects:
        """Write their new states. They are running, and locked.

        An exception rolls everything back; each is then ended alone, so that one does not block the others.
        """


class DueTimers(TimerService):
    """Ends due timers, all in one transaction where possible, and passes on the effects."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[Purpose, CompletionHandler],
        shards: ShardRange = WHOLE,
    ) -> None:
        super().__init__(database, clock)
        self._shards = shards
        self._handlers = handlers
        # Messages of a commit whose outcome is unknown; the next finish delivers those it finds.
        self._doubtful: list[OutboxMessage] | None = None

    async def soonest(self, limit: int) -> Sequence[Due]:
        """Return the running timers that are due first."""
        async with self._database.read() as connection:
            return await due_rows.soonest(connection, limit, self._shards)

    async def finish(self, due: Sequence[Due]) -> set[int]:
        """End those that still run in that version, and write their messages in the same transaction.

        Returns the ids of those that could not be ended: they are unchanged, and may be tried again.
        """
        try:
            return await self._finish(due)
        except (LeaseLost, Unavailable):
            raise
        except Exception as error:  # noqa: BLE001 - logged, and each is ended alone
            if len(due) == 1:
                _log.exception("timer_not_ended", timer_id=due[0].timer_id)
                return {due[0].timer_id}
            _log.warning("timers_ended_one_by_one", timers=len(due), error=type(error).__name__)
        failed: set[int] = set()
        for single in due:
            failed |= await self.finish([single])
        return failed

    async def _finish(self, due: Sequence[Due]) -> set[int]:
        effects = Effects()
        async with self._database.write() as connection:
            still, effects.damaged = await due_rows.running(connection, due)
            was_in_doubt = self._doubtful is not None
            if self._doubtful:
                effects.messages += await outbox_rows.still_unsent(connection, self._doubtful)
            for purpose in {timer.purpose for timer in still}:
                of_purpose = [timer for timer in still if timer.purpose is purpose]
                ended = await self._handlers[purpose].end(connection, of_purpose, self._clock.now())
                effects.messages += ended.messages
                effects.dues += ended.dues
                effects.damaged |= ended.damaged
            self._doubtful = effects.messages
        self._doubtful = None
        for timer in still:
            if timer.id not in effects.damaged:
                _log.info("timer_due", timer_id=timer.id, purpose=timer.purpose)
        for next_due in effects.dues:
            self._scheduler.put(next_due)
        if was_in_doubt:  # what comes next for those timers is in the database
            self._scheduler.refresh()
        self._outbox.put(effects.messages)
        return effects.damaged
