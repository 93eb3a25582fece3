"""Voice channels: which one a person means, who is in it, and who of them is not in the session."""

import re
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.chat.focus.text import mentions
from bot.chat.runtime.permissions import is_seen_from
from bot.chat.runtime.request import Request
from bot.domain import spelling
from bot.domain.focus.command import StartSession
from bot.domain.focus.session import Session
from bot.domain.question import Choice, Question
from bot.messages.catalogue import N_, Template, gettext, ngettext

VoiceChannel = discord.VoiceChannel | discord.StageChannel

# The most people who are named.
_NAMED = 10
_MENTION = re.compile(r"<#(\d{1,19})>|(\d{15,19})")


def find(request: Request, start: StartSession) -> VoiceChannel | None:
    """Find the voice channel of a start by mention, id or name; None if it names none.

    Raises ``Question`` if it can't be used. One that the person may not view is treated as missing, so that its
    name does not leak.
    """
    if not start.voice:
        return None
    if request.guild is None:
        raise _refused(start, N_("There are no voice channels here. Start the session in a server."))
    channels: list[VoiceChannel] = [*request.guild.voice_channels, *request.guild.stage_channels]
    channel = _meant(start, start.voice, [channel for channel in channels if request.sees(channel.id)])
    permissions = request.permissions(channel.id)
    if permissions is None or not permissions[0].connect:
        raise _refused(start, N_("You can't join that voice channel, so you can't start a session for it."))
    if not permissions[1].view_channel:
        raise _refused(start, N_("I can't see that voice channel yet. Please allow me to, then try again."))
    return channel


def _meant(start: StartSession, wanted: str, seen: Sequence[VoiceChannel]) -> VoiceChannel:
    if match := _MENTION.fullmatch(wanted):
        channel_id = int(match[1] or match[2])
        if mentioned := next((channel for channel in seen if channel.id == channel_id), None):
            return mentioned
        raise _refused(start, N_("You can't see a voice channel like that. Pick another."))
    names = {channel.name.casefold(): channel for channel in reversed(seen)}
    name = wanted.removeprefix("#").casefold()
    if name in names:
        return names[name]
    near = spelling.nearest(name, names)
    template = N_("I can't find a voice channel called “{quote}”.")
    raise _refused(start, template, names[near] if near else None, quote=wanted[:100])


def _refused(
    start: StartSession, template: Template, near: VoiceChannel | None = None, **arguments: object
) -> Question:
    """Offer to start in the channel whose name is nearly so, or without one."""
    choices = [Choice(N_("Start it without"), replace(start, voice=None).line)]
    if near:
        there = replace(start, voice=f"<#{near.id}>").line
        choices.insert(0, Choice(N_("In #{channel}"), there, {"channel": near.name}))
    return Question(template, *choices, **arguments)


def occupants(channel: VoiceChannel) -> set[int]:
    """Return the ids of the people in a voice channel, without bots."""
    return {member.id for member in channel.members if not member.bot}


def seat(request: Request) -> int | None:
    """Return the id of the voice channel that a person sits in, if any."""
    member = request.guild.get_member(request.actor.user_id) if request.guild else None
    channel = member.voice.channel if member and member.voice else None
    return channel.id if channel else None


def seated(client: discord.Client, session: Session) -> str:
    """Say who sits there by discord.py's cache, for a session's card; empty if nobody does."""
    guild = client.get_guild(session.timer.guild_id or 0)
    channel = guild.get_channel(session.voice_id or 0) if guild else None
    if not isinstance(channel, VoiceChannel):
        return ""
    people = occupants(channel).difference(person.user_id for person in session.present)
    if not people:
        return ""
    if len(people) <= _NAMED and is_seen_from(channel, session.timer.channel_id):
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
