"""The doctor, on the local Discord: each of its lines when all is well, and with the fix when it is not."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.chat.runtime.check_up import Finding
from bot.domain.stats.log import Entry, EntryOutcome
from bot.engine.clock import Clock
from bot.localdiscord import failures
from bot.localdiscord.alteration import replaced
from bot.localdiscord.intents import MEMBERS_FLAG, application_flags
from bot.localdiscord.local import LocalDiscord
from bot.operating.doctor import doctor, examine
from bot.operating.machine import Machine
from bot.settings import Settings
from bot.store import focus_log
from bot.store.database import Database
from tests.botprocess import Process
from tests.clock import ManualClock

Look = Callable[..., Awaitable[dict[str, str]]]


@pytest.fixture
def look(bot: Process, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Look:
    """Runs the doctor and returns its lines by subject; the token is in none."""
    monkeypatch.chdir(bot.folder)

    async def examined(channel: str | None = None, *, code: int) -> dict[str, str]:
        with patch.dict(os.environ, bot.environment, clear=True):
            ended = await asyncio.to_thread(doctor, int(channel) if channel else None)
        out, err = capsys.readouterr()
        assert (ended, err) == (code, "")
        assert not (token := bot.environment["DISCORD_TOKEN"].strip()) or token not in out
        return {line.split()[1]: line for line in out.splitlines()}

    return examined


@pytest.fixture
def migrated(bot: Process, sqlite_template: Path) -> Path:
    """The bot's database, brought up to date."""
    return Path(shutil.copy(sqlite_template, bot.folder / "pomodoro.db"))


async def test_all_is_well(bot: Process, discord: LocalDiscord) -> None:
    """If all is well every line has a tick, and the exit code is 0."""
    assert (await bot.run("migrate"))[0] == 0
    code, out, err = await bot.run("doctor", "--channel", discord.channel("general").id)
    assert (code, err) == (0, "")
    lines = {line.split()[1]: line for line in out.splitlines()}
    assert list(lines) == [
        "settings", "database", "files", "threads", "token", "intents", "channel", "clock",
    ]  # fmt: skip
    assert all(line.startswith("✓ ") for line in lines.values())


async def test_settings(bot: Process, look: Look) -> None:
    """Wrong settings are all in one line, by their names."""
    bot.environment |= {"LOG_LEVEL": "loud", "MAX_COUNTDOWN_THREADS": "0"}
    lines = await look(code=1)
    assert list(lines) == ["settings"]
    assert lines["settings"].startswith("✗ settings  MAX_COUNTDOWN_THREADS: ")
    assert "LOG_LEVEL: " in lines["settings"]


async def test_database(bot: Process, look: Look, sqlite_template: Path) -> None:
    """A database that is new, old, too new or gone is recognised, and none is created by looking."""
    file = bot.folder / "pomodoro.db"
    assert "it is empty: python -m bot migrate" in (await look(code=1))["database"]
    assert not file.exists()
    shutil.copy(sqlite_template, file)
    for version, message in (("0001", "at migration 0001 of "), ("9999", ": finish the upgrade")):
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.close()
        line = (await look(code=1))["database"]
        assert line.startswith("✗ ")
        assert message in line
    bot.environment["DATABASE_URL"] = "postgresql://me:very-secret@127.0.0.1:1/x"
    line = (await look(code=1))["database"]
    assert line.startswith("✗ database  it cannot be used")
    assert "very-secret" not in line


async def test_sums(bot: Process, look: Look, migrated: Path) -> None:
    """An entry with wrong sums is named, and correct after a recount."""
    database = Database(f"sqlite:///{migrated}")
    began = datetime(2026, 3, 1, 12, tzinfo=UTC)
    length = timedelta(minutes=30)
    entries = [
        Entry(7, 3, 30, number, None, began, began + length, length, None, EntryOutcome.FINISHED)
        for number in range(3)
    ]
    async with database.write() as connection:
        await focus_log.add(connection, entries)
    await database.close()
    assert "sums" not in await look(code=0)
    with contextlib.closing(sqlite3.connect(migrated)) as behind, behind:
        behind.execute("UPDATE focus_slices SET seconds = 450 WHERE entry_id = 3")
    assert (await look(code=1))["sums"] == ("✗ sums      1 entries have wrong sums: #3: python -m bot recount")
    assert await bot.run("recount") == (0, "Recounted the focus of 1 people.\n", "")
    assert "sums" not in await look(code=0)
    with contextlib.closing(sqlite3.connect(migrated)) as behind:
        assert behind.execute("SELECT sum(seconds) FROM focus_slices").fetchone() == (1800,)


async def test_token(bot: Process, look: Look) -> None:
    """A missing token is reported; one that Discord does not know has to be copied again."""
    bot.environment["DISCORD_TOKEN"] = "very-secret"
    lines = await look(code=1)
    assert lines["token"].startswith("✗ token     Discord rejects DISCORD_TOKEN: copy it again")
    assert lines["clock"].startswith("✓ ")
    bot.environment["DISCORD_TOKEN"] = " "
    assert (await look(code=1))["token"].startswith("✗ token     DISCORD_TOKEN is not set")


