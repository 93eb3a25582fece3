"""Topics: metadata of discord.py's slash commands, for typed commands, help and examples.

A slash command says in its ``extras`` what Discord has no field for: ``aliases``, ``examples``, how an example is
``spell``ed in its fields where it has several, what is done where one is ``pressed``, further options that are
``typed`` by their names, and, of a group, its ``default`` verb, its other names with the words that each puts in
front (its ``aliases``), and an ``introduction`` to its help.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.suggestions import Suggestions
from bot.domain.invocation import Topic, Verb
from bot.messages.catalogue import gettext

Suggest = Callable[[Any, discord.Interaction, str], Coroutine[Any, Any, Suggestions]]
Command = app_commands.Command[Any, ..., Any]
Grouped = app_commands.Group | type[commands.GroupCog]

_topics: dict[str, Topic] = {}
# The ids that Discord has given to our slash commands, by name.
_ids: dict[str, int] = {}


def describe(described: Command | Grouped) -> Topic:
    """Return the topic of a command or a group of them, and list it for help."""
    if isinstance(described, app_commands.Command):
        topic = Topic(described.name, described.description, {"": _verb("", described)})
    else:
        verbs = {command.name: _verb(command.name, command) for command in _commands(described)}
        if isinstance(described, app_commands.Group):
            topic = Topic(described.name, described.description, verbs, **described.extras)
        else:
            name, description = described.__cog_group_name__, described.__cog_group_description__
            topic = Topic(str(name), str(description), verbs, **described.__cog_group_extras__)
    return _topics.setdefault(topic.name, topic)


def suggest(group: Grouped, option: str, suggestions: Suggest) -> None:
    """Let every command of a group that has this option suggest values for it."""
    for command in _commands(group):
        if command.get_parameter(option):
            command.autocomplete(option)(suggestions)


def into(field: str) -> Callable[[str], str]:
    """Spell typed words as a single field of a slash command."""
    return lambda words: f"{field}: {words}" if words else ""


def by_field(fields: Callable[[str], Mapping[str, str]]) -> Callable[[str], str]:
    """Spell typed words as several fields of a slash command, without the empty ones."""
    return lambda words: " ".join(f"{name}: {value}" for name, value in fields(words).items() if value)


def topics() -> Mapping[str, Topic]:
    """Return all topics by name."""
    return _topics


def learn_ids(registered: Iterable[Mapping[str, Any]]) -> None:
    """Learn the ids of our commands from what Discord has registered; no others are known from then on."""
    _ids.clear()
    _ids.update((command["name"], int(command["id"])) for command in registered)


def in_words(line: str) -> str:
    """Say in plain words what a whole request does: *Cancel a timer: tea*."""
    name, _, typed = line.partition(" ")
    verb, words = _topics[name].parts(typed)
    what = gettext(verb.description).rstrip(".")
    return gettext("{what}: {words}", what=what, words=words) if words else what


def mention(example: str) -> str | None:
    """Return a mention of an example's slash command, which opens it when clicked; None where its id is unknown.

    It carries no options. Source: https://discord.com/developers/docs/reference#message-formatting
    """
    name, _, words = example.partition(" ")
    topic = _topics.get(name)
    if topic is None or name not in _ids:
        return None
    parts = topic.spell(words).split()[: 2 if len(topic.verbs) > 1 else 1]
    return f"</{' '.join(parts)}:{_ids[name]}>"


def _commands(group: Grouped) -> list[Command]:
    parts = group.commands if isinstance(group, app_commands.Group) else group.__cog_app_commands__
    return [part for part in parts if isinstance(part, app_commands.Command)]


def _verb(name: str, command: Command) -> Verb:
    options = tuple(parameter.display_name for parameter in command.parameters)
    spell = {"spell": into(options[0])} if len(options) == 1 else {}
    return Verb(name, command.description, options, **(spell | command.extras))
