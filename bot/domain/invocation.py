"""Invocations: which verb of a command is meant, and with what, whether it was typed or filled into fields.

A command's verbs, options, aliases and examples are declared with its slash commands, which a ``Topic`` is
made of.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain import courtesy, spelling
from bot.domain.errors import UserError
from bot.domain.time.plain import INVISIBLE
from bot.messages.catalogue import N_

# A verb is looked for in this many characters, and has at most this many words.
_LONGEST_VERB, _MOST_WORDS = 60, 8
# Shorter words are one slip from too many others, unless they are no words at all: *lst*.
_SHORTEST_MISSPELT = 4
# Words that are one slip from a verb, but never one.
_NO_SLIPS = {"till"}
# The marks of code around all of a text.
_CODE = re.compile(r"\A(`{1,3})([^`]+)\1\Z")
# Numbers of keys, before a unit: 5️⃣ min, 🔟 min.
_KEYCAPS = re.compile("((?:\\d\ufe0f?\u20e3)+|\U0001f51f)(?= ?[hms])", re.IGNORECASE)
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
    fields of its slash command. What is typed behind one that ``is_verbatim`` is somebody's own text, to the end.
    """

    name: str
    description: str
    options: Sequence[str] = ()
    aliases: Sequence[str] = ()
    examples: Sequence[str] = ()
    spell: Callable[[str], str] = str
    typed: Sequence[str] = ()
    pressed: Mapping[str, str] = field(default_factory=dict)
    is_verbatim: bool = False


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
        text = in_digits(_CODE.sub(r"\2", text.strip()))
        verb, words = self.parts("help" if text == "?" and "help" in self.verbs else self._unpunctuated(text))
        options = by_name(words, (*verb.options, *verb.typed))
        if not (options or verb.is_verbatim) and (bare := courtesy.without_please(text)) != text:
            return self.read(bare)
        return Invocation(verb.name, words, options, text)

    def spell(self, text: str) -> str:
        """Spell the words after the topic's name as its slash command."""
        verb, words = self.parts(text)
        return f"{self.name} {verb.name} {verb.spell(words)}".replace("  ", " ").rstrip()

    def misspelt(self, word: str) -> list[tuple[Verb, str]]:
        """Return the verbs that a word is one slip from, each with its right spelling."""
        if not word.isalpha() or len(word) > spelling.LONGEST or word.casefold() in _NO_SLIPS:
            return []
        if len(word) < _SHORTEST_MISSPELT and not spelling.has_no_vowel(word):
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
        before = courtesy.BEFORE.match(bare)
        verb = self._spellings().get(bare[before.end() if before else 0 :].casefold()) if bare else None
        is_mark = verb is not None and not (verb.options and text.startswith(f"{bare} "))
        return bare if is_mark else text

    def parts(self, text: str) -> tuple[Verb, str]:
        """Split what is typed into its verb, or the default, and the words behind it.

        Courtesy before a verb says nothing: *can you please pause tea*.
        """
        if before := courtesy.BEFORE.match(text[:_LONGEST_VERB]):
            verb, words = self._parts(text[before.end() :])
            if words != text[before.end() :]:
                return verb, words
        return self._parts(text)

    def _parts(self, text: str) -> tuple[Verb, str]:
        spellings, head = self._spellings(), text[:_LONGEST_VERB]
        first = head.split(maxsplit=_MOST_WORDS)[:_MOST_WORDS]
        for size in range(len(first), 0, -1):
            typed = " ".join(first[:size]).casefold().lstrip("!/")
            named = typed.removesuffix(":")
            verb = spellings.get(typed if named in self.verbs[self.default].typed else named)
            if verb:
                pieces = text.split(maxsplit=size)
                return verb, pieces[size] if len(pieces) > size else ""
        return self.verbs[self.default], text

    def _spellings(self) -> dict[str, Verb]:
        return {words: verb for verb in self.verbs.values() for words in (verb.name, *verb.aliases) if words}


def by_name(words: str, options: Sequence[str]) -> Mapping[str, str]:
    """Parse ``when: 20m what: tea``, in any order; empty if the words do not begin with an option's name.

    It may be written as other programs have it, too: ``when=20m``, ``--when 20m``.
    """
    if not options:
        return {}
    names, flags = "|".join(map(re.escape, options)), re.IGNORECASE | re.ASCII
    name = rf"(?:(?:--)?({names})[:=]|--({names})(?!\S))"
    if not re.match(name, words, flags):  # searching a long text for names would be slow
        return {}
    pieces = re.split(rf"(?:\A|(?<=\s)){name}\s*", words, flags=flags)
    named = zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
    return {(marked or flagged).casefold(): value.strip() for marked, flagged, value in named}


def in_digits(text: str) -> str:
    """Return a text with digits for keys before a unit: *5️⃣ min*."""
    return _KEYCAPS.sub(lambda keys: "".join(filter(str.isdecimal, keys[0])) or "10", text)


def as_typed(prefix: str, text: str) -> str:
    """Return a prefix as a text begins with it, among characters that nobody sees; else the prefix itself."""
    match = re.match(rf"[{INVISIBLE}]{{0,9}}{re.escape(prefix)}[{INVISIBLE}]{{0,9}}", text)
    return match[0] if match else prefix


def flag(value: str | bool, example: str | None = None) -> bool:
    """Parse an option that is on or off. Raises ``UserError`` with the example, if any."""
    if isinstance(value, bool):
        return value
    if value.casefold() not in _FLAGS:
        raise UserError(N_("Is “{quote}” a yes or a no?"), example, quote=value[:40])
    return _FLAGS[value.casefold()]
