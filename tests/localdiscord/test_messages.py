"""Messages as Discord creates, validates and returns them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.localdiscord.local import LocalDiscord, text_of

if TYPE_CHECKING:
    from tests.localdiscord.conftest import Probe, Rest

V2 = 1 << 15
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03"


def errors_of(body: Any, *path: str) -> list[str]:
    """Return the codes noted at a path of Discord's nested `errors`."""
    node = body["errors"]
    for part in path:
        node = node[part]
    return [error["code"] for error in node["_errors"]]


async def test_a_reply_is_stored_and_can_be_awaited(local: LocalDiscord, probe: Probe) -> None:
    """What a person says reaches discord.py, and its reply can be waited for with the message it answers."""
    sent = await local.person("ann").say(local.channel("general"), "buttons")
    answer = await local.wait_for(lambda m: "choose" in text_of(m), channel=local.channel("general"), after=sent)
    assert answer["referenced_message"]["id"] == sent["id"]
    assert answer["author"]["id"] == local.bot.id
    assert (await probe.until("message", 2)).content == "choose"


async def test_a_failed_wait_lists_the_messages(local: LocalDiscord, rest: Rest) -> None:
    """A wait without a match raises TimeoutError that names the messages it saw."""
    await rest.say("only this")
    with pytest.raises(TimeoutError, match="only this"):
        await local.wait_for(lambda m: "tea" in text_of(m), timeout=0.01)


async def test_a_repeated_nonce_brings_the_first_message(local: LocalDiscord, rest: Rest) -> None:
    """The same enforced nonce in the same channel brings the earlier message, and nothing new is posted."""
    first = await rest.say("once", nonce="timer-1", enforce_nonce=True)
    again = await rest.say("once", nonce="timer-1", enforce_nonce=True)
    elsewhere = await rest.say("once", "random", nonce="timer-1", enforce_nonce=True)
    assert (first["id"], first["nonce"]) == (again["id"], "timer-1")
    assert elsewhere["id"] != first["id"]
    assert len(local.messages(local.channel("general"))) == 1


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, ["content"], "BASE_TYPE_MAX_LENGTH"),
        ({"content": "x", "nonce": "n" * 26}, ["nonce"], "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, ["embeds", "0", "title"], "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4000}] * 2}, ["embeds"], "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            ["message_reference"],
            "REPLIES_UNKNOWN_MESSAGE",
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            ["allowed_mentions", "users"],
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            {
                "content": "x",
                "components": [
                    {"type": 1, "components": [{"type": 2, "style": 1, "label": "y" * 81, "custom_id": "a"}]}
                ],
            },
            ["components", "0", "components", "0", "label"],
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {
                "content": "x",
                "components": [
                    {
                        "type": 1,
                        "components": [
                            {"type": 2, "style": 5, "label": "y", "url": "https://a.b", "custom_id": "a"}
                        ],
                    }
                ],
            },
            ["components", "0", "components", "0"],
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
        (
            {
                "content": "x",
                "components": [
                    {"type": 1, "components": [{"type": 2, "style": 1, "label": "y", "custom_id": "a"}] * 2}
                ],
            },
            ["components", "0", "components", "1", "custom_id"],
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {
                "content": "x",
                "components": [{"type": 1, "components": [{"type": 3, "custom_id": "a", "options": []}]}],
            },
            ["components", "0", "components", "0", "options"],
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"content": "x", "components": [{"type": 10, "content": "y"}]},
            ["components", "0"],
            "UNION_TYPE_CHOICES",
        ),
        (
            {"content": "x", "flags": V2, "components": [{"type": 10, "content": "y"}]},
            ["content"],
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            {"flags": V2, "components": [{"type": 17, "components": [{"type": 10, "content": "y"}] * 20}] * 2},
            ["components"],
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
    ],
)
async def test_errors_are_under_their_path(
    local: LocalDiscord, rest: Rest, body: Any, path: list[str], code: str
) -> None:
    """A body that Discord refuses is answered with 50035 and the code nested under the field's path."""
    status, answer = await rest("POST", f"/channels/{local.channel('general').id}/messages", body)
    assert (status, answer["code"]) == (400, 50035)
    assert code in errors_of(answer, *path)
    assert not local.messages(local.channel("general"))


async def test_an_empty_message_is_refused(local: LocalDiscord, rest: Rest) -> None:
    """White space alone is an empty message: 50006."""
    status, answer = await rest("POST", f"/channels/{local.channel('general').id}/messages", {"content": "  \n"})
    assert (status, answer["code"]) == (400, 50006)


