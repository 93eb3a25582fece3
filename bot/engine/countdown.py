"""The worker thread: counts down to one timer's deadline, and can be stopped."""

import threading
from collections.abc import Callable

from bot.domain.timers.timer import Due
from bot.engine.clock import Clock
from bot.threads import SYSTEM, Thread, Threads

# The most seconds before the wall clock is read again, so that a suspended machine or a clock that was set forward
# delays a timer by no more than this.
SLICE = 15.0
# Seconds by which it wakes early, so that the end is committed and rendered when it is due, even of a phase of
# fifty people on a slow disk; the outbox waits for the due time.
LEAD = 0.05


class Countdown:
    """A thread that waits for one deadline (less ``LEAD``), then hands itself back; ``stop`` ends the wait early.

    It touches nothing but its own event and the clock. ``hand_back`` is called from this thread as its last action,
    once the deadline is reached or the countdown was stopped: it must be thread-safe. ``reached`` then tells which
    of the two it was.
    """

    def __init__(
        self, due: Due, clock: Clock, hand_back: Callable[["Countdown"], None], threads: Threads = SYSTEM
    ) -> None:
        self.name = f"countdown-{due.timer_id}"
        self.due = due
        self.reached = False
        self._clock = clock
        self._hand_back = hand_back
        self._threads = threads
        self._stopped = threading.Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Start the thread. Raises ``RuntimeError`` at the machine's limit."""
        self._thread = self._threads.start(self._run, self.name)

    def stop(self) -> None:
        """Make the thread end at once. Thread-safe and idempotent."""
        self._stopped.set()

    def join(self, timeout: float | None = None) -> None:
        """Block until the thread has ended, or for that many seconds."""
        if self._thread:
            self._thread.join(timeout)

    def is_alive(self) -> bool:
        """Return whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        """Count down, in slices, by the wall clock."""
        while not self._stopped.is_set():
            looked_at = self._clock.monotonic()  # before the wall clock: what passes in between is not waited for
            left = (self.due.at - self._clock.now()).total_seconds() - LEAD
            if left <= 0:
                self.reached = True
                break
            self._clock.wait_until(self._stopped, looked_at + min(left, SLICE))
        self._hand_back(self)
