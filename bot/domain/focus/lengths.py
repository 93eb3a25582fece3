"""Parser of a session's lengths and rounds: ``focus 50 short 10 rounds 3``, ``25/5``, ``25 5 15 4``, ``4x25/5``."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypedDict

from bot.domain.errors import BadPlan
from bot.domain.focus import notation
from bot.domain.time import amounts, duration
from bot.domain.time.plain import plain
from bot.messages.catalogue import N_

LENGTHS = ("focus", "short", "long", "rounds")
EXAMPLE = "focus 50 short 10 long 20 rounds 3"
# Other words for them, where a number stands beside.
_MEANT = {
    "work": "focus", "study": "focus", "break": "short", "breaks": "short", "rest": "short",
    "round": "rounds", "cycles": "rounds", "cycle": "rounds", "pomodoros": "rounds", "pomodoro": "rounds",
    "pomos": "rounds", "sets": "rounds", "sessions": "rounds", "times": "rounds",
}  # fmt: skip
_KEY_OF = {**{key: key for key in LENGTHS}, **_MEANT}
# No label has such words, so these are not plans: 50 *short 10*, 3 *rounds*.
_NEXT_LENGTH = re.compile(r"(?:focus|short|long|rounds) \+?\d", re.IGNORECASE)
SO_MANY = "rounds?|cycles?|pomodoros?|pomos|sets|sessions|times"
_ROUNDS = re.compile(rf"(?:{SO_MANY})(?!\S) ?", re.IGNORECASE)
_SAYS_ROUNDS = re.compile(rf"\d ?(?:{SO_MANY})\Z", re.IGNORECASE)
_BREAK = re.compile(r"\b(short|long) breaks?\b", re.IGNORECASE)
_NO_BREAK = re.compile(r"\b(?:no|without)(?: an?)? (short|long) breaks?\b", re.IGNORECASE)
_NUMBER = r"\d{1,3}(?:[.,]\d)?(?: ?(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?))?(?![a-wyz\d_])"
_COMPACT = re.compile(
    rf"(?:(?P<first>\d{{1,3}})(?: ?{amounts.TIMES} ?| (?:{SO_MANY}),? (?:of )?))?"
    rf"(?P<lengths>{_NUMBER}(?:(?: ?[/+-] ?| and | ){_NUMBER}){{1,3}})"
    rf"(?:,? ?{amounts.TIMES} ?(?P<last>\d{{1,3}})(?: ?(?:{SO_MANY}))?"
    rf"|,? (?:for )?(?P<named>\d{{1,3}}) ?(?:{SO_MANY}|{amounts.TIMES}))?"
)
# Rounds in letters, or in front: three rounds, rounds 3 50/10.
_LETTERED = re.compile(rf"\b(?=[a-z])({amounts.IN_LETTERS})(?= (?:{SO_MANY})(?!\S))", re.IGNORECASE)
_LEADING = re.compile(r"\A(rounds? \d{1,3}),? (\d.*)")
_TO = re.compile(
    r"\b(?=[bflrsw])(focus|work|study|short|breaks?|rest|long|rounds?) ?(?:to|is|[=:]) ?(?=\d)", re.IGNORECASE
)
# Rounds by their number alone: x4.
ROUNDS_ALONE = re.compile(rf"{amounts.TIMES} ?(\d{{1,2}})|(\d{{1,2}}) ?{amounts.TIMES}")
# A long break behind the other lengths: 25/5 with a 30 min long break.
_WITH_LONG = re.compile(rf",? (?:with|and) (?:an? )?({_NUMBER})[ -]long break\Z", re.IGNORECASE)
_WITH = re.compile(
    rf"({_NUMBER})(?: (?:focus|work))?,? (?:with|and) ({_NUMBER})(?: |-)?(?:short )?(?:breaks?|pauses?|rests?)"
    r"(?: (?:in )?between)?"
)
_ON_OFF = re.compile(
    rf"({_NUMBER}) on(?:,| and| /)? ({_NUMBER}) off"
    rf"(?:,? (?:{amounts.TIMES} ?(?P<last>\d{{1,3}})|(?:for )?(?P<named>\d{{1,3}}) ?(?:{SO_MANY})))?"
)
# Lengths by number with more of them by name behind: 25/5 long 20.
_THEN_KEYED = re.compile(
    rf"({_NUMBER}(?:(?: ?[/+-] ?| and | ){_NUMBER}){{1,3}}),? ((?:short|long|rounds?) .+)", re.IGNORECASE
)

_AND = re.compile(r",| and ", re.IGNORECASE)
_REPEATED = re.compile(rf",? ?{amounts.TIMES} ?(\d{{1,3}})\Z", re.IGNORECASE)
# The most characters of lengths without words.
_LONGEST = 60


class Lengths(TypedDict, total=False):
    """The lengths and rounds that were given; those not given are absent."""

    focus: timedelta
    short: timedelta
    long: timedelta
    rounds: int


def length_fields(text: str) -> Mapping[str, str] | None:
    """Split lengths and rounds into the options that they stand for; None if that is not meant.

    They are keyed in any order, either way round (``25 focus 5 break``); the first ``focus`` may be omitted before
    another (``50 short 10``). Or they are numbers alone: focus, short break, long break, rounds. Raises ``BadPlan``
    where lengths are meant but wrong.
    """
    text = rounds_in_digits(text)
    text = _WITH_LONG.sub(r" long \1", text)
    text = _LEADING.sub(r"\2 \1", _TO.sub(r"\1 ", _NO_BREAK.sub(r"\1 0", text)))
    return _compact(text) or _behind(text) or _mixed(text) or _keyed(text)


def rounds_in_digits(text: str) -> str:
    """Return a text with the number of its rounds in digits: *three rounds*."""
    return _LETTERED.sub(lambda match: str(amounts.number(match[1].casefold())), text)


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
                N_("I can't read “{quote}” as a number of rounds. Try 1 to 100."), EXAMPLE, quote=rounds[:40]
            )
        parsed["rounds"] = int(rounds)
    return parsed


def _compact(text: str) -> Mapping[str, str] | None:
    """Parse numbers alone: ``25/5``, ``25 min / 5 min``, ``25 5 15 4``, ``4x25/5``, ``25/5 3 rounds``."""
    if len(text) > _LONGEST or duration.read(text) is not None:
        return None
    if between := _WITH.fullmatch(plain(text)) or _ON_OFF.fullmatch(plain(text)):
        rounds = between.groupdict().get("last") or between.groupdict().get("named")
        return {"focus": between[1], "short": between[2]} | ({"rounds": rounds} if rounds else {})
    match = _COMPACT.fullmatch(plain(text))
    if not match or {"/", "-"} <= set(match["lengths"].replace("\N{EN DASH}", "-")):  # 25-30/5
        return None
    if "/" in match["lengths"] and " and " in match["lengths"]:  # 25/5 and 50/10
        return None
    numbers = re.findall(_NUMBER, match["lengths"])
    if numbers[0].isdecimal() and any(number.endswith("s") for number in numbers[1:]):  # 4 25s
        return None
    times = [number for number in (match["first"], match["last"], match["named"], *numbers[3:]) if number]
    if len(times) > 1:
        raise BadPlan(N_("“{quote}” gives the number of rounds twice. Once is enough."), EXAMPLE, quote=text)
    return dict(zip(LENGTHS, numbers[:3], strict=False)) | ({"rounds": times[0]} if times else {})


def _behind(text: str) -> Mapping[str, str] | None:
    """Parse two lengths or more with their words behind them: ``25 focus 5 break``."""
    if len(text) > _LONGEST:
        return None
    values: dict[str, str] = {}
    if _SAYS_ROUNDS.search(text) or _REPEATED.search(text):  # what stands between commas is then no phase
        text = text.replace(",", "")
    left = _REPEATED.sub(r" \1 rounds", _BREAK.sub(r"\1", text))
    while left:
        value, left = duration.split(left)
        word, _, left = left.partition(" ")
        key = _KEY_OF.get(word.casefold())
        if not key or key in values or not duration.is_meant_as_duration(value):
            return None
        values[key] = value
    return values if len(values) > 1 else None


def _mixed(text: str) -> Mapping[str, str] | None:
    """Parse lengths by number with more by name behind them: ``25/5 long 20``, ``25/5 rounds 2``."""
    match = _THEN_KEYED.fullmatch(text) if len(text) <= _LONGEST else None
    first, more = (_compact(match[1]), _keyed(match[2])) if match else (None, None)
    return {**first, **more} if first and more and not first.keys() & more.keys() else None


def _keyed(text: str) -> Mapping[str, str] | None:
    first, rest = duration.split(text)
    is_other_word = first.casefold() in _MEANT and duration.is_meant_as_duration(rest[:1])
    if first.casefold() in LENGTHS or is_other_word:
        text = " ".join(_BREAK.sub(r"\1", _AND.sub(" ", text)).split())
    elif duration.is_meant_as_duration(first) and _NEXT_LENGTH.match(rest):
        text = f"focus {text}"
    elif (count := _count(first)) and (match := _ROUNDS.match(rest)):
        text = f"rounds {count} {rest[match.end() :]}"
    else:
        return None
    values: dict[str, str] = {}
    while text:
        word, _, rest = text.partition(" ")
        key = _KEY_OF.get(word.casefold())
        if not key:
            raise BadPlan(N_("I don't know “{quote}”. Try focus, short, long or rounds."), EXAMPLE, quote=word[:40])
        value, text = duration.split(rest)
        if not value or key in values:
            raise BadPlan(N_("“{quote}” needs a number after it, just once."), EXAMPLE, quote=word)
        values[key] = value
    return values


def _count(word: str) -> str:
    """Return a number in digits, whether it is written so or in letters; empty if it is none."""
    return word if word.isdecimal() else str(amounts.WORDS.get(word.casefold(), ""))


def _length(text: str) -> timedelta:
    return notation.length("".join(text.split()))
