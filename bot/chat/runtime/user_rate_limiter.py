"""The user rate limiter: how many commands a person may give in ten seconds, typed or pressed."""

from collections import deque

from bot.domain.errors import TooMany
from bot.engine.clock import Clock
from bot.messages.catalogue import N_

SECONDS = 10.0
# Requests for suggestions allowed per command: Discord sends one at nearly every keystroke.
PER_COMMAND = 5


class Flood(TooMany):
    """One more over the limit. In a channel it is best left unanswered: the answers would be a flood too."""


class UserRateLimiter:
    """Counts commands by person. ``most`` in ten seconds pass; 0 lets all through."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._seen: dict[int, deque[float]] = {}
        self._told: set[int] = set()

    def enter(self, user_id: int) -> None:
        """Let a command through, or raise ``TooMany``; ``Flood`` if they have just been told."""
        if not self._most:
            return
        now = self._clock.monotonic()
        self._forget(now)
        times = self._seen.setdefault(user_id, deque())
        if len(times) < self._most:
            times.append(now)
            self._told.discard(user_id)
            return
        wait = max(1, round(times[0] + SECONDS - now))
        kind = Flood if user_id in self._told else TooMany
        self._told.add(user_id)
        raise kind(
            N_("That was more than {most} commands in 10 seconds; wait {wait} s, please."),
            most=self._most,
            wait=wait,
        )

    def _forget(self, now: float) -> None:
        """Drop what is older than ten seconds, so that people long gone take no memory."""
        for user_id, times in list(self._seen.items()):
            while times and times[0] <= now - SECONDS:
                times.popleft()
            if not times:
                del self._seen[user_id]
                self._told.discard(user_id)
