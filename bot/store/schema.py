"""The schema: migrates a database to the newest version; idempotent."""

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
# The key of PostgreSQL's advisory lock; any that nothing else in the same database uses.
_LOCK = 0x706F6D6F


async def migrate(database: Database) -> None:
    """Run every pending migration, one process at a time.

    Raises ``DatabaseUnavailable``.
    """
    await database.migrate(_upgrade)


def newest() -> str:
    """Return the number of the newest migration."""
    number = ScriptDirectory.from_config(_config()).get_current_head()
    assert number
    return number


async def version(database: Database) -> str | None:
    """Return the number of a database's last migration; None where there was none, or no database.

    Raises ``DatabaseUnavailable``.
    """
    if database.file and not database.file.exists():
        return None  # connecting would create it
    async with database.read() as connection:
        return await connection.run_sync(
            lambda blocking: MigrationContext.configure(blocking).get_current_revision()
        )


def _upgrade(connection: Connection) -> None:
    # One at a time. SQLite's transaction holds the write lock already; this lock too ends with the transaction, so
    # that it needs no connection of its own and works through PgBouncer in transaction mode.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    current = MigrationContext.configure(connection).get_current_revision()
    if current and current > newest():
        # A newer bot was deployed meanwhile; migrations are additive, so this one can run on.
        _log.warning("database_is_newer", migration=current, known=newest())
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
