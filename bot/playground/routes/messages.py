"""Routes of messages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.playground.channel import DM
from bot.playground.errors import DiscordError
from bot.playground.route import Routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.playground.message import Message
    from bot.playground.route import Answer, Call
    from bot.playground.wire import Json

routes = Routes()
_ALL, _ONE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
_FORTNIGHT = 14 * 24 * 3600


def shown(call: Call, message: Message) -> Json:
    """Return a message as the bot may read it: blank where the portal's content toggle is off."""
    wire = message.wire(call.backend.world, call.bot_id)
    if call.backend.faults.message_content:
        return wire
    return message.blanked(wire, call.backend.world, call.bot_id)


def found(call: Call) -> Message:
    """Return the message that the address names."""
    return call.backend.world.message(call.channel().id, call.path["message_id"])


@routes.add("GET", _ALL)
async def history(call: Call) -> Answer:
    """Return messages, newest first, around or beside an id."""
    channel = call.channel()
    limit = call.number("limit", 50, 100)
    if not call.backend.world.may(channel, call.bot_id, "READ_MESSAGE_HISTORY"):
        return 200, []
    return 200, [shown(call, one) for one in page(call.backend.world.messages[channel.id], call.query, limit)]


def page(
    messages: dict[str, Message], query: Mapping[str, str], limit: int, reader_id: str | None = None
) -> list[Message]:
    """Return up to `limit` messages, newest first, as `before`, `after` or `around` ask.

    Ephemeral ones to their reader only.
    """
    present = [one for one in reversed(messages.values()) if one.reader_id in {None, reader_id}]
    if pivot := query.get("before"):
        return [one for one in present if int(one.id) < int(pivot)][:limit]
    if pivot := query.get("after"):
        return [one for one in present if int(one.id) > int(pivot)][-limit:]
    if pivot := query.get("around"):
        newer = [one for one in present if int(one.id) > int(pivot)][-(limit // 2) :]
        older = [one for one in present if int(one.id) <= int(pivot)][: limit - len(newer)]
        return newer + older
    return present[:limit]


@routes.add("POST", _ALL)
async def create(call: Call) -> Answer:
    """Post a message."""
    message = call.backend.posting.create(call.channel(), call.backend.world.bot, call.form, call.uploads)
    wire = message.wire(call.backend.world, call.bot_id)
    if call.form.get("nonce") is not None:
        wire["nonce"] = call.form["nonce"]
    return 200, wire


@routes.add("GET", _ONE)
async def get(call: Call) -> Answer:
    """Return a message."""
    message = found(call)
    call.backend.world.require(call.channel(), call.bot_id, "READ_MESSAGE_HISTORY")
    return 200, shown(call, message)


@routes.add("PATCH", _ONE)
async def edit(call: Call) -> Answer:
    """Edit a message."""
    message = call.backend.posting.edit(found(call), call.bot_id, call.form, call.uploads)
    return 200, message.wire(call.backend.world, call.bot_id)


@routes.add("DELETE", _ONE)
async def delete(call: Call) -> Answer:
    """Delete a message."""
    call.backend.posting.delete(found(call), call.bot_id)
    return 204, None


@routes.add("POST", _ALL + "/bulk-delete")
async def bulk_delete(call: Call) -> Answer:
    """Delete 2 to 100 messages under 14 days old."""
    channel = call.channel()
    if channel.type == DM:
        raise DiscordError(50003)
    call.backend.world.require(channel, call.bot_id, "MANAGE_MESSAGES")
    ids = list(dict.fromkeys(map(str, call.form.get("messages") or [])))
    if not 2 <= len(ids) <= 100:
        raise DiscordError(50016)
    present = call.backend.world.messages[channel.id]
    if any(time.time() - present[one].posted_at > _FORTNIGHT for one in ids if one in present):
        raise DiscordError(50034)
    gone = [one for one in ids if present.pop(one, None)]
    for one in gone:
        call.backend.archive.drop("message", one)
    data = {"ids": gone, "channel_id": channel.id, "guild_id": channel.guild_id}
    call.backend.events.emit("MESSAGE_DELETE_BULK", data, channel)
    return 204, None
