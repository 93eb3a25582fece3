"""Parser of extensions, a timer and a length: ``tea 5m``, ``+5``, ``5m to tea``, ``by 10 minutes``."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.domain.question import Question
from bot.domain.time import amounts, duration
from bot.domain.time.plain import plain, with_digits
from bot.domain.timers import choices, time_words, unclear
from bot.domain.timers.command import ExtendTimer
from bot.domain.timers.length import TypedLength, length_at_end, length_at_front
from bot.domain.timers.name import unquoted
from bot.messages.catalogue import N_

_MINUTE = timedelta(minutes=1)
_USUAL = (5 * _MINUTE, 10 * _MINUTE, 25 * _MINUTE)
_WISH = re.compile(
    r"(?:(?:pls|please) )?(?:(?:can|could|may) i (?:please )?(?:have|get)"
    r"|give(?: me)?|gimme|i need|i want|just|pls|please) ",
    re.IGNORECASE,
)
_MORE = re.compile(r"(?:(?P<which>.+?) )??(?P<number>\S{1,20}) (?:more|extra) (?P<unit>[a-z]{1,9})", re.IGNORECASE)
_ANOTHER = re.compile(r"(?:(?P<which>.+?) )??(?:another|an extra|extra) (?P<by>.{1,40})", re.IGNORECASE)
_LONGER = re.compile(r"(?:(?P<which>.+?) )??(?P<by>\S{1,9}(?: [a-z]{1,9})?) (?:more|longer|extra)", re.IGNORECASE)
_BEHIND = re.compile(r"(?P<by>.{1,30}?) (?:to|for|on) (?P<which>.+)", re.IGNORECASE)
_NOT_NAMED = re.compile(r"\A(?:make )?(?:it|this)\Z|\Amake ", re.IGNORECASE)
_NEEDS = re.compile(r"\A(?:let )?(.{1,80}?) (?:needs?|run|go on|lasts?)\Z", re.IGNORECASE)
_PLUS = re.compile(r"\+ ?(?=\w)")
# Several timers: #1 #2, all of them.
_SEVERAL = re.compile(
    r"#?\d{1,19}(?:(?:, ?|,? and | )#?\d{1,19})+|all(?: (?:of them|timers|my timers))?|everything|both",
    re.IGNORECASE,
)
_OR = re.compile(r"(?:\A| )\d+ ?(?:or|to|-)\Z", re.IGNORECASE)
_ONE_AT_A_TIME = N_("I can only make one timer longer at a time. Which one?")
# How often to extend: tea twice, tea 2x.
_SO_OFTEN = re.compile(
    rf"(?:(?P<which>.*) )?(?:twice|(?P<number>[2-9]|{amounts.IN_LETTERS}) ?(?:{amounts.TIMES}|times))",
    re.IGNORECASE,
)
_AND = re.compile(r"\A[\s,;&+]*(?:(?:and|then) )*", re.IGNORECASE)
_LEAD = re.compile(r"(?:by|for) (?=\S)", re.IGNORECASE)
_TRAIL = re.compile(r"(?:\A| )(?:by|with|for|plus|\+)\Z", re.IGNORECASE)
# A new end or length, not an extension: *to 15:00*, *to 20 minutes*.
_UP_TO = re.compile(r"(?:(?P<which>.*) )?(?:to|until|till?) \d\S*(?: ?[a-z]{1,7})?", re.IGNORECASE)
_LETTERED = re.compile(rf"(?:{amounts.IN_LETTERS})(?= (?:to|on) )", re.IGNORECASE)
_TARGET = re.compile(r"(?:to|on) (?=\S)", re.IGNORECASE)


def more(words: str) -> tuple[str, timedelta] | None:
    """Return the timer, if named, and the extension: *5 more minutes*, *tea another 5 min*."""
    bare = _WISH.sub("", words, count=1).removeprefix("+")
    for pattern in (_MORE, _ANOTHER, _LONGER):
        if match := pattern.fullmatch(bare):
            by = match["by"] if "by" in match.groupdict() else f"{match['number']} {match['unit']}"
            length = duration.by_itself(by) or duration.read(f"an {by}")
            if length and duration.is_possible(length):
                target = _NEEDS.sub(r"\1", _NOT_NAMED.sub("", (match["which"] or "").strip()))
                return unquoted(target), length
    behind = _BEHIND.fullmatch(bare)
    if behind and (longer := more(behind["by"])) and not longer[0]:
        return unquoted(behind["which"]), longer[1]
    return None


def added(words: str) -> tuple[str, timedelta] | None:
    """Return the timer and the extension that a plus says: *tea +5m*; None if there is none."""
    end = length_at_end(words)
    if end is None or not (end[0].is_added and end[1]):
        return None
    by = end[0].value * (60 if end[0].is_bare else 1)
    return (unquoted(end[1]), by) if duration.is_possible(by) else None


def read_extension(words: str, topic: str) -> ExtendTimer:
    """Parse the words behind the verb. A number is minutes by itself or with a plus, and behind a name seconds."""
    plus = _PLUS.match(words)
    words = _LEAD.sub("", words[plus.end() :] if plus else words, count=1).strip()
    if added := more(words):
        return ExtendTimer(added[0] or None, added[1])
    if (number := _LETTERED.match(words)) and (in_digits := amounts.in_letters(plain(number[0]))):  # five to tea
        words = f"{in_digits}{words[number.end() :]}"
    if (alone := duration.by_itself(words)) is not None:
        return _extend("", TypedLength(alone), topic)
    front, end = length_at_front(words), length_at_end(words)
    if (up_to := _UP_TO.fullmatch(words)) and not front:
        raise _how_much(topic, up_to["which"])
    if front and (plus or not end):
        if front[0].is_bare and not plus:
            lengths = front[0].value * 60, front[0].value
            target = unquoted(_TARGET.sub("", front[1], count=1))
            raise Question(
                N_("Is “{quote}” minutes or seconds?"),
                *(choices.extend(topic, target, by) for by in lengths if by <= duration.LONGEST),
                quote=words.partition(" ")[0],
            )
        return _extend(front[1], replace(front[0], is_added=True), topic)
    if end:
        return _extend(_TRAIL.sub("", end[1][-80:]) if len(end[1]) <= 80 else end[1], end[0], topic)
    if meant := unclear.find(words):
        longer = (choices.extend(topic, meant.called or None, by) for by in meant.lengths)
        raise Question(meant.template, *longer, quote=meant.quote)
    last = words.rpartition(" ")[2]
    if last and duration.is_meant_as_duration(last):
        return extension(unquoted(words.removesuffix(last).strip()) or None, last, topic)
    raise _how_much(topic, words)


def _how_much(topic: str, target: str | None) -> Question:
    """Ask by how much to extend a timer."""
    called = unquoted((target or "").strip()) or None
    return Question(N_("How much longer?"), *(choices.extend(topic, called, by) for by in _USUAL))


def extension(target: str | None, by: str, topic: str) -> ExtendTimer:
    """Make the command of a timer and a length, given separately. Raises ``UserError``."""
    if not by:
        raise _how_much(topic, target)
    is_minutes = not target or by.startswith("+")
    bare: Literal["s", "m"] = "m" if is_minutes else "s"
    likely = duration.read(with_digits(by), bare="m") or _USUAL[0]
    example = choices.extend(topic, target, min(max(likely, duration.SHORTEST), duration.LONGEST)).line
    return ExtendTimer(target, duration.parse(by, example=example, bare=bare))


def _extend(target: str, length: TypedLength, topic: str) -> ExtendTimer:
    typed = _TARGET.sub("", target.strip(), count=1)
    target = unquoted(typed)
    in_minutes = length.is_bare and (length.is_added or not target)
    by = length.value * 60 if in_minutes else length.value
    duration.check(by, example=choices.extend(topic, target or None, _USUAL[0]).line)
    if target == typed:
        _must_be_one(target, by, topic)
    return ExtendTimer(target or None, by)


def _must_be_one(target: str, by: timedelta, topic: str) -> None:
    """Raise ``Question`` if words name several timers, or lengths."""
    if (often := _SO_OFTEN.fullmatch(target)) and (number := amounts.number(often["number"] or "2")):
        longer = (choices.extend(topic, often["which"], by * times) for times in (int(number), 1))
        raise Question(N_("How much longer?"), *longer)
    if open_length := _OR.search(target):
        raise _how_much(topic, target[: open_length.start()])
    if several := _SEVERAL.fullmatch(target):
        each = re.findall(r"#?\d+", several[0]) or [None]
        raise Question(_ONE_AT_A_TIME, *(choices.extend(topic, number, by) for number in each))
    if (inner := time_words.length_in(target)) and inner[0].strip() and (first := duration.read(inner[1])):
        other = _AND.sub("", inner[2])
        raise Question(
            _ONE_AT_A_TIME,
            choices.extend(topic, inner[0].strip(), first),
            *([choices.extend(topic, other, by)] if other else []),
        )
