"""The checked-in extracts of Discord's description are up to date."""

from __future__ import annotations

import pytest

from bot.localdiscord import coverage, shape
from bot.localdiscord.coverage import ACTED_ON
from bot.localdiscord.routes.table import ALL_ROUTES
from tests import openapi, shapes


@pytest.mark.skipif(not openapi.available(), reason="Discord's OpenAPI file is not there (see tests/README.md)")
def test_the_shapes_are_those_of_discords_own_file() -> None:
    """`shapes.json` has of every route what Discord's OpenAPI file says; `python -m tests.shapes` writes it."""
    assert shape.FILE.read_text("utf-8") == shapes.generate()


def test_the_coverage_page_is_true() -> None:
    """`COVERAGE.md` says of every route what it acts on and what it refuses; `python -m tests.shapes` writes it."""
    assert coverage.FILE.read_text("utf-8") == coverage.document(ALL_ROUTES)


def test_only_what_discord_has_is_acted_on() -> None:
    """A route acts only on fields and parameters that Discord has, and all nested objects are accounted for."""
    for route in ALL_ROUTES:
        known = shape.of_route(route.name)
        assert route.acts_on <= set(shape.fields(known["body"]) if "body" in known else ()), route.name
        assert route.reads <= set(known.get("query", {})), route.name
        assert bool(route.acts_on) == ("body" in known), f"{route.name} has a body that nothing is done with"
        waiting = [
            shape.SHAPES[title]["fields"][name]
            for title in (shape.titles(known["body"]) if "body" in known else ())
            for name in route.acts_on & set(shape.SHAPES[title]["fields"])
        ]
        seen: set[str] = set()
        while waiting:
            for title in set(shape.titles(waiting.pop())) - seen:
                seen.add(title)
                assert ACTED_ON[title] <= set(shape.SHAPES[title]["fields"]), title
                waiting += [shape.SHAPES[title]["fields"][name] for name in ACTED_ON[title]]


def test_ids_however_small() -> None:
    """The id of a person to mention is a snowflake in Discord's file, however small."""
    body = {"allowed_mentions": {"parse": [], "users": [12], "roles": [7 << 55]}}
    assert openapi._as_sent(body) == {"allowed_mentions": {"parse": [], "users": ["12"], "roles": [str(7 << 55)]}}
