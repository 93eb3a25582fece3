"""The gateway's handshakes, sessions and breaks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from tests.localdiscord.wire import CONTENT, DMS, GUILDS, MEMBERS, VOICE, Wire, connection

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Probe


async def test_ready_and_the_guild_come_first(local: LocalDiscord, wire: Wire) -> None:
    """IDENTIFY is answered with READY and each guild, whose member list includes the bot."""
    ready = await wire.identify(shard=[0, 1])
    assert (ready["user"]["id"], ready["shard"], ready["resume_gateway_url"]) == (
        local.bot.id,
        [0, 1],
        local.gateway_url,
    )
    guild = await wire.event("GUILD_CREATE")
    assert [channel["name"] for channel in guild["channels"]] == ["general", "random", "quiet", "Lounge"]
    assert local.bot.id in [member["user"]["id"] for member in guild["members"]]


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, {"token": "wrong", "intents": 1}, 4004),
        (2, {"intents": None}, 4013),
        (2, {"intents": 1, "shard": [2, 2]}, 4010),
        (3, {"status": "online"}, 4003),
        (99, None, 4001),
        (6, {"token": "wrong", "session_id": "x", "seq": 1}, 4004),
    ],
)
async def test_wrong_frames_close_with_discords_code(
    local: LocalDiscord, wire: Wire, op: int, data: Any, code: int
) -> None:
    """A wrong frame closes the connection with Discord's code for it."""
    if op == 2:
        data = {"token": local.token, "properties": {}} | data
    await wire.send(op, data)
    assert await wire.frame() == code


async def test_the_token_may_have_its_word_before_it(local: LocalDiscord, wire: Wire) -> None:
    """IDENTIFY takes the token as REST does too, with "Bot" before it."""
    assert (await wire.identify(token=f"Bot {local.token}"))["user"]["id"] == local.bot.id


async def test_the_content_toggle_closes_the_connection(local: LocalDiscord, wire: Wire) -> None:
    """With the portal's toggle off, asking for the message-content intent closes with 4014."""
    local.faults.message_content = False
    await wire.send(2, {"token": local.token, "intents": CONTENT, "properties": {}})
    assert await wire.frame() == 4014


async def test_content_without_the_intent(local: LocalDiscord, wire: Wire) -> None:
    """Without the message-content intent, text is there only in direct messages and mentions."""
    await wire.identify()
    ann, general = local.person("ann"), local.channel("general")
    await ann.say(general, "secret")
    assert (await wire.event("MESSAGE_CREATE"))["content"] == ""
    await ann.say(general, f"<@{local.bot.id}> tea")
    assert (await wire.event("MESSAGE_CREATE"))["content"].endswith("tea")
    await ann.say(await ann.dm(), "between us")
    direct = await wire.event("MESSAGE_CREATE")
    assert (direct["content"], "guild_id" in direct) == ("between us", False)


async def test_intents_hold_events_back(local: LocalDiscord, wire: Wire) -> None:
    """A session without an intent does not get its events."""
    await wire.identify(GUILDS | DMS)
    ann = local.person("ann")
    await ann.say(local.channel("general"), "not for you")
    await ann.say(await ann.dm(), "for you")
    assert "guild_id" not in await wire.event("MESSAGE_CREATE")


async def test_a_guild_comes_with_the_people_in_voice(local: LocalDiscord, wire: Wire) -> None:
    """Without the members intent a guild still comes with the bot and the people in voice, and where they are."""
    ann = local.person("ann")
    await ann.join_voice(local.channel("Lounge"))
    await wire.identify(GUILDS | VOICE)
    guild = await wire.event("GUILD_CREATE")
    assert {member["user"]["id"] for member in guild["members"]} == {local.bot.id, ann.id}
    (state,) = guild["voice_states"]
    assert (state["user_id"], state["channel_id"]) == (ann.id, local.channel("Lounge").id)
    assert not {"guild_id", "member"} & set(state)


