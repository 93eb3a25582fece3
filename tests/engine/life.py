"""One life of the bot's engine: opened on a database, and shut down or killed."""

import asyncio
import math
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from bot.domain.errors import UserError
from bot.domain.timers.timer import Purpose
from bot.engine.circuit_breaker import Breaker
from bot.engine.outbox import Outbox
from bot.engine.rate_limiter import RateLimiter
from bot.engine.scheduler import Scheduler
from bot.service.due_timers import CompletionHandler, DueTimers
from bot.service.reminders import Reminders
from bot.service.stored_outbox import StoredOutbox
from bot.service.timers import Limits, Timers
from bot.store.database import Database
from tests.engine.trouble import Clock, Cut, Discord, Power, countdowns

T = TypeVar("T")

# Requests in a second or so: few, so that announcements have to queue too.
REQUESTS = 2
# Turns of an event loop after which work in progress would have reached the database.
TURNS = 20


class Life:
    """All parts of the engine on an event loop of their own, which runs only on demand.

    A request returns its result, its ``UserError``, or None if the power was cut before the answer.
    """

    def __init__(self, url: str, clock: Clock, discord: Discord, threads: int) -> None:
        self.power = discord.power = Power()
        discord.rate_limiter = RateLimiter(clock, Breaker(clock), REQUESTS)
        self.database = Database(url)
        self._clock = clock
        self.power.supply(self.database)
        self.timers = Timers(self.database, clock, Limits(per_user=0, per_guild=0))
        self.reminders = Reminders(self.database, clock, most=0)
        handlers: dict[Purpose, CompletionHandler] = {
            Purpose.POMODORO: self.timers,
            Purpose.REMINDER: self.reminders,
        }
        due_timers = DueTimers(self.database, clock, handlers)
        self.scheduler = Scheduler(due_timers, clock, threads)
        store = StoredOutbox(self.database, {Purpose.REMINDER: self.reminders}, clock)
        self.outbox = Outbox(store, discord, clock, discord.rate_limiter)
        for part in (due_timers, self.timers, self.reminders):
            part.attach(self.scheduler, self.outbox)
        self.mishaps: list[dict[str, Any]] = []
        self.ended = False
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_exception_handler(lambda _, mishap: self.mishaps.append(mishap))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the loop until this is done, along with anything else in progress."""
        return self._runner.run(work)

    def ask(self, *awaitables: Awaitable[T]) -> list[T | UserError | None]:
        """Do several things at the same moment."""
        return self.do(self._together(*awaitables))

    async def _together(self, *awaitables: Awaitable[T]) -> list[T | UserError | None]:
        return await asyncio.gather(*map(self._answer, awaitables))

    async def _answer(self, awaitable: Awaitable[T]) -> T | UserError | None:
        try:
            return await awaitable
        except UserError as refused:
            return refused
        except Cut:
            return None

    async def open(self) -> None:
        await self.outbox.open()
        await self.scheduler.open()

    async def rest(self, steps: float = math.inf) -> None:
        """Run until nothing is left to do before time passes, the steps are used up, or the power is cut."""
        last, idle = self.power.taken + steps, 0
        async with asyncio.timeout(60):
            while idle < TURNS and self.power.taken < last and not self.power.cut:
                await asyncio.sleep(0)
                busy = self._connections or self._clock.is_waking
                idle = 0 if busy else idle + 1

    def stop(self) -> None:
        """Shut down cleanly, which leaves nothing behind; the power may be cut meanwhile."""
        self.ask(self._close())
        self.fall()

    async def _close(self) -> None:
        await self.scheduler.close()
        assert countdowns() == [], "a thread is left"
        await self.outbox.close(0)
        await self.database._opener.close()  # which a connection is opened by too, before it is closed again
        if not self.power.cut:
            # Two are this one and the one that waits for it; the rate limiter's ends by itself when nobody waits.
            tasks = [task for task in asyncio.all_tasks() if task.get_name() != "rate-limiter"]
            assert len(tasks) == 2, f"a task is left: {tasks}"
            assert self._connections == 0, "a connection is left"

    def fall(self) -> None:
        """Abort everything in progress, and release what a process releases as it ends."""
        self.power.cut = self.ended = True
        self.do(self._break_off())
        self._runner.close()
        for countdown in [*self.scheduler._counting.values(), *self.scheduler._stopping]:
            countdown.stop()
            countdown.join()

    async def _break_off(self) -> None:
        async with asyncio.timeout(60):
            # Work at the database takes no further step there, and gives up.
            while self._connections:  # noqa: ASYNC110 - the pool tells nobody when a connection is back
                await asyncio.sleep(0)
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await self.database.close()

    @property
    def _connections(self) -> int:
        pool: Any = self.database.engine.pool
        return int(pool.checkedout())
