"""Delivery: the durable side of the outbox, see ``engine.outbox.Ledger``."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.parcel import Kind, Parcel
from bot.domain.shard import WHOLE, Share
from bot.domain.timer import Purpose
from bot.store import outbox as rows
from bot.store.database import Database


class Refusals(Protocol):
    """What has to be done where somebody does not take direct messages about timers of one purpose."""

    async def refused(self, connection: AsyncConnection, parcel: Parcel) -> list[Parcel]:
        """Draw the consequence; give what is to be said instead. Done again, it gives the same."""


class Delivery:
    """Keeps what is to be said until it is said, or known never to be."""

    def __init__(self, database: Database, refusals: Mapping[Purpose, Refusals], share: Share = WHOLE) -> None:
        self._database = database
        self._share = share
        self._refusals = refusals

    async def pending(self) -> Sequence[Parcel]:
        """Give what was not yet said, oldest first."""
        async with self._database.read() as connection:
            return await rows.pending(connection, self._share)

    async def merge(self, parcels: Sequence[Parcel]) -> Parcel:
        """Make one parcel of several that were never tried, for one message to say it all."""
        async with self._database.write() as connection:
            return await rows.merge(connection, parcels)

    async def sent(self, parcels: Sequence[Parcel], message_id: int | None) -> Sequence[Parcel]:
        """Record that it was said. The card of a new phase takes the place of the last, which is closed."""
        newest = parcels[-1]
        async with self._database.write() as connection:
            await rows.settle(connection, parcels, message_id=message_id)
            if newest.kind is Kind.PHASE and message_id is not None:
                return await rows.move_card(connection, newest, message_id)
            return ()

    async def undeliverable(self, parcels: Sequence[Parcel], reason: str) -> Sequence[Parcel]:
        """Record that it cannot be said there, and why; give what is to be tried in its place.

        An announcement in a server's channel goes to the owners by direct message, once. What is to be done about a
        direct message that was asked for, its purpose knows; for anything else there is nothing.
        """
        async with self._database.write() as connection:
            newest = parcels[-1]
            said_to_all = newest.kind in {Kind.ANNOUNCEMENT, Kind.PHASE}
            if said_to_all and newest.timers[0].guild_id is not None:
                await rows.settle(connection, parcels[:-1], reason=reason)
                return await rows.redirect(connection, newest, reason)
            await rows.settle(connection, parcels, reason=reason)
            whose = self._refusals.get(newest.timers[0].purpose)
            return await whose.refused(connection, newest) if whose and newest.kind is Kind.DIRECT else ()
