"""Limits: how many live timers a person, and a server, may have."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooMany
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_
from bot.store import timers as rows


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's limits; 0 means no limit."""

    per_user: int = 20
    per_guild: int = 500

    async def check(self, connection: AsyncConnection, actor: Actor, most_here: int | None) -> None:
        """Raise ``TooMany`` if one more would exceed a limit; ``most_here`` is the server's own."""
        most = self.per_user
        if most and await rows.count_live(connection, owner_id=actor.user_id, guild_id=None) >= most:
            raise TooMany(
                N_("You've already got {most} timers running, which is the limit. Cancel one first."),
                "pomodoro list",
                most=most,
            )
        most = most_here or self.per_guild
        if actor.guild_id is None or not most:
            return
        if await rows.count_live(connection, owner_id=None, guild_id=actor.guild_id) >= most:
            raise TooMany(
                N_("This server has {most} timers running, and that's its limit."), "pomodoro list", most=most
            )
