"""What words about time look like, and where they stand in a request.

Libraries guess: *may* is a day in May to them, *10* the tenth, and *tomorrow 9* loses its 9. So only phrases of
these shapes are read at all, part by part (``bot.domain.when``), and a request is parted by them.
"""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.errors import BadMoment

EXAMPLE = "remind tomorrow 9am call mum"
LONGEST = 100
_MOST_WORDS = 12

_NUMBER = r"\d{1,9}(?:\.\d{1,2})?"
_UNIT = (
    r"(?:h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?"
    r"|d(?:ays?)?|w(?:eeks?|ks?)?|mo(?:nths?)?|y(?:ears?|rs?)?)"
)
_AMOUNT = rf"(?:(?:{_NUMBER} ?|an? ){_UNIT}|half an hour)"
_LENGTH = rf"(?:in )?(?P<length>{_AMOUNT}(?:(?:,? and |, ?| ?){_AMOUNT}){{0,5}})(?: from now)?"
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    r"(?:on )?(?P<date>today|tonight|tomorrow|tmrw?|yesterday|(?:the )?day (?:after tomorrow|before yesterday)"
    rf"|(?:(?:next|this|last) )?{_WEEKDAY}"
    rf"|(?:(?:the )?{_NTH} ?(?:of )?{_MONTH}|{_MONTH} {_NTH})(?:,? \d{{4}})?"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}\.\d{1,2}\.(?:\d{4})?)"
)
_CLOCK = (
    r"\d{1,2}(?:[:.]\d{2})?(?::\d{2})? ?[ap]\.?m\b\.?|\d{1,2}(?::\d{2}){1,2}|noon|midday|midnight|\d{1,2} ?o'?clock"
)
_ZONE = (
    r"(?: ?(?P<zone>(?:utc|gmt)(?:[-+]\d{1,2}(?::?\d{2})?)?"
    r"|z|bst|ist|jst|cest|cet|eest|eet|msk|aest|[ecmp][sd]?t))?"
)
_HOUR = r"\d{1,2}(?:\.\d{2})?"
_TIME = rf"(?P<at>at )?(?P<time>{_CLOCK}){_ZONE}"
_DATED_TIME = (
    rf"(?:(?P<at>at )?(?P<time>{_CLOCK}|{_HOUR})|(?:in the )?(?P<part>morning|afternoon|evening|night)){_ZONE}"
)

