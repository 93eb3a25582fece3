"""Budgets of invalid requests per asker; who exceeds theirs is not answered for a while.

Discord bans an address for 10,000 of them in ten minutes, and the breaker opens at 2,000: without a budget for each
server and person, one of them could use up everyone's.
"""

from collections import deque
from contextvars import ContextVar

from bot.engine.clock import Clock

SECONDS = 600.0
MOST_OF_PERSON, MOST_OF_SERVER = 20, 50

# The ids of the person and the server that a request is made for; set by the caller.
asker: ContextVar[tuple[int | None, int | None] | None] = ContextVar("asker", default=None)


class InvalidRequests:
    """Counts invalid requests by asker, in a sliding window of ten minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Timestamps by id of the person or server: Discord's ids are unique across both.
        self._times: dict[int, deque[float]] = {}

    def note(self) -> None:
        """Charge one to the asker of this task, if any."""
        if (asked_by := asker.get()) is None:
            return
        self._forget()
        for blamed in asked_by:
            if blamed is not None:
                self._times.setdefault(blamed, deque(maxlen=MOST_OF_SERVER)).append(self._clock.monotonic())

    def are_spent(self, user_id: int | None, guild_id: int | None) -> bool:
        """Return whether the budget of a person or a server is used up."""
        self._forget()
        of_person, of_server = (len(self._times.get(blamed or 0, ())) for blamed in (user_id, guild_id))
        return of_person >= MOST_OF_PERSON or of_server >= MOST_OF_SERVER

    def _forget(self) -> None:
        """Drop old entries: there is one per request that was sent, so there are never many."""
        earliest = self._clock.monotonic() - SECONDS
        for blamed, times in list(self._times.items()):
            while times and times[0] <= earliest:
                times.popleft()
            if not times:
                del self._times[blamed]
