"""Budgets of refused requests per asker; who exceeds theirs is not answered for a while.

Discord bans an address for 10,000 of them in ten minutes, and the breaker opens at 2,000: without a budget for each
server and person, one of them could use up everyone's.
"""

from contextvars import ContextVar

from bot.engine.clock import Clock
from bot.engine.sliding_window import SlidingWindows

SECONDS = 600.0
MOST_OF_PERSON, MOST_OF_SERVER = 20, 50

# The ids of the person and the server that a request is made for; set by the caller.
asker: ContextVar[tuple[int | None, int | None] | None] = ContextVar("asker", default=None)


class InvalidRequests:
    """Counts refusals by asker, in a sliding window of ten minutes."""

    def __init__(self, clock: Clock) -> None:
        # By id of the person or server: Discord's ids are unique across both.
        self._windows = SlidingWindows(clock, SECONDS, MOST_OF_SERVER)

    def note(self) -> None:
        """Charge one to the asker of this task, if any."""
        for blamed in asker.get() or ():
            if blamed is not None:
                self._windows.add(blamed)

    def are_spent(self, user_id: int | None, guild_id: int | None) -> bool:
        """Return whether the budget of a person or a server is used up."""
        of_person, of_server = (self._windows.count(blamed or 0) for blamed in (user_id, guild_id))
        return of_person >= MOST_OF_PERSON or of_server >= MOST_OF_SERVER
