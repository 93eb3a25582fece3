"""Parser of by how much to extend which timer: ``tea 5m``, ``+5``, ``5m to tea``, ``by 10 minutes``."""

import re
from datetime import timedelta

from bot.domain.question import Question
from bot.domain.time import duration
from bot.domain.timers import choices
from bot.domain.timers.command import ExtendTimer
from bot.domain.timers.length import TypedLength, length_at_end, length_at_front
from bot.domain.timers.name import unquoted
from bot.messages.catalogue import N_

_MINUTE = timedelta(minutes=1)
_USUAL = (5 * _MINUTE, 10 * _MINUTE, 25 * _MINUTE)
_WISH = re.compile(r"(?:(?:can i (?:have|get)|give(?: me)?|i need|i want|just) )", re.IGNORECASE)
_MORE = re.compile(r"(?:(?P<which>.+?) )??(?P<number>\S{1,20}) (?:more|extra) (?P<unit>[a-z]{1,9})", re.IGNORECASE)
_ANOTHER = re.compile(r"(?:(?P<which>.+?) )??(?:another|an extra|extra) (?P<by>.{1,40})", re.IGNORECASE)
_LONGER = re.compile(r"(?:(?P<which>.+?) )??(?P<by>\S{1,9}(?: [a-z]{1,9})?) (?:more|longer|extra)", re.IGNORECASE)
_NOT_NAMED = re.compile(r"\A(?:make )?(?:it|this)\Z|\Amake ", re.IGNORECASE)
_EXTRA = re.compile(r"(?<=\d) (?:more|extra) (?=[a-z])|(?:\A| )(?:another|an extra) (?=\d)", re.IGNORECASE)
_LEAD = re.compile(r"(?:by|for) (?=\S)", re.IGNORECASE)
_TRAIL = re.compile(r"(?:\A| )(?:by|with|for|plus)\Z", re.IGNORECASE)
# What a length would be up to, not by: *to 15:00*, *to 20 minutes*.
_UP_TO = re.compile(r"(?:(?P<which>.*) )?(?:to|until|till?) \d\S*(?: ?[a-z]{1,7})?", re.IGNORECASE)
_TARGET = re.compile(r"(?:to|on) (?=\S)", re.IGNORECASE)


def more(words: str) -> tuple[str, timedelta] | None:
    """Return the timer, if named, and by how much it is to be longer: *5 more minutes*, *tea another 5 min*."""
    bare = _WISH.sub("", words, count=1).removeprefix("+")
    for pattern in (_MORE, _ANOTHER, _LONGER):
        if match := pattern.fullmatch(bare):
            by = match["by"] if "by" in match.groupdict() else f"{match['number']} {match['unit']}"
            length = duration.read(by, bare="m")
            if length and duration.SHORTEST <= length <= duration.LONGEST:
                return unquoted(_NOT_NAMED.sub("", (match["which"] or "").strip())), length
    return None


def read_extension(words: str, topic: str) -> ExtendTimer:
    """Parse the words behind the verb. A number is minutes by itself or with a plus, and behind a name seconds."""
    words = _EXTRA.sub(" ", _LEAD.sub("", words, count=1)).strip()
    spaced = re.sub(
        r"\A\+ (?=\d)|\A\+ ?(?=[a-z])", lambda match: "+" if words[match.end()].isdigit() else "", words
    )
    if (up_to := _UP_TO.fullmatch(spaced)) and not length_at_front(spaced):
        raise _how_much(topic, up_to["which"])
    if (end := length_at_end(spaced)) is not None:
        return _extend(_TRAIL.sub("", end[1][-80:]) if len(end[1]) <= 80 else end[1], end[0], topic)
    if (front := length_at_front(spaced.removeprefix("+"))) is not None:
        target = unquoted(_TARGET.sub("", front[1], count=1))
        if front[0].is_bare and not spaced.startswith("+"):
            lengths = front[0].value * 60, front[0].value
            raise Question(
                N_("Is “{quote}” minutes or seconds?"),
                *(choices.extend(topic, target, by) for by in lengths if by <= duration.LONGEST),
                quote=words.partition(" ")[0],
            )
        return _extend(
            target, TypedLength(front[0].value, is_added=front[0].is_bare, is_bare=front[0].is_bare), topic
        )
    last = words.rpartition(" ")[2]
    if last and duration.is_meant_as_duration(last):
        return extension(unquoted(words.removesuffix(last).strip()) or None, last, topic)
    raise _how_much(topic, words)


def _how_much(topic: str, target: str | None) -> Question:
    """Ask by how much to extend a timer."""
    called = unquoted((target or "").strip()) or None
    return Question(N_("How much longer?"), *(choices.extend(topic, called, by) for by in _USUAL))


def extension(target: str | None, by: str, topic: str) -> ExtendTimer:
    """Make the command of a timer and a length, each by itself. Raises ``UserError``."""
    if not by:
        raise _how_much(topic, target)
    is_minutes = not target or by.startswith("+")
    example = choices.extend(topic, target, _USUAL[0]).line
    return ExtendTimer(target, duration.parse(by, example=example, bare="m" if is_minutes else "s"))


def _extend(target: str, length: TypedLength, topic: str) -> ExtendTimer:
    target = unquoted(target.strip())
    in_minutes = length.is_bare and (length.is_added or not target)
    by = length.value * 60 if in_minutes else length.value
    duration.check(by, example=choices.extend(topic, target or None, _USUAL[0]).line)
    return ExtendTimer(target or None, by)
