"""Routes of interactions: the first answer, and what the token allows after it.

A webhook address with an incoming webhook's id belongs to `webhooks`; with the application's id, to here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import answers
from bot.playground.errors import DiscordError
from bot.playground.message import LOADING, Message
from bot.playground.route import Routes

if TYPE_CHECKING:
    from bot.playground.interaction import Interaction
    from bot.playground.route import Answer, Call

routes = Routes()


@routes.add("POST", "/interactions/{interaction_id}/{interaction_token}/callback", public=True, unlimited=True)
async def callback(call: Call) -> Answer:
    """Give an interaction its first answer."""
    one = call.backend.interactions.to_answer(call.path["interaction_id"], call.path["interaction_token"])
    response = answers.answer(call.backend, one, call.form, call.uploads)
    wanted = call.query.get("with_response", "").lower() in {"1", "true"}
    return (200, response) if wanted else (204, None)


def interaction(call: Call) -> Interaction:
    """Return the answered interaction that a webhook address names."""
    return call.backend.interactions.by_token(call.path["webhook_id"], call.path["webhook_token"])


def follow_up(call: Call) -> Answer:
    """Post a follow-up; right after a deferred answer, it fills that in."""
    one = interaction(call)
    original = call.backend.world.messages[one.channel.id].get(one.original_id or "")
    if original and original.flags & LOADING:
        message = call.backend.posting.rewrite(original, call.form, call.uploads)
    else:
        message = call.backend.interactions.post(one, call.form, call.uploads, original=False)
    return 200, message.wire(call.backend.world, call.bot_id)


def found(call: Call) -> Message:
    """Return the message that a webhook address names."""
    message_id = call.path.get("message_id", "@original")
    return call.backend.interactions.message(interaction(call), message_id)


def edit(call: Call) -> Answer:
    """Edit a first answer or a follow-up."""
    message = call.backend.posting.rewrite(found(call), call.form, call.uploads)
    return 200, message.wire(call.backend.world, call.bot_id)


def delete(call: Call) -> Answer:
    """Delete a first answer or a follow-up; raise 10008."""
    message = found(call)
    if message.id not in call.backend.world.messages[message.channel_id]:
        raise DiscordError(10008)
    call.backend.posting.delete(message)
    return 204, None
