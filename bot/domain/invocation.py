"""Invocations: which verb of a command is meant, and with what, whether it was typed or filled into fields.

What verbs a command has, their options, aliases and examples, is said where its slash commands are: a ``Topic`` is
made of those.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import UserError
from bot.messages.catalogue import N_

_FLAGS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}


@dataclass(frozen=True, slots=True)
class Invocation:
    """A verb by its name, with the ``words`` typed behind it or with ``options`` by their names.

    ``text`` is all that was typed, verb and words, for a verb that turns out to be the beginning of something else.
    """

    verb: str
    words: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    @classmethod
    def of(cls, verb: str, **options: object) -> "Invocation":
        """Make the invocation of a slash command; options that are None were left out."""
        return cls(verb, options={name: value for name, value in options.items() if value is not None})

    @property
    def wants_help(self) -> bool:
        """Whether it asks for help and nothing else."""
        return self.verb == "help" and not self.words


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be asked for.

    ``examples`` are typed after the topic's name, with or without the verb; ``spell`` turns what follows the verb
    into the fields of its slash command.
    """

    name: str
    description: str
    options: Sequence[str] = ()
    aliases: Sequence[str] = ()
    examples: Sequence[str] = ()
    spell: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Topic:
    """A command with its verbs; one of them, the ``default``, is meant where none is typed."""

    name: str
    description: str
    verbs: Mapping[str, Verb]
    default: str = ""
    introduction: str = ""

    def read(self, text: str) -> Invocation:
        """Tell the verb of what was typed from the words or options behind it."""
        text = text.strip()
        verb, words = self._verb(text)
        return Invocation(verb.name, words, by_name(words, verb.options), text)

    def spell(self, text: str) -> str:
        """Spell what is typed after the topic's name as its slash command."""
        verb, words = self._verb(text)
        return f"{self.name} {verb.name} {verb.spell(words)}".replace("  ", " ").rstrip()

    def _verb(self, text: str) -> tuple[Verb, str]:
        spellings = [(spelling, verb) for verb in self.verbs.values() for spelling in (verb.name, *verb.aliases)]
        for spelling, verb in sorted(spellings, key=lambda pair: -len(pair[0])):
            size = len(spelling.split())
            first = text.split(maxsplit=size)
            if spelling and " ".join(first[:size]).casefold() == spelling:
                return verb, first[size] if len(first) > size else ""
        return self.verbs[self.default], text


def by_name(words: str, options: Sequence[str]) -> Mapping[str, str]:
    """Parse ``when: 20m what: tea``, in any order; empty where the words do not begin with an option's name."""
    if not options:
        return {}
    names, flags = "|".join(map(re.escape, options)), re.IGNORECASE | re.ASCII
    if not re.match(rf"(?:{names}):", words, flags):  # searching a long text for names would be slow
        return {}
    pieces = re.split(rf"(?:\A|(?<=\s))({names}):\s*", words, flags=flags)
    return {name.casefold(): value.strip() for name, value in zip(pieces[1::2], pieces[2::2], strict=True)}


def flag(value: str | bool, example: str) -> bool:
    """Parse an option that is on or off. Raises ``UserError`` with the example."""
    if isinstance(value, bool):
        return value
    if value.casefold() not in _FLAGS:
        raise UserError(N_("“{quote}” is neither yes nor no."), example, quote=value[:40])
    return _FLAGS[value.casefold()]
