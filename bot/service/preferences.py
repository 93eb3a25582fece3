"""People's preferences, such as their time zone."""

from zoneinfo import ZoneInfo

from bot.domain.preference import Preference
from bot.service.saving import reading, saving
from bot.store import counted_time, preferences as rows
from bot.store.database import Database


class Preferences:
    """Stores people's preferences. All methods raise ``NotSaved``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user_id: int) -> Preference:
        """Return a person's preferences."""
        async with reading(self._database) as connection:
            return await rows.of(connection, user_id)

    async def zone(self, user_id: int) -> ZoneInfo:
        """Return a person's time zone, or UTC where none is set."""
        return (await self.of(user_id)).zone_or_utc

    async def set_zone(self, user_id: int, chosen: ZoneInfo) -> None:
        """Set a person's time zone. What they did before they had any is taken as done in it."""
        async with saving(self._database) as connection:
            if (await rows.of(connection, user_id)).zone is None:
                await counted_time.set_first_zone(connection, user_id, chosen)
            await rows.save(connection, user_id, zone=chosen.key)

    async def set(self, user_id: int, **values: object) -> None:
        """Set some of a person's preferences by their fields in ``Preference``; for the zone see ``set_zone``."""
        async with saving(self._database) as connection:
            await rows.save(connection, user_id, **values)

    async def ask_for_zone(self, user_id: int) -> bool:
        """Return whether to ask a person for their time zone now, which is done once."""
        async with saving(self._database) as connection:
            if (await rows.of(connection, user_id)).zone or await rows.was_asked(connection, user_id):
                return False
            await rows.save(connection, user_id, zone_asked=True)
            return True
