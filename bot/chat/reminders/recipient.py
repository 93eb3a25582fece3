"""Whom a reminder is for and where it is posted, checked against what the person may do."""

import re
from dataclasses import dataclass, replace

import discord

from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import Request
from bot.domain.errors import NoPlaceToSpeak, NotYours
from bot.domain.reminders.command import Set
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_

_ROLE = re.compile(r"<@&(\d{1,20})>")
_EXAMPLE = "remind 20m stretch"


@dataclass(frozen=True, slots=True)
class Recipient:
    """``calls`` and ``direct`` as in ``Reminder``; ``actor`` is in a server only where the bot is a member too."""

    actor: Actor
    channel_id: int
    direct: bool
    calls: str


def recipient(request: Request, command: Set) -> Recipient:
    """Return whom to remind and where. Raises ``NotYours`` or ``NoPlaceToSpeak`` where that is not possible."""
    actor = request.actor
    channel_id = command.channel_id or actor.channel_id
    is_for_others = bool(command.calls) or channel_id != actor.channel_id
    if request.is_elsewhere:
        # The bot cannot post there later on, so it sends a direct message.
        if is_for_others:
            raise NotYours(N_("I am no member here, so I can remind only you, by direct message."), _EXAMPLE)
        return Recipient(replace(actor, guild_id=None), channel_id, direct=True, calls="")
    if is_for_others:
        calls = _calls(request, command.calls, channel_id)
        if command.direct:
            raise NotYours(N_("By direct message I can remind only you."), _EXAMPLE)
        return Recipient(actor, channel_id, direct=False, calls=calls)
    if request.guild is None:
        # If the direct message is refused, the list says so, and a repeating reminder is paused.
        return Recipient(actor, channel_id, direct=True, calls="")
    if not command.direct and not request.can_post:
        raise NoPlaceToSpeak(
            N_("I may not write in this channel; I can remind you directly."), "remind me 20m stretch"
        )
    return Recipient(actor, channel_id, command.direct, "" if command.direct else f"<@{actor.user_id}>")


def _calls(request: Request, calls: str, channel_id: int) -> str:
    """Return the mention, after checking that the person and the bot may use it in that channel."""
    permissions = request.permissions(channel_id) if request.guild else None
    if request.guild is None or permissions is None or not request.sees(channel_id):
        raise NotYours(N_("There is no such channel or role here that you can see."), _EXAMPLE)
    theirs, ours = permissions
    if not (theirs.mention_everyone or theirs.manage_messages):
        raise NotYours(
            N_("Only members with Mention Everyone or Manage Messages remind others; I can remind you."), _EXAMPLE
        )
    channel = request.guild.get_channel_or_thread(channel_id)
    if not isinstance(channel, discord.abc.Messageable):
        raise NoPlaceToSpeak(N_("Nobody can write in that channel."), _EXAMPLE)
    if not may_post(ours, in_thread=isinstance(channel, discord.Thread)):
        raise NoPlaceToSpeak(N_("I may not write in that channel."), _EXAMPLE)
    role = None
    if match := _ROLE.fullmatch(calls):
        role = request.guild.get_role(int(match[1]))
        if role is None:
            raise NotYours(N_("I know no such role in this server."), _EXAMPLE)
        if role.is_default():
            calls = "@everyone"
    is_open = not calls or (role is not None and role.mentionable)
    if not (is_open or ours.mention_everyone):
        raise NotYours(
            N_("I may not mention them: make the role mentionable, or grant me Mention Everyone."), _EXAMPLE
        )
    return calls
