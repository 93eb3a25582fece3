"""Pings: how often a person can make the bot ping another person."""

import time
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.message import SILENT
from tests.chat.conftest import Running
from tests.chat.focus.room import Room
from tests.chat.focus.test_focus import begin, is_live
from tests.chat.reminding import Reminding
from tests.reading import Message, eventually, rows, says


class Pings(Room):
    """Ann's sessions in general with Ben, where a phase takes at least a minute."""

    async def open(self, typed: str) -> Message:
        card = await begin(self.discord, typed)
        await self.ben.say(self.general, "!focus join")
        self.last = await self.discord.wait_for(says("You're in!"), channel=self.general, after=card)
        self.bot.advance(2)
        return card

    async def called(self, *title: str) -> set[str]:
        """Wait for the next announcement, and return whom it pings."""
        self.last = await self.discord.wait_for(says(*title), channel=self.general, after=self.last)
        return set(self.discord.pinged(self.last))


@pytest.fixture
async def room(discord: LocalDiscord, bot: Running, tmp_path: Path) -> Pings:
    await bot.stop()
    await bot.start(shortest_phase_seconds=60)
    return Pings(discord, bot, tmp_path / "test.db")


async def test_a_phase_takes_a_minute(room: Pings, tmp_path: Path) -> None:
    """A phase under a minute can be neither started, nor saved, nor reached by an edit."""
    short = "That's too short – 1 min is the minimum for a phase."
    for typed in ("2x(30s focus, 5s break)", "59s", "save mine 59s", "2x(1m focus, 1s break)"):
        assert short in text_of(await room.ask(typed)), typed
    assert rows(tmp_path / "test.db", "SELECT id FROM timers") == []
    assert rows(tmp_path / "test.db", "SELECT name FROM presets") == []
    assert short in text_of((await room.mia.slash(room.general, "settings plan", plan="30s")).answer)
    await room.open("2x(20m focus, 5m break)")
    for typed in ("edit focus 30s", "edit short 1s", "edit plan 20m, 10s break"):
        assert short in text_of(await room.ask(typed)), typed
    assert "2x(20m focus, 5m break)" in str(rows(tmp_path / "test.db", "SELECT plan FROM sessions"))


async def test_each_phase_of_a_minute_calls(room: Pings) -> None:
    """A session that runs by itself pings everybody at each phase, and at the warning before its end."""
    await room.open("2m focus, 1m break, 1m focus warn")
    everybody = {room.ann.id, room.ben.id}
    room.bot.advance(58)
    assert await room.called("1 minute left") == everybody
    for title in ("Break", "Focus · 2 of 2", "All done"):
        room.bot.advance(60)
        assert await room.called(title) == everybody, title


async def test_skips_call_once_a_minute(room: Pings) -> None:
    """However often a host or moderator skips, stops and restarts, others are pinged at most once a minute."""
    await room.open("9x(20m focus, 5m break)")
    assert await skip(room, "☕️ Break") == {room.ann.id, room.ben.id}
    assert await skip(room, "🍅 Focus · 2 of 9") == set()
    assert await skip(room, "☕️ Break", "mia") == set()
    await room.ann.say(room.general, "!focus stop")
    assert await room.called("Session stopped") == set()
    await room.open("9x(20m focus, 5m break)")
    assert room.ben.id not in await skip(room, "☕️ Break")
    room.bot.advance(60)
    assert room.ben.id in await skip(room, "🍅 Focus · 2 of 9")


async def skip(room: Pings, title: str, person: str = "ann") -> set[str]:
    """Skip a phase, and return whom the next one pings."""
    await room.discord.person(person).say(room.general, "!focus skip")
    card = await room.discord.wait_for(
        lambda message: is_live(message) and title in text_of(message), channel=room.general, after=room.last
    )
    room.last = card
    room.bot.advance(2)
    return set(room.discord.pinged(card))


async def test_extensions_do_not_warn_again(room: Pings) -> None:
    """A phase extended again and again warns each time, but pings nobody for a minute."""
    await room.open("20m focus, 5m break warn")
    room.bot.advance(1138)
    assert room.ben.id in await room.called("1 minute left")
    for _ in range(2):
        await room.ask("extend 5s")
        room.bot.advance(4)
        assert await room.called("left in Focus") == set()


async def test_a_clock_that_is_set_back(room: Pings) -> None:
    """After the clock is set back, the next phase, a minute later, pings everybody as usual."""
    await room.open("9x(20m focus, 5m break)")
    await skip(room, "☕️ Break")
    room.bot.clock.set_wall(-86_400)
    room.bot.advance(60)
    await skip(room, "🍅 Focus · 2 of 9")
    assert set(room.discord.pinged(room.last)) == {room.ann.id, room.ben.id}


async def test_a_direct_message_comes_silently(room: Pings) -> None:
    """Direct messages about phases are silent if the last was less than a minute ago."""
    await room.open("9x(20m focus, 5m break)")
    await room.ask("notify dm", "ben")
    dm = await room.ben.dm()
    for title, flag in (("☕️ Break", 0), ("🍅 Focus · 2 of 9", SILENT)):
        await skip(room, title)
        message = await room.discord.wait_for(says(title), channel=dm)
        assert message["flags"] & SILENT == flag


async def test_reminders_of_others(remind: Reminding) -> None:
    """Reminders of a role or a channel all come, but ping each at most once a minute; one's own always ping."""
    await remind.bot.stop()
    await remind.bot.start(shortest_phase_seconds=60)
    moderation = remind.discord.moderation
    role = moderation.create_role("Team", mentionable=True)
    moderation.give_role(remind.ben, role)
    times = (30, "stand up"), (50, "sit down"), (95, "stretch")
    for seconds, words in times:
        await remind.type(f"<@&{role.id}> {seconds}s {words}", remind.mia)
        await remind.type(f"{seconds}s {words} too", place=remind.focus)
    called = []
    for (seconds, words), before in zip(times, (0, 30, 50), strict=True):
        remind.bot.advance(seconds - before)
        for reminded, place in ((words, remind.general), (f"{words} too", remind.focus)):
            called.append(remind.discord.pinged(await remind.come(reminded, place)))
    ann, ben = [remind.ann.id], [remind.ben.id]
    assert called == [ben, ann, [], ann, ben, ann]


async def test_a_restart_forgets_no_call(room: Pings, discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """People pinged within the last minute are not pinged again after a restart."""
    bot.advance(time.time() - bot.clock.now().timestamp())  # the ids of messages contain when they were sent
    role = discord.moderation.create_role("Team", mentionable=True)
    discord.moderation.give_role(room.ben, role)
    remind = f"!remind <@&{role.id}> 5s look up"
    await room.open("9x(20m focus, 5m break)")
    assert room.ben.id in await skip(room, "☕️ Break")
    for is_again in (False, True):
        await room.mia.say(room.general, remind)
        confirmation = await discord.wait_for(says("I'll remind"), channel=room.general, after=room.last)
        bot.advance(5)
        due = await discord.wait_for(says("look up"), channel=room.general, after=confirmation)
        assert (room.ben.id in discord.pinged(due)) != is_again
        if not is_again:
            await eventually(
                lambda: not rows(tmp_path / "test.db", "SELECT id FROM outbox WHERE state = 'pending'")
            )
            await bot.stop()
            await bot.start()
            assert await skip(room, "🍅 Focus · 2 of 9") == set()
    bot.advance(60)
    assert room.ben.id in await skip(room, "☕️ Break")
