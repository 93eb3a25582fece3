"""Failures of a REST request on its way, and what discord.py makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from bot.localdiscord import failures
from bot.localdiscord.alteration import replaced, without

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Probe, Rest

SEND = "POST /channels/{id}/messages"


async def send(local: LocalDiscord, session: aiohttp.ClientSession, **more: Any) -> tuple[int, str, Any]:
    """Post a message and return the answer unread: its status, text and headers."""
    url = f"{local.api_url}/channels/{local.channel('general').id}/messages"
    headers = {"Authorization": f"Bot {local.token}"}
    async with session.post(url, json={"content": "x"}, headers=headers, **more) as response:
        return response.status, await response.text(), response.headers


@pytest.mark.parametrize("via", [True, False])
@pytest.mark.parametrize("after", [0.004, 2.5, 86_400.0])
async def test_a_global_rate_limit(local: LocalDiscord, rest: Rest, via: bool, after: float) -> None:
    """A global 429 says so in its body and headers, for any time, with or without Discord's `Via`."""
    local.faults.fail(failures.rate_limit(after, scope="global", via=via), times=1)
    status, body, headers = await rest.full("GET", "/users/@me")
    assert (status, body["global"], body["retry_after"]) == (429, True, after)
    assert (headers["X-RateLimit-Global"], headers["X-RateLimit-Scope"]) == ("true", "global")
    assert ("Via" in headers, int(headers["Retry-After"]) >= after) == (via, True)
    assert local.limits.invalid == 1
    assert (await rest("GET", "/users/@me"))[0] == 200


async def test_a_shared_limit_is_nobodys_fault(local: LocalDiscord, rest: Rest) -> None:
    """A 429 of scope `shared` does not count as an invalid request."""
    local.faults.fail(failures.rate_limit(1, scope="shared"), times=1)
    assert (await rest("GET", "/users/@me"))[0] == 429
    assert (local.limits.invalid, local.limits.rate_limited) == (0, 1)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (400, 50035, "Invalid Form Body"),
        (401, 0, "401: a fault of the local Discord"),
        (403, 50013, "Missing Permissions"),
        (404, 10003, "Unknown Channel"),
        (403, 40333, "40333: a fault of the local Discord"),
    ],
)
async def test_an_error_with_a_code(local: LocalDiscord, rest: Rest, status: int, code: int, message: str) -> None:
    """Any status can come with any JSON error code, without the request being acted upon."""
    local.faults.fail(failures.error(status, code), only=SEND, times=1)
    answer = await rest("POST", f"/channels/{local.channel('general').id}/messages", {"content": "x"})
    assert answer == (status, {"message": message, "code": code})
    assert local.messages(local.channel("general")) == []


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (failures.proxy_page(404), 404, "404 Not Found"),
        (failures.proxy_page(502), 502, "502 Bad Gateway"),
        (failures.cloudflare_page(403, 1020), 403, "Error 1020: Access denied"),
        (failures.cloudflare_page(429, 1015), 429, "Error 1015: You are being rate limited"),
        (failures.cloudflare_page(502), 502, "502: Bad Gateway"),
    ],
)
async def test_pages_of_proxies(
    local: LocalDiscord, session: aiohttp.ClientSession, failure: failures.Failure, status: int, words: str
) -> None:
    """A proxy or Cloudflare answers with a page of HTML, which has no `Via` of Discord's."""
    local.faults.fail(failure, times=1)
    answered, text, headers = await send(local, session)
    assert (answered, words in text, headers["Content-Type"]) == (status, True, "text/html; charset=UTF-8")
    assert "Via" not in headers
    assert local.messages(local.channel("general")) == []
    assert (local.exchanges[-1].response, local.exchanges[-1].faulty) == (text, True)


