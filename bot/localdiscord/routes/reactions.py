"""Routes of reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.route import Routes
from bot.localdiscord.routes.messages import message_of

if TYPE_CHECKING:
    from bot.localdiscord.route import Answer, Call

routes = Routes()
_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_EMOJI = _ALL + "/{emoji_name}"
_BURST = 1


@routes.add("PUT", _EMOJI + "/@me")
async def add(call: Call) -> Answer:
    """React."""
    call.backend.reactions.add(message_of(call), call.bot_id, call.path["emoji_name"])
    return 204, None


@routes.add("DELETE", _EMOJI + "/@me")
async def remove_own(call: Call) -> Answer:
    """Take the bot's reaction back."""
    call.backend.reactions.remove(message_of(call), call.bot_id, call.path["emoji_name"], call.bot_id)
    return 204, None


@routes.add("DELETE", _EMOJI + "/{user_id}")
async def remove(call: Call) -> Answer:
    """Remove another's reaction."""
    call.backend.reactions.remove(message_of(call), call.path["user_id"], call.path["emoji_name"], call.bot_id)
    return 204, None


@routes.add("GET", _EMOJI, reads="after limit type")
async def users(call: Call) -> Answer:
    """Return who reacted."""
    ids = call.backend.reactions.users(message_of(call), call.path["emoji_name"])
    after, limit = int(call.query.get("after", 0)), call.query.get("limit", 25)
    user_ids = [user_id for user_id in ids if int(user_id) > after][:limit]
    burst = call.query.get("type") == _BURST
    return 200, [] if burst else [call.backend.world.user(user_id).wire() for user_id in user_ids]


@routes.add("DELETE", _EMOJI)
async def clear_emoji(call: Call) -> Answer:
    """Remove all reactions of one emoji."""
    call.backend.reactions.clear(message_of(call), call.bot_id, call.path["emoji_name"])
    return 204, None


@routes.add("DELETE", _ALL)
async def clear(call: Call) -> Answer:
    """Remove all reactions."""
    call.backend.reactions.clear(message_of(call), call.bot_id)
    return 204, None
