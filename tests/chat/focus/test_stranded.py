"""A session whose channel is gone or closed to the bot: participants are notified once; the host can move it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.localdiscord.channel import CATEGORY, Channel
from bot.localdiscord.components import walk
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.chat.focus.room import Room
from tests.chat.focus.test_focus import is_live
from tests.reading import Message, buttons, eventually, rows, says

ROUND, BREAK = 1200, 300


class Away(Room):
    """Ann's and Ben's session in a channel of its own."""

    def __init__(self, discord: LocalDiscord, bot: Running, database: Path) -> None:
        super().__init__(discord, bot, database)
        self.channel = discord.create_channel("away")

    async def open(self, typed: str = "3x(20m focus, 5m break)") -> Message:
        request = await self.ann.say(self.channel, f"!focus {typed}")
        card = await self.discord.wait_for(is_live, channel=self.channel, after=request)
        await self.ben.click(card, "Join")
        return card

    async def notice_to(self, person: Person, *words: str) -> Message:
        return await self.discord.wait_for(says(*words), channel=await person.dm())

    def texts_in(self, channel: Channel) -> list[str]:
        return [text_of(message) for message in self.discord.messages(channel) if message["author"].get("bot")]


@pytest.fixture
def away(discord: LocalDiscord, bot: Running, tmp_path: Path) -> Away:
    return Away(discord, bot, tmp_path / "test.db")


def close(away: Away) -> None:
    away.discord.deny(away.channel, "SEND_MESSAGES", user=away.discord.backend.world.bot)


@pytest.mark.parametrize(
    ("lose", "is_heard_at_once"),
    [(lambda away: away.discord.delete_channel(away.channel), True), (close, False)],
    ids=["deleted", "closed"],
)
async def test_all_are_notified_once(away: Away, lose: Callable[[Away], None], is_heard_at_once: bool) -> None:
    """All participants get one direct message; the session ends with the phase, and their focus counts."""
    await away.open()
    lose(away)
    if not is_heard_at_once:
        away.bot.advance(ROUND)
    for person in (away.ann, away.ben):
        is_host = person is away.ann
        moves = "unless you move it" if is_host else f"unless its host, <@{away.ann.id}>, moves it"
        notice = await away.notice_to(person, "I can't post in", "The session ends <t:", moves)
        assert ("Stop" in buttons(notice)) == is_host
        assert notice["mentions"] == []
    away.bot.advance(ROUND if is_heard_at_once else BREAK)
    await eventually(lambda: rows(away.database, "SELECT ending FROM sessions") == [("stranded",)])
    assert rows(away.database, "SELECT count(*), sum(focused) FROM focus_log") == [(2, 2 * ROUND * 1000)]
    for person in (away.ann, away.ben):
        assert len(away.texts_in(await person.dm())) == 1, away.texts_in(await person.dm())
    assert away.texts_in(await away.mia.dm()) == []


async def test_the_host_goes_on_elsewhere(away: Away) -> None:
    """When the host presses a channel's button, the session continues there, on a new card that pings everybody."""
    away.discord.deny(away.discord.channel("quiet"), "SEND_MESSAGES", user=away.ann.user)
    await away.open()
    away.discord.delete_channel(away.channel)
    notice = await away.notice_to(away.ann, "I can't post in a channel that's gone")
    assert "Carry on in #general" in buttons(notice)
    assert "Carry on in #quiet" not in buttons(notice)
    out = await away.ann.click(notice, "Carry on in #general")
    assert f"<#{away.general.id}>" in text_of(out.answer)
    card = await away.discord.wait_for(is_live, channel=away.general)
    assert {user["id"] for user in card["mentions"]} == {str(away.ann.id), str(away.ben.id)}
    away.bot.advance(ROUND)
    await away.discord.wait_for(says("Break"), channel=away.general, after=card)
    request = await away.ben.say(away.general, "!focus status")
    await away.discord.wait_for(says("2 people"), channel=away.general, after=request)


async def test_only_where_the_host_may_write(away: Away) -> None:
    """The press checks whether the host may write there, and whether that channel has a session already."""
    await away.open()
    away.discord.delete_channel(away.channel)
    notice = await away.notice_to(away.ann, "I can't post in")
    away.discord.deny(away.general, "SEND_MESSAGES", user=away.ann.user)
    away.bot.advance(10)
    out = await away.ann.click(notice, "Carry on in #general")
    assert "You can't post in that channel" in text_of(out.answer)
    away.discord.allow(away.general, "SEND_MESSAGES", user=away.ann.user)
    await away.mia.say(away.general, "!focus deep")
    await away.discord.wait_for(is_live, channel=away.general)
    away.bot.advance(10)
    out = await away.ann.click(notice, "Carry on in #general")
    assert "There's already a session in that channel" in text_of(out.answer)


async def test_only_where_it_can_be_held(away: Away, bot: Running) -> None:
    """A session cannot move to a channel where nobody writes, nor where the server doesn't want the bot."""
    await away.open()
    other = away.discord.create_channel("other")
    rooms = away.discord.create_channel("rooms", CATEGORY)
    away.discord.allow(away.general, "MANAGE_GUILD", user=away.mia.user)
    await away.mia.slash(away.general, "settings channel", channel=away.general.id)
    away.discord.delete_channel(away.channel)
    notice = await away.notice_to(away.ann, "I can't post in")
    assert [label for label in buttons(notice) if label.startswith("Carry on")] == ["Carry on in #general"]
    bot.advance(2)
    for place in (other, rooms):
        assert "I can't post in that channel." in await move(away, notice, place)


async def move(away: Away, notice: Message, place: Channel) -> str:
    """Press a button that moves the session to a channel which was never offered; return the answer."""
    message = away.discord.world.messages[notice["channel_id"]][notice["id"]]
    part = next(part for part in walk(message.components) if part.get("label") == "Carry on in #general")
    part["custom_id"] = f"focus:move:1:{place.id}"
    return text_of((await away.ann.click(notice, "Carry on in #general")).answer)


async def test_the_host_stops_it(away: Away) -> None:
    """The host can stop it from the direct message too; the focus so far counts."""
    await away.open()
    away.discord.delete_channel(away.channel)
    notice = await away.notice_to(away.ann, "I can't post in")
    away.bot.advance(60)
    assert (await away.ann.click(notice, "Stop")).kind == "none"
    await eventually(lambda: rows(away.database, "SELECT ending FROM sessions") == [("stopped",)])
    assert rows(away.database, "SELECT count(*) FROM focus_log") == [(2,)]


async def test_only_the_host_moves_it(away: Away) -> None:
    """After a change of host, the former host's press moves nothing."""
    await away.open()
    close(away)
    away.bot.advance(ROUND)
    notice = await away.notice_to(away.ann, "I can't post in")
    await away.ann.say(away.channel, f"!focus host <@{away.ben.id}>")
    await away.notice_to(away.ann, "is the host now")
    away.bot.advance(2)
    out = await away.ann.click(notice, "Carry on in #general")
    assert "Only the host" in text_of(out.answer)


async def test_the_recap_is_refused(away: Away) -> None:
    """If the channel closes in the last phase, all participants hear of the end by direct message."""
    await away.open("1x(20m focus)")
    close(away)
    away.bot.advance(ROUND)
    for person in (away.ann, away.ben):
        await away.notice_to(person, "All done", "our time still counts")
    assert len(away.texts_in(await away.ben.dm())) == 1
