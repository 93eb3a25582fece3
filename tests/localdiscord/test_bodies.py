"""Malformed requests, and how Discord answers them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.rest import Rest as Surface
from bot.localdiscord.route import Call, Routes

if TYPE_CHECKING:
    from bot.localdiscord.route import Answer
    from tests.localdiscord.stage import Stage

SAY = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
COMMANDS = "PUT /applications/{application_id}/commands"
COMMAND = "POST /applications/{application_id}/commands"
ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW = "POST /webhooks/{webhook_id}/{webhook_token}"
CHANNEL = "PATCH /channels/{channel_id}"
MEMBER = "PATCH /guilds/{guild_id}/members/{user_id}"
OVERWRITE = "PUT /channels/{channel_id}/permissions/{overwrite_id}"
V2 = 1 << 15
BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}


def row(*inner: Any) -> dict[str, Any]:
    return {"components": [{"type": 1, "components": list(inner)}]}


def option(**changed: Any) -> dict[str, Any]:
    return {"name": "go", "description": "Go", "options": [{"type": 3, "name": "a", "description": "A"} | changed]}


# A route, a body, and the path at which Discord finds something wrong in it.
HOSTILE: list[tuple[str, Any, str]] = [
    (SAY, {"embeds": [None]}, "embeds.0"),
    (SAY, {"embeds": "x"}, "embeds"),
    (SAY, {"embeds": {}}, "embeds"),
    (SAY, {"embeds": [{"color": "red"}]}, "embeds.0.color"),
    (SAY, {"embeds": [{"color": -1}]}, "embeds.0.color"),
    (SAY, {"embeds": [{"title": 1}]}, "embeds.0.title"),
    (SAY, {"embeds": [{"fields": {}}]}, "embeds.0.fields"),
    (SAY, {"embeds": [{"fields": [None]}]}, "embeds.0.fields.0"),
    (SAY, {"embeds": [{"fields": [{"name": "x"}]}]}, "embeds.0.fields.0.value"),
    (SAY, {"embeds": [{"timestamp": "soon"}]}, "embeds.0.timestamp"),
    (SAY, {"embeds": [{"timestamp": 0}]}, "embeds.0.timestamp"),
    (SAY, {"embeds": [{"image": "x"}]}, "embeds.0.image"),
    (SAY, {"embeds": [{"url": "no address"}]}, "embeds.0.url"),
    (SAY, {"embeds": [{"footer": {"text": []}}]}, "embeds.0.footer.text"),
    (SAY, {"content": 5}, "content"),
    (SAY, {"content": ["x"]}, "content"),
    (SAY, {"content": "x", "flags": "x"}, "flags"),
    (SAY, {"content": "x", "flags": 1.5}, "flags"),
    (SAY, {"content": "x", "flags": True}, "flags"),
    (SAY, {"content": "x", "tts": "x"}, "tts"),
    (SAY, {"content": "x", "nonce": {}}, "nonce"),
    (SAY, {"content": "x", "nonce": "x" * 26}, "nonce"),
    (SAY, {"content": "x", "enforce_nonce": 1}, "enforce_nonce"),
    (SAY, {"content": "x", "allowed_mentions": []}, "allowed_mentions"),
    (SAY, {"content": "x", "allowed_mentions": {"parse": "users"}}, "allowed_mentions.parse"),
    (SAY, {"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0"),
    (SAY, {"content": "x", "allowed_mentions": {"users": [None]}}, "allowed_mentions.users.0"),
    (SAY, {"content": "x", "allowed_mentions": {"users": ["me"]}}, "allowed_mentions.users.0"),
    (SAY, {"content": "x", "allowed_mentions": {"users": ["1", "1"]}}, "allowed_mentions.users.1"),
    (SAY, {"content": "x", "allowed_mentions": {"replied_user": "x"}}, "allowed_mentions.replied_user"),
    (SAY, {"content": "x", "message_reference": "1"}, "message_reference"),
    (SAY, {"content": "x", "message_reference": {}}, "message_reference.message_id"),
    (SAY, {"content": "x", "message_reference": {"message_id": -1}}, "message_reference.message_id"),
    (SAY, {"content": "x", "message_reference": {"message_id": "1", "type": 7}}, "message_reference.type"),
    (SAY, {"content": "x", "attachments": [5]}, "attachments.0"),
    (SAY, {"content": "x", "attachments": [{"filename": "x"}]}, "attachments.0.id"),
    (SAY, {"content": "x", "components": {}}, "components"),
    (SAY, {"content": "x", "components": [None]}, "components.0"),
    (SAY, {"content": "x", "components": [[]]}, "components.0"),
    (SAY, {"content": "x", "components": [{"type": "1", "components": []}]}, "components.0.type"),
    (SAY, {"content": "x", "components": [{"type": 99}]}, "components.0"),
    (SAY, {"content": "x", "components": [{"type": 1}]}, "components.0.components"),
    (SAY, {"content": "x", "components": [{"type": 1, "components": 5}]}, "components.0.components"),
    (SAY, {"content": "x", **row(BUTTON | {"style": "x"})}, "components.0.components.0.style"),
    (SAY, {"content": "x", **row(BUTTON | {"style": 6})}, "components.0.components.0.style"),
    (SAY, {"content": "x", **row(BUTTON | {"id": "x"})}, "components.0.components.0.id"),
    (SAY, {"content": "x", **row(BUTTON | {"emoji": "🍅"})}, "components.0.components.0.emoji"),
    (SAY, {"content": "x", **row(BUTTON | {"disabled": 0})}, "components.0.components.0.disabled"),
    (
        SAY,
        {"content": "x", **row({"type": 3, "custom_id": "x", "options": "x"})},
        "components.0.components.0.options",
    ),
    (SAY, {"flags": V2, "components": [{"type": 17, "components": [None]}]}, "components.0.components.0"),
    (SAY, {"flags": V2, "components": [{"type": 9, "components": []}]}, "components.0.accessory"),
    (SAY, {"flags": V2, "components": [{"type": 10, "content": None}]}, "components.0.content"),
    (SAY, {"flags": V2, "components": [{"type": 13, "file": 5}]}, "components.0.file"),
    (EDIT, {"content": {}}, "content"),
    (EDIT, {"flags": []}, "flags"),
    (EDIT, {"embeds": [[]]}, "embeds.0"),
    (COMMAND, {"name": "go", "description": "Go", "options": "x"}, "options"),
    (COMMAND, option(type=99), "options.0"),
    (COMMAND, option(required="x"), "options.0.required"),
    (COMMAND, option(choices={}), "options.0.choices"),
    (COMMAND, option(choices=[{"name": "x", "value": 1}]), "options.0.choices.0.value"),
    (COMMAND, option(type=4, max_value="x"), "options.0.max_value"),
    (COMMAND, option(name_localizations=[]), "options.0.name_localizations"),
    (COMMAND, option(type=2, options=[{"type": 3, "name": "b", "description": "B"}]), "options.0.options.0.type"),
    (
        COMMAND,
        {"name": "go", "description": "Go", "default_member_permissions": "abc"},
        "default_member_permissions",
    ),
    (COMMAND, {"name": "go", "description": "Go", "type": 99}, "type"),
    (COMMAND, {"name": "go", "description": "Go", "contexts": [7]}, "contexts.0"),
    (COMMAND, {"name": "go", "description": "Go", "nsfw": "x"}, "nsfw"),
    (COMMAND, {"name": ["go"], "description": "Go"}, "name"),
    (COMMANDS, [None], "0"),
    (COMMANDS, [[]], "0"),
    (COMMANDS, {}, ""),
    (COMMANDS, "x", ""),
    (ANSWER, {}, ""),
    (ANSWER, {"type": "4"}, "type"),
    (ANSWER, {"type": 4, "data": "x"}, "data"),
    (ANSWER, {"type": 4, "data": {"flags": "x"}}, "data.flags"),
    (ANSWER, {"type": 8, "data": {"choices": [None]}}, "data.choices.0"),
    (ANSWER, {"type": 8, "data": {"choices": [{"name": "x"}]}}, "data.choices.0.value"),
    (ANSWER, {"type": 9}, "data"),
    (ANSWER, {"type": 9, "data": {"custom_id": "x", "title": "x", "components": 5}}, "data.components"),
    (FOLLOW, {"content": "x", "username": 5}, "username"),
    (FOLLOW, {"content": "x", "embeds": [1]}, "embeds.0"),
    (CHANNEL, {"name": ["x"]}, "name"),
    (CHANNEL, {"topic": 5}, "topic"),
    (CHANNEL, {"rate_limit_per_user": "x"}, "rate_limit_per_user"),
    (CHANNEL, {"nsfw": "x"}, "nsfw"),
    (OVERWRITE, {"allow": "abc"}, "allow"),
    (OVERWRITE, {"deny": -1}, "deny"),
    (OVERWRITE, {"type": "role"}, "type"),
    (MEMBER, {"nick": 5}, "nick"),
    (MEMBER, {"mute": "x"}, "mute"),
    (MEMBER, {"channel_id": "x"}, "channel_id"),
    ("PATCH /guilds/{guild_id}/members/@me", {"nick": {}}, "nick"),
    ("PUT /channels/{channel_id}/voice-status", {"status": 5}, "status"),
    ("POST /channels/{channel_id}/messages/bulk-delete", {"messages": [None, None]}, "messages.0"),
    ("POST /channels/{channel_id}/messages/{message_id}/threads", {"name": {}}, "name"),
    ("POST /channels/{channel_id}/threads", {"name": "x", "auto_archive_duration": "x"}, "auto_archive_duration"),
    ("POST /channels/{channel_id}/webhooks", {"name": 5}, "name"),
    ("POST /guilds/{guild_id}/channels", {"name": "x", "type": "x"}, "type"),
    ("POST /users/@me/channels", {"recipient_id": "ann"}, "recipient_id"),
]


@pytest.mark.parametrize(("name", "body", "path"), HOSTILE, ids=str)
async def test_a_hostile_body_is_an_invalid_form(stage: Stage, name: str, body: Any, path: str) -> None:
    """An invalid body gets 400 with 50035, and each error under its path."""
    status, answer = await stage.ask(name, body)
    assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
    errors = answer["errors"]
    for part in path.split(".") if path else ():
        errors = errors[part]
    assert errors["_errors"]


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ([], "", "DICT_TYPE_CONVERT"),
        ({"embeds": [None]}, "embeds.0", "LIST_ITEM_VALUE_REQUIRED"),
        ({"embeds": [5]}, "embeds.0", "MODEL_TYPE_CONVERT"),
        ({"embeds": 5}, "embeds", "LIST_TYPE_CONVERT"),
        ({"embeds": [{"color": "red"}]}, "embeds.0.color", "NUMBER_TYPE_COERCE"),
        ({"embeds": [{"fields": [{"name": "x"}]}]}, "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"),
        ({"content": "x", "allowed_mentions": []}, "allowed_mentions", "MODEL_TYPE_CONVERT"),
        ({"content": "x", "components": [{"type": 99}]}, "components.0", "UNION_TYPE_CHOICES"),
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        (
            {"content": "x", **row(BUTTON | {"custom_id": ""})},
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
    ],
)
async def test_errors_have_discords_codes(stage: Stage, body: Any, path: str, code: str) -> None:
    """Errors have Discord's own codes, as its clients' bug reports show."""
    errors = (await stage.ask(SAY, body))[1]["errors"]
    for part in path.split(".") if path else ():
        errors = errors[part]
    assert [error["code"] for error in errors["_errors"]] == [code]


@pytest.mark.parametrize(
    ("content", "content_type", "code"),
    [
        (b"{", "application/json", 50109),
        (b"\xff", "application/json", 50109),
        (b'{"content": NaN}', "application/json", 50109),
        (b'{"flags": ' + b"9" * 5000 + b"}", "application/json", 50109),
        (b"[" * 100_000, "application/json", 50109),
        (b'{"content": ' + b"[" * 300 + b"]" * 300 + b"}", "application/json", 50109),
        (b'{"no such": ' + b'{"a": ' * 970 + b"1" + b"}" * 971, "application/json", 50109),
        (b'{"content": "\\ud83c"}', "application/json", 50109),
        (b'{"nonce": "\\uDF45", "content": "x"}', "application/json", 50109),
        (b'{"\\ud83c": 1, "content": "x"}', "application/json", 50109),
        (b'\xef\xbb\xbf{"content": "x"}', "application/json", 50109),
        (b'{"content": "x"}', "application/json; charset=klingon", None),
        (b"null", "application/json", 50035),
        (b"[]", "application/json", 50035),
        (b'"x"', "application/json", 50035),
        (b"5", "application/json", 50035),
        (b'{"content": "x"}', "text/plain", 50035),
        (b'{"content": "x"}', "", 50035),
        (b"content=x", "application/x-www-form-urlencoded", 0),
        (b"payload_json=%7B%22content%22%3A+%22x%22%7D", "application/x-www-form-urlencoded", None),
        (b"payload_json=%7B", "application/x-www-form-urlencoded", 50109),
        (b"payload_json=", "application/x-www-form-urlencoded", 50109),
        (b"payload_json=null", "application/x-www-form-urlencoded", 50035),
        (b"\xff=%zz", "application/x-www-form-urlencoded", 0),
        (b"", "application/json", 50006),
        (b"x", "multipart/form-data", 0),
        (b"x", "multipart/form-data; boundary=b", 0),
        (b"--b\r\n\r\nx", "multipart/form-data; boundary=b", 0),
        (
            b'--b\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\nx\r\n--b--',
            "multipart/form-data; boundary=b",
            50109,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="content"\r\n\r\nx\r\n--b--',
            "multipart/form-data; boundary=b",
            0,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n[]\r\n--b--',
            "multipart/form-data; boundary=b",
            50035,
        ),
        (b'--b\r\nContent-Disposition: form-data; name="files[0]"\r\n\r\nx', "multipart/form-data; boundary=b", 0),
    ],
)
async def test_no_json_object(stage: Stage, content: bytes, content_type: str, code: int | None) -> None:
    """A body that is not the expected JSON object is refused in Discord's words."""
    headers = {"Authorization": f"Bot {stage.local.token}", "Content-Type": content_type}
    address = stage.local.api_url + f"/channels/{stage.ids['channel_id']}/messages"
    async with aiohttp.ClientSession() as session, session.post(address, data=content, headers=headers) as response:
        answer = await response.json()
    if code is None:
        assert (response.status, answer["content"]) == (200, "x")
    else:
        assert (response.status, answer["code"]) == (400, code), answer


