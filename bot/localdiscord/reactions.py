"""Reactions on messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.emoji import is_emoji
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.message import emoji_of

if TYPE_CHECKING:
    from bot.localdiscord.archive import Archive
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.events import Events
    from bot.localdiscord.message import Message
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

_MOST = 20


class Reactions:
    """Adds and removes reactions under Discord's rules."""

    def __init__(self, world: World, events: Events, archive: Archive) -> None:
        self._world = world
        self._events = events
        self._archive = archive

    def add(self, message: Message, user_id: str, emoji: str) -> None:
        """React as a user; raise 10014 for an unknown emoji, 50013 without ADD_REACTIONS, 30010 beyond 20 kinds."""
        channel = self._world.channel(message.channel_id)
        if channel.guild_id:
            self._world.require(channel, user_id, "READ_MESSAGE_HISTORY")
            self._world.require_not_timed_out(channel, user_id)
            if emoji not in message.reactions:
                self._world.require(channel, user_id, "ADD_REACTIONS")
        self._check(channel, emoji)
        if emoji not in message.reactions and len(message.reactions) >= _MOST:
            raise DiscordError(30010)
        users = message.reactions.setdefault(emoji, [])
        if user_id not in users:
            users.append(user_id)
            self._tell("MESSAGE_REACTION_ADD", message, user_id, emoji)

    def users(self, message: Message, emoji: str) -> list[str]:
        """Return who reacted so, by id; raise 10014 for an unknown emoji."""
        _check_emoji(emoji)
        return sorted(message.reactions.get(emoji, []), key=int)

    def remove(self, message: Message, user_id: str, emoji: str, actor_id: str) -> None:
        """Take a reaction back; another's needs MANAGE_MESSAGES."""
        channel = self._world.channel(message.channel_id)
        if user_id != actor_id:
            self._world.require(channel, actor_id, "MANAGE_MESSAGES")
        self._check(channel, emoji)
        users = message.reactions.get(emoji, [])
        if user_id not in users:
            return
        users.remove(user_id)
        if not users:
            del message.reactions[emoji]
        self._tell("MESSAGE_REACTION_REMOVE", message, user_id, emoji)

    def clear(self, message: Message, actor_id: str, emoji: str | None = None) -> None:
        """Remove all reactions, or all of one emoji; needs MANAGE_MESSAGES."""
        channel = self._world.channel(message.channel_id)
        self._world.require(channel, actor_id, "MANAGE_MESSAGES")
        self._check(channel, emoji)
        data: Json = {"channel_id": channel.id, "message_id": message.id}
        if channel.guild_id:
            data["guild_id"] = channel.guild_id
        if emoji is None:
            message.reactions.clear()
            name = "MESSAGE_REACTION_REMOVE_ALL"
        else:
            message.reactions.pop(emoji, None)
            data["emoji"] = emoji_of(emoji)
            name = "MESSAGE_REACTION_REMOVE_EMOJI"
        self._archive.keep_message(message)
        self._events.emit(name, data, channel, message=message)

    def _check(self, channel: Channel, emoji: str | None) -> None:
        self._world.require_unarchived(channel)
        if emoji is not None:
            _check_emoji(emoji)

    def _tell(self, name: str, message: Message, user_id: str, emoji: str) -> None:
        self._archive.keep_message(message)
        channel = self._world.channel(message.channel_id)
        data: Json = {
            "user_id": user_id,
            "channel_id": channel.id,
            "message_id": message.id,
            "emoji": emoji_of(emoji),
            "burst": False,
            "type": 0,
        }
        if channel.guild_id:
            data["guild_id"] = channel.guild_id
        if name == "MESSAGE_REACTION_ADD":
            data["message_author_id"] = message.author["id"]
            if member := self._world.member(channel, user_id):
                data["member"] = member.wire()
        self._events.emit(name, data, channel, message=message)


def _check_emoji(emoji: str) -> None:
    if not is_emoji(emoji):
        raise DiscordError(10014)
