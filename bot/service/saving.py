"""Saving: transactions for what a person asks, whose failure is answered in one sentence."""

import contextlib
from collections.abc import AsyncIterator

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import NotSaved
from bot.service.agenda import Roster
from bot.store.database import Database, DatabaseUnavailable

_log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def saving(
    database: Database, otherwise: str, roster: Roster | None = None
) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that writes. Raises ``NotSaved``, which says what did not happen: ``otherwise``.

    It may be saved all the same, where only the answer was lost; ``roster`` then looks for what runs.
    """
    try:
        async with database.write() as connection:
            yield connection
    except DatabaseUnavailable as error:
        _log.error("not_saved", error=str(error))
        if roster:
            roster.look_again()
        raise NotSaved(f"That could not be saved, so {otherwise}. Please try again in a minute.") from error


@contextlib.asynccontextmanager
async def reading(database: Database) -> AsyncIterator[AsyncConnection]:
    """Open a connection that reads. Raises ``NotSaved``."""
    try:
        async with database.read() as connection:
            yield connection
    except DatabaseUnavailable as error:
        _log.error("not_read", error=str(error))
        raise NotSaved("I cannot look that up right now. Please try again in a minute.") from error
