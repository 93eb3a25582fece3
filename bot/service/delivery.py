"""Delivery: the durable side of the outbox, see ``engine.outbox.Ledger``."""

from collections.abc import Sequence

from bot.domain.parcel import Parcel
from bot.store import outbox as rows
from bot.store.database import Database


class Delivery:
    """Keeps what is to be said until it is said, or known never to be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self) -> Sequence[Parcel]:
        """Give what was not yet said, oldest first."""
        async with self._database.read() as connection:
            return await rows.pending(connection)

    async def sent(self, parcels: Sequence[Parcel], message_id: int | None) -> None:
        """Record that it was said."""
        async with self._database.write() as connection:
            await rows.settle(connection, parcels, message_id=message_id)

    async def undeliverable(self, parcels: Sequence[Parcel], reason: str) -> None:
        """Record that it cannot be said, and why."""
        async with self._database.write() as connection:
            await rows.settle(connection, parcels, reason=reason)
