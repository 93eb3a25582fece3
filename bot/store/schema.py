"""The schema: migrates a database to the newest version; idempotent.

Alembic is loaded where there is something to migrate: most starts find nothing, and it takes a tenth of one.
"""

import contextlib
import functools
from collections.abc import AsyncIterator
from pathlib import Path

import structlog
from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.engine import Connection

from bot.store.database import Database

_log = structlog.get_logger(__name__)

_MIGRATIONS = Path(__file__).with_name("migrations")
# The key of PostgreSQL's advisory lock; any that nothing else in the same database uses.
_LOCK = 0x706F6D6F
# Alembic's own table.
_VERSION = table("alembic_version", column("version_num"))


async def migrate(database: Database) -> None:
    """Run every pending migration, one process at a time. Raises ``DatabaseUnavailable``."""
    await database.migrate(_upgrade)


@contextlib.asynccontextmanager
async def migrated(url: str) -> AsyncIterator[Database]:
    """Open a database, migrate it, and close it at the end. Raises ``DatabaseUnavailable``."""
    database = Database(url)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@functools.cache
def newest() -> str:
    """Return the number of the newest migration."""
    return max(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


async def version(database: Database) -> str | None:
    """Return a database's last migration, or None. Raises ``DatabaseUnavailable``."""
    if database.file and not database.file.exists():
        return None  # connecting would create it
    async with database.read() as connection:
        return await connection.run_sync(_current)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    # One at a time. SQLite's transaction holds the write lock already; this lock too ends with the transaction, so
    # that it needs no connection of its own and works through PgBouncer in transaction mode.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    current = _current(connection)
    if current == newest():
        return
    if current and current > newest():
        # A newer bot was deployed meanwhile; migrations are additive, so this one can run on.
        _log.warning("database_is_newer", migration=current, known=newest())
        return
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
