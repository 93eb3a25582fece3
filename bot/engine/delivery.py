"""Delivery: the interface to Discord, and its failures: final, or to be retried.

Exception
├── Undeliverable   final for this place: the channel is gone, or the bot may not post there
│   ├── Unsendable  final for this content: Discord accepts it nowhere
│   └── Barred      not Discord's answer, but ours: its author may not say it there
├── Unavailable     transient: the database, Discord or the network is down, busy or unreachable
├── NotSaved        transient: the same of the database, as a service says it to people
├── Unrecognised    a refusal without a code that is known to be final
└── anything else   our own bug
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.errors import NotSaved, Unavailable
from bot.domain.lease import LeaseLost
from bot.domain.outbox_message import OutboxMessage
from bot.engine import back_off


class Undeliverable(Exception):
    """Discord refused for good: the place is gone, or the bot may not post there. The message says why."""


class Unsendable(Undeliverable):
    """Discord accepts this content nowhere. The message says why."""


class Barred(Undeliverable):
    """The person who answers for one of its timers may not post it there. The message says why, as a template."""


class Unrecognised(Exception):
    """A refusal without a code that is known to be final, such as a proxy's page. The message quotes it."""


class Sender(Protocol):
    """The interface to Discord."""

    async def prepare(self, message: OutboxMessage) -> None:
        """Render a message that is about to be delivered. Raises the same as ``deliver``."""

    async def deliver(self, message: OutboxMessage) -> int | None:
        """Send it; return the message's id where there is one. Raises the exceptions of this module."""

    async def recall(self, messages: Sequence[OutboxMessage], since: datetime) -> Mapping[str, int]:
        """Look up which of a place's messages were sent since then; return ids by nonce. Raises the same."""


class Failure(StrEnum):
    """The kinds of failure after which a delivery is retried."""

    PASSING = "passing"
    UNRECOGNISED = "unrecognised"
    OURS = "ours"

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        """Classify what a delivery raised."""
        if isinstance(error, Unavailable | NotSaved | OSError | LeaseLost):
            return cls.PASSING
        return cls.UNRECOGNISED if isinstance(error, Unrecognised) else cls.OURS


# Seconds before the first retry of transient failures, and at most.
FIRST_WAIT, LONGEST_WAIT = 0.25, 30.0
# The most tries of each kind before a message is set aside; transient failures are retried forever. With the waits
# below, forty unrecognised answers take some twenty hours, five failures of ours half a minute.
_CEILING = {Failure.UNRECOGNISED: 40, Failure.OURS: 5}
# A card refresh is worth less: half a minute.
_EDIT_CEILING = 8
_FIRST_WAIT = {Failure.PASSING: FIRST_WAIT, Failure.UNRECOGNISED: FIRST_WAIT, Failure.OURS: 2.0}
_LONGEST_WAIT = {Failure.PASSING: LONGEST_WAIT, Failure.UNRECOGNISED: 3600.0, Failure.OURS: LONGEST_WAIT}
# After this many failures that are not ours, messages behind this one go first.
_PATIENCE = 5


class Attempts:
    """The failed tries of one outbox message."""

    def __init__(self) -> None:
        self._failures: dict[Failure, int] = {}

    def failed(self, failure: Failure) -> None:
        """Count a failure."""
        self._failures[failure] = self._failures.get(failure, 0) + 1

    def is_over(self, failure: Failure, *, is_edit: bool = False) -> bool:
        """Return whether the tries of that kind are used up."""
        ceiling = _CEILING.get(failure, math.inf)
        if is_edit and failure in _CEILING:
            ceiling = min(ceiling, _EDIT_CEILING)
        return self._failures[failure] >= ceiling

    def lets_others_pass(self, failure: Failure) -> bool:
        """Return whether messages behind this one go first until its next try."""
        failures = self._failures[failure]
        if failure is Failure.PASSING:  # others usually fare no better: they get a turn now and then
            return failures % _PATIENCE == 0
        return failure is Failure.OURS or failures >= _PATIENCE

    def wait(self, failure: Failure) -> float:
        """Return the seconds until the next try."""
        return back_off.delay(self._failures[failure], _FIRST_WAIT[failure], _LONGEST_WAIT[failure])
