"""The backend: all that the local Discord knows and can do, behind every surface.

REST, the gateway, the page and the people of a test act through the same parts, so that none can do what
Discord would refuse another.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bot.playground import intents
from bot.playground.archive import Archive
from bot.playground.attachments import Attachments
from bot.playground.bell import Bell
from bot.playground.channel import Channel, Overwrite, ThreadState
from bot.playground.commands import Commands
from bot.playground.draft import DraftReader
from bot.playground.events import Event, Events
from bot.playground.exchange import Record
from bot.playground.faults import Faults
from bot.playground.gateway import Gateway
from bot.playground.interactions import Interactions
from bot.playground.limits import Limits
from bot.playground.message import Message
from bot.playground.places import Places
from bot.playground.posting import Posting
from bot.playground.reactions import Reactions
from bot.playground.threads import Threads
from bot.playground.webhooks import Webhooks
from bot.playground.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground.wire import Json


class Backend:
    """The parts, made once; `token` is the bot's, `base_url` is known once the server listens."""

    def __init__(self, token: str, archive: Path | None) -> None:
        self.token = token
        self.base_url = ""
        self.world = World()
        self.events = Events()
        self.bell = Bell()
        self.events.listeners.append(lambda _event: self.bell.ring())
        self.limits = Limits()
        self.faults = Faults()
        self.record = Record()
        self.archive = Archive(archive) if archive else None
        self.files = Attachments(self.world.snowflakes, self.archive)
        self.drafts = DraftReader(self.world.snowflakes, self.files)
        self.posting = Posting(self)
        self.reactions = Reactions(self)
        self.places = Places(self)
        self.threads = Threads(self)
        self.commands = Commands(self)
        self.webhooks = Webhooks(self)
        self.interactions = Interactions(self)
        self.gateway = Gateway(self)

    def open(self, base_url: str) -> None:
        """Take up the address that the server listens on, and what the archive knows."""
        self.base_url = self.files.base_url = base_url
        if self.archive is None:
            return
        self.archive.base_url = base_url
        for stored in self.archive.all("channel"):
            self._restore_channel(stored)
        for stored in self.archive.all("message"):
            if stored["channel_id"] in self.world.channels:
                message = Message(**stored)
                self.world.messages[message.channel_id][message.id] = message
        self.commands.restore(self.archive.all("command"))
        self.posting.restore_nonces()

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return self.base_url.replace("http", "ws", 1) + "/gateway"

    def application_flags(self) -> int:
        """Return the application's public flags: which privileged intents the portal grants."""
        content = intents.CONTENT_FLAG if self.faults.message_content else 0
        return intents.MEMBERS_FLAG | intents.PRESENCE_FLAG | content

    def close(self) -> None:
        """Stop timers and close the archive."""
        self.faults.release()
        self.interactions.close()
        if self.archive:
            self.archive.close()

    def emit(
        self,
        name: str,
        data: Json,
        channel: Channel | None = None,
        *,
        guild_id: str | None = None,
        message: Message | None = None,
        reader_id: str | None = None,
        person_only: bool = False,
    ) -> None:
        """Tell everyone who may know of it that something happened."""
        guild_id = guild_id or (channel.guild_id if channel else None)
        self.events.emit(Event(name, data, guild_id, channel, message, reader_id, person_only))

    def keep_channel(self, channel: Channel) -> None:
        """Write a channel to the archive."""
        if self.archive:
            stored = dataclasses.asdict(channel)
            stored["recipients"] = [user.id for user in channel.recipients]
            self.archive.put("channel", channel.id, stored)

    def keep_message(self, message: Message) -> None:
        """Write a message to the archive; ephemeral ones do not outlive the server."""
        if self.archive and not message.reader_id:
            self.archive.put("message", message.id, message.stored())

    def _restore_channel(self, stored: Json) -> None:
        stored["recipients"] = [self.world.users[user_id] for user_id in stored["recipients"]]
        stored["overwrites"] = {target: Overwrite(*one) for target, one in stored["overwrites"].items()}
        if stored["thread"]:
            stored["thread"] = ThreadState(**stored["thread"])
        self.world.add_channel(Channel(**stored))
