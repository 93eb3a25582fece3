"""Voice channels: which one a person means, and who is in it."""

import re

import discord

from bot.domain import spelling
from bot.domain.errors import UnknownChannel
from bot.messages.catalogue import N_

VoiceChannel = discord.VoiceChannel | discord.StageChannel

_MENTION = re.compile(r"<#(\d{1,19})>|(\d{15,19})")
_EXAMPLE = "focus deep voice #Study"


def find(guild: discord.Guild | None, wanted: str) -> VoiceChannel:
    """Find a voice channel by mention, id or name. Raises ``UnknownChannel`` where the bot sees no such channel."""
    if guild is None:
        raise UnknownChannel(N_("There are no voice channels here; start the session in a server."), "focus deep")
    channels: list[VoiceChannel] = [*guild.voice_channels, *guild.stage_channels]
    seen = [channel for channel in channels if channel.permissions_for(guild.me).view_channel]
    if match := _MENTION.fullmatch(wanted):
        channel_id = int(match[1] or match[2])
        if mentioned := next((channel for channel in seen if channel.id == channel_id), None):
            return mentioned
        if any(channel.id == channel_id for channel in channels):
            raise UnknownChannel(N_("I cannot see that voice channel; let me view it first."), _EXAMPLE)
        raise UnknownChannel(N_("That is no voice channel."), _EXAMPLE)
    names = {channel.name.casefold(): channel for channel in reversed(seen)}
    name = wanted.removeprefix("#").casefold()
    if name in names:
        return names[name]
    near = spelling.nearest(name, names)
    example = f"focus deep voice #{names[near].name}" if near else _EXAMPLE
    raise UnknownChannel(N_("I see no voice channel “{quote}”."), example, quote=wanted[:100])


def occupants(channel: VoiceChannel) -> set[int]:
    """Return the ids of the people in a voice channel, without bots."""
    return {member.id for member in channel.members if not member.bot}
