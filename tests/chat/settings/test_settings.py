import re
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.channel import Channel
from bot.localdiscord.guild import Role
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.clock import ManualClock
from tests.reading import Message, buttons, says, until_synced


async def say(discord: LocalDiscord, person: Person, words: str, where: Channel, *answer: str) -> Message:
    request = await person.say(where, words)
    return await discord.wait_for(says(*answer), channel=where, after=request)


async def set_(discord: LocalDiscord, command: str, **options: Any) -> str:
    """Let mia, who manages the server, set something; return the answer."""
    outcome = await discord.person("mia").slash(discord.channel("general"), f"settings {command}", **options)
    assert outcome.kind == "message", outcome.reason
    return text_of(outcome.answer)


async def test_a_prefix_of_its_own(discord: LocalDiscord, bot: Running) -> None:
    """A server has its own prefix, in examples and after a restart; mentions and direct messages still work.

    Invisible characters around it are ignored.
    """
    ann, general, dm = discord.person("ann"), discord.channel("general"), await discord.person("ann").dm()
    assert "Prefix: `?`" in await set_(discord, "prefix", prefix="\N{ZERO WIDTH SPACE}?")
    await bot.stop()
    await bot.start()
    await ann.say(general, "!pomodoro unheard 5m")
    await say(discord, ann, "\N{ZERO WIDTH SPACE}?\N{WORD JOINER}pomodoro cancel", general, "Try `?pomodoro 25m`")
    await say(discord, ann, "?pomodoro cancel", general, "Try `?pomodoro 25m`")
    await say(discord, ann, f"<@{discord.bot.id}> help", general, "`?pomodoro 5m`")
    await say(discord, ann, "!help", dm, "`!pomodoro 5m`")
    assert not any(
        "unheard" in text_of(message) for message in discord.messages(general) if message["author"].get("bot")
    )
    assert "Prefix: `!`" in await set_(discord, "prefix")


async def test_only_where_it_is_wanted(discord: LocalDiscord, bot: Running) -> None:
    """In a channel that the server excludes, the bot says where it may be used, and does nothing."""
    ann, general, room = discord.person("ann"), discord.channel("general"), discord.channel("focus")
    assert f"I only work in <#{room.id}>" in await set_(discord, "channel", channel=room)
    await say(discord, ann, "!pomodoro tea 5m", general, f"I only work in <#{room.id}>")
    refused = await ann.slash(general, "pomodoro start", name="tea", duration="5m")
    assert refused.answer["flags"] & 64
    assert "I only work in" in text_of(refused.answer)
    thread = await ann.open_thread(await ann.say(room, "hello"), "in there")
    await say(discord, ann, "!pomodoro tea 5m", thread, "### 🍅 tea")
    await say(discord, ann, "!help", general, "Three things to try")
    assert "I work in every channel" in await set_(discord, "channel", channel=room)
    await say(discord, ann, "!pomodoro eggs 5m", general, "### 🍅 eggs")


async def test_a_plan_of_its_own(discord: LocalDiscord, bot: Running) -> None:
    """A session started without a plan takes the server's; one with a plan takes that."""
    ann, room = discord.person("ann"), discord.channel("focus")
    assert "2x(10m focus, 2m break)" in await set_(discord, "plan", plan="2x(10m focus, 2m break)")
    card = await say(discord, ann, "!focus", room, "Focus · 1 of 2")
    assert "24 min in total" in text_of(card)
    await say(discord, ann, "!focus stop", room, "Session stopped")
    bot.advance(2)
    await say(discord, ann, "!focus classic", room, "Focus · 1 of 4")


