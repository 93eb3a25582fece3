"""Valid bodies for every route that has one, and all the ways to break them in one place."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.localdiscord.shape import SHAPES
from tests.localdiscord.samples import wrong_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.localdiscord.wire import Json

MISSING = object()
_LONGEST = 5000  # longer values are not made only to be too long
_V2 = 1 << 15

EMBED = {
    "title": "Tea",
    "description": "is ready",
    "url": "https://example.com/tea",
    "color": 0x3BA55C,
    "timestamp": "2026-01-01T09:00:00Z",
    "footer": {"text": "Robin", "icon_url": "https://example.com/robin.png"},
    "author": {"name": "Ann", "url": "https://example.com", "icon_url": "http://example.com:8080/ann.png"},
    "image": {"url": "https://example.com/cup.png"},
    "thumbnail": {"url": "https://example.com/leaf.png"},
    "fields": [{"name": "Kind", "value": "green", "inline": True}, {"name": "Cups", "value": "2"}],
}
PRESS = {"type": 2, "style": 1, "label": "Pour", "custom_id": "pour", "emoji": {"name": "🍵"}, "disabled": False}
LINK = {"type": 2, "style": 5, "label": "More", "url": "https://example.com"}
OPTION = {"label": "Green", "value": "green", "description": "from Japan", "emoji": {"name": "🌱"}, "default": True}
KINDS = {
    "type": 3,
    "custom_id": "kind",
    "options": [OPTION, {"label": "Mint", "value": "mint"}],
    "placeholder": "Which",
}
PEOPLE = {"type": 5, "custom_id": "who", "default_values": [{"type": "user", "id": "{user_id}"}], "max_values": 2}
PLACES = {"type": 8, "custom_id": "where", "channel_types": [0, 2], "min_values": 0, "max_values": 3}
ROWS = [
    {"type": 1, "id": 7, "components": [PRESS, LINK]},
    *({"type": 1, "components": [it]} for it in (KINDS, PEOPLE, PLACES)),
]
TEXT = {"type": 10, "content": "# Tea"}
PICTURE = {"media": {"url": "https://example.com/cup.png"}, "description": "A cup", "spoiler": True}
LAYOUT = [
    {
        "type": 17,
        "accent_color": 5,
        "spoiler": False,
        "components": [
            {"type": 9, "components": [TEXT], "accessory": {**PRESS, "custom_id": "more"}},
            {"type": 9, "components": [TEXT], "accessory": {"type": 11, **PICTURE}},
            {"type": 14, "spacing": 2, "divider": True},
            {"type": 12, "items": [PICTURE]},
        ],
    },
    *ROWS,
]
CHOICES = [{"name": "Green", "value": "green"}, {"name": "Mint", "value": "mint"}]
LEAVES: list[Json] = [
    {"type": 3, "name": "kind", "description": "Of what", "required": True, "choices": CHOICES},
    {"type": 3, "name": "note", "description": "Words", "min_length": 1, "max_length": 100, "autocomplete": True},
    {"type": 4, "name": "cups", "description": "How many", "min_value": 1, "max_value": 9},
    {"type": 4, "name": "size", "description": "How large", "choices": [{"name": "Small", "value": 1}]},
    {"type": 10, "name": "heat", "description": "How hot", "choices": [{"name": "Warm", "value": 60.5}]},
    {"type": 7, "name": "where", "description": "Where", "channel_types": [0, 2]},
    *({"type": kind, "name": f"it-{kind}", "description": "It"} for kind in (5, 6, 8, 9, 11)),
]
COMMAND = {
    "name": "brew",
    "name_localizations": {"de": "brühen", "hi": "चाय"},
    "description": "Makes tea",
    "description_localizations": {"de": "Macht Tee"},
    "default_member_permissions": 8,
    "contexts": [0, 1],
    "integration_types": [0, 1],
    "nsfw": False,
    "options": LEAVES,
}
TREE = {
    "name": "tea",
    "description": "All of tea",
    "type": 1,
    "options": [
        {"type": 1, "name": "make", "description": "Makes it", "options": LEAVES},
        {
            "type": 2,
            "name": "kinds",
            "description": "What there is",
            "options": [{"type": 1, "name": "list", "description": "Lists them", "options": LEAVES[:1]}],
        },
    ],
}
MENU = {"name": "Quote this", "type": 3}
INPUT = {
    "type": 4,
    "custom_id": "name",
    "style": 1,
    "min_length": 1,
    "max_length": 20,
    "value": "Ann",
    "placeholder": "Who",
}
BOXES = [{"label": value, "value": value, "description": value} for value in ("a", "b")]
FORM = {
    "custom_id": "form",
    "title": "Tea",
    "components": [
        {"type": 18, "label": "Name", "description": "Whose", "component": INPUT | {"required": False}},
        {
            "type": 18,
            "label": "Kind",
            "component": {"type": 3, "custom_id": "kind", "options": [OPTION], "required": True},
        },
        {"type": 18, "label": "One", "component": {"type": 21, "custom_id": "one", "options": BOXES}},
        {
            "type": 18,
            "label": "Some",
            "component": {"type": 22, "custom_id": "some", "options": BOXES, "max_values": 2},
        },
        {"type": 18, "label": "File", "component": {"type": 19, "custom_id": "file", "max_values": 3}},
    ],
}
OLD_FORM = FORM | {"components": [TEXT, {"type": 1, "components": [INPUT | {"label": "Name"}]}]}
MENTIONS = {"parse": ["roles"], "users": ["{user_id}"], "replied_user": True}
MESSAGE = {"content": "Tea", "embeds": [EMBED], "components": ROWS, "allowed_mentions": MENTIONS, "flags": 4}
CARD = {"flags": _V2, "components": LAYOUT}
POST = {
    **MESSAGE,
    "nonce": "1",
    "enforce_nonce": True,
    "tts": False,
    "message_reference": {"message_id": "{message_id}", "channel_id": "{channel_id}", "fail_if_not_exists": True},
}

_CHANNEL, _GUILD = "/channels/{channel_id}", "/guilds/{guild_id}"
_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
_ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"

BODIES: dict[str, list[Any]] = {
    f"POST {_CHANNEL}/messages": [POST, CARD, {"content": "x", "nonce": 5}],
    f"PATCH {_CHANNEL}/messages/{{message_id}}": [MESSAGE, CARD | {"content": None, "embeds": []}],
    f"POST {_CHANNEL}/messages/bulk-delete": [{"messages": ["{message_id}", "{webhook_message_id}"]}],
    f"POST {_CHANNEL}/messages/{{message_id}}/threads": [
        {"name": "Talk", "auto_archive_duration": 60, "rate_limit_per_user": 5}
    ],
    f"POST {_CHANNEL}/threads": [
        {"name": "Talk", "type": 11, "auto_archive_duration": 1440, "rate_limit_per_user": 0, "invitable": True}
    ],
    f"POST {_CHANNEL}/webhooks": [{"name": "Kettle"}],
    f"PATCH {_CHANNEL}": [{"name": "tea-room", "topic": "Tea", "nsfw": False, "rate_limit_per_user": 5}],
    f"PUT {_CHANNEL}/permissions/{{overwrite_id}}": [{"type": 1, "allow": 1024, "deny": 2048}],
    f"POST {_GUILD}/channels": [{"name": "kitchen", "type": 0, "topic": "Tea"}],
    f"PATCH {_GUILD}/members/@me": [{"nick": "Robin"}],
    f"PATCH {_GUILD}/members/{{user_id}}": [
        {"nick": "Annie", "mute": True, "deaf": False, "communication_disabled_until": "2020-01-01T00:00:00Z"}
    ],
    "POST /users/@me/channels": [{"recipient_id": "{user_id}"}],
    f"POST {_HOOK}": [MESSAGE | {"username": "Pot", "tts": False}, CARD],
    f"PATCH {_HOOK}/messages/{{message_id}}": [MESSAGE, CARD | {"content": None, "embeds": []}],
    _ANSWER: [
        {"type": 4, "data": MESSAGE | {"tts": False}},
        {"type": 4, "data": CARD | {"flags": _V2 | 64}},
        {"type": 5, "data": {"flags": 64}},
        {"type": 6},
        {"type": 7, "data": MESSAGE},
        {"type": 9, "data": FORM},
        {"type": 9, "data": OLD_FORM},
        {"type": 8, "data": {"choices": CHOICES}},
    ],
}
for _scope in ("", "/guilds/{guild_id}"):
    _address = f"/applications/{{application_id}}{_scope}/commands"
    BODIES |= {
        f"PUT {_address}": [[COMMAND, TREE, MENU]],
        f"POST {_address}": [COMMAND, TREE, MENU],
        f"PATCH {_address}/{{command_id}}": [COMMAND],
    }
"""Bodies by their routes, which together have nearly every field that is acted on."""


@dataclass(frozen=True)
class Break:
    """A value in place of a valid one; MISSING removes it."""

    path: tuple[str | int, ...]
    value: Any

    def apply(self, body: Any) -> Any:
        """Return the broken body."""
        if not self.path:
            return self.value
        broken = copy.deepcopy(body)
        holder = broken
        for part in self.path[:-1]:
            holder = holder[part]
        if self.value is MISSING:
            del holder[self.path[-1]]
        else:
            holder[self.path[-1]] = self.value
        return broken


def breaks(node: Json, value: Any, path: tuple[str | int, ...] = (), *, required: bool = False) -> Iterator[Break]:
    """Yield every way to break a valid value, and each value within it, by Discord's schema."""
    if required:
        yield Break(path, MISSING)
    if path:
        yield from (Break(path, wrong) for wrong in _wrong(node, value))
    if value is None:
        return
    if node["type"] == "array":
        for index, inner in enumerate(value):
            yield from breaks(node["items"] | {"null": False}, inner, (*path, index))
    title = node.get("shape") or node.get("by", {}).get(str(value.get("type")) if isinstance(value, dict) else "")
    if title:
        shape = SHAPES[title]
        for name, inner in value.items():
            needed = name in shape["required"]
            yield from breaks(shape["fields"][name], inner, (*path, name), required=needed)


