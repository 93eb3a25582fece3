"""Statements on the key-value store: small facts that the bot stores about itself between runs."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import notes


async def read(connection: AsyncConnection, key: str) -> str | None:
    """Return the value of a key, or None."""
    value = (await connection.execute(select(notes.c.value).where(notes.c.key == key))).scalar_one_or_none()
    return value if isinstance(value, str) else None


async def save(connection: AsyncConnection, key: str, value: str) -> None:
    """Set the value of a key."""
    await connection.execute(delete(notes).where(notes.c.key == key))
    await connection.execute(insert(notes).values(key=key, value=value))
