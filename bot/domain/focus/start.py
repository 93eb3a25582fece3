"""Parser of a session's start: the options of ``/focus start``, and the words that stand for them.

Typed, the body is empty (the server's default), the name of a preset, lengths (``focus 50 short 10 rounds 3``) or a
plan. Options stand before or after it: ``auto`` or ``manual``, ``warn``, ``in 10m`` or ``at 14:00``, and ``voice``
with a channel. So the last label of a plan cannot end in one of these.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any, TypedDict

from bot.domain.errors import BadDuration, BadPlan, UserError
from bot.domain.focus import notation
from bot.domain.focus.command import At, In, Start
from bot.domain.focus.plan import Plan, standard
from bot.domain.focus.plan import parse as parse_plan
from bot.domain.invocation import flag
from bot.domain.time import duration
from bot.domain.timers import name
from bot.messages.catalogue import N_

LONGEST_NAME = 40
OPTIONS = frozenset({"auto", "manual", "warn", "in", "at", "voice"})
LENGTHS = ("focus", "short", "long", "rounds")
_LENGTHS_EXAMPLE = "focus 50 short 10 long 20 rounds 3"
_PUNCTUATION = frozenset(",()")

_WORD = re.compile(r'"[^"]+"(?!\S)|“[^“”]+”(?!\S)|\S+')
# No label has such words, so these are not plans: 50 *short 10*, 3 *rounds*.
_NEXT_LENGTH = re.compile(r"(?:focus|short|long|rounds) \+?\d", re.IGNORECASE)
_ROUNDS = re.compile(r"rounds?(?!\S) ?", re.IGNORECASE)
_START = re.compile(r"^start ", re.IGNORECASE)
_VOICE = re.compile(r"\bvoice: ?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))? ?(am|pm)?", re.IGNORECASE)
# A channel that is certainly one token: <#123>, #Study, "Study Room". Any other name extends to the end.
_CHANNEL = re.compile(r'<#\d+>|#[^\s,()]+|"[^"]+"|“[^“”]+”')


class Lengths(TypedDict, total=False):
    """The lengths and rounds that were given; those not given are absent."""

    focus: timedelta
    short: timedelta
    long: timedelta
    rounds: int


def parse(options: Mapping[str, Any]) -> Start:
    """Parse options by their names, each as typed or as filled in. Raises ``UserError`` with a working example."""
    begins = begin(options["start"]) if options.get("start") else None
    preset, plan, parsed = options.get("preset"), options.get("plan"), lengths_of(options)
    if sum(map(bool, (preset, plan, parsed))) > 1:
        raise BadPlan(N_("A preset, a plan and lengths are three ways to say it; one is enough."), _LENGTHS_EXAMPLE)
    plan_name, wanted = (None, standard(**parsed)) if parsed else _what(preset or plan or "")
    return Start(
        plan_name,
        wanted,
        auto=flag(options.get("auto", True), "focus deep manual"),
        begin=begins,
        voice=options.get("voice", "").strip('"“”') or None,
        warn=flag(options.get("warn", False), "focus deep warn"),
    )


def fields(text: str) -> Mapping[str, str]:
    """Tell which options the words after ``!focus`` stand for. Raises ``UserError`` where one is repeated."""
    words = _WORD.findall(_VOICE.sub("voice ", " ".join(text.split())))
    options: dict[str, str] = {}
    while size := _trailing(words):
        _take(words[-size:], options)
        words = words[:-size]
        if words and words[-1].endswith(","):
            words[-1] = words[-1][:-1]
    while size := _leading(words):
        _take(words[:size], options)
        words = words[size:]
    return {**_body(" ".join(words)), **options}


def plan_of(text: str) -> Plan:
    """Parse lengths or a plan. Raises ``UserError``."""
    parsed = length_fields(text)
    return parse_plan(text) if parsed is None else standard(**lengths_of(parsed))


def length_fields(text: str) -> Mapping[str, str] | None:
    """Split ``focus 50 short 10 long 20 rounds 3``, or a part of it, in any order; None where that is not meant.

    The first ``focus`` may be omitted before another (``50 short 10``), and ``3 rounds`` is ``rounds 3``. Raises
    ``BadPlan`` where lengths are meant but wrong.
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
    values: dict[str, str] = {}
    while text:
        key, _, rest = text.partition(" ")
        if key.casefold() not in LENGTHS:
            raise BadPlan(
                N_("“{quote}” is none of focus, short, long and rounds."), _LENGTHS_EXAMPLE, quote=key[:40]
            )
        value, text = duration.split(rest)
        if not value or key.casefold() in values:
            raise BadPlan(N_("“{quote}” has to be said once, with a number."), _LENGTHS_EXAMPLE, quote=key)
        values[key.casefold()] = value
    return values


