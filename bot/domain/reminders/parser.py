"""Parser of what is asked for with ``!remind`` or ``/remind``.

    remind  =  [me | @role | @here | #channel …]  sentence      with its time in front, at its end, or around it
            |  verb …

``understanding`` resolves when a sentence is due: it knows the moment and the person's time zone.
"""

import re

from bot.domain.errors import UserError
from bot.domain.invocation import Invocation, Topic
from bot.domain.mentions import CHANNEL, PERSON
from bot.domain.reminders import lead_in, options, phrases, put_right, recipient, sentence, verbs
from bot.domain.reminders.command import DIRECT, HERE, Command
from bot.domain.reminders.reading import evenly_spaced, first_word

_AND_ANOTHER = re.compile(r"\A(?:and|&|\+) (?=<@)", re.IGNORECASE)
_REMIND = re.compile(r"\Aremind\s+(?=<[@#])", re.IGNORECASE)
_MENTIONS = re.compile(r"\A(?:(?:<@[!&]?\d{1,19}>|@everyone\b|@here\b)\s*)+")
# Words behind *set* that make it a part of the text, or of what asks for it: set up the router, set a reminder.
_SET_ASIDE = frozenset({"reminder", "up", "the", "a", "an", "my", "our", "out", "off", "aside", "down"})


def parse(asked: Invocation, topic: Topic, person_id: int) -> Command:
    """Parse what one person asked for. Raises ``UserError`` with a working example."""
    if asked.text or not asked.options:
        return _typed(asked, topic, person_id)
    return options.of(asked, person_id)


def _typed(asked: Invocation, topic: Topic, person_id: int) -> Command:
    """Read what somebody typed: a verb with what it is for, options by their names, or a sentence."""
    text = evenly_spaced(asked.text)
    asked = topic.read(text) if text else asked
    if asked.options:
        return options.of(asked, person_id)
    if command := phrases.command(text) or verbs.read(asked, text, topic, person_id):
        return command
    if question := put_right.verb(text, topic, lambda words: _is_command(words, topic, person_id)):
        raise question
    is_set = asked.verb == "set" and text[:3].casefold() == "set"
    is_set = is_set and first_word(asked.words)[0].casefold().rstrip(":,") not in _SET_ASIDE
    return _new(asked.words if is_set else text, topic, person_id)


def _is_command(text: str, topic: Topic, person_id: int) -> bool:
    """Return whether words, with their verb put right, are one of its commands."""
    try:
        return verbs.read(topic.read(text), text, topic, person_id) is not None
    except UserError:
        return False


def _new(text: str, topic: Topic, person_id: int) -> Command:
    """Read a new reminder: whom and where first, then the sentence, or options by their names."""
    whom: dict[str, str] = {}
    another, text = "", _REMIND.sub("", text)
    while True:
        first, rest = first_word(_AND_ANOTHER.sub("", text) if whom or another else text)
        first = first.rstrip(",") if first.startswith("<") else first
        is_me, sentence_rest = lead_in.asked_of_me(text)
        if is_me and "where" not in whom:
            whom["where"], rest = DIRECT, sentence_rest
        elif first.casefold() == HERE and "where" not in whom and sentence.begins(rest):
            whom["where"] = HERE
        elif recipient.ROLE.fullmatch(first) and whom.get("who", first) == first:
            whom["who"] = first
        elif recipient.ROLE.fullmatch(first) and (sentence_rest := _MENTIONS.sub("", rest)):
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
    if named := options.by_name(text, topic, "set", whom):
        recipient.mention(another, person_id)
        return options.of(Invocation.of("set", **named, **whom), person_id)
    text = text if whom or another else lead_in.asked_of_me(text)[1]
    return options.new({"sentence": text, **whom}, person_id, names_another=bool(another))
