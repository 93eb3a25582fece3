"""The circuit breaker: stops requests long before Discord would ban this machine for invalid ones."""

from collections import deque
from contextvars import ContextVar

import structlog

from bot.engine.clock import Clock
from bot.engine.sliding_window import SlidingWindows

_log = structlog.get_logger(__name__)

# Discord bans an address for a while after 10,000 responses of 401, 403 or 429 within ten minutes.
_RATE_LIMITED = 429
_INVALID = {401, 403, _RATE_LIMITED}
# From the first number on only due announcements are sent, since people wait for them; from the second on, nothing.
MOST, MOST_WITH_DUE = 2_000, 5_000
SECONDS = 600.0
MOST_OF_PERSON, MOST_OF_SERVER = 20, 50
# The longest back-off of a rejected token; it begins with an hour and doubles.
_MOST_HOURS = 12

# The ids of the person and the server that a request is made for; set by the caller.
asker: ContextVar[tuple[int | None, int | None] | None] = ContextVar("asker", default=None)


class BreakerOpen(OSError):
    """The breaker is open, so the request was not sent, as if Discord could not be reached."""


class InvalidRequests:
    """Budgets of refused requests per asker; whoever exceeds theirs is not answered for a while.

    Without a budget for each server and person, one of them could use up everyone's.
    """

    def __init__(self, clock: Clock) -> None:
        # By id of the person or server: Discord's ids are unique across both.
        self._windows = SlidingWindows(clock, SECONDS, MOST_OF_SERVER)

    def note(self) -> None:
        """Charge one to the asker of this task, if any."""
        for asker_id in asker.get() or ():
            if asker_id is not None:
                self._windows.add(asker_id)

    def are_spent(self, user_id: int | None, guild_id: int | None) -> bool:
        """Return whether the budget of a person or a server is used up."""
        if self._windows.count(user_id or 0) >= MOST_OF_PERSON:
            return True
        return self._windows.count(guild_id or 0) >= MOST_OF_SERVER


class Breaker:
    """Counts invalid requests; while there are ``most`` in the window, it is open and blocks requests.

    Due announcements are blocked from ``most_with_due`` only.
    """

    def __init__(
        self, clock: Clock, most: int = MOST, most_with_due: int = MOST_WITH_DUE, seconds: float = SECONDS
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._times: deque[float] = deque(maxlen=most_with_due)
        # Budgets per asker: the breaker is for what these let through.
        self.invalid_requests = InvalidRequests(clock)
        # How often in a row Discord rejected the token, and until when it is not tried again.
        self._rejections = 0
        self._rejected_until = float("-inf")

    @property
    def is_token_rejected(self) -> bool:
        """Whether Discord last rejected the token."""
        return self._rejections > 0

    def note(self, status: int, *, is_discords: bool = True) -> None:
        """Record the status of a response.

        No asker is charged for the answer of a proxy before Discord, nor for a rate limit, which is our own doing.
        """
        if status not in _INVALID:
            return
        was_open = self.open_for() > 0
        self._times.append(self._clock.monotonic())
        if is_discords and status != _RATE_LIMITED:
            self.invalid_requests.note()
        if self.open_for() > 0 and not was_open:
            _log.error("breaker_open", invalid_requests=len(self._times), seconds=round(self.open_for()))

    def open_for(self, *, is_due: bool = False) -> float:
        """Return the seconds for which requests, or with ``is_due`` due announcements, are blocked; usually 0."""
        now = self._clock.monotonic()
        most = self._times.maxlen if is_due else self._most
        until = self._times[-most] + self._seconds if most and len(self._times) >= most else now
        return max(0.0, self._rejected_until - now, until - now)

    def reject_token(self) -> None:
        """Block requests for an hour or more: the token was reset or revoked."""
        now = self._clock.monotonic()
        if self._rejected_until > now:  # sent before it was known
            return
        self._rejections += 1
        hours = min(2 ** (self._rejections - 1), _MOST_HOURS)
        self._rejected_until = now + hours * 3600
        _log.error("token_rejected", next_try_in_hours=hours)

    def accept_token(self) -> None:
        """Record that Discord accepts the token."""
        self._rejections = 0
        self._rejected_until = float("-inf")
