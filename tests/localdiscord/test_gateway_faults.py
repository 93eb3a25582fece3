"""Failures of gateway connections and of events on them."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.localdiscord.alteration import replaced, without
from bot.localdiscord.pytest_plugin import point_discord_py
from tests.localdiscord.conftest import Probe, connected
from tests.localdiscord.wire import connection

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Rest


async def test_connections_are_refused_from_the_first(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """New connections get 503, or are closed without an answer, as often as asked."""
    local.faults.break_gateway("refuse", times=1)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
        await session.ws_connect(local.gateway_url)
    reset = local.faults.break_gateway("reset")
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await session.ws_connect(local.gateway_url)
    reset.off()
    async with connection(local, session) as wire:
        await wire.identify()


async def test_connections_end_after_a_moment(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """Connections are closed once HELLO was sent, or the guilds after READY; the session can be resumed."""
    local.faults.break_gateway("hello", times=1)
    async with connection(local, session) as wire:
        assert await wire.frame() == 4000
    local.faults.break_gateway("ready", times=1, code=1001)
    async with connection(local, session) as wire:
        ready = await wire.identify()
        await wire.event("GUILD_CREATE")
        assert await wire.frame() == 1001
    async with connection(local, session) as again:
        await again.send(6, {"token": local.token, "session_id": ready["session_id"], "seq": wire.sequence})
        await again.event("RESUMED")


async def test_discord_py_connects_in_the_end(local: LocalDiscord, probe: Probe) -> None:
    """discord.py goes on trying while its connections are reset and dropped, until one stands."""
    fault = local.faults.break_gateway("reset", times=1)
    await local.drop_gateway()
    await local.wait_until(lambda: fault.struck)
    await probe.until("RESUMED")


@pytest.mark.parametrize(
    ("name", "alteration", "value"),
    [
        ("MESSAGE_CREATE", without("author.username"), "missing"),
        ("MESSAGE_CREATE", replaced("author.username", 5), 5),
    ],
)
async def test_events_are_altered(
    local: LocalDiscord, session: aiohttp.ClientSession, name: str, alteration: Any, value: Any
) -> None:
    """Events of a name come with a field missing or of a wrong type as often as asked, then as they should."""
    local.faults.alter_event(name, alteration, times=1)
    async with connection(local, session) as wire:
        await wire.identify()
        ann, general = local.person("ann"), local.channel("general")
        await ann.say(general, "x")
        assert (await wire.event(name))["author"].get("username", "missing") == value
        await ann.say(general, "y")
        assert (await wire.event(name))["author"]["username"] == "ann"


async def test_ready_can_be_altered_and_late(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """READY waits until the fault is off, while heartbeats are answered; it can lack a field like any event."""
    local.faults.alter_event("READY", without("application"))
    late = local.faults.hold_ready()
    async with connection(local, session) as wire:
        await wire.send(2, {"token": local.token, "intents": 1, "properties": {}})
        await wire.send(1, None)
        assert (await wire.frame())["op"] == 11
        assert local.gateway.sessions == {}
        late.off()
        assert "application" not in await wire.event("READY")
        await wire.event("GUILD_CREATE")
    assert local.gateway.identifies == 1


async def test_a_connection_that_ends_before_a_late_ready(
    local: LocalDiscord, session: aiohttp.ClientSession
) -> None:
    """A connection that ends before READY leaves no session."""
    late = local.faults.hold_ready()
    async with connection(local, session) as wire:
        await wire.send(2, {"token": local.token, "intents": 1, "properties": {}})
        await local.wait_until(lambda: late.struck)
    await local.gateway.bell.until(lambda: not local.gateway.connections or None, 5)
    late.off()
    async with connection(local, session) as wire:
        await wire.identify()
        assert len(local.gateway.sessions) == 1


async def test_starts_are_counted(local: LocalDiscord, rest: Rest, session: aiohttp.ClientSession) -> None:
    """Each IDENTIFY takes one of the day's starts, a RESUME none; `/gateway/bot` tells what is left."""
    limit = (await rest("GET", "/gateway/bot"))[1]["session_start_limit"]
    assert limit == {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    async with connection(local, session) as wire:
        ready = await wire.identify()
        await wire.socket.close(code=4000)
    async with connection(local, session) as wire:
        await wire.send(6, {"token": local.token, "session_id": ready["session_id"], "seq": 1})
        await wire.event("RESUMED")
    limit = (await rest("GET", "/gateway/bot"))[1]["session_start_limit"]
    assert (limit["remaining"], 0 < limit["reset_after"] <= 86_400_000) == (999, True)


async def test_one_start_too_many_resets_the_token(
    local: LocalDiscord, rest: Rest, session: aiohttp.ClientSession
) -> None:
    """An IDENTIFY with no start left ends all sessions and the token: from then on it opens nothing."""
    old = local.token
    local.gateway.start_limit.remaining = 1
    async with connection(local, session) as standing, connection(local, session) as wire:
        await standing.identify()
        await standing.event("GUILD_CREATE")
        await wire.send(2, {"token": old, "intents": 1, "properties": {}})
        assert (await wire.frame(), await standing.frame()) == (4004, 4004)
    assert (await rest("GET", "/users/@me", headers={"Authorization": f"Bot {old}"}))[0] == 401
    assert (await rest("GET", "/users/@me"))[0] == 200


async def test_the_token_has_discords_shape(local: LocalDiscord) -> None:
    """A token has three parts, the first of which is the bot's id in base64."""
    first, second, third = local.token.split(".")
    assert base64.b64decode(first + "=" * (-len(first) % 4)).decode() == local.bot.id
    assert (len(second), len(third)) == (6, 38)


async def test_discord_py_ends_on_an_event_it_cannot_read(
    local: LocalDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event without a field that discord.py needs ends its client with a KeyError."""
    point_discord_py(local, monkeypatch)
    async with connected(local, Probe()) as client:
        local.faults.alter_event("MESSAGE_CREATE", without("id"), times=1)
        await local.person("ann").say(local.channel("general"), "x")
        assert client.running
        await asyncio.wait({client.running}, timeout=30)
        assert isinstance(client.running.exception(), KeyError)
