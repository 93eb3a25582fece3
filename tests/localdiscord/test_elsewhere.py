"""Places where the bot is no member, and the people who bring it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import pytest
from discord import app_commands

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.pytest_plugin import point_discord_py
from tests import openapi
from tests.localdiscord.conftest import Choices, Probe, connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.exchange import Exchange
    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.people import Person
    from tests.localdiscord.conftest import Rest

Asked: TypeAlias = "discord.Interaction[Any]"


class When(discord.ui.Modal, title="Remind me"):
    when: discord.ui.TextInput[When] = discord.ui.TextInput(label="When", custom_id="when")

    def __init__(self, about: discord.Message) -> None:
        super().__init__()
        self.about = about

    async def on_submit(self, interaction: Asked) -> None:
        await interaction.response.send_message(f"{self.when.value}: {self.about.content}", ephemeral=True)


class Companion(Probe):
    """A bot that people can install; it keeps the interactions that it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.interactions: list[Asked] = []

        async def known(_: Asked, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=typed + "!", value=typed)]

        @self.tree.command(description="Remind me")
        @app_commands.allowed_installs(guilds=True, users=True)
        @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
        @app_commands.autocomplete(what=known)
        async def remind(interaction: Asked, what: str, who: discord.User | None = None) -> None:
            name = f" {who.display_name}" if who else ""
            await interaction.response.send_message(f"reminding{name} of {what}", view=Choices())
            await interaction.followup.send("and more", ephemeral=True)

        @self.tree.command(description="For servers")
        @app_commands.allowed_installs(guilds=True, users=False)
        async def council(interaction: Asked) -> None:
            await interaction.response.send_message("held")

        @self.tree.command(description="For servers, of people")
        @app_commands.allowed_installs(guilds=True, users=True)
        @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
        async def lecture(interaction: Asked) -> None:
            await interaction.response.send_message("heard")

        @self.tree.context_menu(name="Remind me")
        @app_commands.allowed_installs(guilds=True, users=True)
        @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
        async def remind_of(interaction: Asked, message: discord.Message) -> None:
            await interaction.response.send_modal(When(message))

    async def on_interaction(self, interaction: Asked) -> None:
        self.interactions.append(interaction)


@pytest.fixture
async def companion(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Companion]:
    """Connect the bot; both directions are checked against Discord's description."""
    violations: list[str] = []

    def check(exchange: Exchange) -> None:
        if openapi.available() and (wrong := openapi.violation(exchange)):
            violations.append(wrong)

    local.on_exchange.append(check)
    point_discord_py(local, monkeypatch)
    client = Companion()
    async with connected(local, client):
        yield client
    assert violations == []


@pytest.fixture
def ann(local: LocalDiscord) -> Person:
    """Ann, who has the app on her own account."""
    ann = local.person("ann")
    ann.install()
    return ann


def place(local: LocalDiscord, name: str) -> Channel:
    """Return the lounge, a group, or a direct message of two, in none of which the bot is."""
    if name == "two":
        return local.gather(local.person("ann"), local.person("ben"))
    return local.channel(name)


PLACES = ["lounge", "Weekend plans", "two"]


@pytest.mark.parametrize("name", PLACES)
async def test_a_person_brings_the_bot_along(
    local: LocalDiscord, companion: Companion, ann: Person, name: str
) -> None:
    """Where the bot is no member, its command answers all, follows up, and has buttons that others may press."""
    there, ben = place(local, name), local.person("ben")
    outcome = await ann.slash(there, "remind", what="tea", who=ben)
    assert outcome.answer["content"] == "reminding Ben of tea"
    await local.wait_for(lambda message: message["content"] == "and more", channel=there, reader=ann)
    assert [message["content"] for message in local.messages(there, ben)] == ["reminding Ben of tea"]
    done = await ben.click(outcome.answer, "Cancel")
    assert (done.kind, done.answer["content"]) == ("update", "cancelled")
    first, pressed = companion.interactions
    assert [interaction.user.id for interaction in companion.interactions] == [int(ann.id), int(ben.id)]
    # the press is authorized by who brought the message
    assert first.is_user_integration() and pressed._integration_owners == {1: int(ann.id)}
    assert not first.is_guild_integration()


