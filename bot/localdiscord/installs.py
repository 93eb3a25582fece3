"""Installs: an app is added to guilds and to people, and its commands go where either is.

What is authorized is told by `authorizing_integration_owners`: "0" names the guild that has the app ("0" in the
bot's own direct messages), "1" the person who has it.  Where the bot is no member, only the latter is there.

Source: https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import permissions

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.message import Message
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

BY_GUILD, BY_USER = 0, 1
IN_GUILD, IN_BOT_DM, IN_PRIVATE = 0, 1, 2
MOST_FOLLOW_UPS = 5
_IN_PRIVATE = ("ATTACH_FILES", "EMBED_LINKS", "MENTION_EVERYONE")


def context(channel: Channel) -> int:
    """Return the interaction context of a channel."""
    if channel.guild_id:
        return IN_GUILD
    return IN_PRIVATE if channel.private else IN_BOT_DM


def owners(world: World, user: User, channel: Channel, kinds: Collection[int]) -> dict[str, str]:
    """Return the installs of these kinds that hold for a person in a channel."""
    authorizing: dict[str, str] = {}
    if BY_GUILD in kinds and world.bot_at(channel):
        authorizing["0"] = channel.guild_id or "0"
    if BY_USER in kinds and user.installed:
        authorizing["1"] = user.id
    return authorizing


def of_command(world: World, user: User, channel: Channel, command: Json) -> dict[str, str]:
    """Return what lets a person use a command in a channel; nothing where it is not offered to them."""
    if command.get("guild_id") not in {None, channel.guild_id} or context(channel) not in _contexts(command):
        return {}
    return owners(world, user, channel, command["integration_types"])


def of_component(world: World, user: User, channel: Channel, message: Message) -> dict[str, str]:
    """Return what lets a person press a message's components: what the message itself came of."""
    if message.interaction_metadata:
        return dict(message.interaction_metadata["authorizing_integration_owners"])
    return owners(world, user, channel, (BY_GUILD,))


def visiting(authorizing: dict[str, str]) -> bool:
    """Return whether the app is there only because a person brought it."""
    return set(authorizing) == {"1"}


def app_permissions(world: World, channel: Channel) -> int:
    """Return what the app may do in a channel, as an interaction tells it."""
    if not world.bot_at(channel):
        return permissions.bits(_IN_PRIVATE)
    if channel.guild_id:
        return world.permissions(channel, world.bot.id)
    return permissions.bits((*_IN_PRIVATE, "USE_EXTERNAL_EMOJIS"))


def _contexts(command: Json) -> Collection[int]:
    """Return where a command may be used: everywhere, if it names no context."""
    if command.get("guild_id"):
        return (IN_GUILD,)
    if (named := command.get("contexts")) is not None:
        return list(named)
    return (IN_GUILD, IN_BOT_DM, IN_PRIVATE) if command["dm_permission"] else (IN_GUILD,)
