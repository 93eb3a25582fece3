"""Notes: small facts that the bot keeps about itself between runs."""

from bot.store import notes as rows
from bot.store.database import Database


class Notes:
    """Keeps a short text under a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, key: str) -> str | None:
        """Give the note under a key, or None."""
        async with self._database.read() as connection:
            return await rows.read(connection, key)

    async def keep(self, key: str, value: str) -> None:
        """Put a note in the place of the one under that key."""
        async with self._database.write() as connection:
            await rows.keep(connection, key, value)
