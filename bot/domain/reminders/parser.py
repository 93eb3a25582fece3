"""Parser of what is asked for with ``!remind`` or ``/remind``.

    remind  =  [me | @role | @here | #channel …]  sentence      with its time in front, at its end, or around it
            |  verb …

A verb counts as one only where a reminder's name follows: *cancel #12*, *cancel tea*; *cancel netflix tomorrow 9am*
has a time in it, and is a text to be reminded of. ``understanding`` resolves when a sentence is
due: it knows the moment and the person's time zone.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.errors import BadText, UserError
from bot.domain.invocation import Invocation, Topic, by_name, flag
from bot.domain.mentions import CHANNEL, PERSON, channel_id
from bot.domain.reminders import lead_in, phrases, put_right, recipient, sentence
from bot.domain.reminders.command import (
    DIRECT,
    HERE,
    ActOnAll,
    ActOnReminders,
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
from bot.domain.reminders.reading import Sentence, evenly_spaced, unquoted
from bot.messages.catalogue import N_

_HERE_EXAMPLE = "remind list here"
_WHICH = N_("Which one? Give its number and what to change.")
_NUMBER = re.compile(r"#?\d{1,18}")
_NUMBERS = re.compile(r"#?\d{1,18}(?:(?:,? and |, ?| ?[&+] ?| )#?\d{1,18})+", re.IGNORECASE)
_PLEASE = re.compile(r"[ ,]+(?:please|pls|plz|thanks|thx)[.!]*\Z", re.IGNORECASE)
_ALL = {"all", "everything", "all of them", "them all", "all reminders", "all my reminders", "every reminder"}
_PAGE = re.compile(r"(?:(?:page )?(\d{1,4}))?", re.IGNORECASE)
_AND_ANOTHER = re.compile(r"\A(?:and|&|\+) (?=<@)", re.IGNORECASE)
_REMIND = re.compile(r"\Aremind\s+(?=<[@#])", re.IGNORECASE)
_IT = re.compile(r"\A(?:it|that|this|(?:the|my) (?:last )?(?:one|reminder)) (?=\S)", re.IGNORECASE)
_NUMBERED_LAST = re.compile(r"(\S.{0,60}) (#\d{1,18})")
_PERSONS = re.compile(r"\A(?:<@!?\d{1,19}>\s*)+")
# Words behind *set* that make it a part of the text, or of what asks for it: set up the router, set a reminder.
_SET_ASIDE = frozenset({"reminder", "up", "the", "a", "an", "my", "our", "out", "off", "aside", "down"})
# Words behind *edit* and *move* that make these a part of the text: move the car.
_ARTICLES = frozenset({"the", "a", "an", "my"})
# What may stand between a reminder's number and its new time.
_TO = re.compile(r"\A(?:to|for|until|till)\s+", re.IGNORECASE)
# Other names that people give to options.
_LABELS = {"text": "what", "message": "what", "title": "what", "time": "when"}
_LABEL = re.compile(rf"(?:\A|(?<= ))({'|'.join(_LABELS)})(?=: )", re.IGNORECASE)
# The most characters of a wrong option that are quoted.
_QUOTE = 40


def parse(asked: Invocation, topic: Topic, person_id: int) -> Command:
    """Parse what one person asked for. Raises ``UserError`` with a working example."""
    if asked.text or not asked.options:
        return _typed(asked, topic, person_id)
    return _filled_in(asked, person_id)


def _filled_in(asked: Invocation, person_id: int) -> Command:
    """Return the command of options by their names."""
    get = asked.options.get
    match asked.verb:
        case "set":
            return _set(asked.options, person_id)
        case "edit":
            target = get("reminder")
            if not target:
                raise BadText(_WHICH)
            return EditReminder(target, get("when", ""), get("what", ""), get("every", ""))
    others: dict[str, Command] = {
        "timezone": Zone(get("zone", "")),
        "snooze": Snooze(get("reminder") or "", get("when", "")),
        "undo": UndoSet(),
    }
    if asked.verb == "list":
        return ListHere() if flag(get("here", False), _HERE_EXAMPLE) else ListPage(_page(get("page", 1)))
    return others.get(asked.verb) or _act(asked.verb, get("reminder") or "")


def _act(verb: str, target: str) -> Command:
    if target.casefold() in _ALL:
        return ActOnAll(ReminderVerb(verb))
    names = tuple(re.findall(r"#?\d+", target)) if _NUMBERS.fullmatch(target) else (target,) if target else ()
    return ActOnReminders(ReminderVerb(verb), names)


def _typed(asked: Invocation, topic: Topic, person_id: int) -> Command:
    """Read what somebody typed: a verb with what it is for, options by their names, or a sentence."""
    text = evenly_spaced(asked.text)
    asked = topic.read(text) if text else asked
    if asked.options:
        return _filled_in(asked, person_id)
    if command := phrases.command(text) or _by_verb(asked, text, topic, person_id):
        return command
    if question := put_right.verb(text, topic, lambda words: _is_command(words, topic, person_id)):
        raise question
    is_set = asked.verb == "set" and text[:3].casefold() == "set"
    is_set = is_set and _first_word(asked.words)[0].casefold().rstrip(":,") not in _SET_ASIDE
    return _new(asked.words if is_set else text, topic, person_id)


def _is_command(text: str, topic: Topic, person_id: int) -> bool:
    """Return whether words, with their verb put right, are one of its commands."""
    try:
        return _by_verb(topic.read(text), text, topic, person_id) is not None
    except UserError:
        return False


def _by_verb(asked: Invocation, text: str, topic: Topic, person_id: int) -> Command | None:
    """Read a verb with what it is for; None where the verb begins a sentence."""
    verb, words = asked.verb, phrases.BEFORE_NUMBER.sub("", asked.words)
    command: Command | None = None
    match verb:
        case "list" if words.casefold() == HERE:
            command = ListHere()
        case "list" if page := _PAGE.fullmatch(words):
            command = ListPage(_page(page[1] or 1))
        case "list" if sentence.whole(words):
            command = Set(sentence=f'{words} "{text.removesuffix(words).strip()}"', may_list=text)
        case "undo" if words.casefold() in {"", "that", "it", "this", "last"}:
            command = UndoSet()
        case "cancel" | "pause" | "resume" if _is_name(words, text):
            command = (
                ActOnAll(ReminderVerb.CANCEL)
                if text.casefold() == "clear"
                else _act(verb, unquoted(_PLEASE.sub("", words)))
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
    read = sentence.read(text)
    if text[:7].casefold() == "end of ":
        return False
    bare = _PLEASE.sub("", words)
    is_number = _NUMBER.fullmatch(bare) or _NUMBERS.fullmatch(bare)
    if not read.readings:
        return bool(is_number) or not words.startswith("#")
    if text.startswith(read.readings[0].words):
        return False
    return bool(is_number) or (read.is_in_doubt and not _is_at_an_end(read))


def _is_at_an_end(read: Sentence) -> bool:
    words = read.readings[0].words
    return read.text.startswith(words) or read.text.rstrip(" .!").endswith(words)


def _snooze(words: str) -> Snooze | None:
    """Read *snooze #12 10m*, *snooze 1h* and *snooze*; None where it is a text to be reminded of."""
    first, rest = _first_word(words)
    if words.isdecimal():
        raise phrases.minutes_or_number(words)
    if behind := _NUMBERED_LAST.fullmatch(words):  # snooze 15m #3
        rest, first = behind.groups()
    when = _TO.sub("", rest)
    if _NUMBER.fullmatch(first) and (not rest or rest.isdecimal() or sentence.whole(when)):
        return Snooze(first, when)
    when = _TO.sub("", _IT.sub("", words))
    return Snooze("", when) if not words or sentence.whole(when) else None


