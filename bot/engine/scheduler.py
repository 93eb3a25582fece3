"""The scheduler: gives the soonest timers a countdown thread; the rest stay in the database."""

import asyncio
import contextlib
import time
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from bot.domain.lease import LeaseLost
from bot.domain.shard import WHOLE, ShardRange
from bot.domain.timers.timer import Due
from bot.engine import back_off
from bot.engine.clock import Clock
from bot.engine.countdown import Countdown
from bot.engine.failed_timers import FailedTimers
from bot.engine.supervisor import supervised
from bot.threads import SYSTEM, Threads

_log = structlog.get_logger(__name__)

# Seconds before the first retry after a failure of the database, and at most; at the machine's thread limit too.
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 5.0
# Seconds between looks for changes by other processes.
_POLL_EVERY = 2.0
# Seconds in which all stopped threads together must end.
_STOP_TIMEOUT = 1.0


class TimerSource(Protocol):
    """The database's side of the scheduler: the rows to count down, and what to do when they are due."""

    async def soonest(self, limit: int) -> Sequence[Due]:
        """Return the running timers that are due first, soonest first."""

    async def finish(self, due: Sequence[Due]) -> Collection[int]:
        """Finish those that still run in that version; raise only if all may be retried.

        Returns the ids of those that could not be finished because of themselves.
        """


