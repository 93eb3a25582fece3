"""The user rate limiter: how many commands a person may give in ten seconds, typed or pressed."""

from bot.domain.errors import TooMany
from bot.engine.clock import Clock
from bot.engine.sliding_window import SlidingWindows
from bot.messages.catalogue import N_

SECONDS = 10.0
# Requests for suggestions allowed per command: Discord sends one at nearly every keystroke.
PER_COMMAND = 5


class Flood(TooMany):
    """Another request over the limit. In a channel it is best left unanswered: the answers would be a flood too."""


class UserRateLimiter:
    """Counts commands by person. ``most`` in ten seconds pass; 0 lets all through."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._most = most
        self._commands = SlidingWindows(clock, SECONDS)
        # People who know that they are over the limit: notified once per flood.
        self._warned: set[int] = set()

    def enter(self, user_id: int) -> None:
        """Let a command through, or raise ``TooMany``; ``Flood`` if they already know."""
        if not self._most:
            return
        if self._commands.count(user_id) < self._most:
            self._commands.add(user_id)
            self._warned = {
                warned_id for warned_id in self._warned if self._commands.count(warned_id) and warned_id != user_id
            }
            return
        kind = Flood if user_id in self._warned else TooMany
        self._warned.add(user_id)
        raise kind(
            N_("Slow down a little – try again in {wait} s."),
            most=self._most,
            wait=max(1, round(self._commands.seconds_left(user_id))),
        )
