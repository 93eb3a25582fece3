"""Routes of webhooks, and of interactions' follow-ups, which share their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.route import Routes
from bot.localdiscord.routes import callbacks

if TYPE_CHECKING:
    from bot.localdiscord.message import Message
    from bot.localdiscord.route import Answer, Call
    from bot.localdiscord.webhooks import Webhook

routes = Routes()
_ADDRESS = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL, _MESSAGE = f"{_ADDRESS}/messages/@original", f"{_ADDRESS}/messages/{{message_id}}"
_FIELDS = "content embeds allowed_mentions components attachments flags"


@routes.add("POST", "/channels/{channel_id}/webhooks", acts_on="name")
async def create(call: Call) -> Answer:
    """Make a webhook."""
    channel = call.channel()
    call.backend.webhooks.require_place(channel)
    call.backend.world.require(channel, call.bot_id, "MANAGE_WEBHOOKS")
    webhook = call.backend.webhooks.create(channel, call.backend.world.bot, call.form["name"])
    return 200, webhook.wire(call.backend.base_url)


@routes.add("GET", "/channels/{channel_id}/webhooks")
async def of_channel(call: Call) -> Answer:
    """Return a channel's webhooks."""
    channel = call.channel()
    call.backend.world.require(channel, call.bot_id, "MANAGE_WEBHOOKS")
    return 200, [webhook.wire(call.backend.base_url) for webhook in call.backend.webhooks.of_channel(channel.id)]


@routes.add("GET", "/webhooks/{webhook_id}")
async def get(call: Call) -> Answer:
    """Return a webhook; who made it needs no right to manage webhooks."""
    webhook = call.backend.webhooks.get(call.path["webhook_id"])
    if webhook.owner.id != call.bot_id:
        call.backend.world.require(webhook.channel, call.bot_id, "MANAGE_WEBHOOKS")
    return 200, webhook.wire(call.backend.base_url)


@routes.add("DELETE", "/webhooks/{webhook_id}")
async def remove(call: Call) -> Answer:
    """Delete a webhook."""
    webhook = call.backend.webhooks.get(call.path["webhook_id"])
    call.backend.world.require(webhook.channel, call.bot_id, "MANAGE_WEBHOOKS")
    call.backend.webhooks.delete(webhook.id)
    return 204, None


@routes.add("GET", _ADDRESS, public=True, apart=True)
async def get_by_token(call: Call) -> Answer:
    """Return a webhook to who has its token."""
    return 200, _webhook(call).wire(call.backend.base_url)


@routes.add("DELETE", _ADDRESS, public=True, apart=True)
async def remove_by_token(call: Call) -> Answer:
    """Delete a webhook for who has its token."""
    call.backend.webhooks.delete(_webhook(call).id)
    return 204, None


@routes.add(
    "POST",
    _ADDRESS,
    acts_on=f"{_FIELDS} tts username",
    reads="wait thread_id with_components",
    public=True,
    apart=True,
)
async def execute(call: Call) -> Answer:
    """Post through a webhook, or follow up an interaction."""
    if call.path["webhook_id"] == call.bot_id:
        return callbacks.follow_up(call)
    message = call.backend.webhooks.post(_webhook(call), call.form, call.uploads, call.query.get("thread_id"))
    if call.query.get("wait"):
        return 200, message.wire(call.backend.world)
    return 204, None


@routes.add("GET", _ORIGINAL, reads="thread_id", public=True, apart=True)
@routes.add("GET", _MESSAGE, reads="thread_id", public=True, apart=True)
async def get_message(call: Call) -> Answer:
    """Return a message of a webhook or interaction."""
    message = callbacks.message_of(call) if call.path["webhook_id"] == call.bot_id else _message(call)
    return 200, message.wire(call.backend.world, call.bot_id)


@routes.add("PATCH", _ORIGINAL, acts_on=_FIELDS, reads="thread_id with_components", public=True, apart=True)
@routes.add("PATCH", _MESSAGE, acts_on=_FIELDS, reads="thread_id with_components", public=True, apart=True)
async def edit_message(call: Call) -> Answer:
    """Edit a message of a webhook or interaction."""
    if call.path["webhook_id"] == call.bot_id:
        return callbacks.edit(call)
    message = call.backend.posting.rewrite(_message(call), call.form, call.uploads)
    return 200, message.wire(call.backend.world)


@routes.add("DELETE", _ORIGINAL, reads="thread_id", public=True, apart=True)
@routes.add("DELETE", _MESSAGE, reads="thread_id", public=True, apart=True)
async def delete_message(call: Call) -> Answer:
    """Delete a message of a webhook or interaction."""
    if call.path["webhook_id"] == call.bot_id:
        return callbacks.delete(call)
    call.backend.posting.delete(_message(call))
    return 204, None


def _webhook(call: Call) -> Webhook:
    return call.backend.webhooks.get(call.path["webhook_id"], call.path["webhook_token"])


def _message(call: Call) -> Message:
    webhook = _webhook(call)
    place = call.backend.webhooks.place(webhook, call.query.get("thread_id"))
    message = call.backend.world.message(place.id, call.path.get("message_id", ""))
    if message.webhook_id != webhook.id:
        raise DiscordError(10008)
    return message
