"""Routes of channels: themselves, their permissions, typing and pins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import message as kinds
from bot.playground.channel import VOICE
from bot.playground.errors import DiscordError
from bot.playground.route import Routes
from bot.playground.routes.messages import shown
from bot.playground.wire import iso

if TYPE_CHECKING:
    from bot.playground.route import Answer, Call

routes = Routes()


@routes.add("GET", "/channels/{channel_id}")
async def get(call: Call) -> Answer:
    """Return a channel or thread."""
    channel = call.channel()
    wire = channel.wire()
    if channel.thread and call.bot_id in channel.thread.members:
        wire["member"] = channel.member_wire(call.bot_id)
    return 200, wire


@routes.add("PATCH", "/channels/{channel_id}")
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


@routes.add("PUT", "/channels/{channel_id}/permissions/{overwrite_id}")
async def overwrite(call: Call) -> Answer:
    """Set what a channel grants and takes from a role or member."""
    channel = call.channel()
    call.backend.world.require(channel, call.bot_id, "MANAGE_ROLES")
    form = call.form
    allow, deny = int(form.get("allow") or 0), int(form.get("deny") or 0)
    call.backend.places.overwrite(channel, call.path["overwrite_id"], int(form.get("type") or 0), allow, deny)
    return 204, None


@routes.add("PUT", "/channels/{channel_id}/voice-status")
async def voice_status(call: Call) -> Answer:
    """Set the line of text on a voice channel."""
    channel = call.channel()
    if channel.type != VOICE:
        raise DiscordError(50024)
    call.backend.world.require(channel, call.bot_id, "SET_VOICE_CHANNEL_STATUS")
    channel.status = call.form.get("status") or None
    data = {"id": channel.id, "guild_id": channel.guild_id, "status": channel.status}
    call.backend.events.emit("VOICE_CHANNEL_STATUS_UPDATE", data, channel)
    return 204, None


@routes.add("GET", "/channels/{channel_id}/messages/pins")
async def pins(call: Call) -> Answer:
    """Return the pinned messages."""
    pinned = call.backend.places.pins(call.channel())
    items = [{"pinned_at": iso(one.pinned_at or 0.0), "message": shown(call, one)} for one in pinned]
    return 200, {"items": items, "has_more": False}


@routes.add("GET", "/channels/{channel_id}/pins")
async def older_pins(call: Call) -> Answer:
    """Return the pinned messages in the older form."""
    return 200, [shown(call, one) for one in call.backend.places.pins(call.channel())]


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
