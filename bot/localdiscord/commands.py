"""Application commands: what the bot has registered, globally and for single guilds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.localdiscord import definition
from bot.localdiscord.definition import CHAT_INPUT, MESSAGE, USER
from bot.localdiscord.errors import DiscordError, Form
from bot.localdiscord.installs import BY_GUILD, BY_USER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.localdiscord.archive import Archive
    from bot.localdiscord.events import Events
    from bot.localdiscord.limits import Limits
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

_MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
"""How many commands of a type one scope may have."""
_DUPLICATE = "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
_KEPT = (
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "default_member_permissions",
    "dm_permission",
    "contexts",
    "integration_types",
    "nsfw",
    "options",
)


class Commands:
    """The registered commands by id; a command keeps its id as long as its scope, type and name stay."""

    def __init__(self, world: World, events: Events, archive: Archive, limits: Limits) -> None:
        self._world = world
        self._events = events
        self._archive = archive
        self._limits = limits
        self._commands: dict[str, Json] = {}

    def restore(self, commands: list[Json]) -> None:
        """Restore commands from the archive."""
        self._commands = {command["id"]: command for command in commands}

    def all(self, guild_id: str | None = None) -> list[Json]:
        """Return the commands of one scope: global (None) or a guild's."""
        return [command for command in self._commands.values() if command.get("guild_id") == guild_id]

    def everywhere(self) -> list[Json]:
        """Return the commands of all scopes."""
        return list(self._commands.values())

    def get(self, command_id: str, guild_id: str | None = None) -> Json:
        """Return a command of one scope; raise 10063."""
        command = self._commands.get(command_id)
        if command is None or command.get("guild_id") != guild_id:
            raise DiscordError(10063)
        return command

    def usable(self, command_id: str, guild_id: str | None) -> Json:
        """Return a command that is global or of a guild; raise 10063."""
        command = self._commands.get(command_id)
        if command is None or command.get("guild_id") not in {None, guild_id}:
            raise DiscordError(10063)
        return command

    def replace(self, raws: list[Json], guild_id: str | None = None) -> list[Json]:
        """Make these the commands of a scope, as PUT does."""
        form = Form()
        _check_count(raw.get("type") or CHAT_INPUT for raw in raws)
        seen: set[tuple[int, str]] = set()
        for index, raw in enumerate(raws):
            definition.check(form, str(index), raw)
            key = (raw.get("type") or CHAT_INPUT, str(raw.get("name")))
            if key in seen:
                form.fail(str(index), *_DUPLICATE)
            seen.add(key)
        form.raise_if_any()
        there = self._by_name(guild_id)
        self._check_creates(guild_id, sum(key not in there for key in seen))
        kept = [self._store(raw, guild_id) for raw in raws]
        for old in self.all(guild_id):
            if old not in kept:
                self._drop(old["id"])
        self._tell()
        return kept

    def upsert(self, raw: Json, guild_id: str | None = None, command_id: str | None = None) -> tuple[Json, bool]:
        """Create a command, or overwrite that of the same name; return it and whether it is new."""
        there = self._by_name(guild_id)
        if command_id:
            raw = {**self.get(command_id, guild_id), **raw}
        key = (raw.get("type") or CHAT_INPUT, raw["name"])
        form = Form()
        definition.check(form, "", raw)
        if command_id and there.get(key, command_id) != command_id:
            form.fail("name", *_DUPLICATE)
        form.raise_if_any()
        if not command_id:
            _check_count(kind for kind, _ in {*there, key})
            self._check_creates(guild_id, int(key not in there))
        known = set(self._commands)
        command = self._store(raw, guild_id, command_id)
        self._tell()
        return command, command["id"] not in known

    def _by_name(self, guild_id: str | None) -> dict[tuple[int, str], str]:
        """Return the ids of a scope's commands by what no two of them share."""
        return {(command["type"], command["name"]): command["id"] for command in self.all(guild_id)}

    def _check_creates(self, guild_id: str | None, count: int) -> None:
        """Count new commands; raise 30034 where there are too many in a day."""
        for _ in range(count):
            if self._limits.hidden("create command", guild_id or ""):
                raise DiscordError(30034)

    def delete(self, command_id: str, guild_id: str | None = None) -> None:
        """Delete a command; raise 10063."""
        self._drop(self.get(command_id, guild_id)["id"])
        self._tell()

    def _store(self, raw: Json, guild_id: str | None, command_id: str | None = None) -> Json:
        kind = raw.get("type") or CHAT_INPUT
        key = (kind, raw["name"])
        same = next((command for command in self.all(guild_id) if (command["type"], command["name"]) == key), None)
        if command_id:
            same = self._commands[command_id]
        next_id = self._world.snowflakes.next
        command: Json = {
            "id": same["id"] if same else next_id(),
            "application_id": self._world.bot.id,
            "type": kind,
            "default_member_permissions": None,
            "description": "",
            "nsfw": False,
            "contexts": None,
            # a global command that names none takes those that the application offers
            "integration_types": [BY_GUILD] if guild_id else [BY_GUILD, BY_USER],
        }
        if guild_id:
            command["guild_id"] = guild_id
        else:
            command["dm_permission"] = True
        command |= {name: raw[name] for name in _KEPT if raw.get(name) is not None}
        if (permissions := command["default_member_permissions"]) is not None:
            command["default_member_permissions"] = str(permissions)
        command["options"] = [_option(option) for option in command.get("options", [])]
        if not command["options"]:
            del command["options"]
        unchanged = same is not None and {**same, "version": 0} == {**command, "version": 0}
        command["version"] = same["version"] if same and unchanged else next_id()
        self._commands[command["id"]] = command
        self._archive.put("command", command["id"], command)
        return command

    def _drop(self, command_id: str) -> None:
        del self._commands[command_id]
        self._archive.drop("command", command_id)

    def _tell(self) -> None:
        self._events.emit("COMMANDS", {"commands": self.everywhere()}, person_only=True)


def _option(raw: Json) -> Json:
    kept = {name: value for name, value in raw.items() if value is not None and (value != [] or name == "options")}
    if "options" in kept:
        kept["options"] = [_option(inner) for inner in kept["options"]]
        if not kept["options"]:
            del kept["options"]
    return kept


def _check_count(kinds: Iterable[int]) -> None:
    """Raise 30032 where there would be too many commands of a type."""
    for kind, count in Counter(kinds).items():
        if count > _MOST.get(kind, 0):
            raise DiscordError(30032)
