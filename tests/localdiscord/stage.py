"""A stage on which every route has something to act on, and the bot may do everything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.localdiscord import permissions
from bot.localdiscord.interaction import COMPONENT
from bot.localdiscord.routes.table import ALL_ROUTES

if TYPE_CHECKING:
    from bot.localdiscord.local import LocalDiscord
    from bot.localdiscord.route import Route
    from tests.localdiscord.conftest import Rest

ROUTES = {route.name: route for route in ALL_ROUTES}


@dataclass
class Stage:
    """Knows the values for an address's parameters; `refused` sends a request, and returns the error."""

    local: LocalDiscord
    rest: Rest
    ids: dict[str, str]

    def address(self, route: Route, instead: dict[str, str] | None = None) -> str:
        """Return an address of a route at which something exists, or with other ids `instead`."""
        ids = self.ids
        if route.template.startswith("/webhooks/"):
            ids = ids | {"message_id": ids["webhook_message_id"]}
        if "/guilds/{guild_id}/commands/" in route.template:
            ids = ids | {"command_id": ids["guild_command_id"]}
        ids = ids | (instead or {})
        return re.sub(r"{(\w+)}", lambda name: ids[name[1]], route.template)

    def filled(self, body: Any) -> Any:
        """Return a body with existing ids in place of their names in braces."""
        if isinstance(body, dict):
            return {key: self.filled(inner) for key, inner in body.items()}
        if isinstance(body, list):
            return [self.filled(inner) for inner in body]
        return self.ids.get(body[1:-1], body) if isinstance(body, str) and body.startswith("{") else body

    async def ask(self, name: str, body: Any, **more: Any) -> tuple[int, Any]:
        """Send a body to a route by its name; every answer has Discord's form, and none is a crash."""
        route = ROUTES[name]
        status, answer = await self.rest(route.method, self.address(route), body, **more)
        assert status < 500, (name, body, answer)
        if status >= 400:
            assert set(answer) <= {"message", "code", "errors", "retry_after", "global"}, answer
            assert isinstance(answer["message"], str) and isinstance(answer["code"], int)
        return status, answer


async def build(local: LocalDiscord, rest: Rest) -> Stage:
    """Set the stage in the channel `random`."""
    local.limits.enabled = False
    for role in local.guild.roles.values():
        if role.bot_id:
            role.permissions |= permissions.BITS["ADMINISTRATOR"]
    channel, ann = local.channel("random"), local.person("ann")
    message = await rest.say("here", "random")
    await rest("PUT", f"/channels/{channel.id}/messages/{message['id']}/reactions/🍅/@me")
    await ann.join_voice(local.channel("Lounge"))
    _, command = await rest("POST", f"/applications/{local.bot.id}/commands", {"name": "go", "description": "Go"})
    guild_commands = f"/applications/{local.bot.id}/guilds/{local.guild.id}/commands"
    _, in_guild = await rest("POST", guild_commands, {"name": "here", "description": "Here"})
    _, webhook = await rest("POST", f"/channels/{channel.id}/webhooks", {"name": "Messenger"})
    posted = f"/webhooks/{webhook['id']}/{webhook['token']}"
    _, hooked = await rest("POST", posted, {"content": "news"}, params={"wait": "true"})
    local.interactions.answer_seconds = 3600
    pressed = {"component_type": 2, "custom_id": "x"}
    stored = local.world.messages[channel.id][message["id"]]
    waiting = local.interactions.start(COMPONENT, ann.user, channel, pressed, {"0": local.guild.id}, message=stored)
    ids = {
        "application_id": local.bot.id,
        "channel_id": channel.id,
        "command_id": command["id"],
        "emoji_name": "🍅",
        "guild_command_id": in_guild["id"],
        "guild_id": local.guild.id,
        "interaction_id": waiting.id,
        "interaction_token": waiting.token,
        "message_id": message["id"],
        "overwrite_id": ann.id,
        "role_id": local.guild.id,
        "user_id": ann.id,
        "webhook_id": webhook["id"],
        "webhook_message_id": hooked["id"],
        "webhook_token": webhook["token"],
    }
    return Stage(local, rest, ids)
