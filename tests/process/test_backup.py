"""Backups as described for operators: taken while the bot runs, and restored."""

import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.botprocess import Process
from tests.reading import says


def by_shell(database: Path, copy: Path) -> None:
    subprocess.run(["sqlite3", database, f".backup {copy}"], check=True)


def by_statement(database: Path, copy: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()


@pytest.mark.parametrize("take", [by_shell, by_statement])
async def test_backup(bot: Process, discord: LocalDiscord, take: Callable[[Path, Path], None]) -> None:
    """A bot started from a backup of a running one announces the timers that are over, and continues the rest."""
    if take is by_shell and not shutil.which("sqlite3"):
        pytest.skip("sqlite3, the program, is not here")
    ann, general = discord.person("ann"), discord.channel("general")
    await bot.start()
    await discord.wait_connected()
    for name, seconds in (("tea", 4), ("eggs", 3_600)):
        request = await ann.say(general, f"!pomodoro {name} {seconds}")
        await discord.wait_for(says(name), channel=general, after=request)
    database, copy = bot.folder / "pomodoro.db", bot.folder / "backup.db"
    take(database, copy)
    bot.signal(signal.SIGKILL)
    await bot.ended()
    for gone in bot.folder.glob("pomodoro.db*"):
        gone.unlink()
    copy.rename(database)
    await bot.start()
    await discord.wait_for(says("POMODORO! tea"), channel=general, timeout=30)
    request = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("eggs"), channel=general, after=request)
    assert sum("POMODORO! tea" in text_of(message) for message in discord.messages(general)) == 1
