"""A parcel: one message to a channel about timers, kept in the outbox until Discord has taken it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.timer import Timer


class Kind(StrEnum):
    """What a parcel does to its channel."""

    ANNOUNCEMENT = "announcement"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Parcel:
    """An announcement of timers that are over, or the new look of one timer's card.

    ``nonce`` was drawn when the outbox was written to and is the parcel's key. Discord answers a repeat that
    carries it with the message it already has, so that a try whose answer was lost is repeated safely.
    """

    nonce: str
    kind: Kind
    channel_id: int
    timers: tuple[Timer, ...]