def _edit(words: str, text: str, topic: Topic, person_id: int) -> Command | None:
    """Read *edit #12 tomorrow 10am* and *edit stretch tomorrow 10am*; None where it is a text to be reminded of."""
    target, change = _first_word(words)
    if not _NUMBER.fullmatch(target):
        if parts := _by_name(words):
            name, when = parts
            return EditReminder(name, sentence=when, text=text) if target.casefold() not in _ARTICLES else None
        raise BadText(_WHICH)
    if not change:
        raise BadText(N_("What should change: the time, the text or how it repeats?"))
    if named := _named(change, topic, "edit", ("reminder",)):
        return _filled_in(Invocation.of("edit", reminder=target, **named), person_id)
    when = _TO.sub("", change) if text[:4].casefold() != "edit" or change[:2].casefold() == "to" else change
    return EditReminder(target, sentence=when if sentence.whole(when) else change)


def _rename(words: str) -> EditReminder | None:
    """Read *rename #12 to buy oat milk*; None where it is a text to be reminded of."""
    target, what = _first_word(words)
    if not _NUMBER.fullmatch(target):
        target, _, what = words.partition(" to ")
        return EditReminder(target, what=unquoted(what)) if what and not sentence.read(words).readings else None
    if not what:
        raise BadText(_WHICH)
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


