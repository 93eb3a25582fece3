"""The rules of servers, cached: they are read for every message."""

from collections.abc import Callable

import structlog

from bot.domain.errors import NotSaved
from bot.domain.rules import Rules
from bot.service.saving import reading, saving
from bot.store import rules as rows
from bot.store.database import Database

_log = structlog.get_logger(__name__)

_KEPT = 10_000


class ServerRules:
    """``prefix`` and ``most_timers`` are the operator's; 0 means no limit.

    A server's commands go to one process, so its cache is always current.
    """

    def __init__(self, database: Database, prefix: str, most_timers: int) -> None:
        self._database = database
        self._prefix = prefix
        self.most_timers = most_timers
        self._known: dict[int, Rules] = {}

    async def of(self, guild_id: int | None) -> Rules:
        """Return a server's rules; empty for direct messages, and while the database cannot be read."""
        if guild_id is None:
            return Rules()
        if guild_id not in self._known:
            try:
                async with reading(self._database) as connection:
                    rules = await rows.of(connection, guild_id)
            except NotSaved:
                return Rules()
            if len(self._known) >= _KEPT:
                self._known.clear()
            return self._known.setdefault(guild_id, rules)  # they may have been changed meanwhile
        return self._known[guild_id]

    async def prefix_of(self, guild_id: int | None) -> str:
        """Return the command prefix of a server."""
        return (await self.of(guild_id)).prefix or self._prefix

    def prefix_at_hand(self, guild_id: int | None) -> str:
        """Return the command prefix of a server whose rules are cached."""
        return self._known.get(guild_id or 0, Rules()).prefix or self._prefix

    def forget(self, guild_id: int) -> None:
        """Drop a server's cached rules: they were deleted, or may have been changed."""
        self._known.pop(guild_id, None)

    async def change(self, guild_id: int, change: Callable[[Rules], Rules]) -> Rules:
        """Change a server's rules. Raises what the change raises, and ``NotSaved``."""
        try:
            async with saving(self._database) as connection:
                old = await rows.of(connection, guild_id)
                new = change(old)
                await rows.save(connection, guild_id, old, new)
        except NotSaved:
            self.forget(guild_id)  # it may have been committed all the same
            raise
        self._known[guild_id] = new
        _log.info("rules_changed", guild_id=guild_id)
        return new