_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_LENGTH}(?P<ago> ago)?",
        rf"{_LENGTH},? {_TIME}",
        rf"{_TIME},? {_LENGTH}",
        rf"{_DATE}(?:,? {_DATED_TIME})?",
        r"(?P<date>this) (?P<part>morning|afternoon|evening)",
        rf"{_TIME}(?:,? {_DATE})?",
        rf"(?P<at>at )(?P<time>{_HOUR}){_ZONE}(?:,? {_DATE})?",
        r"(?P<iso>\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2})?(?:z|[+-]\d{2}:?\d{2})?)",
    )
)
# What is meant as a time and says too little: refused by what it is, where nothing in the request says more.
_TOO_LITTLE = (
    (
        re.compile(r"(?:in |at )?[-+]?\d+(?:[.,]\d+)?"),
        "“{}” may be minutes, an hour or a day; say 10m, 10:00 or 10 Dec.",
    ),
    (
        re.compile(r"(?:in )?(?:the )?(?:next|this) (?:week|month|year|weekend)|(?:at |on )?the weekend"),
        "“{}” may be any day of it; name the day, or say in 7 days.",
    ),
    (re.compile(rf"(?:in )?{_MONTH}"), "“{}” names a month and no day; say which day of it."),
    (re.compile(r"(?:in the )?(?:morning|afternoon|evening)"), "“{}” names no day; say of which."),
    (
        re.compile(r"(?:at )?\d{1,4}:\d{1,4}(?::\d{1,4})?"),
        "“{}” is no time on the clock; those run from 0:00 to 23:59, with two digits for the minutes.",
    ),
)
# Words of everyday language, which are times only in company.
_EVERYDAY = re.compile(r"sat|sun|wed|mon|an? .*")
# A time behind one of these belongs to what is said: "get ready for friday".
_BELONGS = frozenset(
    {"a", "about", "after", "and", "before", "by", "every", "for", "from", "last", "of", "or", "since"}
    | {"than", "the", "till", "to", "until", "with", "within"}
)
_QUOTED = re.compile(r"(\"[^\"]+\"|\N{LEFT DOUBLE QUOTATION MARK}[^\N{RIGHT DOUBLE QUOTATION MARK}]+.)")
_WORD = re.compile(r"\S+")
_LEAD_IN = re.compile(r"\A(?:(?:to|that)\s+|[-\u2013\u2014:,;]\s*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a known shape, in its parts: plain lower-case words, empty where it has none.

    ``length`` is from now on (``ago``: back); ``date``, ``time`` and ``part`` (of the day) say the rest;
    ``at`` is that word before the time, ``zone`` an abbreviation behind it; ``iso`` is a whole moment by ISO 8601.
    """

    length: str = ""
    ago: str = ""
    date: str = ""
    time: str = ""
    part: str = ""
    at: str = ""
    zone: str = ""
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A request in its parts: the words about time, what to say then (or nothing), whether it began with *me*."""

    when: str
    what: str
    me: bool


def recognise(text: str) -> Phrase | None:
    """Take a phrase apart; None where it has none of the shapes. It need make no sense: ``31 feb 25:00`` is one."""
    plain = _plain(text)
    if len(plain) > LONGEST:
        return None
    for shape in _SHAPES:
        if match := shape.fullmatch(plain):
            return Phrase(**{name: part.strip() for name, part in match.groupdict("").items()})
    return None


def unreadable(text: str) -> BadMoment:
    """Say what a phrase of no known shape lacks."""
    plain = _plain(text)
    if not plain:
        return BadMoment("Say when, such as 20m, tomorrow 9am or 24 Dec 18:00.", EXAMPLE)
    sentence = _lack(text) or "“{}” is not a time I know; 20m, tomorrow 9am and 24 Dec 18:00 are."
    return BadMoment(sentence, EXAMPLE, shortened(text))


def shortened(text: str) -> str:
    """Cut what is quoted to a length that fits into a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def split(text: str) -> Split:
    """Part what follows ``!remind``: the words about time come first or last, and what to say may be in quotes.

    *tomorrow call mum at 9am* has them at both ends. Raises ``BadMoment`` where there are none at either.
    """
    first, *rest = text.split(maxsplit=1)[:2] or [""]
    me = first.casefold() == "me"
    said = "".join(rest) if me else text.strip()
    if not said:
        raise unreadable("")
    found = _by_quotes(said) or _from_front(said) or _from_back(said) or _too_little(said)
    if not found:
        raise BadMoment("“{}” says no time; put one first, such as 20m or tomorrow 9am.", EXAMPLE, shortened(said))
    when, what = found
    return Split(when, _unquoted(_LEAD_IN.sub("", what.strip(), count=1)), me)


def _by_quotes(text: str) -> tuple[str, str] | None:
    match = _QUOTED.match(text)
    if match and (when := text[match.end() :].strip(" ,")):
        return when, match[0]
    return None


def _from_front(text: str) -> tuple[str, str] | None:
    for match in reversed(list(_words(text))):
        when = text[: match.end()].rstrip(" ,;:-")
        phrase = _found(when)
        if phrase is None:
            continue
        what = text[match.end() :]
        # With a day in front, a time at the end is of that day; and the other way round.
        later = _from_back(what)
        if later and {_open(phrase), _open(recognise(later[0]))} == {"day", "time"}:
            return f"{when} {later[0]}", later[1]
        return when, what
    return None


def _from_back(text: str) -> tuple[str, str] | None:
    words = list(_WORD.finditer(text))
    for at in range(max(1, len(words) - _MOST_WORDS), len(words)):
        when = text[words[at].start() :].rstrip(".!")
        if words[at - 1][0].casefold() not in _BELONGS and _found(when):
            return when, text[: words[at].start()].rstrip(" ,;:-\n")
    return None


def _open(phrase: Phrase | None) -> str:
    """Name what a phrase leaves open, the day or the time; nothing where it says both, or how long from now."""
    if phrase is None or phrase.length or phrase.iso or bool(phrase.date) == bool(phrase.time or phrase.part):
        return ""
    return "time" if phrase.date else "day"


def _too_little(text: str) -> tuple[str, str] | None:
    for match in reversed(list(_words(text))):
        if _lack(text[: match.end()]):
            return text[: match.end()], text[match.end() :].strip()
    return None


def _words(text: str) -> list[re.Match[str]]:
    return [match for match, _ in zip(_WORD.finditer(text), range(_MOST_WORDS), strict=False)]


def _found(text: str) -> Phrase | None:
    return None if _EVERYDAY.fullmatch(_plain(text)) else recognise(text)


def _lack(text: str) -> str | None:
    plain = _plain(text)
    fits = (sentence for shape, sentence in _TOO_LITTLE if len(plain) <= LONGEST and shape.fullmatch(plain))
    return next(fits, None)


def _unquoted(text: str) -> str:
    return text[1:-1].strip() if _QUOTED.fullmatch(text) else text


def _plain(text: str) -> str:
    """Write a phrase in lower case, with plain digits and single spaces."""
    words = " ".join(text.split())[: LONGEST + 1].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in words)
