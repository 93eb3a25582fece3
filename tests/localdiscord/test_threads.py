"""Threads that are archived or locked, and private ones."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.local import text_of
from tests.localdiscord.wire import GUILDS, MEMBERS, connection

if TYPE_CHECKING:
    from collections.abc import Coroutine

    import aiohttp

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.exchange import Exchange
    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.outcome import Outcome
    from bot.localdiscord.people import Person
    from bot.localdiscord.wire import Json
    from tests.localdiscord.conftest import Probe, Rest


@pytest.fixture
async def thread(local: LocalDiscord, ann: Person) -> Channel:
    """A thread of ann's."""
    return await ann.open_thread(await ann.say(local.channel("general"), "topic"), "Tea talk")


@pytest.fixture
async def card(local: LocalDiscord, probe: Probe, thread: Channel, ann: Person) -> Json:
    """The probe's message with buttons in the thread."""
    assert probe.guilds
    sent = await ann.say(thread, "buttons")
    return await local.wait_for(lambda message: message["components"], channel=thread, after=sent)


async def test_an_archived_thread_takes_messages_only(
    local: LocalDiscord, rest: Rest, thread: Channel, ann: Person
) -> None:
    """All but deleting messages is 50083 in an archived thread; a message wakes it."""
    message = (await rest("POST", f"/channels/{thread.id}/messages", {"content": "hi"}))[1]
    address = f"/channels/{thread.id}/messages/{message['id']}"
    local.allow(local.channel("general"), "PIN_MESSAGES", "MANAGE_MESSAGES", "MANAGE_THREADS")
    await ann.react(message, "🍅")
    local.archive_thread(thread)
    for method, path, body in (
        ("DELETE", f"{address}/reactions", None),
        ("DELETE", f"{address}/reactions/🍅", None),
        ("DELETE", f"{address}/reactions/🍅/{ann.id}", None),
        ("PUT", f"/channels/{thread.id}/messages/pins/{message['id']}", None),
        ("DELETE", f"/channels/{thread.id}/messages/pins/{message['id']}", None),
        ("DELETE", f"/channels/{thread.id}/thread-members/@me", None),
        ("DELETE", f"/channels/{thread.id}/thread-members/{ann.id}", None),
        ("PATCH", address, {"content": "x"}),
        ("PUT", f"{address}/reactions/🍅/@me", None),
        ("PUT", f"/channels/{thread.id}/thread-members/{local.person('ben').id}", None),
        ("POST", f"/channels/{thread.id}/typing", None),
    ):
        assert (await rest(method, path, body))[1]["code"] == 50083
    assert (await rest("DELETE", address))[0] == 204
    await ann.say(thread, "awake")
    assert not thread.wire()["thread_metadata"]["archived"]


async def test_waking_sends_two_events(local: LocalDiscord, rest: Rest, probe: Probe, thread: Channel) -> None:
    """After THREAD_UPDATE, a bot in a woken thread is told that it is in it."""
    await rest("PUT", f"/channels/{thread.id}/thread-members/@me")
    local.archive_thread(thread)
    await rest("POST", f"/channels/{thread.id}/messages", {"content": "awake"})
    await probe.until("THREAD_MEMBER_UPDATE")
    assert len(probe.seen["THREAD_UPDATE"]) == 2


async def test_a_locked_thread_is_for_moderators(
    local: LocalDiscord, rest: Rest, thread: Channel, ann: Person
) -> None:
    """In a locked thread posting and editing are 160005 without MANAGE_THREADS; reacting and deleting are not."""
    message = await ann.say(thread, "before")
    own = (await rest("POST", f"/channels/{thread.id}/messages", {"content": "hi"}))[1]
    address = f"/channels/{thread.id}/messages"
    local.archive_thread(thread, archived=False, locked=True)
    for forbidden in (ann.say(thread, "x"), ann.edit(message, "x")):
        with pytest.raises(DiscordError, match="160005"):
            await forbidden
    assert (await rest("PATCH", f"{address}/{own['id']}", {"content": "x"}))[1]["code"] == 160005
    assert (await rest("PUT", f"{address}/{own['id']}/reactions/🍅/@me"))[0] == 204
    await ann.delete(message)
    await local.person("mia").say(thread, "moderators may")
    local.allow(local.channel("general"), "MANAGE_THREADS")
    assert (await rest("PATCH", f"{address}/{own['id']}", {"content": "x"}))[0] == 200


async def test_a_locked_and_archived_thread_stays_so(
    local: LocalDiscord, rest: Rest, thread: Channel, ann: Person
) -> None:
    """Locked and archived, a thread takes no message and loses none (50083), and only a moderator opens it."""
    message = (await rest("POST", f"/channels/{thread.id}/messages", {"content": "hi"}))[1]
    local.archive_thread(thread, locked=True)
    address = f"/channels/{thread.id}"
    assert (await rest("POST", f"{address}/messages", {"content": "x"}))[1]["code"] == 50083
    assert (await rest("DELETE", f"{address}/messages/{message['id']}"))[1]["code"] == 50083
    assert (await rest("PATCH", address, {"archived": False}))[1]["code"] == 50013
    with pytest.raises(DiscordError, match="50083"):
        await ann.say(thread, "x")
    await local.person("mia").say(thread, "moderators may")
    assert not thread.wire()["thread_metadata"]["archived"]


