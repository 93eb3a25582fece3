"""The loop: an asyncio event loop on virtual time, whose every step follows from the ones before."""

import asyncio
import contextvars
import gc
import heapq
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.universe.fiber import Fiber

# Whose step it is: every handle carries the context that it was made in. None is the world's.
OWNER: contextvars.ContextVar["Owner | None"] = contextvars.ContextVar("owner", default=None)
# Steps between collections of garbage, which must come at the same steps in each run of a seed.
_COLLECT = 400_000
# Cancelled timers before those are cleared away.
_CANCELLED = 1000


class Owner:
    """A process within the simulation: its steps are run, held back while it is suspended, or dropped."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False
        self.suspended = False
        # Steps that wait for its resumption; and all that must stay referenced once it is dead, lest a ``finally``
        # of it should run.
        self.parked: list[asyncio.Handle] = []
        self.grave: list[Any] = []
        self.fibers: set[Fiber] = set()

    def __repr__(self) -> str:
        return f"<Owner {self.name}>"


class Stuck(Exception):
    """Nothing will ever happen again."""


class Loop(asyncio.BaseEventLoop):
    """Ready handles run first in, first out; when there are none, time jumps to the next timer."""

    def __init__(self, epoch: float) -> None:
        super().__init__()
        self.epoch = epoch
        self.now = 0.0
        self.steps = 0
        # Called after the step of that number.
        self._interruptions: list[tuple[int, Callable[[], None]]] = []
        self.network: Any = None
        self._cancelled = 0
        self.failures: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _, context: self.failures.append(context))

    def time(self) -> float:
        return self.now

    def interrupt_at(self, step: int, act: Callable[[], None]) -> None:
        """Do something between two steps of the loop."""
        self._interruptions.append((max(step, self.steps + 1), act))

    def resume(self, owner: Owner) -> None:
        """Let a suspended process catch up with everything scheduled meanwhile."""
        owner.suspended = False
        self._ready.extend(owner.parked)  # type: ignore[attr-defined]
        owner.parked.clear()

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]
        return self.call_soon(callback, *args, context=context)

    def _run_once(self) -> None:
        ready, timers = self._ready, self._scheduled  # type: ignore[attr-defined]
        while timers and timers[0]._cancelled:
            heapq.heappop(timers)._scheduled = False
        if not ready and not self._stopping:  # type: ignore[attr-defined]
            if not timers:
                raise Stuck
            self.now = max(self.now, timers[0]._when)
        while timers and timers[0]._when <= self.now:
            timer = heapq.heappop(timers)
            timer._scheduled = False
            ready.append(timer)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if handle._cancelled:
                continue
            owner = handle._context.get(OWNER)
            if owner is not None and (owner.dead or owner.suspended):
                (owner.grave if owner.dead else owner.parked).append(handle)
                continue
            self.steps += 1
            handle._run()
            if self._interruptions:
                self._interrupt()
            if self.steps % _COLLECT == 0:
                gc.collect()
        handle = None

    def _interrupt(self) -> None:
        come = [act for step, act in self._interruptions if self.steps >= step]
        self._interruptions = [pair for pair in self._interruptions if self.steps < pair[0]]
        for act in come:
            act()

    def _process_events(self, event_list: list[Any]) -> None:
        """There is no selector."""

    def _write_to_self(self) -> None:
        """No other thread has to wake it."""

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers are dropped when due, or here when they are many."""
        del handle
        self._cancelled += 1
        timers = self._scheduled  # type: ignore[attr-defined]
        if self._cancelled > _CANCELLED and self._cancelled * 2 > len(timers):
            self._cancelled = 0
            timers[:] = [timer for timer in timers if not timer._cancelled]
            heapq.heapify(timers)

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        """Only the bot's own process pool comes here, see ``machine.Machine.process``."""
        return asyncio.wrap_future(executor.submit(func, *args), loop=self)

    async def sock_connect(self, sock: Any, address: Any) -> None:
        await self.network.reach(sock, address)

    async def create_connection(self, protocol_factory: Any, *_: Any, sock: Any = None, **__: Any) -> Any:
        return self.network.connect(protocol_factory, sock)

    async def create_server(self, protocol_factory: Any, host: Any = None, port: Any = None, **_: Any) -> Any:
        return self.network.listen(protocol_factory, host, port)

    async def shutdown_default_executor(self, *_: Any) -> None:
        """There is no default executor."""
