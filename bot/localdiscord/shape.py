"""Shapes: what Discord knows of each request, as `shapes.json` has it from Discord's OpenAPI file.

`routes` has for each route ("POST /channels/{channel_id}/messages") the node of its `body`, the content `types`
that it comes in, the nodes of its `query`, and which of these are `required`.  A node has a `type`: string,
integer, number, boolean, snowflake, permissions, timestamp, url; an `array` of `items`, a `map` of `keys` (by the
name of a list of them) to `values`, an `object` of a `shape`; a `union` of shapes `by` their field `type`; or `any`
of those `among`.  `null` may be allowed, `least` and `most` bound a value or a length, `choices` are all there are,
`unique` items do not repeat.  `shapes` has the fields of objects by their titles, and which are required.

`python -m tests.shapes` writes the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.localdiscord.wire import Json

FILE = Path(__file__).with_name("shapes.json")
_CONTENT: Json = json.loads(FILE.read_text("utf-8"))
SHAPES: Json = _CONTENT["shapes"]
KEYS: Json = _CONTENT["keys"]


def of_route(name: str) -> Json:
    """Return what Discord knows of a route's requests; KeyError for a route that the file does not have."""
    described: Json = _CONTENT["routes"][name]
    return described


def titles(node: Json) -> Iterator[str]:
    """Yield the titles of the objects that a value of this node may directly be, or have as items."""
    if node["type"] == "object":
        yield node["shape"]
    elif node["type"] == "union":
        yield from node["by"].values()
    elif node["type"] == "array":
        yield from titles(node["items"])
    elif node["type"] == "any":
        for inner in node["among"]:
            yield from titles(inner)


def fields(node: Json) -> list[str]:
    """Return the names of the fields of all objects that a value of this node may be."""
    return list(dict.fromkeys(name for title in titles(node) for name in SHAPES[title]["fields"]))