async def test_voice_states_need_their_intent(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """Entering or leaving voice is sent, with the member, to sessions with the voice intent only."""
    ann, study = local.person("ann"), local.channel("Lounge")
    async with connection(local, session) as hears, connection(local, session) as deaf:
        await hears.identify(GUILDS | VOICE)
        await deaf.identify(GUILDS | DMS)
        await deaf.event("GUILD_CREATE")
        await ann.join_voice(study)
        await ann.join_voice(study)
        await ann.leave_voice()
        await ann.leave_voice()
        await ann.say(await ann.dm(), "that was all")
        states = [await hears.event("VOICE_STATE_UPDATE") for _ in range(2)]
        assert [state["channel_id"] for state in states] == [study.id, None]
        assert [state["member"]["user"]["id"] for state in states] == [ann.id] * 2
        assert (await deaf.frame())["t"] == "MESSAGE_CREATE"


async def test_leaving_voice_involuntarily(local: LocalDiscord, wire: Wire) -> None:
    """A member who leaves the guild leaves its voice, and a deleted channel empties before it goes."""
    study = local.channel("Lounge")
    await wire.identify(GUILDS | VOICE)
    for name in ("ann", "ben"):
        await local.person(name).join_voice(study)
    local.leave_guild(local.person("ann"))
    local.delete_channel(study)
    states = [await wire.event("VOICE_STATE_UPDATE") for _ in range(4)]
    seats = [(state["member"]["user"]["username"], state["channel_id"]) for state in states]
    assert seats == [("ann", study.id), ("ben", study.id), ("ann", None), ("ben", None)]
    assert (await wire.frame())["t"] == "CHANNEL_DELETE"


async def test_every_session_gets_every_event(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """Two processes of one bot are both connected and both hear of a message."""
    async with connection(local, session) as first, connection(local, session) as second:
        await first.identify()
        await second.identify()
        message = await local.person("ann").say(local.channel("general"), "all of you")
        assert [(await wire.event("MESSAGE_CREATE"))["id"] for wire in (first, second)] == [message["id"]] * 2


async def test_shards_get_their_guilds_and_the_first_the_direct_messages(
    local: LocalDiscord, session: aiohttp.ClientSession
) -> None:
    """A guild's events go to shard (id >> 22) % count, direct messages to shard 0."""
    home = (int(local.guild.id) >> 22) % 2
    async with connection(local, session) as shard_zero, connection(local, session) as shard_one:
        shards = [shard_zero, shard_one]
        for number, wire in enumerate(shards):
            ready = await wire.identify(shard=[number, 2])
            assert [guild["id"] for guild in ready["guilds"]] == ([local.guild.id] if number == home else [])
        ann = local.person("ann")
        await ann.say(local.channel("general"), "guild")
        direct = await ann.say(await ann.dm(), "direct")
        assert (await shards[home].event("MESSAGE_CREATE"))["content"] in {"", "guild"}
        if home != 0:
            assert (await shard_zero.event("MESSAGE_CREATE"))["id"] == direct["id"]


async def test_a_resume_replays_missed_events(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """After a break, RESUME brings each event after the given sequence number once, then RESUMED."""
    async with connection(local, session) as wire:
        ready = await wire.identify()
        await wire.event("GUILD_CREATE")
        seen = wire.sequence
        await wire.socket.close(code=4000)
    message = await local.person("ann").say(local.channel("general"), "while you were away")
    async with connection(local, session) as wire:
        await wire.send(6, {"token": local.token, "session_id": ready["session_id"], "seq": seen})
        first, second = await wire.frame(), await wire.frame()
        assert (first["t"], first["d"]["id"], first["s"]) == ("MESSAGE_CREATE", message["id"], seen + 1)
        assert (second["t"], second["d"]) == ("RESUMED", {})


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_session_that_is_ended_is_gone(
    local: LocalDiscord, session: aiohttp.ClientSession, code: int
) -> None:
    """Closing a connection with 1000 or 1001 ends the session too: RESUME is answered with INVALID_SESSION."""
    async with connection(local, session) as wire:
        ready = await wire.identify()
        await wire.socket.close(code=code)
    await local.wait_until(lambda: not local.gateway.connections)
    async with connection(local, session) as wire:
        await wire.send(6, {"token": local.token, "session_id": ready["session_id"], "seq": 1})
        assert await wire.frame() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_session_times_out(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """A session that nobody has resumed for minutes is over: RESUME is answered with INVALID_SESSION."""
    async with connection(local, session) as wire:
        ready = await wire.identify()
        await wire.socket.close(code=4000)
    await local.wait_until(lambda: not local.gateway.connections)
    local.gateway.sessions[ready["session_id"]].lost_at -= local.gateway.session_seconds
    async with connection(local, session) as wire:
        await wire.send(6, {"token": local.token, "session_id": ready["session_id"], "seq": 1})
        assert await wire.frame() == {"op": 9, "d": False, "s": None, "t": None}
    assert local.gateway.sessions == {}


async def test_a_session_that_is_gone_is_invalid(local: LocalDiscord, wire: Wire) -> None:
    """RESUME of an unknown session, or with the fault on, is answered with INVALID_SESSION false."""
    local.faults.refuse_resume = True
    await wire.send(6, {"token": local.token, "session_id": "gone", "seq": 1})
    assert await wire.frame() == {"op": 9, "d": False, "s": None, "t": None}
    assert (await wire.identify())["user"]["id"] == local.bot.id


async def test_identifies_can_be_kept_apart(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """With Discord's pause set, a second IDENTIFY of the same group within it is answered with INVALID_SESSION."""
    local.gateway.identify_seconds, local.gateway.max_concurrency = 5.0, 2
    async with (
        connection(local, session) as first,
        connection(local, session) as two,
        connection(local, session) as three,
    ):
        await first.identify(shard=[0, 4])
        await two.identify(shard=[1, 4])
        await three.send(2, {"token": local.token, "intents": GUILDS, "properties": {}, "shard": [2, 4]})
        assert (await three.frame())["op"] == 9


async def test_too_many_frames_close_the_connection(wire: Wire) -> None:
    """A connection that sends more than 120 frames in a minute is closed with 4008."""
    for _ in range(121):
        await wire.send(1, None)
    while isinstance(frame := await wire.frame(), dict):
        assert frame["op"] == 11
    assert frame == 4008


async def test_a_client_without_heartbeats_is_dropped(local: LocalDiscord, session: aiohttp.ClientSession) -> None:
    """A connection that sends no heartbeat for one and a half intervals is closed; one that does gets ACKs."""
    local.gateway.heartbeat_ms = 20
    async with connection(local, session) as wire:
        await wire.send(1, None)
        assert (await wire.frame())["op"] == 11
        assert await wire.frame() == 4000


async def test_members_are_sent_on_request(local: LocalDiscord, wire: Wire) -> None:
    """Opcode 8 brings the members asked for, under the request's nonce."""
    await wire.identify(GUILDS | MEMBERS)
    await wire.send(8, {"guild_id": local.guild.id, "query": "an", "limit": 5, "nonce": "n"})
    chunk = await wire.event("GUILD_MEMBERS_CHUNK")
    assert ([member["user"]["username"] for member in chunk["members"]], chunk["nonce"]) == (["ann"], "n")


async def test_discord_py_resumes_and_identifies_anew(local: LocalDiscord, probe: Probe) -> None:
    """discord.py resumes after a resumable break, and identifies anew when its session is gone."""
    await local.drop_gateway(resumable=True)
    await probe.until("RESUMED")
    assert (local.gateway.identifies, local.gateway.resumes) == (1, 1)
    await local.drop_gateway(resumable=False)
    await probe.until("READY", 2)
    assert local.gateway.identifies == 2
    local.gateway.ask_reconnect()
    await probe.until("RESUMED", 2)
    await local.person("ann").say(local.channel("general"), "still there?")
    assert (await probe.until("message")).content == "still there?"


async def test_a_gateway_that_is_down_refuses_connections(
    local: LocalDiscord, probe: Probe, session: aiohttp.ClientSession
) -> None:
    """With the gateway down the bot is cut off and new connections get 503, until it is up again."""
    local.faults.gateway_down = True
    await local.gateway.bell.until(lambda: not local.gateway.connections or None, 5)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
        await session.ws_connect(local.gateway_url)
    local.faults.gateway_down = False
    async with connection(local, session) as wire:
        await wire.identify()
    assert probe.is_closed() is False


async def test_presence_reaches_the_server(local: LocalDiscord, probe: Probe) -> None:
    """A change of presence is noted on the session."""
    await probe.change_presence(activity=discord.Game("tea"), status=discord.Status.idle)
    (session,) = local.gateway.connected

    def look() -> Any:
        return session.presence if session.presence and session.presence["status"] == "idle" else None

    presence = await local.gateway.bell.until(look, 5)
    assert presence["activities"][0]["name"] == "tea"


async def test_a_new_guild_comes_with_its_own_event(local: LocalDiscord, probe: Probe) -> None:
    """A guild that the bot is added to is sent with GUILD_CREATE, and its channel can be spoken in."""
    guild = local.add_guild("Second Hall")
    await probe.until("GUILD_CREATE", 2)
    seen = probe.get_guild(int(guild.id))
    assert seen is not None
    await asyncio.wait_for(seen.text_channels[0].send("hello"), 5)
