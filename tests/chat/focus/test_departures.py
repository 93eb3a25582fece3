"""People who leave the server leave its sessions; people who lose sight of the channel are notified directly."""

from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.chat.focus.room import Room
from tests.chat.focus.test_focus import begin
from tests.reading import Message, buttons, choose, eventually, rows, says, shows

ROUND, BREAK = 1200, 300


class Departing(Room):
    """Ann's session in general, with Ben and Mia in it."""

    async def open(self, typed: str = "4x(20m focus, 5m break)") -> Message:
        self.card = await begin(self.discord, typed)
        for person in (self.ben, self.mia):
            await person.click(self.card, "Join")
            await self.discord.wait_for(shows(self.card, f"<@{person.id}>"), channel=self.general)
            self.bot.advance(2)
        return self.card

    async def next(self, title: str, seconds: float) -> Message:
        self.bot.advance(seconds)
        self.card = await self.discord.wait_for(says(title), channel=self.general, after=self.card)
        return self.card

    def minutes(self, person: Person) -> float:
        ((focused,),) = rows(self.database, f"SELECT sum(focused) FROM focus_log WHERE user_id = {person.id}")
        return float(focused or 0) / 60_000


@pytest.fixture
def room(discord: LocalDiscord, bot: Running, tmp_path: Path) -> Departing:
    return Departing(discord, bot, tmp_path / "test.db")


async def test_leaving_the_server_is_leaving_the_session(room: Departing) -> None:
    """A person who left the server is in no later phase: not counted, not mentioned, not on the card."""
    await room.open()
    await room.next("☕️ Break", ROUND)
    room.discord.leave_guild(room.ben)
    card = await room.next("Focus · 2 of 4", BREAK)
    assert {user["id"] for user in card["mentions"]} == {str(room.ann.id), str(room.mia.id)}
    assert f"<@{room.ben.id}>" not in text_of(card)
    await room.next("☕️ Break", ROUND)
    assert room.minutes(room.ben) < room.minutes(room.mia) - 15
    assert not rows(room.database, f"SELECT 1 FROM participants WHERE user_id = {room.ben.id} AND left_at IS NULL")


async def test_a_host_who_left_is_replaced(room: Departing) -> None:
    """At anybody's next press, a host who has left the server is removed, and the next participant hosts."""
    card = await room.open()
    room.discord.leave_guild(room.ann)
    room.bot.advance(10)
    assert "Paused for everyone" in text_of((await choose(room.ben, card, "Pause")).answer)
    await room.discord.wait_for(shows(card, "Paused"), channel=room.general)
    await room.discord.wait_for(shows(card, f"<@{room.ben.id}> 👑"), channel=room.general)


async def test_everybody_left(room: Departing) -> None:
    """A session whose participants have all left the server ends."""
    await room.open()
    for person in (room.ann, room.ben, room.mia):
        room.discord.leave_guild(person)
    room.bot.advance(ROUND)
    await eventually(lambda: rows(room.database, "SELECT ending FROM sessions") == [("empty",)])


async def test_noticed_before_the_end(room: Departing) -> None:
    """A person who left in the last phase is not mentioned in the recap: members are checked shortly before."""
    await room.open("1x(20m focus)")
    room.discord.leave_guild(room.ben)
    room.bot.advance(ROUND - 45)
    gone = f"SELECT 1 FROM participants WHERE user_id = {room.ben.id} AND left_at IS NOT NULL"
    await room.bot.until(lambda: rows(room.database, gone), step=1)
    recap = await room.next("All done", 60)
    assert {user["id"] for user in recap["mentions"]} == {str(room.ann.id), str(room.mia.id)}


async def test_the_warning(room: Departing) -> None:
    """The warning before the end of a phase pings nobody who has left or cannot see the channel."""
    await room.open("2x(20m focus, 5m break) warn")
    room.discord.leave_guild(room.ben)
    room.discord.deny(room.general, "VIEW_CHANNEL", user=room.mia.user)
    warning = await room.next("left in Focus", ROUND - 60)
    assert [user["id"] for user in warning["mentions"]] == [str(room.ann.id)]


async def test_no_direct_messages_after_leaving(room: Departing) -> None:
    """People who left the server get no direct messages about phases, even if they had chosen them."""
    await room.open()
    await room.ben.say(room.general, "!focus notify dm")
    await room.discord.wait_for(says("DM you when the phase changes"), channel=room.general)
    room.ben.install()
    room.discord.leave_guild(room.ben)
    await room.next("☕️ Break", ROUND)
    await room.bot.until(lambda: not rows(room.database, "SELECT 1 FROM outbox WHERE state = 'pending'"))
    assert room.discord.messages(await room.ben.dm()) == []


async def test_who_cannot_see_the_channel(room: Departing) -> None:
    """People who can no longer see the channel are notified directly and can leave there; others are mentioned."""
    await room.open()
    room.discord.deny(room.general, "VIEW_CHANNEL", user=room.ben.user)
    card = await room.next("☕️ Break", ROUND)
    assert {user["id"] for user in card["mentions"]} == {str(room.ann.id), str(room.mia.id)}
    notice = await room.discord.wait_for(
        says("Break", "you can't see the session's channel"), channel=await room.ben.dm()
    )
    assert buttons(notice) == ["Leave"]
    assert f"<@{room.ben.id}>" in text_of(card)
    assert (await room.ben.click(notice, "Leave")).kind == "none"
    await room.discord.wait_for(
        lambda message: f"<@{room.ben.id}>" not in text_of(message) and message["id"] == card["id"]
    )
    assert room.minutes(room.ben) == pytest.approx(20, abs=1)


async def test_notified_once(room: Departing) -> None:
    """People who chose direct messages get one per phase, even if they can no longer see the channel."""
    await room.open()
    await room.ben.say(room.general, "!focus notify dm")
    await room.discord.wait_for(says("I'll DM you"), channel=room.general)
    room.discord.deny(room.general, "VIEW_CHANNEL", user=room.ben.user)
    dm = await room.ben.dm()
    await room.next("☕️ Break", ROUND)
    await room.discord.wait_for(says("☕️ Break"), channel=dm)
    await room.next("Focus · 2 of 4", BREAK)
    await room.bot.until(lambda: any(says("Focus · 2 of 4")(message) for message in room.discord.messages(dm)))
    assert len([message for message in room.discord.messages(dm) if says("☕️ Break")(message)]) == 1


async def test_nobody_answers(room: Departing, monkeypatch: pytest.MonkeyPatch) -> None:
    """While Discord does not report members, everybody counts as present and phases are announced."""
    monkeypatch.setattr("bot.chat.runtime.gateway_members._ANSWER", 0.05)
    await room.open()
    room.discord.faults.silence_members()
    room.discord.leave_guild(room.ben)
    card = await room.next("☕️ Break", ROUND)
    assert len(card["mentions"]) == 3
    assert rows(room.database, "SELECT count(*) FROM participants WHERE left_at IS NULL") == [(3,)]
