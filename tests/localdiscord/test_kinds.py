"""Kinds of channel: forums, media, announcements and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from bot.localdiscord.channel import ANNOUNCEMENT, FORUM, MEDIA, STAGE, VOICE
from bot.localdiscord.errors import DiscordError

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.people import Person
    from tests.localdiscord.conftest import Probe, Rest


@pytest.fixture
def forum(local: LocalDiscord) -> Channel:
    return local.create_channel("help", FORUM)


@pytest.mark.parametrize("kind", [FORUM, MEDIA])
async def test_posts_are_threads(local: LocalDiscord, probe: Probe, kind: int) -> None:
    """discord.py opens a post in a forum or media channel, which is a thread with the id of its first message."""
    forum = local.create_channel("help", kind)
    tag_id = local.moderation.add_tag(forum, "question")
    await probe.until("CHANNEL_UPDATE")
    channel = probe.get_channel(int(forum.id))
    assert isinstance(channel, discord.ForumChannel)
    assert (channel.is_media(), channel.default_layout.value) == (kind == MEDIA, 0)
    tag = channel.get_tag(int(tag_id))
    assert tag is not None
    thread, message = await channel.create_thread(name="Tea?", content="How long?", applied_tags=[tag])
    assert (thread.id, thread.parent_id, thread.owner_id) == (message.id, channel.id, int(local.bot.id))
    assert (thread.message_count, [tag.name for tag in thread.applied_tags]) == (0, ["question"])
    assert forum.last_message_id == str(thread.id)


async def test_people_open_posts(local: LocalDiscord, forum: Channel, probe: Probe, ann: Person) -> None:
    """A person's post reaches the bot as a thread and its first message, which does not count; answers do."""
    post = await ann.open_post(forum, "Tea?", "How long?")
    message = await probe.until("message")
    assert (message.id, message.channel.id, message.position) == (int(post.id), int(post.id), 0)
    assert isinstance(message.channel, discord.Thread)
    answer = await message.channel.send("Five minutes")
    assert answer.position == 1
    assert (post.wire()["message_count"], post.wire()["total_message_sent"]) == (1, 1)
    await answer.delete()
    assert (post.wire()["message_count"], post.wire()["total_message_sent"]) == (0, 1)


@pytest.mark.parametrize("kind", [FORUM, MEDIA])
async def test_forums_refuse_plain_messages(local: LocalDiscord, rest: Rest, ann: Person, kind: int) -> None:
    """A message straight into a forum or media channel is 40058, and through a webhook 220001."""
    forum = local.create_channel("help", kind)
    assert (await rest("POST", f"/channels/{forum.id}/messages", {"content": "x"}))[1]["code"] == 40058
    with pytest.raises(DiscordError, match="40058"):
        await ann.say(forum, "x")
    with pytest.raises(DiscordError, match="220001"):
        await local.say_as_webhook(forum, "x")


async def test_a_post_needs_send_messages_only(local: LocalDiscord, rest: Rest, forum: Channel) -> None:
    """CREATE_PUBLIC_THREADS does not matter for a post, SEND_MESSAGES does."""
    address, body = f"/channels/{forum.id}/threads", {"name": "Tea?", "message": {"content": "x"}}
    local.deny(forum, "CREATE_PUBLIC_THREADS")
    assert (await rest("POST", address, body))[0] == 201
    local.deny(forum, "SEND_MESSAGES")
    assert (await rest("POST", address, body))[1]["code"] == 50013


async def test_a_post_needs_its_message(local: LocalDiscord, rest: Rest, forum: Channel) -> None:
    """Without a message, with an empty one or a name that is too long, there is no post and no thread."""
    address = f"/channels/{forum.id}/threads"
    for body in ({"name": "Tea?"}, {"name": "x" * 101, "message": {"content": "x"}}):
        assert (await rest("POST", address, body))[1]["code"] == 50035
    assert (await rest("POST", address, {"name": "Tea?", "message": {}}))[1]["code"] == 50006
    assert local.world.threads(local.guild.id) == []


async def test_tags_have_their_rules(local: LocalDiscord, rest: Rest, forum: Channel) -> None:
    """A tag must be the channel's, may be required, and may be for moderators."""
    address, body = f"/channels/{forum.id}/threads", {"name": "Tea?", "message": {"content": "x"}}
    assert (await rest("POST", address, {**body, "applied_tags": ["1"]}))[1]["code"] == 50035
    local.moderation.require_tag(forum)
    assert (await rest("POST", address, body))[1]["code"] == 40067
    solved = local.moderation.add_tag(forum, "solved", moderated=True)
    assert (await rest("POST", address, {**body, "applied_tags": [solved]}))[1]["code"] == 50013
    local.allow(forum, "MANAGE_THREADS")
    post = (await rest("POST", address, {**body, "applied_tags": [solved]}))[1]
    assert post["applied_tags"] == [solved]
    assert (await rest("PATCH", f"/channels/{post['id']}", {"applied_tags": []}))[1]["code"] == 40067


