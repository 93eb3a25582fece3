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
from tests.localdiscord.wire import GUILDS, MEMBERS, MESSAGES, Wire, connection

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord

LONG = "x" * 5000


async def closed(local: LocalDiscord, session: aiohttp.ClientSession, query: str) -> Any:
    """Connect, and return the first frame."""
    async with session.ws_connect(f"{local.gateway_url}?{query}") as socket:
        return (await socket.receive(timeout=30)).data


async def test_frames_are_one_zlib_stream(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """With `compress=zlib-stream` all frames of a connection are one stream, flushed after each."""
    inflate = zlib.decompressobj()
    async with session.ws_connect(f"{local.gateway_url}?v=10&encoding=json&compress=zlib-stream") as socket:
        await socket.send_json({"op": 1, "d": None})
        ops = []
        for _ in range(2):
            message = await socket.receive(timeout=30)
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
    assert {type(frame) for frame in received} == {bytes}


async def test_frames_are_one_zstd_stream(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """With `compress=zstd-stream` they are one stream of Zstandard."""
    inflate = compression.zstd.ZstdDecompressor()
    async with session.ws_connect(f"{local.gateway_url}?v=10&encoding=json&compress=zstd-stream") as socket:
        await socket.send_json({"op": 1, "d": None})
        frames = [await socket.receive_bytes(timeout=30) for _ in range(2)]
    assert [json.loads(inflate.decompress(frame))["op"] for frame in frames] == [10, 11]


async def test_zstd_is_refused_without_its_library(
    local: LocalDiscord, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Zstandard is missing the connection is closed with what to install, instead of sent something else."""
    monkeypatch.setattr(compression, "zstd", None)
    async with session.ws_connect(f"{local.gateway_url}?v=10&encoding=json&compress=zstd-stream") as socket:
        message = await socket.receive(timeout=30)
    assert (message.data, "Install backports.zstd" in str(message.extra)) == (4012, True)


@pytest.mark.parametrize("query", ["v=8&encoding=json", "v=eleven&encoding=json", "v=10&encoding=etf"])
async def test_unsupported_versions_are_refused(
    local: LocalDiscord, session: aiohttp.ClientSession, query: str
) -> None:
    """Old versions of the API and ETF are refused with 4012, after which no client retries."""
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
    """An invalid payload, or one over 4,096 bytes, closes with 4002; a wrong payload for an opcode with 4001."""
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
    assert [member["user"]["id"] for member in chunk["members"]] == [ann]
    assert (chunk["not_found"], chunk["nonce"]) == (["5", "abc"], "n")
    await wire.send(8, {"guild_id": int(local.guild.id), "user_ids": ann, "nonce": "n" * 33})
    chunk = await wire.event("GUILD_MEMBERS_CHUNK")
    assert [member["user"]["id"] for member in chunk["members"]] == [ann]
    assert not {"not_found", "nonce"} & set(chunk)


async def test_at_most_a_hundred_members_by_id_or_name(local: LocalDiscord, wire: Wire) -> None:
    """A request by ids or by the beginning of a name brings a hundred members at the most."""
    people = [local.add_person(f"crowd{number}") for number in range(110)]
    await wire.identify(GUILDS)
    await wire.send(8, {"guild_id": local.guild.id, "user_ids": [person.id for person in people]})
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
    assert [len(chunk["members"]) for chunk in chunks] == [1000, 1]
    assert [(chunk["chunk_index"], chunk["chunk_count"], chunk["nonce"]) for chunk in chunks] == [
        (0, 2, "n"),
        (1, 2, "n"),
    ]
    await wire.send(8, {"guild_id": local.guild.id, "query": "", "limit": 0, "nonce": "m"})
    limited = await wire.event("RATE_LIMITED")
    assert (limited["opcode"], limited["meta"]) == (8, {"guild_id": local.guild.id, "nonce": "m"})
    assert 0 < limited["retry_after"] <= 30


STRANGE: list[Any] = [None, True, 0, -1, 1.5, "x", [], {}, [[]], [None], {"a": {}}, 10**30, "\u0000", "🍅" * 50]


@pytest.mark.parametrize(
    "text", ["[" * 4000, '{"op":' * 600, '{"op": 1e999}', '{"op": NaN}', '{"op": true}', "\ufeff{}"]
)
async def test_frames_that_are_hard_to_read(wire: Wire, text: str) -> None:
    """A payload that nests too deep, or has an opcode that is no integer, closes with 4001 or 4002."""
    await wire.socket.send_str(text)
    assert await wire.frame() in {4001, 4002}


@pytest.mark.parametrize("size", [70_000, 5_000_000])
async def test_a_huge_frame_is_too_large(wire: Wire, size: int) -> None:
    """However large a payload is, it closes with 4002."""
    await wire.socket.send_str('{"op": 1, "d": "' + "x" * size + '"}')
    assert await wire.frame() == 4002


@pytest.mark.parametrize(
    "garbage", [b"", b"\x00", b"\xff" * 100, zlib.compress(b'{"op": 1, "d": null}'), b"\x83h\x01d"]
)
async def test_binary_garbage(wire: Wire, garbage: bytes) -> None:
    """Bytes that are no JSON, compressed or ETF, close with 4002."""
    await wire.socket.send_bytes(garbage)
    assert await wire.frame() == 4002


@pytest.mark.parametrize(
    "wrong",
    [
        {"intents": True},
        {"intents": "1"},
        {"intents": -1},
        {"large_threshold": 49},
        {"large_threshold": 251},
        {"large_threshold": "50"},
        {"compress": "x"},
        {"presence": "x"},
        {"presence": ""},
        {"presence": []},
        {"presence": {"status": "busy"}},
        {"presence": {"activities": [None]}},
        {"shard": [True, True]},
        {"properties": []},
    ],
)
async def test_an_identify_of_wrong_types(local: LocalDiscord, wire: Wire, wrong: dict[str, Any]) -> None:
    """An IDENTIFY with a field of a wrong type or out of its bounds closes the connection and starts nothing."""
    await wire.send(2, {"token": local.token, "properties": {}, "intents": 1} | wrong)
    assert await wire.frame() in {4001, 4010, 4013}
    assert local.gateway.identifies == 0


@pytest.mark.parametrize(
    "data",
    [
        {"status": "busy", "since": None, "activities": []},
        {"status": [], "since": None, "activities": []},
        {"status": None, "since": None, "activities": []},
        {"status": "idle", "since": "x", "activities": []},
        {"status": "idle", "since": True, "activities": []},
        {"status": "idle", "since": None, "activities": "x"},
        {"status": "idle", "since": None, "activities": [None]},
        {"status": "idle", "since": None, "activities": [{"name": "tea"}]},
        {"status": "idle", "since": None, "activities": [{"name": 5, "type": 0}]},
        {"status": "idle", "since": None, "activities": [], "afk": "x"},
    ],
)
async def test_wrong_presences(wire: Wire, data: Any) -> None:
    """A presence with a value of a wrong type closes with 4001."""
    await wire.identify()
    await wire.event("GUILD_CREATE")
    await wire.send(3, data)
    assert await wire.frame() == 4001


SOUND: dict[int, dict[str, Any]] = {
    2: {"token": "", "properties": {}, "intents": 1, "shard": [0, 1], "presence": None, "large_threshold": 50},
    3: {"status": "idle", "since": None, "activities": [], "afk": False},
    4: {"guild_id": "", "channel_id": None, "self_mute": False, "self_deaf": False},
    6: {"token": "", "session_id": "", "seq": 1},
    8: {"guild_id": "", "query": "a", "limit": 0, "user_ids": None, "nonce": "n", "presences": False},
    31: {"guild_ids": []},
}
"""Data as it should be, by opcode; what is to be the token or a guild is empty."""


@pytest.mark.parametrize("op", SOUND)
async def test_no_data_breaks_the_gateway(local: LocalDiscord, session: aiohttp.ClientSession, op: int) -> None:
    """Any JSON as the data of an opcode, or of a field in it, leaves the gateway running, or closes by a code."""
    sound = SOUND[op] | {name: local.guild.id for name in ("guild_id",) if name in SOUND[op]}
    sound |= {"token": local.token} if "token" in sound else {}
    datas = [sound, *STRANGE, *(sound | {name: value} for name in sound for value in STRANGE)]
    for data in datas:
        async with connection(local, session) as wire:
            if op not in (2, 6):
                await wire.identify()
                await wire.event("GUILD_CREATE")
            await wire.send(op, data)
            await wire.send(1, None)
            frame = await wire.frame()
            while isinstance(frame, dict) and frame["op"] not in (9, 11):
                frame = await wire.frame()
            assert isinstance(frame, dict) or (4001 <= frame <= 4014 and data is not sound), (data, frame)


async def test_a_flood_of_frames_is_rate_limited(wire: Wire) -> None:
    """The hundred and twenty-first frame within a minute closes with 4008, be they presences or heartbeats."""
    await wire.identify()
    await wire.event("GUILD_CREATE")
    for _ in range(119):
        await wire.send(3, {"status": "idle", "since": None, "activities": []})
    await wire.send(1, None)
    frame = await wire.frame()
    while isinstance(frame, dict):
        frame = await wire.frame()
    assert frame == 4008


@pytest.mark.parametrize(("seq", "code"), [(10**9, 4007), ("x", 4007), (None, 4007), (True, 4007)])
async def test_a_resume_from_an_unknown_sequence(
    local: LocalDiscord, session: aiohttp.ClientSession, wire: Wire, seq: Any, code: int
) -> None:
    """A sequence that was never sent closes with 4007; an unknown session or a negative sequence is invalid."""
    ready = await wire.identify()
    async with connection(local, session) as other:
        await other.send(6, {"token": local.token, "session_id": ready["session_id"], "seq": seq})
        assert await other.frame() == code
    for session_id, number in (("nobody", 1), (ready["session_id"], -1)):
        async with connection(local, session) as other:
            await other.send(6, {"token": local.token, "session_id": session_id, "seq": number})
            assert await other.frame() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_second_identify(local: LocalDiscord, wire: Wire) -> None:
    """Who has identified may not do so again: the connection closes with 4005."""
    await wire.identify()
    await wire.event("GUILD_CREATE")
    await wire.send(2, {"token": local.token, "properties": {}, "intents": 1})
    assert await wire.frame() == 4005


async def test_sounds_are_answered(local: LocalDiscord, wire: Wire) -> None:
    """A request for the sounds of guilds' soundboards is answered: there are none."""
    await wire.identify()
    await wire.send(31, {"guild_ids": [local.guild.id, local.elsewhere.id]})
    assert await wire.event("SOUNDBOARD_SOUNDS") == {"guild_id": local.guild.id, "soundboard_sounds": []}
