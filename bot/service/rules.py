"""The rules of servers, kept at hand: they are asked for at every message."""

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
    """``prefix`` is the operator's, and ``most_timers`` too; 0 stands for no limit.

    A server's commands come to one process, so that what is at hand there is what was last set.
    """

    def __init__(self, database: Database, prefix: str, most_timers: int) -> None:
        self._database = database
        self._prefix = prefix
        self.most_timers = most_timers
        self._known: dict[int, Rules] = {}

    async def of(self, guild_id: int | None) -> Rules:
        """Give a server's rules; while the database cannot be read, it has none. A direct message has none."""
        if guild_id is None:
            return Rules()
        if guild_id not in self._known:
            try:
                async with reading(self._database) as connection:
                    found = await rows.of(connection, guild_id)
            except NotSaved:
                return Rules()
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[guild_id] = found
        return self._known[guild_id]

    async def prefix_of(self, guild_id: int | None) -> str:
        """Give what typed commands begin with in a server."""
        return (await self.of(guild_id)).prefix or self._prefix

    def prefix_at_hand(self, guild_id: int | None) -> str:
        """Give the same of a server whose rules were just asked for."""
        return self._known.get(guild_id or 0, Rules()).prefix or self._prefix

    async def change(self, guild_id: int, change: Callable[[Rules], Rules]) -> Rules:
        """Change a server's rules. Raises what the change raises, and ``NotSaved``."""
        async with saving(self._database, "nothing was changed") as connection:
            new = change(await rows.of(connection, guild_id))
            await rows.keep(connection, guild_id, new)
        self._known[guild_id] = new
        _log.info("rules_changed", guild_id=guild_id)
        return new