async def test_the_bot_gives_a_forum_tags(local: LocalDiscord, rest: Rest, forum: Channel) -> None:
    """With MANAGE_CHANNELS the bot sets the tags of a forum, twenty at most."""
    local.allow(forum, "MANAGE_CHANNELS")
    address = f"/channels/{forum.id}"
    tags = (await rest("PATCH", address, {"available_tags": [{"name": "bug"}]}))[1]["available_tags"]
    assert [tag["name"] for tag in tags] == ["bug"]
    assert (await rest("PATCH", address, {"available_tags": [{"name": "x"}] * 21}))[1]["code"] == 50035
    assert (await rest("PATCH", address, {"available_tags": [{"name": "x" * 51}]}))[1]["code"] == 50035


async def test_a_pinned_post_is_unpinned_by_its_archiving(local: LocalDiscord, rest: Rest, forum: Channel) -> None:
    """With MANAGE_THREADS a post can be pinned; archived, it is no longer."""
    local.allow(forum, "MANAGE_THREADS")
    post = (await rest("POST", f"/channels/{forum.id}/threads", {"name": "Tea?", "message": {"content": "x"}}))[1]
    assert (await rest("PATCH", f"/channels/{post['id']}", {"flags": 2}))[1]["flags"] == 2
    assert (await rest("PATCH", f"/channels/{post['id']}", {"archived": True}))[1]["flags"] == 0


async def test_slow_mode_of_a_forum_is_between_posts(local: LocalDiscord, forum: Channel, ann: Person) -> None:
    """In a forum, slow mode holds back posts, not answers."""
    local.moderation.slow_mode(forum, 60)
    post = await ann.open_post(forum, "Tea?", "How long?")
    for _ in range(2):
        await ann.say(post, "Anybody?")
    with pytest.raises(DiscordError, match="20016"):
        await ann.open_post(forum, "Tea again?", "How long?")


async def test_announcements_are_published(local: LocalDiscord, rest: Rest, probe: Probe, ann: Person) -> None:
    """People and the bot post in an announcement channel; a message is published once, another's by a moderator."""
    news = local.create_channel("news", ANNOUNCEMENT)
    message = await ann.say(news, "Tea is served")
    address = f"/channels/{news.id}/messages"
    assert (await probe.until("message")).channel.is_news()
    assert (await rest("POST", f"{address}/{message['id']}/crosspost"))[1]["code"] == 50013
    await ann.publish(message)
    await probe.until("MESSAGE_UPDATE")
    with pytest.raises(DiscordError, match="40033"):
        await ann.publish(message)
    own = (await rest("POST", address, {"content": "So is coffee"}))[1]
    status, published = await rest("POST", f"{address}/{own['id']}/crosspost")
    assert (status, published["flags"]) == (200, discord.MessageFlags(crossposted=True).value)
    general = await rest.say("x")
    elsewhere = f"/channels/{general['channel_id']}/messages/{general['id']}/crosspost"
    assert (await rest("POST", elsewhere))[1]["code"] == 50024


