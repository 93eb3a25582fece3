"""The key-value store: small facts that the bot stores about itself between runs."""

from bot.store import key_value as rows
from bot.store.database import Database


class KeyValueStore:
    """Stores a short text under a key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> str | None:
        """Return the value of a key, or None."""
        async with self._database.read() as connection:
            return await rows.read(connection, key)

    async def set(self, key: str, value: str) -> None:
        """Set the value of a key."""
        async with self._database.write() as connection:
            await rows.save(connection, key, value)
