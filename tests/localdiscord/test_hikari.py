"""A bot of another library, hikari: what only discord.py forgives fails here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.localdiscord import failures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.wire import Json
    from tests.localdiscord.hikari_bot import Bot


@pytest.fixture
async def bot(local: LocalDiscord) -> AsyncIterator[Bot]:
    """A hikari bot that is connected. At the end none of its listeners may have failed."""
    import hikari

    from tests.localdiscord.hikari_bot import Bot

    running = Bot(local)
    await running.start()
    try:
        await running.until(hikari.GuildAvailableEvent)
        yield running
    finally:
        await running.close()
    assert [event.exception for event in running.seen[hikari.ExceptionEvent]] == []


def reacted_to(local: LocalDiscord) -> Json | None:
    return next((message for message in local.messages(local.channel("general")) if message.get("reactions")), None)


async def test_it_says_hello_and_edits(local: LocalDiscord, bot: Bot) -> None:
    """It replies to a message, edits its reply with an embed, and reacts to it."""
    request = await local.person("ann").say(local.channel("general"), "hello")
    reply = await local.wait_until(lambda: reacted_to(local))
    assert (reply["content"], reply["embeds"][0]["title"]) == ("Hello, edited!", "Tea")
    assert reply["message_reference"]["message_id"] == request["id"]
    assert reply["reactions"][0]["emoji"]["name"] == "🍵"


async def test_it_uploads_a_file(local: LocalDiscord, bot: Bot) -> None:
    """A file comes with its name and size, and its address gives it back."""
    request = await local.person("ann").say(local.channel("general"), "file")
    message = await local.wait_for(lambda message: message["attachments"], after=request)
    (file,) = message["attachments"]
    assert (file["filename"], file["size"]) == ("tea.txt", 22)
    (sent,) = (await bot.rest.fetch_message(message["channel_id"], message["id"])).attachments
    assert await sent.read() == b"steep for five minutes"


async def test_it_answers_interactions(local: LocalDiscord, bot: Bot) -> None:
    """It completes an option that is typed, answers the command and follows up, and its button edits the answer."""
    ann, general = local.person("ann"), local.channel("general")
    choices = await ann.autocomplete(general, "brew", "kind", "gr")
    assert [choice["value"] for choice in choices] == ["green", "grey"]
    outcome = await ann.slash(general, "brew", kind="green")
    assert outcome.message
    assert outcome.message["content"] == "Brewing green"
    await local.wait_for(lambda message: message["content"] == "It takes a while", reader=ann)
    await ann.click(outcome.message, "Pour")
    poured = await local.wait_for(lambda message: message["content"] == "Poured")
    assert (poured["id"], poured["components"]) == (outcome.message["id"], [])


async def test_it_resumes(local: LocalDiscord, bot: Bot) -> None:
    """After a break it resumes, and hears of what it missed."""
    import hikari

    ann, general = local.person("ann"), local.channel("general")
    await local.drop_gateway()
    missed = await ann.say(general, "hello")
    await bot.until(hikari.ShardResumedEvent)
    await local.wait_for(lambda message: message["content"] == "Hello, edited!", after=missed)
    assert (local.gateway.identifies, local.gateway.resumes) == (1, 1)


async def test_it_waits_for_limits(local: LocalDiscord, bot: Bot) -> None:
    """It waits for a global limit and for a bucket, and loses nothing."""
    local.limits.rules["POST /channels/{channel_id}/messages"] = (2, 0.05)
    local.faults.fail(failures.rate_limit(0.01, scope="global"), only="POST /channels/{id}/messages", times=1)
    channel = int(local.channel("general").id)
    await asyncio.gather(*(bot.rest.create_message(channel, str(number)) for number in range(6)))
    assert sorted(message["content"] for message in local.messages(local.channel("general"))) == list("012345")


async def test_it_sees_the_world(local: LocalDiscord, bot: Bot) -> None:
    """It reads the guild, its channels, roles and members from the gateway and from REST alike."""
    guild = bot.cache.get_guild(int(local.guild.id))
    assert guild
    assert guild.name == local.guild.name
    fetched = await bot.rest.fetch_guild(guild.id)
    assert set(fetched.get_roles()) == set(guild.get_roles())
    channels = await bot.rest.fetch_guild_channels(guild.id)
    assert {channel.id for channel in channels} == set(guild.get_channels())
    member = await bot.rest.fetch_member(guild.id, int(local.person("ann").id))
    assert member.username == "ann"
    me = bot.get_me()
    assert me
    assert str(me.id) == local.bot.id
