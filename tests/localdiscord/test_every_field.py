"""Every field of every request, with values of every wrong type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.localdiscord.scenery import TOWN_HALL
from bot.localdiscord.shape import SHAPES, of_route, titles
from bot.localdiscord.world import World
from tests.localdiscord.samples import JSON, Spot, any_fitting, fitting, spots, wrong_values
from tests.localdiscord.stage import ROUTES, Stage

BY_ROUTE = spots(ROUTES.values())
WITH_BODY = list(BY_ROUTE)
WORLD = World(TOWN_HALL)
IDS = [*WORLD.channels, *WORLD.users]
SPOTS = [spot for name in WITH_BODY for spot in BY_ROUTE[name]]
FITTING = {name: any_fitting(of_route(name)["body"], IDS, ROUTES[name].acts_on) for name in WITH_BODY}
_SEARCH = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def paths(errors: Any, path: str = "") -> list[str]:
    """Return the paths in a tree of errors."""
    own = [path.rstrip(".")] if "_errors" in errors else []
    return own + [leaf for name in errors if name != "_errors" for leaf in paths(errors[name], f"{path}{name}.")]


@pytest.mark.parametrize("name", WITH_BODY)
async def test_a_wrong_type_is_refused_by_its_path(stage: Stage, name: str) -> None:
    """A value of the wrong type, anywhere in a body, gets 400 with 50035 and the path of the field."""
    for spot in BY_ROUTE[name]:
        for value in wrong_values(spot.node):
            status, answer = await stage.ask(name, spot.body(value))
            assert (status, answer["code"]) == (400, 50035), (spot.path, value, answer)
            assert any(path.startswith(spot.at) for path in paths(answer["errors"])), (spot.path, value, answer)


@pytest.mark.parametrize("name", WITH_BODY)
async def test_unsupported_fields_are_refused_by_name(stage: Stage, name: str) -> None:
    """A field that Discord has and the local Discord does not support gets 400 with its name."""
    route = ROUTES[name]
    node = of_route(name)["body"]
    for title in titles(node):
        required = {field: fitting(SHAPES[title]["fields"][field]) for field in SHAPES[title]["required"]}
        for field in set(SHAPES[title]["fields"]) - route.acts_on:
            body = required | {field: fitting(SHAPES[title]["fields"][field]) or {"x": "x"}}
            status, answer = await stage.ask(name, [body] if node["type"] == "array" else body)
            assert (status, answer["code"]) == (400, 0), (field, answer)
            assert field in answer["message"] and name in answer["message"]


@_SEARCH
@given(values=st.lists(st.tuples(st.sampled_from(SPOTS), JSON), min_size=1, max_size=20))
async def test_no_value_breaks_the_server(stage: Stage, values: list[tuple[Spot, Any]]) -> None:
    """Any JSON in any field is answered without a failure of the server."""
    for spot, value in values:
        await stage.ask(spot.route, spot.body(value))


@_SEARCH
@given(bodies=st.lists(st.tuples(st.sampled_from(WITH_BODY), JSON), min_size=1, max_size=20))
async def test_no_body_breaks_the_server(stage: Stage, bodies: list[tuple[str, Any]]) -> None:
    """Any JSON as the body is answered without a failure of the server, and with 400 if it is no object."""
    for name, value in bodies:
        status, _ = await stage.ask(name, value)
        if value is not None and not isinstance(value, (dict, list)):
            assert status == 400


@_SEARCH
@given(data=st.data())
async def test_no_fitting_body_breaks_the_server(stage: Stage, data: st.DataObject) -> None:
    """A body in which every value has the right type, whatever it means, is answered without a failure."""
    for name in data.draw(st.lists(st.sampled_from(WITH_BODY), min_size=1, max_size=20)):
        await stage.ask(name, data.draw(FITTING[name]))
