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


def sees(guild: discord.Guild | None, person: discord.User | discord.Member, channel_id: int) -> bool:
    """Return whether a person may view a channel; False for private threads, whose members are not known here."""
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if channel is None or not isinstance(person, discord.Member):
        return False
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    return channel.permissions_for(person).view_channel


def of(
    guild: discord.Guild | None, person: discord.User | discord.Member, channel_id: int
) -> tuple[discord.Permissions, discord.Permissions] | None:
    """Return the permissions of a person and of the bot in a channel; None if there is no such channel."""
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if guild is None or channel is None or not isinstance(person, discord.Member):
        return None
    return channel.permissions_for(person), channel.permissions_for(guild.me)


def may_post(permissions: discord.Permissions, *, in_thread: bool) -> bool:
    """Return whether these permissions allow posting in a channel, or in its threads."""
    speak = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return permissions.view_channel and speak


def refusal(guild: discord.Guild, channel_id: int, *, is_writing: bool) -> str | None:
    """Return why the bot would be refused in a channel; None if it would not, or if that is unknown."""
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.parent is None):
        return None
    allowed = channel.permissions_for(guild.me)
    if not allowed.view_channel:
        return N_("I cannot see the channel")
    if is_writing and not may_post(allowed, in_thread=isinstance(channel, discord.Thread)):
        return N_("I may not write in the channel")
    return None
