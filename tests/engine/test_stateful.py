import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import structlog
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from bot.store.database import Database
from bot.store.schema import migrate
from tests.engine.base import Base, look_into
from tests.engine.machine import Machine


async def migrated(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


def check(empty: Callable[[], Base], share: float) -> None:
    """Run the machine for this share of the examples that the profile asks for."""
    wanted = settings(max_examples=round(settings().max_examples * share), stateful_step_count=30)
    machine: Any = lambda: Machine(empty)  # noqa: E731 - Hypothesis calls it for each example
    with structlog.testing.capture_logs():
        run_state_machine_as_test(machine, settings=wanted)


def test_on_sqlite(tmp_path: Path) -> None:
    """Nothing is lost, and nothing said twice, early or after a cancel, whatever happens in whatever order."""
    template, path = tmp_path / "empty.db", tmp_path / "test.db"
    asyncio.run(migrated(f"sqlite:///{template}"))

    def empty() -> Base:
        for left in tmp_path.glob("test.db*"):
            left.unlink()
        shutil.copy(template, path)
        return Base(f"sqlite:///{path}", look_into(f"sqlite:///{path}"))

    check(empty, share=0.45)


def test_on_postgresql(postgres: str) -> None:
    """The same holds on PostgreSQL."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE stateful")
    url = postgres.replace("/postgres?", "/stateful?")
    asyncio.run(migrated(url))

    def empty() -> Base:
        eye = look_into(url)
        eye.execute(text("TRUNCATE timers, outbox CASCADE"))
        return Base(url, eye)

    check(empty, share=0.15)
