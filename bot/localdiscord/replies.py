"""Replies: which message another one answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.errors import DiscordError, invalid
from bot.localdiscord.message import ANSWERABLE

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World


def read(world: World, channel: Channel, author: User, raw: Json | None) -> tuple[Json | None, Message | None]:
    """Return the reference of a reply and the message that it names, or nothing of either.

    Raise 160002 without READ_MESSAGE_HISTORY, 50035 for a message of another channel or one of Discord's own, and
    for one that is not there unless the request bears that.
    """
    if not raw:
        return None, None
    world.require(channel, author.id)
    if not world.may(channel, author.id, "READ_MESSAGE_HISTORY"):
        raise DiscordError(160002)
    place_id = str(raw.get("channel_id") or channel.id)
    replied = world.messages.get(place_id, {}).get(str(raw.get("message_id")))
    if place_id != channel.id:
        raise invalid(
            "message_reference.channel_id",
            "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
            "Cannot reply to a message in a different channel",
        )
    if raw.get("guild_id") not in {None, channel.guild_id}:
        raise invalid(
            "message_reference.guild_id",
            "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
            "Cannot reply to a message in a different channel",
        )
    if replied is None or replied.reader_id:
        if raw.get("fail_if_not_exists", True):
            raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None, None
    if replied.type not in ANSWERABLE:
        raise invalid(
            "message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message"
        )
    reference = {"type": 0, "channel_id": channel.id, "message_id": replied.id}
    return reference | ({"guild_id": channel.guild_id} if channel.guild_id else {}), replied
