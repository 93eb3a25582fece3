"""Channels, permissions, threads, direct messages and voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.pytest_plugin import point_discord_py
from tests.localdiscord.conftest import Probe, connected

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from tests.localdiscord.conftest import Rest


async def test_permissions_decide_in_discord_s_order(local: LocalDiscord, rest: Rest) -> None:
    """A channel that the bot may not see is 50001, one that it may not write in 50013; both can be undone."""
    general = local.channel("general")
    address = f"/channels/{general.id}/messages"
    local.deny(general, "SEND_MESSAGES")
    assert (await rest("POST", address, {"content": "x"}))[1] == {"message": "Missing Permissions", "code": 50013}
    local.deny(general, "VIEW_CHANNEL")
    assert (await rest("POST", address, {"content": "x"}))[1]["code"] == 50001
    assert (await rest("GET", f"/channels/{general.id}"))[1]["code"] == 50001
    local.reset_permissions(general, "VIEW_CHANNEL", "SEND_MESSAGES")
    await rest.say("at last")
    local.deny(general, "EMBED_LINKS")
    assert (await rest("POST", address, {"embeds": [{"title": "x"}]}))[1]["code"] == 50013
    local.deny(general, "READ_MESSAGE_HISTORY")
    last = local.messages(general)[-1]
    reply = {"content": "x", "message_reference": {"message_id": last["id"]}}
    assert (await rest("POST", address, reply))[1]["code"] == 160002


async def test_a_hidden_channel_sends_the_bot_no_messages(local: LocalDiscord, probe: Probe) -> None:
    """Messages of a channel that the bot may not see do not reach it."""
    local.deny(local.channel("quiet"), "VIEW_CHANNEL")
    await local.person("ann").say(local.channel("quiet"), "psst")
    await local.person("ann").say(local.channel("general"), "hello")
    assert (await probe.until("message")).content == "hello"


async def test_a_deleted_channel_is_unknown(local: LocalDiscord, rest: Rest, probe: Probe) -> None:
    """After its deletion a channel is 10003 for REST, and gone from discord.py's cache."""
    quiet = local.channel("quiet")
    local.delete_channel(quiet)
    await probe.until("CHANNEL_DELETE")
    assert probe.get_channel(int(quiet.id)) is None
    assert (await rest("POST", f"/channels/{quiet.id}/messages", {"content": "x"}))[1]["code"] == 10003


async def test_direct_messages_can_be_blocked(local: LocalDiscord, rest: Rest) -> None:
    """Opening a direct message never fails.

    Writing to who blocks the bot is 50007, to who shares no guild 50278.
    """
    ann = local.person("ann")
    channel = (await rest("POST", "/users/@me/channels", {"recipient_id": ann.id}))[1]
    assert (channel["id"], channel["recipients"][0]["id"]) == ((await ann.dm()).id, ann.id)
    address = f"/channels/{channel['id']}/messages"
    assert (await rest("POST", address, {"content": "x"}))[0] == 200
    local.block_dm(ann)
    assert (await rest("POST", address, {"content": "x"}))[1]["code"] == 50007
    local.block_dm(ann, blocked=False)
    local.leave_guild(ann)
    assert (await rest("POST", address, {"content": "x"}))[1]["code"] == 50278


async def test_people_come(local: LocalDiscord, probe: Probe) -> None:
    """A new member of the guild writes and presses like the others."""
    zoe = local.add_person("zoe")
    await zoe.say(local.channel("general"), "buttons")
    received = await probe.until("message")
    assert (received.author.id, received.author.display_name) == (int(zoe.id), "Zoe")
    card = await local.wait_for(lambda message: message["components"])
    assert (await zoe.click(card, "Cancel")).kind == "update"
    assert local.person("zoe") is zoe


async def test_threads_wake_unless_they_are_locked(local: LocalDiscord, rest: Rest) -> None:
    """A message wakes an archived thread; in a locked one it is 50083, and an edit in an archived one too."""
    ann = local.person("ann")
    thread = await ann.open_thread(await ann.say(local.channel("general"), "topic"), "Tea talk")
    message = (await rest("POST", f"/channels/{thread.id}/messages", {"content": "hi"}))[1]
    assert (thread.parent_id, message["position"]) == (local.channel("general").id, 1)
    local.archive_thread(thread)
    edit = await rest("PATCH", f"/channels/{thread.id}/messages/{message['id']}", {"content": "x"})
    assert edit[1]["code"] == 50083
    assert (await rest("POST", f"/channels/{thread.id}/messages", {"content": "awake"}))[0] == 200
    assert (await rest("GET", f"/channels/{thread.id}"))[1]["thread_metadata"]["archived"] is False
    local.archive_thread(thread, locked=True)
    assert (await rest("POST", f"/channels/{thread.id}/messages", {"content": "x"}))[1]["code"] == 50083


