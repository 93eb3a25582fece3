"""Routes of users, the application, and the gateway's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import installs, intents, permissions
from bot.playground.errors import invalid
from bot.playground.route import Routes

if TYPE_CHECKING:
    from bot.playground.route import Answer, Call
    from bot.playground.wire import Json

routes = Routes()


@routes.add("GET", "/gateway", public=True)
async def gateway(call: Call) -> Answer:
    """Tell where the gateway is."""
    return 200, {"url": call.backend.gateway.url}


@routes.add("GET", "/gateway/bot")
async def gateway_bot(call: Call) -> Answer:
    """Tell where the gateway is and how a bot should start."""
    gateway = call.backend.gateway
    limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000}
    limit["max_concurrency"] = gateway.max_concurrency
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


@routes.add("GET", "/users/@me/guilds")
async def my_guilds(call: Call) -> Answer:
    """Return the guilds the bot is in."""
    world = call.backend.world
    out = []
    for guild in world.bot_guilds:
        granted = world_permissions(call, guild.id)
        kept: Json = {"id": guild.id, "name": guild.name, "icon": None, "banner": None, "owner": False}
        out.append(kept | {"permissions": granted, "features": []})
    return 200, out


@routes.add("DELETE", "/users/@me/guilds/{guild_id}")
async def leave_guild(call: Call) -> Answer:
    """Let the bot leave a guild; raise 10004 for one that it is not in."""
    call.backend.places.remove_bot(call.backend.world.guild_by_id(call.path["guild_id"]))
    return 204, None


def world_permissions(call: Call, guild_id: str) -> str:
    """Return the bot's permissions in a guild, as the string of bits that Discord sends."""
    guild = call.backend.world.guilds[guild_id]
    return str(permissions.of_roles(guild, guild.members[call.bot_id]))


@routes.add("POST", "/users/@me/channels")
async def open_dm(call: Call) -> Answer:
    """Open a direct-message channel."""
    recipient = call.form.get("recipient_id")
    if not recipient:
        raise invalid("recipient_id", "BASE_TYPE_REQUIRED", "This field is required")
    return 200, call.backend.places.open_dm(call.backend.world.user(str(recipient))).wire()


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
        "approximate_user_install_count": sum(one.installed for one in world.users.values()),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "summary": "",
        "eligible_oauth2_scopes": scopes,
    }