async def test_unreachable(bot: Process, look: Look) -> None:
    """If Discord cannot be reached, the line has its address."""
    bot.environment["DISCORD_API_URL"] = "http://127.0.0.1:1/api/v10"
    assert "✗ Discord   http://127.0.0.1:1/api/v10 cannot be used" in (await look(code=1))["Discord"]


async def test_intents(bot: Process, look: Look, discord: LocalDiscord) -> None:
    """If Message Content is off in the portal, it has to be switched on, or done without."""
    discord.faults.message_content = False
    assert "✗ intents   Message Content is off: turn it on" in (await look(code=1))["intents"]
    bot.environment["MESSAGE_CONTENT"] = "false"
    assert (await look(code=1))["intents"] == "✓ intents   none is needed, as MESSAGE_CONTENT=false"


async def test_members_intent(bot: Process, look: Look, discord: LocalDiscord) -> None:
    """If the bot should have the Server Members intent and it is off in the portal, it has to be switched on."""
    bot.environment["MEMBERS_INTENT"] = "true"
    assert "✓" in (await look(code=1))["intents"]
    flags = application_flags(message_content=True) & ~MEMBERS_FLAG
    discord.faults.fail(failures.altered(replaced("flags", flags)), only="GET /oauth2/applications/@me")
    assert "✗ intents   Server Members is off: turn it on" in (await look(code=1))["intents"]


@pytest.mark.usefixtures("migrated")
async def test_channel(look: Look, discord: LocalDiscord) -> None:
    """It distinguishes a channel that is gone, one that is hidden, and one with a missing permission."""
    general = discord.channel("general")
    assert "5 does not exist: copy the id" in (await look("5", code=1))["channel"]
    discord.deny(general, "SEND_MESSAGES", "READ_MESSAGE_HISTORY")
    line = (await look(general.id, code=1))["channel"]
    assert line.startswith("✗ channel   the bot lacks Send Messages, Read Message History there")
    discord.deny(general, "VIEW_CHANNEL")
    line = (await look(general.id, code=1))["channel"]
    assert line.startswith(f"✗ channel   the bot cannot see {general.id}")


async def test_files(bot: Process) -> None:
    """If the process may open too few files, the limit has to be raised."""
    await bot.start("doctor", under=("prlimit", "--nofile=64:64"))
    code, out, _ = await bot.ended()
    assert code == 1
    assert "✗ files     only 64 can be open: raise it to 256 or more" in out


@pytest.fixture
def loaded(bot: Process) -> Settings:
    of_discord = {
        name: bot.environment[name.upper()] for name in ("discord_token", "discord_api_url", "database_url")
    }
    return Settings.model_validate(of_discord)


def finding_about(findings: list[Finding], about: str) -> Finding:
    return next(finding for finding in findings if finding.about == about)


async def test_damaged_rows(look: Look, migrated: Path) -> None:
    """A row that cannot be read is named by its table, key and column, without its contents."""
    with sqlite3.connect(migrated) as database:
        database.execute("INSERT INTO rules (guild_id, channels) VALUES (77, '<#12>')")
        database.execute("INSERT INTO presets (owner_id, name, plan) VALUES (7, 'my secret', 'whatever')")
    database.close()
    line = (await look(code=1))["rows"]
    assert line.startswith("✗ rows      2 cannot be read: ")
    assert "rules 77 (channels)" in line and "presets 7/? (plan)" in line
    assert "secret" not in line


async def test_threads(loaded: Settings, tmp_path: Path) -> None:
    """If fewer threads are allowed than countdowns may hold, the number that fits is named."""
    group = tmp_path / "sys/fs/cgroup"
    for folder in (group, tmp_path / "proc/self"):
        folder.mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("0::/\n")
    (group / "pids.max").write_text("256\n")
    (group / "pids.current").write_text("56\n")
    line = finding_about(await examine(loaded, None, Clock(), Machine(tmp_path)), "threads")
    assert not line.is_well
    assert "200 more can be started, 240 are needed: set MAX_COUNTDOWN_THREADS=160" in line.text
    fewer = loaded.model_copy(update={"max_countdown_threads": 160})
    assert finding_about(await examine(fewer, None, Clock(), Machine(tmp_path)), "threads").is_well


@pytest.mark.parametrize(("seconds", "side"), [(7_200, "ahead of"), (-7_200, "behind")])
async def test_clock(loaded: Settings, seconds: float, side: str) -> None:
    """A wrong clock is reported, with how far it is ahead or behind."""
    wrong = ManualClock(datetime.now(UTC) + timedelta(seconds=seconds))
    line = finding_about(await examine(loaded, None, wrong, Machine()), "clock")
    assert not line.is_well
    told_seconds, _, rest = line.text.partition(" s ")
    assert abs(int(told_seconds.replace(",", "")) - 7_200) < 60
    assert rest.startswith(f"{side} Discord's: set it by NTP")
