"""Permissions: what a person has, sees and may do in a place, and what the bot may."""

from typing import Any

import discord

from bot.messages.catalogue import N_


def known(channel: Any, who: discord.Member | discord.User | None) -> discord.Permissions | None:
    """Return somebody's permissions in a server's channel; None if that, or a thread's parent, is unknown.

    Discord tells of a thread that a message wakes only after it, and an event about a server may be unreadable.
    """
    is_orphan = isinstance(channel, discord.Thread) and channel.parent is None
    if is_orphan or not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or channel.guild.unavailable:
        return None
    return channel.permissions_for(who) if isinstance(who, discord.Member) else None


def may_read(permissions: discord.Permissions, channel: object) -> bool:
    """Return whether somebody with these permissions in a channel may read it: voice, where they may join."""
    is_voice = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
    return permissions.view_channel and (permissions.connect or not is_voice)


def may_post(permissions: discord.Permissions, channel: object) -> bool:
    """Return whether somebody with these permissions in a channel or thread may post there."""
    in_thread = isinstance(channel, discord.Thread)
    speak = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return speak and may_read(permissions, channel)


def is_open(channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Return whether every member of the server is known to see a channel."""
    if channel.guild.unavailable:
        return False
    if isinstance(channel, discord.Thread):
        return not channel.is_private() and channel.parent is not None and is_open(channel.parent)
    is_hidden = any(overwrite.view_channel is False for overwrite in channel.overwrites.values())
    return channel.permissions_for(channel.guild.default_role).view_channel and not is_hidden


def is_seen_from(channel: discord.abc.GuildChannel | discord.Thread, place_id: int) -> bool:
    """Return whether everybody who sees a place sees a channel of its server too."""
    if channel.id == place_id or is_open(channel):
        return True
    place = channel.guild.get_channel_or_thread(place_id)
    if isinstance(place, discord.Thread):
        place = place.parent
    if isinstance(channel, discord.Thread):
        return not channel.is_private() and place is not None and place == channel.parent
    return place is not None and place.overwrites == channel.overwrites


def may_attach(channel: Any) -> bool:
    """Return whether the bot may post files in a channel, as far as is known."""
    guild = getattr(channel, "guild", None)
    ours = known(channel, guild.me if guild else None)
    return ours is None or ours.attach_files


def refusal(guild: discord.Guild, channel_id: int, *, is_writing: bool) -> str | None:
    """Return why the bot would be refused in a channel; None if it would not, or if that is unknown."""
    channel = guild.get_channel_or_thread(channel_id)
    allowed = known(channel, guild.me)
    if allowed is None:
        return None
    if not may_read(allowed, channel):
        return N_("I can't see that channel")
    if is_writing and not may_post(allowed, channel):
        return N_("I'm not allowed to post in that channel")
    return None
