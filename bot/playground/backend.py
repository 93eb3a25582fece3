"""The backend: all that the local Discord knows and can do, behind every surface.

REST, the gateway, the page and the people of a test act through the same parts, so that none can do what
Discord would refuse another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.archive import Archive
from bot.playground.attachments import Attachments
from bot.playground.bell import Bell
from bot.playground.channel import Channel, Overwrite, ThreadState
from bot.playground.commands import Commands
from bot.playground.draft import DraftReader
from bot.playground.events import Events
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
        self.archive = Archive(archive)
        shared = self.world, self.events, self.archive
        self.files = Attachments(self.world.snowflakes, self.archive)
        self.drafts = DraftReader(self.world.snowflakes, self.files)
        self.commands = Commands(*shared)
        self.reactions = Reactions(*shared)
        self.threads = Threads(*shared)
        self.posting = Posting(*shared, self.limits, self.drafts, self.threads)
        self.places = Places(*shared, self.limits, self.threads, self.posting)
        self.webhooks = Webhooks(self.world, self.events, self.drafts, self.posting)
        self.interactions = Interactions(self.world, self.events, self.drafts, self.posting)
        self.gateway = Gateway(token, self.world, self.events, self.faults)

    def open(self, base_url: str) -> None:
        """Take up the address that the server listens on, and what the archive knows."""
        self.base_url = self.files.base_url = self.archive.base_url = base_url
        self.gateway.url = base_url.replace("http", "ws", 1) + "/gateway"
        for stored in self.archive.all("channel"):
            self._restore_channel(stored)
        for stored in self.archive.all("message"):
            if stored["channel_id"] in self.world.channels:
                message = Message(**stored)
                self.world.messages[message.channel_id][message.id] = message
        self.commands.restore(self.archive.all("command"))
        self.posting.restore_nonces()

    def close(self) -> None:
        """Stop timers and close the archive."""
        self.faults.release()
        self.interactions.close()
        self.archive.close()

    def _restore_channel(self, stored: Json) -> None:
        stored["recipients"] = [self.world.users[user_id] for user_id in stored["recipients"]]
        stored["overwrites"] = {target: Overwrite(*one) for target, one in stored["overwrites"].items()}
        if stored["thread"]:
            stored["thread"] = ThreadState(**stored["thread"])
        self.world.add_channel(Channel(**stored))
