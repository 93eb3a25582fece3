"""The fields of a slash command, filled from what is typed: ``when: 20m what: stretch``."""

import re
from collections.abc import Mapping

from bot.domain.invocation import Invocation, Topic
from bot.domain.reminders import parser, sentence
from bot.domain.reminders.command import DIRECT, EditReminder, Set, Snooze
from bot.domain.reminders.reading import Reading


def in_fields(asked: Invocation, topic: Topic) -> Mapping[str, str]:
    """Put what is typed behind a verb as the fields of its slash command."""
    command = parser.parse(asked, topic, 0)
    match command:
        case Set(sentence=body) if body:
            return _of_sentence(body) | ({"where": DIRECT} if command.direct else {})
        case EditReminder(target, sentence=body) if body:
            return {"reminder": target, **_of_sentence(body)}
        case Set():
            return {"when": command.when, "what": command.what, "every": command.every}
        case EditReminder():
            return {"reminder": command.target, "when": command.when, "what": command.what, "every": command.every}
        case Snooze(target, when):
            return {"reminder": target, "when": when}
    return {}


def _of_sentence(body: str) -> dict[str, str]:
    read = sentence.read(body)
    return _fields(read.readings[0]) | {"what": read.readings[0].what} if read.readings else {"what": body}


def _fields(reading: Reading) -> dict[str, str]:
    if reading.statement.repeats:
        return {"every": re.sub(r"\A(?:every|each)\s+", "", reading.words, flags=re.IGNORECASE)}
    return {"when": reading.words}
