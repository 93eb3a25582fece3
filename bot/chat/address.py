"""Whom a reminder is for, and where it is said: what somebody asks for, held against what they may."""

import re
from dataclasses import dataclass, replace

import discord

from bot.chat.standing import may_post
from bot.chat.talk import Talk
from bot.domain.errors import NoPlaceToSpeak, NotYours
from bot.domain.reminder_request import Set
from bot.domain.timer import Actor

_ROLE = re.compile(r"<@&(\d{1,20})>")
_EXAMPLE = "remind 20m stretch"


@dataclass(frozen=True, slots=True)
class Address:
    """``calls`` and ``direct`` as in ``Reminder``; ``actor`` is in a server only where the bot is, too."""

    actor: Actor
    channel_id: int
    direct: bool
    calls: str


def address(talk: Talk, asked: Set) -> Address:
    """Say whom to remind and where. Raises ``NotYours`` and ``NoPlaceToSpeak`` where that cannot be."""
    actor = talk.actor
    channel_id = asked.channel_id or actor.channel_id
    is_for_others = bool(asked.calls) or channel_id != actor.channel_id
    if talk.is_elsewhere:
        # Nothing can be said there later on, so that it is said directly.
        if is_for_others:
            raise NotYours("I am no member here, so I can remind only you, by direct message.", _EXAMPLE)
        return Address(replace(actor, guild_id=None), channel_id, direct=True, calls="")
    if is_for_others:
        calls = _calls(talk, asked.calls, channel_id)
        if asked.direct:
            raise NotYours("By direct message I can remind only you.", _EXAMPLE)
        return Address(actor, channel_id, direct=False, calls=calls)
    if talk.guild is None:
        # A direct message that is refused is told in the list, and what repeats is paused.
        return Address(actor, channel_id, direct=True, calls="")
    if not asked.direct and not talk.can_post:
        raise NoPlaceToSpeak("I may not write in this channel; I can remind you directly.", "remind me 20m stretch")
    return Address(actor, channel_id, asked.direct, "" if asked.direct else f"<@{actor.user_id}>")


def _calls(talk: Talk, calls: str, channel_id: int) -> str:
    """Check that somebody may call these people in that channel, and that the bot can; give the mention."""
    permissions = talk.permissions(channel_id) if talk.guild else None
    if talk.guild is None or permissions is None or not talk.sees(channel_id):
        raise NotYours("There is no such channel or role here that you can see.", _EXAMPLE)
    theirs, ours = permissions
    if not (theirs.mention_everyone or theirs.manage_messages):
        raise NotYours(
            "Only members with Mention Everyone or Manage Messages remind others; I can remind you.", _EXAMPLE
        )
    channel = talk.guild.get_channel_or_thread(channel_id)
    if not isinstance(channel, discord.abc.Messageable):
        raise NoPlaceToSpeak("Nobody can write in that channel.", _EXAMPLE)
    if not may_post(ours, in_thread=isinstance(channel, discord.Thread)):
        raise NoPlaceToSpeak("I may not write in that channel.", _EXAMPLE)
    role = None
    if match := _ROLE.fullmatch(calls):
        role = talk.guild.get_role(int(match[1]))
        if role is None:
            raise NotYours("I know no such role in this server.", _EXAMPLE)
        if role.is_default():
            calls = "@everyone"
    is_open = not calls or (role is not None and role.mentionable)
    if not (is_open or ours.mention_everyone):
        raise NotYours("I may not mention them: make the role mentionable, or grant me Mention Everyone.", _EXAMPLE)
    return calls
