"""Whom a reminder is for and where it is posted, checked against what the person may do."""

from dataclasses import dataclass, replace

import discord

from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import Request
from bot.domain.errors import NotYours, UserError
from bot.domain.mentions import ROLE
from bot.domain.question import Choice, Question
from bot.domain.reminders.command import Set
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_


@dataclass(frozen=True, slots=True)
class Recipient:
    """``calls`` and ``direct`` as in ``Reminder``; ``actor`` is in a server only where the bot is a member too."""

    actor: Actor
    channel_id: int
    direct: bool
    calls: str


def recipient(request: Request, command: Set, privately: Choice) -> Recipient:
    """Return whom to remind and where. Raises ``UserError``: a ``Question`` where it can be done ``privately``."""
    actor = request.actor
    channel_id = command.channel_id or actor.channel_id
    is_for_others = bool(command.calls) or channel_id != actor.channel_id
    if request.is_user_install:
        # The bot cannot post there later on, so it sends a direct message.
        if is_for_others:
            raise NotYours(N_("I'm not a member here, so I can only remind you by DM."))
        return Recipient(replace(actor, guild_id=None), channel_id, direct=True, calls="")
    if is_for_others:
        calls = _calls(request, command.calls, channel_id)
        if command.direct:
            raise NotYours(N_("I can only DM reminders to you."))
        return Recipient(actor, channel_id, direct=False, calls=calls)
    if request.guild is None:
        # If the direct message is refused, the list says so, and a repeating reminder is paused.
        return Recipient(actor, channel_id, direct=True, calls="")
    if not (command.direct or request.may_write):
        raise Question(N_("You can't post in this channel, but I can remind you by DM."), privately)
    if not command.direct and not request.can_post:
        raise Question(N_("I can't post in this channel, but I can remind you by DM."), privately)
    return Recipient(actor, channel_id, command.direct, "" if command.direct else f"<@{actor.user_id}>")


def _calls(request: Request, calls: str, channel_id: int) -> str:
    """Return the mention, after checking that the person and the bot may use it in that channel."""
    permissions = request.permissions(channel_id) if request.guild else None
    if request.guild is None or permissions is None or not request.sees(channel_id):
        raise NotYours(N_("There's no channel or role like that here that you can see."))
    theirs, ours = permissions
    if not (theirs.mention_everyone or theirs.manage_messages):
        raise NotYours(N_("You need Mention Everyone or Manage Messages to remind others. I can still remind you."))
    _must_be_writable(request.guild.get_channel_or_thread(channel_id), theirs, ours)
    role = _role(request.guild, calls)
    is_open = not calls or (role is not None and role.mentionable)
    # Nobody may borrow the bot's own permission.
    if not (is_open or theirs.mention_everyone):
        raise NotYours(
            N_("You can't mention them yourself. You need Mention Everyone, or a role that anyone can mention.")
        )
    if not (is_open or ours.mention_everyone):
        raise NotYours(N_("I can't mention them. Please make the role mentionable, or give me Mention Everyone."))
    return "@everyone" if role and role.is_default() else calls


def _must_be_writable(channel: object, theirs: discord.Permissions, ours: discord.Permissions) -> None:
    if not isinstance(channel, discord.abc.Messageable):
        raise UserError(N_("Nobody can post in that channel. Pick another."))
    if not may_post(theirs, channel):
        raise NotYours(N_("You can't post in that channel. Pick another."))
    if not may_post(ours, channel):
        raise UserError(N_("I can't post in that channel."))


def _role(guild: discord.Guild, calls: str) -> discord.Role | None:
    """Return the mentioned role, None for any other mention. Raises ``NotYours`` for an unknown role."""
    if not (match := ROLE.fullmatch(calls)):
        return None
    role = guild.get_role(int(match[1]))
    if role is None:
        raise NotYours(N_("There's no such role in this server."))
    return role
