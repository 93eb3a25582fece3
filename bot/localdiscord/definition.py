"""Definitions of commands: what shapes do not tell of their names, options and choices.

Source of limits: https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bot.localdiscord.errors import Unsupported

if TYPE_CHECKING:
    from bot.localdiscord.errors import Form
    from bot.localdiscord.wire import Json

CHAT_INPUT, USER, MESSAGE, ENTRY_POINT = 1, 2, 3, 4
SUBCOMMAND, GROUP = 1, 2
# the ranges are those of Devanagari and Thai, whose vowel signs are no letters
_NAME = re.compile("[-_'\\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
_NAME_EXISTS = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists"
_MOST_TEXT, _MOST_VALUE = 8000, 100
_LOWER, _UPPER = ("min_value", "min_length"), ("max_value", "max_length")


def check(form: Form, path: str, raw: Json) -> None:
    """Check a command; `path` is where it is in the request, empty where it is all of it."""
    kind = raw.get("type") or CHAT_INPUT
    if kind == CHAT_INPUT:
        _check_command(form, path, raw)
    elif kind == ENTRY_POINT:
        raise Unsupported("commands of type 4")
    else:
        form.filled(_join(path, "name"), raw["name"])
        for name in ("description", "options"):
            if raw.get(name):
                code, message = (
                    f"APPLICATION_COMMAND_CONTEXT_MENU_{name.upper()}",
                    f"Context menu commands cannot have {name}",
                )
                form.fail(_join(path, name), code, message)


def _check_command(form: Form, path: str, raw: Json) -> None:
    _check_names(form, path, raw)
    form.length(_join(path, "description"), raw.get("description"), 100, 1)
    form.filled(_join(path, "description"), raw.get("description"))
    _check_options(form, _join(path, "options"), raw.get("options") or [])
    if _size(raw) > _MOST_TEXT:
        form.fail(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({_MOST_TEXT})")


def _check_names(form: Form, path: str, raw: Json) -> None:
    names = {_join(path, "name"): raw["name"]}
    for locale, name in (raw.get("name_localizations") or {}).items():
        names[_join(path, f"name_localizations.{locale}")] = name
    for spot, name in names.items():
        if not _NAME.fullmatch(name) or name != name.lower():
            form.fail(spot, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, path: str, options: list[Json]) -> None:
    _check_translated_names(form, path, options)
    names: set[str] = set()
    optional = False
    for index, option in enumerate(options):
        spot = f"{path}.{index}"
        _check_names(form, spot, option)
        form.filled(f"{spot}.description", option["description"])
        if option["name"] in names:
            form.fail(spot, *_NAME_EXISTS)
        names.add(option["name"])
        branch = option["type"] in {SUBCOMMAND, GROUP}
        if branch:
            _check_options(form, f"{spot}.options", option.get("options") or [])
        if option["type"] == GROUP and not option.get("options"):
            form.require(f"{spot}.options")
        if option.get("required") and (optional or branch):
            form.fail(
                spot,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional = optional or not option.get("required")
        if branch != (options[0]["type"] in {SUBCOMMAND, GROUP}):
            form.fail(
                spot,
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                "Sub-command and sub-command group option types are mutually exclusive to all other types",
            )
        _check_values(form, spot, option)


def _check_translated_names(form: Form, path: str, options: list[Json]) -> None:
    """Check that the name of no option, in any language, is that of another."""
    for index, option in enumerate(options):
        others = options[:index] + options[index + 1 :]
        for locale, name in (option.get("name_localizations") or {}).items():
            there = {other["name"] for other in others}
            there |= {(other.get("name_localizations") or {}).get(locale) for other in others}
            if name in there:
                form.fail(f"{path}.{index}.name_localizations.{locale}", *_NAME_EXISTS)


def _check_values(form: Form, path: str, option: Json) -> None:
    """Check what an option may have as its value."""
    for lower, upper in zip(_LOWER, _UPPER, strict=True):
        low, high = option.get(lower), option.get(upper)
        if low is not None and high is not None and low > high:
            message = f"int value should be greater than or equal to {low}."
            form.fail(f"{path}.{upper}", "NUMBER_TYPE_MIN", message)
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        form.fail(
            path,
            "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
            "Choices and autocomplete are mutually exclusive",
        )
    names: set[str] = set()
    for index, choice in enumerate(choices):
        spot = f"{path}.choices.{index}"
        if choice["name"] in names:
            message = "Option choice names must be unique"
            form.fail(spot, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message)
        names.add(choice["name"])
        check_choice(form, spot, choice)


def check_choice(form: Form, path: str, choice: Json) -> None:
    """Check a choice of an option, be it fixed or offered while somebody types."""
    form.filled(f"{path}.name", choice["name"])
    if isinstance(choice["value"], str):
        form.length(f"{path}.value", choice["value"], _MOST_VALUE, 1)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _size(raw: Json) -> int:
    """Return how many characters of a command count: a text is as long as its longest translation."""
    size = sum(
        max(len(raw.get(name) or ""), *map(len, (raw.get(f"{name}_localizations") or {"": ""}).values()))
        for name in ("name", "description")
    )
    for choice in raw.get("choices") or []:
        size += len(choice["name"]) + len(json.dumps(choice["value"]))
    return size + sum(map(_size, raw.get("options") or []))
