"""Routes of threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.channel import PRIVATE_THREAD, PUBLIC_THREAD, Channel
from bot.playground.errors import DiscordError
from bot.playground.route import Routes
from bot.playground.routes.messages import found

if TYPE_CHECKING:
    from bot.playground.route import Answer, Call
    from bot.playground.wire import Json

routes = Routes()
_MEMBERS = "/channels/{channel_id}/thread-members"


@routes.add("POST", "/channels/{channel_id}/messages/{message_id}/threads")
async def from_message(call: Call) -> Answer:
    """Open a thread on a message."""
    thread = call.backend.places.branch(found(call), call.backend.world.bot, call.form)
    return 201, thread.wire() | {"member": thread.member_wire(call.bot_id)}


@routes.add("POST", "/channels/{channel_id}/threads")
async def standalone(call: Call) -> Answer:
    """Open a thread without a message."""
    thread = call.backend.places.found_thread(call.channel(), call.backend.world.bot, call.form)
    return 201, thread.wire() | {"member": thread.member_wire(call.bot_id)}


@routes.add("GET", "/guilds/{guild_id}/threads/active")
async def active(call: Call) -> Answer:
    """Return a guild's threads that are not archived."""
    guild = call.backend.world.guild_by_id(call.path["guild_id"])
    return 200, _listed(call, [one for one in call.backend.world.threads(guild.id) if not _archived(one)])


@routes.add("GET", "/channels/{channel_id}/threads/archived/public")
async def archived_public(call: Call) -> Answer:
    """Return a channel's archived public threads."""
    return 200, _listed(call, _of_parent(call, PUBLIC_THREAD))


@routes.add("GET", "/channels/{channel_id}/threads/archived/private")
@routes.add("GET", "/channels/{channel_id}/users/@me/threads/archived/private")
async def archived_private(call: Call) -> Answer:
    """Return a channel's archived private threads."""
    return 200, _listed(call, _of_parent(call, PRIVATE_THREAD))


@routes.add("GET", _MEMBERS)
async def members(call: Call) -> Answer:
    """Return who is in a thread."""
    thread = call.channel()
    if thread.thread is None:
        raise DiscordError(50024)
    return 200, [thread.member_wire(user_id) for user_id in thread.thread.members]


@routes.add("GET", _MEMBERS + "/{user_id}")
async def member(call: Call) -> Answer:
    """Return one membership of a thread."""
    thread = call.channel()
    if thread.thread is None or call.path["user_id"] not in thread.thread.members:
        raise DiscordError(10007)
    return 200, thread.member_wire(call.path["user_id"])


@routes.add("PUT", _MEMBERS + "/@me")
@routes.add("PUT", _MEMBERS + "/{user_id}")
async def join(call: Call) -> Answer:
    """Add the bot or a member to a thread."""
    thread = call.channel()
    if _archived(thread):
        raise DiscordError(50083)
    call.backend.threads.join(thread, call.backend.world.user(call.path.get("user_id", call.bot_id)).id)
    return 204, None


@routes.add("DELETE", _MEMBERS + "/@me")
@routes.add("DELETE", _MEMBERS + "/{user_id}")
async def leave(call: Call) -> Answer:
    """Remove the bot or a member from a thread."""
    thread = call.channel()
    user_id = call.path.get("user_id", call.bot_id)
    if user_id != call.bot_id:
        call.backend.world.require(thread, call.bot_id, "MANAGE_THREADS")
    call.backend.threads.leave(thread, user_id)
    return 204, None


def _archived(thread: Channel) -> bool:
    return thread.thread is not None and thread.thread.archived


def _of_parent(call: Call, kind: int) -> list[Channel]:
    parent = call.channel()
    among = call.backend.world.threads(parent.guild_id or "")
    return [one for one in among if one.parent_id == parent.id and one.type == kind and _archived(one)]


def _listed(call: Call, threads: list[Channel]) -> Json:
    mine = [one for one in threads if one.thread and call.bot_id in one.thread.members]
    return {
        "threads": [one.wire() for one in threads],
        "members": [one.member_wire(call.bot_id) for one in mine],
        "has_more": False,
    }
