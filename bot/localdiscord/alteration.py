"""Alterations: JSON as a broken Discord would send it, with a field missing or of the wrong type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.localdiscord.wire import copied

if TYPE_CHECKING:
    from collections.abc import Callable

    Alteration = Callable[[Any], Any]
    """Takes JSON as it should be and returns it as it is sent instead, leaving what it was given as it was."""


def without(path: str) -> Alteration:
    """Leave out the field at a dotted path such as "author.id"; list indices are numbers."""

    def alter(data: Any) -> Any:
        altered = copied(data)
        holder, name = _locate(altered, path)
        del holder[name]
        return altered

    return alter


def replaced(path: str, value: Any) -> Alteration:
    """Put a value at a dotted path; the empty path replaces the whole."""

    def alter(data: Any) -> Any:
        if not path:
            return value
        altered = copied(data)
        holder, name = _locate(altered, path)
        holder[name] = value
        return altered

    return alter


def _locate(data: Any, path: str) -> tuple[Any, Any]:
    """Return the object or list that holds what a path leads to, and its name or index there."""
    *parents, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    for part in parents:
        data = data[part]
    return data, last
