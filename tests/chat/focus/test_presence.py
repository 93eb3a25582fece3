"""Presence in a session, as people see it: activity, rounds without any, and later confirmation."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.chat.focus.room import Room
from tests.chat.focus.test_focus import begin, newest
from tests.reading import Message, as_shown, buttons, choose, eventually, rows, says, shows

ROUND, BREAK = 1200, 300
POLL_RESULT = 46
PLAN = "8x(20m focus, 5m break)"


class Present(Room):
    """Ann's session in general, where one round counts without activity."""

    async def open(self, typed: str = PLAN) -> Message:
        await self.bot.stop()
        await self.bot.start(focus_idle_rounds=1)
        card = await begin(self.discord, typed)
        await self.ben.click(card, "Join")
        await self.discord.wait_for(shows(card, f"<@{self.ben.id}>"), channel=self.general)
        return newest(self.discord, self.general)

    async def rounds(self, number: int, sign: Callable[[], Awaitable[object]] | None = None) -> Message:
        """Let rounds pass, each with activity by one person."""
        card = newest(self.discord, self.general)
        for _ in range(number):
            if sign:
                await sign()
            for seconds, title in ((ROUND, "Break"), (BREAK, "Focus ·")):
                self.bot.advance(seconds)
                card = await self.discord.wait_for(says(title), channel=self.general, after=card)
        return card

    def minutes(self, person: Person) -> int:
        """Return the minutes logged for a person."""
        (row,) = rows(self.database, f"SELECT sum(focused) FROM focus_log WHERE user_id = {person.id}")
        return int(row[0] or 0) // 60_000

    def silent(self, person: Person) -> int:
        (row,) = rows(self.database, f"SELECT silent FROM participants WHERE user_id = {person.id}")
        return int(row[0])

    async def write(self) -> None:
        """Let Ann write in the channel, and wait until the bot has noted it."""
        await self.ann.say(self.general, "still at it")
        await eventually(lambda: self.silent(self.ann) == 0)

    async def stop(self) -> Message:
        await choose(self.ann, newest(self.discord, self.general), "Stop")
        return await self.discord.wait_for(says("Session stopped"), channel=self.general)


@pytest.fixture
def room(discord: LocalDiscord, bot: Running, tmp_path: Path) -> Present:
    return Present(discord, bot, tmp_path / "test.db")


async def silence(room: Present) -> Message:
    """Let Ann write in each of four rounds, and Ben do nothing; return the recap."""
    await room.open()
    await room.rounds(4, room.write)
    return await room.stop()


async def test_rounds_without_activity(room: Present) -> None:
    """People inactive for more than one round are asked if they were there; nobody can answer for another."""
    recap = await silence(room)
    assert f"**Were you still there?** <@{room.ben.id}> (40 min)" in text_of(recap)
    assert f"<@{room.ann.id}> (" not in text_of(recap)
    assert (room.minutes(room.ann), room.minutes(room.ben)) == (80, 40)
    assert f"<@{room.ben.id}> · **40 min**" in text_of(recap)


async def test_yes(room: Present) -> None:
    """Confirmed rounds count, once, in the log and on the recap, which stops asking."""
    recap = await silence(room)
    out = await room.ben.click(recap, "Yes")
    assert "40 min more for you" in text_of(out.answer)
    room.bot.advance(2)
    await room.discord.wait_for(shows(recap, f"<@{room.ben.id}> · **1 h 20 min**"), channel=room.general)
    assert "Yes" not in buttons(as_shown(room.discord, recap))
    assert room.minutes(room.ben) == 80


async def test_no(room: Present) -> None:
    """Denied rounds are dropped; the questions to others stay open."""
    recap = await silence(room)
    out = await room.ann.click(recap, "Yes")
    assert "nothing for you to confirm here" in text_of(out.answer)
    out = await room.ben.click(recap, "No")
    assert "won't count" in text_of(out.answer)
    room.bot.advance(2)
    await room.bot.until(lambda: "still there" not in text_of(as_shown(room.discord, recap)))
    assert room.minutes(room.ben) == 40
    assert rows(room.database, "SELECT * FROM unconfirmed") == []


async def test_open_for_seven_days(room: Present) -> None:
    """A question stays open for seven days, also over a restart; then it is closed and deleted."""
    recap = await silence(room)
    room.bot.advance(7 * 86_400 - 2 * 3600)
    await room.bot.stop()
    await room.bot.start()
    assert rows(room.database, "SELECT count(*) FROM unconfirmed") == [(2,)]
    room.bot.advance(2 * 3600)
    out = await room.ben.click(recap, "Yes")
    assert "seven days" in text_of(out.answer)
    assert room.minutes(room.ben) == 40
    room.bot.advance(3600)
    await room.bot.until(lambda: rows(room.database, "SELECT count(*) FROM unconfirmed") == [(0,)], step=60)


async def test_a_press_is_a_sign(room: Present) -> None:
    """A press is activity, and makes the rounds after it count."""
    await room.open()
    await room.rounds(1, room.write)
    await room.rounds(1, room.write)

    async def rest_and_back() -> None:
        await room.write()
        for _ in range(2):
            await choose(room.ben, newest(room.discord, room.general), "Pause just me")
        await eventually(lambda: room.silent(room.ben) == 0)

    await room.rounds(1, rest_and_back)
    recap = await room.stop()
    assert "still there" not in text_of(recap)
    assert room.minutes(room.ben) == 60


async def test_voice_is_a_sign_only_when_it_changes(room: Present) -> None:
    """Entering the linked voice channel or muting oneself there is activity; just being there is not."""
    study = room.discord.channel("Study")
    await room.open(f"{PLAN} voice #Study")
    await room.rounds(2, room.write)
    assert room.silent(room.ben) == 2
    await room.ben.join_voice(study)
    await eventually(lambda: room.silent(room.ben) == 0)
    await room.rounds(2, room.write)
    assert room.silent(room.ben) == 2
    await room.ben.mute_self()
    await eventually(lambda: room.silent(room.ben) == 0)
    await room.rounds(1, room.write)
    recap = await room.stop()
    assert "still there" not in text_of(recap), text_of(recap)
    await room.ben.leave_voice()


async def test_system_messages_are_no_activity(room: Present) -> None:
    """A system message that bears a person's name, such as the end of their poll, is not activity."""
    await room.open()
    posting = room.discord.backend.posting
    for _ in range(3):
        await room.rounds(1, room.write)
        posting.system(room.general, room.ben.user, POLL_RESULT)
    await room.write()
    assert room.silent(room.ben) == 3


async def test_honest_focus_touches_nothing(room: Present) -> None:
    """The allowed number of silent rounds counts without questions."""
    await room.open()
    await room.rounds(1)
    room.bot.advance(ROUND)
    await room.discord.wait_for(says("Break"), channel=room.general, after=newest(room.discord, room.general))
    recap = await room.stop()
    assert "still there" not in text_of(recap)
    assert (room.minutes(room.ann), room.minutes(room.ben)) == (40, 40)


async def test_asked_directly(room: Present) -> None:
    """People who chose direct messages are asked there too, and can answer there."""
    await room.open()
    await room.ben.say(room.general, "!focus notify dm")
    await room.discord.wait_for(says("I'll DM you"), channel=room.general)
    await room.rounds(4, room.write)
    await room.stop()
    dm = await room.ben.dm()
    question = await room.discord.wait_for(says("Session stopped", "still there"), channel=dm)
    out = await room.ben.click(question, "Yes")
    assert "40 min more" in text_of(out.answer)
    assert room.minutes(room.ben) == 80
