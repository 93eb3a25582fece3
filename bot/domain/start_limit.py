"""The start limit: how many gateway sessions a bot may begin per day, over all its processes."""

from dataclasses import dataclass

# The shares of a day's starts above which nothing is paced, and which are kept in reserve: for a starting
# process, and for a shard that lost its session. A day of flapping leaves half of them to deploys.
_AT_START, _AGAIN = (1 / 2, 1 / 10), (3 / 4, 1 / 2)


@dataclass(frozen=True, slots=True)
class StartLimit:
    """Discord's ``session_start_limit``; ``reset_after`` is in seconds, ``at_once`` its ``max_concurrency``.

    Discord resets the token of a bot that exceeds it.
    Source: https://discord.com/developers/docs/events/gateway#session-start-limit-object
    """

    total: int
    remaining: int
    reset_after: float
    at_once: int

    def seconds_apart(self, *, at_start: bool) -> float:
        """Return the spacing of new sessions that makes the rest last until the reset; 0 for no pacing."""
        free, kept = (share * self.total for share in (_AT_START if at_start else _AGAIN))
        if self.remaining > free:
            return 0.0
        return self.reset_after / max(1.0, self.remaining - kept)