@pytest.mark.parametrize(
    "odd",
    [
        "abc",
        "-1",
        "1.5",
        "99999999999999999999999",
        "9" * 5000,
        "1%00",
        "%F0%9F%8D%85",
        "@me",
        "1e5",
        "٣",
        "%20",
        "0x1",
    ],
)
async def test_an_absurd_id_is_no_snowflake(stage: Stage, odd: str) -> None:
    """An address with an invalid id gets 400 with 50035 and the name of the parameter."""
    for route in (
        "GET /channels/{}",
        "GET /guilds/{}/roles",
        "DELETE /webhooks/{}",
        "PUT /channels/{}/thread-members/1",
    ):
        method, address = route.format(odd).split()
        status, answer = await stage.rest(method, address)
        assert (status, answer["code"]) == (400, 50035), (address, answer)
        assert str(answer["errors"]).count("is not snowflake.") == 1


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("/channels/{}/messages?limit=x", "limit"),
        ("/channels/{}/messages?limit=101", "limit"),
        ("/channels/{}/messages?limit=", "limit"),
        ("/channels/{}/messages?before=x", "before"),
        ("/channels/{}/messages?after=-1", "after"),
        ("/channels/{}/messages/pins?before=x", "before"),
        ("/guilds/{guild}/members?after=x", "after"),
        ("/guilds/{guild}?with_counts=x", "with_counts"),
        ("/channels/{}/threads/archived/public?limit=1", "limit"),
    ],
)
async def test_a_wrong_query_is_an_invalid_form(stage: Stage, address: str, wrong: str) -> None:
    """A query parameter of the wrong type or out of its bounds gets 400 with 50035 under its name."""
    address = address.format(stage.ids["channel_id"], guild=stage.ids["guild_id"])
    status, answer = await stage.rest("GET", address)
    assert (status, answer["code"], list(answer["errors"])) == (400, 50035, [wrong])