async def test_who_may_start_and_keep(discord: LocalDiscord, clock: ManualClock, sqlite: str) -> None:
    """A role can be required to start sessions and to control others'; moderators may in any case."""
    ann, ben, mia = (discord.person(name) for name in ("ann", "ben", "mia"))
    role = Role("1191170009999999999", "Timekeeper", 0)
    discord.guild.roles[role.id] = role
    discord.guild.members[ben.id].roles.append(role.id)
    bot, room = Running(discord, clock, sqlite), discord.channel("focus")
    await bot.start()
    for command in ("starters", "keepers"):
        assert f"<@&{role.id}> and moderators" in await set_(discord, command, role=role)
    await say(discord, ann, "!focus", room, f"Only <@&{role.id}>")
    await say(discord, mia, "!focus", room, "Focus · 1 of 4")
    await say(discord, ann, "!focus pause", room, "Only the host or a moderator")
    bot.advance(2)
    await say(discord, ben, "!focus pause", room, "Paused for everyone")
    assert "other people's timers and sessions: moderators" in await set_(discord, "keepers")
    await say(discord, ben, "!focus resume", room, "Only the host or a moderator")
    await bot.stop()


async def test_fewer_timers(discord: LocalDiscord, bot: Running) -> None:
    """A server may allow fewer timers at once than the operator does, and not more."""
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    assert "from 1 to 500" in await set_(discord, "timers", most=501)
    assert "from 1 to 500" in await set_(discord, "timers", most=0)
    assert "Timers at once: 1 " in await set_(discord, "timers", most=1)
    await say(discord, ann, "!pomodoro tea 5m", general, "### 🍅 tea")
    await say(discord, ben, "!pomodoro eggs 5m", general, "This server has 1 timers running")


async def test_not_for_everybody(discord: LocalDiscord, bot: Running) -> None:
    """Without Manage Server, people can view the settings but not change them, nor are they asked about them."""
    ann, general = discord.person("ann"), discord.channel("general")
    await say(discord, ann, "!settings prefix ?", general, "You need Manage Server")
    await say(discord, ann, "!settings zone EST", general, "You need Manage Server")
    await say(discord, ann, "!settings zone", general, "You need Manage Server")
    message = await say(discord, ann, "!settings", general, "My settings in this server")
    assert re.search(r"Prefix: `!`", text_of(message))
    await say(discord, ann, "!settings", await ann.dm(), "That only works in a server")


@pytest.mark.parametrize(
    ("prefix", "allowed"),
    [
        (" ", "?"),
        ("/", "?"),
        ("@x", "x"),
        ("/ !", "!"),
        ("\N{ZERO WIDTH SPACE}", "?"),
        ("<a b\N{RIGHT-TO-LEFT OVERRIDE}", "ab"),
        ("x" * 11, "x" * 10),
        ("`!", "!"),
    ],
)
async def test_wrong_prefixes(discord: LocalDiscord, bot: Running, prefix: str, allowed: str) -> None:
    """A prefix that could not be typed, or would be ambiguous, is refused, and a corrected one suggested."""
    answer = await set_(discord, "prefix", prefix=prefix)
    assert "A prefix is 1 to 10 characters" in answer
    assert f"Try `/settings prefix prefix: {allowed}`" in answer


async def test_help_for_a_newcomer(discord: LocalDiscord, bot: Running) -> None:
    """Help shows three examples, and each works as written."""
    ann, general = discord.person("ann"), discord.channel("general")
    message = await say(discord, ann, "!help", general, "Three things to try")
    for typed in re.findall(r": `(!.+?)`", text_of(message))[:3]:
        bot.advance(2)
        answer = await say(discord, ann, typed, general)
        assert "Try" not in text_of(answer), typed
    pressed = await ann.slash(general, "help")
    assert "/pomodoro start duration: 5m" in text_of(pressed.answer)


