"""A person's right to their data, as they exercise it; and servers that the bot leaves."""

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

SEEN = "People in a session with you can see what you do there. Your focus time is"
LEFT = "SELECT guild_id FROM left_guilds"


@pytest.fixture
async def briefly(
    discord: LocalDiscord, clock: ManualClock, sqlite: str, tmp_path: Path
) -> AsyncIterator[Counting]:
    """People, and a bot that keeps a server's data for two days after leaving it."""
    running = Running(discord, clock, sqlite)
    await running.start(keep_left_guild_days=2)
    yield Counting(running, tmp_path / "test.db")
    await running.stop()


async def export(*messages: Message) -> dict[str, Any]:
    """Download the files of messages, and return the contents of their JSON."""
    files = []
    async with aiohttp.ClientSession() as session:
        for message in messages:
            (file,) = [component for component in message["components"] if component["type"] == 13]
            async with session.get(file["file"]["url"]) as response:
                files.append(await response.read())
    whole, tabled = unpacked(files)
    assert whole.keys() == tabled.keys()
    return whole


async def live(count: Counting) -> None:
    """Give Ann some data of every kind, and Ben too."""
    for person in (count.ann, count.ben):
        await count.ask("!pomodoro tea 5m", person)
        await count.ask("!remind 3h stretch", person)
        await count.did(person, (NOON - 60 * M, 25, "write"))


async def test_the_overview(count: Counting) -> None:
    """A few lines say what is stored, why, for how long, who sees it, and how to change that."""
    typed = lines(await count.see("!privacy"))
    assert typed == [
        "What I store about you, and why:",
        "- your timers, sessions and reminders, until 30 days after they end: so I can deliver them",
        "- your focus log (when, how long, where, on what), until you delete it: so I can add it up for you",
        "- what you've told me about yourself (time zone, goal, days off, plans): so I can use it",
        "- what I've asked you when I wasn't sure, for a day: so you can answer in one press",
        f"{SEEN} **private**; `/privacy share` shows it in the servers we're both in.",
        "A server's data is deleted 30 days after I'm removed from it; your focus log stays yours.",
        "`/privacy export` gives you all of it. `/privacy delete` deletes it.",
    ]
    assert "on the leaderboards" in text_of(await count.ask("!privacy share"))
    by_slash_command = lines(await count.use("privacy show"))
    assert (
        by_slash_command[5]
        == f"{SEEN} **shared** with the servers we're both in; `/privacy unshare` makes it private."
    )


async def test_show(count: Counting) -> None:
    """The typed name shows the same; its help has an example of each command."""
    assert lines(await count.see("!privacy show")) == lines(await count.see("!privacy"))
    text = text_of(await count.use("help", topic="privacy"))
    for verb in ("show", "share", "unshare", "export", "delete"):
        assert f"`/privacy {verb}`" in text


async def test_share(count: Counting) -> None:
    """A person's focus is on a leaderboard only while they share it."""
    await count.did(count.ann, (NOON, 25, None))
    own = f"🥇 <@{count.ann.id}> · 25 min"
    for command, shared in (("share", True), ("unshare", False), ("share", True)):
        text = text_of(await (count.use(f"privacy {command}") if shared else count.ask(f"!privacy {command}")))
        assert ("on the leaderboards" in text) is shared
        board = await count.ask("!leaderboard", count.ben)
        assert (own in lines(board)) is shared


async def test_export(count: Counting, discord: LocalDiscord) -> None:
    """All stored data comes as a file: by direct message where it was typed, ephemerally by slash command."""
    await live(count)
    assert text_of(await count.ask("!privacy export")) == "I've sent it to you by DM."
    direct = await discord.wait_for(says("Here's everything I store about you"), channel=await count.ann.dm())
    whole = await export(direct)
    assert [(row["name"], row["owner_id"]) for row in whole["timers"]] == [
        ("tea", int(count.ann.id)),
        ("stretch", int(count.ann.id)),
    ]
    assert [row["task"] for row in whole["focus_log"]] == ["write"]
    alone = await count.use("privacy export")
    assert await export(alone) == whole
    request = await count.ann.say(await count.ann.dm(), "!privacy export")
    there = await discord.wait_for(says("everything I store"), channel=await count.ann.dm(), after=request)
    assert await export(there) == whole


