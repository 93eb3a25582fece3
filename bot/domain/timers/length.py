"""Lengths at the front or the end of what names a timer, with or without a unit."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import BadDuration, UserError
from bot.domain.question import Question
from bot.domain.time import duration
from bot.domain.time.plain import plain, with_digits
from bot.domain.timers import choices, name
from bot.messages.catalogue import N_

_NUMBER = re.compile(r"\+?(?:\d{1,9}(?:[.,]\d{1,9})?|[.,]\d{1,9})")
_BEFORE = re.compile(
    r"(?:(?:\A| )(?:for|in))?"
    r"(?:(?:\A| )(?:about|around|approx(?:\.|imately)?|roughly|at least|at most|up to|exactly|only|like|just|maybe)"
    r"|(?<=\S) (?:ca\.?|circa|max\.?|maximum))?"
    r"(?:[ ,;=~@<\N{RIGHTWARDS ARROW}-]|(?<=-)>)*\Z",
    re.IGNORECASE,
)
# A length in brackets, at either end: tea (5m).
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,30})[)\]]\Z|\A[(\[]([^()\[\]]{1,30})[)\]](?= )")
_ABOUT = re.compile(r"(?<!\S)~ ?(?=\d)|(?:(?<=\d)|(?<=\d[hm])|(?<=min)|(?<=minutes))[ -]?ish(?!\S)", re.IGNORECASE)
_OPEN = re.compile(r"(?:\A| )'")
_BEHIND = re.compile(r"[ ,:;-]*(?:timer\W*\Z|(?:timer )?(?:for|of|on|called|named) )?", re.IGNORECASE)
_LED = re.compile(r"(?:for|in) (?=\S)", re.IGNORECASE)
_NUMBER_AND_LETTERS = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)(?:[^\W\d_]{1,12}|[^\w\s]{1,3})")
_HOUR, _MINUTE, _SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
# The most characters between a name and its length.
_JOINT = 16


@dataclass(frozen=True, slots=True)
class TypedLength:
    """A length, and whether it was a number without a unit, stands in front of the name, or has a plus."""

    value: timedelta
    is_bare: bool = False
    is_in_front: bool = False
    is_added: bool = False


def length_at_end(words: str) -> tuple[TypedLength, str] | None:
    """Parse the length at the end of words, and return what is before it too; None if there is none."""
    words = _ABOUT.sub("", _unbracketed(words))
    if (end := duration.at_end(words)) and _is_meant(end[0], words[len(end[1]) :]):
        if end[1].endswith(" +"):  # tea +2 min
            return TypedLength(end[0], is_added=True), _before(end[1].removesuffix(" +"))
        return TypedLength(end[0]), _before(end[1])
    before, _, last = words.rpartition(" ")
    value = duration.read(last)
    if value is None or (last.endswith("'") and _OPEN.search(plain(before))):
        return None
    is_bare = is_number(last)
    return TypedLength(value, is_bare=is_bare, is_added=last.startswith("+")), _before(before)


def length_at_front(words: str) -> tuple[TypedLength, str] | None:
    """Parse the length in front of words, and return what is behind it too; None if there is none."""
    words = _ABOUT.sub("", _unbracketed(words))
    led = _LED.match(words)
    text = words[led.end() :] if led else words
    if front := duration.at_front(text):
        # *100 days of code* is a name.
        if front[0] > duration.LONGEST:
            return None
        return TypedLength(front[0], is_in_front=True), _behind(front[1])
    first, _, rest = text.partition(" ")
    value = duration.read(first)
    if value is None or not rest or led:
        return None
    length = TypedLength(value, is_bare=is_number(first), is_in_front=True, is_added=first.startswith("+"))
    return length, _behind(rest)


def _unbracketed(words: str) -> str:
    """Take the brackets off a length at either end."""
    match = _BRACKETS.search(words)
    inner = (match[1] or match[2]) if match else ""
    return words.replace(match[0], inner) if match and duration.read(inner) else words


def is_number(word: str) -> bool:
    """Return whether a word is a number without a unit."""
    return _NUMBER.fullmatch(plain(word[:20])) is not None


def unreadable(word: str, called: str, topic: str) -> UserError:
    """Return the error for a word that is no valid length: a question where its meaning can be guessed."""
    meant = called or topic
    above_zero = duration.read(word[1:], bare="s" if called else "m") or duration.DEFAULT
    likely_length = above_zero if duration.is_possible(above_zero) else duration.DEFAULT
    example = choices.start(topic, meant, likely_length if duration.is_below_zero(word) else duration.DEFAULT).line
    fixed = duration.read(with_digits(word), bare="m")
    refused = BadDuration(N_("I don't know the length “{quote}”."), example, quote=word[:40])
    try:
        duration.parse(word, example=example)
    except BadDuration as error:
        if duration.is_below_zero(word):
            return error
    number = _NUMBER_AND_LETTERS.fullmatch(plain(word))
    amount = float(number[1].replace(",", ".")) if number else 0.0
    lengths = [fixed] if fixed else [amount * unit for unit in (_MINUTE, _SECOND, _HOUR)]
    likely = [choices.start(topic, meant, length) for length in lengths if duration.is_possible(length)]
    all_of_it = f"{called} {word}".strip()
    if len(name.visible(all_of_it)) <= name.LONGEST:
        likely.append(choices.start(topic, all_of_it))
    if not likely:
        return refused
    return Question(
        N_("I don't know the length “{quote}”. Did you mean one of these?"), *likely, quote=choices.label(word)
    )


def _is_meant(length: timedelta, words: str) -> bool:
    """Return whether words are a length: *a day* at the end of a name is none, since no timer runs that long."""
    return length < duration.LONGEST or any(character.isdigit() for character in words)


def _before(words: str) -> str:
    """Return a name without what joins it to the length behind it: *tea for*, *tea:*, but not the emoji *:tea:*."""
    head, joint = words[:-_JOINT], words[-_JOINT:]
    before = head + _BEFORE.sub("", joint, count=1)
    last = before.rpartition(" ")[2]
    return before[:-1] if last.endswith(":") and last.count(":") == 1 else before


def _behind(words: str) -> str:
    """Return a name without what joins it to the length in front."""
    joint = _BEHIND.match(words)
    return words[joint.end() :] if joint else words
