"""The doctor, on the local Discord: each of its lines well, and not well with the way to mend it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.check_up import Finding
from bot.engine.clock import SystemClock
from bot.operating.doctor import examine
from bot.operating.machine import Machine
from bot.playground.local import LocalDiscord
from bot.settings import Settings
from tests.botprocess import Process
from tests.clock import ManualClock


async def examined(bot: Process, *arguments: str, code: int) -> dict[str, str]:
    """Let the doctor look; give its lines by what they are about. It never prints the token."""
    ended, out, err = await bot.run("doctor", *arguments)
    assert (ended, err) == (code, "")
    assert bot.environment["DISCORD_TOKEN"] not in out
    return {line.split()[1]: line for line in out.splitlines()}


async def test_all_is_well(bot: Process, discord: LocalDiscord) -> None:
    """Where all is well there is a tick at each line, and the exit code is 0."""
    assert (await bot.run("migrate"))[0] == 0
    lines = await examined(bot, "--channel", discord.channel("general").id, code=0)
    assert list(lines) == [
        "settings", "database", "files", "threads", "token", "intents", "channel", "clock",
    ]  # fmt: skip
    assert all(line.startswith("✓ ") for line in lines.values())


async def test_settings(bot: Process) -> None:
    """Wrong settings are all in one line, by their names."""
    bot.environment |= {"LOG_LEVEL": "loud", "MAX_COUNTDOWN_THREADS": "0"}
    lines = await examined(bot, code=1)
    assert list(lines) == ["settings"]
    assert lines["settings"].startswith("✗ settings  MAX_COUNTDOWN_THREADS: ")
    assert "LOG_LEVEL: " in lines["settings"]


async def test_database(bot: Process) -> None:
    """A database that is new, old, too new or gone is told apart, and none is made by looking."""
    file = bot.folder / "pomodoro.db"
    assert "nothing in it yet: python -m bot migrate" in (await examined(bot, code=1))["database"]
    assert not file.exists()
    assert (await bot.run("migrate"))[0] == 0
    for version, said in (("0001", "at migration 0001 of "), ("9999", ": finish the upgrade")):
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.close()
        line = (await examined(bot, code=1))["database"]
        assert line.startswith("✗ ")
        assert said in line
    bot.environment["DATABASE_URL"] = "postgresql://me:very-secret@127.0.0.1:1/x"
    line = (await examined(bot, code=1))["database"]
    assert line.startswith("✗ database  it cannot be used")
    assert "very-secret" not in line


async def test_token(bot: Process) -> None:
    """Without a token it says so; one that Discord does not know is to be copied anew."""
    bot.environment["DISCORD_TOKEN"] = "very-secret"
    lines = await examined(bot, code=1)
    assert lines["token"].startswith("✗ token     Discord does not know DISCORD_TOKEN: copy it anew")
    assert lines["clock"].startswith("✓ ")
    bot.environment["DISCORD_TOKEN"] = " "
    _, out, _ = await bot.run("doctor")
    assert "✗ token     DISCORD_TOKEN is not set" in out


async def test_unreachable(bot: Process) -> None:
    """Where Discord cannot be reached, the line says under which address."""
    bot.environment["DISCORD_API_URL"] = "http://127.0.0.1:1/api/v10"
    assert "✗ Discord   no use is to be had of http://127.0.0.1:1" in (await examined(bot, code=1))["Discord"]


async def test_intents(bot: Process, discord: LocalDiscord) -> None:
    """Where Message Content is off in the portal it is to be switched on, or to be done without."""
    discord.faults.message_content = False
    assert "✗ intents   Message Content is off: switch it on" in (await examined(bot, code=1))["intents"]
    bot.environment["MESSAGE_CONTENT"] = "false"
    assert (await examined(bot, code=1))["intents"] == "✓ intents   none is needed, as MESSAGE_CONTENT=false"


async def test_channel(bot: Process, discord: LocalDiscord) -> None:
    """A channel that is not there, or not to be seen, or where something is not allowed, is told apart."""
    general = discord.channel("general")
    assert (await bot.run("migrate"))[0] == 0
    assert "there is no 5: copy the id" in (await examined(bot, "--channel", "5", code=1))["channel"]
    discord.deny(general, "SEND_MESSAGES", "READ_MESSAGE_HISTORY")
    line = (await examined(bot, "--channel", general.id, code=1))["channel"]
    assert line.startswith("✗ channel   the bot lacks Send Messages, Read Message History there")
    discord.deny(general, "VIEW_CHANNEL")
    line = (await examined(bot, "--channel", general.id, code=1))["channel"]
    assert line.startswith(f"✗ channel   the bot cannot see {general.id}")


async def test_files(bot: Process) -> None:
    """Where the process may open too few files, the limit is to be raised."""
    await bot.start("doctor", under=("prlimit", "--nofile=64:64"))
    code, out, _ = await bot.ended()
    assert code == 1
    assert "✗ files     only 64 may be open: raise it to 256 or more" in out


@pytest.fixture
def loaded(bot: Process) -> Settings:
    of_discord = {
        name: bot.environment[name.upper()] for name in ("discord_token", "discord_api_url", "database_url")
    }
    return Settings.model_validate(of_discord)


def told(findings: list[Finding], about: str) -> Finding:
    return next(found for found in findings if found.about == about)


async def test_threads(loaded: Settings, tmp_path: Path) -> None:
    """Where fewer threads are allowed than countdowns may hold, the number that fits is named."""
    group = tmp_path / "sys/fs/cgroup"
    for folder in (group, tmp_path / "proc/self"):
        folder.mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("0::/\n")
    (group / "pids.max").write_text("256\n")
    (group / "pids.current").write_text("56\n")
    line = told(await examine(loaded, None, SystemClock(), Machine(tmp_path)), "threads")
    assert not line.is_well
    assert "200 more may be started, 240 are wanted: set MAX_COUNTDOWN_THREADS=160" in line.said
    fewer = loaded.model_copy(update={"max_countdown_threads": 160})
    assert told(await examine(fewer, None, SystemClock(), Machine(tmp_path)), "threads").is_well


@pytest.mark.parametrize(("seconds", "side"), [(7_200, "ahead of"), (-7_200, "behind")])
async def test_clock(loaded: Settings, seconds: float, side: str) -> None:
    """A clock that is wrong is told how far, and to which side."""
    wrong = ManualClock(datetime.now(UTC) + timedelta(seconds=seconds))
    line = told(await examine(loaded, None, wrong, Machine()), "clock")
    assert not line.is_well
    told_seconds, _, rest = line.said.partition(" s ")
    assert abs(int(told_seconds.replace(",", "")) - 7_200) < 60
    assert rest.startswith(f"{side} Discord's: set it by NTP")
