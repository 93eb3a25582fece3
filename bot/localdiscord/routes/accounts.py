"""Routes of users, the application, and the gateway's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import installs, intents, permissions
from bot.localdiscord.errors import DiscordError, invalid
from bot.localdiscord.route import Routes

if TYPE_CHECKING:
    from bot.localdiscord.guild import Guild
    from bot.localdiscord.route import Answer, Call
    from bot.localdiscord.wire import Json

routes = Routes()


@routes.add("GET", "/gateway", public=True)
async def gateway(call: Call) -> Answer:
    """Return where the gateway is."""
    return 200, {"url": call.backend.gateway.url}


@routes.add("GET", "/gateway/bot")
async def gateway_bot(call: Call) -> Answer:
    """Return where the gateway is and how a bot should start."""
    gateway = call.backend.gateway
    limit = gateway.start_limit.wire(gateway.max_concurrency)
    return 200, {"url": gateway.url, "shards": gateway.shards, "session_start_limit": limit}


@routes.add("GET", "/users/@me")
async def me(call: Call) -> Answer:
    """Return the bot's own user."""
    more = {"mfa_enabled": True, "locale": "en-US", "premium_type": 0, "email": None, "verified": True, "bio": ""}
    return 200, call.backend.world.bot.wire() | more


@routes.add("GET", "/users/{user_id}")
async def user(call: Call) -> Answer:
    """Return a user."""
    return 200, call.backend.world.user(call.path["user_id"]).wire()


@routes.add("GET", "/users/@me/guilds", reads="before after limit with_counts")
async def my_guilds(call: Call) -> Answer:
    """Return the guilds the bot is in."""
    world = call.backend.world
    out = []
    for guild in _page(call, world.bot_guilds):
        granted = world_permissions(call, guild.id)
        kept: Json = {"id": guild.id, "name": guild.name, "icon": None, "banner": None, "owner": False}
        kept |= {"permissions": granted, "features": []}
        out.append(kept | (guild.counts() if call.query.get("with_counts") else {}))
    return 200, out


def _page(call: Call, guilds: list[Guild]) -> list[Guild]:
    """Return those of the guilds, by id, that the query asks for: the first after an id, or the last before one."""
    among = sorted(guilds, key=lambda guild: int(guild.id))
    limit = call.query.get("limit", 200)
    if before := call.query.get("before"):
        return [guild for guild in among if int(guild.id) < int(before)][-limit:]
    return [guild for guild in among if int(guild.id) > int(call.query.get("after", 0))][:limit]


@routes.add("DELETE", "/users/@me/guilds/{guild_id}")
async def leave_guild(call: Call) -> Answer:
    """Let the bot leave a guild; raise 10004 for one that it is not in."""
    call.backend.places.remove_bot(call.backend.world.guild_by_id(call.path["guild_id"]))
    return 204, None


def world_permissions(call: Call, guild_id: str) -> str:
    """Return the bot's permissions in a guild, as the string of bits that Discord sends."""
    guild = call.backend.world.guilds[guild_id]
    return str(permissions.of_roles(guild, guild.members[call.bot_id]))


@routes.add("POST", "/users/@me/channels", acts_on="recipient_id")
async def open_dm(call: Call) -> Answer:
    """Open a direct-message channel; raise 50033 for one with nobody, or with itself.

    Source: https://github.com/discord/discord-api-docs/issues/8274
    """
    recipient = call.form.get("recipient_id")
    if not recipient:
        raise invalid("recipient_id", "BASE_TYPE_REQUIRED", "This field is required")
    user = call.backend.world.users.get(recipient)
    if user is None or user.id == call.bot_id:
        raise DiscordError(50033)
    return 200, call.backend.places.open_dm(user).wire()


@routes.add("GET", "/soundboard-default-sounds")
async def default_sounds(_: Call) -> Answer:
    """Return the sounds that every soundboard has: none, since nothing is heard here."""
    return 200, []


@routes.add("GET", "/oauth2/applications/@me")
async def oauth_application(call: Call) -> Answer:
    """Return the application."""
    return 200, application_wire(call)


@routes.add("GET", "/applications/@me")
async def application(call: Call) -> Answer:
    """Return the application."""
    return 200, application_wire(call)


def application_wire(call: Call) -> Json:
    """Return the application in Discord's form (`PrivateApplicationResponse`)."""
    world = call.backend.world
    flags = intents.application_flags(message_content=call.backend.faults.message_content)
    scopes = ["applications.commands", "bot"]
    return {
        "id": world.bot.id,
        "name": world.bot.username,
        "icon": None,
        "description": "",
        "type": None,
        "bot": world.bot.wire(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {
            str(installs.BY_GUILD): {"oauth2_install_params": {"scopes": scopes, "permissions": "0"}},
            str(installs.BY_USER): {"oauth2_install_params": {"scopes": scopes[:1], "permissions": "0"}},
        },
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": world.owner.wire(),
        "approximate_guild_count": len(world.bot_guilds),
        "approximate_user_install_count": sum(user.installed for user in world.users.values()),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "summary": "",
        "eligible_oauth2_scopes": scopes,
    }
