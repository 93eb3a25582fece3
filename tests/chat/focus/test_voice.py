"""Voice channels of sessions: what people see of them, and who joins by entering them."""

from pathlib import Path

import pytest

from bot.localdiscord.channel import VOICE, Channel
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.focus.room import Room
from tests.chat.focus.test_focus import begin, is_live, newest
from tests.reading import as_shown, buttons, eventually, rows, says, shows

IN = "SELECT user_id FROM participants WHERE left_at IS NULL ORDER BY joined_at, user_id"


class Voiced(Room):
    """People, and a voice channel that not everybody can see."""

    def __init__(self, discord: LocalDiscord, bot: Running, database: Path) -> None:
        super().__init__(discord, bot, database)
        self.study = discord.channel("Study")

    def board(self) -> Channel:
        """Create a channel that Ann cannot see, with Ben in it."""
        board = self.discord.create_channel("secret-board", VOICE)
        self.discord.deny(board, "VIEW_CHANNEL", user=self.ann.user)
        return board

    def present(self) -> list[int]:
        return [user_id for (user_id,) in rows(self.database, IN)]


@pytest.fixture
def room(discord: LocalDiscord, bot: Running, tmp_path: Path) -> Voiced:
    return Voiced(discord, bot, tmp_path / "test.db")


def ids(*people: object) -> list[int]:
    return [int(person.id) for person in people]  # type: ignore[attr-defined]


async def test_people_in_voice_are_shown_but_have_not_joined(room: Voiced) -> None:
    """People in the voice channel are on the card, but nobody pings or logs them before they press Join."""
    await room.ben.join_voice(room.study)
    card = await begin(room.discord, "3x(20m focus, 5m break) voice #Study")
    sits = f"In <#{room.study.id}>, but not in the session yet (press Join): <@{room.ben.id}>"
    assert sits in text_of(card)
    assert room.present() == ids(room.ann)
    await room.mia.join_voice(room.study)
    await room.discord.wait_for(shows(card, f"<@{room.mia.id}>"), channel=room.general)
    room.bot.advance(1200)
    card = await room.discord.wait_for(says("Break", sits), channel=room.general, after=card)
    assert room.discord.pinged(card) == [room.ann.id]
    assert rows(room.database, "SELECT DISTINCT user_id FROM focus_log") == [(int(room.ann.id),)]
    assert sits in text_of(await room.ask("status"))
    await room.ben.click(card, "Join")
    await room.bot.until(lambda: sits not in text_of(newest(room.discord, room.general)))
    assert room.present() == ids(room.ann, room.ben)
    await room.mia.leave_voice()
    room.bot.advance(2)
    await room.bot.until(lambda: f"<@{room.mia.id}>" not in text_of(newest(room.discord, room.general)))
    await room.ben.leave_voice()
    await eventually(lambda: room.present() == ids(room.ann, room.ben))


async def test_opting_in_to_join_by_voice(room: Voiced) -> None:
    """People who opted in join by entering, also while the bot was away, and leave by leaving."""
    assert "you'll join a session by entering" in text_of(await room.ask("voice auto", "ben"))
    await room.ben.join_voice(room.study)
    card = await begin(room.discord, "deep voice #Study")
    assert f"<@{room.ben.id}>" in text_of(card)
    assert "not in the session yet" not in text_of(card)
    assert room.present() == ids(room.ann, room.ben)
    await room.ben.leave_voice()
    await eventually(lambda: room.present() == ids(room.ann))
    await room.bot.stop()
    await room.ben.join_voice(room.study)
    await room.mia.join_voice(room.study)
    await room.bot.start()
    await eventually(lambda: room.present() == ids(room.ann, room.ben))
    room.bot.advance(2)
    await room.bot.until(lambda: f"(press Join): <@{room.mia.id}>" in text_of(newest(room.discord, room.general)))
    await room.ask("voice auto", "mia")  # while she sits there
    await eventually(lambda: room.present() == ids(room.ann, room.ben, room.mia))
    assert "once you press Join" in text_of(await room.ask("voice off", "ben"))
    await room.ben.leave_voice()
    await eventually(lambda: room.present() == ids(room.ann, room.mia))
    await room.ben.join_voice(room.study)
    room.bot.advance(2)
    await room.bot.until(lambda: f"(press Join): <@{room.ben.id}>" in text_of(newest(room.discord, room.general)))
    await room.mia.leave_voice()  # the event comes after that
    await eventually(lambda: int(room.mia.id) not in room.present())
    assert room.present() == ids(room.ann)


