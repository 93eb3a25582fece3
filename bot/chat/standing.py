"""Standing: what somebody has, sees and may do in a place, and what the bot may."""

from typing import Any

import discord


def role_ids(person: discord.User | discord.Member) -> set[int]:
    """Give the roles that somebody has in a server."""
    return {role.id for role in person.roles} if isinstance(person, discord.Member) else set()


def place_ids(channel: Any) -> set[int]:
    """Give a channel, and of a thread the one that it is in."""
    ids = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    return {one for one in ids if one is not None}


def sees(guild: discord.Guild | None, person: discord.User | discord.Member, channel_id: int) -> bool:
    """Tell whether somebody may look into a channel; who may look into a private thread is not known here."""
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if channel is None or not isinstance(person, discord.Member):
        return False
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    return channel.permissions_for(person).view_channel


def permissions(
    guild: discord.Guild | None, person: discord.User | discord.Member, channel_id: int
) -> tuple[discord.Permissions, discord.Permissions] | None:
    """Give what somebody may do in a channel, and what the bot may; None for none such."""
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if guild is None or channel is None or not isinstance(person, discord.Member):
        return None
    return channel.permissions_for(person), channel.permissions_for(guild.me)


def may_post(permissions: discord.Permissions, *, in_thread: bool) -> bool:
    """Tell whether these permissions allow messages in a channel, or in its threads."""
    speak = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return permissions.view_channel and speak
