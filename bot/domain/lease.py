"""A lease: the right of one process to run a block of shards, until it ends."""

from dataclasses import dataclass


class LeaseLost(Exception):
    """Another process may be running these shards by now: nothing more is to be said or written for them here."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease on a block, counted from 0, that goes on for so many ``seconds`` each time it is renewed.

    ``fence`` is higher each time it is taken.
    """

    block: int
    fence: int
    seconds: float
