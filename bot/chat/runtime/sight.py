"""Sight: which recipients of a message cannot see its channel."""

from collections.abc import Collection

import discord

from bot.domain.rights import LEFT, Rights
from bot.service.members import AHEAD, CONNECTING, Members


class Sight:
    """Asks Discord only about channels that are hidden from somebody: most are open to every member.

    Departures are checked ahead, see ``service.lookahead``.
    """

    def __init__(self, client: discord.Client, members: Members) -> None:
        self._client = client
        self._members = members

    async def blind(
        self, guild_id: int, channel_id: int, user_ids: Collection[int], *, may_wait: bool
    ) -> dict[int, Rights]:
        """Return those who cannot see a channel, with their rights; people whose rights are unknown can.

        What is late anyway ``may_wait`` for a gateway that is just coming up, and for who has left.
        """
        if may_wait:
            await self._members.present(guild_id, user_ids, AHEAD, CONNECTING)
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel_or_thread(channel_id) if guild else None
        if channel is not None and is_open(channel):
            known = self._members.known(guild_id, user_ids)
            return {user_id: LEFT for user_id, is_there in known.items() if not is_there}
        rights = await self._members.rights(guild_id, channel_id, user_ids, AHEAD)
        return {user_id: theirs for user_id, theirs in rights.items() if not theirs.sees}


def is_open(channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Return whether every member of the server sees a channel."""
    if isinstance(channel, discord.Thread):
        return not channel.is_private() and channel.parent is not None and is_open(channel.parent)
    is_hidden = any(overwrite.view_channel is False for overwrite in channel.overwrites.values())
    return channel.permissions_for(channel.guild.default_role).view_channel and not is_hidden
