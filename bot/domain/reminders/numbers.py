"""Numbers behind words about time that may belong to them: *1h 30*, *monday 730*, *sunday 29*, *2 jan 27*."""

import re

from bot.domain.time.amounts import IN_LETTERS
from bot.domain.time.lexer import Text
from bot.domain.time.tokens import Date, DayPart, FromNow, Relative, Token, Value, Weekdays

_END = r"(?![\w:.,/%$€£-])(?= )"
_YEAR = re.compile(rf" '?(?P<year>2[6-9]|3\d){_END}")
_MINUTES = re.compile(rf" (?:and )?(?P<number>[0-5]?\d|(?<=and )(?:{IN_LETTERS})){_END}")
_SECONDS = re.compile(rf"(?<=e|s) (?P<number>15|30|45){_END}")
_CLOCK = re.compile(r" (?P<hour>[1-9])(?P<minute>15|30|45)(?![\w:.,/%$€£-])")
_DAY = re.compile(rf" (?P<day>2[5-9]|3[01]){_END}")


def behind(source: Text, last: Token) -> tuple[str, int] | None:
    """Return the words that a number behind a token may stand for, and its end; None if there is no such number."""
    for pattern, words in _meanings(last.value):
        if match := pattern.match(source.plain, last.end):
            return words.format(**match.groupdict()), match.end()
    return None


def _meanings(value: Value) -> list[tuple[re.Pattern[str], str]]:
    """Return what a number may be behind a value, each with the words that mean it."""
    match value:
        case FromNow(length=length):
            units = {"h": (_MINUTES, "{number} m"), "m": (_SECONDS, "{number} s")}
            return [units[unit]] if (unit := length.amounts[-1].unit) in units else []
        case Date(year=None):
            return [(_YEAR, "20{year}")]
        case Weekdays(is_plural=False):
            return [(_CLOCK, "{hour}:{minute}"), (_DAY, "the {day}th")]
        case Relative() | DayPart():
            return [(_CLOCK, "{hour}:{minute}")]
    return []
