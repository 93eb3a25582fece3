"""Invocations: what a person's client makes of a command line, checked against the command's definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.localdiscord.channel import Channel
from bot.localdiscord.definition import GROUP, SUBCOMMAND
from bot.localdiscord.user import User

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
USER_COMMAND, MESSAGE_COMMAND = 2, 3
_CASTS: dict[int, Callable[[Any], Any]] = {INTEGER: int, BOOLEAN: bool, NUMBER: float}


def data_of(command: Json, words: list[str], given: dict[str, Any], focused: str | None = None) -> Json:
    """Return an interaction's `data` for a command line such as `poll open title:lunch`.

    `words` are the names after the command's own (group, subcommand).  Raises ValueError with a sentence for
    what a client would not let through: unknown or missing options, values out of range or not among the
    choices.
    """
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    inner, offered = data, command.get("options") or []
    for word in words:
        step = next(
            (option for option in offered if option["name"] == word and option["type"] in {SUBCOMMAND, GROUP}), None
        )
        if step is None:
            known = ", ".join(option["name"] for option in offered)
            raise ValueError(f"/{command['name']} has no {word!r}; it has {known or 'nothing within'}.")
        deeper: Json = {"type": step["type"], "name": word}
        inner["options"] = [deeper]
        inner, offered = deeper, step.get("options") or []
    if any(option["type"] in {SUBCOMMAND, GROUP} for option in offered):
        names = ", ".join(option["name"] for option in offered)
        raise ValueError(f"/{' '.join([command['name'], *words])} needs one of {names}.")
    definitions = {option["name"]: option for option in offered}
    if unknown := set(given) - set(definitions):
        raise ValueError(
            f"/{command['name']} has no option {', '.join(sorted(unknown))}; it has {', '.join(definitions)}."
        )
    if focused is None and (
        missing := [
            name for name, option in definitions.items() if option.get("required") and given.get(name) is None
        ]
    ):
        raise ValueError(f"/{command['name']} requires {', '.join(missing)}.")
    values = [_option(definitions[name], value, focused) for name, value in given.items() if value is not None]
    if values or inner is not data:
        inner["options"] = values
    return data


def _option(definition: Json, value: Any, focused: str | None) -> Json:
    name, kind = definition["name"], definition["type"]
    if name == focused:
        if not definition.get("autocomplete"):
            raise ValueError(f"The option {name} has no autocomplete.")
        return {"type": kind, "name": name, "value": str(value), "focused": True}
    if isinstance(value, User | Channel) or hasattr(value, "id"):
        value = str(value.id)
    value = _CASTS.get(kind, str)(value)
    if kind == STRING:
        _within(name, len(value), definition.get("min_length", 0), definition.get("max_length", 6000))
    elif kind in {INTEGER, NUMBER}:
        _within(name, value, definition.get("min_value", -(2**53)), definition.get("max_value", 2**53))
    return {"type": kind, "name": name, "value": _chosen(definition, value)}


def _chosen(definition: Json, value: Any) -> Any:
    """Return the value of a choice, which people pick by the name they read."""
    choices = definition.get("choices")
    if not choices or value in [choice["value"] for choice in choices]:
        return value
    for choice in choices:
        if choice["name"] == value:
            return choice["value"]
    raise ValueError(f"{definition['name']} must be one of {', '.join(str(choice['name']) for choice in choices)}.")


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low} and {high}, not {value}.")


def parts_of(data: Json) -> tuple[list[str], dict[str, Any], str | None]:
    """Return the words, the values by option, and the option being typed, of an interaction's `data`."""
    words: list[str] = []
    options = data.get("options") or []
    while options and options[0]["type"] in {SUBCOMMAND, GROUP}:
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    focused = next((option["name"] for option in options if option.get("focused")), None)
    return words, {option["name"]: option.get("value") for option in options}, focused


def leaves(options: list[Json]) -> list[Json]:
    """Return the options that carry values, out of groups and subcommands."""
    out: list[Json] = []
    for option in options:
        out += leaves(option.get("options") or []) if option["type"] in {SUBCOMMAND, GROUP} else [option]
    return out


def resolved(world: World, channel: Channel, data: Json) -> Json:
    """Return `resolved`: the users, members, channels, roles and messages that options or a target name."""
    ids = {
        kind: [str(option["value"]) for option in leaves(data.get("options") or []) if option["type"] == kind]
        for kind in (USER, CHANNEL, ROLE, MENTIONABLE)
    }
    target = data.get("target_id")
    users = ids[USER] + ids[MENTIONABLE] + ([target] if target and data["type"] == USER_COMMAND else [])
    out = entities(world, channel, users, ids[ROLE] + ids[MENTIONABLE], ids[CHANNEL])
    if target and data["type"] == MESSAGE_COMMAND:
        message = world.messages[channel.id].get(target)
        if message:
            out["messages"] = {target: message.wire(world, deep=False)}
    return out


def entities(world: World, channel: Channel, users: list[str], roles: list[str], channels: list[str]) -> Json:
    """Return the `resolved` form of some users (with their memberships), roles and channels.

    Empty kinds are left out.
    """
    guild = world.guild_of(channel)
    out: Json = {"users": {}, "members": {}, "roles": {}, "channels": {}}
    for user_id in users:
        if user_id in world.users:
            out["users"][user_id] = world.users[user_id].wire()
            if guild and (member := guild.members.get(user_id)):
                granted = str(world.permissions(channel, user_id))
                wire = member.wire(with_user=False) | {"permissions": granted}
                out["members"][user_id] = {
                    name: value for name, value in wire.items() if name not in {"mute", "deaf"}
                }
    for role_id in roles:
        if guild and role_id in guild.roles:
            out["roles"][role_id] = guild.roles[role_id].wire()
    for channel_id in channels:
        if place := world.channels.get(channel_id):
            out["channels"][channel_id] = place.wire() | {"permissions": "0"}
    return {kind: entities for kind, entities in out.items() if entities}
