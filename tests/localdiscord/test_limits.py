"""Rate limits as Discord enforces and announces them."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

import pytest

from bot.localdiscord.limits import Limits

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Probe, Rest


class Hand:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand(local: LocalDiscord) -> Hand:
    hand = Hand()
    local.limits.clock = hand
    return hand


async def test_a_bucket_is_announced_and_enforced(local: LocalDiscord, rest: Rest, hand: Hand) -> None:
    """Five messages in five seconds fit a channel.

    Headers count down, and the sixth gets 429 until the window is over.
    """
    address = f"/channels/{local.channel('general').id}/messages"
    for left in (4, 3, 2, 1, 0):
        status, _, headers = await rest.full("POST", address, {"content": "x"})
        assert (status, headers["X-RateLimit-Remaining"], headers["X-RateLimit-Limit"]) == (200, str(left), "5")
        assert (headers["Via"], headers["Content-Type"]) == ("1.1 google", "application/json")
    hand.now += 2
    status, body, headers = await rest.full("POST", address, {"content": "x"})
    assert (status, body["retry_after"], body["global"]) == (429, 3.0, False)
    assert (headers["Retry-After"], headers["X-RateLimit-Scope"], headers["Via"]) == ("3.000", "user", "1.1 google")
    await rest.say("another channel", "random")
    hand.now += 3
    await rest.say("again")
    assert (local.limits.rate_limited, local.limits.invalid) == (1, 1)


async def test_the_global_limit_spares_interactions(local: LocalDiscord, rest: Rest, hand: Hand) -> None:
    """Fifty requests a second fit a token; interaction callbacks and follow-ups are outside of it."""
    local.limits.global_limit = 2
    for _ in range(2):
        assert (await rest("GET", "/users/@me"))[0] == 200
    status, body, headers = await rest.full("GET", "/users/@me")
    assert (status, body["global"], headers["X-RateLimit-Global"]) == (429, True, "true")
    assert headers["X-RateLimit-Scope"] == "global"
    assert (await rest("POST", "/interactions/1/token/callback", {"type": 6}))[1]["code"] == 10062
    hand.now += 1
    assert (await rest("GET", "/users/@me"))[0] == 200


async def test_edits_of_old_messages_are_few(local: LocalDiscord, rest: Rest, hand: Hand) -> None:
    """Three edits in six seconds fit the messages of a channel that are older than an hour; the fourth is 30046."""
    message = await rest.say("old")
    local.age(message, 3601)
    address = f"/channels/{message['channel_id']}/messages/{message['id']}"
    for _ in range(3):
        assert (await rest("PATCH", address, {"content": "x"}))[0] == 200
    status, body, headers = await rest.full("PATCH", address, {"content": "x"})
    assert (status, body["code"], headers["Via"]) == (429, 30046, "1.1 google")
    hand.now += 6
    assert (await rest("PATCH", address, {"content": "x"}))[0] == 200


async def test_a_third_rename_waits_ten_minutes(local: LocalDiscord, rest: Rest, hand: Hand) -> None:
    """A channel takes two new names in ten minutes."""
    local.allow(local.channel("quiet"), "MANAGE_CHANNELS")
    address = f"/channels/{local.channel('quiet').id}"
    for name in ("one", "two"):
        assert (await rest("PATCH", address, {"name": name}))[1]["name"] == name
    status, body = await rest("PATCH", address, {"name": "three"})
    assert (status, body["retry_after"]) == (429, 600.0)
    hand.now += 600
    assert (await rest("PATCH", address, {"name": "three"}))[0] == 200


def test_a_sliding_window_is_stricter() -> None:
    """A sliding window lets a request in only when one of the last ones has left it."""
    hand = Hand()
    limits = Limits(clock=hand, sliding=True, rules={"r": (2, 10.0)})
    assert limits.check("r", "", counted_globally=False).retry_after is None
    hand.now += 9
    assert limits.check("r", "", counted_globally=False).retry_after is None
    hand.now += 1
    assert limits.check("r", "", counted_globally=False).retry_after is None
    assert limits.check("r", "", counted_globally=False).retry_after == pytest.approx(9)


def passed(limits: Limits, requests: int) -> int:
    """Return how many of some requests, each to a bucket of its own, pass the global limit."""
    verdicts = [limits.check("r", str(number), counted_globally=True) for number in range(requests)]
    assert all(verdict.everywhere for verdict in verdicts if verdict.retry_after is not None)
    return sum(verdict.retry_after is None for verdict in verdicts)


@pytest.mark.parametrize("sliding", [False, True])
def test_fifty_requests_a_second_pass_and_no_more(sliding: bool) -> None:
    """Of a second's requests fifty pass until the very end of it; the refused do not count against the next."""
    hand = Hand()
    limits = Limits(clock=hand, sliding=sliding)
    assert passed(limits, 80) == 50
    hand.now = math.nextafter(101.0, 0.0)
    assert passed(limits, 80) == 0
    hand.now = 101.0
    assert passed(limits, 80) == 50
    assert (limits.rate_limited, limits.check("r", "", counted_globally=True).retry_after) == (140, 1.0)


