"""Inspection: a request held against what Discord knows of it, and against what the local Discord acts on."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.localdiscord.coverage import ACTED_ON
from bot.localdiscord.errors import Form
from bot.localdiscord.shape import KEYS, SHAPES
from bot.localdiscord.snowflake import is_snowflake

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bot.localdiscord.wire import Json

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![^Tt ])")
_URL = re.compile(r"(?:attachment|discord)://\S+|https?://(?P<place>[^\s/?#]+)\S*")
_HOST = re.compile(r"(?:[^@\s]*@)?(?:[\w.-]*\w|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}
_WORDS = {"integer": "int", "number": "float", "permissions": "int", "snowflake": "snowflake"}


class Inspection:
    """Reads values as Discord does: wrong ones go to `form`, and the paths of fields to two lists.

    `refused` has the fields that Discord knows and the local Discord does not act on, `ignored` those that Discord
    does not know either.  With `creating`, a refused field that has an empty value asks for nothing, and passes.
    """

    def __init__(self, *, creating: bool = False) -> None:
        self.form = Form()
        self.refused: list[str] = []
        self.ignored: list[str] = []
        self._creating = creating

    def body(self, node: Json, value: object, acted_on: Collection[str]) -> Any:
        """Return a body without the fields that Discord ignores; ids are strings in it, permissions integers.

        `acted_on` are the fields of the outermost object that its route acts on.
        """
        return self._read(node, value, "", acted_on)

    def query(self, known: Json, query: Mapping[str, str], acted_on: Collection[str]) -> Json:
        """Return the parameters of a query as values of their types; `known` is what Discord knows of the route."""
        nodes = known.get("query", {})
        for name in known.get("required", ()):
            if name not in query:
                self.form.require(name)
        self.ignored += [name for name in query if name not in nodes]
        self.refused += [name for name in query if name in nodes and name not in acted_on]
        given = [name for name in query if name in nodes]
        return {name: self._read(nodes[name], _typed(nodes[name], query[name]), name, ()) for name in given}

    def path(self, parameters: Mapping[str, str]) -> None:
        """Check that the ids in an address are ids."""
        for name, text in parameters.items():
            if name.endswith("_id") and not is_snowflake(text):
                self._coerce(text, "snowflake", name)

    def _read(self, node: Json, value: Any, path: str, acted_on: Collection[str] | None = None) -> Any:
        if value is None:
            if not node.get("null"):
                self.form.require(path)
            return None
        kind = node["type"]
        if kind in _ATOMS:
            return self._atom(node, value, path)
        if kind == "any":
            return self._any(node, value, path)
        if kind == "array":
            return self._array(node, value, path, acted_on)
        return self._dictionary(node, value, path, acted_on)

    def _dictionary(self, node: Json, value: Any, path: str, acted_on: Collection[str] | None) -> Json | None:
        if not isinstance(value, dict):
            kind = "Dict" if node["type"] == "map" or not path else "Model"
            message = f"Only dictionaries may be used in a {kind}Type"
            self.form.fail(path, f"{kind.upper()}_TYPE_CONVERT", message)
            return None
        if node["type"] == "map":
            self._length(node, value, path)
            for name in value:
                if "keys" in node:
                    self.form.choice(_join(path, name), name, tuple(KEYS[node["keys"]]))
            return {name: self._read(node["values"], inner, _join(path, name)) for name, inner in value.items()}
        title = node["shape"] if node["type"] == "object" else self._tagged(node, value, path)
        if title is None:
            return None
        return self._object(
            title, value, path, ACTED_ON.get(title, SHAPES[title]["fields"]) if acted_on is None else acted_on
        )

    def _object(self, title: str, value: Json, path: str, acted_on: Collection[str]) -> Json:
        known = SHAPES[title]["fields"]
        for name in SHAPES[title]["required"]:
            if name not in value:
                self.form.require(_join(path, name))
        out: Json = {}
        for name, inner in value.items():
            spot = _join(path, name)
            if name not in known:
                self.ignored.append(spot)
                continue
            read = self._read(known[name], inner, spot)
            if name in acted_on:
                out[name] = read
            elif not (self._creating and inner in (None, False, [], {}, "")):
                self.refused.append(spot)
        return out

    def _tagged(self, node: Json, value: Json, path: str) -> str | None:
        tag = value.get("type")
        if isinstance(tag, int | str) and str(tag) in node["by"]:
            title: str = node["by"][str(tag)]
            return title
        shown = ", ".join(sorted(node["by"], key=lambda tag: (len(tag), tag)))
        self.form.fail(path, "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({shown}).')
        return None

    def _any(self, node: Json, value: Any, path: str) -> Any:
        for among in node["among"]:
            attempt = Inspection(creating=self._creating)
            out = attempt._read(among, value, path)
            if not attempt.form:
                self.refused += attempt.refused
                self.ignored += attempt.ignored
                return out
        return self._read(node["among"][-1], value, path)

    def _array(self, node: Json, value: Any, path: str, acted_on: Collection[str] | None) -> Any:
        if not isinstance(value, list):
            self.form.fail(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return None
        if not self._length(node, value, path):
            return None
        out = [self._item(node["items"], inner, _join(path, index), acted_on) for index, inner in enumerate(value)]
        if node.get("unique"):
            for index, inner in enumerate(out):
                if inner is not None and inner in out[:index]:
                    message = f'The set already contains "{inner}"'
                    self.form.fail(_join(path, index), "SET_TYPE_ALREADY_CONTAINS_VALUE", message)
        return out

    def _item(self, node: Json, value: Any, path: str, acted_on: Collection[str] | None) -> Any:
        if value is not None:
            return self._read(node, value, path, acted_on)
        kind = "Model" if node["type"] == "object" else node["type"].title()
        self.form.fail(path, "LIST_ITEM_VALUE_REQUIRED", f"List item values of {kind}Type are required")
        return None

    def _atom(self, node: Json, value: Any, path: str) -> Any:
        kind = node["type"]
        if not _ATOMS[kind](value):
            self._misfit(kind, value, path)
            return None
        if kind == "snowflake":
            return str(value)
        if kind == "permissions":
            value = int(value)
        if "choices" in node:
            self.form.choice(path, value, tuple(node["choices"]))
        elif isinstance(value, str):
            self._length(node, value, path)
        elif not isinstance(value, bool):
            self._bounds(node, value, path)
        return value

    def _misfit(self, kind: str, value: Any, path: str) -> None:
        shown = str(value)[:100]
        if kind == "boolean":
            self.form.fail(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
        elif kind in _WORDS:
            self._coerce(shown, _WORDS[kind], path)
        elif not isinstance(value, str):
            self.form.fail(path, "STRING_TYPE_CONVERT", f'Could not interpret "{shown}" as string.')
        elif kind == "timestamp":
            self.form.fail(path, "DATE_TIME_TYPE_PARSE", f'Could not parse "{shown}". Should be ISO8601.')
        else:
            self.form.fail(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    def _coerce(self, shown: str, kind: str, path: str) -> None:
        self.form.fail(path, "NUMBER_TYPE_COERCE", f'Value "{shown[:100]}" is not {kind}.')

    def _bounds(self, node: Json, value: float, path: str) -> None:
        kind = _WORDS[node["type"]]
        if "least" in node and value < node["least"]:
            message = f"{kind} value should be greater than or equal to {node['least']}."
            self.form.fail(path, "NUMBER_TYPE_MIN", message)
        if "most" in node and value > node["most"]:
            self.form.fail(path, "NUMBER_TYPE_MAX", f"{kind} value should be less than or equal to {node['most']}.")

    def _length(self, node: Json, value: Any, path: str) -> bool:
        fits: bool = node.get("least", 0) <= len(value) <= node.get("most", math.inf)
        if not fits:
            self.form.bad_length(path, node.get("most"), node.get("least", 0))
        return fits


def _join(path: str, name: str | int) -> str:
    return f"{path}.{name}" if path else str(name)


def _typed(node: Json, text: str) -> Any:
    """Return a text of a query as JSON would have it; a text that is none stays, and does not fit."""
    if node["type"] == "boolean":
        return _BOOLEANS.get(text.lower(), text)
    if node["type"] == "integer":
        return int(text) if _INTEGER.fullmatch(text) else text
    return text


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _real(value: object) -> bool:
    return _whole(value) or (isinstance(value, float) and math.isfinite(value))


def _id_or_bits(value: object) -> bool:
    return (_whole(value) or isinstance(value, str)) and is_snowflake(str(value))


def _timestamp(value: object) -> bool:
    """Return whether a value is a date, perhaps with a time, that is in the calendar in UTC too."""
    if not isinstance(value, str) or not _DATE.match(value):
        return False
    try:
        return bool(datetime.fromisoformat(value).astimezone(UTC))
    except (ValueError, OverflowError):
        return False


def _url(value: object) -> bool:
    """Return whether a value is an address; the empty text asks for none."""
    if not value or not isinstance(value, str):
        return value == ""
    match = _URL.fullmatch(value)
    if match is None or match["place"] is None:
        return match is not None
    host = _HOST.fullmatch(match["place"])
    return host is not None and int(host["port"] or 0) < 1 << 16


_ATOMS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _whole,
    "number": _real,
    "boolean": lambda value: isinstance(value, bool),
    "snowflake": _id_or_bits,
    "permissions": _id_or_bits,
    "timestamp": _timestamp,
    "url": _url,
}
