"""Routes of channels: themselves, their permissions, typing and pins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import message as kinds, permissions
from bot.localdiscord.channel import DIRECT, VOICE
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.route import Routes
from bot.localdiscord.routes.messages import shown
from bot.localdiscord.wire import iso, moment

if TYPE_CHECKING:
    from bot.localdiscord.message import Message
    from bot.localdiscord.route import Answer, Call

routes = Routes()


@routes.add("GET", "/channels/{channel_id}")
async def get(call: Call) -> Answer:
    """Return a channel or thread."""
    channel = call.backend.world.channel(call.path["channel_id"])
    call.backend.world.require_sight(channel, call.bot_id)
    wire = channel.wire()
    if channel.thread and call.bot_id in channel.thread.members:
        wire["member"] = channel.member_wire(call.bot_id)
    return 200, wire


@routes.add(
    "PATCH",
    "/channels/{channel_id}",
    acts_on="name topic rate_limit_per_user default_thread_rate_limit_per_user nsfw available_tags flags "
    "archived locked auto_archive_duration invitable applied_tags",
)
async def change(call: Call) -> Answer:
    """Edit a channel or thread."""
    channel = call.channel()
    if channel.thread:
        return 200, call.backend.threads.change(channel, call.bot_id, call.form).wire()
    return 200, call.backend.places.change(channel, call.bot_id, call.form).wire()


@routes.add("DELETE", "/channels/{channel_id}")
async def delete(call: Call) -> Answer:
    """Delete a channel or thread, or close a direct message."""
    return 200, call.backend.places.delete(call.channel(), call.bot_id).wire()


@routes.add("POST", "/channels/{channel_id}/typing")
async def typing(call: Call) -> Answer:
    """Show that the bot types."""
    call.backend.places.typing(call.channel(), call.backend.world.bot)
    return 204, None


@routes.add("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", acts_on="type allow deny")
async def overwrite(call: Call) -> Answer:
    """Set what a channel grants and takes from a role or member.

    Raise 50013 for what the bot may not do itself, unless the channel lets it manage roles.
    """
    channel = call.channel()
    if channel.type in DIRECT:
        raise DiscordError(50003)
    if channel.thread:
        raise DiscordError(50024)
    world = call.backend.world
    world.require(channel, call.bot_id, "MANAGE_ROLES")
    form = call.form
    target, kind, allow, deny = call.path["overwrite_id"], form.get("type"), form.get("allow"), form.get("deny")
    kind, allow, deny = kind or 0, allow or 0, deny or 0
    guild = world.guild_of(channel)
    if guild is None or target not in (guild.members if kind else guild.roles):
        raise DiscordError(10009)
    bot = guild.members[call.bot_id]
    parent = world.channels.get(channel.parent_id or "")
    own = permissions.of_roles(guild, bot) | (permissions.in_channel(guild, bot, parent) if parent else 0)
    granted = [
        channel.overwrites[holder].allow for holder in (bot.user.id, *bot.roles) if holder in channel.overwrites
    ]
    if (allow | deny) & ~own and not any(bits & permissions.BITS["MANAGE_ROLES"] for bits in granted):
        raise DiscordError(50013)
    call.backend.places.overwrite(channel, target, kind, allow, deny)
    return 204, None


@routes.add("PUT", "/channels/{channel_id}/voice-status", acts_on="status")
async def voice_status(call: Call) -> Answer:
    """Set the line of text on a voice channel; who does not sit there needs MANAGE_CHANNELS too."""
    channel = call.channel()
    if channel.type != VOICE:
        raise DiscordError(50024)
    member = call.backend.world.member(channel, call.bot_id)
    seated = member is not None and member.voice_channel_id == channel.id
    needed = ("SET_VOICE_CHANNEL_STATUS",) if seated else ("SET_VOICE_CHANNEL_STATUS", "MANAGE_CHANNELS")
    call.backend.world.require(channel, call.bot_id, *needed)
    channel.status = call.form.get("status") or None
    data = {"id": channel.id, "guild_id": channel.guild_id, "status": channel.status}
    call.backend.events.emit("VOICE_CHANNEL_STATUS_UPDATE", data, channel)
    return 204, None


@routes.add("GET", "/channels/{channel_id}/messages/pins", reads="before limit")
async def pins(call: Call) -> Answer:
    """Return the pinned messages."""
    pinned = _pinned(call)
    if before := call.query.get("before"):
        pinned = [message for message in pinned if (message.pinned_at or 0.0) < moment(before)]
    limit = call.query.get("limit", 50)
    items = [
        {"pinned_at": iso(message.pinned_at or 0.0), "message": shown(call, message)} for message in pinned[:limit]
    ]
    return 200, {"items": items, "has_more": len(pinned) > limit}


@routes.add("GET", "/channels/{channel_id}/pins")
async def older_pins(call: Call) -> Answer:
    """Return the pinned messages in the older form."""
    return 200, [shown(call, message) for message in _pinned(call)]


def _pinned(call: Call) -> list[Message]:
    """Return the pinned messages of a channel: none to who may not read its history."""
    channel = call.channel()
    readable = call.backend.world.may(channel, call.bot_id, "READ_MESSAGE_HISTORY")
    return call.backend.places.pins(channel) if readable else []


@routes.add("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
@routes.add("PUT", "/channels/{channel_id}/pins/{message_id}")
async def pin(call: Call) -> Answer:
    """Pin a message."""
    message = call.backend.world.message(call.channel().id, call.path["message_id"])
    if message.type in {kinds.PINNED, kinds.THREAD_CREATED, kinds.THREAD_STARTER}:
        raise DiscordError(50021)
    call.backend.places.pin(message, call.backend.world.bot, pinned=True)
    return 204, None


@routes.add("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
@routes.add("DELETE", "/channels/{channel_id}/pins/{message_id}")
async def unpin(call: Call) -> Answer:
    """Unpin a message."""
    message = call.backend.world.message(call.channel().id, call.path["message_id"])
    call.backend.places.pin(message, call.backend.world.bot, pinned=False)
    return 204, None
