"""Permissions: the bits, and what a member may do in a channel.

The order of the computation is Discord's: roles, then the overwrite of @everyone, then those of the member's roles
together, then that of the member (https://discord.com/developers/docs/topics/permissions).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.guild import Guild, Member

BITS: dict[str, int] = {
    "CREATE_INSTANT_INVITE": 1 << 0,
    "KICK_MEMBERS": 1 << 1,
    "BAN_MEMBERS": 1 << 2,
    "ADMINISTRATOR": 1 << 3,
    "MANAGE_CHANNELS": 1 << 4,
    "MANAGE_GUILD": 1 << 5,
    "ADD_REACTIONS": 1 << 6,
    "VIEW_AUDIT_LOG": 1 << 7,
    "PRIORITY_SPEAKER": 1 << 8,
    "STREAM": 1 << 9,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "SEND_TTS_MESSAGES": 1 << 12,
    "MANAGE_MESSAGES": 1 << 13,
    "EMBED_LINKS": 1 << 14,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "MENTION_EVERYONE": 1 << 17,
    "USE_EXTERNAL_EMOJIS": 1 << 18,
    "VIEW_GUILD_INSIGHTS": 1 << 19,
    "CONNECT": 1 << 20,
    "SPEAK": 1 << 21,
    "MUTE_MEMBERS": 1 << 22,
    "DEAFEN_MEMBERS": 1 << 23,
    "MOVE_MEMBERS": 1 << 24,
    "USE_VAD": 1 << 25,
    "CHANGE_NICKNAME": 1 << 26,
    "MANAGE_NICKNAMES": 1 << 27,
    "MANAGE_ROLES": 1 << 28,
    "MANAGE_WEBHOOKS": 1 << 29,
    "MANAGE_GUILD_EXPRESSIONS": 1 << 30,
    "USE_APPLICATION_COMMANDS": 1 << 31,
    "REQUEST_TO_SPEAK": 1 << 32,
    "MANAGE_EVENTS": 1 << 33,
    "MANAGE_THREADS": 1 << 34,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "CREATE_PRIVATE_THREADS": 1 << 36,
    "USE_EXTERNAL_STICKERS": 1 << 37,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
    "USE_EMBEDDED_ACTIVITIES": 1 << 39,
    "MODERATE_MEMBERS": 1 << 40,
    "VIEW_CREATOR_MONETIZATION_ANALYTICS": 1 << 41,
    "USE_SOUNDBOARD": 1 << 42,
    "CREATE_GUILD_EXPRESSIONS": 1 << 43,
    "CREATE_EVENTS": 1 << 44,
    "USE_EXTERNAL_SOUNDS": 1 << 45,
    "SEND_VOICE_MESSAGES": 1 << 46,
    "SET_VOICE_CHANNEL_STATUS": 1 << 48,
    "SEND_POLLS": 1 << 49,
    "USE_EXTERNAL_APPS": 1 << 50,
    "PIN_MESSAGES": 1 << 51,
    "BYPASS_SLOWMODE": 1 << 52,
}
ALL = sum(BITS.values())
DM = sum(
    BITS[name]
    for name in (
        "ADD_REACTIONS",
        "VIEW_CHANNEL",
        "SEND_MESSAGES",
        "EMBED_LINKS",
        "ATTACH_FILES",
        "READ_MESSAGE_HISTORY",
        "MENTION_EVERYONE",
        "USE_EXTERNAL_EMOJIS",
        "USE_APPLICATION_COMMANDS",
        "PIN_MESSAGES",
    )
)
"""What both sides may do in a direct message."""
TIMED_OUT = BITS["VIEW_CHANNEL"] | BITS["READ_MESSAGE_HISTORY"]
"""What is left to a member who is timed out."""
ELEVATED = sum(
    BITS[name]
    for name in (
        "KICK_MEMBERS",
        "BAN_MEMBERS",
        "ADMINISTRATOR",
        "MANAGE_CHANNELS",
        "MANAGE_GUILD",
        "MANAGE_MESSAGES",
        "MANAGE_ROLES",
        "MANAGE_WEBHOOKS",
        "MANAGE_GUILD_EXPRESSIONS",
        "MANAGE_THREADS",
        "VIEW_CREATOR_MONETIZATION_ANALYTICS",
    )
)
"""What needs two-factor authentication in a guild that requires it for moderation."""


def bits(names: Iterable[str]) -> int:
    """Return the bit set of permission names as Discord's documentation spells them; KeyError on an unknown one."""
    return sum(BITS[name] for name in set(names))


def of_roles(guild: Guild, member: Member) -> int:
    """Return what the member's roles grant in the whole guild."""
    if guild.owner_id == member.user.id:
        return ALL
    granted = guild.roles[guild.id].permissions
    for role_id in member.roles:
        granted |= guild.roles[role_id].permissions
    return ALL if granted & BITS["ADMINISTRATOR"] else granted


def outranks(guild: Guild, actor: Member, member: Member) -> bool:
    """Return whether a member may moderate another: the owner may, and who has a higher role."""
    if guild.owner_id in {actor.user.id, member.user.id}:
        return guild.owner_id == actor.user.id
    return _rank(guild, actor) > _rank(guild, member)


def _rank(guild: Guild, member: Member) -> int:
    return max((guild.roles[role_id].position for role_id in member.roles), default=0)


def timed_out(guild: Guild, member: Member) -> bool:
    """Return whether a member is timed out; the owner and administrators are exempt."""
    return member.timed_out_until > time.time() and of_roles(guild, member) != ALL


def in_channel(guild: Guild, member: Member, channel: Channel) -> int:
    """Return what a member may do in a channel; `channel` is the parent where a thread is asked about."""
    granted = of_roles(guild, member)
    if granted == ALL:
        return granted
    allow, deny = _overwrite(channel, guild.id)
    granted = granted & ~deny | allow
    deny = allow = 0
    for role_id in member.roles:
        role_allow, role_deny = _overwrite(channel, role_id)
        allow, deny = allow | role_allow, deny | role_deny
    granted = granted & ~deny | allow
    allow, deny = _overwrite(channel, member.user.id)
    granted = granted & ~deny | allow
    if timed_out(guild, member):
        granted &= TIMED_OUT
    # who cannot see a channel can do nothing in it
    return granted if granted & BITS["VIEW_CHANNEL"] else 0


def _overwrite(channel: Channel, target: str) -> tuple[int, int]:
    overwrite = channel.overwrites.get(target)
    return (overwrite.allow, overwrite.deny) if overwrite else (0, 0)
