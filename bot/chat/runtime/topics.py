"""Topics: metadata of discord.py's slash commands, for typed commands, help and examples.

A slash command says in its ``extras`` what Discord has no field for: ``aliases``, ``examples``, how an example is
``spell``ed in its fields where it neither fills its only one nor is a flag's name, what is done where one is
``pressed``, further options that are ``typed`` by their names, and, of a group, its ``default`` verb, its other
names with the words that each puts in front (its ``aliases``), and an ``introduction`` to its help; of a command
without verbs, what it is ``also_called``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from discord import app_commands

from bot.domain.invocation import Topic, Verb
from bot.messages.catalogue import gettext

Command = app_commands.Command[Any, ..., Any]

_topics: dict[str, Topic] = {}
# The ids that Discord has given to our slash commands, by name.
_ids: dict[str, int] = {}


class MadeUp(str):
    """An example that names something made up, so that its button does the bare verb."""

    __slots__ = ()


def describe(described: Command | app_commands.Group) -> Topic:
    """Return the topic of a command or a group of them, and list it for help."""
    if isinstance(described, app_commands.Command):
        aliases = dict.fromkeys(described.extras.pop("also_called", ()), "")
        topic = Topic(described.name, described.description, {"": _verb("", described)}, aliases=aliases)
    else:
        verbs = {command.name: _verb(command.name, command) for command in commands_of(described)}
        topic = Topic(described.name, described.description, verbs, **described.extras)
    return _topics.setdefault(topic.name, topic)


def commands_of(described: Command | app_commands.Group) -> list[Command]:
    """Return the commands of a group, or the only one."""
    parts = described.commands if isinstance(described, app_commands.Group) else [described]
    return [part for part in parts if isinstance(part, app_commands.Command)]


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
    """Return a mention of an example's slash command, which opens it when clicked; None if its id is unknown.

    It carries no options. Source: https://discord.com/developers/docs/reference#message-formatting
    """
    name, _, words = example.partition(" ")
    topic = _topics.get(name)
    if topic is None or name not in _ids:
        return None
    parts = topic.spell(words).split()[: 2 if len(topic.verbs) > 1 else 1]
    return f"</{' '.join(parts)}:{_ids[name]}>"


def _verb(name: str, command: Command) -> Verb:
    options = tuple(parameter.display_name for parameter in command.parameters)

    def spell(words: str) -> str:
        return f"{words}: True" if words in options else words

    spelling = into(options[0]) if len(options) == 1 else spell
    return Verb(name, command.description, options, **({"spell": spelling} | command.extras))
