"""The shapes of phrases about time, and where they stand in a request.

Libraries guess: they take *may* for a day in May, *10* for the tenth, and *tomorrow 9* loses its 9. So only phrases
of these shapes are read, part by part (``bot.domain.time.when``), and requests are split at them.
"""

import re
from dataclasses import dataclass

from bot.domain.errors import BadMoment
from bot.domain.time import duration
from bot.messages.catalogue import N_, Template

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
# Incomplete times: refused with a specific message where nothing in the request completes them.
_TOO_LITTLE = (
    (
        re.compile(r"(?:in |at )?[-+]?\d+(?:[.,]\d+)?"),
        N_("“{quote}” may be minutes, an hour or a day; say 10m, 10:00 or 10 Dec."),
    ),
    (
        re.compile(r"(?:in )?(?:the )?(?:next|this) (?:week|month|year|weekend)|(?:at |on )?the weekend"),
        N_("“{quote}” may be any day of it; name the day, or say in 7 days."),
    ),
    (re.compile(rf"(?:in )?{_MONTH}"), N_("“{quote}” names a month and no day; say which day of it.")),
    (re.compile(r"(?:in the )?(?:morning|afternoon|evening)"), N_("“{quote}” names no day; say of which.")),
    (
        re.compile(r"(?:at )?\d{1,4}:\d{1,4}(?::\d{1,4})?"),
        N_("“{quote}” is no time on the clock; those run from 0:00 to 23:59, with two digits for the minutes."),
    ),
)
# Everyday words, which are times only together with others.
_EVERYDAY = re.compile(r"sat|sun|wed|mon|an? .*")
# A time after one of these belongs to the text: "get ready for friday".
_BELONGS = frozenset(
    {"a", "about", "after", "and", "before", "by", "every", "for", "from", "last", "of", "or", "since"}
    | {"than", "the", "till", "to", "until", "with", "within"}
)
_QUOTED = re.compile(r"(\"[^\"]+\"|\N{LEFT DOUBLE QUOTATION MARK}[^\N{RIGHT DOUBLE QUOTATION MARK}]+.)")
_WORD = re.compile(r"\S+")
_LEAD_IN = re.compile(r"\A(?:(?:to|that)\s+|[-\u2013\u2014:,;]\s*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a known shape, in its parts: plain lower-case words, empty where absent.

    ``length`` is counted from now (``ago``: back); ``date``, ``time`` and ``part`` (of the day) are as named;
    ``at`` is that word before the time, ``zone`` an abbreviation after it; ``iso`` is a whole moment in ISO 8601.
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
    """A request in its parts: the words about time, the text (or nothing), whether it began with *me*."""

    when: str
    what: str
    me: bool


def recognise(text: str) -> Phrase | None:
    """Match a phrase against the shapes; None where none fits. It need not be valid: ``31 feb 25:00`` fits."""
    plain = _plain(text)
    if len(plain) > LONGEST:
        return None
    for shape in _SHAPES:
        if match := shape.fullmatch(plain):
            return Phrase(**{name: part.strip() for name, part in match.groupdict("").items()})
    return None


def unreadable(text: str) -> BadMoment:
    """Return the error for a phrase of no known shape."""
    plain = _plain(text)
    if not plain:
        return BadMoment(N_("Say when, such as 20m, tomorrow 9am or 24 Dec 18:00."), EXAMPLE)
    sentence = _lack(text) or N_("“{quote}” is not a time I know; 20m, tomorrow 9am and 24 Dec 18:00 are.")
    return BadMoment(sentence, EXAMPLE, quote=shortened(text))


def shortened(text: str) -> str:
    """Shorten a quote to fit into a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def split(text: str) -> Split:
    """Split the words after ``!remind``: the words about time come first or last, and the text may be in quotes.

    *tomorrow call mum at 9am* has them at both ends. Raises ``BadMoment`` where there are none at either end.
    """
    first, *rest = text.split(maxsplit=1)[:2] or [""]
    me = first.casefold() == "me"
    body = "".join(rest) if me else text.strip()
    if not body:
        raise unreadable("")
    parts = _by_quotes(body) or _from_front(body) or _from_back(body) or _too_little(body)
    if not parts:
        raise BadMoment(
            N_("“{quote}” says no time; put one first, such as 20m or tomorrow 9am."),
            EXAMPLE,
            quote=shortened(body),
        )
    when, what = parts
    return Split(when, _unquoted(_LEAD_IN.sub("", what.strip(), count=1)), me)


def _by_quotes(text: str) -> tuple[str, str] | None:
    match = _QUOTED.match(text)
    if match and (when := text[match.end() :].strip(" ,")):
        return when, match[0]
    return None


def _from_front(text: str) -> tuple[str, str] | None:
    for match in reversed(list(_words(text))):
        when = text[: match.end()].rstrip(" ,;:-")
        phrase = _recognise_alone(when)
        if phrase is None:
            continue
        what = text[match.end() :]
        # With a day in front, a time at the end belongs to that day, and vice versa.
        later = _from_back(what)
        if later and {_open(phrase), _open(recognise(later[0]))} == {"day", "time"}:
            return f"{when} {later[0]}", later[1]
        return when, what
    return None


def _from_back(text: str) -> tuple[str, str] | None:
    words = list(_WORD.finditer(text))
    for at in range(max(1, len(words) - _MOST_WORDS), len(words)):
        when = text[words[at].start() :].rstrip(".!")
        if words[at - 1][0].casefold() not in _BELONGS and _recognise_alone(when):
            return when, text[: words[at].start()].rstrip(" ,;:-\n")
    return None


def _open(phrase: Phrase | None) -> str:
    """Return what a phrase leaves open, ``day`` or ``time``; empty where it has both, or is a length."""
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


def _recognise_alone(text: str) -> Phrase | None:
    return None if _EVERYDAY.fullmatch(_plain(text)) else recognise(text)


def _lack(text: str) -> Template | None:
    plain = _plain(text)
    fits = (sentence for shape, sentence in _TOO_LITTLE if len(plain) <= LONGEST and shape.fullmatch(plain))
    return next(fits, None)


def _unquoted(text: str) -> str:
    return text[1:-1].strip() if _QUOTED.fullmatch(text) else text


def _plain(text: str) -> str:
    """Normalise a phrase to lower case, plain digits and single spaces."""
    words = " ".join(text.split())[: LONGEST + 1].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return duration.plain_digits(words.casefold())
