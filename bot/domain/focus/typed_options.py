"""The options of a session's start as they are typed, in front of what to start or behind it.

They are ``auto`` or ``manual``, ``warn``, ``in 10m`` or ``at 14:00``, ``voice`` with a channel, and ``on`` with a
task in quotes.
"""

import re
from collections.abc import Sequence

from bot.domain.errors import UserError
from bot.domain.focus.body import PUNCTUATION
from bot.domain.time import duration, time_of_day
from bot.messages.catalogue import N_

QUOTED = re.compile(r'"[^"]+"|“[^“”]+”')
FLAGS = {"auto", "manual", "warn"}
# A channel that is certainly one token: <#123>, #Study, "Study Room". Any other name extends to the end.
_CHANNEL = re.compile(r'<#\d+>|#[^\s,()]+|"[^"]+"|“[^“”]+”')
# What parts an option from what follows it: *in 10m, deep*, *in an hour: essay*.
_STOPS = ",:;"
# The most words of an option, channels apart: in an hour and a half.
_MOST_WORDS = 7


def trailing(words: Sequence[str]) -> int:
    """Return the word count of the option at the end; 0 if there is none."""
    for size in range(min(_MOST_WORDS, len(words)), 0, -1):
        if leading(words[-size:]) == size:
            return size
    folded = [word.casefold() for word in words]
    if "voice" in folded:
        channel = words[len(words) - folded[::-1].index("voice") :]
        if channel and not _CHANNEL.match(channel[0]) and not PUNCTUATION.intersection("".join(channel)):
            return len(channel) + 1
    return 0


def leading(words: Sequence[str]) -> int:
    """Return the word count of the option at the start; 0 if there is none."""
    match [word.casefold() for word in words[:3]]:
        case ["auto", "on" | "off", *_]:
            size = 2
        case ["auto" | "manual" | "warn", *_]:
            size = 1
        case [
            "start" | "starts" | "starting" | "begin" | "begins" | "beginning" | "today" | "tonight",
            "in" | "at" | "@" | "today" | "tonight",
            *_,
        ]:
            rest = leading(words[1:])
            size = 1 + rest if rest else 0
        case ["in" | "voice", _, *_] if _CHANNEL.fullmatch(words[1]):
            size = 2
        case ["in", _, *_]:
            size = _delay(words[1:_MOST_WORDS])
        case ["at" | "@", *_]:
            size = _time(words[1 : _MOST_WORDS - 1])
        case [clock, *_] if clock.startswith("@") and time_of_day.read(clock[1:].rstrip(_STOPS)):
            size = 1
        case ["on", _, *_] if QUOTED.fullmatch(words[1]):
            size = 2
        case _:
            size = 0
    return size


def _delay(words: Sequence[str]) -> int:
    """Return the word count of *in* and a length: *in 10*, *in half an hour*."""
    text = " ".join(word.rstrip(_STOPS) or word for word in words)
    if (front := duration.at_front(text)) and (taken := len(words) - len(front[1].split())):
        return 1 + taken
    if not duration.is_meant_as_duration(words[0]):
        return 0
    has_unit = len(words) > 1 and duration.read(f"1 {words[1]}") is not None  # in 5-10 min
    return 3 if has_unit else 2


def _time(words: Sequence[str]) -> int:
    """Return the word count of *at* and a time of day: *at 14:00*, *at 2 pm tomorrow*, *at half past 2 pm*."""
    sizes = range(min(4, len(words)), 0, -1)
    size = next((size for size in sizes if time_of_day.read(" ".join(words[:size]))), 0)
    if not size and words and duration.is_meant_as_duration(words[0]):
        size = 1
    has_day = size and len(words) > size and words[size].casefold() in {"today", "tonight", "tomorrow"}
    return size + 1 + bool(has_day) if size else 0


def take(words: Sequence[str], options: dict[str, str]) -> None:
    """Add an option to the others. Raises ``UserError`` if it is repeated."""
    text = " ".join(words)
    match words[0].casefold():
        case "auto" | "manual" as first:
            add("auto", "yes" if first == "auto" and words[-1].casefold() != "off" else "no", options, text)
        case "warn":
            add("warn", "yes", options, text)
        case "voice" | "in" if _CHANNEL.fullmatch(words[1]) or words[0].casefold() == "voice":
            add("voice", " ".join(words[1:]), options, text)
        case "on":
            add("task", words[1][1:-1], options, text)
        case _:
            add("start", text.rstrip(_STOPS), options, text)


def add(option: str, value: str, options: dict[str, str], text: str = "") -> None:
    """Add the value of an option. Raises ``UserError`` if it is repeated."""
    if option in options:
        raise UserError(N_("“{quote}” says that a second time. Once is enough."), quote=(text or value)[:40])
    options[option] = value
