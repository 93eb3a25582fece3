import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain import plan, reminder
from bot.domain.parcel import Kind, Parcel
from bot.domain.recurrence import Recurrence
from bot.domain.reminder import Reminder
from bot.domain.schedule import Schedule
from bot.domain.session import Session
from bot.domain.timer import Actor, Purpose, Timer
from bot.engine.roster import Roster
from bot.service.agenda import Agenda, Ending
from bot.service.reminders import Reminders
from bot.service.sessions import Sessions
from bot.service.timers import Limits, Timers
from bot.store.database import Database
from bot.store.schema import migrate
from tests.clock import ManualClock

ANN = Actor(user_id=7, guild_id=3, channel_id=30)


class Heard:
    """Where parcels go to in these tests: it keeps them in the order they came."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self._more = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def names(self) -> list[str]:
        return [parcel.timers[0].name for parcel in self.of(Kind.ANNOUNCEMENT)]

    def of(self, *kinds: Kind) -> list[Parcel]:
        return [parcel for parcel in self.parcels if parcel.kind in kinds]

    def put(self, parcels: Iterable[Parcel]) -> None:
        self.parcels += parcels
        self._tasks.add(asyncio.create_task(self._notify()))

    async def _notify(self) -> None:
        async with self._more:
            self._more.notify_all()

    async def until(self, count: int) -> list[str]:
        await self.until_of(Kind.ANNOUNCEMENT, count)
        return self.names

    async def until_of(self, kind: Kind, count: int) -> list[Parcel]:
        async with asyncio.timeout(10), self._more:
            await self._more.wait_for(lambda: len(self.of(kind)) >= count)
        return self.of(kind)


class Engine:
    """The real service, roster and SQLite, on a clock that the test turns; it can be closed and opened again."""

    def __init__(self, url: str, clock: ManualClock, threads: int) -> None:
        self.clock = clock
        self.threads = threads
        self._url = url
        self._count = 0
        self._is_migrated = False

    async def open(self) -> None:
        self.database = Database(self._url)
        if not self._is_migrated:
            await migrate(self.database)
            self._is_migrated = True
        self.heard = Heard()
        self.timers = Timers(self.database, self.clock, Limits(per_user=0, per_guild=0))
        self.sessions = Sessions(self.database, self.clock, most_idle=3)
        self.reminders = Reminders(self.database, self.clock, most=0)
        endings: dict[Purpose, Ending] = {
            Purpose.POMODORO: self.timers,
            Purpose.SESSION: self.sessions,
            Purpose.REMINDER: self.reminders,
        }
        self.agenda = Agenda(self.database, self.clock, endings)
        self.roster = Roster(self.agenda, self.clock, self.threads)
        for part in (self.agenda, self.timers, self.sessions, self.reminders):
            part.attach(self.roster, self.heard)
        await self.roster.open()

    async def close(self) -> None:
        await self.roster.close()
        await self.database.close()

    async def start(self, name: str, seconds: float, actor: Actor = ANN) -> Timer:
        self._count += 1
        return await self.timers.start(
            actor, name, timedelta(seconds=seconds), f"test:{id(self.roster)}:{self._count}"
        )

    async def focus(
        self, text: str, actor: Actor = ANN, *, warn: bool = False, in_voice: Collection[int] = ()
    ) -> Session:
        """Start a session by a plan in the actor's channel."""
        self._count += 1
        request = f"test:{id(self.roster)}:{self._count}"
        return await self.sessions.start(actor, "focus", plan.parse(text), request, warn=warn, in_voice=in_voice)

    async def remind(
        self,
        text: str,
        after: timedelta,
        rule: Recurrence | None = None,
        actor: Actor = ANN,
        *,
        direct: bool = False,
    ) -> Reminder:
        """Set a reminder in the actor's channel, by the clocks of Berlin."""
        self._count += 1
        now = self.clock.now()
        schedule = Schedule(now + after, rule, on_clock=True)
        calls = "" if direct else f"<@{actor.user_id}>"
        made = reminder.new(
            actor, actor.channel_id, text, schedule, ZoneInfo("Europe/Berlin"), now, direct=direct, calls=calls
        )
        return await self.reminders.set(made, f"test:{id(self.roster)}:{self._count}")


@pytest.fixture
def threads() -> int:
    """How many countdown threads there may be."""
    return 200


@pytest.fixture
async def engine(database_url: str, clock: ManualClock, threads: int) -> AsyncIterator[Engine]:
    """One process on a database of either kind."""
    opened = Engine(database_url, clock, threads)
    await opened.open()
    yield opened
    await opened.close()
