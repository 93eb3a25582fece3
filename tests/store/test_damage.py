"""Damaged rows are reported once, whoever reads them."""

from sqlalchemy import update
from structlog.testing import capture_logs

from bot.domain.rules import Rules
from bot.store import rules, tables
from bot.store.database import Database


async def test_reported_once(database: Database) -> None:
    """A damaged row is reported once per opening of its database, by its first reader."""
    async with database.write() as connection:
        await rules.save(connection, 3, Rules(), Rules(prefix="?"))
        await connection.execute(update(tables.rules).values(plan="3x("))
    again = Database(database.engine.url.render_as_string(hide_password=False))
    with capture_logs() as log:
        for opened in (database, again):
            for _ in range(2):
                async with opened.read() as connection:
                    await rules.of(connection, 3)
                async with opened.read(snapshot=True) as connection:
                    await rules.of(connection, 3)
                async with opened.write() as connection:
                    await rules.of(connection, 3)
    await again.close()
    damaged = {"event": "row_damaged", "log_level": "error", "table": "rules", "row": "3", "column": "plan"}
    assert log == [damaged] * 2
