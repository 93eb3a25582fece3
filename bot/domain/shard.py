"""Shards: how Discord splits a bot's servers, and which shards this process runs.

Source of the formula: Discord's developer documentation, Gateway, Sharding.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShardRange:
    """The shards of one process: ``first`` inclusive to ``last`` exclusive, of ``count`` in all."""

    count: int = 1
    first: int = 0
    last: int = 1

    @property
    def ids(self) -> Sequence[int]:
        """The ids of these shards."""
        return range(self.first, self.last)

    @property
    def is_whole(self) -> bool:
        """Whether these are all shards."""
        return len(self.ids) == self.count

    def has(self, guild_id: int | None) -> bool:
        """Return whether a server's events come to these shards; direct messages come to shard 0."""
        return shard_of(guild_id, self.count) in self.ids


# All shards in one process.
WHOLE = ShardRange()


def shard_of(guild_id: int | None, count: int) -> int:
    """Return the shard of a server, or that of direct messages."""
    return ((guild_id or 0) >> 22) % count


def split(count: int, each: int) -> list[ShardRange]:
    """Split the shards into blocks of ``each``; the last may be smaller."""
    return [ShardRange(count, first, min(first + each, count)) for first in range(0, count, each)]
