"""Messages of an earlier process are looked up in the channel."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from discord.utils import snowflake_time

from bot.chat.runtime import sender
from bot.chat.runtime.sender import DiscordSender, Renderer
from bot.chat.timers.renderer import TimerRenderer
from bot.domain.errors import NotSaved
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Purpose
from bot.engine.delivery import Undeliverable
from bot.localdiscord.local import LocalDiscord
from bot.service.focus_log import FocusLog
from bot.service.members import NOBODY_KNOWN
from bot.service.saving import NOTHING_CHANGED
from bot.store import outbox
from bot.store.database import Database
from tests.chat.conftest import Running
from tests.clock import ManualClock
from tests.reading import change, eventually, rows, says

SAID = "SELECT state FROM outbox WHERE kind = 'announcement'"


class Failing(TimerRenderer):
    """A renderer that never answers for *tea*: it hangs, or fails."""

    hangs = True

    async def gist(self, outbox_message: OutboxMessage) -> str:
        if outbox_message.timers[0].name != "tea":
            return await super().gist(outbox_message)
        await (asyncio.Event().wait() if self.hangs else asyncio.sleep(0))
        raise ZeroDivisionError


@pytest.fixture
async def sums(sqlite: str, clock: ManualClock) -> AsyncIterator[FocusLog]:
    database = Database(sqlite)
    yield FocusLog(database, clock)
    await database.close()


def sending(bot: Running, renderer: Renderer) -> DiscordSender:
    """Make a sender of the bot's client with this renderer of timers."""
    parts = bot._app._health.parts
    assert parts
    invalid_requests = parts.rate_limiter.breaker.invalid_requests
    return DiscordSender(parts.client, {Purpose.POMODORO: renderer}, invalid_requests, bot.clock)


async def announced(sqlite: str, tmp_path: Path, count: int) -> list[OutboxMessage]:
    """Wait for this many announcements, and return them as if they were still to be made."""
    file = tmp_path / "test.db"
    await eventually(lambda: rows(file, SAID) == [("sent",)] * count)
    await change(file, "UPDATE outbox SET state = 'pending' WHERE kind = 'announcement'")
    database = Database(sqlite)
    async with database.read() as connection:
        outbox_messages = [
            outbox_message
            for outbox_message in await outbox.pending(connection)
            if outbox_message.kind is Kind.ANNOUNCEMENT
        ]
    await database.close()
    return outbox_messages


