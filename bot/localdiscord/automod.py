"""AutoMod: keyword rules of a guild, which block messages (200000) and titles of threads (200001).

Discord's FAQ exempts bots.  Here a rule spares them only where it says so, which is stricter: so what a bot does
about a blocked message can be tried.

Source: https://discord.com/developers/docs/resources/auto-moderation
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import permissions
from bot.localdiscord.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.localdiscord.channel import Channel
    from bot.localdiscord.user import User
    from bot.localdiscord.world import World


def check(world: World, channel: Channel, author: User, texts: Iterable[str], code: int = 200000) -> None:
    """Raise 200000 (or `code`) where a rule of the channel's guild blocks what a user writes in it.

    The owner, and who has MANAGE_GUILD, are exempt.
    """
    guild, member = world.guild_of(channel), world.member(channel, author.id)
    if guild is None or not guild.keyword_rules:
        return
    if member and permissions.of_roles(guild, member) & permissions.BITS["MANAGE_GUILD"]:
        return
    text = "\n".join(texts)
    for rule in guild.keyword_rules:
        spared = (
            (rule.spares_bots and author.bot)
            or {channel.id, channel.parent_id} & rule.exempt_channels
            or (member and rule.exempt_roles.intersection(member.roles))
        )
        if not spared and rule.matches(text):
            raise DiscordError(code)
