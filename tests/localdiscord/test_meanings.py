"""Requests with values of the right types that Discord refuses for their meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.localdiscord.stage import Stage, build

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Rest

SAY = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
COMMANDS = "PUT /applications/{application_id}/commands"
COMMAND = "POST /applications/{application_id}/commands"
RENAME = "PATCH /applications/{application_id}/commands/{command_id}"
ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW = "POST /webhooks/{webhook_id}/{webhook_token}"
HOOK = "POST /channels/{channel_id}/webhooks"
CHANNEL = "PATCH /channels/{channel_id}"
MEMBER = "PATCH /guilds/{guild_id}/members/{user_id}"
THREAD = "POST /channels/{channel_id}/threads"
V2 = 1 << 15
BUTTON: dict[str, Any] = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}
LINK: dict[str, Any] = {"type": 2, "style": 5, "label": "x", "url": "https://example.com"}
ROW = "components.0.components.0"


def row(*inner: Any) -> dict[str, Any]:
    return {"components": [{"type": 1, "components": list(inner)}]}


def one_row(custom_id: str) -> Any:
    return row({**BUTTON, "custom_id": custom_id})["components"][0]


def menu(*values: str, kind: int = 3, **more: Any) -> dict[str, Any]:
    options = [{"label": value, "value": value} for value in values]
    return {"type": kind, "custom_id": "menu", **({"options": options} if kind == 3 else {}), **more}


def checked(value: str) -> dict[str, Any]:
    return {"label": value, "value": value, "default": True}


def v2(*inner: Any, **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(inner), **more}


def text(content: str, **more: Any) -> dict[str, Any]:
    return {"type": 10, "content": content, **more}


def embed(**parts: Any) -> dict[str, Any]:
    return {"embeds": [parts]}


def command(*options: Any, **more: Any) -> dict[str, Any]:
    return {"name": "brew", "description": "Brew", "options": list(options), **more}


def option(kind: int = 3, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": "A", **more}


def choice(name: str, value: Any = "x") -> dict[str, Any]:
    return {"name": name, "value": value}


def form(*inner: Any, **more: Any) -> dict[str, Any]:
    return {"type": 9, "data": {"custom_id": "form", "title": "Form", "components": list(inner), **more}}


def field(**more: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "field", "style": 1, **more}


def label(component: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Label", "component": component}


# A route, a body, and the path at which Discord finds something wrong in it.
REFUSED: list[tuple[str, Any, str]] = [
    (SAY, {"content": "x" * 2001}, "content"),
    (SAY, {"content": "x", "flags": -1}, "flags"),
    (SAY, {"content": "x", "nonce": 10**25}, "nonce"),
    (SAY, {"content": "x", "attachments": [{"id": "0"}]}, "attachments.0.id"),
    (SAY, {"content": "x", "attachments": [{"id": "0", "filename": "a.txt"}]}, "attachments.0.id"),
    (SAY, {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions.users"),
    (SAY, {"content": "x", "allowed_mentions": {"parse": ["roles"], "roles": ["1"]}}, "allowed_mentions.roles"),
    (SAY, {"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
    (
        SAY,
        {"content": "x", "message_reference": {"message_id": "{message_id}", "channel_id": "1"}},
        "message_reference.channel_id",
    ),
    (
        SAY,
        {"content": "x", "message_reference": {"message_id": "{message_id}", "guild_id": "1"}},
        "message_reference.guild_id",
    ),
    # embeds
    (SAY, embed(), "embeds.0.description"),
    (SAY, embed(color=1), "embeds.0.description"),
    (SAY, embed(url="https://example.com"), "embeds.0.description"),
    (SAY, embed(timestamp="2026-01-01T00:00:00Z"), "embeds.0.description"),
    (SAY, embed(title=" ", description="\n"), "embeds.0.description"),
    (SAY, embed(title="x" * 257), "embeds.0.title"),
    (SAY, embed(description="x" * 4097), "embeds.0.description"),
    (SAY, embed(title="x", url="attachment://x.png"), "embeds.0.url"),
    (SAY, embed(title="x", url="ftp://example.com"), "embeds.0.url"),
    (SAY, embed(title="x", url="http://"), "embeds.0.url"),
    (SAY, embed(title="x", url="http://exa mple.com"), "embeds.0.url"),
    (SAY, embed(title="x", url="http://example.com:99999"), "embeds.0.url"),
    (SAY, embed(title="x", url="http://[::1"), "embeds.0.url"),
    (SAY, embed(title="x", image={"url": "discord://x"}), "embeds.0.image.url"),
    (SAY, embed(title="x", thumbnail={"url": "attachment://none.png"}), "embeds.0.thumbnail.url"),
    (SAY, embed(title="x", footer={}), "embeds.0.footer.text"),
    (SAY, embed(title="x", footer={"text": " "}), "embeds.0.footer.text"),
    (SAY, embed(title="x", footer={"text": "x" * 2049}), "embeds.0.footer.text"),
    (SAY, embed(title="x", footer={"text": "x", "icon_url": "discord://x"}), "embeds.0.footer.icon_url"),
    (SAY, embed(title="x", author={}), "embeds.0.author.name"),
    (SAY, embed(title="x", author={"name": "x" * 257}), "embeds.0.author.name"),
    (SAY, embed(title="x", author={"name": "x", "url": "attachment://x"}), "embeds.0.author.url"),
    (SAY, embed(fields=[{"name": "", "value": "x"}]), "embeds.0.fields.0.name"),
    (SAY, embed(fields=[{"name": "x", "value": " "}]), "embeds.0.fields.0.value"),
    (SAY, embed(fields=[{"name": "x", "value": "x" * 1025}]), "embeds.0.fields.0.value"),
    (SAY, embed(fields=[{"name": "x", "value": "x"}] * 26), "embeds.0.fields"),
    (SAY, {"embeds": [{"title": "x"}] * 11}, "embeds"),
    (SAY, {"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
    (SAY, embed(title="x", color=1 << 24), "embeds.0.color"),
    # rows and their controls
    (SAY, {"content": "x", "components": [*map(one_row, map(str, range(6)))]}, "components"),
    (SAY, {"content": "x", **row()}, "components.0.components"),
    (SAY, {"content": "x", **row(*({**BUTTON, "custom_id": str(n)} for n in range(6)))}, "components.0.components"),
    (SAY, {"content": "x", **row(BUTTON, menu("a"))}, "components.0.components"),
    (SAY, {"content": "x", **row(BUTTON, BUTTON)}, "components.0.components.1.custom_id"),
    (SAY, {"content": "x", **row({**BUTTON, "id": 5}, {**BUTTON, "id": 5, "custom_id": "y"})}, f"{ROW[:-1]}1.id"),
    (SAY, {"content": "x", **row({**BUTTON, "custom_id": "x" * 101})}, f"{ROW}.custom_id"),
    (SAY, {"content": "x", **row({**BUTTON, "custom_id": ""})}, f"{ROW}.custom_id"),
    (SAY, {"content": "x", **row({**BUTTON, "custom_id": None})}, f"{ROW}.custom_id"),
    (SAY, {"content": "x", **row({**BUTTON, "label": "x" * 81})}, f"{ROW}.label"),
    (SAY, {"content": "x", **row({**BUTTON, "label": ""})}, ROW),
    (SAY, {"content": "x", **row({**BUTTON, "label": "  "})}, ROW),
    (SAY, {"content": "x", **row({**BUTTON, "label": None})}, ROW),
    (SAY, {"content": "x", **row({**BUTTON, "url": "https://example.com"})}, ROW),
    (SAY, {"content": "x", **row({**BUTTON, "style": 6})}, f"{ROW}.style"),
    (SAY, {"content": "x", **row({**BUTTON, "emoji": {"name": "x"}})}, f"{ROW}.emoji.name"),
    (SAY, {"content": "x", **row({**BUTTON, "emoji": {"name": "é"}})}, f"{ROW}.emoji.name"),
    (SAY, {"content": "x", **row({**BUTTON, "emoji": {"name": "1"}})}, f"{ROW}.emoji.name"),
    (SAY, {"content": "x", **row({**BUTTON, "emoji": {"name": "🍅🍅"}})}, f"{ROW}.emoji.name"),
    (SAY, {"content": "x", **row({**BUTTON, "emoji": {"name": "🍅 "}})}, f"{ROW}.emoji.name"),
    (SAY, {"content": "x", **row({**BUTTON, "emoji": {"name": "x", "id": "5"}})}, f"{ROW}.emoji.id"),
    (SAY, {"content": "x", **row({**LINK, "custom_id": "x"})}, ROW),
    (SAY, {"content": "x", **row({**LINK, "url": None})}, f"{ROW}.url"),
    (SAY, {"content": "x", **row({**LINK, "url": "example.com"})}, f"{ROW}.url"),
    (SAY, {"content": "x", **row({**LINK, "url": "attachment://x.png"})}, f"{ROW}.url"),
    (SAY, {"content": "x", **row({**LINK, "url": "https://example.com/" + "x" * 500})}, f"{ROW}.url"),
    (SAY, {"content": "x", **row(menu())}, f"{ROW}.options"),
    (SAY, {"content": "x", **row(menu(*map(str, range(26))))}, f"{ROW}.options"),
    (SAY, {"content": "x", **row(menu("a", "a"))}, f"{ROW}.options.1"),
    (SAY, {"content": "x", **row(menu("a", min_values=2))}, f"{ROW}.min_values"),
    (SAY, {"content": "x", **row(menu("a", max_values=2))}, f"{ROW}.max_values"),
    (SAY, {"content": "x", **row(menu("a", "b", min_values=2, max_values=1))}, f"{ROW}.max_values"),
    (SAY, {"content": "x", **row(menu("a", min_values=26))}, f"{ROW}.min_values"),
    (SAY, {"content": "x", **row(menu("a", placeholder="x" * 151))}, f"{ROW}.placeholder"),
    (SAY, {"content": "x", **row(menu("x" * 101))}, f"{ROW}.options.0.label"),
    (SAY, {"content": "x", **row(menu(""))}, f"{ROW}.options.0.label"),
    (
        SAY,
        {"content": "x", **row(menu(options=[checked(value) for value in "ab"]))},
        f"{ROW}.options",
    ),
    (
        SAY,
        {"content": "x", **row(menu(options=[{"label": "a", "value": "a", "emoji": {"name": "a"}}]))},
        f"{ROW}.options.0.emoji.name",
    ),
    (
        SAY,
        {"content": "x", **row(menu(kind=5, default_values=[{"type": "user", "id": str(n)} for n in (1, 2)]))},
        f"{ROW}.default_values",
    ),
    (
        SAY,
        {"content": "x", **row(menu(kind=5, default_values=[{"type": "role", "id": "1"}]))},
        f"{ROW}.default_values.0.type",
    ),
    (SAY, {"content": "x", **row({"type": 4, "custom_id": "x", "style": 1, "label": "x"})}, ROW),
    # Components V2
    (SAY, {"content": "x", "components": [text("x")]}, "components.0"),
    (SAY, v2(text("x"), content="x"), "content"),
    (SAY, v2(text("x"), **embed(title="x")), "embeds"),
    (SAY, v2(text("")), "components.0.content"),
    (SAY, v2(text(" ")), "components.0.content"),
    (SAY, v2(text("x" * 4001)), "components.0.content"),
    (SAY, v2(text("x" * 2001), text("x" * 2000)), "components"),
    (SAY, v2(*[text("x")] * 41), "components"),
    (SAY, v2({"type": 17, "components": [text("x")] * 40}), "components"),
    (SAY, v2({"type": 17, "components": []}), "components.0.components"),
    (SAY, v2({"type": 17, "components": [{"type": 17, "components": [text("x")]}]}), ROW),
    (SAY, v2({"type": 17, "components": [text("x")], "accent_color": 1 << 24}), "components.0.accent_color"),
    (SAY, v2({"type": 9, "components": [text("x")] * 4, "accessory": BUTTON}), "components.0.components"),
    (SAY, v2({"type": 9, "components": [text("x")], "accessory": menu("a")}), "components.0.accessory"),
    (SAY, v2({"type": 9, "components": [BUTTON], "accessory": BUTTON}), "components.0.components.0.type"),
    (SAY, v2({"type": 12, "items": []}), "components.0.items"),
    (SAY, v2({"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}}] * 11}), "components.0.items"),
    (SAY, v2({"type": 12, "items": [{"media": {"url": ""}}]}), "components.0.items.0.media.url"),
    (SAY, v2({"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}), "components.0.items.0.media.url"),
    (SAY, v2({"type": 13, "file": {"url": "https://example.com/a.txt"}}), "components.0.file.url"),
    (SAY, v2({"type": 13, "file": {"url": "attachment://a.txt"}}), "components.0.file.url"),
    (SAY, v2({"type": 14, "spacing": 3}), "components.0.spacing"),
    (SAY, v2(text("x", id=5), text("y", id=5)), "components.1.id"),
    (SAY, v2(BUTTON), "components.0"),
    (EDIT, {"flags": V2, "components": [text("x")]}, "content"),
    (EDIT, {"flags": -1}, "flags"),
    (EDIT, {"attachments": [{"id": "5"}]}, "attachments.0.id"),
    (EDIT, {"content": "x" * 2001}, "content"),
    # commands
    (COMMAND, command(name="Brew"), "name"),
    (COMMAND, command(name="brew tea"), "name"),
    (COMMAND, command(name="brew!"), "name"),
    (COMMAND, command(name="x" * 33), "name"),
    (COMMAND, command(name=""), "name"),
    (COMMAND, command(description=""), "description"),
    (COMMAND, command(description=None), "description"),
    (COMMAND, command(description="x" * 101), "description"),
    (COMMAND, {"name": "Brew", "type": 2, "description": "x"}, "description"),
    (COMMAND, {"name": "Brew", "type": 2, "options": [option()]}, "options"),
    (COMMAND, {"name": " ", "type": 3}, "name"),
    (COMMAND, command(name_localizations={"de": "Tee Kochen"}), "name_localizations.de"),
    (COMMAND, command(name_localizations={"xx": "tee"}), "name_localizations.xx"),
    (COMMAND, command(description_localizations={"": "tee"}), "description_localizations."),
    (COMMAND, command(option(name_localizations={"de": "Tee"})), "options.0.name_localizations.de"),
    (COMMAND, command(default_member_permissions=-1), "default_member_permissions"),
    (COMMAND, command(contexts=[]), "contexts"),
    (COMMAND, command(contexts=[0, 0]), "contexts.1"),
    (COMMAND, command(*[option(name=f"a{n}") for n in range(26)]), "options"),
    (COMMAND, command(option(), option()), "options.1"),
    (COMMAND, command(option(name="A")), "options.0.name"),
    (
        COMMAND,
        command(option(name_localizations={"de": "b"}), option(name="b")),
        "options.0.name_localizations.de",
    ),
    (
        COMMAND,
        command(*[option(name=name, name_localizations={"de": "tee"}) for name in "ab"]),
        "options.1.name_localizations.de",
    ),
    (COMMAND, command(option(description="")), "options.0.description"),
    (COMMAND, command(option(), option(name="b", required=True)), "options.1"),
    (COMMAND, command(option(1), option(3, "b")), "options.1"),
    (COMMAND, command(option(3), option(1, "b")), "options.1"),
    (COMMAND, command(option(1, required=True)), "options.0"),
    (COMMAND, command(option(2)), "options.0.options"),
    (COMMAND, command(option(2, options=[])), "options.0.options"),
    (
        COMMAND,
        command(option(2, options=[option(1, options=[option(1, "b")])])),
        f"options.0.{'options.0.' * 2}"[:-1],
    ),
    (COMMAND, command(option(1, options=[option(2, "b")])), "options.0.options.0"),
    (COMMAND, command(option(1, options=[option(), option()])), "options.0.options.1"),
    (COMMAND, command(option(1, options=[option(), option(3, "b", required=True)])), "options.0.options.1"),
    (COMMAND, command(option(choices=[choice("x" * 101)])), "options.0.choices.0.name"),
    (COMMAND, command(option(choices=[choice("x", "x" * 101)])), "options.0.choices.0.value"),
    (COMMAND, command(option(choices=[choice("x"), choice("x", "y")])), "options.0.choices.1"),
    (COMMAND, command(option(choices=[choice(f"x{n}") for n in range(26)])), "options.0.choices"),
    (COMMAND, command(option(choices=[choice("x")], autocomplete=True)), "options.0"),
    (COMMAND, command(option(4, choices=[choice("x", 1.5)])), "options.0.choices.0.value"),
    (COMMAND, command(option(4, choices=[choice("x", 1 << 54)])), "options.0.choices.0.value"),
    (COMMAND, command(option(4, min_value=5, max_value=4)), "options.0.max_value"),
    (COMMAND, command(option(10, min_value=5.5, max_value=5)), "options.0.max_value"),
    (COMMAND, command(option(4, min_value=1.5)), "options.0.min_value"),
    (COMMAND, command(option(min_length=5, max_length=4)), "options.0.max_length"),
    (COMMAND, command(option(min_length=-1)), "options.0.min_length"),
    (COMMAND, command(option(max_length=0)), "options.0.max_length"),
    (COMMAND, command(option(max_length=6001)), "options.0.max_length"),
    (COMMAND, command(option(7, channel_types=[99])), "options.0.channel_types.0"),
    (
        COMMAND,
        command(
            *[
                option(name=f"a{n}", choices=[choice(f"{m}" + "x" * 19, "x" * 99) for m in range(25)])
                for n in range(3)
            ]
        ),
        "",
    ),
    (COMMANDS, [command(), command()], "1"),
    (COMMANDS, [command(), command(name="Tea")], "1.name"),
    (RENAME, {"name": "Go"}, "name"),
    (RENAME, {"options": [option(), option()]}, "options.1"),
    (RENAME, {"name": "taken"}, "name"),
    # first answers
    (ANSWER, {"type": 1}, "type"),
    (ANSWER, {"type": 2, "data": {"content": "x"}}, ""),
    (ANSWER, {"type": 8, "data": {"choices": []}}, "type"),
    (ANSWER, {"type": 4, "data": {"content": "x" * 2001}}, "data.content"),
    (ANSWER, {"type": 4, "data": {"content": "x", "flags": -1}}, "data.flags"),
    (ANSWER, {"type": 4, "data": embed()}, "data.embeds.0.description"),
    (ANSWER, {"type": 4, "data": row(BUTTON, BUTTON)}, "data.components.0.components.1.custom_id"),
    (ANSWER, {"type": 7, "data": {"content": "x" * 2001}}, "data.content"),
    (ANSWER, {"type": 5, "data": {"flags": -1}}, "data.flags"),
    (ANSWER, form(), "data.components"),
    (ANSWER, form(*[label(field(custom_id=str(n))) for n in range(6)]), "data.components"),
    (ANSWER, form(label(field()), title="x" * 46), "data.title"),
    (ANSWER, form(label(field()), title=""), "data.title"),
    (ANSWER, form(label(field()), custom_id="x" * 101), "data.custom_id"),
    (ANSWER, form(label(field()), label(field())), "data.components.1.component.custom_id"),
    (ANSWER, form({"type": 1, "components": [field()]}), "data.components.0.components.0.label"),
    (ANSWER, form({"type": 1, "components": [field(label="x" * 46)]}), "data.components.0.components.0.label"),
    (
        ANSWER,
        form({"type": 1, "components": [field(label="a"), field(label="b", custom_id="b")]}),
        "data.components.0.components",
    ),
    (ANSWER, form({"type": 1, "components": [BUTTON]}), "data.components.0.components.0.type"),
    (ANSWER, form(label(BUTTON)), "data.components.0.component"),
    (ANSWER, form(label(field(min_length=5, max_length=4))), "data.components.0.component.max_length"),
    (ANSWER, form(label(field(max_length=0))), "data.components.0.component.max_length"),
    (ANSWER, form(label(field(max_length=4001))), "data.components.0.component.max_length"),
    (ANSWER, form(label(field(value="x" * 4001))), "data.components.0.component.value"),
    (ANSWER, form(label(field(value="xx", max_length=1))), "data.components.0.component.value"),
    (ANSWER, form(label(field(placeholder="x" * 101))), "data.components.0.component.placeholder"),
    (ANSWER, form(label(field(style=3))), "data.components.0.component.style"),
    (ANSWER, form(label(menu("a", disabled=True))), "data.components.0.component.disabled"),
    (ANSWER, form(label(menu("a", min_values=0))), "data.components.0.component.min_values"),
    (
        ANSWER,
        form(label({"type": 19, "custom_id": "f", "min_values": 0})),
        "data.components.0.component.min_values",
    ),
    (
        ANSWER,
        form(label({"type": 19, "custom_id": "f", "max_values": 11})),
        "data.components.0.component.max_values",
    ),
    (ANSWER, form(text("")), "data.components.0.content"),
    (
        ANSWER,
        form(label({"type": 21, "custom_id": "r", "options": [{"label": "a", "value": "a"}]})),
        "data.components.0.component.options",
    ),
    (
        ANSWER,
        form(label({"type": 21, "custom_id": "r", "options": [checked(value) for value in "ab"]})),
        "data.components.0.component.options",
    ),
    (
        ANSWER,
        form(label({"type": 22, "custom_id": "r", "options": [{"label": "a", "value": "a"}], "max_values": 2})),
        "data.components.0.component.max_values",
    ),
    # webhooks, channels, threads
    (FOLLOW, {"content": "x", "username": "x" * 81}, "username"),
    (FOLLOW, {"content": "x", "username": "Discord Bot"}, "username"),
    (FOLLOW, {"content": "x", "username": "CLYDE"}, "username"),
    (FOLLOW, {"content": "x", "flags": -1}, "flags"),
    (HOOK, {"name": "Clyde"}, "name"),
    (HOOK, {"name": "my discord"}, "name"),
    (HOOK, {"name": ""}, "name"),
    (HOOK, {"name": "  "}, "name"),
    (HOOK, {"name": "x" * 81}, "name"),
    (CHANNEL, {"name": ""}, "name"),
    (CHANNEL, {"name": " "}, "name"),
    (CHANNEL, {"name": "x" * 101}, "name"),
    (CHANNEL, {"topic": "x" * 1025}, "topic"),
    (CHANNEL, {"rate_limit_per_user": -1}, "rate_limit_per_user"),
    (CHANNEL, {"rate_limit_per_user": 21601}, "rate_limit_per_user"),
    (THREAD, {"name": "", "type": 11}, "name"),
    (THREAD, {"name": " ", "type": 11}, "name"),
    (THREAD, {"name": "x" * 101, "type": 11}, "name"),
    (THREAD, {"name": "x", "type": 11, "auto_archive_duration": 61}, "auto_archive_duration"),
    (THREAD, {"name": "x", "type": 11, "rate_limit_per_user": 21601}, "rate_limit_per_user"),
    (THREAD, {"name": "x", "type": 9}, "type"),
    ("POST /guilds/{guild_id}/channels", {"name": "x", "topic": "x" * 1025}, "topic"),
    ("POST /guilds/{guild_id}/channels", {"name": " "}, "name"),
    ("POST /guilds/{guild_id}/channels", {"name": "x", "type": 1}, "type"),
    ("POST /channels/{channel_id}/messages/bulk-delete", {"messages": ["1"]}, "messages"),
    ("POST /channels/{channel_id}/messages/bulk-delete", {"messages": ["1", "1"]}, "messages.1"),
    (
        "POST /channels/{channel_id}/messages/bulk-delete",
        {"messages": [str(number) for number in range(101)]},
        "messages",
    ),
    (MEMBER, {"nick": "x" * 33}, "nick"),
    (MEMBER, {"communication_disabled_until": "2099-01-01T00:00:00Z"}, "communication_disabled_until"),
]


@pytest.fixture
async def stage(local: LocalDiscord, rest: Rest) -> Stage:
    stage = await build(local, rest)
    await stage.ask(COMMAND, {"name": "taken", "description": "Taken"})
    return stage


@pytest.mark.parametrize("route", sorted({name for name, _, _ in REFUSED}))
async def test_meaningless_bodies_are_invalid(stage: Stage, route: str) -> None:
    """A well-typed body that Discord does not allow gets 400 with 50035, and each error under its path."""
    for body, path in [(body, path) for name, body, path in REFUSED if name == route]:
        status, answer = await stage.ask(route, stage.filled(body))
        assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body"), (body, answer)
        errors = answer["errors"]
        for part in path.split(".") if path else ():
            assert part in errors, (body, answer)
            errors = errors[part]
        assert "_errors" in errors, (body, answer)
