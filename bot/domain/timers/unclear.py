"""Unclear lengths, which are asked about: *5 mintues*, *2o min*, *nap-20m*, *3-5 min*, *a few minutes*."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.question import Question
from bot.domain.spelling import has_same_consonants, is_slip, is_surely, nearest
from bot.domain.time import amounts, duration
from bot.domain.time.plain import plain, with_digits
from bot.domain.timers import choices
from bot.messages.catalogue import N_, Template

_UNKNOWN = N_("I don't know the length “{quote}”. Did you mean one of these?")
_OPEN = N_("How long is “{quote}”?")
_WANTED, _LEAD = N_("Shall I start a timer?"), re.compile(r"\A(?:for|in) (?=\S)", re.IGNORECASE)
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,3})?)"
_UNIT = r"(?:h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)"
# A misspelt unit begins with its letter, unless it is long; shorter words are one slip from too many others.
_MISSPELT = re.compile(rf"(?<!\S){_NUMBER}[ -]?([^\W\d_]{{4,9}})(?!\S)")
# A misspelt number in letters, of one word or of two.
_MISSPELT_NUMBERS = tuple(
    re.compile(rf"(?<!\S)({words})[ -](h(?:ou)?rs?|min(?:ute)?s?|sec(?:ond)?s?)(?!\S)")
    for words in ("[a-z]{3,10}", "[a-z]{4,10}[ -][a-z]{3,5}")
)
# Letters that look like digits: 2o min, l0 min.
_LOOKALIKE = re.compile(rf"(?<!\S)((?=[oil|]{{0,3}}\d|[il|]o)[\doil|]{{1,4}}) ?({_UNIT})?(?!\S)")
# A length that nothing keeps apart from the name, which needs a sign between unless it ends in hours or minutes.
_STUCK_BEHIND = re.compile(
    rf"(?<=[^\W\d_])(?<!\d[hms])(?:[^\w\s]*_*(?=\d+ ?[hm])|[^\w\s]+_*|_+)"
    rf"(?P<length>(?:\d{{1,4}} ?{_UNIT}){{1,3}}|\d{{1,2}}h\d\d)\W?\Z"
)
_STUCK_IN_FRONT = re.compile(rf"\A(?P<length>\d{{1,4}}{_UNIT})(?:[^\w\s,:-]|_)+(?=[^\W\d_])")
# A sign between a number and its unit: 5.min.
_SIGN_BETWEEN = re.compile(rf"(?<!\S)(\d{{1,4}}) ?[^\w\s-]+ ?({_UNIT})\Z")
_MILLISECONDS = re.compile(r"(?<!\S)(\d{1,7}) ?(?:ms|msecs?|milliseconds?)(?!\S)")
# A number in letters without a unit: essay twenty-five, tea for five.
_NUMBER_IN_LETTERS = re.compile(
    r"(?<=\S )(?:(?:for|in) (?=\S)|(?=(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b))([a-z]+(?:[ -][a-z]+)?)\Z"
)
# At the end a shorter one may be meant too.
_SHORT = re.compile(rf"(?<!\S){_NUMBER} ?([^\W\d_]{{1,4}})\.?\Z")
_LONG = 6
# The most characters that are read: no longer text is a timer's name with a length.
_LONGEST = 200
_UNITS = ("hours", "minute", "minutes", "second", "seconds")
_SHORT_UNITS = {"mins": ("min", "mins"), "secs": ("sec", "secs"), "hrs": ("hrs", "hour")}
# What other languages call them.
_ELSEWHERE = {
    "hrs": r"std|stunden?|heures?|horas?|ora|ore|uur|timm(?:e|ar)|saat|godzin[ay]?|ч|час\w{0,2}"
    r"|小时|小時|時間|시간|घंट[ाे]",
    "mins": r"mn|minuten|minutos?|minut[ioya]?|dakika|м|мин\w{0,4}|分钟|分鐘|分間?|분|मिनट|phút",
    "secs": r"sekunden?|secondes?|segundos?|second[io]|сек\w{0,5}|秒|초",
}
_FOREIGN = re.compile(
    rf"(?<!\S){_NUMBER} ?(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in _ELSEWHERE.items())})(?![^\W\d_])"
)
# Numbers in ideographs need no space before them: 泡茶五分钟, 二十五分, 半小时.
_IDEOGRAPHS = re.compile(r"([一二三四五六七八九十两兩半]{1,4})(?:个|個)? ?(?P<unit>小时|小時|時間|分钟|分鐘|分|秒)")
_ONES = {sign: str(number) for number, sign in enumerate("〇一二三四五六七八九")} | {"两": "2", "兩": "2"}
# Half a pomodoro; and half an hour as one word, or in another language.
_HALF_A_POMODORO = re.compile(r"(?<!\S)(?:(?:a )?half(?: an?| of an?)?|½)[ -](?:pomodoro|pomo|pom)(?!\S)")
_HALF_AN_HOUR = re.compile(
    r"(?<!\S)(?:half(?:an?)?hour|(?:eine )?halbe stunde|(?:une )?demi[- ]heure|media hora|mezz'?[ ]?ora)(?!\S)"
)
_RANGE = re.compile(rf"(?<!\S){_NUMBER} ?({_UNIT})? ?(?:-|to|or) ?{_NUMBER} ?({_UNIT})(?!\S)")
# *tea in 5*, which is hardly five seconds.
_LED = re.compile(r"(?<=\S )in ([1-9]\d{0,3})\Z")
_SECONDS = re.compile(r"(?<!\S):(\d\d)\Z")
_VAGUE = re.compile(
    r"(?<!\S)(?:(?:a )?(?:few|some|several)|an?(?= \w+ or (?:two|so)\b)) (?P<unit>min|sec|h)(?:ute|ond|our|r)?s?"
    r"(?: or (?:two|so))?(?!\S)|(?<!\S)a (?:while|bit)(?!\S)"
)
_USUAL = {"min": ("5m", "10m", "15m"), "sec": ("10s", "30s"), "h": ("1h", "2h", "3h"), "": ("10m", "25m", "1h")}


@dataclass(frozen=True, slots=True)
class UnclearLength:
    """Words that may be one of several lengths, what else was typed, and the question about them."""

    quote: str
    called: str
    lengths: Sequence[timedelta]
    template: Template


def find(words: str) -> UnclearLength | None:
    """Return the first unclear length in words; None if there is none."""
    if len(words) > _LONGEST:
        return None
    for match, template, lengths in _readings(plain(words)):
        likely = [known for known in map(duration.read, lengths) if known and duration.is_possible(known)]
        if likely:
            called = f"{words[: match.start()]}{words[match.end() :]}".strip(" ,:;-")
            called = " ".join(called.removesuffix(" for").split())
            return UnclearLength(words[match.start() : match.end()], called, likely, template)
    return None


def put_right(words: str) -> str:
    """Return words with their misspelt unit put right, if it can hardly be another word: *5 mintues*."""
    for match in _MISSPELT.finditer(plain(words[:_LONGEST])):
        units = [unit for unit in _UNITS if is_surely(match[2], unit)]
        if units and duration.read(match[0]) is None:
            return f"{words[: match.start(2)]}{units[0]}{words[match.end(2) :]}"
    return words


def length(words: str, topic: str) -> Question | None:
    """Return the question about an unclear length; None if there is none."""
    if not (unclear := find(words)):
        return None
    asked = (choices.start(topic, unclear.called or topic, known) for known in unclear.lengths)
    return Question(unclear.template, *asked, choices.start(topic, words), quote=unclear.quote)


def alone(words: str, topic: str) -> Question | None:
    """Return the question about a length that is asked about by itself, *in an hour?*; None if it is none."""
    asked = duration.by_itself(_LEAD.sub("", words.rstrip(" .!?"), count=1))
    return Question(_WANTED, choices.start(topic, topic, asked)) if asked and duration.is_possible(asked) else None


def _readings(text: str) -> Iterator[tuple[re.Match[str], Template, list[str]]]:
    for pattern, template, lengths in _KINDS:
        for match in pattern.finditer(text):
            yield match, template, lengths(match)


def _of_range(match: re.Match[str]) -> list[str]:
    """Return both ends, unless they are focus and its break: *25m-5m*."""
    low, unit, high = match[1], match[2], match[3]
    is_range = not unit or float(low.replace(",", ".")) < float(high.replace(",", "."))
    return [f"{low} {unit or match[4]}", f"{high} {match[4]}"] if is_range else []


def _of_misspelt(match: re.Match[str]) -> list[str]:
    is_length = duration.read(match[0]) is not None
    units = [] if is_length else [unit for unit in _UNITS if _is_misspelt(match[2], unit)]
    return [f"{match[1]} {unit}" for unit in units][:1]


def _of_short(match: re.Match[str]) -> list[str]:
    is_length = duration.read(match[0]) is not None
    return [] if is_length else [f"{match[1]} {unit}" for unit in _short_units(match[2])]


def _of_misspelt_number(match: re.Match[str]) -> list[str]:
    return [f"{number} {match[2]}" for number in _numbers_like(match[1].replace("-", " "))]


def _of_lookalike(match: re.Match[str]) -> list[str]:
    number, unit = with_digits(match[1]), match[2]
    if number == match[1] or not (unit or match[1][0].isdigit()):
        return []
    return [f"{number} {unit}"] if unit else [f"{number}m", f"{number}s"]


def _of_ideographs(match: re.Match[str]) -> list[str]:
    unit = {"小": "h", "時": "h", "秒": "s"}.get(match["unit"][0], "m")
    if match[1] == "半":
        return [f"0.5{unit}"]
    tens, ten, ones = match[1].rpartition("十")
    digits = [
        *(["1"] if ten and not tens else [_ONES.get(sign, "") for sign in tens]),
        _ONES.get(ones, "0" * bool(ten)),
    ]
    number = "".join(digits)
    return [f"{number}{unit}"] if number.isdecimal() else []


def _of_stuck(match: re.Match[str]) -> list[str]:
    apart, last = amounts.at_end(match.string), match.string.rpartition(" ")[2]
    is_length = (apart and apart.start < match.start()) or duration.read(last)
    return [] if is_length else [match["length"]]


def _is_misspelt(word: str, unit: str) -> bool:
    if word[0] != unit[0]:
        return len(word) >= _LONG and is_slip(word, unit)
    return is_slip(word, unit) or word.startswith(unit[:4]) or has_same_consonants(word, unit)


def _numbers_like(word: str) -> list[str]:
    """Return the numbers that words are one slip from: *nien*; a short one's letters are but swapped: *tne*."""
    if amounts.in_letters(word):
        return []
    slips = [
        number
        for number in amounts.WORDS
        if is_slip(word, number) and (len(number) > 3 or sorted(word) == sorted(number))
    ]
    near = nearest(word, amounts.WORDS) if word.endswith(("teen", "ty")) and not slips else None
    return [*slips, *([near] if near else [])]


