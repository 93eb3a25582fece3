"""Which servers Discord has yet to send after the bot has identified."""

import asyncio
from collections.abc import Iterable


class Arrivals:
    """Sets ``complete`` once every shard has identified and each of its servers has arrived.

    Discord names a shard's servers in READY and sends each of them afterwards, except those in an outage: the
    caller has to give up on them.
    """

    def __init__(self, shard_ids: Iterable[int]) -> None:
        self.complete = asyncio.Event()
        self._shards = set(shard_ids)
        self._guilds: set[int] = set()

    def identified(self, shard_id: int, guild_ids: Iterable[int]) -> None:
        """Note that a shard received READY with these servers."""
        self._shards.discard(shard_id)
        self._guilds.update(guild_ids)
        self._check()

    def arrived(self, guild_id: int) -> None:
        """Note that a server has arrived."""
        self._guilds.discard(guild_id)
        self._check()

    def give_up(self) -> None:
        """Stop waiting for the missing servers."""
        self._guilds.clear()
        self._check()

    def _check(self) -> None:
        if not (self._shards or self._guilds):
            self.complete.set()
