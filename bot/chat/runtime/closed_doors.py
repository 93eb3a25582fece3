"""Closed doors: somebody who refused a direct message is sent no other for ten minutes."""

from bot.engine.clock import Clock

SECONDS = 600.0


class NoWayToAnswer(Exception):
    """The bot may not post there, and the person takes no direct messages: trying would be an invalid request."""


class ClosedDoors:
    """Remembers, by person, when a direct message was refused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._refused_at: dict[int, float] = {}

    def refused(self, user_id: int) -> None:
        """Note that somebody takes no direct messages."""
        now = self._clock.monotonic()
        recent = {person_id: at for person_id, at in self._refused_at.items() if at > now - SECONDS}
        self._refused_at = recent | {user_id: now}

    def wrote(self, user_id: int) -> None:
        """Note that somebody has written to the bot directly, and so can be answered there."""
        self._refused_at.pop(user_id, None)

    def is_closed(self, user_id: int) -> bool:
        """Return whether a direct message would be refused, as far as is known."""
        return self._refused_at.get(user_id, float("-inf")) > self._clock.monotonic() - SECONDS
