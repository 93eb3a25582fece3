"""The backend: the state and behaviour of the local Discord, behind every surface.

REST, the gateway, the page and the people of a test act through the same parts, so that none can do what
Discord would refuse another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bot.localdiscord import bot_token
from bot.localdiscord.archive import Archive
from bot.localdiscord.attachments import Attachments
from bot.localdiscord.bell import Bell
from bot.localdiscord.channel import Channel, Overwrite, ThreadState
from bot.localdiscord.commands import Commands
from bot.localdiscord.draft import DraftReader
from bot.localdiscord.events import Events
from bot.localdiscord.exchange import Record
from bot.localdiscord.faults import Faults
from bot.localdiscord.gateway import Gateway
from bot.localdiscord.interactions import Interactions
from bot.localdiscord.limits import Limits
from bot.localdiscord.members import Members
from bot.localdiscord.message import Message
from bot.localdiscord.places import Places
from bot.localdiscord.posting import Posting
from bot.localdiscord.posts import Posts
from bot.localdiscord.reactions import Reactions
from bot.localdiscord.roles import Roles
from bot.localdiscord.slowmode import SlowMode
from bot.localdiscord.starter import Starter
from bot.localdiscord.threads import Threads
from bot.localdiscord.webhooks import Webhooks
from bot.localdiscord.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.localdiscord.scenery import Scenery
    from bot.localdiscord.wire import Json


class Backend:
    """The parts, made once; `token` is the bot's (None: a new one), `base_url` is known once the server listens.

    `on_open` is told of each one that opens in this process.
    """

    on_open: ClassVar[list[Callable[[Backend], None]]] = []

    def __init__(self, token: str | None, archive: Path | None, scenery: Scenery) -> None:
        self.base_url = ""
        self.is_open = False
        self.world = World(scenery)
        self.events = Events()
        self.bell = Bell()
        self.events.listeners.append(lambda _event: self.bell.ring())
        self.limits = Limits()
        self.faults = Faults()
        self.faults.listeners.append(lambda _name: self.bell.ring())
        self.record = Record()
        self.archive = Archive(archive)
        shared = self.world, self.events, self.archive
        self.files = Attachments(self.world.snowflakes, self.archive)
        self.drafts = DraftReader(self.world.snowflakes, self.files)
        self.commands = Commands(*shared, self.limits)
        self.reactions = Reactions(*shared)
        self.members = Members(self.events)
        self.roles = Roles(self.world, self.events, self.members)
        self.slowmode = SlowMode(self.world)
        self.threads = Threads(*shared, self.slowmode)
        self.posting = Posting(*shared, self.limits, self.drafts, self.threads, self.slowmode)
        self.posts = Posts(self.world, self.threads, self.posting)
        self.places = Places(*shared, self.limits, self.threads, self.posting, self.members)
        self.webhooks = Webhooks(self.world, self.events, self.drafts, self.posting, self.threads)
        self.interactions = Interactions(self.world, self.events, self.drafts, self.posting, self.threads)
        self.starter = Starter(self.world, self.commands, self.interactions)
        token = token or bot_token.fresh(self.world.bot.id)
        self.gateway = Gateway(token, self.world, self.events, self.faults, self.members)

    @property
    def token(self) -> str:
        """The bot's token; Discord resets that of a bot which has started too many sessions."""
        return self.gateway.token

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
        self.posting.nonces.restore()
        self.is_open = True
        for listener in list(self.on_open):
            listener(self)

    def close(self) -> None:
        """Stop timers, release what faults hold up, and close the archive."""
        self.is_open = False
        self.faults.clear()
        self.interactions.close()
        self.archive.close()

    def _restore_channel(self, stored: Json) -> None:
        stored["recipients"] = [self.world.users[user_id] for user_id in stored["recipients"]]
        stored["overwrites"] = {target: Overwrite(*fields) for target, fields in stored["overwrites"].items()}
        if stored["thread"]:
            stored["thread"] = ThreadState(**stored["thread"])
        self.world.add_channel(Channel(**stored))
