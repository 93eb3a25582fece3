"""Bodies of requests: JSON, or a form of JSON and files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Never
from urllib.parse import parse_qsl

from aiohttp import web

from bot.localdiscord.attachments import Upload
from bot.localdiscord.errors import BadRequest, DiscordError, Unsupported, invalid
from bot.localdiscord.snowflake import is_snowflake

if TYPE_CHECKING:
    from collections.abc import Collection

JSON, URL_ENCODED, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"

_PAYLOAD = "payload_json"
_DEEPEST = 200
"""How deep JSON may nest: far more than anything means, far less than what Python can write."""


@dataclass(slots=True, frozen=True)
class Body:
    """What a request brings: its JSON (None where there is none), and the files beside it."""

    json: Any = None
    uploads: list[Upload] = field(default_factory=list)


async def read_body(request: web.Request, types: Collection[str] = (JSON, MULTIPART)) -> Body:
    """Return the body of a request that may be of these content types.

    Raise 50109 for invalid JSON, 50035 for another content type or a body that is null, 40005 for a body that is
    too large, and `BadRequest` for a form that cannot be read.
    """
    if not request.body_exists or request.content_length == 0:
        return Body()
    if request.content_type not in types:
        listed = ", ".join(f"'{kind}'" for kind in types)
        message = f'Expected "Content-Type" header to be one of {{{listed}}}.'
        raise invalid("", "CONTENT_TYPE_INVALID", message)
    try:
        if request.content_type == MULTIPART:
            return await _read_multipart(request)
        content = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise DiscordError(40005) from None
    except web.RequestPayloadError as error:
        raise BadRequest from error
    if request.content_type == URL_ENCODED:
        return _read_form(content)
    return Body(parsed(content)) if content else Body()


def parsed(content: bytes) -> Any:
    """Parse JSON; raise 50109 where it is invalid, and 50035 for null.

    It is invalid too with NaN in it, with half of a surrogate pair, which no UTF-8 can hold, or where it nests too
    deep.
    """
    try:
        text = content.decode()
        value = json.loads(text, parse_constant=_refuse)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise DiscordError(50109) from None
    if _too_deep(value):
        raise DiscordError(50109)
    if value is None:
        raise invalid("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return value


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _refuse(name: str) -> Never:
    raise ValueError(f"{name} is no JSON")


def _read_form(content: bytes) -> Body:
    value: Any = None
    for name, text in parse_qsl(content.decode(errors="replace"), keep_blank_values=True):
        if name != _PAYLOAD:
            raise Unsupported(f"the form field {name!r} beside {_PAYLOAD}")
        value = parsed(text.encode())
    return Body(value)


async def _read_multipart(request: web.Request) -> Body:
    value: Any = None
    uploads: list[Upload] = []
    for name, filename, content in await _parts(request):
        if name == _PAYLOAD:
            value = parsed(content)
        elif name.startswith("files[") and name.endswith("]") and is_snowflake(name[6:-1]):
            number = int(name[6:-1])
            if not filename or any(upload.number == number for upload in uploads):
                raise Unsupported(f"{name} without a filename, or twice")
            uploads.append(Upload(number, filename, content))
        else:
            raise Unsupported(f"the form field {name!r} beside {_PAYLOAD} and files[n]")
    return Body(value, uploads)


async def _parts(request: web.Request) -> list[tuple[str, str | None, bytes]]:
    """Return name, filename and content of each part, all of which are read; raise 40005 where that is too much."""
    try:
        # a form within the form, which aiohttp gives another class, has neither a name nor bytes
        parts = [
            (part.name or "", part.filename, bytes(await part.read()))  # type: ignore[union-attr]
            async for part in await request.multipart()
        ]
    except web.HTTPRequestEntityTooLarge:
        raise
    except Exception as error:  # whatever aiohttp's parser trips over, from AssertionError to zlib.error
        raise BadRequest from error
    # aiohttp holds each part to that limit, if any
    if sum(len(content) for _, _, content in parts) > request.client_max_size:
        raise DiscordError(40005)
    return parts