def _wrong(node: Json, value: Any) -> list[Any]:
    """Return values that are invalid in place of `value`."""
    wrong = [*wrong_values(node), *_NEVER.get(node["type"], [])]
    if "choices" in node:
        wrong += [99, "x", 10**30]
    if node["type"] in {"integer", "number"}:
        wrong += [node[bound] + step for bound, step in (("least", -1), ("most", 1)) if bound in node]
    elif node["type"] == "string":
        wrong += _lengths(node, "x")
    elif node["type"] == "array":
        wrong += [[*value, None], *_lengths(node, value)]
        if value and node.get("unique"):
            wrong.append([value[0], value[0]])
    elif node["type"] == "map":
        key, text = next(iter(value.items()))
        wrong += [{"xx": text}, {key: 5}, {key: ""}]
    return wrong


def _lengths(node: Json, unit: Any) -> list[Any]:
    """Return values that are too long and too short, in such units."""
    wrong = [unit * (node["most"] + 1)] if unit and node.get("most", _LONGEST) < _LONGEST else []
    return wrong + ([unit[:0]] if node.get("least") else [])


_IDS = ["abc", "-1", -1, 1 << 64, str(1 << 64), 1.5, "1.0", " 1", "٣", ""]
_NEVER: dict[str, list[Any]] = {
    "integer": [0.5, "1", 1 << 64],
    "snowflake": _IDS,
    "permissions": _IDS,
    "timestamp": ["", "soon", "2026-13-01", "2026-01-01T25:00:00Z", "2026-W01-1", 0],
    "url": ["x", "http://", "http://x y", "javascript:1", "//example.com", "x" * 3000],
    "boolean": [0, 1, "true"],
    "union": [{"type": 99}, {"type": None}, {"type": [1]}],
    "array": [[None], [[]]],
}
"""What fits in no place of a type."""
