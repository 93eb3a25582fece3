"""The lease keeper: holds a lease for this process, renewed by a thread of its own."""

import asyncio
import contextlib
import threading
from typing import Protocol

import structlog

from bot.domain.lease import Lease, LeaseLost
from bot.engine.clock import Clock
from bot.threads import SYSTEM, Threads

_log = structlog.get_logger(__name__)

# A lease is renewed this often in its time, and given up with this part of its time left, which suffices to stop
# everything that must not run without it.
_RENEWALS, _MARGIN = 5, 1 / 3


class Renewal(Protocol):
    """Renews and frees a lease; blocking."""

    def renew(self, lease: Lease) -> bool:
        """Renew it from now; return whether it was still held. Raises where that is unknown."""

    def give_back(self, lease: Lease) -> None:
        """Free it at once."""


class LeaseKeeper:
    """Holds a lease taken ``at`` a moment (monotonic time, read before the request).

    It is renewed by a separate thread, so that a busy event loop does not lose it; whether it is held is decided by
    the clock alone, so that a hung thread or a suspended process never holds it too long.
    """

    def __init__(self, lease: Lease, at: float, renewal: Renewal, clock: Clock, threads: Threads = SYSTEM) -> None:
        self.lease = lease
        self._until = at + lease.seconds
        self._renewal = renewal
        self._clock = clock
        self._ended = threading.Event()
        self._refused = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._threads = threads
        self._thread = threads.start(self._renew_forever, f"lease-{lease.block}")

    def holds(self) -> bool:
        """Return whether no other process can hold it now. Thread-safe."""
        return not self._ended.is_set() and self.left() > 0

    def left(self) -> float:
        """Return how many seconds no other process can hold it for."""
        return self._until - self._clock.monotonic()

    def must_hold(self) -> None:
        """Raise ``LeaseLost`` if another process may hold it."""
        if not self.holds():
            raise LeaseLost

    async def lost(self) -> None:
        """Wait until it is time to stop: it was taken by another, or could not be renewed for too long."""
        refused = asyncio.create_task(self._refused.wait())
        try:
            while (left := self.left() - self.lease.seconds * _MARGIN) > 0:
                rest = asyncio.ensure_future(self._clock.sleep(left))
                await asyncio.wait((refused, rest), return_when=asyncio.FIRST_COMPLETED)
                rest.cancel()
                if refused.done():
                    break
        finally:
            refused.cancel()
        self._ended.set()
        _log.warning("lease_lost", block=self.lease.block, fence=self.lease.fence)

    async def give_back(self) -> None:
        """End it, and free it at once, where the database can be reached."""
        self._ended.set()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self.lease.seconds * _MARGIN):
                await self._threads.run(self._give_back)

    def _give_back(self) -> None:
        self._thread.join()  # a renewal in flight would extend it again
        self._renewal.give_back(self.lease)

    def _renew_forever(self) -> None:
        while not self._ended.is_set():
            self._clock.wait_until(self._ended, self._clock.monotonic() + self.lease.seconds / _RENEWALS)
            if self._ended.is_set():
                return
            asked_at = self._clock.monotonic()
            try:
                is_held = self._renewal.renew(self.lease)
            except Exception as error:  # noqa: BLE001 - retried, whatever it was, while there is time
                _log.warning("lease_not_renewed", block=self.lease.block, error=type(error).__name__)
                continue
            if not is_held:
                self._until = asked_at
                with contextlib.suppress(RuntimeError):  # the loop is closed
                    self._loop.call_soon_threadsafe(self._refused.set)
                return
            self._until = asked_at + self.lease.seconds