async def test_unsupported_fields_are_named(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A field or query parameter that the local Discord does not support is refused, and logged."""
    status, answer = await stage.ask(MEMBER, {"nick": "Annie", "roles": ["1"]})
    text = f"the local Discord does not know roles of {MEMBER}"
    assert (status, answer) == (400, {"message": text, "code": 0})
    assert text in caplog.text
    assert (await stage.ask(SAY, {"flags": 1 << 13}))[1][
        "message"
    ] == "the local Discord does not know voice messages"
    status, answer = await stage.rest("GET", f"/channels/{stage.ids['channel_id']}/thread-members?with_member=true")
    assert (status, "with_member" in answer["message"]) == (400, True)
    assert stage.local.guild.members[stage.ids["user_id"]].nick is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sticker_ids", ""),
        ("sticker_ids", {}),
        ("sticker_ids", ["x"]),
        ("sticker_ids", ["1", "2", "3", "4"]),
        ("poll", ""),
        ("poll", []),
        ("poll", {}),
        ("poll", {"question": {"text": "x"}, "answers": []}),
        ("poll", {"question": {"text": "x"}, "answers": [{"poll_media": {"text": "x" * 301}}]}),
        ("poll", {"question": {"text": "x"}, "answers": [{"poll_media": {}}], "duration": 0}),
        ("poll", {"question": {"text": "x"}, "answers": [{"poll_media": {}}], "layout_type": 2}),
    ],
)
async def test_unsupported_fields_are_validated(stage: Stage, field: str, value: Any) -> None:
    """An unsupported field is validated first: an invalid one gets 50035, empty or not."""
    status, answer = await stage.ask(SAY, {"content": "x", field: value})
    assert (status, answer["code"], list(answer["errors"])) == (400, 50035, [field])


async def test_empty_fields_of_a_new_thing(stage: Stage) -> None:
    """Libraries send omitted fields as null or an empty list when they create something: that passes."""
    assert (await stage.ask(SAY, {"content": "x", "sticker_ids": [], "poll": None}))[0] == 200
    assert (await stage.ask(EDIT, {"content": "x", "sticker_ids": []}))[0] == 400


async def test_unknown_fields_are_ignored_and_recorded(stage: Stage) -> None:
    """Fields that Discord does not have are ignored, as by Discord, and recorded in the exchange."""
    status, _ = await stage.ask(SAY, {"content": "x", "colour": 1, "embeds": [{"title": "t", "shade": 2}]})
    assert status == 200
    assert stage.local.exchanges[-1].ignored == ("colour", "embeds.0.shade")
    assert "shade" not in json.dumps(stage.local.messages(stage.local.channel("random")))


async def test_a_crash_of_the_server_is_recorded(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """If the local Discord itself fails it answers 500, and the exchange has the traceback."""
    routes = Routes()

    @routes.add("GET", "/gateway", public=True)
    async def gateway(call: Call) -> Answer:
        raise ZeroDivisionError(call.path)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", Surface(local.backend, routes).handle)
    async with TestServer(app) as server, session.get(server.make_url("/gateway")) as response:
        assert (response.status, await response.json()) == (
            500,
            {"message": "500: Internal Server Error", "code": 0},
        )
    (crash,) = local.backend.record.crashes
    assert local.exchanges == [crash]
    assert crash.status == 500 and "ZeroDivisionError" in (crash.traceback or "")
    local.backend.record.crashes.clear()  # the fixture fails a test that leaves one


async def test_a_first_answer_is_outside_every_limit(stage: Stage) -> None:
    """Interaction callbacks are not rate-limited, and so carry no rate limit headers."""
    stage.local.limits.enabled = True
    ids = stage.ids
    address = f"/interactions/{ids['interaction_id']}/{ids['interaction_token']}/callback"
    for _ in range(60):
        status, _, headers = await stage.rest.full("POST", address, {"type": 99})
        assert status == 400
        assert not [name for name in headers if name.startswith("X-RateLimit")]
    _, _, headers = await stage.rest.full(
        "POST", f"/webhooks/{ids['webhook_id']}/{ids['webhook_token']}", {"content": "x"}
    )
    assert headers["X-RateLimit-Limit"] == "5"


def part(name: str, content: bytes, *, filename: str | None = None) -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


FILE = part("files[0]", b"x", filename="a.txt")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (part("files[0]", b"\x89PNG\r\n\x1a\n", filename="a.png"), None),
        (part("files[0]", b"\x89PNG\r\n\x1a\n" + b"x" * 15, filename="a.png"), None),
        (part("files[" + "9" * 5000 + "]", b"x", filename="a.txt"), 0),
        (part("files[-1]", b"x", filename="a.txt"), 0),
        (part("files[x]", b"x", filename="a.txt"), 0),
        (part("files[0]", b"x"), 0),
        (FILE + FILE, 0),
        (part("payload_json", b"null") + FILE, 50035),
        (part("payload_json", b"") + FILE, 50109),
        (part("payload_json", b'{"attachments": [{"id": 1}]}') + FILE, 50035),
        (part("payload_json", b'{"attachments": [{"id": 0}, {"id": 0}]}') + FILE, 50035),
        (part("payload_json", b'{"attachments": [{"id": 0, "filename": ""}]}') + FILE, 50035),
        (
            part("payload_json", b'{"attachments": [{"id": 0, "description": "' + b"x" * 1025 + b'"}]}') + FILE,
            50035,
        ),
        (part("payload_json", b'{"flags": 32768}') + FILE, 50006),
        (b"".join(part(f"files[{number}]", b"x", filename="a.txt") for number in range(11)), 50035),
        (part("files[0]", b"x" * (10 * 1024 * 1024 + 1), filename="a.txt"), 40005),
        (b"".join(part(f"files[{number}]", b"x" * (9 << 20), filename="a.txt") for number in range(3)), 40005),
    ],
)
async def test_files_that_are_wrong(stage: Stage, content: bytes, code: int | None) -> None:
    """The contents of files are not checked; errors in how the request declares them are refused."""
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    address = f"{stage.local.api_url}/channels/{stage.ids['channel_id']}/messages"
    headers["Authorization"] = f"Bot {stage.local.token}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=io.BytesIO(content + b"--b--\r\n"), headers=headers) as response,
    ):
        answer = await response.json()
    assert answer.get("code") == code, answer
    assert response.status == (200 if code is None else 413 if code == 40005 else 400)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a b\\c.txt", "a_b_c.txt"),
        ("..", "file"),
        (".env", "env"),
        ("é.txt", "é.txt"),
    ],
)
async def test_the_name_of_a_file_is_one_name(stage: Stage, sent: str, kept: str) -> None:
    """A file's stored name has no folder in it, and its URL returns it."""
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"attachments": [{"id": 0, "filename": sent}]}))
    form.add_field("files[0]", b"tea", filename="x")
    headers = {"Authorization": f"Bot {stage.local.token}"}
    address = f"{stage.local.api_url}/channels/{stage.ids['channel_id']}/messages"
    async with aiohttp.ClientSession() as session:
        async with session.post(address, data=form, headers=headers) as response:
            (file,) = (await response.json())["attachments"]
        async with session.get(file["url"]) as response:
            assert (file["filename"], await response.read()) == (kept, b"tea")


