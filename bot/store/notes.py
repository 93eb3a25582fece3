"""Statements on notes: small facts that the bot keeps about itself between runs."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import notes


async def read(connection: AsyncConnection, key: str) -> str | None:
    """Give the note under a key, or None."""
    return (await connection.execute(select(notes.c.value).where(notes.c.key == key))).scalar_one_or_none()


async def keep(connection: AsyncConnection, key: str, value: str) -> None:
    """Put a note in the place of the one under that key."""
    await connection.execute(delete(notes).where(notes.c.key == key))
    await connection.execute(insert(notes).values(key=key, value=value))
