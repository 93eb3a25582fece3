"""Posts: whether a message that the bot has posted is still there."""

import discord
import structlog

from bot.chat.runtime import permissions
from bot.chat.runtime.final_answers import FAILURES, UNKNOWN_MESSAGE, code_of
from bot.chat.runtime.http_trace import in_time

_log = structlog.get_logger(__name__)

# Discord's code for a channel that does not exist.
_UNKNOWN_CHANNEL = 10003


async def is_gone(client: discord.Client, channel_id: int, message_id: int) -> bool:
    """Ask Discord whether a message was deleted; False where that is not known, or not to be read."""
    channel = client.get_channel(channel_id)
    guild = getattr(channel, "guild", None)
    allowed = permissions.known(channel, guild.me if guild else None)
    if allowed is not None and not (allowed.view_channel and allowed.read_message_history):
        return False
    try:
        async with in_time():
            await client.get_partial_messageable(channel_id).fetch_message(message_id)
    except discord.NotFound as answer:
        return code_of(answer) in {UNKNOWN_MESSAGE, _UNKNOWN_CHANNEL}
    except FAILURES as error:
        _log.info("message_unknown", error=type(error).__name__)
    return False
