"""A bot of another library, hikari: what only discord.py forgives fails here."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import hikari
import pytest
from hikari.impl import AutocompleteChoiceBuilder

from bot.localdiscord import failures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.wire import Json

INTENTS = hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT


class Bot(hikari.GatewayBot):
    """A bot that says hello, edits, uploads, and answers a command, its autocomplete and its button."""

    def __init__(self, local: LocalDiscord) -> None:
        super().__init__(local.token, rest_url=local.api_url, intents=INTENTS, banner=None, logs=None)
        self.seen: dict[type, list[Any]] = defaultdict(list)
        self.bell = asyncio.Condition()
        self.subscribe(hikari.StartedEvent, self.register)
        self.subscribe(hikari.GuildMessageCreateEvent, self.read)
        self.subscribe(hikari.InteractionCreateEvent, self.answer)
        for kind in (hikari.StartedEvent, hikari.ShardReadyEvent, hikari.ShardResumedEvent, hikari.ExceptionEvent):
            self.subscribe(kind, self.note)
        self.subscribe(hikari.GuildAvailableEvent, self.note)

    async def note(self, event: Any) -> None:
        async with self.bell:
            self.seen[type(event)].append(event)
            self.bell.notify_all()

    async def until(self, kind: type, count: int = 1) -> Any:
        """Return the last of `count` events of a kind."""
        async with asyncio.timeout(10), self.bell:
            await self.bell.wait_for(lambda: len(self.seen[kind]) >= count)
        return self.seen[kind][-1]

    async def register(self, _: hikari.StartedEvent) -> None:
        application = await self.rest.fetch_application()
        command = self.rest.slash_command_builder("brew", "Make tea").add_option(
            hikari.CommandOption(
                type=hikari.OptionType.STRING,
                name="kind",
                description="Of what",
                is_required=True,
                autocomplete=True,
            )
        )
        await self.rest.set_application_commands(application, [command])

    async def read(self, event: hikari.GuildMessageCreateEvent) -> None:
        if event.author.is_bot:
            return
        if event.content == "hello":
            message = await event.message.respond("Hello!", reply=True)
            await message.edit("Hello, edited!", embed=hikari.Embed(title="Tea", description="is ready"))
            await message.add_reaction("🍵")
        elif event.content == "file":
            attachment = hikari.Bytes("steep for five minutes", "tea.txt")
            await event.message.respond("Here:", attachment=attachment)

    async def answer(self, event: hikari.InteractionCreateEvent) -> None:
        interaction = event.interaction
        if isinstance(interaction, hikari.AutocompleteInteraction):
            typed = str(interaction.options[0].value)
            kinds = [kind for kind in ("green", "grey", "mint") if kind.startswith(typed)]
            await interaction.create_response([AutocompleteChoiceBuilder(kind.title(), kind) for kind in kinds])
        elif isinstance(interaction, hikari.CommandInteraction):
            assert interaction.options
            row = self.rest.build_message_action_row().add_interactive_button(
                hikari.ButtonStyle.PRIMARY, "pour", label="Pour"
            )
            await interaction.create_initial_response(
                hikari.ResponseType.MESSAGE_CREATE, f"Brewing {interaction.options[0].value}", component=row
            )
            await interaction.execute("It takes a while", flags=hikari.MessageFlag.EPHEMERAL)
        elif isinstance(interaction, hikari.ComponentInteraction):
            await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_UPDATE)
            await interaction.edit_initial_response("Poured", components=[])


@pytest.fixture
async def bot(local: LocalDiscord) -> AsyncIterator[Bot]:
    """A hikari bot that is connected. At the end none of its listeners may have failed."""
    running = Bot(local)
    await running.start()
    try:
        await running.until(hikari.GuildAvailableEvent)
        yield running
    finally:
        await running.close()
    assert [event.exception for event in running.seen[hikari.ExceptionEvent]] == []


def reacted_to(local: LocalDiscord) -> Json | None:
    return next((one for one in local.messages(local.channel("general")) if one.get("reactions")), None)


async def test_it_says_hello_and_edits(local: LocalDiscord, bot: Bot) -> None:
    """It replies to a message, edits its reply with an embed, and reacts to it."""
    asked = await local.person("ann").say(local.channel("general"), "hello")
    said = await local.wait_until(lambda: reacted_to(local))
    assert (said["content"], said["embeds"][0]["title"]) == ("Hello, edited!", "Tea")
    assert (said["message_reference"]["message_id"], said["reactions"][0]["emoji"]["name"]) == (asked["id"], "🍵")


async def test_it_uploads_a_file(local: LocalDiscord, bot: Bot) -> None:
    """A file comes with its name and size, and its address gives it back."""
    asked = await local.person("ann").say(local.channel("general"), "file")
    said = await local.wait_for(lambda one: one["attachments"], after=asked)
    (file,) = said["attachments"]
    assert (file["filename"], file["size"]) == ("tea.txt", 22)
    (sent,) = (await bot.rest.fetch_message(said["channel_id"], said["id"])).attachments
    assert await sent.read() == b"steep for five minutes"


async def test_it_answers_interactions(local: LocalDiscord, bot: Bot) -> None:
    """It completes an option that is typed, answers the command and follows up, and its button edits the answer."""
    ann, general = local.person("ann"), local.channel("general")
    choices = await ann.autocomplete(general, "brew", "kind", "gr")
    assert [one["value"] for one in choices] == ["green", "grey"]
    outcome = await ann.slash(general, "brew", kind="green")
    assert outcome.message
    assert outcome.message["content"] == "Brewing green"
    await local.wait_for(lambda one: one["content"] == "It takes a while", reader=ann)
    await ann.click(outcome.message, "Pour")
    poured = await local.wait_for(lambda one: one["content"] == "Poured")
    assert (poured["id"], poured["components"]) == (outcome.message["id"], [])


async def test_it_resumes(local: LocalDiscord, bot: Bot) -> None:
    """After a break it resumes, and hears of what it missed."""
    ann, general = local.person("ann"), local.channel("general")
    await local.drop_gateway()
    missed = await ann.say(general, "hello")
    await bot.until(hikari.ShardResumedEvent)
    await local.wait_for(lambda one: one["content"] == "Hello, edited!", after=missed)
    assert (local.gateway.identifies, local.gateway.resumes) == (1, 1)


async def test_it_waits_for_limits(local: LocalDiscord, bot: Bot) -> None:
    """It waits for a global limit and for a bucket, and loses nothing."""
    local.limits.rules["POST /channels/{channel_id}/messages"] = (2, 0.05)
    local.faults.fail(failures.rate_limit(0.01, scope="global"), only="POST /channels/{id}/messages", times=1)
    channel = int(local.channel("general").id)
    await asyncio.gather(*(bot.rest.create_message(channel, str(number)) for number in range(6)))
    assert sorted(one["content"] for one in local.messages(local.channel("general"))) == list("012345")


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
