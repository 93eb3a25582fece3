"""Writes what Discord's OpenAPI file says of the requests that the local Discord answers.

    python -m tests.shapes

Run it after adding a route, after changing what one acts on, or after updating the OpenAPI file: it writes
`shapes.json` (described in `bot/localdiscord/shape.py`) and `COVERAGE.md` beside it.  `test_shapes.py` fails while
either is out of date.
"""

import importlib
import json
from typing import Any

from bot.localdiscord import coverage, shape
from bot.localdiscord.routes.table import ALL_ROUTES
from bot.localdiscord.shape import FILE
from tests import openapi

# Discord takes these as decimal strings too: https://discord.com/developers/docs/topics/permissions
_PERMISSIONS = {"allow", "deny", "default_member_permissions"}
# Fields that Discord documents and its OpenAPI file lacks:
# https://discord.com/developers/docs/interactions/application-commands#create-global-application-command
_NSFW = {"nsfw": {"type": "boolean", "null": True}}
_DOCUMENTED = {
    "ApplicationCommandCreateRequest": _NSFW,
    "ApplicationCommandUpdateRequest": _NSFW,
    "ApplicationCommandPatchRequestPartial": _NSFW,
}
# Bit sets, for which the file has no bounds
_BITS = {"flags": {"least": 0, "most": (1 << 63) - 1}}
_FORMATS = {"snowflake": "snowflake", "date-time": "timestamp", "uri": "url"}
_INT32 = {"least": -(1 << 31), "most": (1 << 31) - 1}
_LIMITS = {
    "minLength": "least",
    "minItems": "least",
    "minimum": "least",
    "maxLength": "most",
    "maxItems": "most",
    "maxProperties": "most",
    "maximum": "most",
}

Json = dict[str, Any]


class Writer:
    """Turns JSON Schema into the nodes of `shapes.json`, gathering the objects that they name."""

    def __init__(self, document: Json) -> None:
        self._schemas: Json = document["components"]["schemas"]
        self.shapes: Json = {}

    def node(self, schema: Json, name: str) -> Json:
        """Return the node of a schema; `name` is the field's, or the route's for a whole body."""
        if "$ref" in schema:
            title = schema["$ref"].rpartition("/")[2]
            target = self._schemas[title]
            return self._object(target, title) if "properties" in target else self.node(target, name)
        members = schema.get("oneOf") or schema.get("anyOf")
        if members and "const" not in members[0]:
            return self._union(members, name)
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        (kind,) = (kind for kind in kinds if kind != "null")
        out = self._typed(schema, kind, name)
        if "null" in kinds:
            out["null"] = True
        return out | {ours: schema[theirs] for theirs, ours in _LIMITS.items() if theirs in schema}

    def _typed(self, schema: Json, kind: str, name: str) -> Json:
        if kind == "object" and "properties" in schema:
            return self._object(schema, name)
        if kind == "object":
            keys = {"keys": "locales"} if name.endswith("_localizations") else {}
            return {"type": "map", "values": self.node(schema["additionalProperties"], name), **keys}
        if kind == "array":
            unique = {"unique": True} if schema.get("uniqueItems") else {}
            return {"type": "array", "items": self.node(schema["items"], name), **unique}
        if kind == "integer" and name in _PERMISSIONS:
            return {"type": "permissions"}
        choices = schema.get("enum") or [member["const"] for member in schema.get("oneOf", [])]
        out: Json = {"type": _FORMATS.get(schema.get("format", ""), kind)}
        if choices:
            return out | {"choices": choices}
        return out | (_INT32 if schema.get("format") == "int32" else _BITS.get(name, {}))

    def _object(self, schema: Json, title: str) -> Json:
        if title not in self.shapes:
            self.shapes[title] = {}
            fields = {name: self.node(inner, name) for name, inner in schema["properties"].items()}
            fields |= _DOCUMENTED.get(title, {})
            self.shapes[title] = {"fields": fields, "required": schema.get("required", [])}
        return {"type": "object", "shape": title}

    def _union(self, members: list[Json], name: str) -> Json:
        nodes = [self.node(member, name) for member in members if member.get("type") != "null"]
        nullable = {"null": True} if len(nodes) < len(members) else {}
        if len(nodes) == 1:
            return nodes[0] | nullable
        if any(node["type"] != "object" for node in nodes):
            return {"type": "any", "among": nodes, **nullable}
        titles = [node["shape"] for node in nodes]
        tags = {title: self.shapes[title]["fields"].get("type", {}).get("choices") for title in titles}
        if all(tags.values()):
            return {"type": "union", "by": {str(tag): title for title in titles for tag in tags[title]}, **nullable}
        return self._merged(titles) | nullable

    def _merged(self, titles: list[str]) -> Json:
        """Merge objects that cannot be told apart into one with the fields of all."""
        shapes = [self.shapes[title] for title in titles]
        kinds: dict[str, list[Json]] = {}
        for merged in shapes:
            for field, node in merged["fields"].items():
                alike = kinds.setdefault(field, [])
                if node not in alike:
                    alike.append(node)
        fields = {field: self._either(nodes) for field, nodes in kinds.items()}
        required = [field for field in kinds if all(field in merged["required"] for merged in shapes)]
        title = " or ".join(titles)
        self.shapes[title] = {"fields": fields, "required": required}
        return {"type": "object", "shape": title}

    def _either(self, nodes: list[Json]) -> Json:
        if len(nodes) == 1:
            return nodes[0]
        if all(node["type"] == "array" and node["items"]["type"] == "object" for node in nodes):
            return nodes[0] | {
                "items": nodes[0]["items"] | self._merged([node["items"]["shape"] for node in nodes])
            }
        nullable = {"null": True} if any(node.get("null") for node in nodes) else {}
        return {"type": "any", "among": nodes, **nullable}


