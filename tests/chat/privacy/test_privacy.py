"""Each person's right to their data, as they use it; and servers that the bot leaves."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.localdiscord.local import LocalDiscord, text_of
from bot.service import archive
from tests.chat.conftest import Running
from tests.chat.counting import NOON, Counting, M, lines
from tests.clock import ManualClock
from tests.reading import Message, buttons, eventually, says, unpacked

SEEN = "Others see what you do in a session with them, and your sums if you share those; they are"
LEFT = "SELECT guild_id FROM left_guilds"


@pytest.fixture
def count(bot: Running, tmp_path: Path) -> Counting:
    return Counting(bot, tmp_path / "test.db")


@pytest.fixture
async def briefly(
    discord: LocalDiscord, clock: ManualClock, sqlite: str, tmp_path: Path
) -> AsyncIterator[Counting]:
    """People and a bot that keeps what is a server's for two days after it has left it."""
    running = Running(discord, clock, sqlite)
    await running.start(keep_left_guild_days=2)
    yield Counting(running, tmp_path / "test.db")
    await running.stop()


async def export(*messages: Message) -> dict[str, Any]:
    """Download the files of messages, and give what their JSON has."""
    files = []
    async with aiohttp.ClientSession() as session:
        for message in messages:
            (file,) = [one for one in message["components"] if one["type"] == 13]
            async with session.get(file["file"]["url"]) as response:
                files.append(await response.read())
    whole, tabled = unpacked(files)
    assert whole.keys() == tabled.keys()
    return whole


async def live(count: Counting) -> None:
    """Let Ann have a bit of everything, and Ben too."""
    for who in (count.ann, count.ben):
        await count.ask("!pomodoro tea 5m", who)
        await count.ask("!remind 3h stretch", who)
        await count.did(who, (NOON - 60 * M, 25, "write"))


async def test_what_is_kept(count: Counting) -> None:
    """What is kept, why, for how long, and who sees it is said in a few lines, with the way to change it."""
    said = lines(await count.ask("!privacy"))
    assert said == [
        "What I keep of you, and why:",
        "- your timers, sessions and reminders, until 30 days after they are over: to bring them to you",
        "- what came of your focus (when, how long, where, on what), until you delete it: to sum it up for you",
        "- what you have told me of yourself (time zone, goal, days off, plans): to go by it",
        f"{SEEN} **yours alone**. With `!privacy share` the servers that we are both in see them.",
        "A server's data goes 30 days after I was taken out of it; your focus log stays yours.",
        "`!privacy export` gives you all of it, `!privacy delete` deletes it.",
    ]
    assert "on the leaderboards" in text_of(await count.ask("!privacy share"))
    shown = lines(await count.use("privacy show"))
    assert shown[4].endswith(
        "they are **shared**. With `/privacy unshare` the servers that we are both in no longer see them."
    )


async def test_show(count: Counting) -> None:
    """It is shown as well where its name is typed; help on it has an example of each command."""
    assert lines(await count.ask("!privacy show")) == lines(await count.ask("!privacy"))
    shown = text_of(await count.use("help", topic="privacy"))
    for verb in ("show", "share", "unshare", "export", "delete"):
        assert f"`/privacy {verb}`" in shown


async def test_share(count: Counting) -> None:
    """Nobody's focus is on a leaderboard before they share it, nor after they have thought better of it."""
    await count.did(count.ann, (NOON, 25, None))
    own = f"🥇 <@{count.ann.id}> · 25 min"
    for command, shared in (("share", True), ("unshare", False), ("share", True)):
        said = text_of(await (count.use(f"privacy {command}") if shared else count.ask(f"!privacy {command}")))
        assert ("on the leaderboards" in said) is shared
        board = await count.ask("!leaderboard", count.ben)
        assert (own in lines(board)) is shared