def _new(text: str, topic: Topic, person_id: int) -> Command:
    """Read a new reminder: whom and where first, then the sentence, or options by their names."""
    whom: dict[str, str] = {}
    another, text = "", _REMIND.sub("", text)
    while True:
        first, rest = _first_word(_AND_ANOTHER.sub("", text) if whom or another else text)
        first = first.rstrip(",") if first.startswith("<") else first
        is_me, sentence_rest = lead_in.asked_of_me(text)
        if is_me and "where" not in whom:
            whom["where"], rest = DIRECT, sentence_rest
        elif first.casefold() == HERE and "where" not in whom and sentence.begins(rest):
            whom["where"] = HERE
        elif recipient.ROLE.fullmatch(first) and whom.get("who", first) == first:
            whom["who"] = first
        elif recipient.ROLE.fullmatch(first) and (sentence_rest := _PERSONS.sub("", rest)):
            raise phrases.which_role(whom["who"], first, sentence_rest)
        elif CHANNEL.fullmatch(first) and "channel" not in whom:
            whom["channel"] = first
        elif person := PERSON.fullmatch(first):
            if int(person[1]) != person_id and rest:
                another = first
            else:
                recipient.mention(first, person_id)
        else:
            break
        text = rest
    if named := _named(text, topic, "set", whom):
        recipient.mention(another, person_id)
        return _filled_in(Invocation.of("set", **named, **whom), person_id)
    text = text if whom or another else lead_in.asked_of_me(text)[1]
    return _set({"sentence": text, **whom}, person_id, names_another=bool(another))


def _set(options: Mapping[str, Any], person_id: int, *, names_another: bool = False) -> Set:
    get = options.get
    return Set(
        get("when", "").strip(),
        get("what", ""),
        get("every", "").strip(),
        get("sentence", ""),
        direct=recipient.is_direct(get("where") or HERE),
        calls=recipient.mention(get("who", ""), person_id),
        channel_id=channel_id(channel) if (channel := get("channel", "")) else None,
        names_another=names_another,
    )


def _named(text: str, topic: Topic, verb: str, given: Iterable[str]) -> dict[str, str]:
    """Parse a verb's options by their names, except those given already; empty where the text begins otherwise."""
    others = [option for option in topic.verbs[verb].options if option not in given]
    renamed = _LABEL.sub(lambda label: _LABELS[label[1].casefold()], text)
    return dict(by_name(renamed if verb == "edit" or "when: " in renamed else text, others))


def _first_word(text: str) -> tuple[str, str]:
    """Split a text into its first word and what follows."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""


def _page(page: int | str) -> int:
    if isinstance(page, str):
        number = _PAGE.fullmatch(page)
        if not number:
            raise UserError(N_("Which page is “{quote}”? Please give its number."), quote=page[:_QUOTE])
        return int(number[1] or 1)
    return page
