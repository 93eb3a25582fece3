"""The schema: brings a database to the newest migration, and can be run again at any time."""

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.store.database import Database

_log = structlog.get_logger(__name__)

_MIGRATIONS = Path(__file__).with_name("migrations")
# The number of PostgreSQL's lock; any would do that nothing else in the same database takes.
_LOCK = 0x706F6D6F


async def migrate(database: Database) -> None:
    """Run every migration that this database has not seen, in turn with other processes that do.

    Raises ``DatabaseUnavailable``.
    """
    await database.migrate(_upgrade)


def newest() -> str:
    """Give the number of the newest migration."""
    number = ScriptDirectory.from_config(_config()).get_current_head()
    assert number
    return number


async def version(database: Database) -> str | None:
    """Give the number of the last migration that a database has seen; None where there was none, or no database.

    Raises ``DatabaseUnavailable``.
    """
    if database.file and not database.file.exists():
        return None  # looking into it would make it
    async with database.read() as connection:
        return await connection.run_sync(
            lambda blocking: MigrationContext.configure(blocking).get_current_revision()
        )


def _upgrade(connection: Connection) -> None:
    # One at a time. SQLite's transaction has begun with its lock; this one too ends with the transaction, so that
    # it needs no connection of its own and works through PgBouncer in transaction mode.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    found = MigrationContext.configure(connection).get_current_revision()
    if found and found > newest():
        # In a deploy the newer bot has been here; its migrations only add, so that this one can go on.
        _log.warning("database_is_newer", migration=found, known=newest())
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
