"""Routes of guilds: themselves, their channels and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.channel import ANNOUNCEMENT, CATEGORY, FORUM, MEDIA, STAGE, TEXT, VOICE
from bot.localdiscord.errors import DiscordError, Unsupported
from bot.localdiscord.route import Routes

if TYPE_CHECKING:
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.route import Answer, Call

routes = Routes()


def guild_of(call: Call) -> Guild:
    """Return the guild that the address names."""
    return call.backend.world.guild_by_id(call.path["guild_id"])


@routes.add("GET", "/guilds/{guild_id}", reads="with_counts")
async def get(call: Call) -> Answer:
    """Return a guild."""
    guild = guild_of(call)
    return 200, guild.wire() | (guild.counts() if call.query.get("with_counts") else {})


@routes.add("GET", "/guilds/{guild_id}/channels")
async def channels(call: Call) -> Answer:
    """Return a guild's channels, without threads."""
    guild = guild_of(call)
    among = call.backend.world.channels.values()
    return 200, [channel.wire() for channel in among if channel.guild_id == guild.id and not channel.thread]


@routes.add("POST", "/guilds/{guild_id}/channels", acts_on="name type topic")
async def create_channel(call: Call) -> Answer:
    """Make a channel."""
    guild = guild_of(call)
    call.backend.world.require_in_guild(guild, call.bot_id, "MANAGE_CHANNELS")
    kind = call.form.get("type") or TEXT
    if kind not in {TEXT, VOICE, CATEGORY, ANNOUNCEMENT, STAGE, FORUM, MEDIA}:
        raise Unsupported(f"channels of type {kind}")
    return 201, call.backend.places.create_channel(guild, call.form["name"], kind, call.form.get("topic")).wire()


@routes.add("GET", "/guilds/{guild_id}/roles")
async def roles(call: Call) -> Answer:
    """Return a guild's roles."""
    return 200, [role.wire() for role in guild_of(call).roles.values()]


@routes.add("GET", "/guilds/{guild_id}/roles/{role_id}")
async def role(call: Call) -> Answer:
    """Return one role; raise 10011."""
    if role := guild_of(call).roles.get(call.path["role_id"]):
        return 200, role.wire()
    raise DiscordError(10011)


@routes.add("GET", "/guilds/{guild_id}/webhooks")
async def webhooks(call: Call) -> Answer:
    """Return a guild's webhooks."""
    guild = guild_of(call)
    call.backend.world.require_in_guild(guild, call.bot_id, "MANAGE_WEBHOOKS")
    out = [
        webhook for channel in call.backend.world.channels for webhook in call.backend.webhooks.of_channel(channel)
    ]
    return 200, [webhook.wire(call.backend.base_url) for webhook in out if webhook.channel.guild_id == guild.id]
