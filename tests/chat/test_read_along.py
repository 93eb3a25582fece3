"""Names and texts set in private are not shown where others read along."""

from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.reading import Message, answers, as_shown, eventually, rows, says

LIVE = "SELECT count(*) FROM timers WHERE state = 'running'"


class Reader:
    """Ann sets things in a direct message, and continues where everybody reads along."""

    def __init__(self, discord: LocalDiscord, bot: Running, database: Path) -> None:
        self.discord = discord
        self.bot = bot
        self.database = database
        self.ann = discord.person("ann")
        self.general = discord.channel("general")

    async def set(self, *typed: str) -> None:
        for words in typed:
            await self.ask(words, await self.ann.dm())

    async def ask(self, words: str, place: Any = None) -> Message:
        place = place or self.general
        request = await self.ann.say(place, words)
        return await self.discord.wait_for(answers(request), channel=place)

    def read(self) -> str:
        """Return everything that the bot has posted in general, including its buttons and menus."""
        return str([message for message in self.discord.messages(self.general) if message["author"].get("bot")])


@pytest.fixture
def reader(discord: LocalDiscord, bot: Running, tmp_path: Path) -> Reader:
    return Reader(discord, bot, tmp_path / "test.db")


async def test_reminders(reader: Reader) -> None:
    """Whatever a channel's command does to a reminder from a direct message, its text is not shown there."""
    await reader.set("!remind 1h secret doctor", "!remind 2h secret lawyer", "!remind 3h secret guest")
    for typed, answer in (
        ("!remind cancel", "Which one?"),
        ("!remind pause #1", "Paused: (private)"),
        ("!remind resume #1", "> (private)"),
        ("!remind undo", "Undone: (private)"),
        ("!remind edit #1 50m", "> (private)"),
        ("!remind cancel #2", "Cancelled: (private)"),
    ):
        assert answer in text_of(await reader.ask(typed)), typed
    assert "#1 (private)" in reader.read()
    reader.bot.advance(3000)
    await reader.discord.wait_for(says("secret doctor", "⏰"), channel=await reader.ann.dm())
    await eventually(lambda: rows(reader.database, LIVE) == [(0,)])
    assert "> (private)" in text_of(await reader.ask("!remind snooze 5m"))
    assert "secret" not in reader.read()
    assert "secret doctor" in text_of((await reader.ann.slash(reader.general, "remind list")).answer)


async def test_presses(reader: Reader) -> None:
    """Nor is it shown when an answer is undone there, or when the reminder has come."""
    await reader.set("!remind 1h secret doctor")
    changed = await reader.ask('!remind edit #1 2h "secret dentist"')
    assert "(private)" in text_of((await reader.ann.click(changed, "Undo")).answer)
    card = await reader.ask("!remind me 10m tea")
    await reader.ann.slash(reader.general, "remind edit", reminder="#2", what="secret tea")
    reader.bot.advance(600)
    await reader.bot.until(lambda: "Reminded" in text_of(as_shown(reader.discord, card)))
    assert "secret" not in str(reader.discord.messages(reader.general)[1:]).replace("secret dentist", "", 1)


async def test_a_zone_that_is_set(reader: Reader) -> None:
    """Setting a time zone in a channel moves a private reminder without showing its text."""
    await reader.set("!remind tomorrow 9:00 secret doctor")
    assert "#1 comes <t:" in text_of(await reader.ask("!remind timezone Berlin"))
    assert "secret" not in reader.read()


async def test_timers(reader: Reader) -> None:
    """Whatever a channel's command does to a timer from a direct message, its name is not shown there."""
    await reader.set("!pomodoro secret essay 1h", "!pomodoro secret letter 2h")
    for typed, answer in (
        ("!pomodoro cancel", "Which one?"),
        ("!pomodoro time #1", "**(private)** has 1 h left"),
        ("!pomodoro pause #1", "Paused (private) (#1)"),
        ("!pomodoro cancel all", "Cancelled (private)"),
        ("!pomodoro undo", "Undone – (private) (#"),
        ("!pomodoro extend #2 5m", "(private)"),
        ("!pomodoro undo", "Undone. (private) (#2)"),
        ("!pomodoro cancel all", "Cancelled (private)"),
        ("!pomodoro again", "None of your timers has finished"),
    ):
        assert answer in text_of(await reader.ask(typed)), typed
    assert "#1 (private)" in reader.read()
    assert "secret" not in reader.read()
    assert "secret letter" in text_of(await reader.ask("!pomodoro again", await reader.ann.dm()))


async def test_sessions_elsewhere(reader: Reader) -> None:
    """The sessions of a hidden channel are listed only there, or privately to people who can see it."""
    discord, board = reader.discord, reader.discord.create_channel("board")
    discord.deny(board, "VIEW_CHANNEL", user=discord.person("ben").user)
    await reader.ask("!focus 10m merger, 5m break", board)
    await reader.ask("!focus 25/5", discord.channel("focus"))
    listed = text_of(await reader.ask("!focus list"))
    assert discord.channel("focus").id in listed
    assert board.id not in listed
    assert "Merger" not in reader.read()
    assert "Merger" in text_of(await reader.ask("!focus list", board))
    assert "Merger" in text_of((await reader.ann.slash(reader.general, "focus list")).answer)


async def test_private_answers(reader: Reader) -> None:
    """Where nobody else reads the answer, the names are shown."""
    await reader.set("!pomodoro secret essay 1h", "!remind 1h secret doctor")
    paused = await reader.ann.slash(reader.general, "pomodoro pause", timer="#1")
    assert "secret essay" in text_of(paused.answer)
    cancelled = await reader.ann.slash(reader.general, "remind cancel", reminder="#2")
    assert "secret doctor" in text_of(cancelled.answer)
