"""The worker thread: one counts down to one timer's deadline, and can be stopped."""

import threading
from collections.abc import Callable

from bot.domain.timer import Due
from bot.engine.clock import Clock

# Seconds waited at most before the wall clock is read again, so that a suspended machine or a clock that
# was set forward makes a timer late by no more than this.
SLICE = 15.0
# Seconds by which it wakes early, so that the end is committed by the time it is due; the outbox waits for that.
LEAD = 0.02


class Countdown(threading.Thread):
    """Waits for one deadline (but for ``LEAD``), then hands itself back; ``stop`` ends the wait early.

    It touches nothing but its own event and the clock. ``hand_back`` is called from this thread, as the last
    thing it does, once the deadline is reached or the countdown was stopped: it must be safe to call from
    any thread. ``reached`` then tells which of the two it was.
    """

    def __init__(self, due: Due, clock: Clock, hand_back: Callable[["Countdown"], None]) -> None:
        # A daemon: a thread that is stuck must not keep a stopped process alive.
        super().__init__(name=f"countdown-{due.timer_id}", daemon=True)
        self.due = due
        self.reached = False
        self._clock = clock
        self._hand_back = hand_back
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end; it does so at once. Safe from any thread, and more than once."""
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
