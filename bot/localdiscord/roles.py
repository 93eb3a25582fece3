"""Roles of guilds: made, changed, deleted, given and taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.guild import Role

if TYPE_CHECKING:
    from bot.localdiscord.events import Events
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.members import Members
    from bot.localdiscord.user import User
    from bot.localdiscord.world import World


class Roles:
    """Changes roles, and tells of each change; who may make it is the caller's question."""

    def __init__(self, world: World, events: Events, members: Members) -> None:
        self._world = world
        self._events = events
        self._members = members

    def create(self, guild: Guild, name: str, permissions: int, *, mentionable: bool = False) -> Role:
        """Make a role above all others."""
        position = max(role.position for role in guild.roles.values()) + 1
        role = Role(self._world.snowflakes.next(), name, permissions, position, mentionable=mentionable)
        guild.roles[role.id] = role
        self._tell("GUILD_ROLE_CREATE", guild, role)
        return role

    def permit(self, guild: Guild, role: Role, permissions: int) -> None:
        """Set what a role grants in the whole guild."""
        role.permissions = permissions
        self._tell("GUILD_ROLE_UPDATE", guild, role)

    def delete(self, guild: Guild, role: Role) -> None:
        """Delete a role, and with it its overwrites; raise 50028 for @everyone and for a bot's own."""
        if role.id == guild.id or role.bot_id:
            raise DiscordError(50028)
        del guild.roles[role.id]
        for member in guild.members.values():
            member.roles = [role_id for role_id in member.roles if role_id != role.id]
        for channel in self._world.channels.values():
            if channel.guild_id == guild.id:
                channel.overwrites.pop(role.id, None)
        data = {"guild_id": guild.id, "role_id": role.id}
        self._events.emit("GUILD_ROLE_DELETE", data, guild_id=guild.id)

    def assign(self, guild: Guild, user: User, role: Role, *, given: bool) -> None:
        """Give a role to a member, or take it; raise 10007 for one who is no member."""
        member = guild.members.get(user.id)
        if member is None:
            raise DiscordError(10007)
        if (role.id in member.roles) == given:
            return
        member.roles = [role_id for role_id in member.roles if role_id != role.id] + ([role.id] if given else [])
        self._members.tell(guild, member)

    def _tell(self, name: str, guild: Guild, role: Role) -> None:
        self._events.emit(name, {"guild_id": guild.id, "role": role.wire()}, guild_id=guild.id)
