"""The agenda: which timers are due next, and whose business it is when one is, see ``engine.roster.Agenda``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.parcel import Parcel
from bot.domain.shard import WHOLE, Share
from bot.domain.timer import Due, Purpose, Timer
from bot.engine.clock import Clock
from bot.store import outbox as outbox_rows
from bot.store import timers as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)


class Roster(Protocol):
    """What counts down."""

    def put(self, due: Due) -> None:
        """Count down this version of a timer."""

    def drop(self, timer_id: int) -> None:
        """Stop counting a timer down."""

    def look_again(self) -> None:
        """Count down what runs in the database and was not put here."""


class Outbox(Protocol):
    """What gets parcels said."""

    def put(self, parcels: Iterable[Parcel]) -> None:
        """Say these, whose rows are committed."""


@dataclass
class Following:
    """What follows from a change once it is committed: what is to be said, and what is to be counted down."""

    parcels: list[Parcel] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)


class Ending(Protocol):
    """What knows what to do with timers of one purpose when their time has come."""

    async def end(self, connection: AsyncConnection, due: Sequence[Timer], now: datetime) -> Following:
        """Write down what becomes of them. They are running, and are changed by nobody else meanwhile."""


class Agenda:
    """Ends what is due, all of it in one transaction, and lets it be said."""

    def __init__(
        self, database: Database, clock: Clock, endings: Mapping[Purpose, Ending], share: Share = WHOLE
    ) -> None:
        self._share = share
        self._database = database
        self._clock = clock
        self._endings = endings
        # What followed from a finish whose commit was not answered: the next one finds out whether it was made.
        self._doubtful = Following()

    def attach(self, roster: Roster, outbox: Outbox) -> None:
        """Name who counts down and who speaks; needed before anything is due."""
        self._roster = roster
        self._outbox = outbox

    async def soonest(self, limit: int) -> Sequence[Due]:
        """Give the running timers that are due first."""
        async with self._database.read() as connection:
            return await rows.soonest(connection, limit, self._share)

    async def finish(self, due: Sequence[Due]) -> None:
        """End those that still run in that version, and write what is to be said of them beside it."""
        following = Following()
        async with self._database.write() as connection:
            still = await rows.running(connection, due)
            if self._doubtful.parcels:
                following.parcels += await outbox_rows.written(connection, self._doubtful.parcels)
            following.dues += self._doubtful.dues
            for purpose in {timer.purpose for timer in still}:
                whose = [timer for timer in still if timer.purpose is purpose]
                ended = await self._endings[purpose].end(connection, whose, self._clock.now())
                following.parcels += ended.parcels
                following.dues += ended.dues
            self._doubtful = following
        self._doubtful = Following()
        for timer in still:
            _log.info("timer_due", timer_id=timer.id, purpose=timer.purpose)
        for one in following.dues:
            self._roster.put(one)
        self._outbox.put(following.parcels)