async def test_the_bot_opens_and_closes_threads(local: LocalDiscord, rest: Rest) -> None:
    """A thread on a message takes its id, a second one is 160004, and its owner may archive but not lock it."""
    message = await rest.say("topic")
    address = f"/channels/{message['channel_id']}/messages/{message['id']}/threads"
    status, thread = await rest("POST", address, {"name": "Tea talk"})
    assert (status, thread["id"], thread["owner_id"]) == (201, message["id"], local.bot.id)
    assert (await rest("POST", address, {"name": "Tea talk"}))[1]["code"] == 160004
    assert (await rest("PATCH", f"/channels/{thread['id']}", {"locked": True}))[1]["code"] == 50013
    status, closed = await rest("PATCH", f"/channels/{thread['id']}", {"archived": True})
    assert (status, closed["thread_metadata"]["archived"]) == (200, True)
    assert (await rest("GET", f"/guilds/{local.guild.id}/threads/active"))[1]["threads"] == []
    listed = await rest("GET", f"/channels/{message['channel_id']}/threads/archived/public")
    assert [member["id"] for member in listed[1]["threads"]] == [thread["id"]]
    status, alone = await rest("POST", f"/channels/{message['channel_id']}/threads", {"name": "alone", "type": 11})
    members = await rest("GET", f"/channels/{alone['id']}/thread-members")
    assert (status, [member["user_id"] for member in members[1]]) == (201, [local.bot.id])


async def test_people_have_permissions_too(local: LocalDiscord) -> None:
    """An ordinary member may not delete another's message; a moderator may."""
    message = await local.person("ann").say(local.channel("general"), "mine")
    with pytest.raises(DiscordError, match="50013"):
        await local.person("ben").delete(message)
    await local.person("mia").delete(message)
    assert local.messages(local.channel("general")) == []


async def test_muting_needs_voice(local: LocalDiscord, rest: Rest) -> None:
    """A member who is not in voice cannot be muted (40032); in it they can, and their state tells it."""
    ann = local.person("ann")
    address = f"/guilds/{local.guild.id}/members/{ann.id}"
    assert (await rest("PATCH", address, {"mute": True}))[1]["code"] == 40032
    await ann.join_voice(local.channel("Lounge"))
    assert (await rest("PATCH", address, {"mute": True}))[1]["mute"] is True
    state = (await rest("GET", f"/guilds/{local.guild.id}/voice-states/{ann.id}"))[1]
    assert (state["channel_id"], state["mute"]) == (local.channel("Lounge").id, True)
    await ann.leave_voice()
    assert (await rest("GET", f"/guilds/{local.guild.id}/voice-states/{ann.id}"))[1]["code"] == 10065