async def test_discord_py_knows_a_server_without_the_bot_in_part(
    local: LocalDiscord, companion: Companion, ann: Person
) -> None:
    """An interaction from there has its guild by id, its channel, a member and three permissions, none cached."""
    await ann.slash(local.channel("lounge"), "remind", what="tea")
    (interaction,) = companion.interactions
    assert (interaction.guild_id, interaction.guild and interaction.guild.name) == (int(local.elsewhere.id), "")
    assert (str(interaction.channel), isinstance(interaction.channel, discord.TextChannel)) == ("lounge", True)
    assert isinstance(interaction.user, discord.Member) and interaction.permissions.send_messages
    given = [name for name, granted in interaction.app_permissions if granted]
    assert (interaction.context.guild, sorted(given)) == (True, ["attach_files", "embed_links", "mention_everyone"])
    assert [guild.name for guild in companion.guilds] == ["Town Hall"]


@pytest.mark.parametrize(("name", "kind"), [("Weekend plans", discord.GroupChannel), ("two", discord.DMChannel)])
async def test_discord_py_knows_people_among_themselves(
    local: LocalDiscord, companion: Companion, ann: Person, name: str, kind: type[object]
) -> None:
    """An interaction among people comes from a user, in the context of a private channel with its recipients."""
    await ann.slash(place(local, name), "remind", what="tea")
    (interaction,) = companion.interactions
    assert isinstance(interaction.user, discord.User) and interaction.guild_id is None
    assert isinstance(interaction.channel, kind)
    assert isinstance(interaction.channel, discord.DMChannel | discord.GroupChannel)
    assert str(ann.id) in {str(user.id) for user in interaction.channel.recipients}
    context = interaction.context
    assert (context.private_channel, context.dm_channel, context.guild) == (True, False, False)
    assert interaction.app_permissions.value == 1 << 14 | 1 << 15 | 1 << 17


async def test_a_message_menu_opens_a_form_elsewhere(
    local: LocalDiscord, companion: Companion, ann: Person
) -> None:
    """A command on a message brings its text from where the bot cannot read, and answers its form in private."""
    lounge = local.channel("lounge")
    message = await local.person("ben").say(lounge, "bring the book")
    opened = await ann.context_menu("Remind me", message)
    assert opened.modal is not None
    done = await ann.submit(opened.modal, {"when": "tomorrow"})
    assert (done.answer["content"], done.ephemeral) == ("tomorrow: bring the book", True)
    assert [interaction.user.id for interaction in companion.interactions] == [int(ann.id)] * 2
    assert companion.interactions[1]._integration_owners == {1: int(ann.id)}
    with pytest.raises(DiscordError, match="10008"):
        await ann.context_menu("Remind me", done.answer)


async def test_autocomplete_works_elsewhere(local: LocalDiscord, companion: Companion, ann: Person) -> None:
    """What is typed where the bot is no member brings its choices too."""
    choices = await ann.autocomplete(local.channel("Weekend plans"), "remind", "what", "te")
    assert choices == [{"name": "te!", "value": "te"}]
    assert companion.interactions[0].type is discord.InteractionType.autocomplete


@pytest.mark.parametrize(
    ("command", "name", "offered"),
    [
        ("remind", "lounge", True),
        ("remind", "general", True),
        ("council", "general", True),
        ("council", "lounge", False),
        ("council", "Weekend plans", False),
        ("lecture", "lounge", True),
        ("lecture", "Weekend plans", False),
        ("lecture", "dm", False),
        # it names neither installs nor contexts, and so has all that the application offers
        ("pomodoro start", "Weekend plans", True),
    ],
)
async def test_a_command_goes_where_it_says(
    local: LocalDiscord, companion: Companion, ann: Person, command: str, name: str, offered: bool
) -> None:
    """A command is offered where both its contexts and one of its installs hold."""
    there = await ann.dm() if name == "dm" else local.channel(name)
    options = {"remind": {"what": "x"}, "pomodoro start": {"name": "x"}}.get(command, {})
    if offered:
        assert (await ann.slash(there, command, **options)).kind == "message"
        assert companion.interactions
        return
    with pytest.raises(LookupError, match="not offered to Ann"):
        await ann.slash(there, command)
    definition = next(message for message in local.commands if message["name"] == command)
    with pytest.raises(DiscordError, match="10063"):
        local.backend.starter.command(ann.user, 2, there, definition)