def generate() -> str:
    """Return the text of the file; raise KeyError for a route that Discord does not have."""
    document = json.loads(openapi.FILE.read_text("utf-8"))
    writer = Writer(document)
    routes: Json = {}
    for route in ALL_ROUTES:
        described = document["paths"][route.template][route.method.lower()]
        out: Json = {}
        if content := described.get("requestBody", {}).get("content"):
            out["body"] = writer.node(content["application/json"]["schema"], route.name)
            out["types"] = sorted(content)
        queries = [query for query in described.get("parameters", []) if query["in"] == "query"]
        if queries:
            out["query"] = {query["name"]: writer.node(query["schema"], query["name"]) for query in queries}
        if required := [query["name"] for query in queries if query.get("required")]:
            out["required"] = required
        routes[route.name] = out
    used = _used(routes, writer.shapes)
    locales = [member["const"] for member in document["components"]["schemas"]["AvailableLocalesEnum"]["oneOf"]]
    shapes = {title: writer.shapes[title] for title in sorted(used)}
    return _lines({"keys": {"locales": locales}, "routes": routes, "shapes": shapes})


def _used(tree: Any, shapes: Json) -> set[str]:
    """Return the titles of the objects that a tree leads to."""
    used: set[str] = set()
    waiting = [tree]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            titles = {inner["shape"]} if isinstance(inner.get("shape"), str) else set()
            if inner.get("type") == "union":
                titles = set(inner["by"].values())
            waiting += [*inner.values(), *(shapes[title] for title in titles - used)]
            used |= titles
        elif isinstance(inner, list):
            waiting += inner
    return used


def _lines(sections: dict[str, Json]) -> str:
    """Return JSON with an entry a line, which a diff can show."""
    entries = [
        f'"{section}": {{\n'
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(entries[name])}" for name in sorted(entries))
        + "\n}"
        for section, entries in sections.items()
    ]
    return "{\n" + ",\n".join(entries) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(generate(), "utf-8")
    importlib.reload(shape)
    coverage.FILE.write_text(coverage.document(ALL_ROUTES), "utf-8")
