"""Troubles: what is wrong around the bot, and what it must not have done all the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong for a while, and whether it delays what is due or only what is asked."""

    kind: str
    begins: float
    ends: float
    delays: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What the bot must not have done."""

    kind: str
    at: float
    description: str