async def test_only_its_users_have_its_commands(local: LocalDiscord, companion: Companion, ann: Person) -> None:
    """Without the app on one's account its commands are not offered elsewhere, nor once it is removed."""
    lounge = local.channel("lounge")
    with pytest.raises(LookupError, match="not offered to Ben"):
        await local.person("ben").slash(lounge, "remind", what="tea")
    await ann.slash(lounge, "remind", what="tea")
    ann.uninstall()
    with pytest.raises(LookupError, match="not offered to Ann"):
        await ann.slash(lounge, "remind", what="tea")
    assert len(companion.interactions) == 1


@pytest.mark.parametrize(
    ("name", "installed", "keys"),
    [("general", False, "0"), ("general", True, "01"), ("dm", True, "01"), ("lounge", True, "1")],
)
async def test_an_interaction_tells_what_authorized_it(
    local: LocalDiscord, companion: Companion, name: str, installed: bool, keys: str
) -> None:
    """The server's install is listed beside the person's where both apply, and in answers too."""
    ben = local.person("ben")
    if installed:
        ben.install()
    there = await ben.dm() if name == "dm" else local.channel(name)
    outcome = await ben.slash(there, "remind", what="tea")
    expected = {"0": there.guild_id or "0", "1": ben.id}
    expected = {key: owner for key, owner in expected.items() if key in keys}
    assert outcome.answer["interaction_metadata"]["authorizing_integration_owners"] == expected
    assert companion.interactions[0]._integration_owners == {
        int(key): int(owner) for key, owner in expected.items()
    }


@pytest.mark.parametrize("name", PLACES)
async def test_the_bot_itself_has_no_access(
    local: LocalDiscord, companion: Companion, rest: Rest, ann: Person, name: str
) -> None:
    """Where it is no member the bot hears nothing, and each ordinary request is refused with 50001."""
    there = place(local, name)
    outcome = await ann.slash(there, "remind", what="tea")
    original = await ann.say(there, "hello there")
    await ann.react(original, "⭐")
    local.backend.places.typing(there, ann.user)
    channel, message = f"/channels/{there.id}", f"/channels/{there.id}/messages/{outcome.answer['id']}"
    for method, path in [
        ("GET", channel),
        ("POST", f"{channel}/messages"),
        ("GET", f"{channel}/messages"),
        ("PATCH", message),
        ("POST", f"{channel}/typing"),
        ("PUT", f"{message}/reactions/⭐/@me"),
    ]:
        status, answer = await rest(method, path, {"content": "x"} if method in {"POST", "PATCH"} else None)
        assert (status, answer["code"]) == (403, 50001), path
    channel_ = companion.interactions[0].channel
    assert isinstance(channel_, discord.abc.Messageable)
    with pytest.raises(discord.Forbidden, match="50001"):
        await channel_.send("x")
    await local.person("ben").say(local.channel("general"), "and here")
    assert (await companion.until("message")).content == "and here"
    others = {"MESSAGE_CREATE", "MESSAGE_REACTION_ADD", "TYPING_START", "CHANNEL_CREATE", "GUILD_CREATE"}
    received = {event: len(companion.seen[event]) for event in others if companion.seen[event]}
    assert received == {"GUILD_CREATE": 1, "MESSAGE_CREATE": 1}


async def test_another_server_is_unknown_to_the_bot(local: LocalDiscord, companion: Companion, rest: Rest) -> None:
    """A server without the bot tells it nothing; asking for it is 10004, for its commands 50001."""
    guild = local.add_guild("Tea Club", with_bot=False)
    den = local.create_channel("den", guild=guild)
    local.deny(den, "SEND_MESSAGES", user=local.person("ben").user)
    local.create_channel("here")
    await companion.until("CHANNEL_CREATE")
    assert [len(companion.seen[name]) for name in ("GUILD_CREATE", "CHANNEL_CREATE", "CHANNEL_UPDATE")] == [1, 1, 0]
    assert [guild["name"] for guild in (await rest("GET", "/users/@me/guilds"))[1]] == ["Town Hall"]
    assert (await rest("GET", f"/guilds/{guild.id}"))[1]["code"] == 10004
    assert (await rest("GET", f"/guilds/{guild.id}/members/{local.person('ann').id}"))[1]["code"] == 10004
    commands = f"/applications/{local.bot.id}/guilds/{guild.id}/commands"
    assert (await rest("GET", commands))[1]["code"] == 50001
    assert (await rest("GET", "/applications/@me"))[1]["approximate_guild_count"] == 1


