"""A lease: the right of one process to run a block of shards until it expires."""

from dataclasses import dataclass


class LeaseLost(Exception):
    """Another process may be running these shards by now: nothing more may be sent or written for them here."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease on a block, from 0, for ``seconds`` from each renewal; ``fence`` increases each time it is taken."""

    block: int
    fence: int
    seconds: float
