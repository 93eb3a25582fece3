"""Routes of guilds: themselves, their channels and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import permissions
from bot.playground.channel import CATEGORY, TEXT, VOICE
from bot.playground.errors import DiscordError, Form
from bot.playground.route import Routes

if TYPE_CHECKING:
    from bot.playground.guild import Guild
    from bot.playground.route import Answer, Call

routes = Routes()


def found(call: Call) -> Guild:
    """Return the guild that the address names."""
    return call.backend.world.guild_by_id(call.path["guild_id"])


@routes.add("GET", "/guilds/{guild_id}")
async def get(call: Call) -> Answer:
    """Return a guild."""
    guild = found(call)
    wire = guild.wire()
    if call.query.get("with_counts", "").lower() in {"1", "true"}:
        wire |= {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
    return 200, wire


@routes.add("GET", "/guilds/{guild_id}/channels")
async def channels(call: Call) -> Answer:
    """Return a guild's channels, without threads."""
    guild = found(call)
    among = call.backend.world.channels.values()
    return 200, [one.wire() for one in among if one.guild_id == guild.id and not one.thread]


@routes.add("POST", "/guilds/{guild_id}/channels")
async def create_channel(call: Call) -> Answer:
    """Make a channel."""
    guild = found(call)
    if not permissions.of_roles(guild, guild.members[call.bot_id]) & permissions.BITS["MANAGE_CHANNELS"]:
        raise DiscordError(50013)
    form = Form()
    form.length("name", call.form.get("name"), 100, 1)
    kind = int(call.form.get("type") or TEXT)
    form.choice("type", kind, (TEXT, VOICE, CATEGORY))
    form.raise_if_any()
    return 201, call.backend.places.found(guild, str(call.form["name"]), kind, call.form.get("topic")).wire()


@routes.add("GET", "/guilds/{guild_id}/roles")
async def roles(call: Call) -> Answer:
    """Return a guild's roles."""
    return 200, [one.wire() for one in found(call).roles.values()]


@routes.add("GET", "/guilds/{guild_id}/roles/{role_id}")
async def role(call: Call) -> Answer:
    """Return one role; raise 10011."""
    if one := found(call).roles.get(call.path["role_id"]):
        return 200, one.wire()
    raise DiscordError(10011)


@routes.add("GET", "/guilds/{guild_id}/webhooks")
async def webhooks(call: Call) -> Answer:
    """Return a guild's webhooks."""
    guild = found(call)
    out = [one for channel in call.backend.world.channels for one in call.backend.webhooks.of_channel(channel)]
    return 200, [one.wire(call.backend.base_url) for one in out if one.channel.guild_id == guild.id]
