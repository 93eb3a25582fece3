import io
import os
import signal
from collections.abc import Callable

import pytest

from bot.operating.copy_database import ProgressBar
from bot.store.database import Database
from bot.store.schema import migrate
from tests.botprocess import Process
from tests.store.rows import fill


@pytest.fixture
async def source(new_database: Callable[[str], str]) -> tuple[str, int]:
    """The URL of a database with some thousand rows in it, and how many."""
    url = new_database("sqlite")
    database = Database(url)
    await migrate(database)
    rows = await fill(database, 4_000)
    await database.close()
    return url, rows


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_killed_and_done_again(
    process: Process, source: tuple[str, int], kind: str, new_database: Callable[[str], str]
) -> None:
    """Killed in the middle it has copied nothing; repeated, it copies everything; a third run is refused."""
    (url, rows), target = source, new_database(kind)
    await process.start("copy-database", url, target)
    await process.says("copying timers")
    process.signal(signal.SIGKILL)
    assert (await process.ended())[0] == -signal.SIGKILL
    code, out, err = await process.run("copy-database", url, target)
    assert (code, f"{rows:,}  rows in total, counted in both." in out) == (0, True), err
    assert "DATABASE_URL" in out.splitlines()[-1]
    code, _, err = await process.run("copy-database", url, target)
    assert (code, err.count("\n")) == (1, 1)
    assert "Nothing was copied. The database to copy into holds data already" in err


@pytest.mark.parametrize(
    ("addresses", "code", "message"),
    [
        (("mysql://h/d", "sqlite:///b.db"), 2, "FROM cannot be used: mysql is not supported"),
        (("sqlite:///a.db", "b.db"), 2, "TO cannot be used: it must look like sqlite:///"),
        (("sqlite:///a.db", "sqlite:///a.db"), 2, "FROM and TO are the same database"),
        (("sqlite:///a.db", "sqlite:///b.db"), 1, "Nothing was copied. There is no database of the bot's"),
        (
            ("postgresql://me:very-secret@127.0.0.1:1/x", "sqlite:///b.db"),
            1,
            "Nothing was copied. A database cannot be used",
        ),
    ],
)
async def test_wrong_addresses(process: Process, addresses: tuple[str, str], code: int, message: str) -> None:
    """What cannot be copied is reported in one line, without a password, and no file is made."""
    ended, _, err = await process.run("copy-database", *addresses)
    assert (ended, err.count("\n")) == (code, 1), err
    assert message in err
    assert "very-secret" not in err
    assert list(process.folder.iterdir()) == []


def test_bar() -> None:
    """At a terminal the progress is one line that is overwritten; elsewhere a line for each table."""
    reader, terminal = os.openpty()
    output = ""
    with os.fdopen(terminal, "w") as out:
        bar = ProgressBar(out)
        for done in (1, 50, 100):
            bar.update("timers", done, 100)
            output += os.read(reader, 4_096).decode()
        bar.end()
        out.flush()
        output += os.read(reader, 4_096).decode()
    os.close(reader)
    assert output.count("\r\x1b[K") == 3
    assert output.count("\n") == 1
    assert "█░" in output
    assert "50 %  50 of 100 rows  timers" in output
    plain = io.StringIO()
    bar = ProgressBar(plain)
    for table, done in (("timers", 1), ("timers", 2), ("outbox", 3)):
        bar.update(table, done, 3)
    bar.end()
    assert plain.getvalue() == "copying timers: 1 of 3 rows\ncopying outbox: 3 of 3 rows\n"
