"""Valid bodies are accepted; broken in one place, each is refused because of that place."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.localdiscord.interaction import AUTOCOMPLETE, COMPONENT
from bot.localdiscord.shape import of_route
from bot.localdiscord.snowflake import is_snowflake
from tests.localdiscord.breaks import BODIES, MISSING, Break, breaks
from tests.localdiscord.stage import ROUTES, Stage

CASES = [(name, body) for name, bodies in BODIES.items() for body in bodies]
BREAKS = [(name, body, broken) for name, body in CASES for broken in breaks(of_route(name)["body"], body)]
_SEARCH = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
# query parameters that are never valid
ODD = ["", "x", "-1", "0", "101", "1001", "1.5", "true1", "٣", str(1 << 64), "9" * 5000, "\u0000", "null"]


def prepare(stage: Stage, name: str, body: Any) -> None:
    """Create an interaction for such an answer."""
    if not name.startswith("POST /interactions/"):
        return
    local, channel = stage.local, stage.local.channel("random")
    focused = {"type": 3, "name": "kind", "value": "x", "focused": True}
    data: Any = {"component_type": 2, "custom_id": "x"}
    kind, message = COMPONENT, local.world.messages[channel.id][stage.ids["message_id"]]
    if isinstance(body, dict) and body.get("type") == 8:
        kind, data = AUTOCOMPLETE, {"id": "1", "name": "go", "type": 1, "options": [focused]}
    asked = local.interactions.start(
        kind,
        local.person("ann").user,
        channel,
        data,
        {"0": local.guild.id},
        message=message if kind == COMPONENT else None,
    )
    stage.ids |= {"interaction_id": asked.id, "interaction_token": asked.token}


def test_every_route_with_a_body_has_one() -> None:
    """Each route with a request body is among these, except for voice and for duplicates."""
    with_body = {name for name in ROUTES if "body" in of_route(name)}
    apart = {name for name in with_body if "voice-stat" in name or "@original" in name}
    assert set(BODIES) == with_body - apart


@pytest.mark.parametrize("name", BODIES)
async def test_a_valid_body_is_accepted(stage: Stage, name: str) -> None:
    """A body that Discord would accept is accepted, in all its fields."""
    for body in BODIES[name]:
        prepare(stage, name, body)
        status, answer = await stage.ask(name, stage.filled(body))
        assert status < 300, (body, answer)
        assert not stage.local.exchanges[-1].ignored


async def refused(stage: Stage, name: str, body: Any, broken: Break) -> None:
    prepare(stage, name, body)
    status, answer = await stage.ask(name, stage.filled(broken.apply(body)))
    what = "nothing" if broken.value is MISSING else repr(broken.value)[:80]
    assert (status, answer and answer["code"]) == (400, 50035), (name, broken.path, what, answer)
    node, at = answer["errors"], 0
    while at < len(broken.path) and str(broken.path[at]) in node:
        node, at = node[str(broken.path[at])], at + 1
    assert at == len(broken.path) or "_errors" in node or at, (name, broken.path, what, answer)


@_SEARCH
@given(drawn=st.lists(st.sampled_from(BREAKS), min_size=1, max_size=20))
async def test_a_broken_body_is_refused(stage: Stage, drawn: list[tuple[str, Any, Break]]) -> None:
    """A body with one value missing, of a wrong type, too long or out of bounds gets 400 with 50035."""
    for name, body, broken in drawn:
        await refused(stage, name, body, broken)


TEXTS = st.text(max_size=40) | st.sampled_from(["\u202e", "\u200b", "\u0000", "  ", "a\nb", "ﷺ" * 9, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤", "🍅" * 9])


@_SEARCH
@given(drawn=st.lists(st.tuples(st.sampled_from(BREAKS), TEXTS), min_size=1, max_size=20))
async def test_no_text_breaks_the_server(stage: Stage, drawn: list[tuple[tuple[str, Any, Break], str]]) -> None:
    """Any text anywhere in a body is accepted or refused in Discord's form."""
    for (name, body, broken), text in drawn:
        prepare(stage, name, body)
        await stage.ask(name, stage.filled(Break(broken.path, text).apply(body)))


QUERIES = [
    (name, parameter) for name in ROUTES for parameter in of_route(name).get("query", {}) if name.startswith("GET")
]


@_SEARCH
@given(drawn=st.lists(st.tuples(st.sampled_from(QUERIES), st.sampled_from(ODD) | TEXTS), min_size=1, max_size=20))
async def test_no_query_breaks_the_server(stage: Stage, drawn: list[tuple[tuple[str, str], str]]) -> None:
    """Any query parameter gets Discord's answer, and 400 if it is out of bounds."""
    for (name, parameter), value in drawn:
        status, answer = await stage.ask(name, None, params={parameter: value})
        node = of_route(name)["query"][parameter]
        if node["type"] == "integer" and not value.isascii():
            assert status == 400, (name, parameter, value, answer)
        if status == 400:
            assert answer["code"] in {0, 50035}, answer


PATHS = [(name, part) for name in ROUTES for part in re.findall(r"{(\w+_id)}", name) if part != "interaction_id"]


@_SEARCH
@given(drawn=st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(ODD) | TEXTS), min_size=1, max_size=20))
async def test_no_id_breaks_the_server(stage: Stage, drawn: list[tuple[tuple[str, str], str]]) -> None:
    """An invalid id in an address finds nothing and does nothing."""
    for (name, part), value in drawn:
        if value in {".", ".."} or is_snowflake(value):
            continue
        route = ROUTES[name]
        address = stage.address(route, {part: quote(value, safe="")})
        status, answer = await stage.rest(route.method, address)
        assert status in {400, 404}, (name, part, value, answer)