async def test_discord_py_knows_the_people_in_voice(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that caches nobody but who sits in voice knows them, also after its restart, until they leave."""
    point_discord_py(local, monkeypatch)
    ann, ben, study = local.person("ann"), local.person("ben"), local.channel("Lounge")

    def client() -> Probe:
        flags = discord.MemberCacheFlags.none()
        flags.voice = True
        return Probe(
            discord.Intents(guilds=True, voice_states=True),
            member_cache_flags=flags,
            chunk_guilds_at_startup=False,
        )

    def seated(client: Probe) -> list[str]:
        place = client.get_channel(int(study.id))
        assert isinstance(place, discord.VoiceChannel)
        return sorted(member.display_name for member in place.members)

    async with connected(local, client()) as first:
        assert seated(first) == []
        await ann.join_voice(study)
        await first.until("VOICE_STATE_UPDATE")
        assert seated(first) == ["Ann"]
    await ben.join_voice(study)
    async with connected(local, client()) as second:
        assert seated(second) == ["Ann", "Ben"]
        await ann.leave_voice()
        await second.until("VOICE_STATE_UPDATE")
        assert seated(second) == ["Ben"]
        assert second.guilds[0].get_member(int(ann.id)) is None
        local.delete_channel(study)
        await second.until("CHANNEL_DELETE")
        assert second.guilds[0].get_member(int(ben.id)) is None


async def test_sitting_down_needs_a_voice_channel_and_leave(local: LocalDiscord) -> None:
    """A person cannot sit in a text channel (50024), nor where they may not connect (50001)."""
    ann, study = local.person("ann"), local.channel("Lounge")
    with pytest.raises(DiscordError, match="50024"):
        await ann.join_voice(local.channel("general"))
    local.deny(study, "CONNECT", user=ann.user)
    with pytest.raises(DiscordError, match="50001"):
        await ann.join_voice(study)
    assert local.guild.seated == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/users/1", 10013),
        ("/guilds/1", 10004),
        ("/channels/1", 10003),
        ("/guilds/{guild}/members/1", 10013),
        ("/guilds/{guild}/roles/1", 10011),
        ("/webhooks/1", 10015),
    ],
)
async def test_unknown_things_have_their_codes(local: LocalDiscord, rest: Rest, path: str, code: int) -> None:
    """An unknown user, guild, channel, member, role or webhook is 404 with its own code."""
    status, answer = await rest("GET", path.format(guild=local.guild.id))
    assert (status, answer["code"]) == (404, code)


@pytest.mark.parametrize(
    "path",
    [
        "/users/@me",
        "/users/@me/guilds",
        "/oauth2/applications/@me",
        "/applications/@me",
        "/gateway",
        "/gateway/bot",
        "/guilds/{guild}?with_counts=true",
        "/guilds/{guild}/channels",
        "/guilds/{guild}/roles",
        "/guilds/{guild}/members?limit=10",
        "/guilds/{guild}/members/search?query=a&limit=5",
        "/guilds/{guild}/threads/active",
    ],
)
async def test_the_surroundings_can_be_read(local: LocalDiscord, rest: Rest, path: str) -> None:
    """The bot reads itself, its application, its guild and who is in it."""
    status, answer = await rest("GET", path.format(guild=local.guild.id))
    assert (status, bool(answer)) == (200, True)


async def test_webhooks_post_into_their_channel(local: LocalDiscord, rest: Rest) -> None:
    """With MANAGE_WEBHOOKS the bot makes a webhook, whose token posts, edits and deletes."""
    general = local.channel("general")
    assert (await rest("POST", f"/channels/{general.id}/webhooks", {"name": "News"}))[1]["code"] == 50013
    local.allow(general, "MANAGE_WEBHOOKS")
    hook = (await rest("POST", f"/channels/{general.id}/webhooks", {"name": "News"}))[1]
    address = f"/webhooks/{hook['id']}/{hook['token']}"
    assert (await rest("POST", address, {"content": "x"}))[0] == 204
    message = (await rest("POST", f"{address}?wait=true", {"content": "x", "username": "Crier"}))[1]
    assert (message["author"]["username"], message["webhook_id"]) == ("Crier", hook["id"])
    assert (await rest("PATCH", f"{address}/messages/{message['id']}", {"content": "y"}))[1]["content"] == "y"
    assert (await rest("DELETE", f"{address}/messages/{message['id']}"))[0] == 204
    assert (await rest("POST", f"/webhooks/{hook['id']}/wrong", {"content": "x"}))[1]["code"] == 50027


async def test_the_bot_leaves_and_comes_back(local: LocalDiscord, rest: Rest, probe: Probe) -> None:
    """Taken out of a guild the bot hears of it once, and sees and hears nothing there; let in again it does."""
    ann, general = local.person("ann"), local.channel("general")
    local.kick_bot()
    await probe.until("GUILD_DELETE")
    assert list(probe.guilds) == []
    await ann.say(general, "is it gone?")
    assert (await rest("GET", f"/guilds/{local.guild.id}"))[1]["code"] == 10004
    assert (await rest("POST", f"/channels/{general.id}/messages", {"content": "x"}))[1]["code"] == 50001
    assert (await rest("POST", f"/channels/{(await ann.dm()).id}/messages", {"content": "x"}))[1]["code"] == 50278
    joined = len(probe.seen["GUILD_CREATE"])
    local.invite_bot()
    await probe.until("GUILD_CREATE", joined + 1)
    assert [str(guild.id) for guild in probe.guilds] == [local.guild.id]
    await ann.say(general, "there it is")
    assert (await probe.until("message")).content == "there it is"
    await rest.say("here I am")
    assert await rest("DELETE", f"/users/@me/guilds/{local.guild.id}") == (204, None)
    await probe.until("GUILD_DELETE", 2)
    assert (await rest("DELETE", f"/users/@me/guilds/{local.guild.id}"))[1]["code"] == 10004
