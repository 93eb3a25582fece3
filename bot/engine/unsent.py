"""Unsent messages: how long each has waited, how it has failed, and the id that the gateway has reported for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.outbox_message import OutboxMessage
from bot.engine.clock import Clock
from bot.engine.delivery import Attempts

# A message read or rendered longer ago, in seconds, is read again: its owner may have deleted it. Less than the
# wait before any retry.
FRESH = 0.1


@dataclass
class _Unsent:
    since: float
    # When its row was last known to be there.
    read_at: float
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
        """The seconds that the oldest has waited; 0 if there is none."""
        now = self._clock.monotonic()
        return now - next((message.since for message in self._messages.values()), now)

    def add(self, message: OutboxMessage) -> None:
        """Note that it waits from now on, unless it does already."""
        self._messages.setdefault(message.nonce, self._new(message))

    def forget(self, messages: Iterable[OutboxMessage]) -> None:
        """Drop messages that were sent, refused, replaced or deleted."""
        for message in messages:
            self._messages.pop(message.nonce, None)

    def attempts(self, message: OutboxMessage) -> Attempts:
        """Return the failures of a message that waits."""
        return self._messages.setdefault(message.nonce, self._new(message)).attempts

    def receive(self, nonce: str, message_id: int) -> None:
        """Note the id of a sent message whose request is not answered yet."""
        if message := self._messages.get(nonce):
            message.message_id = message_id

    def message_id(self, message: OutboxMessage) -> int | None:
        """Return the id under which the gateway has reported a message that waits."""
        known = self._messages.get(message.nonce)
        return known.message_id if known else None

    def may_be_gone(self, chosen: Sequence[OutboxMessage]) -> bool:
        """Return whether the rows of messages may be gone or settled: they have waited, or were put twice."""
        known = [self._messages.get(message.nonce) for message in chosen]
        read_at = min(message.read_at if message else float("-inf") for message in known)
        return self._clock.monotonic() - read_at > FRESH

    def note_left(self, chosen: Sequence[OutboxMessage], left: Sequence[OutboxMessage]) -> None:
        """Note which of them were just read, and forget those that are gone."""
        there = {message.nonce for message in left}
        self.forget(message for message in chosen if message.nonce not in there)
        for nonce in there & self._messages.keys():
            self._messages[nonce].read_at = self._clock.monotonic()

    def _new(self, message: OutboxMessage) -> _Unsent:
        now = self._clock.monotonic()
        return _Unsent(now, now if message.tried_at is None else float("-inf"))