async def test_an_edit_keeps_ten_files(stage: Stage, session: aiohttp.ClientSession) -> None:
    """An edit may add files up to ten, including those that stay."""
    headers = {"Authorization": f"Bot {stage.local.token}"}
    address = f"{stage.local.api_url}/channels/{stage.ids['channel_id']}/messages/{stage.ids['message_id']}"
    statuses = []
    for _ in range(2):
        form = aiohttp.FormData()
        for number in range(6):
            form.add_field(f"files[{number}]", b"x", filename="a.txt")
        async with session.patch(address, data=form, headers=headers) as response:
            statuses.append(response.status)
    assert statuses == [200, 400]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_cannot_be_unpacked(stage: Stage, encoding: str) -> None:
    """A body with wrong compression gets 400, and ends its connection: what follows is no request."""
    headers = {"Authorization": f"Bot {stage.local.token}", "Content-Type": "application/json"}
    address = f"{stage.local.api_url}/channels/{stage.ids['channel_id']}/messages"
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            more = headers | {"Content-Encoding": encoding}
            async with session.post(address, data=b"\x00nonsense", headers=more) as response:
                assert (response.status, (await response.json())["code"]) == (400, 0)


@pytest.mark.parametrize("path", ["cdn/attachments/1/{}/x", "cdn/avatars/{}", "cdn/avatars/{}/x.png"])
@pytest.mark.parametrize("odd", ["9" * 20, "9" * 5000, "٣", "x", "-1", "%00", "%FF"])
async def test_an_absurd_id_of_a_file(
    local: LocalDiscord, session: aiohttp.ClientSession, path: str, odd: str
) -> None:
    """An invalid id names no file and no avatar, and breaks nothing."""
    async with session.get(f"{local.base_url}/{path.format(odd)}") as response:
        assert response.status == (404 if "attachments" in path else 200)


