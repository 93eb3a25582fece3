"""How a session is asked for: the words after ``!focus`` that start one, or the options of ``/focus start``.

What it is to be is one of: nothing (as is usual in its server), the name of a preset, lengths (``focus 50 short 10
rounds 3``), or a plan. Options stand in front of it or behind it: ``auto`` or ``manual``, ``warn``, ``in 10m`` or
``at 14:00``, and ``voice`` with a channel. So a label that ends a plan cannot end in one of these.
"""

import re
from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any, TypedDict

from bot.domain import duration, name, notation
from bot.domain.errors import BadDuration, BadPlan, Refusal
from bot.domain.focus_request import At, In, Start
from bot.domain.plan import Plan, standard
from bot.domain.plan import parse as parse_plan

LONGEST_NAME = 40
OPTIONS = frozenset({"auto", "manual", "warn", "in", "at", "voice"})
LENGTHS = ("focus", "short", "long", "rounds")
_LENGTHS_EXAMPLE = "focus 50 short 10 long 20 rounds 3"
_PUNCTUATION = frozenset(",()")

_WORD = re.compile(r'"[^"]+"(?!\S)|“[^”]+”(?!\S)|\S+')
# A label has no such words, so these are no plan: 50 *short 10*, 3 *rounds*.
_NEXT_LENGTH = re.compile(r"(?:focus|short|long|rounds) \+?\d", re.IGNORECASE)
_ROUNDS = re.compile(r"rounds?(?!\S) ?", re.IGNORECASE)
_START = re.compile(r"^start ", re.IGNORECASE)
_VOICE = re.compile(r"\bvoice: ?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))? ?(am|pm)?", re.IGNORECASE)
# A channel that is one word for sure: <#123>, #Study, "Study Room". Any other name goes on to the end.
_CHANNEL = re.compile(r'<#\d+>|#[^\s,()]+|"[^"]+"|“[^”]+”')


class Lengths(TypedDict, total=False):
    """What was said of the lengths of phases and of how many rounds; left out is what was not."""

    focus: timedelta
    short: timedelta
    long: timedelta
    rounds: int


def parse(text: str) -> Start:
    """Read the words that start a session. Raises ``Refusal`` with a right example where they make no sense."""
    words = _WORD.findall(_VOICE.sub("voice ", " ".join(text.split())))
    options: dict[str, Any] = {}
    while size := _trailing(words):
        _take(words[-size:], options)
        words = words[:-size]
        if words and words[-1].endswith(","):
            words[-1] = words[-1][:-1]
    while size := _leading(words):
        _take(words[:size], options)
        words = words[size:]
    plan_name, wanted = _what(" ".join(words))
    return Start(plan_name, wanted, **options)


def from_options(
    *,
    preset: str | None = None,
    plan: str | None = None,
    focus: str | None = None,
    short: str | None = None,
    long: str | None = None,
    rounds: int | None = None,
    auto: bool | None = None,
    start: str | None = None,
    warn: bool | None = None,
    voice: str | None = None,
) -> Start:
    """Read the same from options, each as a person filled it in. Raises ``Refusal``."""
    said = lengths_of(focus, short, long, None if rounds is None else str(rounds))
    if sum(map(bool, (preset, plan, said))) > 1:
        raise BadPlan("A preset, a plan and lengths are three ways to say it; one is enough.", _LENGTHS_EXAMPLE)
    plan_name, wanted = (None, standard(**said)) if said else _what(preset or plan or "")
    return Start(plan_name, wanted, auto is not False, begin(start) if start else None, voice, bool(warn))


def plan_of(text: str) -> Plan:
    """Read lengths, or a plan. Raises ``Refusal``."""
    said = lengths(text)
    return parse_plan(text) if said is None else standard(**said)


def lengths(text: str) -> Lengths | None:
    """Read ``focus 50 short 10 long 20 rounds 3``, or some of it, in any order; None where that is not meant.

    The first ``focus`` may be left out before another (``50 short 10``), and ``3 rounds`` is ``rounds 3``. Raises
    ``BadPlan`` where it is meant and wrong.
    """
    first, rest = duration.split(text)
    if first.casefold() in LENGTHS:
        text = " ".join(text.replace(",", " ").split())
    elif duration.is_meant_as_duration(first) and _NEXT_LENGTH.match(rest):
        text = f"focus {text}"
    elif first.isdecimal() and (match := _ROUNDS.match(rest)):
        text = f"rounds {first} {rest[match.end() :]}"
    else:
        return None
    said: dict[str, str] = {}
    while text:
        key, _, rest = text.partition(" ")
        if key.casefold() not in LENGTHS:
            raise BadPlan("“{}” is none of focus, short, long and rounds.", _LENGTHS_EXAMPLE, key[:40])
        value, text = duration.split(rest)
        if not value or key.casefold() in said:
            raise BadPlan("“{}” has to be said once, with a number.", _LENGTHS_EXAMPLE, key)
        said[key.casefold()] = value
    return lengths_of(**said)