async def test_export(count: Counting, discord: LocalDiscord) -> None:
    """All that is kept comes as a file: directly where it was typed, for that person alone by slash command."""
    await live(count)
    assert text_of(await count.ask("!privacy export")) == "I have sent it to you directly."
    direct = await discord.wait_for(says("This is all that I keep of you"), channel=await count.ann.dm())
    whole = await export(direct)
    assert [(row["name"], row["owner_id"]) for row in whole["timers"]] == [
        ("tea", int(count.ann.id)),
        ("stretch", int(count.ann.id)),
    ]
    assert [row["task"] for row in whole["focus_log"]] == ["write"]
    alone = await count.use("privacy export")
    assert await export(alone) == whole
    asked = await count.ann.say(await count.ann.dm(), "!privacy export")
    there = await discord.wait_for(says("all that I keep"), channel=await count.ann.dm(), after=asked)
    assert await export(there) == whole


async def test_export_in_parts(count: Counting, discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large for one file comes in several messages, each numbered, of which none is lost."""
    await live(count)
    whole = await export(await count.use("privacy export"))
    monkeypatch.setattr(archive, "LARGEST", archive._RESERVE + 500)
    await count.ask("!privacy export")
    direct = discord.messages(await count.ann.dm())
    last = f"part {len(direct)} of {len(direct)} of"
    asked = await count.use("privacy export")
    await discord.wait_for(says(last), channel=count.general, reader=count.ann)
    alone = [one for one in discord.messages(count.general, count.ann) if int(one["id"]) >= int(asked["id"])]
    for parts in (direct, alone):
        assert len(parts) == len(direct) > 2
        assert [text_of(one).partition(" all")[0] for one in parts] == [
            f"This is part {number + 1} of {len(parts)} of" for number in range(len(parts))
        ]
        assert await export(*parts) == whole


async def test_export_to_who_takes_no_direct_messages(count: Counting, discord: LocalDiscord) -> None:
    """Who takes no direct messages is told of the way that needs none; nobody else gets to see anything."""
    await live(count)
    discord.block_dm(count.ann)
    said = text_of(await count.ask("!privacy export"))
    assert "`/privacy export` gives it to you here, and you alone see it" in said
    assert not [one for one in discord.messages(count.general) if "all that I keep" in text_of(one)]
    assert (await export(await count.use("privacy export")))["timers"]


async def test_delete(count: Counting, discord: LocalDiscord, log: list[dict[str, Any]]) -> None:
    """A delete is asked about once; others cannot answer; kept, all is as it was; deleted, it is said what was."""
    await live(count)
    asked = await count.ask("!privacy delete")
    assert "for good" in text_of(asked)
    assert buttons(asked) == ["Delete it all", "Keep it"]
    before = count.kept()
    for button in ("Delete it all", "Keep it"):
        assert "somebody else" in text_of((await count.ben.click(asked, button)).answer)
    kept = await count.press(asked, "Keep it")
    assert (text_of(kept), buttons(kept)) == ("Nothing was deleted.", [])
    assert count.kept() == before
    again = await count.use("privacy delete")
    first, second = await asyncio.gather(*(count.ann.click(again, "Delete it all") for _ in range(2)))
    assert {first.kind, second.kind} == {"none"}
    gone = await discord.wait_for(says("Deleted for good"), reader=count.ann)
    assert lines(gone) == [
        "Deleted for good:",
        "- 2 timers, sessions and reminders",
        "- 1 entry of your focus log",
    ]
    assert buttons(gone) == []
    ann = count.ann.id
    assert not [row for table in count.kept() for row in table if int(ann) in row]
    count.bot.advance(4 * 3600)
    await discord.wait_for(says("stretch", count.ben.mention))
    called = [one for one in discord.messages(count.general) if ann in [user["id"] for user in one["mentions"]]]
    assert called == []
    (still,) = [one for one in discord.messages(count.general, count.ann) if one["id"] == gone["id"]]
    assert text_of(still) == text_of(gone)  # the second press has taken nothing of it away
    assert {line["event"] for line in log if line["log_level"] in {"warning", "error"}} <= {"clock_skew"}
    assert "Nothing in your focus log yet" in text_of(await count.ask("!stats"))


async def test_delete_says_what_servers_keep(count: Counting, discord: LocalDiscord) -> None:
    """Who shares is told that the bare sum stays; and that is what the server still has."""
    await live(count)
    assert "Servers keep" not in text_of(await count.ask("!privacy delete"))
    await count.ask("!privacy share")
    asked = await count.ask("!privacy delete")
    assert "Servers keep the sum of what you have shared with them, without your name." in text_of(asked)
    await count.ann.click(asked, "Delete it all")
    await discord.wait_for(says("Deleted for good"))
    assert lines(await count.ask("!stats server"))[-1] == "-# and 25 min by people whose data was deleted"


async def test_nothing_to_delete(count: Counting, discord: LocalDiscord) -> None:
    """Of who has nothing there is nothing to delete, and that is said."""
    await count.ben.click(await count.ask("!privacy delete", count.ben), "Delete it all")
    await discord.wait_for(says("There was nothing to delete."))


async def test_no_rule_of_a_server_stands_in_the_way(count: Counting, discord: LocalDiscord) -> None:
    """What is kept of somebody they can ask for also where a server wants the bot used in other channels."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.mia.slash(count.general, "settings channel", channel=count.focus.id)
    assert "What I keep of you" in text_of(await count.ask("!privacy"))
    assert (await count.use("privacy export"))["components"]
    assert f"<#{count.focus.id}>" in text_of(await count.use("goal"))


def is_noted(count: Counting, expected: list[Any]) -> bool:
    """Tell whether the bot has noted which servers it has left."""
    return count.rows(LEFT) == expected


def has_none(count: Counting, statement: str) -> bool:
    """Tell whether the database has no such row."""
    return not count.rows(statement)


async def days_pass(count: Counting, days: float) -> None:
    """Let days pass, hour by hour, in each of which the bot tidies up and ends what is due."""
    due = "SELECT id FROM timers WHERE state = 'running' AND due_at <= {}"
    for _ in range(round(days * 24)):
        count.bot.advance(3600)
        now = round(count.bot.clock.now().timestamp() * 1000)
        await eventually(partial(has_none, count, due.format(now)))


async def test_a_server_that_the_bot_leaves(briefly: Counting, discord: LocalDiscord) -> None:
    """What was kept of a server goes so many days after the bot was taken out of it; one's own log stays."""
    await live(briefly)
    await briefly.ask("!pomodoro pause tea")
    discord.kick_bot()
    await eventually(partial(is_noted, briefly, [(int(discord.guild.id),)]))
    await days_pass(briefly, 1.9)
    assert briefly.rows("SELECT count(*) FROM timers WHERE name = 'tea'") == [(2,)]
    await briefly.bot.until(lambda: briefly.rows("SELECT guild_id FROM timers") == [], step=3600)
    assert briefly.rows(LEFT) == []
    assert briefly.rows("SELECT DISTINCT guild_id, channel_id FROM focus_log") == [(None, 0)]
    discord.invite_bot()
    assert "**all time** 30 min" in text_of(await briefly.ask("!stats all", briefly.ben))


async def test_a_server_that_the_bot_comes_back_to(briefly: Counting, discord: LocalDiscord) -> None:
    """Nothing goes where the bot is back in time, whether it was there to see both or away for either."""
    await briefly.ask("!pomodoro tea 5m")
    await briefly.ask("!pomodoro pause tea")
    for is_there in (True, False):
        for move in (discord.kick_bot, discord.invite_bot):
            if is_there:
                move()
            else:
                await briefly.bot.stop()
                move()
                await briefly.bot.start()
            await eventually(partial(is_noted, briefly, [(int(discord.guild.id),)] * (move == discord.kick_bot)))
            await days_pass(briefly, 1.5)
    await days_pass(briefly, 3)
    assert "tea" in text_of(await briefly.ask("!pomodoro list"))


async def test_an_outage_is_no_leaving(count: Counting, discord: LocalDiscord) -> None:
    """A server that Discord cannot reach for a while is not taken for one that the bot has left."""
    await count.ask("!pomodoro tea 5m")
    event = {"id": discord.guild.id, "unavailable": True}
    discord.backend.events.emit("GUILD_DELETE", event, guild_id=discord.guild.id)
    asked = await count.ann.say(await count.ann.dm(), "!privacy")
    await discord.wait_for(says("What I keep"), channel=await count.ann.dm(), after=asked)  # it has heard both
    await count.bot.stop()
    assert count.rows(LEFT) == []
    await count.bot.start()
    assert "tea" in text_of(await count.ask("!pomodoro list"))