def lengths_of(options: Mapping[str, Any]) -> Lengths:
    """Parse those that are given, of one word or two (``50 min``). Raises ``BadPlan``."""
    parsed = Lengths()
    if "focus" in options:
        parsed["focus"] = _length(options["focus"])
    if "short" in options:
        parsed["short"] = _length(options["short"])
    if "long" in options:
        parsed["long"] = _length(options["long"])
    if "rounds" in options:
        rounds = str(options["rounds"])
        if not (rounds.isdecimal() and len(rounds) <= 3):
            raise BadPlan(
                N_("“{quote}” is no number of rounds; 1 to 100 are."), _LENGTHS_EXAMPLE, quote=rounds[:40]
            )
        parsed["rounds"] = int(rounds)
    return parsed


def begin(text: str) -> In | At:
    """Parse when to begin: ``in 10m``, ``10m`` (a bare number is minutes), ``at 14:00``, ``14:00`` or ``2pm``.

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
    """Return a preset name as it is stored: cleaned and case-folded. Raises ``BadName``."""
    return name.clean(text.casefold(), longest=LONGEST_NAME, example="focus save my-plan 50m focus, 10m break")


def _what(text: str) -> tuple[str | None, Plan | None]:
    """Parse the body: the name of a preset, or a plan."""
    words = text.split()
    if not words:
        return None, None
    if words[0].casefold() in OPTIONS:
        raise UserError(N_("I cannot make out “{quote}”."), "focus deep in 10m voice #Study", quote=text[:40])
    if _body(text).keys() == {"preset"}:
        return preset_name(text), None
    return None, plan_of(text)


def _body(text: str) -> Mapping[str, str]:
    """Tell which options a body stands for: lengths, a plan or the name of a preset."""
    if not text:
        return {}
    lengths = length_fields(text)
    if lengths is not None:
        return lengths
    # No name has so many words that more of them need be looked at.
    words = text.split()[:LONGEST_NAME]
    is_plan = _PUNCTUATION.intersection(text) or any(map(duration.is_meant_as_duration, words))
    return {"plan" if is_plan else "preset": text}


def _length(text: str) -> timedelta:
    return notation.length("".join(text.split()))


def _trailing(words: Sequence[str]) -> int:
    """Return the word count of the option at the end; 0 where there is none."""
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
    """Return the word count of the option at the start; 0 where there is none."""
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


def _take(words: Sequence[str], options: dict[str, str]) -> None:
    """Add an option to the others. Raises ``UserError`` where it is repeated."""
    text = " ".join(words)
    match words[0].casefold():
        case "auto" | "manual" as first:
            option, value = "auto", "yes" if first == "auto" and words[-1].casefold() != "off" else "no"
        case "warn":
            option, value = "warn", "yes"
        case "voice":
            option, value = "voice", " ".join(words[1:])
        case _:
            option, value = "start", text
    if option in options:
        raise UserError(
            N_("“{quote}” says again what was said before; once is enough."),
            "focus deep auto in 10m",
            quote=text[:40],
        )
    options[option] = value


def _time(text: str) -> time:
    match = _TIME.fullmatch(text)
    if match and (match[2] or match[3]):
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
        if minute < 60 and (1 <= hour <= 12 if half else hour < 24):
            return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)
    raise BadDuration(
        N_("“{quote}” is no time of day; 14:00 and 2:30pm are."), "focus deep at 14:00", quote=text[:40]
    )
