"""A lease: the right of one process to run a block of shards until it expires."""

from dataclasses import dataclass


class LeaseLost(Exception):
    """Another process may be running these shards by now: nothing more may be sent or written for them here."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease on a block, numbered from 0; each renewal extends it to ``seconds`` from then.

    ``fence`` is the fencing token: it increases each time the lease is taken.
    """

    block: int
    fence: int
    seconds: float
