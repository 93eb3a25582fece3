"""The worker thread: counts down to one timer's deadline, and can be stopped."""

import threading
from collections.abc import Callable

from bot.domain.timers.timer import Due
from bot.engine.clock import Clock

# The most seconds before the wall clock is read again, so that a suspended machine or a clock that was set forward
# delays a timer by no more than this.
SLICE = 15.0
# Seconds by which it wakes early, so that the end is committed when it is due; the outbox waits for the due time.
LEAD = 0.02


class Countdown(threading.Thread):
    """Waits for one deadline (less ``LEAD``), then hands itself back; ``stop`` ends the wait early.

    It touches nothing but its own event and the clock. ``hand_back`` is called from this thread as its last action,
    once the deadline is reached or the countdown was stopped: it must be thread-safe. ``reached`` then tells which
    of the two it was.
    """

    def __init__(self, due: Due, clock: Clock, hand_back: Callable[["Countdown"], None]) -> None:
        # A daemon: a stuck thread must not keep a stopped process alive.
        super().__init__(name=f"countdown-{due.timer_id}", daemon=True)
        self.due = due
        self.reached = False
        self._clock = clock
        self._hand_back = hand_back
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make the thread end at once. Thread-safe and idempotent."""
        self._stopped.set()

    def run(self) -> None:
        """Count down, in slices, by the wall clock."""
        while not self._stopped.is_set():
            left = (self.due.at - self._clock.now()).total_seconds() - LEAD
            if left <= 0:
                self.reached = True
                break
            self._clock.wait(self._stopped, min(left, SLICE))
        self._hand_back(self)
