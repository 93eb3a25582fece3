"""Routes of threads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.localdiscord.channel import ANNOUNCEMENT_THREAD, PRIVATE_THREAD, PUBLIC_THREAD, THREAD_ONLY, Channel
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.route import Routes
from bot.localdiscord.routes.messages import message_of
from bot.localdiscord.wire import moment

if TYPE_CHECKING:
    from bot.localdiscord.route import Answer, Call
    from bot.localdiscord.wire import Json

routes = Routes()
_MEMBERS = "/channels/{channel_id}/thread-members"


@routes.add(
    "POST",
    "/channels/{channel_id}/messages/{message_id}/threads",
    acts_on="name auto_archive_duration rate_limit_per_user",
)
async def from_message(call: Call) -> Answer:
    """Open a thread on a message."""
    thread = call.backend.places.branch(message_of(call), call.backend.world.bot, call.form)
    return 201, thread.wire() | {"member": thread.member_wire(call.bot_id)}


@routes.add(
    "POST",
    "/channels/{channel_id}/threads",
    acts_on="name auto_archive_duration rate_limit_per_user type invitable message applied_tags",
)
async def standalone(call: Call) -> Answer:
    """Open a thread without a message, or a post with its own."""
    parent = call.channel()
    if parent.type in THREAD_ONLY:
        message = call.backend.posts.open(parent, call.backend.world.bot, call.form, call.uploads)
        thread = call.backend.world.channel(message.channel_id)
        shown = message.wire(call.backend.world, call.bot_id)
        return 201, thread.wire() | {"member": thread.member_wire(call.bot_id), "message": shown}
    thread = call.backend.places.create_thread(parent, call.backend.world.bot, call.form)
    return 201, thread.wire() | {"member": thread.member_wire(call.bot_id)}


@routes.add("GET", "/guilds/{guild_id}/threads/active")
async def active(call: Call) -> Answer:
    """Return a guild's threads that are not archived, the newest first."""
    guild = call.backend.world.guild_by_id(call.path["guild_id"])
    among = [thread for thread in call.backend.world.threads(guild.id) if not _archived(thread)]
    return 200, _listed(call, sorted(among, key=lambda thread: int(thread.id), reverse=True))


@routes.add("GET", "/channels/{channel_id}/threads/archived/public", reads="before limit")
async def archived_public(call: Call) -> Answer:
    """Return a channel's archived public threads."""
    return 200, _paged(call, _archived_in(call, PUBLIC_THREAD, ANNOUNCEMENT_THREAD))


@routes.add("GET", "/channels/{channel_id}/threads/archived/private", reads="before limit")
async def archived_private(call: Call) -> Answer:
    """Return a channel's archived private threads; needs MANAGE_THREADS."""
    call.backend.world.require(call.channel(), call.bot_id, "MANAGE_THREADS")
    return 200, _paged(call, _archived_in(call, PRIVATE_THREAD))


@routes.add("GET", "/channels/{channel_id}/users/@me/threads/archived/private", reads="before limit")
async def archived_joined(call: Call) -> Answer:
    """Return a channel's archived private threads that the bot is in, the newest first."""
    before = int(call.query.get("before", 1 << 64))
    among = [
        thread
        for thread in _archived_in(call, PRIVATE_THREAD)
        if thread.thread and call.bot_id in thread.thread.members
    ]
    among = sorted(
        (thread for thread in among if int(thread.id) < before), key=lambda thread: int(thread.id), reverse=True
    )
    return 200, _listed(call, among, call.query.get("limit", 50))


@routes.add("GET", _MEMBERS)
async def members(call: Call) -> Answer:
    """Return the members of a thread."""
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
    if thread.thread is None:
        raise DiscordError(50024)
    call.backend.world.require_unarchived(thread)
    user = call.backend.world.user(call.path.get("user_id", call.bot_id))
    if user.id != call.bot_id:
        call.backend.world.require(thread, call.bot_id, "SEND_MESSAGES_IN_THREADS")
        if call.backend.world.member(thread, user.id) is None:
            raise DiscordError(10007)
        closed = thread.type == PRIVATE_THREAD and not thread.thread.invitable
        if closed and not call.backend.world.may(thread, user.id, "MANAGE_THREADS"):
            call.backend.world.require(thread, call.bot_id, "MANAGE_THREADS")
    call.backend.threads.join(thread, user.id)
    return 204, None


@routes.add("DELETE", _MEMBERS + "/@me")
@routes.add("DELETE", _MEMBERS + "/{user_id}")
async def leave(call: Call) -> Answer:
    """Remove the bot or a member from a thread; who opened a private one needs no MANAGE_THREADS."""
    thread = call.channel()
    call.backend.world.require_unarchived(thread)
    user_id = call.path.get("user_id", call.bot_id)
    mine = thread.type == PRIVATE_THREAD and thread.thread is not None and thread.thread.owner_id == call.bot_id
    if user_id != call.bot_id and not mine:
        call.backend.world.require(thread, call.bot_id, "MANAGE_THREADS")
    call.backend.threads.leave(thread, user_id)
    return 204, None


def _archived(thread: Channel) -> bool:
    return thread.thread is not None and thread.thread.archived


def _archived_in(call: Call, *kinds: int) -> list[Channel]:
    """Return a channel's archived threads of some kinds; raise 50013 for who may not read its history."""
    parent = call.channel()
    call.backend.world.require(parent, call.bot_id, "READ_MESSAGE_HISTORY")
    among = call.backend.world.threads(parent.guild_id or "")
    return [
        thread for thread in among if thread.parent_id == parent.id and thread.type in kinds and _archived(thread)
    ]


def _archived_at(thread: Channel) -> float:
    return thread.thread.archived_at if thread.thread else 0.0


def _paged(call: Call, threads: list[Channel]) -> Json:
    """Return archived threads, the last archived first, as the query asks."""
    before = moment(call.query["before"]) if "before" in call.query else math.inf
    among = sorted((thread for thread in threads if _archived_at(thread) < before), key=_archived_at, reverse=True)
    return _listed(call, among, call.query.get("limit", 50))


def _listed(call: Call, among: list[Channel], limit: int | None = None) -> Json:
    threads = among[:limit]
    mine = [thread for thread in threads if thread.thread and call.bot_id in thread.thread.members]
    return {
        "threads": [thread.wire() for thread in threads],
        "members": [thread.member_wire(call.bot_id) for thread in mine],
        "has_more": len(threads) < len(among),
    }
