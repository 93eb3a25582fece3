"""Several processes migrate one database at once, as in a deploy."""

import asyncio
import sys
from multiprocessing.synchronize import Barrier
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.store.database import Database
from bot.store.schema import migrate
from bot.store.tables import metadata
from tests.forkserver import CONTEXT

# Forked from one that has imported the bot, so that they set out at the same moment; Alembic is one a process.
PROCESSES = 8


def bring_up_to_date(url: str, together: Barrier) -> None:
    async def run() -> None:
        database = Database(url)
        together.wait(30)
        await migrate(database)
        await database.close()

    asyncio.run(run())
    sys.exit(0)


async def test_eight_at_once(empty_url: str) -> None:
    """Eight that migrate an empty database at the same moment all succeed, and it is migrated once."""
    together = CONTEXT.Barrier(PROCESSES)
    started = [CONTEXT.Process(target=bring_up_to_date, args=(empty_url, together)) for _ in range(PROCESSES)]
    for process in started:
        process.start()
    for process in started:
        await asyncio.to_thread(process.join, 60)
    assert [process.exitcode for process in started] == [0] * PROCESSES

    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    database = Database(empty_url)
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()
