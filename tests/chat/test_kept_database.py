"""A database of an earlier version, left in the middle of everything: taken over, and given back."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.clock import ManualClock
from tests.reading import Message, rows

# Written by that commit from noon on, and broken off after SECONDS, while Discord answered nothing: seven messages
# are on their way, among them a session's next phase, and twelve timers, sessions and reminders are going.
KEPT = Path(__file__).parent / "kept" / "2fcc481.sql"
SECONDS = 1_400
ANN = 1191170000008388608
# What that version put under its messages: the custom id of each kind of button, in the order in which they are
# pressed here, on what was going then or has come meanwhile.
BUTTONS = (
    "timer:again:1", "timer:overtime:5", "timer:pause:4", "timer:resume:3", "timer:extend:4", "timer:cancel:3",
    "reminder:undo:7", "reminder:snooze_ten:11", "reminder:wake:11:20", "reminder:snooze_hour:11",
    "reminder:edit:8", "reminder:snooze_other:11", "reminder:snooze_tomorrow:12", "reminder:done:12",
    "reminder:pause:10", "reminder:resume:10", "reminder:cancel:9", "reminder:stop:10:10", "reminder:revert:10:9:2",
    f"reminder:page:{ANN}:1:0",
    "focus:join:16:1", "focus:task:16:1", "focus:me:16:1", "focus:pause:16:1", "focus:extend:16:1",
    "focus:skip:16:1", "focus:done:16:0", "focus:leave:16:2", "focus:stop:16:2",
    f"stats:week:{ANN}:0:739675", f"stats:year:{ANN}:0:739675", f"stats:hours:{ANN}:0:739675",
    f"stats:week_again:{ANN}:1:739675", "log:shorten:2", "log:remove:3", f"privacy:keep:{ANN}",
)  # fmt: skip
# The words that version knows in columns that hold one of several.
WORDS = {
    ("timers", "state"): {"running", "paused", "done", "cancelled"},
    ("timers", "purpose"): {"pomodoro", "session", "reminder", "digest"},
    ("outbox", "kind"): {"announcement", "direct", "card", "phase", "warning", "closed", "notice"},
    ("outbox", "state"): {"pending", "sent", "undeliverable"},
    ("focus_log", "outcome"): {"finished", "cut_short"},
}


@pytest.fixture
async def bot(discord: LocalDiscord, clock: ManualClock, tmp_path: Path) -> AsyncIterator[Running]:
    """The bot on that database, some minutes after the earlier version ended."""
    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        connection.executescript(KEPT.read_text("utf-8"))
    clock.advance(SECONDS)
    running = Running(discord, clock, f"sqlite:///{tmp_path / 'test.db'}")
    await running.start()
    yield running
    await running.end()


def said_by_bot(discord: LocalDiscord) -> list[Message]:
    channels = discord.backend.world.channels.values()
    return [
        message for channel in channels for message in discord.messages(channel) if message["author"].get("bot")
    ]


def nonces(discord: LocalDiscord) -> set[str]:
    """Return the nonces under which the bot has posted."""
    bodies = [exchange.request for exchange in discord.exchanges if exchange.method == "POST"]
    return {str(body["nonce"]) for body in bodies if isinstance(body, dict) and body.get("nonce")}


async def test_taken_over(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Messages in flight are sent once, under their nonces; running timers end on time."""
    pending = "SELECT nonce FROM outbox WHERE state = 'pending'"
    with closing(sqlite3.connect(":memory:")) as before:
        before.executescript(KEPT.read_text("utf-8"))
        drawn = {nonce for (nonce,) in before.execute(f"{pending} AND kind NOT IN ('card', 'closed')")}
    await bot.until(lambda: not rows(tmp_path / "test.db", pending))
    # Two timers that ended in the same channel share a message.
    assert len(drawn) == 5
    assert len(nonces(discord) & drawn) == 4
    await bot.until(lambda: "POMODORO! tea" in str([text_of(message) for message in said_by_bot(discord)]), step=20)
    await bot.until(lambda: not rows(tmp_path / "test.db", pending))
    texts = [text_of(message) for message in said_by_bot(discord)]
    for name in ("eggs", "toast", "tea", "zebra"):
        assert sum(f"POMODORO! {name} " in text for text in texts) == 1
    for name in ("stretch", "call mum", "Come back to this message", "water", "letter"):
        assert sum(text.startswith("⏰") and name in text for text in texts) == 1


async def test_its_cards(discord: LocalDiscord, bot: Running, log: list[dict[str, object]]) -> None:
    """Every button of that version's messages does what it says, or is answered with a sentence."""
    headers = {"Authorization": f"Bot {discord.token}"}
    ann, general = discord.person("ann"), discord.channel("general")
    async with aiohttp.ClientSession(headers=headers) as session:
        for custom_id in BUTTONS:
            bot.advance(2)
            channel = discord.channel("focus") if custom_id.startswith("focus") else general
            button = {"type": 2, "style": 2, "label": "press", "custom_id": custom_id}
            body = {"content": "as it was", "components": [{"type": 1, "components": [button]}]}
            async with session.post(f"{discord.api_url}/channels/{channel.id}/messages", json=body) as response:
                card = await response.json()
            outcome = await ann.click(card, custom_id)
            assert outcome.kind != "failed", custom_id
            assert "my end" not in str(outcome.message), custom_id
    assert [event for event in log if event["log_level"] == "error"] == []


async def test_given_back(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """The rows written beside it contain no value that the earlier version does not know."""
    ann, general = discord.person("ann"), discord.channel("general")
    for words in (
        "?pomodoro cup 5",
        "?remind 1m bowl",
        "?remind me 1m plate",
        "?focus 1m, 1m break, 1m",
        "?stats share",
    ):
        bot.advance(2)
        await ann.say(general, words)
    await bot.until(lambda: "plate" in str([text_of(message) for message in said_by_bot(discord)]))
    for (table, column), known in WORDS.items():
        assert {word for (word,) in rows(tmp_path / "test.db", f"SELECT DISTINCT {column} FROM {table}")} <= known
