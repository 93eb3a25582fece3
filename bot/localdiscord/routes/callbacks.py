"""Routes of interactions: the first answer, and what the token allows after it.

A webhook address with an incoming webhook's id belongs to `webhooks`; with the application's id, to here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import answers
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.message import LOADING, Message
from bot.localdiscord.route import Routes

if TYPE_CHECKING:
    from bot.localdiscord.interaction import Interaction
    from bot.localdiscord.route import Answer, Call

routes = Routes()


@routes.add(
    "POST",
    "/interactions/{interaction_id}/{interaction_token}/callback",
    acts_on="type data",
    reads="with_response",
    public=True,
    unlimited=True,
)
async def callback(call: Call) -> Answer:
    """Give an interaction its first answer."""
    interaction = call.backend.interactions.to_answer(call.path["interaction_id"], call.path["interaction_token"])
    response = answers.answer(call.backend, interaction, call.form, call.uploads)
    return (200, response) if call.query.get("with_response") else (204, None)


def interaction_of(call: Call) -> Interaction:
    """Return the answered interaction that a webhook address names."""
    return call.backend.interactions.by_token(call.path["webhook_id"], call.path["webhook_token"])


def follow_up(call: Call) -> Answer:
    """Post a follow-up; right after a deferred answer, it fills that in."""
    interaction = interaction_of(call)
    there = call.backend.world.messages.get(interaction.channel.id, {})
    original = there.get(interaction.original_id or "")
    if original and original.flags & LOADING:
        message = call.backend.interactions.rewrite(interaction, original, call.form, call.uploads)
    else:
        message = call.backend.interactions.post(interaction, call.form, call.uploads, original=False)
    return 200, message.wire(call.backend.world, call.bot_id)


def message_of(call: Call) -> Message:
    """Return the message that a webhook address names."""
    message_id = call.path.get("message_id", "@original")
    return call.backend.interactions.message(interaction_of(call), message_id)


def edit(call: Call) -> Answer:
    """Edit a first answer or a follow-up."""
    message = call.backend.interactions.rewrite(interaction_of(call), message_of(call), call.form, call.uploads)
    return 200, message.wire(call.backend.world, call.bot_id)


def delete(call: Call) -> Answer:
    """Delete a first answer or a follow-up; raise 10008."""
    message = message_of(call)
    if message.id not in call.backend.world.messages[message.channel_id]:
        raise DiscordError(10008)
    call.backend.posting.delete(message)
    return 204, None
