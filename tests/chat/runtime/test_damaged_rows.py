"""A whole bot on a database with damaged rows, and what people see of timers that cannot be ended."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.engine.planting import plant
from tests.reading import buttons, change, eventually, rows, says

# Like a bug of our own: the update that ends it fails.
STUCK = """
    CREATE TRIGGER stuck BEFORE UPDATE ON timers WHEN NEW.state = 'done' AND NEW.name = 'tea'
    BEGIN SELECT RAISE(ABORT, 'no'); END
"""
LISTED = {
    "pomodoro": "No timers running here.\n"
    "-# tea finished, but I couldn't tell you: something's gone wrong with it on my end.",
    "remind": "I couldn't deliver #2 stretch: something's gone wrong with it on my end.",
}
PENDING = "SELECT id FROM outbox WHERE state = 'pending' AND id < 1000"
TABLES = {"timers", "outbox", "sessions", "participants", "reminders", "rules", "presets", "preferences", "leases"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


def is_said(discord: LocalDiscord, *ends: str) -> bool:
    return all(any(map(says(end), discord.messages(discord.channel("general")))) for end in ends)


async def ask(discord: LocalDiscord, person: str, command: str, answer: str) -> None:
    request = await discord.person(person).say(discord.channel("general"), command)
    await discord.wait_for(says(answer), channel=discord.channel("general"), after=request)


async def test_start_among_damaged_rows(discord: LocalDiscord, bot: Running, file: Path) -> None:
    """With damaged rows in every table the bot starts, answers, and announces the sound ones."""
    general = discord.channel("general")
    await ask(discord, "ann", "!remind timezone Europe/Berlin", "Europe/Berlin")
    await ask(discord, "ann", "!focus save mine 2m a, 5m break b", "mine")
    await ask(discord, "mia", "!settings prefix ?", "?")
    await ask(discord, "mia", "?settings prefix !", "!")
    await ask(discord, "mia", "!settings", "500")
    await ask(discord, "ben", "!pomodoro soon 1m", "Ends")
    bot.advance(60)
    await discord.wait_for(says("POMODORO! soon"))
    await ask(discord, "ben", "!pomodoro tea 5m", "Ends")
    await ask(discord, "ann", "!remind 5m stretch", "I'll remind you")
    await ask(discord, "ann", "!focus 1m part a, 1m break b, 1m part c", "Part a")
    await eventually(lambda: rows(file, "SELECT key FROM notes"))
    await bot.crash()
    planted = await plant(f"sqlite:///{file}", values=("<@1191170000999999999>", -(2**60)))
    assert {row.table for row in planted} >= TABLES
    await bot.start()
    await ask(discord, "ann", "!pomodoro time soon", "There's no timer called")
    ends = ("POMODORO! tea", f"{discord.person('ann').mention} stretch", "How did **Part c")
    await bot.until(partial(is_said, discord, *ends), step=3)
    going = "SELECT name FROM timers WHERE state = 'running' AND id < 1000"
    await bot.until(lambda: not rows(file, going) and not rows(file, PENDING))
    counts = Counter(end for message in discord.messages(general) for end in ends if end in text_of(message))
    assert counts == dict.fromkeys(ends, 1)


async def test_start_by_a_damaged_lease(discord: LocalDiscord, bot: Running, file: Path) -> None:
    """The bot starts even if its lease, or its turn to identify, cannot be read."""
    discord.gateway.max_concurrency = 2  # so that no shard waits for another
    await bot.stop()
    await bot.start(shard_count=2)
    await bot.stop()
    await change(file, "UPDATE leases SET fence = 'x', holder = x'ff', length = -1")
    await change(file, "UPDATE identifies SET next_at = 'x'")
    assert rows(file, "SELECT count(*) FROM identifies") == [(2,)]
    await bot.start()
    await ask(discord, "ben", "!pomodoro tea 5m", "Ends")


async def test_one_that_cannot_be_ended(
    discord: LocalDiscord, bot: Running, file: Path, log: list[dict[str, Any]]
) -> None:
    """The owner finds it in their list and can retry it there; it is announced once that works."""
    ann, general = discord.person("ann"), discord.channel("general")
    await change(file, STUCK)
    await ask(discord, "ann", "!pomodoro tea 5m", "Ends")
    await ask(discord, "ann", "!remind 5m stretch", "I'll remind you")
    await change(file, "UPDATE reminders SET zone = 'Nowhere'")
    bot.advance(300)
    await bot.until(lambda: sum(line["event"] == "timer_set_aside" for line in log) == 2, step=5)
    bot.advance(300)
    listed = {}
    for command, text in LISTED.items():
        listed[command] = (await ann.slash(general, f"{command} list")).answer
        assert text in text_of(listed[command])
        await ask(discord, "ann", f"!{command} list", f"`/{command} list`")
    await change(file, "DROP TRIGGER stuck")
    await change(file, "UPDATE reminders SET zone = 'UTC'")
    for command, end in (("pomodoro", "POMODORO! tea"), ("remind", f"{ann.mention} stretch")):
        assert buttons(listed[command]) == ["Try again"]
        await ann.click(listed[command], "Try again")
        await bot.until(partial(is_said, discord, end))
