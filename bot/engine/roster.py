"""The roster: which timers hold a countdown thread. The soonest do; the rest rest in the database."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import structlog

from bot.domain.lease import LeaseLost
from bot.domain.shard import WHOLE, Share
from bot.domain.timer import Due
from bot.engine.clock import Clock
from bot.engine.countdown import Countdown

_log = structlog.get_logger(__name__)

# Seconds between tries while the database or the machine's thread limit is in the way.
_RETRY = (0.05, 0.2, 1.0, 5.0)
# Seconds from one look at what other processes have changed to the next.
_LOOK = 2.0
# Seconds that stopped threads are given, all together, to end.
_FAREWELL = 1.0


class Agenda(Protocol):
    """What the roster needs from above: the rows that count down, and what to do when one is due."""

    async def soonest(self, limit: int) -> Sequence[Due]:
        """Give the running timers that are due first, soonest first."""

    async def finish(self, due: Sequence[Due]) -> None:
        """Finish those of them that still run in that version; raise only if all may be tried again."""


class Roster:
    """Gives the soonest timers a thread each, at most ``limit``, and finishes those whose time has come.

    All methods belong to the event loop; threads enter by ``call_soon_threadsafe`` alone.
    """

    def __init__(self, agenda: Agenda, clock: Clock, limit: int, share: Share = WHOLE) -> None:
        self._agenda = agenda
        self._clock = clock
        self._limit = limit
        self._share = share
        self._counting: dict[int, Countdown] = {}
        self._stopping: set[Countdown] = set()
        # Timers that took the place of a later one and wait for its thread to end; by timer id.
        self._next: dict[int, Due] = {}
        # Whether a running timer may be in the database only, so that a free thread should look there.
        self._more_waiting = False
        # Whether the database is being asked for the soonest; a thread that ends meanwhile is free for others.
        self._asking = False
        # Due and handed back, but not yet finished in the database; by timer id.
        self._due: dict[int, Due] = {}
        self._is_due = asyncio.Event()
        self._finishing = asyncio.Lock()
        self._wants_refresh = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    @property
    def threads(self) -> int:
        """Tell how many countdown threads there are, those just ending included."""
        return len(self._counting) + len(self._stopping)

    async def open(self) -> None:
        """Take up every running timer of the database, late ones first."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            asyncio.create_task(self._finish_forever(), name="roster-finish"),
            asyncio.create_task(self._refresh_forever(), name="roster-refresh"),
        ]
        if not self._share.is_whole:
            self._tasks.append(asyncio.create_task(self._look_round(), name="roster-look"))
        self.look_again()

    def put(self, due: Due) -> None:
        """Count down a timer that was started, resumed or extended; an earlier version of it stops."""
        # What belongs to another process's shards is counted down there: it finds it by looking.
        if self._closed or self._knows(due) or not self._share.has(due.guild_id):
            return
        self.drop(due.timer_id)
        if self.threads >= self._limit:
            latest = max(self._counting.values(), key=_deadline, default=None)
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
        """Stop counting down a timer that was paused or cancelled."""
        countdown = self._counting.get(timer_id)
        if countdown:
            self._stop(countdown)
        self._next.pop(timer_id, None)

    def look_again(self) -> None:
        """Count down what runs in the database and was not put here, as far as there are threads."""
        self._wants_refresh.set()

    async def close(self, *, in_haste: bool = False) -> None:
        """Stop all threads at once, and finish in the database what had been handed back, unless ``in_haste``.

        One that was never opened may be closed too.
        """
        self._closed = True
        for countdown in list(self._counting.values()):
            self._stop(countdown)
        leaving = tuple(self._stopping)
        await asyncio.to_thread(_join, leaving)
        stuck = [countdown.name for countdown in leaving if countdown.is_alive()]
        if stuck:
            _log.error("countdown_threads_stuck", threads=stuck)
        async with contextlib.nullcontext() if in_haste else self._finishing:  # it is not broken off
            for task in self._tasks:
                task.cancel()
        if self._tasks:  # else it was never opened
            # One that gives a connection back at this moment does not hear of it before the database has answered.
            await asyncio.wait(self._tasks, timeout=_FAREWELL / 5 if in_haste else None)
        if self._due and not in_haste:
            # One try: what cannot be finished now is finished late, after the next start.
            with contextlib.suppress(Exception):
                await self._agenda.finish(tuple(self._due.values()))

    def _goes_on(self) -> bool:
        """Tell whether it is not closed: a task that is cancelled in the middle of a failure may not hear of it."""
        return not self._closed

    def _knows(self, due: Due) -> bool:
        """Tell whether this version of the timer, or a later one, is counted down or due already."""
        counting = self._counting.get(due.timer_id)
        known = (counting and counting.due, self._next.get(due.timer_id), self._due.get(due.timer_id))
        return any(other and other.version >= due.version for other in known)

    def _begin(self, due: Due) -> None:
        countdown = Countdown(due, self._clock, self._hand_back)
        try:
            countdown.start()
        except RuntimeError as error:  # the machine allows no more threads
            _log.warning("countdown_thread_refused", timer_id=due.timer_id, error=str(error))
            self._more_waiting = True
            self._loop.call_later(_RETRY[-1], self.look_again)
            return
        self._counting[due.timer_id] = countdown

    def _stop(self, countdown: Countdown) -> None:
        del self._counting[countdown.due.timer_id]
        self._stopping.add(countdown)
        countdown.stop()

    def _hand_back(self, countdown: Countdown) -> None:
        """Come back from a worker thread to the loop. A loop that is closed is not reached: the row is kept."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended, countdown)

    def _ended(self, countdown: Countdown) -> None:
        countdown.join()  # it has done its last, so that this takes no time; now its place is free
        due = countdown.due
        self._stopping.discard(countdown)
        if self._counting.get(due.timer_id) is countdown:
            del self._counting[due.timer_id]
        if countdown.reached:
            # Also when it was stopped at the same moment: the database decides which came first.
            self._due[due.timer_id] = due
            self._is_due.set()
        while self._next and self.threads < self._limit and not self._closed:
            self._begin(self._next.pop(min(self._next, key=lambda timer_id: self._next[timer_id].at)))
        if (self._more_waiting or self._asking) and self.threads < self._limit:
            self.look_again()

    async def _look_round(self) -> None:
        """Look for what another process has started, resumed or put off for these shards."""
        while self._goes_on():
            await self._clock.sleep(_LOOK)
            self.look_again()

    async def _refresh_forever(self) -> None:
        """Give free threads to the soonest timers of the database."""
        failures = 0
        while self._goes_on():
            await self._wants_refresh.wait()
            self._wants_refresh.clear()
            self._more_waiting = False  # put() may set it again while the database answers
            self._asking = True
            try:
                wanted = self._limit + len(self._due)
                soonest = await self._agenda.soonest(wanted)
            except Exception:  # noqa: BLE001 - logged, and tried again
                if not self._goes_on():
                    return
                _log.exception("roster_refresh_failed")
                self.look_again()
                await self._clock.sleep(_RETRY[min(failures, len(_RETRY) - 1)])
                failures += 1
                continue
            finally:
                self._asking = False
            failures = 0
            for due in soonest:
                self.put(due)
            self._more_waiting |= len(soonest) == wanted

    async def _finish_forever(self) -> None:
        """Finish what is due: all that is due at the moment in one transaction."""
        failures = 0
        while self._goes_on():
            await self._is_due.wait()
            self._is_due.clear()
            batch = tuple(self._due.values())
            if not batch:
                continue
            try:
                async with self._finishing:
                    await self._agenda.finish(batch)
            except LeaseLost:
                _log.warning("finish_left_to_another", timers=len(batch))
                return
            except Exception:  # noqa: BLE001 - logged, and tried again
                if not self._goes_on():
                    return
                _log.exception("finish_failed", timers=len(batch))
                self._is_due.set()
                await self._clock.sleep(_RETRY[min(failures, len(_RETRY) - 1)])
                failures += 1
                continue
            failures = 0
            for due in batch:
                if self._due.get(due.timer_id) is due:
                    del self._due[due.timer_id]


def _deadline(countdown: Countdown) -> datetime:
    return countdown.due.at


def _join(countdowns: Sequence[Countdown]) -> None:
    until = time.monotonic() + _FAREWELL
    for countdown in countdowns:
        countdown.join(max(0.0, until - time.monotonic()))
