"""Parser of what is asked for with ``!remind`` or ``/remind``.

    remind  =  [me | @role | @here | #channel …]  time  [what]  [every rule]      in whichever order they read best
            |  verb …

What is typed in words is first put as the options of the slash command that means the same. A verb counts as one
only where a reminder's name follows: *cancel #12*, *cancel tea*; *cancel netflix tomorrow 9am* has a time in it,
and is a text to be reminded of.
"""

import re
from collections.abc import Iterable, Mapping

from bot.domain.errors import BadText, NotYours, UserError
from bot.domain.invocation import Invocation, Topic, by_name
from bot.domain.reminders.command import Act, Command, Edit, ListPage, Set, Verb, Zone
from bot.domain.reminders.sentence import changes_in, first_word, has_time, in_parts, unquoted
from bot.domain.time.when_phrase import EXAMPLE
from bot.messages.catalogue import N_

_EDIT_EXAMPLE = "remind edit #12 tomorrow 9am"
_WHICH = N_("Say which one by its number, and what to change of it.")
_HERE, _DIRECT = "here", "direct message"
_NUMBER = re.compile(r"#?\d{1,18}")
_PAGE = re.compile(r"(?:(?:page )?(\d{1,4}))?", re.IGNORECASE)
_ROLE = re.compile(r"<@&\d{1,19}>|@everyone|@here")
_CHANNEL = re.compile(r"<#(\d{1,19})>")
_PERSON = re.compile(r"<@!?(\d{1,19})>")
_BLANK_LINES = re.compile(r"\n{3,}")
# The most characters of a wrong option that are quoted.
_QUOTE = 40


def parse(asked: Invocation, topic: Topic, person_id: int) -> Command:
    """Parse what one person asked for. Raises ``UserError`` with a working example."""
    asked = by_options(asked, topic, person_id)
    get = asked.options.get
    match asked.verb:
        case "set":
            return Set(
                get("when", "").strip(),
                get("what", ""),
                get("every", "").strip(),
                direct=_is_direct(get("where") or _HERE),
                calls=_calls(get("who", ""), person_id),
                channel_id=_channel_id(get("channel", "")),
            )
        case "list":
            return ListPage(_page(get("page", 1)))
        case "edit":
            which = get("reminder")
            if not which:
                raise BadText(_WHICH, _EDIT_EXAMPLE)
            return Edit(which, get("when", ""), get("what", ""), get("every", ""))
        case "timezone":
            return Zone(get("zone", ""))
    return Act(Verb(asked.verb), get("reminder") or None)


def by_options(asked: Invocation, topic: Topic, person_id: int) -> Invocation:
    """Put what one person typed in words as options by their names; what has options already stays."""
    if asked.text:
        asked = topic.read(_evenly_spaced(asked.text))
    if asked.options:
        return asked
    verb, words = asked.verb, asked.words
    options: Mapping[str, str | None]
    match verb:
        case "list" if page := _PAGE.fullmatch(words):
            options = {"page": page[1]}
        case "cancel" | "pause" | "resume" if _NUMBER.fullmatch(words) or not has_time(words):
            options = {"reminder": unquoted(words)}
        case "edit" if _NUMBER.fullmatch(first_word(words)[0]) or not has_time(words):
            options = _change(words, topic)
        case "timezone":
            options = {"zone": words}
        case "set":
            options = _new(words, topic, person_id)
        case _:
            verb, options = "set", _new(asked.text, topic, person_id)
    return Invocation.of(verb, **options)


def _evenly_spaced(text: str) -> str:
    """Collapse whitespace to single spaces and at most two line breaks: searching long runs is slow."""
    return _BLANK_LINES.sub("\n\n", "\n".join(" ".join(line.split()) for line in text.strip().splitlines())).strip()


def _new(text: str, topic: Topic, person_id: int) -> Mapping[str, str]:
    """Parse a new reminder: whom and where first, then when, what and how often."""
    whom: dict[str, str] = {}
    while True:
        first, rest = first_word(text)
        if first.casefold() == "me" and "where" not in whom:
            whom["where"] = _DIRECT
        elif _ROLE.fullmatch(first) and "who" not in whom:
            whom["who"] = first
        elif _CHANNEL.fullmatch(first) and "channel" not in whom:
            whom["channel"] = first
        elif _PERSON.fullmatch(first):
            _calls(first, person_id)
        else:
            break
        text = rest
    return {**(_named(text, topic, "set", whom) or in_parts(text)), **whom}


def _change(text: str, topic: Topic) -> Mapping[str, str]:
    """Parse an edit: the reminder's number first, then what to change."""
    which, change = first_word(text)
    if not _NUMBER.fullmatch(which):
        raise BadText(_WHICH, _EDIT_EXAMPLE)
    if not change:
        raise BadText(N_("Say what to change: when it comes, what it says, or how it repeats."), _EDIT_EXAMPLE)
    reminder = {"reminder": which}
    return reminder | (_named(change, topic, "edit", reminder) or changes_in(change))


def _named(text: str, topic: Topic, verb: str, given: Iterable[str]) -> dict[str, str]:
    """Parse a verb's options by their names, except those given already; empty where the text begins otherwise."""
    others = [option for option in topic.verbs[verb].options if option not in given]
    return dict(by_name(text, others))


def _is_direct(where: str) -> bool:
    if where.casefold() not in {_HERE, _DIRECT}:
        raise UserError(
            N_("“{quote}” is neither here nor a direct message."),
            "remind when: 20m what: stretch where: direct message",
            quote=where[:_QUOTE],
        )
    return where.casefold() == _DIRECT


def _calls(who: str, person_id: int) -> str:
    """Return the mention of a role or group; empty for the person themselves."""
    if person := _PERSON.fullmatch(who):
        if int(person[1]) != person_id:
            raise NotYours(N_("I remind you, or, for a moderator, a role or a channel; nobody else."), EXAMPLE)
        return ""
    if who and not _ROLE.fullmatch(who):
        raise UserError(N_("“{quote}” is no role; mention it with an @."), EXAMPLE, quote=who[:_QUOTE])
    return who


def _channel_id(channel: str) -> int | None:
    mention = _CHANNEL.fullmatch(channel)
    if channel and not mention:
        raise UserError(N_("“{quote}” is no channel; mention it with a #."), EXAMPLE, quote=channel[:_QUOTE])
    return int(mention[1]) if mention else None


def _page(page: int | str) -> int:
    if isinstance(page, str):
        number = _PAGE.fullmatch(page)
        if not number:
            raise UserError(N_("“{quote}” is no page; say its number."), "remind list page: 2", quote=page[:_QUOTE])
        return int(number[1] or 1)
    return page
