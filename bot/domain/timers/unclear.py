"""Lengths that are unclear: *5 mintues*, *3-5 min*, *a few minutes*. They are asked about."""

import re
from collections.abc import Iterator
from datetime import timedelta

from bot.domain.question import Question
from bot.domain.spelling import has_same_consonants, is_slip
from bot.domain.time import duration
from bot.domain.time.plain import plain
from bot.domain.timers import choices, name
from bot.messages.catalogue import N_, Template

_UNKNOWN = N_("I don't know the length “{quote}”. Did you mean one of these?")
_OPEN = N_("How long is “{quote}”?")
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,3})?)"
# A misspelt unit begins with its letter, unless it is long; shorter words are one slip from too many others.
_MISSPELT = re.compile(rf"(?<!\S){_NUMBER}[ -]?([^\W\d_]{{4,9}})(?!\S)")
# At the end a shorter one may be meant too.
_SHORT = re.compile(rf"(?<!\S){_NUMBER} ?([^\W\d_]{{1,4}})\.?\Z")
_LONG = 6
_UNITS = ("hours", "minute", "minutes", "second", "seconds")
_SHORT_UNITS = {"mins": ("min", "mins"), "secs": ("sec", "secs"), "hrs": ("hrs",)}
# What other languages call them.
_ELSEWHERE = {"mn": "mins", "м": "mins", "мин": "mins", "std": "hrs", "ч": "hrs", "сек": "secs"}
_RANGE = re.compile(
    rf"(?<!\S){_NUMBER} ?(?:-|to|or) ?{_NUMBER} ?(h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)(?!\S)"
)
# *tea in 5*, which is hardly five seconds.
_LED = re.compile(r"(?<=\S )in ([1-9]\d{0,3})\Z")
_SECONDS = re.compile(r"(?<!\S):(\d\d)\Z")
_VAGUE = re.compile(
    r"(?<!\S)(?:(?:a )?(?:few|some|several) (?P<unit>min|sec|h)(?:ute|ond|our|r)?s?|a (?:while|bit))(?!\S)"
)
_USUAL = {"min": ("5m", "10m", "15m"), "sec": ("10s", "30s"), "h": ("2h", "3h"), "": ("10m", "25m", "1h")}


def length(words: str, topic: str) -> Question | None:
    """Return the question about an unclear length; None where there is none."""
    for match, template, lengths in _readings(plain(words)):
        likely = [known for known in map(duration.read, lengths) if known and _is_possible(known)]
        if likely:
            called = f"{words[: match.start()]}{words[match.end() :]}".strip(" ,:;-")
            called = " ".join(called.removesuffix(" for").split()) or name.DEFAULT
            asked = (choices.start(topic, called, known) for known in likely)
            return Question(template, *asked, choices.start(topic, words), quote=words[match.start() : match.end()])
    return None


def _readings(text: str) -> Iterator[tuple[re.Match[str], Template, list[str]]]:
    for match in _RANGE.finditer(text):
        yield match, _OPEN, [f"{match[1]} {match[3]}", f"{match[2]} {match[3]}"]
    for match in _VAGUE.finditer(text):
        yield match, _OPEN, [*_USUAL[match["unit"] or ""]]
    for match in _MISSPELT.finditer(text):
        if duration.read(match[0]) is None:
            units = [unit for unit in _UNITS if _is_misspelt(match[2], unit)]
            yield match, _UNKNOWN, [f"{match[1]} {unit}" for unit in units][:1]
    for match in _LED.finditer(text):
        yield match, _OPEN, [f"{match[1]}m", f"{match[1]}s"]
    for match in _SECONDS.finditer(text):
        yield match, _OPEN, [f"{match[1]}s", f"{match[1]}m"]
    match_at_end = _SHORT.search(text)
    if match_at_end and duration.read(match_at_end[0]) is None:
        yield match_at_end, _UNKNOWN, [f"{match_at_end[1]} {unit}" for unit in _short_units(match_at_end[2])]


def _is_misspelt(word: str, unit: str) -> bool:
    if word[0] != unit[0]:
        return len(word) >= _LONG and is_slip(word, unit)
    return is_slip(word, unit) or word.startswith(unit[:4]) or has_same_consonants(word, unit)


def _short_units(word: str) -> list[str]:
    if meant := _ELSEWHERE.get(word):
        return [meant]
    return [
        unit
        for unit, known in _SHORT_UNITS.items()
        if len(word) > 2 and any(is_slip(word, right) for right in known)
    ]


def _is_possible(length: timedelta) -> bool:
    return duration.SHORTEST <= length <= duration.LONGEST
