import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from tests.engine.base import Base, look_into
from tests.engine.machine import Machine
from tests.engine.reminder_machine import ReminderMachine
from tests.engine.turmoil import Turmoil


def check(machine: type[Turmoil], empty: Callable[[], Base], share: float) -> None:
    """Run a machine for this share of the examples that the profile asks for."""
    wanted = settings(max_examples=round(settings().max_examples * share), stateful_step_count=30)
    made: Any = lambda: machine(empty)  # noqa: E731 - Hypothesis calls it for each example
    with structlog.testing.capture_logs():
        run_state_machine_as_test(made, settings=wanted)


@pytest.fixture
def empty_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], Base]:
    """A factory of empty, migrated SQLite databases, each replacing the last."""
    path = tmp_path / "test.db"

    def empty() -> Base:
        for left in tmp_path.glob("test.db*"):
            left.unlink()
        shutil.copy(sqlite_template, path)
        return Base(f"sqlite:///{path}", look_into(f"sqlite:///{path}"))

    return empty


@pytest.fixture
def empty_postgresql(postgres_url: str) -> Callable[[], Base]:
    """Empties a migrated PostgreSQL database."""

    def empty() -> Base:
        eye = look_into(postgres_url)
        eye.execute(text("TRUNCATE timers, outbox, focus_log CASCADE"))
        return Base(postgres_url, eye)

    return empty


def test_on_sqlite(empty_sqlite: Callable[[], Base]) -> None:
    """Nothing is lost, and nothing announced twice, early or after a cancel, whatever happens in whatever order."""
    check(Machine, empty_sqlite, share=0.45)


def test_on_postgresql(empty_postgresql: Callable[[], Base]) -> None:
    """The same holds on PostgreSQL."""
    check(Machine, empty_postgresql, share=0.15)


def test_reminders_on_sqlite(empty_sqlite: Callable[[], Base]) -> None:
    """No time of a reminder is lost, announced twice, early, in a pause or after a cancel, whatever happens."""
    check(ReminderMachine, empty_sqlite, share=0.3)


def test_reminders_on_postgresql(empty_postgresql: Callable[[], Base]) -> None:
    """The same holds for reminders on PostgreSQL."""
    check(ReminderMachine, empty_postgresql, share=0.1)
