"""Interactions from a person's click or command to the bot's answer, with real discord.py."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.interactions import ANSWER_SECONDS
from bot.localdiscord.local import LocalDiscord, text_of

if TYPE_CHECKING:
    from bot.localdiscord.wire import Json
    from tests.localdiscord.conftest import Probe, Rest


@pytest.fixture
async def card(local: LocalDiscord, probe: Probe) -> Json:
    """Let the bot post a message with a view."""
    general = local.channel("general")
    sent = await local.person("ann").say(general, "buttons")
    return await local.wait_for(lambda m: "choose" in text_of(m), channel=general, after=sent)


async def test_a_click_updates_the_message(local: LocalDiscord, card: Json) -> None:
    """A button is found by its label, and its answer updates the message for everyone."""
    outcome = await local.person("ben").click(card, "Cancel")
    assert (outcome.kind, outcome.message and outcome.message["content"]) == ("update", "cancelled")
    newest = await local.wait_for(lambda m: m["id"] == card["id"])
    assert (newest["content"], newest["components"]) == ("cancelled", [])


async def test_a_select_answers_its_chooser_alone(local: LocalDiscord, card: Json) -> None:
    """An ephemeral answer is a message for the one who chose, and not in the channel."""
    outcome = await local.person("ann").select(card, "length", ["25"])
    assert (outcome.kind, outcome.ephemeral) == ("message", True)
    general = local.channel("general")
    assert "chose 25" not in [m["content"] for m in local.messages(general)]
    assert "chose 25" in [m["content"] for m in local.messages(general, local.person("ann"))]
    with pytest.raises(DiscordError, match="50035"):
        await local.person("ann").select(card, "length", ["90"])


async def test_a_modal_is_filled_in(local: LocalDiscord, card: Json) -> None:
    """A modal opens on a click, refuses what its fields refuse, and updates the message it came from."""
    ann = local.person("ann")
    opened = await ann.click(card, "Rename")
    assert opened.kind == "modal"
    assert opened.modal is not None
    assert opened.modal["title"] == "Rename"
    with pytest.raises(ValueError, match="1 to 20 characters"):
        await ann.submit(opened.modal, {"name": "x" * 21})
    done = await ann.submit(opened.modal, {"name": "toast"})
    assert (done.kind, done.message and done.message["content"]) == ("update", "renamed to toast")


async def test_no_answer_within_three_seconds_fails(local: LocalDiscord, card: Json, rest: Rest) -> None:
    """A bot that stays silent leaves the person with a failure, and its late answer is refused with 10062."""
    assert ANSWER_SECONDS == 3
    click = asyncio.create_task(local.person("ann").click(card, "Silence"))
    await local.wait_until(local.interactions.pending)
    (interaction,) = local.interactions.pending()
    local.interactions.age(61)
    assert (await click).kind == "failed"
    status, answer = await rest("POST", f"/interactions/{interaction.id}/{interaction.token}/callback", {"type": 6})
    assert (status, answer["code"]) == (404, 10062)


async def test_a_second_answer_is_refused(local: LocalDiscord, card: Json, rest: Rest) -> None:
    """An interaction takes one first answer; another is 40060, and a follow-up before it 10015."""
    click = asyncio.create_task(local.person("ann").click(card, "Silence"))
    await local.wait_until(local.interactions.pending)
    (interaction,) = local.interactions.pending()
    follow_up = f"/webhooks/{local.bot.id}/{interaction.token}"
    assert (await rest("POST", follow_up, {"content": "early"}))[1]["code"] == 10015
    callback = f"/interactions/{interaction.id}/{interaction.token}/callback"
    assert (await rest("POST", callback, {"type": 8, "data": {"choices": []}}))[1]["code"] == 50035
    assert (await rest("POST", callback, {"type": 6}))[0] == 204
    assert (await click).kind == "none"
    assert (await rest("POST", callback, {"type": 6}))[1]["code"] == 40060
    assert (await rest("POST", follow_up, {"content": "in time"}))[0] == 200
    local.interactions.age(901)
    assert (await rest("POST", follow_up, {"content": "too late"})) == (
        401,
        {"message": "Invalid Webhook Token", "code": 50027},
    )


async def test_slash_commands_carry_typed_options(local: LocalDiscord, probe: Probe) -> None:
    """A slash command reaches its callback with its options; what a client would not send raises ValueError."""
    ann, general = local.person("ann"), local.channel("general")
    outcome = await ann.slash(general, "pomodoro start", name="tea", minutes="5")
    assert outcome.message is not None
    assert outcome.message["content"] == "started tea for 5"
    assert outcome.message["interaction_metadata"]["user"]["id"] == ann.id
    with pytest.raises(ValueError, match="between 1 and 60"):
        await ann.slash(general, "pomodoro start", name="tea", minutes=61)
    with pytest.raises(ValueError, match="requires name"):
        await ann.slash(general, "pomodoro start")
    assert [command["name"] for command in local.commands] == ["pomodoro", "Quote"]
    assert not probe.seen["error"]


async def test_commands_work_in_direct_messages(local: LocalDiscord, probe: Probe) -> None:
    """In a direct message an interaction comes from a user, and its answer stays there."""
    ann = local.person("ann")
    dm = await ann.dm()
    assert (await ann.slash(dm, "pomodoro start", name="tea")).kind == "message"
    assert [m["content"] for m in local.messages(dm)] == ["started tea for 25"]
    assert probe.seen["INTERACTION_CREATE"]


async def test_autocomplete_offers_choices(local: LocalDiscord, probe: Probe) -> None:
    """What is typed so far brings the bot's choices."""
    choices = await local.person("ann").autocomplete(local.channel("general"), "pomodoro start", "name", "te")
    assert choices == [{"name": "tea", "value": "tea"}]
    assert probe.seen["INTERACTION_CREATE"]


