"""A server's leaderboards and sums cover its current members."""

from pathlib import Path

import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.counting import DAY, NOON, Counting, alt, lines
from tests.reading import change, says

# People who left long ago, with more focus than all members.
LEAVERS = range(1_000, 1_250)


@pytest.fixture
async def count(bot: Running, tmp_path: Path) -> Counting:
    """Ann and Ben, who share their focus: an hour and two."""
    counting = Counting(bot, tmp_path / "test.db")
    for person, minutes in ((counting.ann, 60), (counting.ben, 120)):
        await counting.prefers(person, shares=True)
        await counting.did(person, (NOON - DAY, minutes, None))
    return counting


async def test_the_board(count: Counting) -> None:
    """A person who left the server is on no leaderboard; if they come back, they are again."""
    assert f"<@{count.ben.id}>" in text_of(await count.ask("!leaderboard"))
    count.discord.leave_guild(count.ben)
    count.bot.advance(200)
    board = await count.ask("!leaderboard")
    assert lines(board)[1] == f"🥇 <@{count.ann.id}> · 1 h"
    assert f"<@{count.ben.id}>" not in text_of(board)
    count.discord.moderation.welcome(count.ben)
    count.bot.advance(200)
    assert f"<@{count.ben.id}>" in text_of(await count.ask("!leaderboard"))


async def test_the_sums(count: Counting) -> None:
    """A server's sums, and the picture of its week, exclude people who left it."""
    count.discord.leave_guild(count.ben)
    answer = await count.use("stats server")
    assert lines(answer)[0] == "**This week** 1 h · **in total** 1 h by 1 person who shares it"
    assert "1 h in total" in alt(answer)


async def test_the_digest(count: Counting, discord: LocalDiscord) -> None:
    """The weekly digest names nobody who has left the server meanwhile."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.ask("!stats digest #general".replace("#general", f"<#{count.general.id}>"), count.mia)
    count.discord.leave_guild(count.ben)
    count.bot.advance(86_400)
    message = await discord.wait_for(says(f"<@{count.ann.id}>"), channel=count.general)
    assert f"<@{count.ben.id}>" not in text_of(message)
    assert "1 h in total" in alt(message)


async def test_a_board_is_full_of_members(count: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many have left, leaderboards, digests and sums cover members only."""
    monkeypatch.setattr("bot.service.focus_log._ASKED", 100)
    await leave_before(count)
    for command in ("!leaderboard", "!leaderboard all"):
        assert lines(await count.ask(command))[1:3] == [
            f"🥇 <@{count.ben.id}> · 2 h",
            f"🥈 <@{count.ann.id}> · 1 h",
        ]
    answer = await count.use("stats server")
    assert lines(answer)[0] == "**This week** 3 h · **in total** 3 h by 2 people who share it"
    assert "3 h in total" in alt(answer)
    count.discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.ask(f"!stats digest <#{count.general.id}>", count.mia)
    count.bot.advance(86_400)
    message = await count.discord.wait_for(says("The week from", f"<@{count.ann.id}>"), channel=count.general)
    assert lines(message)[1] == "3 h of focus"


async def leave_before(count: Counting) -> None:
    """Let many people have focused three hours each, shared that, and left."""
    people = "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    ended = round((NOON - DAY).timestamp() * 1000)
    await change(
        count.database,
        f"{people} INSERT INTO focus_log"
        " (user_id, guild_id, channel_id, timer_id, began_at, ended_at, focused, outcome, added)"
        f" SELECT i, ?, 1, 1, {ended - 3 * 3_600_000}, {ended}, {3 * 3_600_000}, 'finished', 0 FROM n",
        LEAVERS[0], LEAVERS[-1], int(count.discord.guild.id),
    )  # fmt: skip
    shares = f"{people} INSERT INTO preferences (user_id, zone_asked, shares) SELECT i, 0, 1 FROM n"
    await change(count.database, shares, LEAVERS[0], LEAVERS[-1])


async def test_one_answer_is_waited_for(count: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many people share, a leaderboard waits once if Discord does not report members."""
    monkeypatch.setattr("bot.chat.runtime.gateway_members._ANSWER", 0.05)
    silence = count.discord.faults.silence_members()
    await leave_before(count)
    assert f"<@{LEAVERS[0]}>" in text_of(await count.ask("!leaderboard"))
    assert silence.struck == 1


async def test_unknown(count: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """While Discord does not report members, everybody counts."""
    monkeypatch.setattr("bot.chat.runtime.gateway_members._ANSWER", 0.05)
    count.discord.faults.silence_members()
    count.discord.leave_guild(count.ben)
    assert f"<@{count.ben.id}>" in text_of(await count.ask("!leaderboard"))
