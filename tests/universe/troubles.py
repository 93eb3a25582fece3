"""Troubles: failures around the bot, and faults that they do not excuse."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure that lasts for a while, and whether it delays announcements or only answers."""

    kind: str
    begins: float
    ends: float
    delays: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the bot must not have done."""

    kind: str
    at: float
    description: str
