"""Saving: transactions for requests, whose failure is answered in one sentence."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import NotSaved
from bot.messages.catalogue import N_, Template
from bot.service.timer_service import Countdowns
from bot.store.database import Database, DatabaseUnavailable

T = TypeVar("T")

# Whether the request served by this task has changed anything.
has_saved: ContextVar[bool] = ContextVar("has_saved", default=False)
NOTHING_CHANGED = N_("I couldn't save that, so nothing's changed. Please try again in a minute.")
_log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def saving(
    database: Database, scheduler: Countdowns | None = None, *, otherwise: Template = NOTHING_CHANGED
) -> AsyncIterator[AsyncConnection]:
    """Open a write transaction. Raises ``NotSaved``, with ``otherwise`` as its sentence.

    It may have been committed all the same, if only the answer was lost; ``scheduler`` then looks for new timers.
    """
    try:
        async with database.write() as connection:
            yield connection
        has_saved.set(True)
    except DatabaseUnavailable as error:
        _log.error("not_saved", error=str(error))
        if scheduler:
            scheduler.refresh()
        raise NotSaved(otherwise) from error


async def saved_once(
    database: Database,
    write: Callable[[AsyncConnection], Awaitable[T]],
    earlier: Callable[[AsyncConnection], Awaitable[T | None]],
    scheduler: Countdowns | None = None,
) -> tuple[T, bool]:
    """Write what one request asks for, in one transaction; return it, and True.

    Idempotent: where the request wrote it before (another process may have received it too), return that as
    ``earlier`` reads it, and False. Raises ``NotSaved``.
    """
    try:
        async with saving(database, scheduler) as connection:
            return await write(connection), True
    except IntegrityError:
        async with reading(database) as connection:
            before = await earlier(connection)
        if before is None:
            raise
        return before, False


@contextlib.asynccontextmanager
async def reading(database: Database, *, snapshot: bool = False) -> AsyncIterator[AsyncConnection]:
    """Open a read-only connection, see ``Database.read``. Raises ``NotSaved``."""
    try:
        async with database.read(snapshot=snapshot) as connection:
            yield connection
    except DatabaseUnavailable as error:
        _log.error("not_read", error=str(error))
        raise NotSaved(N_("I can't look that up right now. Please try again in a minute.")) from error
