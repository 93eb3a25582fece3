"""Gateway events that come twice, out of order, or about unknown things."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.alteration import replaced, without
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.runtime.test_delivery import announced, started
from tests.chat.runtime.test_upheavals import mistakes
from tests.reading import answers, eventually, rows, says

Log = list[dict[str, Any]]
VERSION = "SELECT version FROM timers"


async def until_logged(log: Log, event: str) -> None:
    await eventually(lambda: any(line["event"] == event for line in log))


async def test_a_repeated_message(discord: LocalDiscord, bot: Running, tmp_path: Path, log: Log) -> None:
    """A typed command that Discord delivers again is carried out once."""
    await started(discord)
    asked = await discord.person("ann").say(discord.channel("general"), "!pomodoro extend tea 5m")
    await discord.wait_for(answers(asked), channel=discord.channel("general"))
    discord.gateway.repeat("MESSAGE_CREATE")
    await until_logged(log, "event_repeated")
    await bot.stop()
    assert rows(tmp_path / "test.db", VERSION) == [(2,)]


async def test_a_repeated_interaction(discord: LocalDiscord, bot: Running, tmp_path: Path, log: Log) -> None:
    """A press that Discord delivers again is carried out once; another press of the button is another."""
    card = await started(discord)
    await discord.person("ann").click(card, "+5 min")
    discord.gateway.repeat("INTERACTION_CREATE")
    await until_logged(log, "event_repeated")
    await discord.person("ann").click(card, "+5 min")
    await bot.stop()
    assert rows(tmp_path / "test.db", VERSION) == [(3,)]


async def test_an_unknown_server(discord: LocalDiscord, bot: Running, log: Log) -> None:
    """Messages in a server that the bot doesn't know are not mistaken for direct messages."""
    discord.faults.alter_event("GUILD_CREATE", replaced("channels", 5), times=1)
    other, ann = discord.add_guild("Other"), discord.person("ann")
    await until_logged(log, "event_unreadable")
    place = next(channel for channel in discord.world.channels.values() if channel.guild_id == other.id)
    for words in ("hi", "privacy", "!privacy", "!pomodoro tea 5m"):
        await ann.say(place, words)
    await started(discord)
    assert [text_of(message) for message in discord.messages(place) if message["author"].get("bot")] == []
    assert discord.messages(await ann.dm()) == []


@pytest.mark.parametrize("kind", [18, 27, 99])
async def test_a_notice(discord: LocalDiscord, bot: Running, tmp_path: Path, kind: int) -> None:
    """A system message, such as of a thread named like a command, is not a command."""
    discord.faults.alter_event("MESSAGE_CREATE", replaced("type", kind), times=1)
    await discord.person("ann").say(discord.channel("general"), "!pomodoro eggs 5m")
    await started(discord)
    await bot.stop()
    assert rows(tmp_path / "test.db", "SELECT name FROM timers") == [("tea",)]


async def test_a_thread_reported_late(discord: LocalDiscord, bot: Running) -> None:
    """A command that unarchives a thread is answered there, though Discord reports the thread only afterwards."""
    ann = discord.person("ann")
    thread = await ann.open_thread(await ann.say(discord.channel("general"), "kitchen"), "kitchen")
    discord.archive_thread(thread)
    discord.faults.alter_event("THREAD_UPDATE", replaced("", None))
    await ann.say(thread, "!pomodoro tea 5m")
    await discord.wait_for(says("tea", "Ends"), channel=thread)


async def test_an_event_nested_too_deep(discord: LocalDiscord, bot: Running, log: Log) -> None:
    """An event that Python's parser gives up on is skipped like any other that cannot be read."""
    (session,) = discord.gateway.connected
    connection = session.send
    assert connection
    nested = "[" * 100_000 + "]" * 100_000
    connection(f'{{"op": 0, "t": "GUILD_ROLE_UPDATE", "s": {session.sequence}, "d": {{"role": {nested}}}}}')
    await until_logged(log, "event_unreadable")
    await started(discord)
    assert [each.send for each in discord.gateway.connected] == [connection]


async def test_a_channel_that_cannot_be_read(discord: LocalDiscord, bot: Running, log: Log) -> None:
    """In a channel that could not be parsed, and its threads, commands are answered and timers announced."""
    ann = discord.person("ann")
    discord.faults.alter_event("CHANNEL_CREATE", without("name"), times=1)
    kitchen = discord.create_channel("kitchen")
    thread = await ann.open_thread(await ann.say(kitchen, "cake"), "cake")
    for place, name in ((kitchen, "soup"), (thread, "tea")):
        await ann.say(place, f"!pomodoro {name} 5m")
        await discord.wait_for(says(name, "Ends"), channel=place)
    out = await ann.slash(thread, "focus list")
    assert "no sessions" in text_of(out.answer)
    bot.advance(300)
    for place, name in ((kitchen, "soup"), (thread, "tea")):
        await discord.wait_for(says(f"POMODORO! {name}"), channel=place)
    assert not [line for line in log if line["event"] in {"command_error", "request_failed", "delivery_failed"}]


