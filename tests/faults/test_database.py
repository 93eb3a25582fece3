"""Database failures while timers run: locked by another process, refusing writes, full, read-only."""

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.localdiscord.exchange import Exchange
from bot.localdiscord.local import LocalDiscord
from tests.botprocess import Process
from tests.faults.conftest import settings, stop
from tests.reading import rows, says

PENDING = "SELECT id FROM outbox WHERE kind = 'announcement' AND state = 'pending'"
NOT_SAVED = "couldn't save that, so nothing's changed"


async def started(discord: LocalDiscord, name: str, length: str) -> None:
    request = await discord.person("ann").say(discord.channel("general"), f"!pomodoro {name} {length}")
    await discord.wait_for(says(name, "Ends"), channel=discord.channel("general"), after=request, timeout=30)


async def goes_on(discord: LocalDiscord, bot: Process, in_trouble: contextlib.AbstractContextManager[None]) -> None:
    """Check the bot's promise during a database failure: timers `soon` and `later` are running already."""
    general = discord.channel("general")
    since = bot.lines
    with in_trouble:
        request = await discord.person("ann").say(general, "!pomodoro never 1")
        await discord.wait_for(says(NOT_SAVED), channel=general, after=request, timeout=30)
        await bot.says("finish_failed", since)  # one was due meanwhile
        assert not count_posts(discord, "POMODORO! soon")
    await discord.wait_for(says("POMODORO! soon"), channel=general, timeout=60)
    await started(discord, "after", "1s")
    await discord.wait_for(says("POMODORO! after"), channel=general, timeout=60)
    await discord.wait_for(says("POMODORO! later"), channel=general, timeout=60)
    counts = [count_posts(discord, f"POMODORO! {name}") for name in ("soon", "later", "after", "never")]
    assert counts == [1, 1, 1, 0]


def count_posts(discord: LocalDiscord, words: str) -> int:
    return sum(bool(says(words)(message)) for message in discord.messages(discord.channel("general")))


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextlib.contextmanager
def taking_no_writes(pid: int) -> Iterator[None]:
    """Make all file writes of the process fail, as a broken disk does; sockets and pipes are not affected."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(512))
    assert shutil.disk_usage(folder).free == 0
    yield
    ballast.unlink()


@pytest.fixture
async def running(discord: LocalDiscord, bot: Process) -> AsyncIterator[Process]:
    await bot.start()
    await discord.wait_connected(timeout=30)
    yield bot
    bot.signal(signal.SIGTERM)
    code, _, log = await bot.ended()
    assert code == 0, log


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(mounted)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system; test_no_more_writes is what anyone can run")
    yield mounted
    subprocess.run(["umount", str(mounted)], check=True)


async def test_locked(discord: LocalDiscord, running: Process, database: Path) -> None:
    """While another process holds the lock, commands are refused and due timers wait; nothing is lost."""
    await started(discord, "soon", "2s")
    await started(discord, "later", "6s")
    await goes_on(discord, running, locked(database))


async def test_locked_between_sending_and_recording(discord: LocalDiscord, bot: Process, database: Path) -> None:
    """Killed after an announcement that could not be recorded, it makes no second one."""
    trouble = contextlib.ExitStack()

    def lock(exchange: Exchange) -> None:
        if exchange.method == "POST" and "POMODORO!" in (exchange.request or {}).get("content", ""):
            discord.on_exchange.remove(lock)
            trouble.enter_context(locked(database))

    await bot.start()
    await discord.wait_connected(timeout=30)
    await started(discord, "tea", "2s")
    discord.on_exchange.append(lock)
    with trouble:
        await bot.says("record_retried")
        bot.signal(signal.SIGKILL)
        await bot.ended()
    discord.gateway.sessions.clear()
    assert rows(database, PENDING)
    await bot.start()
    await discord.wait_connected(timeout=30)
    await started(discord, "after", "1s")
    await discord.wait_for(says("POMODORO! after"), timeout=30)
    await stop(bot)
    assert not rows(database, PENDING)
    assert count_posts(discord, "POMODORO! tea") == 1


async def test_no_more_writes(discord: LocalDiscord, running: Process) -> None:
    """While every write fails, commands are refused and due timers wait; nothing is lost."""
    await started(discord, "soon", "2s")
    await started(discord, "later", "6s")
    await goes_on(discord, running, taking_no_writes(running.pid))


async def test_disk_full(discord: LocalDiscord, small_disk: Path, bot: Process) -> None:
    """While the disk is full, commands are refused and due timers wait; nothing is lost."""
    bot.environment |= settings(discord, small_disk / "pomodoro.db")
    await bot.start()
    await discord.wait_connected(timeout=30)
    await started(discord, "soon", "2s")
    await started(discord, "later", "6s")
    await goes_on(discord, bot, full(small_disk))
    bot.signal(signal.SIGTERM)
    assert (await bot.ended())[0] == 0


async def test_read_only(discord: LocalDiscord, bot: Process, database: Path) -> None:
    """With a read-only database it exits with one clear line; timers due meanwhile are announced later."""
    await bot.start()
    await discord.wait_connected(timeout=30)
    await started(discord, "tea", "1s")
    bot.signal(signal.SIGKILL)
    await bot.ended()
    rows(database, "SELECT 1 FROM timers")  # the last to close it folds the log into the file
    with _read_only(database), _read_only(bot.folder):
        await bot.start(under=_as_anyone())
        code, _, err = await bot.ended()
    assert code == 1
    assert "The database cannot be used" in err.splitlines()[-1]
    assert "Traceback" not in err
    await bot.start()
    await discord.wait_for(says("POMODORO! tea"), timeout=30)
    await stop(bot)
    assert count_posts(discord, "POMODORO! tea") == 1


@contextlib.contextmanager
def _read_only(path: Path) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(before & ~0o222)
    try:
        yield
    finally:
        path.chmod(before)


def _as_anyone() -> list[str]:
    """Return a command prefix that drops root's power to write to any file; empty for other users."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write to any file, and there is no setpriv here to keep it from that")
    return ["setpriv", "--bounding-set=-dac_override"]
