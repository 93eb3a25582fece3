"""Permissions: what a person has, sees and may do in a place, and what the bot may."""

from typing import Any

import discord

from bot.messages.catalogue import N_


def role_ids(person: discord.User | discord.Member) -> set[int]:
    """Return the ids of a person's roles in a server."""
    return {role.id for role in person.roles} if isinstance(person, discord.Member) else set()


def place_ids(channel: Any) -> set[int]:
    """Return a channel's id, and for a thread its parent's too."""
    ids = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    return {place_id for place_id in ids if place_id is not None}


def known(channel: Any, who: discord.Member | discord.User | None) -> discord.Permissions | None:
    """Return somebody's permissions in a server's channel; None where that, or a thread's parent, is unknown.

    Discord tells of a thread that a message wakes only after it, and an event about a channel may be unreadable.
    """
    is_orphan = isinstance(channel, discord.Thread) and channel.parent is None
    if is_orphan or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return None
    return channel.permissions_for(who) if isinstance(who, discord.Member) else None


def sees(guild: discord.Guild | None, person: discord.User | discord.Member, channel_id: int) -> bool:
    """Return whether a person may view a channel; False for private threads, whose members are not known here."""
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    allowed = known(channel, person)
    return allowed is not None and allowed.view_channel


def of(
    guild: discord.Guild | None, person: discord.User | discord.Member, channel_id: int
) -> tuple[discord.Permissions, discord.Permissions] | None:
    """Return the permissions of a person and of the bot in a channel; None if no such channel is known."""
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    theirs, ours = known(channel, person), known(channel, guild.me if guild else None)
    return (theirs, ours) if theirs is not None and ours is not None else None


def may_post(permissions: discord.Permissions, *, in_thread: bool) -> bool:
    """Return whether these permissions allow posting in a channel, or in its threads."""
    speak = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return permissions.view_channel and speak


def may_attach(channel: Any) -> bool:
    """Return whether the bot may post files in a channel, as far as is known."""
    guild = getattr(channel, "guild", None)
    ours = known(channel, guild.me if guild else None)
    return ours is None or ours.attach_files


def may_write(interaction: discord.Interaction) -> bool:
    """Return whether the author of an interaction may write in its channel; in direct messages they may."""
    in_thread = isinstance(interaction.channel, discord.Thread)
    return interaction.guild_id is None or may_post(interaction.permissions, in_thread=in_thread)


def refusal(guild: discord.Guild, channel_id: int, *, is_writing: bool) -> str | None:
    """Return why the bot would be refused in a channel; None if it would not, or if that is unknown."""
    channel = guild.get_channel_or_thread(channel_id)
    allowed = known(channel, guild.me)
    if allowed is None:
        return None
    if not allowed.view_channel:
        return N_("I can't see that channel")
    if is_writing and not may_post(allowed, in_thread=isinstance(channel, discord.Thread)):
        return N_("I'm not allowed to post in that channel")
    return None
