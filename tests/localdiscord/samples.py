"""Values for Discord's schemas: valid ones, and ones of every wrong type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bot.localdiscord.coverage import ACTED_ON
from bot.localdiscord.shape import SHAPES, of_route

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bot.localdiscord.route import Route
    from bot.localdiscord.wire import Json

_FITTING: dict[str, Any] = {
    "boolean": True,
    "map": {},
    "number": 1.5,
    "permissions": "8",
    "snowflake": "1",
    "timestamp": "2026-01-01T00:00:00Z",
    "url": "https://example.com",
}
_HUGE = 10**30
# JSON values by type. A snowflake or a permission may be written as a number.
_VALUES: list[tuple[str, Any]] = [
    ("null", None),
    ("boolean", True),
    ("integer", -1),
    ("integer", _HUGE),
    ("number", 1.5),
    ("string", "no such thing"),
    ("list", []),
    ("list", [None]),
    ("list", [[[]]]),
    ("dictionary", {}),
    ("dictionary", {"a": {"b": [None]}}),
]
_TAKES: dict[str, set[str]] = {
    "array": {"list"},
    "boolean": {"boolean"},
    "integer": {"integer"},
    "map": {"dictionary"},
    "number": {"integer", "number"},
    "object": {"dictionary"},
    "permissions": set(),
    "snowflake": set(),
    "string": {"string"},
    "timestamp": set(),
    "union": set(),
    "url": set(),
}


@dataclass(frozen=True)
class Spot:
    """A field of a route's body: where it is, what it takes, and a fitting body around it.

    What is wrong with it is told `at` its path, or at the object that a `type` tells apart from others.
    """

    route: str
    path: str
    at: str
    node: Json
    before: tuple[tuple[str | int, Any], ...]

    def body(self, value: Any) -> Any:
        """Return the body with a value in this field."""
        for key, around in reversed(self.before):
            value = [value, *around[1:]] if isinstance(around, list) else around | {key: value}
        return value


def takes(node: Json) -> set[str]:
    """Return the kinds of JSON that a field takes at all."""
    if node["type"] == "any":
        kinds = {kind for inner in node["among"] for kind in takes(inner)}
    else:
        kinds = set(_TAKES[node["type"]])
    return kinds | ({"null"} if node.get("null") else set())


def wrong_values(node: Json) -> list[Any]:
    """Return a value of each wrong type for a field."""
    return [value for kind, value in _VALUES if kind not in takes(node)]


def fitting(node: Json) -> Any:
    """Return a small value that fits."""
    kind = node["type"]
    if "choices" in node:
        return next((choice for choice in node["choices"] if choice), node["choices"][0])
    if kind in {"object", "union"}:
        return fitting_object(node["shape"] if kind == "object" else next(iter(node["by"].values())))
    if kind == "any":
        return fitting(node["among"][-1])
    if kind == "array":
        return [fitting(node["items"])] * node.get("least", 1)
    if kind == "string":
        return "x" * max(1, node.get("least", 1))
    return max(1, node.get("least", 1)) if kind == "integer" else _FITTING[kind]


def fitting_object(title: str) -> Json:
    """Return an object with its required fields."""
    shape = SHAPES[title]
    return {name: fitting(shape["fields"][name]) for name in shape["required"]}


def spots(routes: Iterable[Route]) -> dict[str, list[Spot]]:
    """Return every field of the routes' bodies that is acted on, and of the objects within, each object's once."""
    seen: set[str] = set()
    bodies = {route: of_route(route.name).get("body") for route in routes}
    return {
        route.name: list(_within(route.name, body, "", (), seen, route.acts_on))
        for route, body in bodies.items()
        if body
    }


def _within(
    route: str,
    node: Json,
    path: str,
    before: tuple[tuple[str | int, Any], ...],
    seen: set[str],
    acted_on: Collection[str] | None = None,
) -> Iterator[Spot]:
    if node["type"] == "array":
        yield from _within(route, node["items"], f"{path}0.", (*before, (0, fitting(node))), seen, acted_on)
    titles = {"object": [node.get("shape")], "union": list(node.get("by", {}).values())}.get(node["type"], [])
    for title in dict.fromkeys(titles):
        if acted_on is None and title in seen:
            continue
        seen.add(title)
        whole = fitting_object(title)
        for name, inner in SHAPES[title]["fields"].items():
            if name in (ACTED_ON[title] if acted_on is None else acted_on):
                around = (*before, (name, whole))
                at = path.rstrip(".") if name == "type" and node["type"] == "union" else f"{path}{name}"
                yield Spot(route, f"{path}{name}", at, inner, around)
                yield from _within(route, inner, f"{path}{name}.", around, seen)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def any_fitting(node: Json, ids: list[str], acted_on: Collection[str] | None = None) -> st.SearchStrategy[Any]:
    """Return a strategy of values that fit, however odd; ids are often ones that there are."""
    kind = node["type"]
    out: st.SearchStrategy[Any]
    if "choices" in node:
        out = st.sampled_from(node["choices"])
    elif kind == "any":
        out = st.one_of([any_fitting(inner, ids) for inner in node["among"]])
    elif kind == "array":
        items = any_fitting(node["items"] | {"null": False}, ids, acted_on)
        out = st.lists(items, min_size=node.get("least", 0), max_size=max(3, node.get("least", 0)))
    elif kind == "map":
        out = st.dictionaries(st.text(), any_fitting(node["values"], ids), max_size=2)
    elif kind == "object":
        out = _deferred(node["shape"], ids, acted_on)
    elif kind == "union":
        out = st.one_of([_deferred(title, ids, acted_on) for title in dict.fromkeys(node["by"].values())])
    else:
        out = _any_atom(node, ids)
    return st.none() | out if node.get("null") else out


def _deferred(title: str, ids: list[str], acted_on: Collection[str] | None) -> st.SearchStrategy[Json]:
    return st.deferred(lambda: any_object(title, ids, acted_on))


def any_object(title: str, ids: list[str], acted_on: Collection[str] | None) -> st.SearchStrategy[Json]:
    """Return a strategy of objects with some of the fields that are acted on."""
    shape = SHAPES[title]
    acted = frozenset(ACTED_ON[title] if acted_on is None else acted_on)
    among = acted | set(shape["required"])
    fields = {name: any_fitting(node, ids) for name, node in shape["fields"].items() if name in among}
    required = {name: fields.pop(name) for name in shape["required"]}
    return st.fixed_dictionaries(required, optional=fields)


def _any_atom(node: Json, ids: list[str]) -> st.SearchStrategy[Any]:
    kind = node["type"]
    if kind == "snowflake":
        return st.sampled_from(ids) | st.integers(0, (1 << 63) - 1).map(str)
    if kind == "permissions":
        return st.integers(0, (1 << 40) - 1)
    if kind == "integer":
        return st.integers(node.get("least", -(1 << 31)), node.get("most", (1 << 31) - 1))
    if kind == "number":
        return st.floats(allow_nan=False, allow_infinity=False)
    if kind == "string":
        return st.text(min_size=node.get("least", 0), max_size=min(100, node.get("most", 100)))
    return st.booleans() if kind == "boolean" else st.sampled_from(["", _FITTING[kind]])
