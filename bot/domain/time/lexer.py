"""The lexer: cuts words about time into tokens, from a place of a text as far as they go."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.time import clock_words, date_words, day_words, length_words, repeat_words, zone_words
from bot.domain.time.plain import plain
from bot.domain.time.recurrence import Unit
from bot.domain.time.tokens import (
    ClockTime,
    Date,
    DayPart,
    Every,
    InZone,
    Joiner,
    Marker,
    MonthDays,
    NthWeekdays,
    Relative,
    Slashed,
    Token,
    Value,
    Weekdays,
    Window,
    matches,
)

# The most tokens and characters that are tried as one phrase about time.
MOST, LONGEST = 40, 240
# Brackets and emphasis around words are ignored.
_BRACKETS = dict.fromkeys(map(ord, "()[]*~"), " ")
_DAYS = (Relative, Weekdays, Date, MonthDays, NthWeekdays, Slashed)
_READERS = (*clock_words.READERS, *date_words.READERS, *day_words.READERS)
_KINDS: dict[type, str] = dict.fromkeys((ClockTime, Window), "clock") | dict.fromkeys((*_DAYS, DayPart), "day")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was typed, and its plain form."""

    raw: str
    plain: str = field(init=False)
    # The token at each place, behind each kind of token: a text is read from many places.
    known: dict[tuple[int, str], Token | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", plain(self.raw).translate(_BRACKETS))


def run(text: Text, at: int = 0) -> list[Token]:
    """Return the tokens from a place of a text on, up to the first word that says nothing of time.

    The longest reading of each word counts; of two equally long ones, the first in the readers' order.
    """
    tokens: list[Token] = []
    plain, stop = text.plain, at + LONGEST
    while len(tokens) < MOST and at < stop:
        while at < len(plain) and (plain[at] == " " or (plain[at] == "t" and _is_between(at, tokens))):
            at += 1
        token = _next(text, at, tokens) or _behind_dash(text, at, tokens)
        if token is None:
            break
        tokens.append(token)
        at = token.end
    return tokens


def _is_between(at: int, before: list[Token]) -> bool:
    """Return whether a T stands between a date and a time, as in ISO 8601."""
    return bool(before) and isinstance(before[-1].value, Date) and before[-1].end == at


def _behind_dash(text: Text, at: int, before: list[Token]) -> Token | None:
    """Return the time of day behind a day and a dash: *thursday - 10:30*."""
    if not (before and isinstance(before[-1].value, _DAYS) and text.plain.startswith("- ", at)):
        return None
    token = _next(text, at + 2, before)
    return token if token and isinstance(token.value, ClockTime) and not token.value.is_loose else None


def _next(text: Text, at: int, before: list[Token]) -> Token | None:
    if at >= len(text.plain) or (at and _is_within_a_word(text.plain, at, before)):
        return None
    behind = _kind(before[-1].value) if before else ""
    if (at, behind) not in text.known:
        text.known[at, behind] = _behind(behind, text, at) if behind else _by_itself(text, at)
    return text.known[at, behind]


def _kind(value: Value) -> str:
    """Return the kind of a token that other words may follow than elsewhere; empty for all others."""
    kind = _KINDS.get(type(value), "")
    match value:
        case Weekdays((_,), is_plural=False):
            kind = "weekday"
        case Every(unit=Unit.MONTH):
            kind = "month"
        case Every(unit=Unit.DAY):
            kind = "day"
        case Marker(name="except"):
            kind = "except"
        case InZone():
            kind = "zone"
    return kind


def _behind(kind: str, text: Text, at: int) -> Token | None:
    """Return the longest token at a place behind one of a kind."""
    if (at, "") not in text.known:
        text.known[at, ""] = _by_itself(text, at)
    best = by_itself = text.known[at, ""]
    for value, end in filter(None, (read(text, at) for read in _READERS_BEHIND[kind])):
        best = _longer(Token(value, at, end), by_itself)
    return best


def _by_itself(text: Text, at: int) -> Token | None:
    """Return the longest token at a place, whatever came before."""
    best: Token | None = None
    for value, end in (
        *matches(text.plain, at, _READERS),
        *length_words.read(text.plain, at),
        *repeat_words.read(text.plain, at),
        *filter(None, [zone_words.leading(text.raw, at)]),
    ):
        if best is None or end > best.end:
            best = Token(value, at, end)
    return best


_BEHIND_A_DAY: tuple[Callable[[Text, int], tuple[Value, int] | None], ...] = (
    lambda text, at: clock_words.behind_day(text.plain, at),
    lambda text, at: repeat_words.behind_day(text.plain, at),
)
_READERS_BEHIND: dict[str, tuple[Callable[[Text, int], tuple[Value, int] | None], ...]] = {
    "clock": (
        lambda text, at: zone_words.read(text.raw, at),
        lambda text, at: date_words.behind_clock(text.plain, at),
    ),
    "zone": (lambda text, at: date_words.behind_clock(text.plain, at),),
    "month": (lambda text, at: day_words.behind_month(text.plain, at),),
    "except": (
        lambda text, at: day_words.behind_except(text.plain, at),
        lambda text, at: date_words.behind_except(text.plain, at),
    ),
    "day": _BEHIND_A_DAY,
    "weekday": (*_BEHIND_A_DAY, lambda text, at: day_words.behind_weekday(text.plain, at)),
}


def _longer(first: Token, other: Token | None) -> Token:
    return other if other and other.end > first.end else first


def _is_within_a_word(plain: str, at: int, before: list[Token]) -> bool:
    """Return whether a token would begin within a word; 8:00/20:00 and 17:00Z may be followed at once."""
    if before and before[-1].end == at and isinstance(before[-1].value, Joiner | ClockTime):
        return False
    if before and before[-1].end == at - 1 and plain[at - 1] == "t" and _is_between(at - 1, before):
        return False
    return (plain[at - 1].isalnum() and plain[at].isalnum()) or plain[at - 1] == "<"


def significant(tokens: list[Token]) -> list[Token]:
    """Return tokens without the joiners and markers at their end, which belong to what follows."""
    end = len(tokens)
    while end and isinstance(tokens[end - 1].value, Joiner | Marker):
        end -= 1
    return tokens[:end]
