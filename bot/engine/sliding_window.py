"""Sliding windows: how often something happened lately, by id."""

from collections import deque

from bot.engine.clock import Clock


class SlidingWindows:
    """Counts events of the last ``seconds`` by id, at most ``most`` of each; an id without any takes no memory."""

    def __init__(self, clock: Clock, seconds: float, most: int | None = None) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._times: dict[int, deque[float]] = {}

    def add(self, key: int) -> None:
        """Count an event that happens now."""
        for known in list(self._times):
            self.count(known)
        self._times.setdefault(key, deque(maxlen=self._most)).append(self._clock.monotonic())

    def count(self, key: int) -> int:
        """Return how many events lie in the window."""
        times = self._times.get(key)
        if times is None:
            return 0
        earliest = self._clock.monotonic() - self._seconds
        while times and times[0] <= earliest:
            times.popleft()
        if not times:
            del self._times[key]
        return len(times)

    def forget(self, key: int) -> None:
        """Count none of an id any more."""
        self._times.pop(key, None)

    def seconds_left(self, key: int) -> float:
        """Return the seconds until the oldest event leaves the window; 0 if there is none."""
        return self._times[key][0] + self._seconds - self._clock.monotonic() if self.count(key) else 0.0
