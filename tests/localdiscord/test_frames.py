"""Gateway frames: how they are compressed, read and refused."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from bot.localdiscord import compression
from bot.localdiscord.pytest_plugin import point_discord_py
from tests.localdiscord.conftest import Probe, connected
from tests.localdiscord.wire import GUILDS, MEMBERS, MESSAGES, Wire

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord

LONG = "x" * 5000


async def closed(local: LocalDiscord, session: aiohttp.ClientSession, query: str) -> Any:
    """Connect, and return what comes first."""
    async with session.ws_connect(f"{local.gateway_url}?{query}") as socket:
        return (await socket.receive(timeout=5)).data


async def test_frames_are_one_zlib_stream(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """With `compress=zlib-stream` all frames of a connection are one stream, flushed after each."""
    inflate = zlib.decompressobj()
    async with session.ws_connect(f"{local.gateway_url}?v=10&encoding=json&compress=zlib-stream") as socket:
        await socket.send_json({"op": 1, "d": None})
        ops = []
        for _ in range(2):
            message = await socket.receive(timeout=5)
            assert (message.type, message.data[-4:]) == (aiohttp.WSMsgType.BINARY, b"\x00\x00\xff\xff")
            ops.append(json.loads(inflate.decompress(message.data))["op"])
    assert ops == [10, 11]


async def test_discord_py_inflates(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py asks for a compressed stream, gets one, and reads it."""
    received: list[object] = []
    read = discord.gateway.DiscordWebSocket.received_message

    async def note(socket: discord.gateway.DiscordWebSocket, message: Any, /) -> None:
        received.append(message)
        await read(socket, message)

    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "received_message", note)
    point_discord_py(local, monkeypatch)
    async with connected(local, Probe()) as client:
        await local.person("ann").say(local.channel("general"), "é" * 1000)
        assert (await client.until("message")).content == "é" * 1000
    assert {type(one) for one in received} == {bytes}


