"""A quiet channel: what a session leaves in it, and which of its earlier cards stay."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.focus.room import Room
from tests.chat.focus.test_focus import begin, is_live, newest
from tests.reading import Message, as_shown, buttons, choose, eventually, rows, says

PENDING = "SELECT id FROM outbox WHERE state = 'pending'"


class Quiet(Room):
    """Ann's session, which Ben and Mia have joined."""

    async def open(self, plan: str = "classic") -> Message:
        card = await begin(self.discord, plan)
        for person in (self.ben, self.mia):
            await person.click(card, "Join")
        return card

    async def next(self, title: str, seconds: float) -> Message:
        # An earlier card may be redrawn with the new phase before it is replaced.
        known = {message["id"] for message in self.discord.messages(self.general)}
        self.bot.advance(seconds)
        card = await self.discord.wait_for(
            lambda message: message["id"] not in known and says(title)(message), channel=self.general
        )
        await self.settled()
        return card

    async def settled(self) -> None:
        await self.bot.until(lambda: not rows(self.database, PENDING), step=0.01)

    def of_bot(self) -> list[Message]:
        return [message for message in self.discord.messages(self.general) if message["author"].get("bot")]

    def is_there(self, card: Message) -> bool:
        return any(message["id"] == card["id"] for message in self.discord.messages(self.general))


@pytest.fixture
def room(discord: LocalDiscord, bot: Running, tmp_path: Path) -> Quiet:
    return Quiet(discord, bot, tmp_path / "test.db")


async def test_what_a_classic_session_leaves(room: Quiet) -> None:
    """A classic session of three people leaves only its recap, besides the command: one of nine cards."""
    posted: list[str] = []
    room.discord.on_exchange.append(
        lambda exchange: posted.append(exchange.path) if exchange.route.endswith("/messages") else None
    )
    await room.open()
    for number in range(1, 5):
        await room.next("☕️ Short break" if number < 4 else "Long break", 25 * 60)
        for person in (room.ann, room.ben, room.mia):
            await person.click(newest(room.discord, room.general), "Done")
        if number < 4:
            await room.next(f"Focus · {number + 1} of 4", 5 * 60)
    recap = await room.next("All done", 15 * 60)
    assert len(posted) == 9
    assert "Who focused on what: 5 h in total by 3 people." in str(as_shown(room.discord, recap)["components"])
    assert [message["id"] for message in room.of_bot()] == [recap["id"]]
    assert len(room.discord.messages(room.general)) == 2
    assert rows(room.database, "SELECT count(*) FROM outbox WHERE kind = 'closed' AND message_id IS NULL") == [(8,)]


async def reply(room: Quiet, card: Message) -> None:
    await room.ben.say(room.general, "Nice one!", reply_to=card)


async def pin(room: Quiet, card: Message) -> None:
    await room.ben.say(room.general, "This stays.")
    room.discord.backend.places.pin(room.ben._seen(card), room.mia.user, pinned=True)


async def thread(room: Quiet, card: Message) -> None:
    await room.mia.open_thread(card, "about it")


async def miss(room: Quiet, card: Message) -> None:
    """Let the gateway begin a new session: replies to the card meanwhile were missed."""
    del card
    connections = len(room.discord.gateway.sessions)
    for session in list(room.discord.gateway.sessions.values()):
        await session.end()  # type: ignore[attr-defined]
    await room.bot.until(lambda: len(room.discord.gateway.sessions) >= connections)


@pytest.mark.parametrize("use", [reply, pin, thread], ids=lambda use: use.__name__)
async def test_a_card_in_use_stays(room: Quiet, use: Callable[[Quiet, Message], object]) -> None:
    """A card that has a reply, a pin or a thread is not deleted, but links to the next one."""
    card = await room.open()
    await use(room, card)  # type: ignore[misc]
    following = await room.next("☕️ Short break", 25 * 60)
    assert following["id"] in text_of(as_shown(room.discord, card))
    assert buttons(as_shown(room.discord, card)) == []
    last = await room.next("🍅 Focus · 2", 5 * 60)
    assert not room.is_there(following)
    assert last["id"] in text_of(as_shown(room.discord, card))
    await choose(room.ann, last, "Stop")
    recap = await room.next("Session stopped", 2)
    assert recap["id"] in text_of(as_shown(room.discord, card))
    assert "how it went" in text_of(as_shown(room.discord, card))
    assert {message["id"] for message in room.of_bot()} == {card["id"], recap["id"]}


@pytest.mark.parametrize("resumable", [True, False])
async def test_what_a_gap_may_have_missed(room: Quiet, *, resumable: bool) -> None:
    """Replies during a gateway outage arrive if it resumes; if it starts afresh, the card stays."""
    card = await room.open()
    identified = room.discord.gateway.identifies
    await room.discord.drop_gateway(resumable=resumable)
    await room.bot.until(lambda: room.discord.gateway.resumes or room.discord.gateway.identifies > identified)
    await room.next("☕️ Short break", 25 * 60)
    assert room.is_there(card) is not resumable


async def test_warnings_go_with_their_phase(room: Quiet) -> None:
    """A warning that a phase ends soon is deleted with the card of that phase."""
    await room.open("2x(20m focus, 5m break) warn")
    warning = await room.next("1 minute left in Focus 1 of 2", 19 * 60)
    card = await room.next("☕️ Break", 60)
    assert not room.is_there(warning)
    assert [message["id"] for message in room.of_bot()] == [card["id"]]


async def test_what_a_restart_may_have_missed(room: Quiet) -> None:
    """A card that may have got a reply while the bot was away stays; later ones are deleted as usual."""
    card = await room.open()
    await room.bot.stop()
    await reply(room, card)
    await room.bot.start()
    following = await room.next("☕️ Short break", 25 * 60)
    assert following["id"] in text_of(as_shown(room.discord, card))
    await room.next("🍅 Focus · 2", 5 * 60)
    assert not room.is_there(following)


async def test_a_card_that_is_gone_already(room: Quiet, log: list[dict[str, object]]) -> None:
    """Deleting a card that is already deleted succeeds, and so does a deletion whose answer was lost."""
    await room.open()
    second = await room.next("☕️ Short break", 25 * 60)
    room.discord.faults.fail("lost", only="DELETE /channels/{channel_id}/messages/{message_id}", times=1)
    third = await room.next("🍅 Focus · 2", 5 * 60)
    assert not room.is_there(second)
    assert is_live(as_shown(room.discord, third))
    assert rows(room.database, "SELECT card_id FROM timers") == [(int(third["id"]),)]
    assert not any(entry["log_level"] == "error" for entry in log)
    await eventually(lambda: not rows(room.database, PENDING))
