import re
from typing import Any

import pytest

from bot.localdiscord.channel import Channel
from bot.localdiscord.guild import Role
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.chat.conftest import Running
from tests.clock import ManualClock
from tests.reading import Message, says


async def say(discord: LocalDiscord, who: Person, words: str, where: Channel, *answer: str) -> Message:
    asked = await who.say(where, words)
    return await discord.wait_for(says(*answer), channel=where, after=asked)


async def set_(discord: LocalDiscord, command: str, **options: Any) -> str:
    """Let mia, who manages the server, set something; give what she is shown."""
    outcome = await discord.person("mia").slash(discord.channel("general"), f"settings {command}", **options)
    assert outcome.kind == "message", outcome.reason
    return text_of(outcome.answer)


async def test_a_prefix_of_its_own(discord: LocalDiscord, bot: Running) -> None:
    """A server has its own prefix, in examples too and after a restart; a mention and direct messages go on."""
    ann, general, dm = discord.person("ann"), discord.channel("general"), await discord.person("ann").dm()
    assert "begin with `?`" in await set_(discord, "prefix", prefix="?")
    await bot.stop()
    await bot.start()
    await ann.say(general, "!pomodoro unheard 5m")
    await say(discord, ann, "?pomodoro -5", general, "Try `?pomodoro tea 25m`")
    await say(discord, ann, f"<@{discord.bot.id}> help", general, "`?pomodoro tea 5m`")
    await say(discord, ann, "!help", dm, "`!pomodoro tea 5m`")
    assert not any("unheard" in text_of(one) for one in discord.messages(general) if one["author"].get("bot"))
    assert "begin with `!`" in await set_(discord, "prefix")


async def test_only_where_it_is_wanted(discord: LocalDiscord, bot: Running) -> None:
    """Used elsewhere than where a server wants it, the bot says where that is, and does nothing."""
    ann, general, room = discord.person("ann"), discord.channel("general"), discord.channel("focus")
    assert f"I may be used in <#{room.id}>" in await set_(discord, "channel", channel=room)
    await say(discord, ann, "!pomodoro tea 5m", general, f"I am used in <#{room.id}>")
    refused = await ann.slash(general, "pomodoro start", name="tea", duration="5m")
    assert refused.answer["flags"] & 64
    assert "I am used in" in text_of(refused.answer)
    thread = await ann.open_thread(await ann.say(room, "hello"), "in there")
    await say(discord, ann, "!pomodoro tea 5m", thread, "### 🍅 tea")
    await say(discord, ann, "!help", general, "Three things to try")
    assert "I may be used in all of the channels" in await set_(discord, "channel", channel=room)
    await say(discord, ann, "!pomodoro eggs 5m", general, "### 🍅 eggs")


async def test_a_plan_of_its_own(discord: LocalDiscord, bot: Running) -> None:
    """A session that is started without a plan takes the server's; one with a plan takes that."""
    ann, room = discord.person("ann"), discord.channel("focus")
    assert "2x(10m focus, 2m break)" in await set_(discord, "plan", plan="2x(10m focus, 2m break)")
    card = await say(discord, ann, "!focus", room, "Focus · 1 of 2")
    assert "24 min in all" in text_of(card)
    await say(discord, ann, "!focus stop", room, "The session is over")
    bot.advance(2)
    await say(discord, ann, "!focus classic", room, "Focus · 1 of 4")


async def test_who_may_start_and_keep(discord: LocalDiscord, clock: ManualClock, sqlite: str) -> None:
    """A role may be needed to start sessions, and to command those of others, as moderators may in any case."""
    ann, ben, mia = (discord.person(name) for name in ("ann", "ben", "mia"))
    role = Role("1191170009999999999", "Timekeeper", 0)
    discord.guild.roles[role.id] = role
    discord.guild.members[ben.id].roles.append(role.id)
    bot, room = Running(discord, clock, sqlite), discord.channel("focus")
    await bot.start()
    for command in ("starters", "keepers"):
        assert f"<@&{role.id}> and moderators" in await set_(discord, command, role=role)
    await say(discord, ann, "!focus", room, f"started by <@&{role.id}>")
    await say(discord, mia, "!focus", room, "Focus · 1 of 4")
    await say(discord, ann, "!focus pause", room, "Only the host or a moderator")
    bot.advance(2)
    await say(discord, ben, "!focus pause", room, "Paused for all")
    assert "moderators alone" in await set_(discord, "keepers")
    await say(discord, ben, "!focus resume", room, "Only the host or a moderator")
    await bot.stop()


async def test_fewer_timers(discord: LocalDiscord, bot: Running) -> None:
    """A server may allow fewer timers at once than the operator does, and not more."""
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    assert "From 1 to 500" in await set_(discord, "timers", most=501)
    assert "From 1 to 500" in await set_(discord, "timers", most=0)
    assert "Timers at once: 1 " in await set_(discord, "timers", most=1)
    await say(discord, ann, "!pomodoro tea 5m", general, "### 🍅 tea")
    await say(discord, ben, "!pomodoro eggs 5m", general, "limit of timers is reached: 1 at once")


async def test_not_for_everybody(discord: LocalDiscord, bot: Running) -> None:
    """Who does not manage the server may look, and changes nothing."""
    ann, general = discord.person("ann"), discord.channel("general")
    await say(discord, ann, "!settings prefix ?", general, "Only members with Manage Server")
    shown = await say(discord, ann, "!settings", general, "How I am set up here")
    assert re.search(r"begin with `!`", text_of(shown))
    await say(discord, ann, "!settings", await ann.dm(), "There is no server here")


@pytest.mark.parametrize("prefix", [" ", "/", "<", "@x", "two words", "x" * 11])
async def test_wrong_prefixes(discord: LocalDiscord, bot: Running, prefix: str) -> None:
    """A prefix that could not be typed, or would be taken for something else, is refused with a right example."""
    answer = await set_(discord, "prefix", prefix=prefix)
    assert "A prefix is 1 to 10 characters" in answer
    assert "Try `/settings prefix ?`" in answer


async def test_help_for_a_newcomer(discord: LocalDiscord, bot: Running) -> None:
    """Help shows three things to try, each of which works as it is written."""
    ann, general = discord.person("ann"), discord.channel("general")
    shown = await say(discord, ann, "!help", general, "Three things to try")
    for typed in re.findall(r": `(!.+?)`", text_of(shown))[:3]:
        bot.advance(2)
        answer = await say(discord, ann, typed, general)
        assert "Try" not in text_of(answer), typed
    pressed = await ann.slash(general, "help")
    assert "/pomodoro start tea 5m" in text_of(pressed.answer)