@pytest.mark.parametrize("header", ["Host", "Origin"])
@pytest.mark.parametrize("value", ["[::1", "http://[::1", "null", "a b", "127.0.0.1:99999", "evil.example"])
async def test_other_hosts_are_refused_whatever_they_are_called(
    local: LocalDiscord, session: aiohttp.ClientSession, header: str, value: str
) -> None:
    """A request with another or an invalid host gets 403."""
    async with session.get(f"{local.api_url}/gateway", headers={header: value}) as response:
        assert response.status == 403


async def test_a_crash_beside_rest_is_recorded(session: aiohttp.ClientSession) -> None:
    """Failures of other surfaces than REST are recorded too."""

    class Broken:
        def add_to(self, app: web.Application) -> None:
            app.router.add_get("/broken", self.fail)

        async def fail(self, request: web.Request) -> web.Response:
            raise ZeroDivisionError(request.path)

        async def close(self) -> None:
            """Close nothing."""

    local = LocalDiscord()
    local.serve(Broken())
    async with local:
        async with session.get(f"{local.base_url}/broken") as response:
            assert response.status == 500
        (crash,) = local.backend.record.crashes
        assert "ZeroDivisionError" in (crash.traceback or "")
        local.backend.record.crashes.clear()  # the fixture fails a test that leaves one