async def test_a_deferred_answer_is_filled_in_by_the_first_follow_up(local: LocalDiscord, probe: Probe) -> None:
    """After a deferred answer the first follow-up takes its place and keeps its ephemerality.

    The next is a new message.
    """
    ann, general = local.person("ann"), local.channel("general")
    outcome = await ann.slash(general, "pomodoro later", who=local.person("ben"))
    assert (outcome.kind, outcome.ephemeral) == ("defer", True)
    assert (await local.settled(outcome, ann))["content"] == "about Ben"
    more = await local.wait_for(lambda m: m["content"] == "and more", channel=general)
    first, second = local.messages(general, ann)
    assert (first["content"], first["flags"], second["id"]) == ("about Ben", 64, more["id"])
    assert probe.seen["INTERACTION_CREATE"]


async def test_a_message_s_menu_brings_the_message(local: LocalDiscord, probe: Probe) -> None:
    """A context-menu command carries the message it was used on."""
    message = await local.person("ben").say(local.channel("general"), "to be or not")
    outcome = await local.person("ann").context_menu("Quote", message)
    assert outcome.message is not None
    assert outcome.message["content"] == "> to be or not"
    assert probe.seen["INTERACTION_CREATE"]


async def test_an_interaction_tells_what_discord_tells(local: LocalDiscord, probe: Probe) -> None:
    """discord.py finds member, permissions, context and size limit in an interaction."""
    got: list[discord.Interaction[Any]] = []

    @probe.event
    async def on_interaction(interaction: discord.Interaction[Any]) -> None:
        got.append(interaction)

    await local.person("mia").slash(local.channel("general"), "pomodoro start", name="tea")
    (interaction,) = got
    assert isinstance(interaction.user, discord.Member)
    assert (interaction.permissions.manage_messages, interaction.app_permissions.manage_messages) == (True, False)
    assert (interaction.context.guild, interaction.filesize_limit) == (True, 10 * 1024 * 1024)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"name": "Big", "description": "x"}, "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "big", "description": "x" * 101}, "BASE_TYPE_MAX_LENGTH"),
        (
            {
                "name": "big",
                "description": "x",
                "options": [{"type": 3, "name": f"o{n}", "description": "x"} for n in range(26)],
            },
            "BASE_TYPE_MAX_LENGTH",
        ),
    ],
)
async def test_commands_are_checked(local: LocalDiscord, rest: Rest, command: Json, code: str) -> None:
    """A command that Discord refuses is refused by its path."""
    status, answer = await rest("PUT", f"/applications/{local.bot.id}/commands", [command])
    assert (status, answer["code"]) == (400, 50035)
    assert code in str(answer["errors"]["0"])


async def test_commands_keep_their_ids(local: LocalDiscord, rest: Rest) -> None:
    """A command that is registered again keeps its id; its version changes only with its content."""
    address = f"/applications/{local.bot.id}/commands"
    body = {"name": "tea", "description": "x"}
    (first,) = (await rest("PUT", address, [body]))[1]
    (same,) = (await rest("PUT", address, [body]))[1]
    (other,) = (await rest("PUT", address, [body | {"description": "y"}]))[1]
    assert (first["id"], first["version"]) == (same["id"], same["version"])
    assert (first["id"] == other["id"], first["version"] == other["version"]) == (True, False)
    assert (await rest("GET", f"{address}/{first['id']}"))[1]["description"] == "y"
    assert (await rest("DELETE", f"{address}/{first['id']}"))[0] == 204
    assert (await rest("GET", f"{address}/{first['id']}"))[1]["code"] == 10063


async def test_the_application_has_an_owner(local: LocalDiscord, probe: Probe) -> None:
    """What a bot keeps for its owner can be tried, by the person whom Discord names as such."""
    message = await local.owner.say(local.channel("general"), "mine")
    assert message["author"]["id"] == str((await probe.application_info()).owner.id)
    assert (await probe.until("message")).author.guild_permissions.administrator
