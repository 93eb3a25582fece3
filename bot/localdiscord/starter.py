"""The start of an interaction: what Discord asks before a press, a command or a form goes to the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import installs, invocation, modals
from bot.localdiscord.components import walk
from bot.localdiscord.controls import SELECTS
from bot.localdiscord.errors import DiscordError, invalid
from bot.localdiscord.interaction import COMPONENT, MODAL_SUBMIT, Interaction

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.commands import Commands
    from bot.localdiscord.interactions import Interactions
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World


class Starter:
    """Starts interactions as a client's request does; each raises 50013 for a member who is timed out."""

    def __init__(self, world: World, commands: Commands, interactions: Interactions) -> None:
        self._world = world
        self._commands = commands
        self._interactions = interactions

    def component(
        self, user: User, channel_id: str, message_id: str, data: Json, nonce: str | None = None
    ) -> Interaction:
        """Start a component's interaction; raise 50035 where it is gone, disabled or refuses the values."""
        message = self._world.seen(channel_id, message_id, user.id)
        channel = self._world.channel(channel_id)
        self._world.require_not_timed_out(channel, user.id)
        named = {part["custom_id"]: part for part in walk(message.components) if "custom_id" in part}
        part = named.get(str(data.get("custom_id")))
        if part is None or part.get("disabled"):
            raise invalid("data.custom_id", "COMPONENT_VALIDATION_FAILED", "Component validation failed")
        sent: Json = {"id": part["id"], "component_type": part["type"], "custom_id": part["custom_id"]}
        if part["type"] in SELECTS:
            values = [str(value) for value in data.get("values") or []]
            offered = {option["value"] for option in part.get("options", [])}
            wrong = part["type"] == SELECTS[0] and not set(values) <= offered
            if wrong or not part["min_values"] <= len(values) <= part["max_values"]:
                raise invalid("data.values", "COMPONENT_VALIDATION_FAILED", "Component validation failed")
            sent["values"] = values
            if part["type"] != SELECTS[0]:
                sent["resolved"] = invocation.entities(self._world, channel, values, values, values)
        owners = installs.of_component(self._world, user, channel, message)
        return self._interactions.start(COMPONENT, user, channel, sent, owners, message=message, nonce=nonce)

    def command(self, user: User, kind: int, channel: Channel, data: Json, nonce: str | None = None) -> Interaction:
        """Start a command's interaction.

        Raise 10063 for a command that is unknown or not offered here, 50001 or 50013 without leave to use it, 10008
        and 10013 for an unknown target.
        """
        definition = self._commands.usable(str(data.get("id")), channel.guild_id)
        self._world.require_not_timed_out(channel, user.id)
        granted = self._world.permissions(channel, user.id)
        wanted = int(definition["default_member_permissions"] or 0)
        self._world.require_available(channel)
        if not self._world.may(channel, user.id, "VIEW_CHANNEL", "USE_APPLICATION_COMMANDS"):
            raise DiscordError(50001)
        if channel.guild_id and (wanted & ~granted or definition["default_member_permissions"] == "0"):
            raise DiscordError(50013)
        owners = installs.of_command(self._world, user, channel, definition)
        if not owners:
            raise DiscordError(10063)
        if definition["type"] == invocation.MESSAGE_COMMAND:
            # an ephemeral message is no target
            self._world.message(channel.id, str(data.get("target_id")))
        elif definition["type"] == invocation.USER_COMMAND:
            self._world.user(str(data.get("target_id")))
        sent: Json = {"id": definition["id"], "name": definition["name"], "type": definition["type"]}
        sent |= {name: data[name] for name in ("options", "target_id", "guild_id") if data.get(name) is not None}
        if resolved := invocation.resolved(self._world, channel, sent):
            sent["resolved"] = resolved
        return self._interactions.start(kind, user, channel, sent, owners, nonce=nonce)

    def submit(self, user: User, modal_id: str, components: list[Json], nonce: str | None = None) -> Interaction:
        """Start a modal's interaction; raise 10062 for an unknown modal, 50035 for values that it refuses."""
        opener = self._interactions.opened(modal_id)
        self._world.require_not_timed_out(opener.channel, user.id)
        modal = opener.modal or {}
        try:
            checked = modals.filled(modal["components"], modals.values(components))
        except ValueError as error:
            raise invalid("data.components", "BASE_TYPE_BAD_VALUE", str(error)) from None
        data: Json = {"id": "0", "custom_id": modal["custom_id"], "components": checked}
        entities = modals.picked(modal["components"], modals.values(components))
        if resolved := invocation.entities(self._world, opener.channel, entities, entities, entities):
            data["resolved"] = resolved
        return self._interactions.start(
            MODAL_SUBMIT,
            user,
            opener.channel,
            data,
            opener.owners,
            message=opener.message,
            trigger=opener,
            nonce=nonce,
        )