async def test_components_are_numbered_and_completed(local: LocalDiscord, rest: Rest) -> None:
    """Components come back numbered in reading order, past the ids that were given, and survive an edit."""
    button = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    blocks = [
        {"type": 10, "content": "hello", "id": 1},
        {
            "type": 17,
            "components": [
                {"type": 14},
                {"type": 9, "components": [{"type": 10, "content": "x"}], "accessory": button},
            ],
        },
    ]
    general = local.channel("general").id
    status, message = await rest("POST", f"/channels/{general}/messages", {"flags": V2, "components": blocks})
    assert status == 200
    container = message["components"][1]
    assert [container["id"], container["components"][0]["id"], container["components"][1]["id"]] == [2, 3, 4]
    assert container["components"][0] | {"spacing": 1, "divider": True} == container["components"][0]
    assert text_of(message) == "hello\nx"
    status, edited = await rest(
        "PATCH", f"/channels/{general}/messages/{message['id']}", {"allowed_mentions": {"parse": []}}
    )
    assert (status, edited["components"], edited["flags"]) == (200, message["components"], V2)
    status, refused = await rest("PATCH", f"/channels/{general}/messages/{message['id']}", {"content": "x"})
    assert (status, refused["code"]) == (400, 50035)


async def test_only_allowed_mentions_ping(local: LocalDiscord, rest: Rest) -> None:
    """A name in the text pings only whom `allowed_mentions` lists, and the others are not in `mentions`."""
    ann, ben = local.person("ann"), local.person("ben")
    message = await rest.say(f"{ann.mention} {ben.mention} @everyone", allowed_mentions={"users": [ann.id]})
    assert [user["id"] for user in message["mentions"]] == [ann.id]
    assert (message["mention_everyone"], local.pinged(message)) == (False, [ann.id])
    quiet = await rest.say(f"{ann.mention}", allowed_mentions={"parse": []})
    assert (quiet["mentions"], local.pinged(quiet)) == ([], [])


@pytest.mark.parametrize(
    "text",
    ["`{}`", "``a ` {}``", "two `lines\n{}`", "```{}```", "```py\n{}\n```", "``{}`", "`a```{}```b`", "`a\\` `{}`"],
)
async def test_names_in_code_ping_nobody(local: LocalDiscord, rest: Rest, text: str) -> None:
    """Within inline code and code blocks a name is plain text: it is not mentioned and not pinged."""
    local.allow(local.channel("general"), "MENTION_EVERYONE")
    moderator = next(role for role in local.guild.roles.values() if role.name == "Moderator")
    names = f"{local.person('ann').mention} <@&{moderator.id}> @everyone"
    message = await rest.say(text.format(names))
    assert (message["mentions"], message["mention_roles"], message["mention_everyone"]) == ([], [], False)
    assert local.pinged(message) == []


@pytest.mark.parametrize("text", ["`{}", "`a` {} `b`", "\\`{}`", "```{}", "`" * 1900 + "{}"])
async def test_names_beside_code_ping(local: LocalDiscord, rest: Rest, text: str) -> None:
    """A name outside of code pings, and a backtick that is escaped or has no partner makes no code."""
    ann = local.person("ann")
    message = await rest.say(text.format(ann.mention))
    assert local.pinged(message) == [ann.id]


async def test_code_ends_with_its_text(local: LocalDiscord, rest: Rest) -> None:
    """A lone backtick in one text of a message with components makes no code with one in the next."""
    ann = local.person("ann")
    texts = [{"type": 10, "content": content} for content in (f"` {ann.mention}", "`")]
    assert local.pinged(await rest.say("", components=texts, flags=V2)) == [ann.id]


async def test_everyone_needs_the_permission(local: LocalDiscord, rest: Rest) -> None:
    """@everyone pings all who see the channel, but only with MENTION_EVERYONE."""
    assert (await rest.say("@everyone"))["mention_everyone"] is False
    local.allow(local.channel("general"), "MENTION_EVERYONE")
    message = await rest.say("@everyone")
    assert message["mention_everyone"] is True
    assert {local.person(name).id for name in ("ann", "ben", "mia")} <= set(local.pinged(message))


async def test_a_reply_to_a_deleted_message(rest: Rest) -> None:
    """With `fail_if_not_exists` off, a reply to an unknown message is posted as an ordinary one."""
    message = await rest.say("still here", message_reference={"message_id": "5", "fail_if_not_exists": False})
    assert (message["type"], "message_reference" in message) == (0, False)


async def test_files_are_kept_and_served(local: LocalDiscord, rest: Rest) -> None:
    """A file sent with a message is served by the CDN, and hidden from `attachments` when an embed shows it."""
    form = aiohttp.FormData(quote_fields=False)
    payload = {
        "embeds": [{"title": "week", "image": {"url": "attachment://chart.png"}}],
        "attachments": [{"id": 0, "filename": "chart.png"}],
    }
    form.add_field("payload_json", json.dumps(payload))
    form.add_field("files[0]", PNG, filename="chart.png")
    url = f"{local.api_url}/channels/{local.channel('general').id}/messages"
    async with rest.session.post(url, data=form, headers={"Authorization": f"Bot {local.token}"}) as response:
        message = await response.json()
    image = message["embeds"][0]["image"]
    assert (message["attachments"], image["width"], image["height"]) == ([], 2, 3)
    async with rest.session.get(image["url"]) as response:
        assert (await response.read(), response.content_type) == (PNG, "image/png")


