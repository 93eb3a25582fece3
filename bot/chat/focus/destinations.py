"""Destinations: the channels that a session can move to, where its host and the bot may post now."""

import discord

from bot.chat.runtime.permissions import may_post
from bot.domain.errors import NotYours, UserError
from bot.domain.focus.session import Session
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_
from bot.service.live_sessions import LiveSessions
from bot.service.members import Members
from bot.service.rules import ServerRules

# The most channels that are offered, and that are checked: each check may ask Discord.
_OFFERED, _LOOKED_AT = 3, 25


class Destinations:
    """Finds text channels, those nearest to the session's first."""

    def __init__(
        self, client: discord.Client, members: Members, live_sessions: LiveSessions, rules: ServerRules
    ) -> None:
        self._client = client
        self._members = members
        self._live_sessions = live_sessions
        self._rules = rules

    async def offered(self, session: Session) -> list[tuple[int, str]]:
        """Return the ids and names of channels where the session could go on."""
        timer = session.timer
        guild = self._client.get_guild(timer.guild_id or 0)
        if guild is None:
            return []
        offered: list[tuple[int, str]] = []
        for channel in (await self._usable(guild, timer.channel_id))[:_LOOKED_AT]:
            if any(other.timer.channel_id == channel.id for other in self._live_sessions.in_place(channel.id)):
                continue
            rights = await self._members.rights(guild.id, channel.id, [timer.owner_id])
            if (host := rights.get(timer.owner_id)) and host.posts:
                offered.append((channel.id, channel.name))
            if len(offered) == _OFFERED:
                break
        return offered

    async def check(self, actor: Actor, session: Session, channel_id: int) -> None:
        """Raise ``UserError`` if the session cannot go on in a channel."""
        guild = self._client.get_guild(session.timer.guild_id or 0)
        usable = await self._usable(guild, session.timer.channel_id) if guild else []
        if guild is None or all(channel.id != channel_id for channel in usable):
            raise UserError(N_("I can't post in that channel."))
        rights = (await self._members.rights(guild.id, channel_id, [actor.user_id])).get(actor.user_id)
        if rights is None:
            raise NotYours(N_("I can't check right now whether you can post there. Please try again in a minute."))
        if not rights.posts:
            raise NotYours(N_("You can't post in that channel, so the session can't move there."))

    async def _usable(self, guild: discord.Guild, channel_id: int) -> list[discord.TextChannel]:
        """Return the text channels in which the bot may write and is to be used, those beside a channel first."""
        if guild.unavailable:  # what it may there is not known
            return []
        held_in = guild.get_channel(channel_id)
        category_id = held_in.category_id if held_in else None
        allowed = (await self._rules.of(guild.id)).channels
        usable = [
            channel
            for channel in guild.text_channels
            if channel.id != channel_id
            and (not allowed or channel.id in allowed)
            and may_post(channel.permissions_for(guild.me), channel)
        ]
        return sorted(
            usable, key=lambda channel: (channel.category_id != category_id, channel.position, channel.id)
        )