def _short_units(word: str) -> list[str]:
    return [
        unit
        for unit, known in _SHORT_UNITS.items()
        if len(word) > 2 and any(is_slip(word, right) for right in known)
    ]


# What may be a length, the question about it, and which lengths it may be.
_KINDS: Sequence[tuple[re.Pattern[str], Template, Callable[[re.Match[str]], list[str]]]] = (
    (_RANGE, _OPEN, _of_range),
    (_VAGUE, _OPEN, lambda match: [*_USUAL[match["unit"] or ""]]),
    (_MISSPELT, _UNKNOWN, _of_misspelt),
    *((pattern, _UNKNOWN, _of_misspelt_number) for pattern in _MISSPELT_NUMBERS),
    (_LOOKALIKE, _UNKNOWN, _of_lookalike),
    (_MILLISECONDS, _UNKNOWN, lambda match: [f"{max(int(match[1]) / 1000, 1):g}s"]),
    (_SIGN_BETWEEN, _UNKNOWN, lambda match: [f"{match[1]}{match[2]}"]),
    (_STUCK_BEHIND, _OPEN, _of_stuck),
    (_STUCK_IN_FRONT, _OPEN, _of_stuck),
    (_NUMBER_IN_LETTERS, _OPEN, lambda match: [f"{match[1]}m"]),
    (_HALF_A_POMODORO, _OPEN, lambda _: ["12.5m"]),
    (_HALF_AN_HOUR, _OPEN, lambda _: ["30m"]),
    (_IDEOGRAPHS, _UNKNOWN, _of_ideographs),
    (_FOREIGN, _UNKNOWN, lambda match: [f"{match[1]} {match.lastgroup}"]),
    (_LED, _OPEN, lambda match: [f"{match[1]}m", f"{match[1]}s"]),
    (_SECONDS, _OPEN, lambda match: [f"{match[1]}s", f"{match[1]}m"]),
    (_SHORT, _UNKNOWN, _of_short),
)