async def test_threads_of_announcements_are_of_type_10(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """A thread in an announcement channel has a type of its own, and none is private."""
    news = local.create_channel("news", ANNOUNCEMENT)
    thread = await ann.open_thread(await ann.say(news, "Tea is served"), "Which?")
    assert (await rest("GET", f"/channels/{thread.id}"))[1]["type"] == 10
    private = await rest("POST", f"/channels/{news.id}/threads", {"name": "Tea", "type": 12})
    assert private[1]["code"] == 50024


async def test_people_sit_before_a_stage(local: LocalDiscord, rest: Rest, probe: Probe, ann: Person) -> None:
    """On a stage people join the audience, may ask to speak, and are moved both ways by a moderator."""
    stage = local.create_channel("Talks", STAGE)
    await probe.until("CHANNEL_CREATE")
    channel = probe.get_channel(int(stage.id))
    assert isinstance(channel, discord.StageChannel)
    await ann.join_voice(stage)
    address = f"/guilds/{local.guild.id}/voice-states/{ann.id}"
    assert (await rest("GET", address))[1]["suppress"] is True
    with pytest.raises(DiscordError, match="50013"):
        await ann.raise_hand(stage)
    local.allow(stage, "REQUEST_TO_SPEAK", user=ann.user)
    await ann.raise_hand(stage)
    assert (await rest("GET", address))[1]["request_to_speak_timestamp"]
    local.moderation.let_speak(ann)
    await probe.until("VOICE_STATE_UPDATE", 3)
    assert channel.voice_states[int(ann.id)].suppress is False
    assert await rest("PATCH", address, {"suppress": True, "channel_id": stage.id}) == (204, None)
    await probe.until("VOICE_STATE_UPDATE", 4)
    assert [listener.id for listener in channel.listeners] == [int(ann.id)]


async def test_speaking_on_a_stage_needs_leave(local: LocalDiscord, rest: Rest, ann: Person) -> None:
    """The bot is silent on a stage until it may mute members, and none of this goes for a voice channel."""
    stage, voice = local.create_channel("Talks", STAGE), local.create_channel("Chat", VOICE)
    address = f"/guilds/{local.guild.id}/voice-states"
    assert (await rest("PATCH", f"{address}/@me", {"suppress": False}))[1]["code"] == 10065
    local.moderation.seat(local.bot, stage)
    local.deny(stage, "MUTE_MEMBERS")
    assert (await rest("PATCH", f"{address}/@me", {"suppress": False}))[1]["code"] == 50013
    assert (await rest("PATCH", f"{address}/@me", {"suppress": True}))[0] == 204
    local.allow(stage, "MUTE_MEMBERS")
    assert (await rest("PATCH", f"{address}/@me", {"suppress": False}))[0] == 204
    assert (await rest("GET", f"{address}/@me"))[1]["suppress"] is False
    await ann.join_voice(voice)
    assert (await rest("PATCH", f"{address}/{ann.id}", {"suppress": True}))[1]["code"] == 50024


async def test_a_voice_status_needs_more_from_outside(local: LocalDiscord, rest: Rest) -> None:
    """Who sits in a voice channel sets its status; who does not needs MANAGE_CHANNELS as well."""
    voice = local.create_channel("Chat", VOICE)
    local.allow(voice, "SET_VOICE_CHANNEL_STATUS")
    address = f"/channels/{voice.id}/voice-status"
    assert (await rest("PUT", address, {"status": "tea"}))[1]["code"] == 50013
    local.moderation.seat(local.bot, voice)
    assert (await rest("PUT", address, {"status": "tea"}))[0] == 204
    assert (await rest("PUT", address, {"status": "x" * 501}))[1]["code"] == 50035
    local.moderation.seat(local.bot, None)
    local.allow(voice, "MANAGE_CHANNELS")
    assert (await rest("PUT", address, {"status": "tea"}))[0] == 204
    local.deny(voice, "SET_VOICE_CHANNEL_STATUS")
    assert (await rest("PUT", address, {"status": "tea"}))[1]["code"] == 50013


async def test_the_bot_joins_voice_by_the_gateway(local: LocalDiscord, rest: Rest, probe: Probe) -> None:
    """discord.py's opcode 4 connects the bot where it may, muted as requested; elsewhere nothing happens."""
    voice, closed = local.create_channel("Chat", VOICE), local.create_channel("Closed", VOICE)
    local.deny(closed, "CONNECT")
    (guild,) = probe.guilds
    await guild.change_voice_state(channel=discord.Object(int(closed.id)))
    await guild.change_voice_state(channel=discord.Object(int(voice.id)), self_deaf=True)
    await probe.until("VOICE_STATE_UPDATE")
    state = (await rest("GET", f"/guilds/{local.guild.id}/voice-states/@me"))[1]
    assert (state["channel_id"], state["self_deaf"], state["self_mute"]) == (voice.id, True, False)
    await guild.change_voice_state(channel=None)
    await probe.until("VOICE_STATE_UPDATE", 2)
    assert (await rest("GET", f"/guilds/{local.guild.id}/voice-states/@me"))[1]["code"] == 10065


async def test_a_category_leaves_its_channels_behind(local: LocalDiscord, probe: Probe) -> None:
    """A deleted category deletes none of its channels, which then have no parent."""
    category, inside = local.create_channel("Rooms", 4), local.create_channel("inside")
    inside.parent_id = category.id
    local.delete_channel(category)
    await probe.until("CHANNEL_DELETE")
    await probe.until("CHANNEL_UPDATE")
    assert local.channel("inside").wire()["parent_id"] is None
