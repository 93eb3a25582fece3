"""Words that qualify a time, by a limit or as vague: *while I'm awake*, *forever*, *in odd weeks*; *an hour or so*.

The bot can keep none of them: they are asked about, wherever they stand.
"""

import re

from bot.domain.time.amounts import IN_LETTERS
from bot.domain.time.lexer import Text
from bot.domain.time.names import MONTH, WEEKDAY
from bot.domain.time.plain import plain
from bot.domain.time.statement import Statement

# The most characters of a text that are looked at, in front and at its end.
_MOST_SEEN = 60
_SEASON = "(?:spring|summer|autumn|fall|winter)"
# Words that continue a time: *in a day or two*, *an hour and ten*; *every hour while I'm awake*.
_OR_SO_MUCH = re.compile(
    r" ?\d{1,2}(?::[0-5]\d)?[ap]m(?=[a-z]{2})"  # 9amcall
    r"| ?,? ?(?:(?:or|and) the (?:day|week|next)|at (?:this|the same) time|next(?! [a-z])|only|exactly|precisely"
    r"|approximately|approx\.?|more or less|give or take|thereabouts"
    r"|(?:at (?:the )?)?(?:latest|earliest)|or (?:earlier|later|before|after)|(?:ish|around)(?= ?$)"
    rf"|(?:or|and|&) (?:maybe |even )?(?:so|\d{{1,3}}(?:st|nd|rd|th)?|{IN_LETTERS}))(?![\w'%:.-])"
)
_WHILE = re.compile(
    r" ?,? ?(?:until|till|til|between|during|while|whenever|when|once|as soon as|as long as|unless|throughout"
    rf"|on which|outside|only|next|forever|onwards?|in {_SEASON}|not (?:in|on|at|during)|through {MONTH}"
    r"|(?:in |on )?(?:even|odd|alternating) (?:weeks?|days?|months?)|alternating"
    rf"|all (?:day|week|month|year|{MONTH})"
    rf"|for (?:ever|good|the (?:rest|whole)|all of|this|next|{MONTH}))(?![\w'-]|\.\w)"
)
_OWN = re.compile(r" ?(?:my|local|our) time(?= to\b)")
_FROM_THEN_ON = re.compile(r" ?on(?![\w'-])")
# Limits of a repetition, in front of a text and at its end.
_LIMIT = (
    r"(?:(?:during|throughout|as long as|unless|for (?:the rest|the whole|all) of) [^,]{1,40}|forever"
    rf"|for (?:ever|good)|all (?:week|month|year|{MONTH})|in (?:the )?{_SEASON}"
    rf"|(?:through|thru|until|till?) {MONTH}"
    r"|(?:in |on )?(?:even|odd|alternating) (?:weeks?|days?|months?)|alternating"
    rf"|(?:week-?days?|week-?ends?|{WEEKDAY}s?(?: ?(?:-|to) ?{WEEKDAY}s?)?) only"
    rf"|only (?:on )?(?:week-?days?|week-?ends?|{WEEKDAY}s?))"
)
_EACH = re.compile(
    r"(?<!\S)(?:(?:in|on) (?:even|odd) (?:weeks|days|months)"
    r"|for the (?:rest|remainder) of (?:the|this) (?:week|month|year))"
    r"(?![\w'-])"
)
_IN_FRONT, _AT_END = re.compile(rf"{_LIMIT}(?![\w'-])"), re.compile(rf"(?:^|(?<=[ ,])){_LIMIT}[ .!]*$")


def behind(source: Text, begin: int, statement: Statement) -> int | None:
    """Return the end of the words behind a time that limit it or make it vague; None if there are none."""
    goes_on = _OR_SO_MUCH.match(source.plain, begin)
    if goes_on is None and (statement.repeats or not (statement.clocks or statement.span)):
        goes_on = _WHILE.match(source.plain, begin)
    if goes_on is None and statement.since:
        goes_on = _FROM_THEN_ON.match(source.plain, begin)
    return goes_on.end() if goes_on else None


def own(source: Text, begin: int) -> int | None:
    """Return where *my time* ends behind a time of day; it may be part of the text too: *my time to shine*."""
    match = _OWN.match(source.plain, begin)
    return match.end() if match else None


def beside(source: Text, begin: int, end: int) -> tuple[int, int] | None:
    """Return the start and end of a repetition's limit, in front of a text or at its end."""
    while begin < end and source.plain[begin] in " ,":
        begin += 1
    front = _IN_FRONT.match(source.plain, begin, min(end, begin + _MOST_SEEN))
    limit = front or _AT_END.search(source.plain[:end], max(begin, end - _MOST_SEEN))
    return limit.span() if limit else None


def on_each_day(source: Text, begin: int, end: int) -> tuple[int, int] | None:
    """Return from where to where *in even weeks* or *for the rest of the week* makes a single time repeat."""
    limit = _EACH.search(source.plain, begin, end)
    return limit.span() if limit else None


def goes_with_a_time(text: str) -> bool:
    """Return whether a text would limit a time before it, or continue it."""
    start = plain(text[:_MOST_SEEN])
    if any(pattern.match(start) for pattern in (_WHILE, _OR_SO_MUCH, _FROM_THEN_ON)):
        return True
    return beside(Text(text), 0, len(text)) is not None