async def test_frames_are_one_zstd_stream(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """With `compress=zstd-stream` they are one stream of Zstandard."""
    inflate = compression.zstd.ZstdDecompressor()
    async with session.ws_connect(f"{local.gateway_url}?v=10&encoding=json&compress=zstd-stream") as socket:
        await socket.send_json({"op": 1, "d": None})
        frames = [await socket.receive_bytes(timeout=5) for _ in range(2)]
    assert [json.loads(inflate.decompress(one))["op"] for one in frames] == [10, 11]


async def test_zstd_is_refused_without_its_library(
    local: LocalDiscord, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Zstandard is missing the connection is closed with what to install, instead of sent something else."""
    monkeypatch.setattr(compression, "zstd", None)
    async with session.ws_connect(f"{local.gateway_url}?v=10&encoding=json&compress=zstd-stream") as socket:
        message = await socket.receive(timeout=5)
    assert (message.data, "Install backports.zstd" in str(message.extra)) == (4012, True)


@pytest.mark.parametrize("query", ["v=8&encoding=json", "v=eleven&encoding=json", "v=10&encoding=etf"])
async def test_what_is_not_spoken_is_refused(
    local: LocalDiscord, session: aiohttp.ClientSession, query: str
) -> None:
    """Old versions of the API and ETF are refused with 4012, after which no client tries again."""
    assert await closed(local, session, query) == 4012


async def test_version_nine_is_answered_as_such(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """READY tells the version that was asked for."""
    async with session.ws_connect(f"{local.gateway_url}?v=9&encoding=json") as socket:
        wire = Wire(local, socket)
        assert (await wire.frame())["op"] == 10
        assert (await wire.identify())["v"] == 9


async def test_binary_frames_are_read(local: LocalDiscord, wire: Wire) -> None:
    """JSON may come in binary frames too."""
    await wire.socket.send_bytes(b'{"op": 1, "d": null}')
    assert (await wire.frame())["op"] == 11


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", 4002),
        ("[]", 4002),
        ('"op"', 4002),
        ("{}", 4002),
        ('{"op": 1, "d": "' + LONG + '"}', 4002),
        ('{"op": [], "d": null}', 4001),
        ('{"op": "2", "d": null}', 4001),
        ('{"op": 2, "d": null}', 4001),
        ('{"op": 2, "d": {"token": "x", "intents": 1}}', 4001),
        ('{"op": 2, "d": {"properties": {}, "intents": 1}}', 4001),
        ('{"op": 2, "d": {"token": 5, "properties": {}, "intents": 1}}', 4001),
        ('{"op": 6, "d": {"token": "x"}}', 4001),
    ],
)
async def test_frames_that_cannot_be_read(wire: Wire, text: str, code: int) -> None:
    """What is no payload or over 4,096 bytes closes with 4002, a wrong payload for an opcode with 4001."""
    await wire.socket.send_str(text)
    assert await wire.frame() == code


async def test_a_payload_of_4096_bytes_is_taken(wire: Wire) -> None:
    """The limit is of bytes, and exact."""
    frame = '{"op": 1, "d": "%s"}'
    await wire.socket.send_str(frame % ("é" * ((4096 - len(frame) + 2) // 2)))
    assert (await wire.frame())["op"] == 11
    await wire.socket.send_str(frame % ("é" * ((4096 - len(frame) + 4) // 2)))
    assert await wire.frame() == 4002


@pytest.mark.parametrize("shard", ["ab", [0], [1, 1], [-1, 2], ["0", "1"], [0.5, 2], None])
async def test_wrong_shards(local: LocalDiscord, wire: Wire, shard: Any) -> None:
    """A shard that is no pair of numbers, the first below the second, closes with 4010."""
    await wire.send(2, {"token": local.token, "properties": {}, "intents": 1, "shard": shard})
    assert await wire.frame() == 4010


@pytest.mark.parametrize(
    ("op", "data"),
    [
        (3, {"status": "online"}),
        (3, None),
        (8, None),
        (8, {"guild_id": "1"}),
        (8, {"guild_id": "1", "query": ""}),
        (8, {"guild_id": "1", "query": "", "limit": -1}),
        (8, {"guild_id": ["1", "2"], "query": "", "limit": 0}),
    ],
)
async def test_wrong_payloads_for_an_opcode(wire: Wire, op: int, data: Any) -> None:
    """A request that lacks what it needs closes with 4001, as Discord does it."""
    await wire.identify()
    await wire.event("GUILD_CREATE")
    await wire.send(op, data)
    assert await wire.frame() == 4001


async def test_ready_and_guilds_have_the_newer_fields(wire: Wire) -> None:
    """READY has the application's flags as text too, GUILD_CREATE the type of a student hub."""
    application = (await wire.identify())["application"]
    assert application["flags_new"] == str(application["flags"])
    assert (await wire.event("GUILD_CREATE"))["hub_type"] is None


async def test_members_by_id(local: LocalDiscord, wire: Wire) -> None:
    """Members asked for by id come once each, and whoever is not there is named."""
    ann = local.person("ann").id
    await wire.identify(GUILDS)
    await wire.send(8, {"guild_id": local.guild.id, "user_ids": [ann, "5", ann, "abc"], "nonce": "n"})
    chunk = await wire.event("GUILD_MEMBERS_CHUNK")
    assert [one["user"]["id"] for one in chunk["members"]] == [ann]
    assert (chunk["not_found"], chunk["nonce"]) == (["5", "abc"], "n")
    await wire.send(8, {"guild_id": int(local.guild.id), "user_ids": ann, "nonce": "n" * 33})
    chunk = await wire.event("GUILD_MEMBERS_CHUNK")
    assert [one["user"]["id"] for one in chunk["members"]] == [ann]
    assert not {"not_found", "nonce"} & set(chunk)


async def test_at_most_a_hundred_members_by_id_or_name(local: LocalDiscord, wire: Wire) -> None:
    """A request by ids or by the beginning of a name brings a hundred members at the most."""
    people = [local.add_person(f"crowd{number}") for number in range(110)]
    await wire.identify(GUILDS)
    await wire.send(8, {"guild_id": local.guild.id, "user_ids": [one.id for one in people]})
    assert len((await wire.event("GUILD_MEMBERS_CHUNK"))["members"]) == 100
    for limit, count in ((0, 100), (1000, 100), (7, 7)):
        await wire.send(8, {"guild_id": local.guild.id, "query": "Crowd", "limit": limit})
        assert len((await wire.event("GUILD_MEMBERS_CHUNK"))["members"]) == count


async def test_all_members_need_their_intent(local: LocalDiscord, wire: Wire) -> None:
    """A request for all members without the intent stays unanswered; the connection goes on."""
    await wire.identify(GUILDS | MESSAGES)
    await wire.event("GUILD_CREATE")
    for limit in (0, 5):
        await wire.send(8, {"guild_id": local.guild.id, "query": "", "limit": limit})
    await wire.send(8, {"guild_id": local.elsewhere.id, "query": "a", "limit": 1})
    await wire.send(1, None)
    assert (await wire.frame())["op"] == 11


async def test_all_members_come_in_chunks(local: LocalDiscord, wire: Wire) -> None:
    """All members come a thousand at a time; to ask again within half a minute is answered with RATE_LIMITED."""
    for number in range(1001 - len(local.guild.members)):
        local.add_person(f"crowd{number}")
    await wire.identify(GUILDS | MEMBERS)
    await wire.send(8, {"guild_id": local.guild.id, "query": "", "limit": 0, "nonce": "n"})
    chunks = [await wire.event("GUILD_MEMBERS_CHUNK") for _ in range(2)]
    assert [len(one["members"]) for one in chunks] == [1000, 1]
    assert [(one["chunk_index"], one["chunk_count"], one["nonce"]) for one in chunks] == [(0, 2, "n"), (1, 2, "n")]
    await wire.send(8, {"guild_id": local.guild.id, "query": "", "limit": 0, "nonce": "m"})
    limited = await wire.event("RATE_LIMITED")
    assert (limited["opcode"], limited["meta"]) == (8, {"guild_id": local.guild.id, "nonce": "m"})
    assert 0 < limited["retry_after"] <= 30
