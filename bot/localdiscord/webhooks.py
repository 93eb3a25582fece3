"""Incoming webhooks of channels: posts that no user makes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.localdiscord.channel import CATEGORY, DIRECT, THREAD_ONLY
from bot.localdiscord.errors import DiscordError, Form
from bot.localdiscord.message import EPHEMERAL

if TYPE_CHECKING:
    from bot.localdiscord.attachments import Upload
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.draft import DraftReader
    from bot.localdiscord.events import Events
    from bot.localdiscord.message import Message
    from bot.localdiscord.posting import Posting
    from bot.localdiscord.threads import Threads
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

_MOST = 15
_RESERVED = ("clyde", "discord")
"""What no webhook may be called, be it as a part of its name.

Source: https://discord.com/developers/docs/resources/webhook#create-webhook
"""


@dataclass(slots=True, frozen=True)
class Webhook:
    """A channel's webhook; anybody with its token may post through it."""

    id: str
    token: str
    channel: Channel
    name: str
    owner: User

    def wire(self, base_url: str) -> Json:
        """Return the webhook in Discord's form (`GuildIncomingWebhookResponse`)."""
        return {
            "type": 1,
            "id": self.id,
            "name": self.name,
            "avatar": None,
            "channel_id": self.channel.id,
            "guild_id": self.channel.guild_id,
            "application_id": None,
            "token": self.token,
            "url": f"{base_url}/api/webhooks/{self.id}/{self.token}",
            "user": self.owner.wire(),
        }

    def author(self, name: str | None) -> Json:
        """Return the author that a post through the webhook shows."""
        return {
            "id": self.id,
            "username": name or self.name,
            "avatar": None,
            "discriminator": "0000",
            "public_flags": 0,
            "flags": 0,
            "bot": True,
            "global_name": None,
            "primary_guild": None,
        }


class Webhooks:
    """The webhooks there are."""

    def __init__(
        self, world: World, events: Events, drafts: DraftReader, posting: Posting, threads: Threads
    ) -> None:
        self._threads = threads
        self._world = world
        self._events = events
        self._drafts = drafts
        self._posting = posting
        self._webhooks: dict[str, Webhook] = {}

    def create(self, channel: Channel, owner: User, name: str) -> Webhook:
        """Make a webhook for a channel; raise 30007 for a sixteenth."""
        _check_name("name", name)
        if len(self.of_channel(channel.id)) >= _MOST:
            raise DiscordError(30007)
        webhook = Webhook(self._world.snowflakes.next(), secrets.token_urlsafe(32), channel, name, owner)
        self._webhooks[webhook.id] = webhook
        self._events.emit("WEBHOOKS_UPDATE", {"guild_id": channel.guild_id, "channel_id": channel.id}, channel)
        return webhook

    def get(self, webhook_id: str, token: str | None = None) -> Webhook:
        """Return a webhook; raise 10015 where it is unknown or went with its channel, 50027 for a wrong token."""
        webhook = self._webhooks.get(webhook_id)
        if webhook is None or webhook.channel.id not in self._world.channels:
            raise DiscordError(10015)
        if token is not None and token != webhook.token:
            raise DiscordError(50027)
        return webhook

    def of_channel(self, channel_id: str) -> list[Webhook]:
        """Return a channel's webhooks."""
        return [webhook for webhook in self._webhooks.values() if webhook.channel.id == channel_id]

    def delete(self, webhook_id: str) -> None:
        """Delete a webhook."""
        self._webhooks.pop(webhook_id, None)

    def require_place(self, channel: Channel) -> None:
        """Raise 50003 in a direct message, 50024 in a thread or a category: these have no webhooks."""
        if channel.type in DIRECT:
            raise DiscordError(50003)
        if channel.thread or channel.type == CATEGORY:
            raise DiscordError(50024)

    def place(self, webhook: Webhook, thread_id: str | None) -> Channel:
        """Return the webhook's channel, or a thread of it; raise 10003 for any other."""
        if thread_id is None:
            return webhook.channel
        thread = self._world.channel(thread_id)
        if thread.thread is None or thread.parent_id != webhook.channel.id:
            raise DiscordError(10003)
        return thread

    def post(self, webhook: Webhook, body: Json, uploads: list[Upload], thread_id: str | None = None) -> Message:
        """Post through a webhook, into a thread of its channel where one is named."""
        if body.get("username") is not None:
            _check_name("username", body["username"])
        channel = self.place(webhook, thread_id)
        if channel.type in THREAD_ONLY:
            raise DiscordError(220001)
        draft = self._drafts.read(body, uploads, channel.id)
        draft.flags &= ~EPHEMERAL
        self._threads.ready_for_message(channel, webhook.id)
        return self._posting.place(channel, webhook.author(body.get("username")), draft, webhook_id=webhook.id)


def _check_name(path: str, name: str) -> None:
    form = Form()
    form.filled(path, name)
    for word in _RESERVED:
        if word in name.lower():
            form.fail(path, "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
    form.raise_if_any()