@pytest.mark.parametrize(("sliding", "second", "third"), [(False, 50, 0), (True, 1, 49)])
def test_a_burst_over_the_edge_of_a_second(sliding: bool, second: int, third: int) -> None:
    """A fixed second lets two bursts meet at its edge, 99 in half a second; a sliding one has 50 in any second."""
    hand = Hand()
    limits = Limits(clock=hand, sliding=sliding)
    assert passed(limits, 1) == 1
    hand.now = 100.5
    assert passed(limits, 80) == 49
    hand.now = 101.0
    assert passed(limits, 80) == second
    hand.now = 101.5
    assert passed(limits, 80) == third
    hand.now = 102.0
    assert passed(limits, 80) == (1 if sliding else 50)


@pytest.mark.parametrize("sliding", [False, True])
def test_a_window_begins_with_its_first_request(sliding: bool) -> None:
    """After a silence the second is counted from the next request on, not from the clock's own seconds."""
    hand = Hand()
    limits = Limits(clock=hand, sliding=sliding)
    for hand.now in (100.0, 107.75):
        assert passed(limits, 50) == 50
    hand.now = 108.5
    assert limits.check("r", "", counted_globally=True).retry_after == 0.25
    hand.now = 108.75
    assert passed(limits, 80) == 50


async def test_limits_can_be_switched_off(local: LocalDiscord, rest: Rest) -> None:
    """With limits off, any number of messages goes through."""
    local.limits.enabled = False
    for number in range(8):
        await rest.say(str(number))
    assert local.limits.rate_limited == 0


async def test_discord_py_waits_and_loses_nothing(local: LocalDiscord, probe: Probe) -> None:
    """discord.py reads the headers, waits for the window, and every message arrives."""
    local.limits.rules["POST /channels/{channel_id}/messages"] = (2, 0.05)
    channel = probe.get_partial_messageable(int(local.channel("general").id))
    await asyncio.gather(*(channel.send(str(number)) for number in range(6)))
    assert sorted(m["content"] for m in local.messages(local.channel("general"))) == list("012345")


async def test_too_many_invalid_requests_bar_an_address(local: LocalDiscord, rest: Rest, hand: Hand) -> None:
    """After ten thousand invalid requests in ten minutes nothing comes through Cloudflare for the rest of them."""
    local.limits.rules["invalid"] = (2, 600.0)
    for _ in range(2):
        assert (await rest("GET", "/users/@me", headers={"Authorization": "Bot nonsense"}))[0] == 401
    hand.now += 100
    async with rest.session.get(f"{local.api_url}/gateway") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "500")
        assert "Via" not in response.headers and "1015" in await response.text()
    hand.now += 500
    assert (await rest("GET", "/gateway"))[0] == 200


async def test_a_wrong_token_is_counted(local: LocalDiscord, rest: Rest) -> None:
    """A wrong token gets 401 with code 0, and counts as an invalid request."""
    status, body = await rest("GET", "/users/@me", headers={"Authorization": "Bot nonsense"})
    assert (status, body, local.limits.invalid) == (401, {"message": "401: Unauthorized", "code": 0}, 1)
