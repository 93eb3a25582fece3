"""Exchanges: the record of what was asked over REST and what was answered."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KEPT = 20_000


@dataclass(slots=True, frozen=True)
class Exchange:
    """One request and its answer.

    `route` is the template (`/channels/{channel_id}/messages`), `status` 0 where the connection was closed
    without an answer.  A `faulty` answer was made by a fault.  `ignored` are the paths of the fields that Discord
    does not know, `traceback` is set where the local Discord itself has failed.
    """

    at: float
    method: str
    path: str
    route: str
    request: Any
    status: int
    response: Any
    faulty: bool = False
    ignored: tuple[str, ...] = ()
    traceback: str | None = None


class Record:
    """The exchanges so far (the oldest are let go after 20,000) and who listens to new ones.

    `crashes` are those in which the local Discord itself has failed, be it beside REST.
    """

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.crashes: list[Exchange] = []
        self.listeners: list[Callable[[Exchange], None]] = []
        self.sent = 0
        self._times: deque[float] = deque(maxlen=1000)

    def add(self, exchange: Exchange) -> None:
        """Record an exchange and tell the listeners."""
        self.sent += 1
        self._times.append(exchange.at)
        self.exchanges.append(exchange)
        if exchange.traceback:
            self.crashes.append(exchange)
        if len(self.exchanges) > _MOST_KEPT:
            del self.exchanges[: _MOST_KEPT // 2]
        for listener in list(self.listeners):
            listener(exchange)

    def last_second(self) -> int:
        """Return how many requests came within the last second."""
        since = time.time() - 1
        return sum(at > since for at in self._times)
