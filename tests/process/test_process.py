import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.store import schema
from tests.botprocess import Process
from tests.reading import says
from tests.store.test_persons import until_one_waits


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    """A whole start, for the command line is what these tests are about."""
    started = Process(tmp_path)
    yield started
    await started.clear()


async def test_without_a_token(process: Process) -> None:
    """Without a token it says in three lines where to get one and that the playground needs none."""
    code, out, err = await process.run()
    assert (code, out, len(err.splitlines())) == (2, "", 3)
    assert "python -m bot playground" in err


async def test_wrong_settings(process: Process) -> None:
    """All wrong settings are reported together, and the token is not shown."""
    (process.folder / ".env").write_text("DISCORD_TOKEN=very-secret\nMAX_COUNTDOWN_THREADS=many\nLOG_LEVEL=loud\n")
    code, _, err = await process.run()
    assert code == 2
    assert "MAX_COUNTDOWN_THREADS" in err
    assert "LOG_LEVEL" in err
    assert "very-secret" not in err
    assert "Traceback" not in err


async def test_wrong_token(bot: Process) -> None:
    """A token that Discord does not know ends the bot with one clear line, and is not printed."""
    bot.environment["DISCORD_TOKEN"] = "very-secret"
    code, _, err = await bot.run()
    assert code == 1
    assert "rejects this DISCORD_TOKEN" in err
    assert "very-secret" not in err
    assert "Traceback" not in err


async def test_intent_switched_off(bot: Process, discord: LocalDiscord) -> None:
    """Where the Message Content intent is off in the portal, it ends with one line that says what to switch on."""
    discord.faults.message_content = False
    code, _, err = await bot.run()
    assert code == 1
    assert "switch Message Content on" in err.splitlines()[-1]
    assert "Traceback" not in err


async def test_no_such_database(bot: Process) -> None:
    """A database that cannot be opened ends it with one clear line."""
    bot.environment["DATABASE_URL"] = "sqlite:////no/such/folder/x.db"
    for arguments in ((), ("migrate",)):
        code, _, err = await bot.run(*arguments)
        assert code == 1
        assert "The database cannot be used" in err
        assert "Traceback" not in err


async def test_migrate(bot: Process) -> None:
    """The release step makes the database, and does nothing the second time."""
    for _ in range(2):
        code, out, _ = await bot.run("migrate")
        assert (code, out) == (0, "The database is up to date.\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_clean_stop(bot: Process, discord: LocalDiscord, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end it with exit code 0, even twice; its log holds no token, name or text."""
    await bot.start()
    await discord.wait_connected()
    request = await discord.person("ann").say(discord.channel("general"), "!pomodoro very-secret 1h")
    await discord.wait_for(says("very-secret"), channel=discord.channel("general"), after=request)
    bot.signal(number)
    bot.signal(number)
    code, out, err = await bot.ended()
    assert (code, out) == (0, "")
    events = [json.loads(line)["event"] for line in err.splitlines()]
    ending = ["stopping", "stopped", "shards_left"]
    assert [event for event in events if event in ending] == ending
    assert "timer_started" in events
    assert "very-secret" not in err
    assert discord.token not in err
    assert "Ann" not in err


async def test_stopped_while_another_migrates(bot: Process, postgres_url: str) -> None:
    """SIGTERM ends it while it waits for another process's migration, however long that takes."""
    bot.environment["DATABASE_URL"] = postgres_url
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [schema._LOCK])
        await bot.start()
        await asyncio.to_thread(until_one_waits, postgres_url)
        bot.signal(signal.SIGTERM)
        code, _, err = await bot.ended()
    assert (code, err) == (0, "")


async def test_killed(bot: Process, discord: LocalDiscord) -> None:
    """After kill -9, with timers running and one that came due meanwhile, each is announced exactly once."""
    ann, general = discord.person("ann"), discord.channel("general")
    await bot.start()
    await discord.wait_connected()
    for name, seconds in (("one", 30), ("two", 90)):
        request = await ann.say(general, f"!pomodoro {name} {seconds}")
        await discord.wait_for(says(name), channel=general, after=request)
    bot.signal(signal.SIGKILL)
    assert (await bot.ended())[0] == -signal.SIGKILL
    with sqlite3.connect(
        bot.folder / "pomodoro.db"
    ) as database:  # a minute and a half passes: two has a second left
        database.execute("UPDATE timers SET due_at = due_at - 89000")
    database.close()
    await bot.start()
    await discord.wait_for(says("POMODORO! one", "ago, while I was offline"), channel=general)
    await discord.wait_for(says("POMODORO! two"), channel=general)
    request = await ann.say(general, "!pomodoro list")
    await discord.wait_for(says("No timers running here"), channel=general, after=request)
    texts = [text_of(message) for message in discord.messages(general)]
    assert [sum(f"POMODORO! {name}" in text for text in texts) for name in ("one", "two")] == [1, 1]
