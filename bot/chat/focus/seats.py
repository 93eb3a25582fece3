"""Seats: who sits in the voice channel of a session without being in the session."""

import discord

from bot.chat.focus.text import mentions
from bot.chat.focus.voice_channels import occupants
from bot.chat.runtime.sight import is_open
from bot.domain.focus.session import Session
from bot.messages.catalogue import gettext, ngettext

# The most people who are named.
_NAMED = 10


def seated(client: discord.Client, session: Session) -> str:
    """Say who sits there by discord.py's cache, for a session's card; empty where nobody does."""
    guild = client.get_guild(session.timer.guild_id or 0)
    channel = guild.get_channel(session.voice_id or 0) if guild else None
    if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return ""
    people = occupants(channel).difference(person.user_id for person in session.present)
    if not people:
        return ""
    if len(people) <= _NAMED and _is_seen_by_all(channel, session.timer.channel_id):
        return gettext(
            "-# 🔊 In {channel}, but not in the session yet (press Join): {people}",
            channel=channel.mention,
            people=mentions(sorted(people)),
        )
    return ngettext(
        "-# 🔊 {number} person in {channel} isn't in the session yet (press Join)",
        "-# 🔊 {number} people in {channel} aren't in the session yet (press Join)",
        len(people),
        channel=channel.mention,
    )


def _is_seen_by_all(channel: discord.VoiceChannel | discord.StageChannel, card_in: int) -> bool:
    """Return whether everybody who sees the card may see the voice channel too."""
    if is_open(channel):
        return True
    place = channel.guild.get_channel_or_thread(card_in)
    if isinstance(place, discord.Thread):
        place = place.parent
    return place is not None and place.overwrites == channel.overwrites
