"""Routes of messages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.localdiscord.channel import DM
from bot.localdiscord.errors import DiscordError, invalid
from bot.localdiscord.route import Routes
from bot.localdiscord.snowflake import time_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.localdiscord.message import Message
    from bot.localdiscord.route import Answer, Call
    from bot.localdiscord.wire import Json

routes = Routes()
_ALL, _MESSAGE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
_FIELDS = "content embeds allowed_mentions components attachments flags"
_FORTNIGHT = 14 * 24 * 3600


def shown(call: Call, message: Message) -> Json:
    """Return a message as the bot may read it: blank where the portal's content toggle is off."""
    wire = message.wire(call.backend.world, call.bot_id)
    if call.backend.faults.message_content:
        return wire
    return message.blanked(wire, call.backend.world, call.bot_id)


def message_of(call: Call) -> Message:
    """Return the message that the address names."""
    return call.backend.world.message(call.channel().id, call.path["message_id"])


@routes.add("GET", _ALL, reads="around before after limit")
async def history(call: Call) -> Answer:
    """Return messages, newest first, around or beside an id."""
    channel = call.channel()
    if len(call.query.keys() & {"around", "before", "after"}) > 1:
        raise invalid("", "MUTUALLY_EXCLUSIVE", "around, before and after are mutually exclusive")
    limit = call.query.get("limit", 50)
    if not call.backend.world.may(channel, call.bot_id, "READ_MESSAGE_HISTORY"):
        return 200, []
    return 200, [
        shown(call, message) for message in page(call.backend.world.messages[channel.id], call.query, limit)
    ]


def page(
    messages: dict[str, Message], query: Mapping[str, str], limit: int, reader_id: str | None = None
) -> list[Message]:
    """Return up to `limit` messages, newest first, as `before`, `after` or `around` ask.

    Ephemeral ones to their reader only.
    """
    present = [message for message in reversed(messages.values()) if message.reader_id in {None, reader_id}]
    if pivot := query.get("before"):
        return [message for message in present if int(message.id) < int(pivot)][:limit]
    if pivot := query.get("after"):
        return [message for message in present if int(message.id) > int(pivot)][-limit:]
    if pivot := query.get("around"):
        newer = [message for message in present if int(message.id) > int(pivot)]
        newer = newer[max(0, len(newer) - limit // 2) :]
        older = [message for message in present if int(message.id) <= int(pivot)][: limit - len(newer)]
        return newer + older
    return present[:limit]


@routes.add("POST", _ALL, acts_on=f"{_FIELDS} message_reference nonce enforce_nonce tts")
async def create(call: Call) -> Answer:
    """Post a message."""
    message = call.backend.posting.create(call.channel(), call.backend.world.bot, call.form, call.uploads)
    wire = message.wire(call.backend.world, call.bot_id)
    if call.form.get("nonce") is not None:
        wire["nonce"] = call.form["nonce"]
    return 200, wire


@routes.add("GET", _MESSAGE)
async def get(call: Call) -> Answer:
    """Return a message."""
    message = message_of(call)
    call.backend.world.require(call.channel(), call.bot_id, "READ_MESSAGE_HISTORY")
    return 200, shown(call, message)


@routes.add("PATCH", _MESSAGE, acts_on=_FIELDS)
async def edit(call: Call) -> Answer:
    """Edit a message."""
    message = call.backend.posting.edit(message_of(call), call.bot_id, call.form, call.uploads)
    return 200, message.wire(call.backend.world, call.bot_id)


@routes.add("DELETE", _MESSAGE)
async def delete(call: Call) -> Answer:
    """Delete a message."""
    call.backend.posting.delete(message_of(call), call.bot_id)
    return 204, None


@routes.add("POST", _ALL + "/bulk-delete", acts_on="messages")
async def bulk_delete(call: Call) -> Answer:
    """Delete 2 to 100 messages under 14 days old."""
    channel = call.channel()
    if channel.type == DM:
        raise DiscordError(50003)
    call.backend.world.require(channel, call.bot_id, "MANAGE_MESSAGES")
    ids: list[str] = call.form["messages"]
    messages = call.backend.world.messages[channel.id]
    present = {message.id: message for message in messages.values() if not message.reader_id}
    posted = (present[message_id].posted_at if message_id in present else time_of(message_id) for message_id in ids)
    if any(time.time() - at > _FORTNIGHT for at in posted):
        raise DiscordError(50034)
    call.backend.posting.bulk_delete(channel, [present[message_id] for message_id in ids if message_id in present])
    return 204, None


@routes.add("POST", _MESSAGE + "/crosspost")
async def crosspost(call: Call) -> Answer:
    """Publish a message of an announcement channel."""
    message = message_of(call)
    call.backend.posting.crosspost(message, call.bot_id)
    return 200, message.wire(call.backend.world, call.bot_id)