class Scheduler:
    """Gives the soonest timers a thread each, at most ``limit``, and finishes those that are due.

    All methods belong to the event loop; threads enter only through ``call_soon_threadsafe``.
    """

    def __init__(
        self,
        due_timers: TimerSource,
        clock: Clock,
        limit: int,
        shards: ShardRange = WHOLE,
        threads: Threads = SYSTEM,
    ) -> None:
        self._due_timers = due_timers
        self._clock = clock
        self._limit = limit
        self._shards = shards
        self._threads = threads
        self._counting: dict[int, Countdown] = {}
        self._stopping: set[Countdown] = set()
        # Timers that displaced a later one and wait for its thread to end; by timer id.
        self._next: dict[int, Due] = {}
        # Whether the database may have running timers without a thread, for a free thread to take.
        self._more_waiting = False
        # Whether a query for the soonest is in flight; a thread that ends meanwhile is free for others.
        self._is_refreshing = False
        # Timers that were dropped while it was: what it read of them may be out of date.
        self._dropped: set[int] = set()
        # Due, but not yet finished in the database; by timer id.
        self._due: dict[int, Due] = {}
        self._failed = FailedTimers(clock, self._finish_alone)
        self._is_due = asyncio.Event()
        self._finishing = asyncio.Lock()
        self._wants_refresh = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    @property
    def threads(self) -> int:
        """The number of countdown threads, including those just ending."""
        return len(self._counting) + len(self._stopping)

    @property
    def set_aside(self) -> int:
        """The number of timers that could not be finished and are not retried until they change."""
        return self._failed.set_aside

    async def open(self) -> None:
        """Start counting down the running timers of the database, late ones first."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            supervised("scheduler-finish", self._finish_forever, self._clock),
            supervised("scheduler-refresh", self._refresh_forever, self._clock),
        ]
        if not self._shards.is_whole:
            self._tasks.append(supervised("scheduler-poll", self._poll, self._clock))

    def put(self, due: Due) -> None:
        """Count down a timer that was started, resumed or extended, replacing an earlier version of it."""
        # Timers of other shards are counted down by their process, which polls the database.
        if self._closed or self._knows(due) or not self._shards.has(due.guild_id):
            return
        self._forget(due.timer_id)
        if self.threads >= self._limit:
            latest = max(self._counting.values(), key=lambda countdown: countdown.due.at, default=None)
            if latest and latest.due.at <= due.at:
                self._more_waiting = True
                return
            if latest:
                self._more_waiting = True
                self._stop(latest)
            self._next[due.timer_id] = due
            return
        self._begin(due)

    def drop(self, timer_id: int) -> None:
        """Stop counting down a timer that was paused or cancelled, or retrying one that could not be ended."""
        self._forget(timer_id)
        if self._is_refreshing:
            self._dropped.add(timer_id)

    def refresh(self) -> None:
        """Count down running timers of the database that were not put here, as far as there are threads."""
        self._wants_refresh.set()

    async def close(self, *, immediately: bool = False) -> None:
        """Stop all threads and, unless ``immediately``, finish what was due. May be called without ``open``."""
        self._closed = True
        for countdown in list(self._counting.values()):
            self._stop(countdown)
        stopping = tuple(self._stopping)
        await self._threads.run(_join, stopping)
        stuck = [countdown.name for countdown in stopping if countdown.is_alive()]
        if stuck:
            _log.error("countdown_threads_stuck", threads=stuck)
        async with contextlib.nullcontext() if immediately else self._finishing:  # a finish is not interrupted
            tasks = [*self._tasks, *self._failed.tasks]
            for task in tasks:
                task.cancel()
        if tasks:  # otherwise it was never opened
            # A task that is just returning a connection notices only once the database has answered.
            await asyncio.wait(tasks, timeout=_STOP_TIMEOUT / 5 if immediately else None)
        if self._due and not immediately:
            # One try: what fails now is finished late, after the next start.
            with contextlib.suppress(Exception):
                await self._due_timers.finish(tuple(self._due.values()))

    def _is_open(self) -> bool:
        """Return whether it is still open. Checked after failures, which may swallow a cancellation."""
        return not self._closed

    def _knows(self, due: Due) -> bool:
        """Return whether this version of the timer, or a later one, is already counted down or due."""
        timer_id = due.timer_id
        counting = self._counting.get(timer_id)
        waiting = (self._next.get(timer_id), self._due.get(timer_id), self._failed.get(timer_id))
        known = (counting and counting.due, *waiting)
        return any(other and other.version >= due.version for other in known)

    def _forget(self, timer_id: int) -> None:
        countdown = self._counting.get(timer_id)
        if countdown:
            self._stop(countdown)
        self._next.pop(timer_id, None)
        self._failed.forget(timer_id)

    def _begin(self, due: Due) -> None:
        countdown = Countdown(due, self._clock, self._hand_back, self._threads)
        try:
            countdown.start()
        except RuntimeError as error:  # the machine's thread limit
            _log.warning("countdown_thread_refused", timer_id=due.timer_id, error=str(error))
            self._more_waiting = True
            self._loop.call_later(_LONGEST_WAIT, self.refresh)
            return
        self._counting[due.timer_id] = countdown

    def _stop(self, countdown: Countdown) -> None:
        del self._counting[countdown.due.timer_id]
        self._stopping.add(countdown)
        countdown.stop()

    def _hand_back(self, countdown: Countdown) -> None:
        """Return from a worker thread to the event loop. If the loop is closed, the row stays for later."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended, countdown)

    def _ended(self, countdown: Countdown) -> None:
        countdown.join()  # it is at its end, so this returns at once; now its slot is free
        due = countdown.due
        self._stopping.discard(countdown)
        if self._counting.get(due.timer_id) is countdown:
            del self._counting[due.timer_id]
        if countdown.reached:
            # Even if it was stopped at the same moment: the database decides which came first.
            self._due[due.timer_id] = due
            self._is_due.set()
        while self._next and self.threads < self._limit and not self._closed:
            self._begin(self._next.pop(min(self._next, key=lambda timer_id: self._next[timer_id].at)))
        if (self._more_waiting or self._is_refreshing) and self.threads < self._limit:
            self.refresh()

    async def _poll(self) -> None:
        """Look for timers that another process started, resumed or moved for these shards."""
        while self._is_open():
            await self._clock.sleep(_POLL_EVERY)
            self.refresh()

    async def _refresh_forever(self) -> None:
        """Give free threads to the soonest timers of the database."""
        failures = 0
        self.refresh()
        while self._is_open():
            await self._wants_refresh.wait()
            self._wants_refresh.clear()
            self._more_waiting = False  # put() may set it again while the database answers
            self._is_refreshing = True
            self._dropped.clear()
            try:
                wanted = self._limit + len(self._due) + len(self._failed)
                soonest = await self._due_timers.soonest(wanted)
            except Exception:  # noqa: BLE001 - logged and retried
                if not self._is_open():
                    return
                _log.exception("scheduler_refresh_failed")
                self.refresh()
                failures += 1
                await self._clock.sleep(back_off.delay(failures, _FIRST_WAIT, _LONGEST_WAIT))
                continue
            finally:
                self._is_refreshing = False
            failures = 0
            for due in soonest:
                if due.timer_id in self._dropped:
                    self.refresh()
                    continue
                try:
                    self.put(due)
                except Exception:  # noqa: BLE001 - logged; it does not block the others
                    _log.exception("countdown_failed", timer_id=due.timer_id)
            self._more_waiting |= len(soonest) == wanted

    async def _finish_forever(self) -> None:
        failures = 0
        self._is_due.set()  # on a restart after a failure, for timers that were due then
        while self._is_open():
            await self._is_due.wait()
            self._is_due.clear()
            batch = tuple(self._due.values())
            if not batch:
                continue
            try:
                async with self._finishing:
                    failed = await self._due_timers.finish(batch)
            except LeaseLost:
                _log.warning("finish_left_to_another", timers=len(batch))
                return
            except Exception:  # noqa: BLE001 - logged, and tried again
                if not self._is_open():
                    return
                _log.exception("finish_failed", timers=len(batch))
                self._is_due.set()
                failures += 1
                await self._clock.sleep(back_off.delay(failures, _FIRST_WAIT, _LONGEST_WAIT))
                continue
            failures = 0
            for due in batch:
                if self._due.get(due.timer_id) is due:
                    del self._due[due.timer_id]
                    if due.timer_id in failed:
                        self._failed.add(due)

    async def _finish_alone(self, due: Due) -> bool:
        async with self._finishing:
            return not await self._due_timers.finish([due])


def _join(countdowns: Sequence[Countdown]) -> None:
    until = time.monotonic() + _STOP_TIMEOUT
    for countdown in countdowns:
        countdown.join(max(0.0, until - time.monotonic()))