async def test_an_archived_thread_is_opened_before_it_is_changed(
    local: LocalDiscord, rest: Rest, thread: Channel
) -> None:
    """Even with MANAGE_THREADS an archived thread is neither renamed nor locked (50083) until it is open."""
    local.allow(local.channel("general"), "MANAGE_THREADS")
    local.archive_thread(thread)
    address = f"/channels/{thread.id}"
    for body in ({"name": "x"}, {"locked": True}):
        assert (await rest("PATCH", address, body))[1]["code"] == 50083
    assert (await rest("PATCH", address, {"archived": False, "name": "x"}))[1]["name"] == "x"


async def test_only_moderators_slow_a_thread_down(local: LocalDiscord, rest: Rest) -> None:
    """The owner of a thread renames it, but sets no slow mode without MANAGE_THREADS."""
    message = await rest.say("topic")
    thread = (
        await rest("POST", f"/channels/{message['channel_id']}/messages/{message['id']}/threads", {"name": "x"})
    )[1]
    address = f"/channels/{thread['id']}"
    assert (await rest("PATCH", address, {"name": "y"}))[1]["name"] == "y"
    assert (await rest("PATCH", address, {"rate_limit_per_user": 5}))[1]["code"] == 50013
    local.allow(local.channel("general"), "MANAGE_THREADS")
    assert (await rest("PATCH", address, {"rate_limit_per_user": 5}))[1]["rate_limit_per_user"] == 5


async def refused(local: LocalDiscord, acting: Coroutine[Any, Any, Outcome]) -> int:
    """Let a person use the bot, and return the code with which its answer is refused."""
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def listen(exchange: Exchange) -> None:
        if exchange.path.endswith("/callback") and isinstance(exchange.response, dict):
            answered.set_result(exchange.response["code"])

    local.on_exchange.append(listen)
    using = asyncio.create_task(acting)
    code = await asyncio.wait_for(answered, 30)
    local.on_exchange.remove(listen)
    local.interactions.age(61)
    assert (await using).kind == "failed"
    return code


async def test_an_interaction_in_a_locked_thread_cannot_be_answered(
    local: LocalDiscord, thread: Channel, card: Json, ann: Person
) -> None:
    """A press or a command in a locked and archived thread reaches the bot, but its answer is 50083."""
    local.archive_thread(thread, locked=True)
    assert await refused(local, ann.click(card, "Cancel")) == 50083
    assert await refused(local, ann.slash(thread, "pomodoro start", name="tea")) == 50083


async def test_an_interaction_wakes_a_thread_by_its_message(
    local: LocalDiscord, thread: Channel, card: Json, ann: Person
) -> None:
    """In a thread that is only archived, an answer that edits is 50083; one that posts wakes it."""
    local.archive_thread(thread)
    assert await refused(local, ann.click(card, "Cancel")) == 50083
    answer = (await ann.slash(thread, "pomodoro start", name="tea")).answer
    assert text_of(answer) == "started tea for 25"
    assert not thread.wire()["thread_metadata"]["archived"]


async def test_a_private_thread_is_seen_by_its_members(local: LocalDiscord, rest: Rest, probe: Probe) -> None:
    """A private thread is hidden from who was not added, unless they have MANAGE_THREADS."""
    general = local.channel("general")
    local.allow(general, "CREATE_PRIVATE_THREADS")
    thread = (await rest("POST", f"/channels/{general.id}/threads", {"name": "Secret"}))[1]
    place = local.channel(thread["id"])
    with pytest.raises(DiscordError, match="50001"):
        await local.person("ann").say(place, "let me in")
    await local.person("mia").say(place, "moderators may")
    await rest("PUT", f"/channels/{place.id}/thread-members/{local.person('ann').id}")
    await local.person("ann").say(place, "thank you")
    await rest("DELETE", f"/channels/{place.id}/thread-members/@me")
    assert (await rest("GET", f"/channels/{place.id}"))[1]["code"] == 50001
    assert (await probe.until("message", 2)).content == "thank you"


async def test_the_bot_is_let_into_a_private_thread(local: LocalDiscord, rest: Rest, probe: Probe) -> None:
    """A bot that is added to a private thread gets the whole thread in the event, as it did not know it before."""
    general, mia = local.channel("general"), local.person("mia")
    local.allow(general, "CREATE_PRIVATE_THREADS", user=mia.user)
    thread = local.backend.places.create_thread(general, mia.user, {"name": "Secret"})
    assert (await rest("GET", f"/channels/{thread.id}"))[1]["code"] == 50001
    local.backend.threads.join(thread, local.bot.id)
    await probe.until("THREAD_CREATE")
    (guild,) = probe.guilds
    seen = guild.get_thread(int(thread.id))
    assert seen is not None
    assert seen.me is not None
    assert (await rest("POST", f"/channels/{thread.id}/messages", {"content": "hello"}))[0] == 200
    local.backend.threads.leave(thread, local.bot.id)
    await probe.until("THREAD_MEMBERS_UPDATE", 2)
    assert (await rest("GET", f"/channels/{thread.id}"))[1]["code"] == 50001


async def test_thread_members_need_their_intent(
    local: LocalDiscord, session: aiohttp.ClientSession, ann: Person
) -> None:
    """Without the members intent a bot sees a thread's members only where it is one of them itself."""
    async with connection(local, session) as plain, connection(local, session) as told:
        await plain.identify()
        await told.identify(GUILDS | MEMBERS)
        thread = await ann.open_thread(await ann.say(local.channel("general"), "topic"), "Tea talk")
        local.backend.threads.join(thread, local.person("ben").id)
        local.backend.threads.join(thread, local.bot.id)
        for wire, first in ((told, local.person("ben").id), (plain, local.bot.id)):
            added = (await wire.event("THREAD_MEMBERS_UPDATE"))["added_members"]
            assert [member["user_id"] for member in added] == [first]
