import pytest

from bot.playground.exchange import Exchange
from tests import openapi

pytestmark = pytest.mark.skipif(
    not openapi.available(),
    reason="Discord's OpenAPI file is not here: name it in DISCORD_OPENAPI to check every exchange",
)
SEND = "/channels/1/messages"


def exchange(request: object, status: int = 200, response: object = None, path: str = SEND) -> Exchange:
    return Exchange(0.0, "POST", path, path, request, status, response)


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
