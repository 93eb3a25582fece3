import pytest

from bot.localdiscord.exchange import Exchange
from bot.localdiscord.routes.table import ALL_ROUTES
from tests import openapi

pytestmark = pytest.mark.skipif(not openapi.available(), reason=openapi.ABSENT)
SEND = "/channels/1/messages"


def exchange(request: object, status: int = 200, response: object = None, path: str = SEND) -> Exchange:
    return Exchange(0.0, "POST", path, path, request, status, response)


def test_every_route_is_discords() -> None:
    """The local Discord answers no method and path that Discord's description does not have."""
    routes = [(route.method, route.template) for same in ALL_ROUTES._table.values() for route in same]
    assert [route for route in routes if not openapi.describes(*route)] == []


def test_a_refused_request_may_be_wrong() -> None:
    """What was refused with Discord's error is no violation, be it a body or a route that Discord does not know."""
    refusal = {"code": 50035, "message": "Invalid Form Body", "errors": {}}
    assert openapi.violation(exchange({"content": 5}, 400, refusal)) is None
    assert openapi.violation(exchange(None, 404, {"code": 0, "message": "404"}, "/no/such/route")) is None


def test_a_violation_names_its_place() -> None:
    """An error deep in a body is reported with its path."""
    wrong = openapi.violation(exchange({"embeds": [{"fields": [{"name": 5, "value": "x"}]}]}))
    assert wrong
    assert "embeds.0.fields.0.name" in wrong


def test_a_right_request() -> None:
    """A request that fits passes, a snowflake sent as a number among it."""
    right = {"content": "tea", "message_reference": {"message_id": 1 << 60, "fail_if_not_exists": False}}
    assert openapi.violation(exchange(right)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        exchange({"content": 5}),
        exchange({"content": "x" * 4001}),
        exchange({"content": "tea"}, response={"id": "1"}),
        exchange({"content": "tea"}, status=302, response={}),
        exchange({"content": "tea"}, path="/no/such/route"),
    ],
)
def test_a_wrong_exchange(wrong: Exchange) -> None:
    """A request, an answer, a status or a route that Discord does not describe is found."""
    assert openapi.violation(wrong)
