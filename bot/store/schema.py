"""The schema: brings a database to the newest migration, and can be run again at any time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.store.database import Database

_MIGRATIONS = Path(__file__).with_name("migrations")
# Several processes may start at once: whoever migrates has this lock to the end of the transaction.
_MIGRATING = 7_049_002


async def migrate(database: Database) -> None:
    """Run every migration that this database has not seen. Raises ``DatabaseUnavailable``."""
    await database.migrate(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":  # there a transaction that writes is alone
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
