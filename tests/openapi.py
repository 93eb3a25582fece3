"""Discord's own description of its REST API, held against every request and answer of a test."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.playground.exchange import Exchange

# Where the file is: https://github.com/discord/discord-api-spec has it as specs/openapi.json.
FILE = Path(os.environ.get("DISCORD_OPENAPI", Path(__file__).parents[2] / "shared/discord-openapi/openapi.json"))
# The numbers of files that are sent along are integers to discord.py, too.
# Integers above this are snowflakes that discord.py sends as numbers; Discord takes them, its file does not say so.
_SNOWFLAKES = 1 << 40


def available() -> bool:
    return FILE.exists()


@cache
def _document() -> tuple[dict[str, Any], Registry[Any]]:
    document = json.loads(FILE.read_text("utf-8"))
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    return document, Registry().with_resource("discord", resource)


def violation(exchange: Exchange) -> str | None:
    """Tell in what an exchange differs from Discord's description of it, or None."""
    path = _path_of(exchange.path)
    if path is None:
        return f"{exchange.method} {exchange.path} is not in Discord's description"
    found = _document()[0]["paths"][path].get(exchange.method.lower())
    if found is None:
        return f"{exchange.method} is not among the methods of {path}"
    where = f"#/paths/{_pointer(path)}/{exchange.method.lower()}"
    problems = []
    if exchange.request is not None and "requestBody" in found and exchange.status < 400:
        schema = f"{where}/requestBody/content/{_pointer('application/json')}/schema"
        problems.append(("request", _check(schema, _as_sent(exchange.request))))
    if exchange.response is not None:
        problems.append(("answer", _check_answer(found, where, exchange)))
    said = [f"{exchange.method} {path} {exchange.status}: {what}: {why}" for what, why in problems if why]
    return "\n".join(said) or None


def _check_answer(found: dict[str, Any], where: str, exchange: Exchange) -> str | None:
    if exchange.status >= 500:
        return None  # a broken server describes itself no more
    for key in (str(exchange.status), f"{exchange.status // 100}XX"):
        answer = found["responses"].get(key)
        if answer is None:
            continue
        pointer = answer.get("$ref", f"{where}/responses/{key}")
        return _check(f"{pointer}/content/{_pointer('application/json')}/schema", exchange.response)
    return f"a status of {exchange.status} is not described"


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"discord{pointer}"}, registry=_document()[1])


def _check(pointer: str, value: Any) -> str | None:
    worst: ValidationError | None = best_match(_validator(pointer).iter_errors(value))
    return f"{worst.json_path}: {worst.message[:300]}" if worst else None


@cache
def _path_of(path: str) -> str | None:
    """Find the template that fits; one that says more in plain words goes before one that takes anything."""
    fitting = [
        template
        for template in _document()[0]["paths"]
        if re.fullmatch(re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(template)), path)
    ]
    return min(fitting, key=lambda template: template.count("{"), default=None)


def _pointer(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _as_sent(value: Any) -> Any:
    if isinstance(value, dict):
        files = [{**one, "id": str(one["id"])} for one in value.get("attachments") or [] if "id" in one]
        value = value | ({"attachments": files} if files else {})
        return {key: _as_sent(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_sent(inner) for inner in value]
    if isinstance(value, int) and value > _SNOWFLAKES:
        return str(value)
    return value
