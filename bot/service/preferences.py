"""Preferences: what people say about themselves, such as the time zone they live by."""

from zoneinfo import ZoneInfo

from bot.domain import zone
from bot.service.saving import reading, saving
from bot.store import preferences as rows
from bot.store.database import Database


class Preferences:
    """Keeps what a person has said about themself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def zone(self, user_id: int) -> ZoneInfo:
        """Give a person's time zone, or UTC where they have said none. Raises ``NotSaved``."""
        return await self.said_zone(user_id) or zone.UTC

    async def said_zone(self, user_id: int) -> ZoneInfo | None:
        """Give the time zone that a person has said, if any. Raises ``NotSaved``."""
        async with reading(self._database) as connection:
            found, _ = await rows.zone_of(connection, user_id)
        return found

    async def set_zone(self, user_id: int, chosen: ZoneInfo) -> None:
        """Keep a person's time zone. Raises ``NotSaved``."""
        async with saving(self._database, "nothing was changed") as connection:
            await rows.keep(connection, user_id, zone=chosen.key)

    async def ask_for_zone(self, user_id: int) -> bool:
        """Tell whether a person is to be asked for their time zone now: they are once. Raises ``NotSaved``."""
        async with saving(self._database, "nothing was changed") as connection:
            found, was_asked = await rows.zone_of(connection, user_id)
            if found or was_asked:
                return False
            await rows.keep(connection, user_id, zone_asked=True)
            return True