async def test_far_back(discord: LocalDiscord, bot: Running, sqlite: str, tmp_path: Path, sums: FocusLog) -> None:
    """A sent message is found behind everything written in the channel since."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 5s")
    await discord.wait_for(says("tea", "Ends"), channel=general, after=request)
    bot.advance(5)
    over = await discord.wait_for(says("POMODORO! tea"), channel=general)
    for number in range(120):
        await ann.say(general, f"{number}")
    outbox_messages = await announced(sqlite, tmp_path, 1)
    known = await sending(bot, TimerRenderer(sums, NOBODY_KNOWN, bot.clock)).recall(
        outbox_messages, bot.clock.now() - timedelta(minutes=1)
    )
    assert known == {outbox_messages[0].nonce: int(over["id"])}


@pytest.mark.parametrize("is_direct", [True, False])
async def test_an_empty_history(
    discord: LocalDiscord, bot: Running, sqlite: str, tmp_path: Path, sums: FocusLog, *, is_direct: bool
) -> None:
    """Empty direct messages prove that nothing was sent; a channel may only look empty."""
    ann = discord.person("ann")
    await ann.say(discord.channel("general"), "!pomodoro tea 5s")
    await discord.wait_for(says("tea", "Ends"), channel=discord.channel("general"))
    bot.advance(5)
    (message,) = await announced(sqlite, tmp_path, 1)
    if is_direct:
        message = replace(message, kind=Kind.DIRECT, place_id=int(ann.id))
    else:
        discord.deny(discord.channel("general"), "READ_MESSAGE_HISTORY")
    recalled = sending(bot, TimerRenderer(sums, NOBODY_KNOWN, bot.clock)).recall([message], bot.clock.now())
    if is_direct:
        assert await recalled == {}
    else:
        with pytest.raises(Undeliverable, match="can't read"):
            await recalled


@pytest.mark.parametrize(("seconds", "others", "count"), [(29, 120, 1), (7200, 90, 1), (7200, 120, 0)])
async def test_before_the_first_try(
    discord: LocalDiscord,
    bot: Running,
    sqlite: str,
    tmp_path: Path,
    sums: FocusLog,
    seconds: float,
    others: int,
    count: int,
) -> None:
    """A message sent about half a minute before the first try is found, since clocks differ."""
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!pomodoro tea 5s")
    await discord.wait_for(says("tea", "Ends"), channel=general)
    bot.advance(5)
    over = await discord.wait_for(says("POMODORO! tea"), channel=general)
    outbox_messages = await announced(sqlite, tmp_path, 1)
    since = snowflake_time(int(over["id"])) + timedelta(seconds=seconds)
    for number in range(others):
        await ann.say(general, f"{number}")
    known = await sending(bot, TimerRenderer(sums, NOBODY_KNOWN, bot.clock)).recall(outbox_messages, since)
    assert len(known) == count


async def test_rendering_that_hangs(
    discord: LocalDiscord,
    bot: Running,
    sqlite: str,
    tmp_path: Path,
    sums: FocusLog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A message or card that cannot be rendered in time fails, and blocks nothing."""

    class Hanging(TimerRenderer):
        async def message(self, outbox_message: OutboxMessage) -> NoReturn:
            await asyncio.Event().wait()
            raise AssertionError(outbox_message)

        edit = message

    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 5s")
    await discord.wait_for(says("tea", "Ends"), channel=general, after=request)
    bot.advance(5)
    (outbox_message,) = await announced(sqlite, tmp_path, 1)
    monkeypatch.setattr(sender, "_RENDERING", 0.01)
    for kind in (Kind.ANNOUNCEMENT, Kind.CARD):
        with pytest.raises(TimeoutError):
            await sending(bot, Hanging(sums, NOBODY_KNOWN, bot.clock)).deliver(replace(outbox_message, kind=kind))


@pytest.mark.parametrize("hangs", [True, False])
async def test_recognised_without_its_text(
    discord: LocalDiscord,
    bot: Running,
    sqlite: str,
    tmp_path: Path,
    sums: FocusLog,
    log: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    *,
    hangs: bool,
) -> None:
    """If rendering takes too long or fails, a sent message is recognised by its buttons, like all others."""
    ann, general = discord.person("ann"), discord.channel("general")
    for name in ("tea", "eggs"):
        request = await ann.say(general, f"!pomodoro {name} 5s")
        await discord.wait_for(says(name, "Ends"), channel=general, after=request)
        bot.advance(5)
        await discord.wait_for(says(f"POMODORO! {name}"), channel=general)
    words = Failing(sums, NOBODY_KNOWN, bot.clock)
    words.hangs = hangs
    outbox_messages = await announced(sqlite, tmp_path, 2)
    monkeypatch.setattr(sender, "_RENDERING", 0.01)
    known = await sending(bot, words).recall(outbox_messages, bot.clock.now() - timedelta(minutes=1))
    assert len(known) == 2
    assert [line["event"] for line in log if line["log_level"] == "error"] == ["recall_failed"]


async def test_a_text_that_the_database_withholds(
    discord: LocalDiscord, bot: Running, sqlite: str, tmp_path: Path, sums: FocusLog
) -> None:
    """While the database fails to return the text, nothing counts as not found: it would be repeated."""

    class Unread(TimerRenderer):
        async def gist(self, outbox_message: OutboxMessage) -> NoReturn:
            del outbox_message
            raise NotSaved(NOTHING_CHANGED)

    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro tea 5s")
    await discord.wait_for(says("tea", "Ends"), channel=general, after=request)
    bot.advance(5)
    outbox_messages = await announced(sqlite, tmp_path, 1)
    with pytest.raises(NotSaved):
        await sending(bot, Unread(sums, NOBODY_KNOWN, bot.clock)).recall(outbox_messages, bot.clock.now())