def tells_of_the_server(discord: LocalDiscord) -> None:
    discord.moderation.require_two_factor()


def comes_back(discord: LocalDiscord) -> None:
    discord.moderation.begin_outage()
    discord.moderation.end_outage()


def tells_of_the_bots_role(discord: LocalDiscord) -> None:
    """Send a server where the bot may write by its role alone."""
    general, moderation = discord.channel("general"), discord.moderation
    role = moderation.create_role("bots")
    moderation.give_role(discord.bot, role)
    moderation.overwrite(general, discord.guild.roles[discord.guild.id], deny=["SEND_MESSAGES"])
    moderation.overwrite(general, role, allow=["SEND_MESSAGES"])
    discord.faults.alter_event("GUILD_UPDATE", replaced(f"roles.{len(discord.guild.roles) - 1}.colors", 5))
    moderation.require_two_factor()


def gives_a_right(discord: LocalDiscord) -> None:
    moderation = discord.moderation
    role = moderation.create_role("bots")
    moderation.give_role(discord.bot, role)
    moderation.permit_role(discord.guild.roles[discord.guild.id], "VIEW_CHANNEL", "READ_MESSAGE_HISTORY")
    discord.faults.alter_event("GUILD_ROLE_UPDATE", replaced("role.colors", 5))
    moderation.permit_role(role, "SEND_MESSAGES")


def gives_the_bot_a_role(discord: LocalDiscord) -> None:
    moderation = discord.moderation
    role = moderation.create_role("bots")
    moderation.permit_role(role, "SEND_MESSAGES")
    moderation.permit_role(discord.guild.roles[discord.guild.id], "VIEW_CHANNEL", "READ_MESSAGE_HISTORY")
    discord.faults.alter_event("GUILD_MEMBER_UPDATE", replaced("roles", 5))
    moderation.give_role(discord.bot, role)


def opens_a_channel(discord: LocalDiscord) -> None:
    discord.deny(discord.channel("general"), "SEND_MESSAGES")
    discord.faults.alter_event("CHANNEL_UPDATE", without("name"))
    discord.reset_permissions(discord.channel("general"), "SEND_MESSAGES")


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        ("GUILD_UPDATE", tells_of_the_server),
        ("GUILD_CREATE", comes_back),
        ("", tells_of_the_bots_role),
        ("", gives_a_right),
        ("", gives_the_bot_a_role),
        ("", opens_a_channel),
    ],
)
async def test_permissions_that_cannot_be_read(
    discord: LocalDiscord, bot: Running, log: Log, event: str, cause: Callable[[LocalDiscord], None]
) -> None:
    """If a server's data cannot be parsed, its channels are not taken for closed to the bot."""
    await started(discord)
    discord.faults.alter_event(event, replaced("roles.0.colors", 5))
    cause(discord)
    await until_logged(log, "event_unreadable")
    bot.advance(300)
    await bot.until(lambda: announced(discord))
    assert (discord.messages(await discord.person("ann").dm()), mistakes(log)) == ([], [])


@pytest.mark.parametrize(("field", "value"), [("roles", []), ("roles.0.id", "7"), ("roles.0.position", None)])
async def test_roles_that_are_none(discord: LocalDiscord, bot: Running, log: Log, field: str, value: Any) -> None:
    """In a server with roles that discord.py takes, and cannot compute with, people are served and reminded."""
    ann, general = discord.person("ann"), discord.channel("general")
    await started(discord)
    await ann.say(general, "!remind 5m stand up")
    await discord.wait_for(says("remind you"), channel=general)
    discord.faults.alter_event("GUILD_CREATE", replaced(field, value))
    comes_back(discord)
    await until_logged(log, "event_unreadable")
    await started(discord, "eggs")
    bot.advance(300)
    await bot.until(
        lambda: announced(discord) and any(map(says(f"{ann.mention} stand up"), discord.messages(general)))
    )
    assert (discord.messages(await ann.dm()), mistakes(log)) == ([], [])


async def test_members_that_cannot_be_judged(discord: LocalDiscord, bot: Running, log: Log) -> None:
    """If a server's roles cannot be parsed, nobody's reminder counts as barred from its channel."""
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!remind 5m stand up")
    await discord.wait_for(says("stand up"), channel=general)
    discord.faults.alter_event("GUILD_UPDATE", replaced("roles.0.colors", 5))
    tells_of_the_server(discord)
    await until_logged(log, "event_unreadable")
    bot.advance(300)
    await bot.until(lambda: any(map(says(f"{ann.mention} stand up"), discord.messages(general))))
    assert (discord.messages(await ann.dm()), mistakes(log)) == ([], [])