async def test_a_visit_has_five_follow_ups_and_fifteen_minutes(
    local: LocalDiscord, companion: Companion, rest: Rest, ann: Person
) -> None:
    """Where only a person brought the app, the sixth follow-up is 40094; and after 15 minutes all is 50027."""
    local.limits.enabled = False
    await ann.slash(local.channel("lounge"), "remind", what="tea")
    await local.wait_for(lambda message: message["content"] == "and more", reader=ann)
    address = f"/webhooks/{local.bot.id}/{companion.interactions[0].token}"
    for _ in range(4):
        assert (await rest("POST", address, {"content": "more"}))[0] == 200
    assert (await rest("POST", address, {"content": "x"}))[1]["code"] == 40094
    assert (await rest("PATCH", f"{address}/messages/@original", {"content": "edited"}))[0] == 200
    local.interactions.age(901)
    assert (await rest("PATCH", f"{address}/messages/@original", {"content": "x"}))[1]["code"] == 50027


async def test_a_server_may_keep_visitors_quiet(local: LocalDiscord, companion: Companion, ann: Person) -> None:
    """Without permission for external apps in a channel, answers are for that person alone."""
    lounge = local.channel("lounge")
    local.deny(lounge, "USE_EXTERNAL_APPS", user=ann.user)
    outcome = await ann.slash(lounge, "remind", what="tea")
    assert outcome.ephemeral
    assert local.messages(lounge) == []
    assert companion.interactions


async def test_the_app_on_ones_account_opens_ones_direct_messages(
    local: LocalDiscord, rest: Rest, ann: Person
) -> None:
    """The bot may write to who has its app without a shared server, unless they block it, or take it off."""
    channel = (await rest("POST", "/users/@me/channels", {"recipient_id": ann.id}))[1]
    address = f"/channels/{channel['id']}/messages"
    local.leave_guild(ann)
    assert (await rest("POST", address, {"content": "x"}))[0] == 200
    local.block_dm(ann)
    assert (await rest("POST", address, {"content": "x"}))[1]["code"] == 50007
    local.block_dm(ann, blocked=False)
    ann.uninstall()
    # being together in a server that the bot is not in is nothing in common with it
    assert ann.id in local.elsewhere.members
    assert (await rest("POST", address, {"content": "x"}))[1]["code"] == 50278


async def test_strangers_stay_out(local: LocalDiscord) -> None:
    """People outside a group can neither read nor write in it."""
    zoe, two = local.add_person("zoe"), local.gather(local.person("ann"), local.person("ben"))
    for there in (two, local.channel("Weekend plans"), local.channel("lounge")):
        with pytest.raises(DiscordError, match="50001"):
            await zoe.say(there, "hello?")


async def test_the_application_can_be_installed_by_both(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """The application tells of both installs and how many people have it, and its wrong uses are refused."""
    status, answer = await rest("GET", "/applications/@me")
    assert (status, set(answer["integration_types_config"])) == (200, {"0", "1"})
    assert answer["approximate_user_install_count"] == 1
    if openapi.available():
        assert openapi.violation(local.exchanges[-1]) is None
    body = {"name": "tea", "description": "x", "integration_types": [2], "contexts": []}
    refused = (await rest("PUT", f"/applications/{local.bot.id}/commands", [body]))[1]["errors"]["0"]
    assert set(refused) == {"integration_types", "contexts"}


async def test_permissions_of_a_command_are_told_as_text(local: LocalDiscord, rest: Rest) -> None:
    """A command's permissions, nought too, are sent as a number and told as text."""
    body: dict[str, Any] = {"name": "tea", "description": "x", "default_member_permissions": 0}
    _, command = await rest("POST", f"/applications/{local.bot.id}/commands", body)
    assert command["default_member_permissions"] == "0"