async def test_a_hidden_session_cannot_be_joined_by_voice(room: Voiced) -> None:
    """Opting in does not let people into a session in a channel that is hidden from them."""
    await room.ask("voice auto", "ben")
    await room.ask("voice auto", "mia")
    room.discord.deny(room.general, "VIEW_CHANNEL", user=room.ben.user)
    for person in (room.ben, room.mia):
        await person.join_voice(room.study)
    await begin(room.discord, "deep voice #Study")
    assert room.present() == ids(room.ann, room.mia)


async def test_asked_what_voice_means(room: Voiced) -> None:
    """Without an argument the bot asks; with a channel it starts a session."""
    question = await room.ask("voice", "ben")
    await room.ben.click(question, "Yes")
    assert rows(room.database, "SELECT user_id, voice_auto FROM preferences") == [(int(room.ben.id), 1)]
    card = await begin(room.discord, "voice #Study deep")
    assert f"<#{room.study.id}>" in text_of(card)


async def test_a_hidden_channel_has_no_name(room: Voiced) -> None:
    """A voice channel that a person cannot see does not exist for them: no card, no suggestion, no other error."""
    board = room.board()
    await room.ben.join_voice(board)
    for typed in ("secret-board", "secret-bord", f"<#{board.id}>"):
        hidden = text_of(await room.ask(f"deep voice {typed if typed[0] == '<' else f'#{typed}'}"))
        assert "a voice channel" in hidden
        text = hidden.replace(f"“#{typed}”", "")
        assert "secret" not in text
        assert "board" not in text
        assert f"<@{room.ben.id}>" not in text
    nowhere = text_of(await room.ask("deep voice <#123456789012345678>"))
    assert nowhere == hidden
    assert not any(is_live(message) for message in room.discord.messages(room.general))
    card = await begin(room.discord, "deep voice #secret-board", "mia")  # who sees it
    assert f"1 person in <#{board.id}> isn't in the session yet (press Join)" in text_of(card)
    assert f"<@{room.ben.id}>" not in text_of(card)


async def test_a_channel_that_is_not_there(room: Voiced) -> None:
    """For an unknown voice channel, the same start is offered without it, or in one of a similar name."""
    asked = await room.ask("deep on math voice #Studdy")
    assert "I can't find a voice channel called" in text_of(asked)
    assert buttons(asked) == ["In #Study", "Start it without"]
    await room.ann.click(asked, "In #Study")
    await room.bot.until(lambda: f"<#{room.study.id}>" in text_of(as_shown(room.discord, asked)))
    card = text_of(as_shown(room.discord, asked))
    assert "1 of 3" in card
    assert "math" in card


async def test_a_voice_channel_that_one_may_not_join(room: Voiced) -> None:
    """A voice channel that a person can see but not join cannot be linked by them."""
    room.discord.deny(room.study, "CONNECT", user=room.ann.user)
    assert "can't join that voice channel" in text_of(await room.ask("deep voice #Study"))
    assert rows(room.database, "SELECT id FROM timers") == []


async def test_coming_into_voice_is_a_sign(room: Voiced) -> None:
    """Entering the voice channel counts as activity for a participant; being there before does not."""
    await room.bot.stop()
    await room.bot.start(focus_idle_rounds=1)
    card = await begin(room.discord, "3x(20m focus, 5m break) voice #Study")
    for seconds, title in ((1200, "Break"), (300, "Focus ·")):
        room.bot.advance(seconds)
        card = await room.discord.wait_for(says(title), channel=room.general, after=card)
    silent = f"SELECT silent FROM participants WHERE user_id = {room.ann.id}"
    assert rows(room.database, silent) == [(1,)] or rows(room.database, silent) == [(2,)]
    await room.ann.join_voice(room.study)
    await eventually(lambda: rows(room.database, silent) == [(0,)])