def lengths_of(
    focus: str | None = None, short: str | None = None, long: str | None = None, rounds: str | None = None
) -> Lengths:
    """Read each of them, one word or two (``50 min``). Raises ``BadPlan`` where it cannot be read."""
    said = Lengths()
    if focus is not None:
        said["focus"] = _length(focus)
    if short is not None:
        said["short"] = _length(short)
    if long is not None:
        said["long"] = _length(long)
    if rounds is not None:
        if not (rounds.isdecimal() and len(rounds) <= 3):
            raise BadPlan("“{}” is no number of rounds; 1 to 100 are.", _LENGTHS_EXAMPLE, rounds[:40])
        said["rounds"] = int(rounds)
    return said


def begin(text: str) -> In | At:
    """Read when to begin: ``in 10m``, ``10m`` (a bare number is minutes), ``at 14:00``, ``14:00`` or ``2pm``.

    Raises ``BadDuration``.
    """
    text = _START.sub("", " ".join(text.split()), count=1)
    first, _, rest = text.partition(" ")
    match = _TIME.fullmatch(text)
    if first.casefold() == "at" or (match and (match[2] or match[3])):
        return At(_time(rest if first.casefold() == "at" else text))
    delay = rest if first.casefold() == "in" else text
    return In(duration.parse("".join(delay.split()), example="focus deep in 10m", bare="m"))


def preset_name(text: str) -> str:
    """Give the name of a preset as it is kept: clean, and without capitals. Raises ``BadName``."""
    return name.clean(text.casefold(), longest=LONGEST_NAME, example="focus save my-plan 50m focus, 10m break")


def _what(text: str) -> tuple[str | None, Plan | None]:
    """Read what the session is to be: the name of a preset, or a plan."""
    words = text.split()
    if not words:
        return None, None
    if words[0].casefold() in OPTIONS:
        raise Refusal("I cannot make out “{}”.", "focus deep in 10m voice #Study", text[:40])
    if lengths(text) or _PUNCTUATION.intersection(text) or any(map(duration.is_meant_as_duration, words)):
        return None, plan_of(text)
    return preset_name(text), None


def _length(text: str) -> timedelta:
    return notation.length("".join(text.split()))


def _trailing(words: Sequence[str]) -> int:
    """Count the words of the option that ends here; 0 where none does."""
    for size in range(min(4, len(words)), 0, -1):
        if _leading(words[-size:]) == size:
            return size
    folded = [word.casefold() for word in words]
    if "voice" in folded:
        channel = words[len(words) - folded[::-1].index("voice") :]
        if channel and not _CHANNEL.match(channel[0]) and not _PUNCTUATION.intersection("".join(channel)):
            return len(channel) + 1
    return 0


def _leading(words: Sequence[str]) -> int:
    """Count the words of the option that begins here; 0 where none does."""
    match [word.casefold() for word in words[:3]]:
        case ["auto", "on" | "off", *_]:
            size = 2
        case ["auto" | "manual" | "warn", *_]:
            size = 1
        case ["start", "in" | "at", *_]:
            size = 1 + _leading(words[1:])
        case ["in", following, *more] if duration.is_meant_as_duration(following):
            _, rest = duration.split(" ".join(words[1:3]))
            size = 2 if rest or not more else 3
        case ["at", following, *more] if duration.is_meant_as_duration(following):
            size = 3 if more in (["am"], ["pm"]) else 2
        case ["voice", _, *_] if _CHANNEL.fullmatch(words[1]):
            size = 2
        case _:
            size = 0
    return size


def _take(words: Sequence[str], options: dict[str, Any]) -> None:
    """Put what an option says among the others."""
    said = " ".join(words)
    option: dict[str, Any]
    match words[0].casefold():
        case "auto" | "manual" as first:
            option = {"auto": first == "auto" and words[-1].casefold() != "off"}
        case "warn":
            option = {"warn": True}
        case "voice":
            option = {"voice": " ".join(words[1:]).strip('"“”')}
        case _:
            option = {"begin": begin(said)}
    if options.keys() & option:
        raise Refusal("“{}” says again what was said before; once is enough.", "focus deep auto in 10m", said[:40])
    options |= option


def _time(text: str) -> time:
    match = _TIME.fullmatch(text)
    if match and (match[2] or match[3]):
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
        if minute < 60 and (1 <= hour <= 12 if half else hour < 24):
            return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)
    raise BadDuration("“{}” is no time of day; 14:00 and 2:30pm are.", "focus deep at 14:00", text[:40])
