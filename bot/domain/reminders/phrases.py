"""Commands that people ask for in other words: *my reminders*, *set my timezone to Berlin*, *snooze 10*."""

import re

from bot.domain.question import Choice, Question
from bot.domain.reminders.command import Command, ListPage, Zone
from bot.messages.catalogue import N_

_LISTED = frozenset(
    {"all", "mine", "reminders", "my reminders", "list all", "list mine", "list reminders", "list my reminders"}
    | {"show all", "show mine", "show reminders", "show my reminders", "show all reminders", "list all reminders"}
)
# The most characters of a number that are quoted.
_QUOTE = 40
_MY_ZONE = re.compile(r"(?:set|change) (?:my )?(?:time ?zone|tz) (?:to |as )?(.{1,60})", re.IGNORECASE)


def command(text: str) -> Command | None:
    """Return the command that all of a text asks for; None where it is none of these."""
    if text.casefold() in _LISTED:
        return ListPage()
    zone = _MY_ZONE.fullmatch(text)
    return Zone(zone[1]) if zone else None


def minutes_or_number(words: str) -> Question:
    """Ask what the number behind *snooze* is."""
    lines = (f"remind snooze {words}m", f"remind snooze #{words}")
    choices = (Choice(N_("{line}"), line, {"line": f"!{line}"}) for line in lines)
    return Question(N_("Is “{quote}” minutes, or a reminder's number?"), *choices, quote=words[:_QUOTE])


def which_role(first: str, second: str, sentence: str) -> Question:
    """Ask which of two roles is to be called."""
    choices = (Choice(N_("{role}"), f"remind {role} {sentence}", {"role": role}) for role in (first, second))
    return Question(N_("I can only ping one role at a time. Which one?"), *choices)
