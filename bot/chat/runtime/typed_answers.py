"""Typed answers: the choice of a question that somebody names in words instead of pressing it.

In a reply to the question its buttons are at hand, as Discord sends what a message replies to. In direct messages
people write below it instead, so the last question there is remembered, in this process only, until something else
is written.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.chat.components.choice_menu import offered
from bot.chat.runtime.receipts import walk
from bot.engine.clock import Clock

# Seconds for which an answer below a question is looked for, and the most questions that are remembered.
_SECONDS, _MOST = 600.0, 1_000
# The most characters of an answer, and what counts in it: words, clocks and numbers of timers.
_LONGEST = 100
_WORD = re.compile(r"#?\w+(?:[:.,]\w+)*")
# Words that say nothing by themselves, unless they are all of a label.
_EMPTY = frozenset(
    {"a", "an", "the", "at", "for", "in", "on", "to", "until", "it", "me", "my", "i", "no", "not", "one"}
)
# Words that turn a label into its opposite: an answer without them may mean the rest of it.
_TURNING = frozenset({"all", "but", "except", "never", "no", "not", "without"})
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ORDINAL = re.compile(rf"(?:the )?(?P<ordinal>{'|'.join(_ORDINALS)}|last)(?: one| option| choice)?")


@dataclass(slots=True)
class AskedQuestion:
    """A question with the labels of its choices, and ``until`` when (monotonic) a message below it answers it.

    ``message_id`` is its message, once that is known.
    """

    number: int
    labels: Mapping[int, str]
    message_id: int | None = None
    until: float = 0.0


class TypedAnswers:
    """Knows which choice of a question a message names."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._direct: OrderedDict[int, AskedQuestion] = OrderedDict()

    def asking(self, channel_id: int, number: int, labels: Sequence[str]) -> AskedQuestion:
        """Remember the last question in somebody's direct messages, which is about to be posted."""
        question = AskedQuestion(number, dict(enumerate(labels)), until=self._clock.monotonic() + _SECONDS)
        self._direct[channel_id] = question
        self._direct.move_to_end(channel_id)
        while len(self._direct) > _MOST:
            self._direct.popitem(last=False)
        return question

    def answered(self, channel_id: int | None) -> None:
        """Forget the question in somebody's direct messages: what is written next is something new."""
        self._direct.pop(channel_id or 0, None)

    def read(self, message: discord.Message, own_id: int) -> tuple[AskedQuestion, int] | None:
        """Return the question that a message answers, and the choice; None where it is no answer."""
        below = self._direct.pop(message.channel.id, None) if message.guild is None else None
        replied_to = message.reference.resolved if message.reference else None
        if isinstance(replied_to, discord.Message) and replied_to.author.id == own_id:
            number, labels = offered(walk(replied_to.components))
            below = AskedQuestion(number, labels, replied_to.id)
        elif message.reference or (below and below.until <= self._clock.monotonic()):
            return None
        choice = choice_named(message.content, below.labels) if below else None
        return None if below is None or choice is None else (below, choice)


def choice_named(answer: str, labels: Mapping[int, str]) -> int | None:
    """Return the number of the only choice that an answer names, by its label, by words of it or by its place.

    A number by itself is a timer's or an hour, *#2* and *9:00*, but no length: *25* may be 25 of anything.
    """
    if len(answer) > _LONGEST:
        return None
    words, plain = _words(answer), " ".join(_words(answer))
    exact = [number for number, label in labels.items() if words and _words(label) == words]
    if len(exact) == 1:
        return exact[0]
    if place := _ORDINAL.fullmatch(plain):
        numbers = sorted(labels)
        at = len(numbers) - 1 if place["ordinal"] == "last" else _ORDINALS.index(place["ordinal"])
        return numbers[at] if at < len(numbers) else None
    if not set(words) - _EMPTY:
        return None
    wanted = {f"#{plain}", f"{plain}:00"} if plain.isdecimal() else set()
    fitting = [number for number, label in labels.items() if _names_part(set(words), wanted, set(_words(label)))]
    return fitting[0] if len(fitting) == 1 else None


def _names_part(words: set[str], wanted: set[str], label: set[str]) -> bool:
    return bool(wanted & label) if wanted else label & _TURNING <= words <= label


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