async def test_export_in_parts(count: Counting, discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data too large for one file comes in several numbered messages, complete."""
    await live(count)
    whole = await export(await count.use("privacy export"))
    monkeypatch.setattr(archive, "LARGEST", archive._RESERVE + 500)
    await count.ask("!privacy export")
    direct = discord.messages(await count.ann.dm())
    last = f"part {len(direct)} of {len(direct)} of"
    answer = await count.use("privacy export")
    await discord.wait_for(says(last), channel=count.general, reader=count.ann)
    alone = [
        message for message in discord.messages(count.general, count.ann) if int(message["id"]) >= int(answer["id"])
    ]
    for parts in (direct, alone):
        assert len(parts) == len(direct) > 2
        assert [text_of(part).partition(" everything")[0] for part in parts] == [
            f"Here's part {number + 1} of {len(parts)} of" for number in range(len(parts))
        ]
        assert await export(*parts) == whole


async def test_export_without_direct_messages(count: Counting, discord: LocalDiscord) -> None:
    """A person who blocks direct messages is offered another way; nobody else sees anything."""
    await live(count)
    discord.block_dm(count.ann)
    text = text_of(await count.ask("!privacy export"))
    assert "`/privacy export` shows it here, just to you" in text
    assert not [message for message in discord.messages(count.general) if "everything I store" in text_of(message)]
    assert (await export(await count.use("privacy export")))["timers"]


async def test_delete(count: Counting, discord: LocalDiscord, log: list[dict[str, Any]]) -> None:
    """Deletion is confirmed first; declined, everything stays; accepted, the answer says what was deleted."""
    await live(count)
    question = await count.see("!privacy delete")
    assert "for good" in text_of(question)
    assert buttons(question) == ["Delete everything", "Keep it"]
    before = count.kept()
    kept = await count.press(question, "Keep it")
    assert (text_of(kept), buttons(kept)) == ("Nothing was deleted.", [])
    assert count.kept() == before
    again = await count.use("privacy delete")
    first, second = await asyncio.gather(*(count.ann.click(again, "Delete everything") for _ in range(2)))
    assert {first.kind, second.kind} == {"none"}
    gone = await discord.wait_for(says("Deleted for good"), reader=count.ann)
    assert lines(gone) == [
        "Deleted for good:",
        "- 2 timers, sessions and reminders",
        "- 1 entry in your focus log",
        "- 1 question I asked you",
    ]
    assert buttons(gone) == []
    ann = count.ann.id
    assert not [row for table in count.kept() for row in table if int(ann) in row]
    count.bot.advance(4 * 3600)
    await discord.wait_for(says("stretch", count.ben.mention))
    called = [
        message
        for message in discord.messages(count.general)
        if ann in [user["id"] for user in message["mentions"]]
    ]
    assert called == []
    (still,) = [message for message in discord.messages(count.general, count.ann) if message["id"] == gone["id"]]
    assert text_of(still) == text_of(gone)  # the second press deleted nothing of it
    assert {line["event"] for line in log if line["log_level"] in {"warning", "error"}} <= {"clock_skew"}
    assert "No focus time yet" in text_of(await count.see("!stats"))


async def test_delete_says_what_servers_keep(count: Counting, discord: LocalDiscord) -> None:
    """A person who shares is told that the anonymous sum stays, and only that remains with the server."""
    await live(count)
    assert "Servers keep" not in text_of(await count.see("!privacy delete"))
    await count.ask("!privacy share")
    question = await count.see("!privacy delete")
    assert "Servers keep the total you've shared with them, without your name." in text_of(question)
    await count.ann.click(question, "Delete everything")
    await discord.wait_for(says("Deleted for good"), reader=count.ann)
    assert lines(await count.ask("!stats server"))[-2] == "-# and 25 min by people whose data was deleted"


async def test_queued_messages_are_deleted_too(count: Counting, discord: LocalDiscord) -> None:
    """Messages queued during an outage are not sent if the person deletes their data meanwhile."""
    for who, name in ((count.ann, "secret"), (count.ben, "eggs"), (count.ann, "thesis")):
        await count.ask(f"!pomodoro {name} 5m", who)
    fault = discord.faults.fail("503", only="POST /channels/{channel_id}/messages")
    count.bot.advance(300)
    await count.bot.until(lambda: fault.struck >= 2)
    asked = await count.use("privacy delete")
    await count.ann.click(asked, "Delete everything")
    await discord.wait_for(says("Deleted for good"), reader=count.ann)
    fault.off()
    await count.bot.until(lambda: any(map(says("POMODORO! eggs"), discord.messages(count.general))))
    await eventually(lambda: not count.rows("SELECT id FROM outbox WHERE state = 'pending'"))
    announcements = [
        text_of(message) for message in discord.messages(count.general) if "POMODORO" in text_of(message)
    ]
    assert not [
        words for words in announcements if "secret" in words or "thesis" in words or count.ann.mention in words
    ]


async def test_nothing_to_delete(count: Counting, discord: LocalDiscord) -> None:
    """A person without data is told that there is nothing to delete."""
    await count.ben.click(await count.use("privacy delete", count.ben), "Delete everything")
    await discord.wait_for(says("There was nothing to delete."), reader=count.ben)


async def test_no_rule_of_a_server_stands_in_the_way(count: Counting, discord: LocalDiscord) -> None:
    """People can ask for their data also in channels where the server doesn't want the bot used."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.mia.slash(count.general, "settings channel", channel=count.focus.id)
    assert "What I store about you" in text_of(await count.see("!privacy"))
    assert (await count.use("privacy export"))["components"]
    assert f"<#{count.focus.id}>" in text_of(await count.use("goal"))


def is_noted(count: Counting, expected: list[Any]) -> bool:
    """Return whether the bot has recorded the servers it has left."""
    return count.rows(LEFT) == expected


def has_none(count: Counting, statement: str) -> bool:
    """Return whether the database has no such row."""
    return not count.rows(statement)


async def days_pass(count: Counting, days: float) -> None:
    """Let days pass, hour by hour, with housekeeping and due timers."""
    due = "SELECT id FROM timers WHERE state = 'running' AND due_at <= {}"
    for _ in range(round(days * 24)):
        count.bot.advance(3600)
        now = round(count.bot.clock.now().timestamp() * 1000)
        await eventually(partial(has_none, count, due.format(now)))


async def test_a_server_that_the_bot_leaves(briefly: Counting, discord: LocalDiscord) -> None:
    """A server's data is deleted some days after the bot was removed from it; people's own logs stay."""
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
    assert "**all time** 30 min" in text_of(await briefly.see("!stats all", briefly.ben))


async def test_a_server_that_the_bot_comes_back_to(briefly: Counting, discord: LocalDiscord) -> None:
    """Nothing is deleted if the bot returns in time, whether it saw both events or missed either."""
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
    """A server in an outage is not mistaken for one that the bot has left."""
    await count.ask("!pomodoro tea 5m")
    event = {"id": discord.guild.id, "unavailable": True}
    discord.backend.events.emit("GUILD_DELETE", event, guild_id=discord.guild.id)
    request = await count.ann.say(await count.ann.dm(), "!privacy")
    await discord.wait_for(says("What I store"), channel=await count.ann.dm(), after=request)  # it has heard both
    await count.bot.stop()
    assert count.rows(LEFT) == []
    await count.bot.start()
    assert "tea" in text_of(await count.ask("!pomodoro list"))


async def test_without_a_common_server(count: Counting) -> None:
    """A person who shares no server with the bot, but has installed it, can do all of it by direct message."""
    await live(count)
    count.ben.install()
    count.discord.leave_guild(count.ben)
    dm = await count.ben.dm()
    assert "What I store about you" in text_of(await count.use("privacy show", count.ben, dm))
    assert "on the leaderboards" in text_of(await count.use("privacy share", count.ben, dm))
    assert "time is private" in text_of(await count.use("privacy unshare", count.ben, dm))
    whole = await export(await count.use("privacy export", count.ben, dm))
    assert {str(timer["owner_id"]) for timer in whole["timers"]} == {str(count.ben.id)}
    question = await count.use("privacy delete", count.ben, dm)
    label = next(label for label in buttons(question) if "elete" in label)
    await count.ben.click(question, label)
    await eventually(lambda: not count.rows(f"SELECT 1 FROM timers WHERE owner_id = {count.ben.id}"))
    assert count.rows(f"SELECT 1 FROM focus_log WHERE user_id = {count.ben.id}") == []
    assert count.rows(f"SELECT 1 FROM focus_log WHERE user_id = {count.ann.id}") != []
