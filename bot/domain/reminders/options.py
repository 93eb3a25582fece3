"""Options of what is asked for about reminders, filled in or typed by their names, as commands."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain import invocation
from bot.domain.errors import BadText, UserError
from bot.domain.invocation import Invocation, Topic, flag
from bot.domain.mentions import channel_id
from bot.domain.reminders import recipient
from bot.domain.reminders.command import (
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
from bot.messages.catalogue import N_

WHICH = N_("Which one? Give its number and what to change.")
NUMBERS = re.compile(r"#?\d{1,18}(?:(?:,? and |, ?| ?[&+] ?| )#?\d{1,18})+", re.IGNORECASE)
PAGE = re.compile(r"(?:(?:page )?(\d{1,4}))?", re.IGNORECASE)
_HERE_EXAMPLE = "remind list here"
_ALL = {"all", "everything", "all of them", "them all", "all reminders", "all my reminders", "every reminder"}
# Other names that people give to options.
_LABELS = {"text": "what", "message": "what", "title": "what", "time": "when"}
_LABEL = re.compile(rf"(?:\A|(?<= ))({'|'.join(_LABELS)})(?=: )", re.IGNORECASE)
# The most characters of a wrong option that are quoted.
_QUOTE = 40


def of(asked: Invocation, person_id: int) -> Command:
    """Return the command of options by their names."""
    get = asked.options.get
    command: Command
    match asked.verb:
        case "set":
            command = new(asked.options, person_id)
        case "edit" if target := get("reminder"):
            command = EditReminder(target, get("when", ""), get("what", ""), get("every", ""))
        case "edit":
            raise BadText(WHICH)
        case "snooze":
            command = Snooze(get("reminder") or "", get("when", ""))
        case "list":
            command = ListHere() if flag(get("here", False), _HERE_EXAMPLE) else ListPage(page(get("page", 1)))
        case "timezone":
            command = Zone(get("zone", ""))
        case "undo":
            command = UndoSet()
        case verb:
            command = act(verb, get("reminder") or "")
    return command


def act(verb: str, target: str) -> Command:
    """Return what a verb does to a reminder, to those of several numbers, or to all of them."""
    if target.casefold() in _ALL:
        return ActOnAll(ReminderVerb(verb))
    names = tuple(re.findall(r"#?\d+", target)) if NUMBERS.fullmatch(target) else (target,) if target else ()
    return ActOnReminders(ReminderVerb(verb), names)


def new(options: Mapping[str, Any], person_id: int, *, names_another: bool = False) -> Set:
    """Return a new reminder by its options."""
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


def by_name(text: str, topic: Topic, verb: str, given: Iterable[str]) -> dict[str, str]:
    """Parse a verb's options by their names, except those given already; empty if the text begins otherwise."""
    others = [option for option in topic.verbs[verb].options if option not in given]
    renamed = _LABEL.sub(lambda label: _LABELS[label[1].casefold()], text)
    return dict(invocation.by_name(renamed if verb == "edit" or "when: " in renamed else text, others))


def page(typed: int | str) -> int:
    """Return the number of a page of the list; 1 by default."""
    if isinstance(typed, str):
        number = PAGE.fullmatch(typed)
        if not number:
            raise UserError(N_("Which page is “{quote}”? Please give its number."), quote=typed[:_QUOTE])
        return int(number[1] or 1)
    return typed
