"""Discord's OpenAPI description, checked against every request and answer of a test."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.localdiscord.exchange import Exchange

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, Registry, ValidationError

# Where the file is: https://github.com/discord/discord-api-spec has it as specs/openapi.json.
FILE = Path(os.environ.get("DISCORD_OPENAPI", Path(__file__).parents[2] / "shared/discord-openapi/openapi.json"))
ABSENT = "Discord's OpenAPI file is not here: name it in DISCORD_OPENAPI to check every exchange"
# Integers above this are snowflakes that discord.py sends as numbers; Discord takes them, its file does not say so.
_SNOWFLAKES = 1 << 40
# Mentions in a message, by ids that are snowflakes however small.
_MENTIONED = {"users", "roles"}
_JSON = "content/application~1json/schema"


def available() -> bool:
    return FILE.exists()


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    # The file has numbers for the codes of a field's errors. Discord sends words, such as BASE_TYPE_REQUIRED:
    # https://discord.com/developers/docs/reference#error-messages
    of_a_field = document["components"]["schemas"]["InnerErrors"]["properties"]["_errors"]
    of_a_field["items"] = {
        "type": "object",
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        "required": ["code", "message"],
    }
    return document


@cache
def _registry() -> "Registry":
    from jsonschema_rs import Registry

    return Registry([("discord:/openapi", _document())])


def describes(method: str, template: str) -> bool:
    """Return whether Discord has such a route; its parameters may have other names."""
    path = _path_of(re.sub(r"\{[^/]+?\}", "1", template))
    return path is not None and method.lower() in _document()["paths"][path]


def violation(exchange: Exchange) -> str | None:
    """Return how an exchange differs from Discord's description of it, or None.

    A request that was refused may be as wrong as it likes; the refusal may not.
    """
    path = _path_of(exchange.path)
    if path is None:
        return _undescribed(exchange, "is not in Discord's description")
    operation = _document()["paths"][path].get(exchange.method.lower())
    if operation is None:
        return _undescribed(exchange, f"is not among the methods of {path}")
    where = f"#/paths/{_pointer(path)}/{exchange.method.lower()}"
    problems = []
    if exchange.request is not None and "requestBody" in operation and exchange.status < 400:
        body = f"{where}/requestBody/{_JSON}"
        # Most are valid as they are; rewriting their numbers takes longer than checking them.
        if not _validator(body).is_valid(exchange.request):
            problems.append(("request", _check(body, _as_sent(exchange.request))))
    if exchange.response is not None and not exchange.faulty:
        problems.append(("answer", _check_answer(operation, where, exchange)))
    lines = [f"{exchange.method} {path} {exchange.status}: {part}: {why}" for part, why in problems if why]
    return "\n".join(lines) or None


def _undescribed(exchange: Exchange, why: str) -> str | None:
    return None if exchange.status in {400, 404, 405} else f"{exchange.method} {exchange.path} {why}"


def _check_answer(operation: dict[str, Any], where: str, exchange: Exchange) -> str | None:
    if exchange.status >= 500:
        return None  # a broken server describes itself no more
    for key in (str(exchange.status), f"{exchange.status // 100}XX"):
        answer = operation["responses"].get(key)
        if answer is not None:
            return _check(f"{answer.get('$ref', f'{where}/responses/{key}')}/{_JSON}", exchange.response)
    return f"a status of {exchange.status} is not described"


@cache
def _validator(pointer: str) -> "Draft202012Validator":
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator({"$ref": f"discord:/openapi{quote(pointer, safe='#/~')}"}, registry=_registry())


def _check(pointer: str, value: Any) -> str | None:
    validator = _validator(pointer)
    if validator.is_valid(value):
        return None
    worst = max(map(_deepest, validator.iter_errors(value)), key=_depth)
    return f"{'.'.join(map(str, worst.instance_path))}: {worst.message[:300]}"


def _deepest(error: "ValidationError") -> "ValidationError":
    """Find the innermost error: in a choice, that of the branch that fitted best."""
    branches: list[list[ValidationError]] = getattr(error.kind, "context", [])
    inner = [_deepest(error) for branch in branches for error in branch]
    return max(inner, key=_depth) if inner else error


def _depth(error: "ValidationError") -> int:
    return len(error.instance_path)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return a pattern for each template of a path, by the template."""
    return {
        template: re.compile(re.sub(r"\\{[^/]+?\\}", "[^/]+", re.escape(template)))
        for template in _document()["paths"]
    }


@cache
def _path_of(path: str) -> str | None:
    """Find the matching template; the one with more literal segments wins."""
    fitting = [template for template, pattern in _patterns().items() if pattern.fullmatch(path)]
    return min(fitting, key=lambda template: template.count("{"), default=None)


def _pointer(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _as_sent(value: Any) -> Any:
    """Write the numbers of files and the snowflakes as strings, which Discord accepts too."""
    if isinstance(value, dict):
        ids = {key: [str(number) for number in value[key] or []] for key in _MENTIONED & value.keys()}
        value = value | ids if "parse" in value else value
        files = [
            {**attachment, "id": str(attachment["id"])}
            for attachment in value.get("attachments") or []
            if "id" in attachment
        ]
        value = value | ({"attachments": files} if files else {})
        return {key: _as_sent(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_sent(inner) for inner in value]
    if isinstance(value, int) and value > _SNOWFLAKES:
        return str(value)
    return value
