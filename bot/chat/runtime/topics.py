"""Topics: what discord.py's slash commands say of themselves, for typed reading, help and examples.

A slash command says in its ``extras`` what Discord has no field for: ``aliases``, ``examples``, how an example is
``spell``ed in its fields, and, of a group, its ``default`` verb and an ``introduction`` to its help.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.domain.invocation import Topic, Verb

Suggestions = Callable[[Any, discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]
Described = app_commands.Group | app_commands.Command[Any, ..., Any]

_topics: dict[str, Topic] = {}


def describe(command: Described) -> Topic:
    """Return the topic of a command or a group of them, and list it for help."""
    if isinstance(command, app_commands.Group):
        parts = [part for part in command.commands if isinstance(part, app_commands.Command)]
        verbs = {part.name: _verb(part.name, part) for part in parts}
        topic = Topic(command.name, command.description, verbs, **command.extras)
    else:
        topic = Topic(command.name, command.description, {"": _verb("", command)})
    return _topics.setdefault(topic.name, topic)


def suggest(group: app_commands.Group, option: str, suggestions: Suggestions) -> None:
    """Let every command of a group that has this option suggest values for it."""
    for command in group.commands:
        if isinstance(command, app_commands.Command) and command.get_parameter(option):
            command.autocomplete(option)(suggestions)


def into(field: str) -> Callable[[str], str]:
    """Spell all that is typed as one field of a slash command."""
    return lambda words: f"{field}: {words}" if words else ""


def topics() -> Mapping[str, Topic]:
    """Return all topics by name."""
    return _topics


def _verb(name: str, command: app_commands.Command[Any, ..., Any]) -> Verb:
    options = tuple(parameter.display_name for parameter in command.parameters)
    return Verb(name, command.description, options, **command.extras)
