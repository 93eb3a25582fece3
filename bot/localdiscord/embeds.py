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
_WEB, _MEDIA = ("http", "https"), ("http", "https", "attachment")
_SEEN = {"title", "description", "fields", "footer", "author", "image", "thumbnail"}
"""What an embed may consist of: a colour, a time or an address is nothing to see."""


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
    _check_scheme(form, f"{path}.url", raw.get("url"), _WEB)
    if fields := raw.get("fields"):
        out["fields"] = [_field(form, f"{path}.fields.{index}", field) for index, field in enumerate(fields)]
    for part, name in (("footer", "text"), ("author", "name")):
        if (inner := raw.get(part)) is not None:
            form.filled(f"{path}.{part}.{name}", inner.get(name))
            _check_scheme(form, f"{path}.{part}.icon_url", inner.get("icon_url"), _MEDIA)
            if part == "author":
                _check_scheme(form, f"{path}.author.url", inner.get("url"), _WEB)
            kept = {key: _trimmed(value) for key, value in inner.items() if key in {name, "url", "icon_url"}}
            out[part] = {key: value for key, value in kept.items() if value}
    for part in ("image", "thumbnail"):
        if inner := raw.get(part):
            url = str(inner.get("url") or "")
            _check_scheme(form, f"{path}.{part}.url", url, _MEDIA)
            item = media(f"{path}.{part}.url", url)
            out[part] = {key: item[key] for key in ("url", "proxy_url", "width", "height") if item.get(key)}
    if not out.keys() & _SEEN:
        form.require(f"{path}.description")
    return out


def _line(raw: Json) -> Json:
    """Return the parts of an embed that are one value each."""
    texts = {name: _trimmed(raw.get(name)) for name in ("title", "description", "url")}
    out: Json = {name: text for name, text in texts.items() if text}
    if raw.get("color") is not None:
        out["color"] = raw["color"]
    if raw.get("timestamp"):
        out["timestamp"] = datetime.fromisoformat(raw["timestamp"]).isoformat()
    return out


def _field(form: Form, path: str, raw: Json) -> Json:
    for name in ("name", "value"):
        form.filled(f"{path}.{name}", raw.get(name))
    return {
        "name": _trimmed(raw.get("name")),
        "value": _trimmed(raw.get("value")),
        "inline": bool(raw.get("inline")),
    }


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


def _check_scheme(form: Form, path: str, url: str | None, among: tuple[str, ...]) -> None:
    scheme = (url or "").partition("://")[0]
    if url and scheme not in among:
        allowed = ", ".join(map(repr, among))
        message = f'Scheme "{scheme}" is not supported. Scheme must be one of ({allowed}).'
        form.fail(path, "URL_TYPE_INVALID_SCHEME", message)


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