async def settings(discord: LocalDiscord) -> str:
    """Return a server's settings, without the links, which appear once the commands are synced."""
    shown = text_of((await discord.person("mia").slash(discord.channel("general"), "settings show")).answer)
    return re.sub(r"</.+?>|`/.+?`", "", shown)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("zone berlin", "weeks and months: Europe/Berlin"),
        ("timezone New York", "weeks and months: America/New_York"),
        ("plan deep", "2x(50m focus, 10m short break), 50m focus, 20m long break"),
        ("plan 50/10", "3x(50m focus, 10m short break), 50m focus, 15m long break"),
        ("timers 50", "Timers at once: 50"),
        ("counts 1h", "count as focus from 60 minutes"),
        ("added no", "by hand doesn't count on the leaderboard"),
        ("channel here", "I only work in <#GENERAL>"),
        ("channel <#GENERAL>", "I only work in <#GENERAL>"),
        ("starters <@&9>", "start sessions: <@&9> and moderators"),
        ("keepers <@&9>", "timers and sessions: <@&9> and moderators"),
        ("prefix ?", "Prefix: `?`"),
    ],
)
async def test_typed(discord: LocalDiscord, bot: Running, typed: str, shown: str) -> None:
    """Every slash command can be typed as well, and reset to the default."""
    mia, ann, general = discord.person("mia"), discord.person("ann"), discord.channel("general")
    usual = await settings(discord)
    typed, shown = (words.replace("GENERAL", str(general.id)) for words in (typed, shown))
    await say(discord, ann, f"!settings {typed}", general, "You need Manage Server")
    await say(discord, mia, f"!settings {typed}", general, shown)
    bot.advance(2)
    verb = typed.partition(" ")[0]
    prefix = "?" if verb == "prefix" else "!"
    await say(discord, mia, f"{prefix}settings {verb} usual", general, "My settings")
    assert await settings(discord) == usual


@pytest.mark.parametrize(
    ("typed", "sentence", "button", "shown"),
    [
        ("zone", "What should it be", "UTC", "months: UTC"),
        ("zone springfield", "several time zones", None, "America/"),
        ("zone berln", "Did you mean this", "Europe/Berlin", "Europe/Berlin"),
        ("zone qqqq", "a place called “qqqq”", "UTC", "months: UTC"),
        ("zoen berlin", "a setting called “zoen”", None, "Europe/Berlin"),
        ("plan banana", "banana", "50/10", "50m focus"),
        ("plan 1s focus", "too short", "25/5", "25m focus"),
        ("timers fifty", "“fifty” as a number", "50", "at once: 50"),
        ("counts often", "“often” as a length", "5", "from 5 minutes"),
        ("added maybe", "a yes or a no", "no", "doesn't count on the leaderboard"),
        ("channel #general", "the channel “#general”", "here", "I only work in"),
        ("starters @Friends", "Mention it with @", "everyone", "sessions: everyone"),
    ],
)
async def test_asked(
    discord: LocalDiscord,
    clock: ManualClock,
    sqlite: str,
    typed: str,
    sentence: str,
    button: str | None,
    shown: str,
) -> None:
    """An unreadable or missing value is asked about, and a press sets it."""
    bot = Running(discord, clock, sqlite)
    await bot.start(shortest_phase_seconds=60)
    mia, general = discord.person("mia"), discord.channel("general")
    before = await settings(discord)
    question = await say(discord, mia, f"!settings {typed}", general, sentence)
    assert await settings(discord) == before
    assert shown in text_of((await mia.click(question, button or buttons(question)[0])).answer)
    await bot.end()


async def test_an_unknown_setting(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """An unknown setting is reported; help shows how each is typed, and the list links to each."""
    mia, general = discord.person("mia"), discord.channel("general")
    await until_synced(tmp_path / "test.db")
    answer = text_of(
        await say(discord, mia, "!settings colour red", general, "I don't have a setting called “colour”")
    )
    assert answer.endswith("`!settings help` has examples.")
    await say(discord, mia, "!settings help", general, "`!settings zone Berlin` Set the time zone")
    shown = text_of(await say(discord, mia, "!settings", general, "My settings in this server"))
    assert re.search(r"Usual plan: `[^`]+` · </settings plan:\d+>", shown)
