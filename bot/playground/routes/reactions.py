"""Routes of reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.route import Routes
from bot.playground.routes.messages import found

if TYPE_CHECKING:
    from bot.playground.route import Answer, Call

routes = Routes()
_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_EMOJI = _ALL + "/{emoji_name}"


@routes.add("PUT", _EMOJI + "/@me")
async def add(call: Call) -> Answer:
    """React."""
    call.backend.reactions.add(found(call), call.bot_id, call.path["emoji_name"])
    return 204, None


@routes.add("DELETE", _EMOJI + "/@me")
async def remove_own(call: Call) -> Answer:
    """Take the bot's reaction back."""
    call.backend.reactions.remove(found(call), call.bot_id, call.path["emoji_name"], call.bot_id)
    return 204, None


@routes.add("DELETE", _EMOJI + "/{user_id}")
async def remove(call: Call) -> Answer:
    """Remove another's reaction."""
    call.backend.reactions.remove(found(call), call.path["user_id"], call.path["emoji_name"], call.bot_id)
    return 204, None


@routes.add("GET", _EMOJI)
async def users(call: Call) -> Answer:
    """Return who reacted."""
    ids = found(call).reactions.get(call.path["emoji_name"], [])
    return 200, [call.backend.world.user(user_id).wire() for user_id in ids]


@routes.add("DELETE", _EMOJI)
async def clear_emoji(call: Call) -> Answer:
    """Remove all reactions of one emoji."""
    call.backend.reactions.clear(found(call), call.bot_id, call.path["emoji_name"])
    return 204, None


@routes.add("DELETE", _ALL)
async def clear(call: Call) -> Answer:
    """Remove all reactions."""
    call.backend.reactions.clear(found(call), call.bot_id)
    return 204, None
