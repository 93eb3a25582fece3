"""Routes of application commands, global and of one guild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.route import Routes

if TYPE_CHECKING:
    from bot.localdiscord.route import Answer, Call
    from bot.localdiscord.wire import Json

routes = Routes()
_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
_CHANGEABLE = (
    "name name_localizations description description_localizations options default_member_permissions "
    "dm_permission contexts integration_types nsfw"
)
_FIELDS = f"type {_CHANGEABLE}"


def _scope(call: Call) -> str | None:
    if call.path["application_id"] != call.bot_id:
        raise DiscordError(10002)
    guild_id = call.path.get("guild_id")
    if guild_id and guild_id not in {guild.id for guild in call.backend.world.bot_guilds}:
        raise DiscordError(50001)
    return guild_id


def _shown(call: Call, command: Json) -> Json:
    if call.query.get("with_localizations"):
        return {"name_localizations": None, "description_localizations": None, **command}
    return {name: value for name, value in command.items() if not name.endswith("_localizations")}


@routes.add("GET", _GLOBAL, reads="with_localizations")
@routes.add("GET", _GUILD, reads="with_localizations")
async def listed(call: Call) -> Answer:
    """Return the commands of a scope."""
    return 200, [_shown(call, command) for command in call.backend.commands.all(_scope(call))]


@routes.add("PUT", _GLOBAL, acts_on=_FIELDS)
@routes.add("PUT", _GUILD, acts_on=_FIELDS)
async def replace(call: Call) -> Answer:
    """Make these the commands of a scope."""
    return 200, call.backend.commands.replace(call.body, _scope(call))


@routes.add("POST", _GLOBAL, acts_on=_FIELDS)
@routes.add("POST", _GUILD, acts_on=_FIELDS)
async def create(call: Call) -> Answer:
    """Create a command, or overwrite that of the same name."""
    command, new = call.backend.commands.upsert(call.form, _scope(call))
    return 201 if new else 200, command


@routes.add("GET", _GLOBAL + "/{command_id}")
@routes.add("GET", _GUILD + "/{command_id}")
async def get(call: Call) -> Answer:
    """Return a command."""
    return 200, _shown(call, call.backend.commands.get(call.path["command_id"], _scope(call)))


@routes.add("PATCH", _GLOBAL + "/{command_id}", acts_on=_CHANGEABLE)
@routes.add("PATCH", _GUILD + "/{command_id}", acts_on=_CHANGEABLE)
async def change(call: Call) -> Answer:
    """Edit a command."""
    command, _ = call.backend.commands.upsert(call.form, _scope(call), call.path["command_id"])
    return 200, command


@routes.add("DELETE", _GLOBAL + "/{command_id}")
@routes.add("DELETE", _GUILD + "/{command_id}")
async def delete(call: Call) -> Answer:
    """Delete a command."""
    call.backend.commands.delete(call.path["command_id"], _scope(call))
    return 204, None
