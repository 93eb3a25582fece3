"""Verbs about reminders as they are typed, with their arguments: *cancel #12*, *snooze 1h*, *edit tea to 5pm*.

A verb counts as one only where a reminder's name follows; *cancel netflix tomorrow 9am* has a time in it, and is a
text to be reminded of.
"""

import re

from bot.domain.errors import BadText
from bot.domain.invocation import Invocation, Topic
from bot.domain.reminders import options, phrases, sentence
from bot.domain.reminders.command import (
    HERE,
    ActOnAll,
    Command,
    EditReminder,
    ListHere,
    ListPage,
    ReminderVerb,
    Set,
    Snooze,
    UndoSet,
    Zone,
)
from bot.domain.reminders.reading import Sentence, first_word, unquoted
from bot.messages.catalogue import N_

_NUMBER = re.compile(r"#?\d{1,18}")
_PLEASE = re.compile(r"[ ,]+(?:please|pls|plz|thanks|thx)[.!]*\Z", re.IGNORECASE)
_IT = re.compile(r"\A(?:it|that|this|(?:the|my) (?:last )?(?:one|reminder)) (?=\S)", re.IGNORECASE)
_NUMBERED_LAST = re.compile(r"(\S.{0,60}) (#\d{1,18})")
# Words behind *edit* and *move* that make these a part of the text: move the car.
_ARTICLES = frozenset({"the", "a", "an", "my"})
# What may stand between a reminder's number and its new time.
_TO = re.compile(r"\A(?:to|for|until|till)\s+", re.IGNORECASE)
# A snooze counts from now: by an hour is for an hour.
_BY = re.compile(r"\Aby\s+|" + _TO.pattern, re.IGNORECASE)


def read(asked: Invocation, text: str, topic: Topic, person_id: int) -> Command | None:
    """Read a verb and its argument; None if the verb begins a sentence."""
    verb, words = asked.verb, phrases.BEFORE_NUMBER.sub("", asked.words)
    command: Command | None = None
    match verb:
        case "list" if words.casefold() == HERE:
            command = ListHere()
        case "list" if page := options.PAGE.fullmatch(words):
            command = ListPage(options.page(page[1] or 1))
        case "list" if sentence.whole(words):
            command = Set(sentence=f'{words} "{text.removesuffix(words).strip()}"', may_list=text)
        case "undo" if words.casefold() in {"", "that", "it", "this", "last"}:
            command = UndoSet()
        case "cancel" | "pause" | "resume" if _is_name(words, text):
            command = (
                ActOnAll(ReminderVerb.CANCEL)
                if text.casefold() == "clear"
                else options.act(verb, unquoted(_PLEASE.sub("", words)))
            )
        case "snooze":
            command = _snooze(_PLEASE.sub("", words))
        case "edit" if not words:
            command = ListPage()  # which has a menu to change one
        case "edit":
            is_rename = text[:6].casefold() == "rename"
            command = _rename(words) if is_rename else _edit(_PLEASE.sub("", words), text, topic, person_id)
        case "timezone" if not words or not _is_timed(text):
            command = Zone(words)
    return command


def _is_timed(text: str) -> bool:
    """Return whether a text ends with when it is to come: *zone out in 20m*."""
    read = sentence.read(text)
    return bool(read.readings) and text.rstrip(" .!").endswith(read.readings[0].words)


def _is_name(words: str, text: str) -> bool:
    """Return whether what follows a verb is a reminder's name or its numbers, and no part of a time is in them.

    The verb itself may begin one: *end of month*.
    """
    if text[:7].casefold() == "end of ":
        return False
    read = sentence.read(text)
    bare = _PLEASE.sub("", words)
    is_number = _NUMBER.fullmatch(bare) or options.NUMBERS.fullmatch(bare)
    if not read.readings:
        return bool(is_number) or not words.startswith("#")
    if text.startswith(read.readings[0].words):
        return False
    return bool(is_number) or (read.is_in_doubt and not _is_at_an_end(read))


def _is_at_an_end(read: Sentence) -> bool:
    words = read.readings[0].words
    return read.text.startswith(words) or read.text.rstrip(" .!").endswith(words)


def _snooze(words: str) -> Snooze | None:
    """Read *snooze #12 10m*, *snooze 1h* and *snooze*; None if it is a text to be reminded of."""
    first, rest = first_word(words)
    if words.isdecimal():
        raise phrases.minutes_or_number(words)
    if behind := _NUMBERED_LAST.fullmatch(words):  # snooze 15m #3
        rest, first = behind.groups()
    when = _BY.sub("", rest)
    if _NUMBER.fullmatch(first) and (not rest or rest.isdecimal() or sentence.whole(when)):
        return Snooze(first, when)
    when = _BY.sub("", _IT.sub("", words))
    return Snooze("", when) if not words or sentence.whole(when) else None


def _edit(words: str, text: str, topic: Topic, person_id: int) -> Command | None:
    """Read *edit #12 tomorrow 10am* and *edit stretch tomorrow 10am*; None if it is a text to be reminded of."""
    target, change = first_word(words)
    if not _NUMBER.fullmatch(target):
        if parts := _by_name(words):
            name, when = parts
            return EditReminder(name, sentence=when, text=text) if target.casefold() not in _ARTICLES else None
        raise BadText(options.WHICH)
    if not change:
        raise BadText(N_("What should change: the time, the text or how it repeats?"))
    if named := options.by_name(change, topic, "edit", ("reminder",)):
        return options.of(Invocation.of("edit", reminder=target, **named), person_id)
    when = _TO.sub("", change) if text[:4].casefold() != "edit" or change[:2].casefold() == "to" else change
    return EditReminder(target, sentence=when if sentence.whole(when) else change)


def _rename(words: str) -> EditReminder | None:
    """Read *rename #12 to buy oat milk*; None if it is a text to be reminded of."""
    target, what = first_word(words)
    if not _NUMBER.fullmatch(target):
        target, _, what = words.partition(" to ")
        return EditReminder(target, what=unquoted(what)) if what and not sentence.read(words).readings else None
    if not what:
        raise BadText(options.WHICH)
    return EditReminder(target, what=unquoted(_TO.sub("", what)))


def _by_name(words: str) -> tuple[str, str] | None:
    """Split a reminder's name from its new time, which stands behind it, with or without *to* between them."""
    name, to, when = words.rpartition(" to ")
    if to and name and sentence.whole(when) and not sentence.read(name).readings:
        return name, when
    read = sentence.read(words)
    if len(read.readings) == 1 and not read.is_in_doubt and words.endswith(read.readings[0].words):
        [reading] = read.readings
        return (reading.what, reading.words) if reading.what else None
    return None
