"""Unsent messages: how long each has waited, how it has failed, and the id that the gateway has reported for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.outbox_message import EDITS, OutboxMessage
from bot.engine.clock import Clock
from bot.engine.delivery import Attempts

# Rows of messages that have waited longer, in seconds, are read again: their owner may have deleted them.
_FRESH = 0.2


@dataclass
class _Unsent:
    since: float
    attempts: Attempts = field(default_factory=Attempts)
    message_id: int | None = None


class Unsent:
    """The messages that wait or are in flight, by nonce."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Oldest first.
        self._messages: dict[str, _Unsent] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._messages)

    @property
    def oldest(self) -> float:
        """The seconds that the oldest has waited; 0 where there is none."""
        now = self._clock.monotonic()
        return now - next((message.since for message in self._messages.values()), now)

    def add(self, message: OutboxMessage) -> None:
        """Note that it waits from now on, unless it does already."""
        self._messages.setdefault(message.nonce, _Unsent(self._clock.monotonic()))

    def forget(self, messages: Iterable[OutboxMessage]) -> None:
        """Drop messages that were sent, refused, replaced or deleted."""
        for message in messages:
            self._messages.pop(message.nonce, None)

    def attempts(self, message: OutboxMessage) -> Attempts:
        """Return the failures of a message that waits."""
        return self._messages.setdefault(message.nonce, _Unsent(self._clock.monotonic())).attempts

    def receive(self, nonce: str, message_id: int) -> None:
        """Note the id of a sent message whose request is not answered yet."""
        if message := self._messages.get(nonce):
            message.message_id = message_id

    def message_id(self, message: OutboxMessage) -> int | None:
        """Return the id under which the gateway has reported a message that waits."""
        known = self._messages.get(message.nonce)
        return known.message_id if known else None

    def may_be_gone(self, chosen: Sequence[OutboxMessage]) -> bool:
        """Return whether messages, no edits, have waited or were put twice: their rows may be gone or settled."""
        newest = chosen[-1]
        known = [self._messages.get(message.nonce) for message in chosen]
        put_at = min(message.since if message else float("-inf") for message in known)
        has_waited = newest.tried_at is not None or self._clock.monotonic() - put_at > _FRESH
        return has_waited and newest.kind not in EDITS
