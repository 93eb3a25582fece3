"""Shards: how Discord parts the servers of a bot, and which of the parts are this process's.

Source of the formula: Discord's developer documentation, Gateway, Sharding.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """The shards of one process: those from ``first`` up to, and without, ``last``, of ``count`` in all."""

    count: int = 1
    first: int = 0
    last: int = 1

    @property
    def ids(self) -> Sequence[int]:
        """The numbers of these shards."""
        return range(self.first, self.last)

    @property
    def is_whole(self) -> bool:
        """Whether these are all shards that there are."""
        return len(self.ids) == self.count

    def has(self, guild_id: int | None) -> bool:
        """Tell whether a server's events come to these shards; direct messages come to shard 0."""
        return shard_of(guild_id, self.count) in self.ids


# All there is, in one process.
WHOLE = Share()


def shard_of(guild_id: int | None, count: int) -> int:
    """Give the shard of a server, or that of direct messages."""
    return ((guild_id or 0) >> 22) % count


def shares(count: int, each: int) -> list[Share]:
    """Part the shards into blocks of so many each; the last may have fewer."""
    return [Share(count, first, min(first + each, count)) for first in range(0, count, each)]
