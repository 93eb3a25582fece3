"""`LocalDiscord`: a Discord of one's own, as tests and programs hold it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from bot.localdiscord.backend import Backend
from bot.localdiscord.components import texts
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.message import LOADING
from bot.localdiscord.moderation import Moderation
from bot.localdiscord.people import Person
from bot.localdiscord.scenery import TOWN_HALL
from bot.localdiscord.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.events import Event
    from bot.localdiscord.exchange import Exchange
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.outcome import Outcome
    from bot.localdiscord.scenery import Scenery
    from bot.localdiscord.server import Surface
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json


def text_of(message: Json) -> str:
    """Return all text of a message: its content, embeds and components, one per line."""
    lines = [message.get("content") or ""]
    for embed in message.get("embeds", []):
        lines += [embed.get("author", {}).get("name"), embed.get("title"), embed.get("description")]
        for field in embed.get("fields", []):
            lines += [field["name"], field["value"]]
        lines.append(embed.get("footer", {}).get("text"))
    lines += texts(message.get("components", []))
    return "\n".join(text for text in lines if text)


class LocalDiscord:
    """An async context manager that runs the server; `api_url` goes into discord.py's `Route.BASE`.

    `token` is the bot's (None: a new one), `archive` the SQLite file that outlives it (None: it forgets all at its
    end), `scenery` what its world is called.  `guild` is where the bot is; in `elsewhere` and in a group chat all
    people are without it.  `owner` is whose application it is, and whose guilds.
    """

    def __init__(
        self,
        port: int = 0,
        token: str | None = None,
        archive: Path | None = None,
        scenery: Scenery = TOWN_HALL,
    ) -> None:
        self.backend = Backend(token, archive, scenery)
        self.world = self.backend.world
        self.limits = self.backend.limits
        self.faults = self.backend.faults
        self.gateway = self.backend.gateway
        self.interactions = self.backend.interactions
        self.bot = self.world.bot
        self.guild = self.world.guild
        self.elsewhere = self.world.elsewhere
        self.moderation = Moderation(self.backend, self.guild)
        self._server = Server(self.backend, port)
        self.owner = Person(self.backend, self.world.owner)
        self._people = {user.username: Person(self.backend, user) for user in self.world.people}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; raise OSError when the port is taken."""
        await self._server.start()

    def serve(self, surface: Surface) -> None:
        """Serve something else beside REST, gateway and CDN, from the next start on."""
        self._server.surfaces.append(surface)

    async def stop(self) -> None:
        """Close all connections and stop listening."""
        await self._server.stop()

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.backend.token

    @property
    def base_url(self) -> str:
        """Where the server listens, without a path."""
        return self.backend.base_url

    @property
    def api_url(self) -> str:
        """Where the REST API is."""
        return f"{self.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return self.backend.gateway.url

    @property
    def exchanges(self) -> list[Exchange]:
        """The REST requests of the bot and their answers, oldest first."""
        return self.backend.record.exchanges

    @property
    def on_exchange(self) -> list[Callable[[Exchange], None]]:
        """Who is told of each exchange."""
        return self.backend.record.listeners

    @property
    def commands(self) -> list[Json]:
        """The commands that the bot has registered."""
        return self.backend.commands.everywhere()

    def person(self, name: str) -> Person:
        """Return one of the scenery's people ("ann", "ben", "mia", the moderator), or one who was added."""
        return self._people[name]

    def add_person(self, name: str) -> Person:
        """Add a person to the guild by their username, with the same permissions as ann."""
        user = self.world.new_person(name)
        self.backend.members.welcome(self.guild, user)
        self._people[name] = Person(self.backend, user)
        return self._people[name]

    def channel(self, name: str) -> Channel:
        """Return a channel or thread by its name or id; KeyError where there is none."""
        for channel in self.world.channels.values():
            if name in {channel.name, channel.id}:
                return channel
        raise KeyError(name)

    def messages(self, channel: Channel, reader: Person | None = None) -> list[Json]:
        """Return a channel's messages, oldest first; ephemeral ones are there only for their `reader`."""
        reader_id = reader.id if reader else None
        present = self.world.messages.get(channel.id, {}).values()
        readable = [message for message in present if message.reader_id in {None, reader_id}]
        return [message.wire(self.world, reader_id) for message in readable]

    async def wait_for(
        self,
        predicate: Callable[[Json], Any],
        *,
        channel: Channel | None = None,
        after: Json | None = None,
        reader: Person | None = None,
        timeout: float = 60.0,  # noqa: ASYNC109 - the wait is the point
    ) -> Json:
        """Return a message that matches, in its newest state, from those there or the next to come or change.

        `channel` narrows it to what was posted there, and `after` to what was posted later than that message: an
        edit of an earlier one may come at any time.  Ephemeral messages count for their `reader` only.
        TimeoutError shows what was there instead.
        """
        readers = {None, reader.id if reader else None}
        floor = int(after["id"]) if after else 0
        places = [channel.id] if channel else list(self.world.messages)
        seen = [
            message
            for place in places
            for message in self.world.messages.get(place, {}).values()
            if message.reader_id in readers and int(message.id) > floor
        ]
        for message in sorted(seen, key=lambda message: int(message.id), reverse=after is None):
            if predicate(wire := message.wire(self.world, reader.id if reader else None)):
                return wire
        match: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        texts_seen = [text_of(message.wire(self.world)) for message in seen]

        def listen(event: Event) -> None:
            if event.name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or event.message is None or match.done():
                return
            if event.reader_id not in readers or (channel and event.message.channel_id != channel.id):
                return
            wire = event.message.wire(self.world, reader.id if reader else None)
            texts_seen.append(text_of(wire))
            try:
                if int(wire["id"]) > floor and predicate(wire):
                    match.set_result(wire)
            except Exception as error:  # noqa: BLE001 - the waiting test gets it, not the one who posted
                match.set_exception(error)

        self.backend.events.listeners.append(listen)
        try:
            return await asyncio.wait_for(match, timeout)
        except TimeoutError:
            shown = "\n".join(f"  - {text!r}" for text in texts_seen[-20:]) or "  (none)"
            raise TimeoutError(f"No message matched within {timeout} s; there were:\n{shown}") from None
        finally:
            self.backend.events.listeners.remove(listen)

    async def settled(self, outcome: Outcome, person: Person, timeout: float = 30.0) -> Json:  # noqa: ASYNC109 - the wait is the point
        """Return the message of an outcome once it is no longer loading: what a deferred answer became."""
        message_id = outcome.message["id"] if outcome.message else ""
        return await self.wait_for(
            lambda wire: wire["id"] == message_id and not wire["flags"] & LOADING, reader=person, timeout=timeout
        )

    async def wait_connected(self, sessions: int = 1, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - the wait is the point
        """Wait until so many sessions of the bot are connected; raise TimeoutError."""
        await self.gateway.bell.until(lambda: len(self.gateway.connected) >= sessions or None, timeout)

    def posted_at(self, message_id: str) -> float:
        """Return the Unix time at which a message reached the server; raise KeyError for an unknown one."""
        for messages in self.world.messages.values():
            if message_id in messages:
                return messages[message_id].posted_at
        raise KeyError(message_id)

    def pinged(self, message: Json) -> list[str]:
        """Return the ids of the users whom a message notified."""
        return list(self.world.messages[message["channel_id"]][message["id"]].pinged)

    def age(self, message: Json, seconds: float) -> None:
        """Make a message older, as if that time had passed."""
        self.world.messages[message["channel_id"]][message["id"]].posted_at -= seconds

    async def drop_gateway(self, *, resumable: bool = True) -> None:
        """Close the bot's gateway connections; without `resumable` it has to identify anew."""
        await self.gateway.drop(resumable=resumable)

    def allow(self, channel: Channel, *names: str, user: User | None = None) -> None:
        """Allow the bot (or `user`) permissions in a channel."""
        self.backend.places.grant(channel, user or self.bot, names, allowed=True)

    def deny(self, channel: Channel, *names: str, user: User | None = None) -> None:
        """Deny the bot (or `user`) permissions in a channel."""
        self.backend.places.grant(channel, user or self.bot, names, allowed=False)

    def reset_permissions(self, channel: Channel, *names: str, user: User | None = None) -> None:
        """Leave permissions in a channel to the roles again."""
        self.backend.places.grant(channel, user or self.bot, names, allowed=None)

    def block_dm(self, person: Person, *, blocked: bool = True) -> None:
        """Let a person take no direct messages from the bot (50007), or take them again."""
        person.user.dm_blocked = blocked

    def leave_guild(self, person: Person, guild: Guild | None = None) -> None:
        """Let a person leave a guild; with none in common the bot cannot write to them (50278)."""
        self.backend.members.leave(guild or self.guild, person.user)

    def kick_bot(self, guild: Guild | None = None) -> None:
        """Take the bot out of a guild."""
        self.backend.places.remove_bot(guild or self.guild)

    def invite_bot(self, guild: Guild | None = None) -> None:
        """Add the bot to a guild, such as one that it was removed from."""
        self.backend.places.invite_bot(guild or self.guild)

    def create_channel(self, name: str, kind: int = 0, guild: Guild | None = None) -> Channel:
        """Make a channel."""
        return self.backend.places.create_channel(guild or self.guild, name, kind)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or thread with its messages."""
        self.backend.places.delete(channel)

    def archive_thread(self, thread: Channel, *, archived: bool = True, locked: bool = False) -> None:
        """Archive a thread, or lock it, or undo either."""
        self.backend.threads.set_state(thread, archived=archived, locked=locked)

    def add_guild(self, name: str, *, with_bot: bool = True) -> Guild:
        """Add a guild that all people and (unless it is without) the bot are in, with its own channel `general`."""
        return self.backend.places.create_guild(name, with_bot=with_bot)

    def gather(self, *people: Person, name: str = "") -> Channel:
        """Open a channel of people without the bot: a direct message of two, a group of more."""
        return self.backend.places.gather([person.user for person in people], name)

    async def say_as_webhook(self, channel: Channel, content: str) -> Json:
        """Post through a webhook of the channel."""
        webhook = self.backend.webhooks.create(channel, self.world.owner, "Messenger")
        return self.backend.webhooks.post(webhook, {"content": content}, []).wire(self.world)

    async def say_as_other_bot(self, channel: Channel, content: str) -> Json:
        """Post as another bot, `robo`."""
        try:
            return self.backend.posting.create(channel, self.world.other_bot, {"content": content}).wire(self.world)
        except DiscordError as error:
            raise PermissionError(str(error)) from error

    async def wait_until(self, look: Callable[[], Any], timeout: float = 30.0) -> Any:  # noqa: ASYNC109 - the wait is the point
        """Return what `look` finds as soon as any event makes it find something; raise TimeoutError."""
        return await self.backend.bell.until(lambda: look() or None, timeout)
