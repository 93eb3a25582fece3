"""Words about time in a timer's name: a length, a time of day, a date or a repetition."""

import re

from bot.domain.time.names import MONTH, WEEKDAY
from bot.domain.time.plain import plain

# The most characters of a text that are searched.
_SEARCHED = 400
_LENGTH = re.compile(
    r"(?<![\w.,/-])(?<!\d:)(?<![?&]t=)\d{1,4}(?:[.,]\d{1,3})? ?"
    r"(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)(?![\w-])"
    r"|(?<![\w.,:-])half an hour(?![\w-])"
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays|weekends)"
_DAYS = rf"{WEEKDAY}s? ?- ?{WEEKDAY}s?"
_MOMENT = re.compile(
    r"(?<![\w:.-])\d{1,2}:\d{2}(?![\w:])"
    r"|(?<![\w:.-])\d{1,2}(?::\d{2})? ?[ap]\.?m\b"
    r"|(?:\b(?:at|by|from|before|after|until|till?)|@) ?(?:\d{1,2}|noon|midday|midnight)\Z"
    rf"|\b(?:every|each) (?:other )?(?:\d|second\b|day|week|month|year|hour|minute|morning|evening|night|{_DAY})"
    r"|\b(?:daily|weekly|hourly|everyday|every|each)\Z"
    r"|\b(?:until|till?) (?:half|quarter|\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\Z)"
    r"|\b(?:until|till?) (?:the )?(?:end of|eo[dw]|late|later|next|lunch|dinner|morning|afternoon|evening|night"
    rf"|{_DAY}|{MONTH})\b"
    r"|(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}\b|\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b"
    r"|\b(?:(?:in the|this) (?:morning|afternoon|evening)|at night|for (?:a|the) (?:day|week|month))\Z"
    rf"|(?<!for )(?<!of )(?<!'s )\b(?:tomorrow|tonight|tmrw?|2moro|{_DAY}|{_DAYS}|next (?:week|month|year)"
    rf"|(?:tomorrow|{_DAY}) (?:morning|noon|afternoon|evening|night))\Z"
)

_AT_THE_END = re.compile(
    r"(?:(?:\b(?:at|by|from|before|after)|@) ?(?:\d{1,2}(?::\d{2})?|noon|midday|midnight)"
    r"(?: ?(?:to|until|till|-) ?\d{1,2}(?::\d{2})?)?"
    r"|\bbetween \d{1,2}(?::\d{2})? ?(?:and|-|to) ?\d{1,2}(?::\d{2})?"
    r"|(?<![\w:.-])\d{1,2}(?::\d{2})? ?[ap]\.?m\.?)\Z"
)
_HANGING = re.compile(
    r"(?:\A|(?<=\s))(?:within|after|before|until|till?|since|than|by|plus|minus|less|shorter|\+|and|or|to|of|with"
    r"|another|the next|under|starting|beginning|ending|lasting)\Z"
    r"|\A(?:after|before|until|till?|then|and|or|later|ago|from now|less|shorter)(?!\S)"
)
_LED_TO = re.compile(r"(?:\A|(?<=\s))(?:at|by|from|in|on|@)\Z", re.IGNORECASE)
_NAMES = {"after", "before", "since", "then", "later"}
# The most characters of a time of day with the word before it.
_LONGEST = 24


def ends_at_moment(words: str) -> bool:
    """Return whether words end with a time of day that cannot be minutes and seconds: *tea at 14:00*."""
    return _AT_THE_END.search(plain(words[-_LONGEST:])) is not None


def hangs(words: str, *, is_in_front: bool) -> bool:
    """Return whether a name ends or begins with a word that belongs to the length beside it: *tea after*.

    Alone in front of a length, some of these words are names like any other: *later 3*.
    """
    if not is_in_front and plain(words) in _NAMES:
        return False
    return _HANGING.search(plain(words)) is not None


def without_hanging(words: str) -> str:
    """Return a name without such a word."""
    match = _HANGING.search(plain(words))
    return (words[: match.start()] + words[match.end() :]).strip() if match else words


def length_in(words: str) -> tuple[str, str, str] | None:
    """Return the first length in words, between what is before and behind it; None if there is none."""
    match = _LENGTH.search(plain(words[:_SEARCHED]))
    return (words[: match.start()], words[match.start() : match.end()], words[match.end() :]) if match else None


def without_moment(words: str) -> str:
    """Return words without the moment at their end: *tea until 3pm*."""
    while words and has_moment(words):
        words = _LED_TO.sub("", words.rpartition(" ")[0])
    return without_hanging(words)


def has_moment(words: str) -> bool:
    """Return whether words mention a moment or a repetition."""
    return _MOMENT.search(plain(words[:_SEARCHED])) is not None
