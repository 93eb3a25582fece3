"""The breaker: stops asking long before Discord would shut out this machine for asking in vain."""

from collections import deque

import structlog

from bot.engine.clock import Clock

_log = structlog.get_logger(__name__)

# Discord bans an address for a while after 10,000 answers of 401, 403 or 429 within ten minutes.
_INVALID = {401, 403, 429}
MOST = 2_000
SECONDS = 600.0


class Breaker:
    """Counts invalid requests; open, it holds all others back until fewer than ``most`` lie in the window."""

    def __init__(self, clock: Clock, most: int = MOST, seconds: float = SECONDS) -> None:
        self._clock = clock
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=most)

    def note(self, status: int) -> None:
        """Take down the status of an answer."""
        if status not in _INVALID:
            return
        self._times.append(self._clock.monotonic())
        if self.open_for() > 0:
            _log.error("breaker_open", invalid_requests=len(self._times), seconds=round(self.open_for()))

    def open_for(self) -> float:
        """Tell how many seconds no request may be made; 0 as a rule."""
        if len(self._times) < (self._times.maxlen or 1):
            return 0.0
        return max(0.0, self._times[0] + self._seconds - self._clock.monotonic())