async def test_a_page_after_the_effect(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """A proxy may give up on a request that Discord has carried out."""
    local.faults.fail(failures.proxy_page(504).after_effect(), times=1)
    assert (await send(local, session))[0] == 504
    assert [message["content"] for message in local.messages(local.channel("general"))] == ["x"]


async def test_redirects(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """A client that follows a redirect gets the page of a network that wants a log-in; nothing was done."""
    local.faults.fail(failures.redirect(status=307), times=2)
    status, _, headers = await send(local, session, allow_redirects=False)
    assert (status, headers["Location"]) == (307, "/portal")
    status, text, _ = await send(local, session)
    assert (status, "Log in to the network" in text) == (200, True)
    assert local.messages(local.channel("general")) == []


async def test_truncated_json(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """A truncated answer looks complete, or breaks off with the connection; the message is there."""
    local.faults.fail(failures.truncated(), times=1)
    status, text, headers = await send(local, session)
    assert (status, headers["Content-Type"], text[:1], text[-1:] == "}") == (200, "application/json", "{", False)
    local.faults.fail(failures.truncated(broken_off=True), times=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await send(local, session)
    assert len(local.messages(local.channel("general"))) == 2


async def test_json_of_the_wrong_type(local: LocalDiscord, rest: Rest) -> None:
    """Fields of an answer can be missing or of another type, or all of it; errors stay as they are."""
    local.faults.fail(failures.altered(replaced("author.id", 5)), times=1)
    assert (await rest.say("x"))["author"]["id"] == 5
    local.faults.fail(failures.altered(without("author")), times=1)
    assert "author" not in await rest.say("x")
    local.faults.fail(failures.altered(replaced("", [])), times=2)
    assert await rest("GET", "/users/@me") == (200, [])
    assert (await rest("GET", "/users/1"))[1]["code"] == 10013
    assert len(local.messages(local.channel("general"))) == 2


@pytest.mark.parametrize(
    ("only", "hits"),
    [("POST", True), ("GET", False), ("* /channels/{id}/messages", True), ("* /channels/{id}", False)],
)
async def test_where_a_fault_strikes(local: LocalDiscord, rest: Rest, only: str, hits: bool) -> None:
    """A fault can be limited to a method, a route, or both."""
    local.faults.fail("503", only=only)
    address = f"/channels/{local.channel('general').id}/messages"
    assert (await rest("POST", address, {"content": "x"}))[0] == (503 if hits else 200)


async def test_faults_go_by_turns(local: LocalDiscord, rest: Rest) -> None:
    """Of two faults the earlier strikes first; one that is off does not, and each counts its strikes."""
    first = local.faults.fail("503", times=2)
    second = local.faults.fail("500")
    assert [(await rest("GET", "/users/@me"))[0] for _ in range(3)] == [503, 503, 500]
    assert (first.struck, first.left, first.on, second.struck, second.on) == (2, 0, False, 1, True)
    second.off()
    assert (await rest("GET", "/users/@me"))[0] == 200


async def test_an_unknown_name_is_refused(local: LocalDiscord) -> None:
    """An unknown failure is refused with the list of known ones."""
    with pytest.raises(ValueError, match="There is no REST fault 'sulk'; there are 500, "):
        local.faults.fail("sulk")


async def test_what_discord_py_makes_of_them(local: LocalDiscord, probe: Probe) -> None:
    """discord.py waits for a global limit, and raises on a 429 without `Via`, on a page and on half an answer."""
    channel = probe.get_partial_messageable(int(local.channel("general").id))
    local.faults.fail(failures.rate_limit(0.01, scope="global"), only=SEND, times=1)
    await channel.send("waited")
    for failure in (failures.rate_limit(0.01, via=False), failures.cloudflare_page(403, 1020)):
        local.faults.fail(failure, only=SEND, times=1)
        with pytest.raises(discord.HTTPException):
            await channel.send("refused")
    local.faults.fail(failures.truncated(), only=SEND, times=1)
    with pytest.raises(ValueError, match="Unterminated|Expecting"):
        await channel.send("sent all the same")
    messages = local.messages(local.channel("general"))
    assert [message["content"] for message in messages] == ["waited", "sent all the same"]
