"""Faults that can be switched on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Rest


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("502", 502), ("503", 503), ("429", 429)])
async def test_an_error_is_answered_as_often_as_asked(
    local: LocalDiscord, rest: Rest, fault: str, status: int
) -> None:
    """A status fault hits a number of requests, does nothing with them, and ends."""
    local.faults.fail(fault, times=2)
    address = f"/channels/{local.channel('general').id}/messages"
    for _ in range(2):
        assert (await rest("POST", address, {"content": "x"}))[0] == status
    assert local.messages(local.channel("general")) == []
    assert local.faults.switches()["rest"] is None
    await rest.say("through")


async def test_a_dropped_request_is_not_acted_upon(local: LocalDiscord, rest: Rest) -> None:
    """`drop` closes the connection before the message is created."""
    local.faults.fail("drop", times=1)
    with pytest.raises(aiohttp.ClientError):
        await rest.say("x")
    assert local.messages(local.channel("general")) == []
    assert local.exchanges[-1].status == 0


async def test_a_lost_answer_leaves_the_message(local: LocalDiscord, rest: Rest) -> None:
    """`lost` creates the message and closes the connection; the same nonce then finds it."""
    local.faults.fail("lost", times=1)
    with pytest.raises(aiohttp.ClientError):
        await rest.say("x", nonce="n", enforce_nonce=True)
    again = await rest.say("x", nonce="n", enforce_nonce=True)
    assert [m["id"] for m in local.messages(local.channel("general"))] == [again["id"]]


async def test_a_hanging_request_ends_with_the_switch(local: LocalDiscord, rest: Rest) -> None:
    """`hang` gives no answer until the switch is turned, and nothing was done."""
    fault = local.faults.fail("hang")
    request = asyncio.create_task(rest.say("x"))
    await local.wait_until(lambda: fault.struck == 1)
    done, _ = await asyncio.wait({request}, timeout=0.05)
    assert not done
    fault.off()
    with pytest.raises(aiohttp.ClientError):
        await request
    assert local.messages(local.channel("general")) == []


async def test_requests_hang_on_when_their_number_is_full(local: LocalDiscord, rest: Rest) -> None:
    """With `times`, those that were hit hang until they are released, whichever was the last."""
    fault = local.faults.fail("hang", times=2)
    requests = {asyncio.create_task(rest.say("x")) for _ in range(2)}
    await local.wait_until(lambda: fault.struck == 2)
    done, _ = await asyncio.wait(requests, timeout=0.05)
    assert not done
    await rest.say("y")
    fault.off()
    done, _ = await asyncio.wait(requests, timeout=30)
    assert done == requests
    assert all(isinstance(request.exception(), aiohttp.ClientError) for request in done)


async def test_faults_can_be_kept_to_one_route(local: LocalDiscord, rest: Rest) -> None:
    """`only` names the route that is hit, whatever its parameters are called."""
    local.faults.fail("503", only="POST /channels/{id}/messages")
    assert (await rest("GET", "/users/@me"))[0] == 200
    assert (await rest("POST", f"/channels/{local.channel('general').id}/messages", {"content": "x"}))[0] == 503


async def test_exchanges_are_recorded(local: LocalDiscord, rest: Rest) -> None:
    """Each request is recorded with its template, body and answer, and listeners are notified."""
    paths: list[str] = []
    local.on_exchange.append(lambda exchange: paths.append(exchange.route))
    message = await rest.say("x")
    last = local.exchanges[-1]
    assert (last.method, last.route, last.status) == ("POST", "/channels/{channel_id}/messages", 200)
    assert (last.request["content"], last.response["id"]) == ("x", message["id"])
    assert paths == ["/channels/{channel_id}/messages"]
