"""Invocations: which verb of a command is meant, and with what, whether it was typed or filled into fields.

A command's verbs, options, aliases and examples are declared with its slash commands, which a ``Topic`` is
made of.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain import spelling
from bot.domain.errors import UserError
from bot.domain.time.plain import INVISIBLE
from bot.messages.catalogue import N_

# The most characters in which a verb is looked for.
_LONGEST_VERB = 60
# Shorter words are one slip from too many others.
_SHORTEST_MISSPELT = 4
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
        """Whether it asks for help and nothing else; a topic needs no verb for that."""
        return (self.verb == "help" and not self.words) or self.text.rstrip(" .!?").casefold() == "help"


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be asked for.

    ``options`` are the fields of its slash command; ``typed`` are further ones that can be typed by their names.
    ``examples`` are typed after the topic's name, with or without the verb; ``pressed`` has what the button of one
    does that names something made up: ``cancel`` for ``cancel #12``. ``spell`` turns what follows the verb into the
    fields of its slash command.
    """

    name: str
    description: str
    options: Sequence[str] = ()
    aliases: Sequence[str] = ()
    examples: Sequence[str] = ()
    spell: Callable[[str], str] = str
    typed: Sequence[str] = ()
    pressed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """A command with its verbs; one of them, the ``default``, is meant where none is typed.

    ``aliases`` are other names for it, each with the words that it puts in front of what is typed behind it.
    """

    name: str
    description: str
    verbs: Mapping[str, Verb]
    default: str = ""
    introduction: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)

    def called(self, alias: str, text: str, alone: str = "") -> Invocation:
        """Read what was typed behind the topic's name or an alias; ``alone`` stands for no words at all."""
        return self.read(f"{self.aliases.get(alias.casefold(), '')} {text}".strip() or alone)

    def read(self, text: str) -> Invocation:
        """Split what was typed into its verb and the words or options behind it."""
        text = text.strip()
        verb, words = self.parts("help" if text == "?" and "help" in self.verbs else self._unpunctuated(text))
        return Invocation(verb.name, words, by_name(words, (*verb.options, *verb.typed)), text)

    def spell(self, text: str) -> str:
        """Spell what is typed after the topic's name as its slash command."""
        verb, words = self.parts(text)
        return f"{self.name} {verb.name} {verb.spell(words)}".replace("  ", " ").rstrip()

    def misspelt(self, word: str) -> list[tuple[Verb, str]]:
        """Return the verbs that a word is one slip from, each with its right spelling."""
        if not (_SHORTEST_MISSPELT <= len(word) <= spelling.LONGEST and word.isalpha()):
            return []
        slips = (
            (verb, right)
            for verb in self.verbs.values()
            for right in (verb.name, *verb.aliases)
            if len(right) >= _SHORTEST_MISSPELT and spelling.is_slip(word, right)
        )
        return list({verb.name: (verb, right) for verb, right in slips}.values())

    def inflected(self, word: str) -> list[Verb]:
        """Return the verbs that a word is another form of: *stopped*, *pausing*."""
        return [
            verb
            for verb in self.verbs.values()
            if any(spelling.is_form(word, right) for right in (verb.name, *verb.aliases) if right.isalpha())
        ]

    def _unpunctuated(self, text: str) -> str:
        """Take the marks from the end of a verb that is typed alone: ``list?``, but not from ``prefix ?``."""
        bare = text.rstrip(" .!?") if len(text) <= _LONGEST_VERB else ""
        spellings = {words: verb for verb in self.verbs.values() for words in (verb.name, *verb.aliases)}
        verb = spellings.get(bare.casefold()) if bare else None
        is_mark = verb is not None and not (verb.options and text.startswith(f"{bare} "))
        return bare if is_mark else text

    def parts(self, text: str) -> tuple[Verb, str]:
        """Split what is typed into its verb, or the default, and the words behind it."""
        spellings = [(words, verb) for verb in self.verbs.values() for words in (verb.name, *verb.aliases)]
        head = text[:_LONGEST_VERB]
        for words, verb in sorted(spellings, key=lambda pair: -len(pair[0])):
            size = len(words.split())
            if words and " ".join(head.split(maxsplit=size)[:size]).casefold() == words:
                pieces = text.split(maxsplit=size)
                return verb, pieces[size] if len(pieces) > size else ""
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


def as_typed(prefix: str, text: str) -> str:
    """Return a prefix as a text begins with it, among characters that nobody sees; else the prefix itself."""
    match = re.match(rf"[{INVISIBLE}]{{0,9}}{re.escape(prefix)}[{INVISIBLE}]{{0,9}}", text)
    return match[0] if match else prefix


def flag(value: str | bool, example: str | None = None) -> bool:
    """Parse an option that is on or off. Raises ``UserError`` with the example, if any."""
    if isinstance(value, bool):
        return value
    if value.casefold() not in _FLAGS:
        raise UserError(N_("Is “{quote}” a yes or a no? Please say one of them."), example, quote=value[:40])
    return _FLAGS[value.casefold()]
