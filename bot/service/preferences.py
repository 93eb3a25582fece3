"""Preferences: what people say about themselves, such as the time zone they live by."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from bot.domain.preference import Preference
from bot.service.saving import reading, saving
from bot.store import preferences as rows
from bot.store.database import Database


class Preferences:
    """Keeps what a person has said about themself. All raise ``NotSaved``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user_id: int) -> Preference:
        """Give what a person has said."""
        async with reading(self._database) as connection:
            return await rows.of(connection, user_id)

    async def zone(self, user_id: int) -> ZoneInfo:
        """Give a person's time zone, or UTC where they have said none."""
        return (await self.of(user_id)).clock

    async def set_zone(self, user_id: int, chosen: ZoneInfo) -> None:
        """Keep a person's time zone."""
        await self._keep(user_id, zone=chosen.key)

    async def set_goal(self, user_id: int, seconds: int | None) -> None:
        """Keep how much somebody wants to focus a day; None for no goal."""
        await self._keep(user_id, goal=seconds)

    async def set_days_off(self, user_id: int, days: Collection[int]) -> None:
        """Keep the weekdays, Monday is 0, on which a streak asks for nothing."""
        await self._keep(user_id, days_off="".join(map(str, sorted(days))))

    async def set_sharing(self, user_id: int, *, shares: bool) -> None:
        """Keep whether others may see somebody's sums."""
        await self._keep(user_id, shares=shares)

    async def ask_for_zone(self, user_id: int) -> bool:
        """Tell whether a person is to be asked for their time zone now: they are once."""
        async with saving(self._database, "nothing was changed") as connection:
            if (await rows.of(connection, user_id)).zone or await rows.was_asked(connection, user_id):
                return False
            await rows.keep(connection, user_id, zone_asked=True)
            return True

    async def _keep(self, user_id: int, **values: object) -> None:
        async with saving(self._database, "nothing was changed") as connection:
            await rows.keep(connection, user_id, **values)
