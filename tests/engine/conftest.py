import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.focus import plan
from bot.domain.focus.session import Session
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.reminders import reminder
from bot.domain.reminders.reminder import Reminder
from bot.domain.time.recurrence import Recurrence
from bot.domain.time.schedule import Schedule
from bot.domain.timers.command import ActOnTimers, TimerVerb
from bot.domain.timers.timer import Actor, Purpose, Timer
from bot.engine.scheduler import Scheduler
from bot.service.digests import Digests
from bot.service.due_timers import CompletionHandler, DueTimers
from bot.service.members import NOBODY_KNOWN
from bot.service.preferences import Preferences
from bot.service.reminders import Reminders
from bot.service.sessions import Sessions
from bot.service.timers import Limits, Timers
from bot.service.voice import Voice
from bot.store.database import Database
from tests.clock import ManualClock
from tests.engine.trouble import Power

ANN = Actor(user_id=7, guild_id=3, channel_id=30)
CANCEL, PAUSE, RESUME = (ActOnTimers(verb, None) for verb in (TimerVerb.CANCEL, TimerVerb.PAUSE, TimerVerb.RESUME))


class RecordingOutbox:
    """The outbox of these tests: it records messages in order."""

    def __init__(self) -> None:
        self.messages: list[OutboxMessage] = []
        self._more = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def names(self) -> list[str]:
        return [message.timers[0].name for message in self.of(Kind.ANNOUNCEMENT)]

    def of(self, *kinds: Kind) -> list[OutboxMessage]:
        return [message for message in self.messages if message.kind in kinds]

    def put(self, messages: Iterable[OutboxMessage]) -> None:
        self.messages += messages
        self._tasks.add(asyncio.create_task(self._notify()))

    async def _notify(self) -> None:
        async with self._more:
            self._more.notify_all()

    async def more(self) -> None:
        """Wait for the next message."""
        async with self._more:
            await self._more.wait()

    async def until(self, count: int) -> list[str]:
        await self.until_of(Kind.ANNOUNCEMENT, count)
        return self.names

    async def until_all(self, timers: int) -> None:
        """Wait until a number of timers were announced, in however many messages."""
        async with asyncio.timeout(60), self._more:
            await self._more.wait_for(
                lambda: sum(len(message.timers) for message in self.of(Kind.ANNOUNCEMENT)) >= timers
            )

    async def until_announced(self, *names: str) -> None:
        """Wait until timers with each of these names were announced."""
        async with asyncio.timeout(60), self._more:
            await self._more.wait_for(
                lambda: set(names) <= {timer.name for message in self.messages for timer in message.timers}
            )

    async def until_of(self, kind: Kind, count: int) -> list[OutboxMessage]:
        async with asyncio.timeout(60), self._more:
            await self._more.wait_for(lambda: len(self.of(kind)) >= count)
        return self.of(kind)


class Engine:
    """The real service, scheduler and SQLite, on a clock that the test advances; it can be closed and reopened."""

    def __init__(self, url: str, clock: ManualClock, threads: int) -> None:
        self.clock = clock
        self.threads = threads
        self._url = url
        self._count = 0

    async def open(self) -> None:
        self.database = Database(self._url)
        self.outbox = RecordingOutbox()
        self.timers = Timers(self.database, self.clock, Limits(per_user=0, per_guild=0))
        self.sessions = Sessions(self.database, self.clock, most_idle=3)
        self.voice = Voice(self.database, self.sessions, NOBODY_KNOWN)
        self.preferences = Preferences(self.database)
        self.reminders = Reminders(self.database, self.clock, most=0)
        self.digests = Digests(self.database, self.clock)
        handlers: dict[Purpose, CompletionHandler] = {
            Purpose.POMODORO: self.timers,
            Purpose.SESSION: self.sessions,
            Purpose.REMINDER: self.reminders,
            Purpose.DIGEST: self.digests,
        }
        self.due_timers = DueTimers(self.database, self.clock, handlers)
        self.scheduler = Scheduler(self.due_timers, self.clock, self.threads)
        for part in (self.due_timers, self.timers, self.sessions, self.reminders, self.digests):
            part.attach(self.scheduler, self.outbox)
        await self.scheduler.open()

    async def close(self) -> None:
        await self.scheduler.close()
        await self.database.close()

    async def start(self, name: str, seconds: float, actor: Actor = ANN) -> Timer:
        self._count += 1
        return await self.timers.start(
            actor, name, timedelta(seconds=seconds), f"test:{id(self.scheduler)}:{self._count}"
        )

    async def focus(self, text: str, actor: Actor = ANN, *, warn: bool = False) -> Session:
        """Start a session by a plan in the actor's channel."""
        self._count += 1
        request = f"test:{id(self.scheduler)}:{self._count}"
        return await self.sessions.start(actor, "focus", plan.parse(text), request, warn=warn)

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
        return await self.reminders.set(made, f"test:{id(self.scheduler)}:{self._count}")


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


@pytest.fixture
def power(engine: Engine) -> Power:
    """Makes the database of that process lose its answers."""
    power = Power()
    power.supply(engine.database)
    return power
