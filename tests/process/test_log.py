"""The log of a bot with a lot of input and many failures."""

import asyncio
import json
import logging
import re
import signal
import sqlite3
import sys

import pytest

from bot import logs
from bot.localdiscord.local import LocalDiscord
from tests.botprocess import ROOT, Process
from tests.chat.conftest import GivenSettings
from tests.reading import answers

# What people type anywhere; none of it may be in the log, at any level.
SECRET = "s3cr3t"
TYPED = (
    "!pomodoro {0} 30", "!pomodoro list {0}", "!pomodoro time {0}", "!pomodoro extend {0} 5m",
    "!pomodoro pause {0}",
    "!pomodoro resume {0}", "!pomodoro cancel {0} {0}", "!pomodoro cancel {0}", "!pomodoro {0} 99999h",
    '!pomodoro "{0}', "!pomodoro {0}",
    "!focus 3x(40m {0}, 8m break)", "!focus {0}", "!focus save {0} 2x(5m focus, 1m break)", "!focus {0}",
    "!focus join {0}", "!focus task {0}", "!focus presets", "!focus forget {0}", "!focus stop",
    "!remind 3h {0}", "!remind {0}", "!remind 2s {0}", "!remind every weekday 9:00 {0}", "!remind timezone {0}",
    "!remind edit {0} tomorrow", "!remind cancel {0}", "!remind list",
    "!stats {0}", "!privacy {0}",
)  # fmt: skip
SEND = "POST /channels/{channel_id}/messages"


def test_without_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was started without a standard error runs all the same, without a log."""
    monkeypatch.setattr(sys, "stderr", None)
    logs.set_up(GivenSettings())
    logging.getLogger("bot").warning("said to nobody")


@pytest.mark.parametrize("style", ["json", "text"])
async def test_no_secrets(bot: Process, discord: LocalDiscord, style: str) -> None:
    """At every level and in either format, the log contains no token, name, task or text."""
    bot.environment |= {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": style, "COMMANDS_PER_10S": "0"}
    discord.limits.enabled = False
    ann, general = discord.person("ann"), discord.channel("general")
    await bot.start()
    await discord.wait_connected()

    async def send(*commands: str) -> None:
        """Type these, and wait for each answer: with too many unanswered commands one is ignored for a while."""
        request = [await ann.say(general, command) for command in commands or ["!pomodoro help"]]
        for each in request:
            await discord.wait_for(answers(each), channel=general, after=each)

    await ann.say(general, f"!{SECRET} 5")  # no command, so no answer
    everything = [typed.format(SECRET) for typed in TYPED]
    await send(*everything)
    outcome = await ann.slash(general, "pomodoro start", name=SECRET, duration="30m")
    assert outcome is not None
    for fault in ("503", "lost", "drop", "429"):
        discord.faults.fail(fault, only=SEND, times=1)
        await send(f"!pomodoro {SECRET}{fault} 1")
    discord.deny(general, "SEND_MESSAGES")
    await ann.say(general, f"!pomodoro {SECRET}forbidden 1")
    await discord.drop_gateway(resumable=False)
    await discord.wait_connected()
    discord.reset_permissions(general, "SEND_MESSAGES")
    await send()
    with sqlite3.connect(bot.folder / "pomodoro.db") as database:  # the bot's own mistakes come with tracebacks
        database.execute("ALTER TABLE timers RENAME TO away")
    database.close()
    await send(*everything)
    bot.signal(signal.SIGTERM)  # it ends when the work in progress is done
    _, _, log = await bot.ended()
    assert len(log) > 5_000
    assert SECRET not in log
    assert discord.token not in log
    assert not re.search(r"\b(Ann|ann)\b", log)
    if style == "json":
        ours = [record for record in map(json.loads, log.splitlines()) if record["logger"].startswith("bot.")]
        assert len({record["event"] for record in ours}) > 8
        assert {
            record["event"] for record in ours if not re.fullmatch(r"[a-z]+(_[a-z]+)*", record["event"])
        } == set()


async def test_tokens_of_libraries() -> None:
    """A token that a library would log, the bot's or that in an interaction's URL, is redacted."""
    script = """
import logging
from bot import logs
from bot.settings import Settings
logs.set_up(Settings(discord_token="t0k3n"))
logger = logging.getLogger("library")
logger.warning("POST https://discord.com/api/v10/webhooks/5/1nt3r/messages/@original: 429, by %s", "t0k3n")
try:
    raise ValueError("/interactions/7/1nt3r/callback")
except ValueError:
    logger.exception("failed")
"""
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, err = await run.communicate()
    lines = err.decode().splitlines()
    assert len(lines) == 2
    assert "webhooks/5/…/messages" in json.loads(lines[0])["event"]
    assert "ValueError" in json.loads(lines[1])["exception"]
    assert "t0k3n" not in err.decode()
    assert "1nt3r" not in err.decode()
