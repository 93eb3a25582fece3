"""The page's requests, forged by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.localdiscord.samples import JSON

if TYPE_CHECKING:
    import aiohttp

    from bot.playground.playground import Playground
    from tests.playground.conftest import Rest

GENERAL = "/play/channels/{channel}/messages"
FIELDS: dict[str, tuple[str, ...]] = {
    f"POST {GENERAL}": ("content", "nonce", "flags", "message_reference", "attachments", "allowed_mentions"),
    f"PATCH {GENERAL}/{{message}}": ("content",),
    f"POST {GENERAL}/{{message}}/threads": ("name",),
    "POST /play/channels/{channel}/typing": (),
    "POST /play/voice": ("channel_id",),
    "POST /play/interactions": ("type", "data", "nonce", "channel_id", "message_id"),
    "POST /play/faults": ("rest", "only", "rest_times", "gateway_down", "nothing"),
    "POST /play/gateway/drop": ("resumable",),
    "POST /play/bot": ("do",),
    "POST /play/people/{person}": ("dm_blocked", "installed"),
}
WITHIN = ("id", "name", "type", "options", "values", "value", "custom_id", "components", "target_id", "focused")


@pytest.fixture
async def ids(local: Playground, rest: Rest) -> dict[str, str]:
    """A message with a button, a command and a person, by their names above."""
    button = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}
    shown = await rest.say("x", components=[{"type": 1, "components": [button]}])
    option = {"type": 3, "name": "o", "description": "O", "autocomplete": True}
    body = {"name": "go", "description": "Go", "options": [option]}
    _, command = await rest("POST", f"/applications/{local.bot.id}/commands", body)
    general = local.channel("general").id
    return {"channel": general, "message": shown["id"], "command": command["id"], "person": local.person("ann").id}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
async def test_no_request_of_a_page_breaks_it(
    local: Playground, session: aiohttp.ClientSession, ids: dict[str, str], data: st.DataObject
) -> None:
    """Any JSON from a page is answered, and never by a failure of the server."""
    for name in data.draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=20)):
        method, path = name.split()
        body: Any = {field: data.draw(JSON) for field in FIELDS[name] if data.draw(st.booleans())}
        if path == "/play/interactions":
            body |= {"type": data.draw(st.sampled_from([2, 3, 4, 5])), "channel_id": ids["channel"]}
            body |= {"message_id": ids["message"]}
            inner: Any = data.draw(st.dictionaries(st.sampled_from(WITHIN), JSON, max_size=4))
            whole = {"id": ids["command"], "custom_id": "x", **inner}
            body |= {"data": whole} if data.draw(st.booleans()) else {}
        body = data.draw(st.sampled_from([body, body, body, [], "x", None]))
        headers = {"X-Person": ids["person"]}
        address = local.base_url + path.format(**ids)
        async with session.request(method, address, json=body, headers=headers) as response:
            assert response.status < 500, (name, body)
        local.faults.clear()
