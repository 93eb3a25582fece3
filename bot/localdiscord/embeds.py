"""Embeds: their limits, and how Discord gives them back.

Source of limits: https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.errors import Form
    from bot.localdiscord.wire import Json

MOST_TEXT = 6000


def read(form: Form, raw: list[Json], media: Callable[[str, str], Json]) -> list[Json]:
    """Check what their shape does not tell of embeds, and return them as Discord would store them.

    `media` resolves the address of a picture.
    """
    out = [_embed(form, f"embeds.{index}", embed, media) for index, embed in enumerate(raw)]
    if sum(map(_size, out)) > MOST_TEXT:
        form.fail("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_TEXT}")
    return out


def _embed(form: Form, path: str, raw: Json, media: Callable[[str, str], Json]) -> Json:
    out: Json = {"type": "rich", **_line(raw)}
    if fields := raw.get("fields"):
        out["fields"] = [_field(form, f"{path}.fields.{index}", field) for index, field in enumerate(fields)]
    for part, name, longest in (("footer", "text", 2048), ("author", "name", 256)):
        if inner := raw.get(part):
            form.length(f"{path}.{part}.{name}", inner.get(name), longest, 1)
            out[part] = {key: value for key, value in inner.items() if key in {name, "url", "icon_url"} and value}
    for part in ("image", "thumbnail"):
        if inner := raw.get(part):
            item = media(f"{path}.{part}.url", str(inner.get("url")))
            out[part] = {key: item[key] for key in ("url", "proxy_url", "width", "height") if item.get(key)}
    if len(out) == 1:
        form.fail(path, "BASE_TYPE_REQUIRED", "This field is required")
    return out


def _line(raw: Json) -> Json:
    """Return the parts of an embed that are one value each."""
    out: Json = {name: raw[name] for name in ("title", "description", "url") if raw.get(name)}
    if raw.get("color") is not None:
        out["color"] = raw["color"]
    if raw.get("timestamp"):
        out["timestamp"] = datetime.fromisoformat(raw["timestamp"]).isoformat()
    return out


def _field(form: Form, path: str, raw: Json) -> Json:
    form.length(f"{path}.name", raw.get("name"), 256, 1)
    form.length(f"{path}.value", raw.get("value"), 1024, 1)
    return {"name": raw.get("name"), "value": raw.get("value"), "inline": bool(raw.get("inline"))}


def _size(embed: Json) -> int:
    texts = [
        embed.get("title"),
        embed.get("description"),
        embed.get("footer", {}).get("text"),
        embed.get("author", {}).get("name"),
    ]
    for field in embed.get("fields", []):
        texts += [field["name"], field["value"]]
    return sum(len(text) for text in texts if isinstance(text, str))