async def test_an_edit_is_stamped_and_another_s_message_is_safe(local: LocalDiscord, rest: Rest) -> None:
    """An edit sets `edited_timestamp`; a message of another author is refused with 50005 and 50013."""
    mine = await rest.say("one")
    address = f"/channels/{mine['channel_id']}/messages"
    status, edited = await rest("PATCH", f"{address}/{mine['id']}", {"content": "two"})
    assert (status, edited["content"], mine["edited_timestamp"]) == (200, "two", None)
    assert edited["edited_timestamp"]
    hers = await local.person("ann").say(local.channel("general"), "hers")
    assert (await rest("PATCH", f"{address}/{hers['id']}", {"content": "x"}))[1]["code"] == 50005
    assert (await rest("DELETE", f"{address}/{hers['id']}"))[1]["code"] == 50013
    assert (await rest("DELETE", f"{address}/{mine['id']}"))[0] == 204
    assert (await rest("GET", f"{address}/{mine['id']}"))[1]["code"] == 10008


async def test_history_pages_in_both_directions(local: LocalDiscord, rest: Rest) -> None:
    """Messages come newest first, before, after or around an id."""
    local.limits.enabled = False
    ids = [(await rest.say(str(number)))["id"] for number in range(6)]
    address = f"/channels/{local.channel('general').id}/messages"
    for query, page in (
        ("", [ids[5], ids[4]]),
        (f"&before={ids[3]}", [ids[2], ids[1]]),
        (f"&after={ids[1]}", [ids[3], ids[2]]),
        (f"&around={ids[2]}", [ids[3], ids[2]]),
    ):
        _, messages = await rest("GET", f"{address}?limit=2{query}")
        assert [message["id"] for message in messages] == page
    for limit, page in ((1, [ids[2]]), (3, [ids[3], ids[2], ids[1]]), (100, ids[::-1])):
        _, messages = await rest("GET", f"{address}?limit={limit}&around={ids[2]}")
        assert [message["id"] for message in messages] == page
    assert (await rest("GET", f"{address}?limit=101"))[1]["code"] == 50035


async def test_reactions_and_pins_go_to_and_fro(local: LocalDiscord, rest: Rest) -> None:
    """The bot and people react, see each other's reactions, and a pin needs its permission."""
    local.limits.enabled = False
    local.allow(local.channel("general"), "MANAGE_MESSAGES")
    message = await rest.say("hi")
    address = f"/channels/{message['channel_id']}/messages/{message['id']}"
    assert (await rest("PUT", f"{address}/reactions/🍅/@me"))[0] == 204
    await local.person("ann").react(message, "🍅")
    reaction = (await rest("GET", address))[1]["reactions"][0]
    assert (reaction["count"], reaction["me"], reaction["emoji"]["name"]) == (2, True, "🍅")
    for method, path in (("PUT", "/@me"), ("GET", ""), ("DELETE", "/@me"), ("DELETE", "/5"), ("DELETE", "")):
        assert (await rest(method, f"{address}/reactions/nonsense{path}"))[1]["code"] == 10014
    pin = f"/channels/{message['channel_id']}/messages/pins"
    assert (await rest("PUT", f"{pin}/{message['id']}"))[1]["code"] == 50013
    local.allow(local.channel("general"), "PIN_MESSAGES")
    assert (await rest("PUT", f"{pin}/{message['id']}"))[0] == 204
    assert [item["message"]["id"] for item in (await rest("GET", pin))[1]["items"]] == [message["id"]]


async def test_other_bots_and_webhooks_post(local: LocalDiscord, probe: Probe) -> None:
    """Messages of another bot and of a webhook reach discord.py marked as such."""
    await local.say_as_other_bot(local.channel("general"), "beep")
    await local.say_as_webhook(local.channel("general"), "news")
    hook = await probe.until("message", 2)
    robot = probe.seen["message"][0]
    assert (robot.author.bot, robot.content) == (True, "beep")
    assert (hook.webhook_id is not None, hook.content) == (True, "news")


async def test_an_unknown_route_is_named_loudly(rest: Rest, caplog: pytest.LogCaptureFixture) -> None:
    """A route that the server does not know answers 404 with its method and path, and logs them."""
    status, answer = await rest("GET", "/stage-instances/1")
    assert (status, answer["message"]) == (404, "the local Discord does not know GET /stage-instances/1")
    assert "GET /stage-instances/1" in caplog.text


async def test_bulk_delete_takes_two_to_a_hundred(local: LocalDiscord, rest: Rest) -> None:
    """Bulk deletion needs MANAGE_MESSAGES and at least two messages."""
    local.allow(local.channel("general"), "MANAGE_MESSAGES")
    ids = [(await rest.say(text))["id"] for text in ("a", "b", "c")]
    address = f"/channels/{local.channel('general').id}/messages/bulk-delete"
    assert (await rest("POST", address, {"messages": ids[:1]}))[1]["code"] == 50035
    assert (await rest("POST", address, {"messages": ids[:2]}))[0] == 204
    assert [message["id"] for message in local.messages(local.channel("general"))] == ids[2:]
