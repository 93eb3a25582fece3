"""Parser of the words after ``!remind``.

    remind  =  [me | @role | @here | #channel …]  time  [what]  [every rule]      in whichever order they read best
            |  when: time  what: text  every: rule
            |  verb …

A verb counts as one only where a reminder's name follows: *cancel #12*, *cancel tea*; *cancel netflix tomorrow 9am*
has a time in it, and is a text to be reminded of.
"""

import itertools
import re
from collections.abc import Callable

from bot.domain.errors import BadMoment, BadText, NotYours
from bot.domain.reminders.command import Act, Command, Edit, Help, ListPage, Set, Verb, Zone
from bot.domain.time import recurrence_parser
from bot.domain.time.schedule import NEVER
from bot.domain.time.when_phrase import EXAMPLE, Split, recognise, split
from bot.messages.catalogue import N_

_EDIT_EXAMPLE = "remind edit #12 tomorrow 9am"
_NUMBER = re.compile(r"#?\d{1,18}")
_PAGE = re.compile(r"(?:(?:page )?(\d{1,4}))?", re.IGNORECASE)
_ROLE = re.compile(r"<@&\d{1,19}>|@everyone|@here")
_CHANNEL = re.compile(r"<#(\d{1,19})>")
_PERSON = re.compile(r"<@!?(\d{1,19})>")
_FIELD = re.compile(r"(?:\A|(?<=\s))(when|what|every):\s*", re.IGNORECASE)
_EVERY = re.compile(
    r"(?<!\S)(?:every|each|daily|hourly|weekly|fortnightly|monthly|yearly|annually)(?!\S)", re.IGNORECASE
)
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r"\s*(?:\"[^\"]*\"|\N{LEFT DOUBLE QUOTATION MARK}[^\N{RIGHT DOUBLE QUOTATION MARK}]*.)")
_END = re.compile(r"(?:,\s*(?:for )?|\s+for )\d{1,9} times?\Z|(?:,\s*|\s+)(?:until|till) ([^\n]+)\Z", re.IGNORECASE)
# Limits of a rule with its end, in words and characters; and how many candidates from either end are tried.
_MOST_WORDS, _LONGEST_RULE, _MOST_PLACES = 14, 120, 4
_BLANK_LINES = re.compile(r"\n{3,}")


def parse(text: str, person_id: int) -> Command:
    """Parse one person's words after ``!remind``. Raises ``UserError`` with a working example."""
    text = _evenly_spaced(text)
    first, rest = _first_word(text)
    if first.casefold() == "set":
        return _set(rest, person_id)
    read = _VERBS.get(first.casefold())
    return (read(rest) if read else None) or _set(text, person_id)


def example(words: str) -> str:
    """Write an example reminder with a slash command's fields: ``when: 20m what: stretch``."""
    words = _evenly_spaced(words)
    if _FIELD.match(words):
        return words
    command = _set(words, 0)
    fields = {"when": command.when, "every": command.every, "what": command.what}
    fields["where"] = "direct message" if command.direct else ""
    return " ".join(f"{name}: {value}" for name, value in fields.items() if value)


def _evenly_spaced(text: str) -> str:
    """Collapse whitespace to single spaces and at most two line breaks: searching long runs is slow."""
    return _BLANK_LINES.sub("\n\n", "\n".join(" ".join(line.split()) for line in text.strip().splitlines())).strip()


def _set(text: str, person_id: int) -> Set:
    """Parse a new reminder: whom and where first, then when, what and how often."""
    direct, calls, channel_id = False, "", None
    while True:
        first, rest = _first_word(text)
        if first.casefold() == "me" and not direct:
            direct = True
        elif _ROLE.fullmatch(first) and not calls:
            calls = first
        elif (match := _CHANNEL.fullmatch(first)) and channel_id is None:
            channel_id = int(match[1])
        elif match := _PERSON.fullmatch(first):
            if int(match[1]) != person_id:
                raise NotYours(N_("I remind you, or, for a moderator, a role or a channel; nobody else."), EXAMPLE)
        else:
            break
        text = rest
    fields = _fields(text) or _parts(text)
    return Set(fields.get("when", ""), fields.get("what", ""), fields.get("every", ""), direct, calls, channel_id)


def _act(verb: Verb, rest: str) -> Act | None:
    """Parse which reminder is meant; None where a time makes the text a new reminder."""
    if rest and not _NUMBER.fullmatch(rest) and _has_time(rest):
        return None
    return Act(verb, _unquoted(rest) or None)


def _list(rest: str) -> ListPage | None:
    page = _PAGE.fullmatch(rest)
    return ListPage(int(page[1] or 1)) if page else None


def _edit(rest: str) -> Edit | None:
    """Parse an edit; None where there is no number, but a time makes the text a new reminder."""
    which, change = _first_word(rest)
    if not _NUMBER.fullmatch(which):
        if rest and _has_time(rest):
            return None
        raise BadText(N_("Say which one by its number, and what to change of it."), _EDIT_EXAMPLE)
    if not change:
        raise BadText(N_("Say what to change: when it comes, what it says, or how it repeats."), _EDIT_EXAMPLE)
    if fields := _fields(change):
        return Edit(which, **fields)
    change, every = _split_every(change)
    if not change:
        return Edit(which, every=every)
    try:
        parts = split(change)
    except BadMoment:
        return Edit(which, what=_unquoted(change), every=every)
    # An incomplete time (*next week*, *10 push-ups*) begins a new text, unless it is all there is.
    if parts.what and not recognise(parts.when):
        return Edit(which, what=change, every=every)
    return Edit(which, parts.when, _unquoted(parts.what), every)


def _fields(text: str) -> dict[str, str]:
    """Parse ``when: … what: … every: …``; empty where the text does not begin with one of these."""
    pieces = _FIELD.split(text)
    if len(pieces) < 3 or pieces[0].strip():
        return {}
    return {name.casefold(): value.strip() for name, value in zip(pieces[1::2], pieces[2::2], strict=True)}


def _parts(text: str) -> dict[str, str]:
    """Split a request at its words about time. Raises ``BadMoment`` where there are none."""
    rest, every = _split_every(text)
    if not every:
        parts = split(text)
    elif not rest:
        parts = Split("", "", me=False)
    else:
        try:
            parts = split(rest)
        except BadMoment:
            parts = Split("", rest, me=False)
        # A number at the start of a repeating text is not an incomplete time: "every day 10 push-ups".
        if parts.when and not recognise(parts.when):
            parts = Split("", rest, me=False)
    what = _unquoted(parts.what)
    return {"when": parts.when, "what": f"me {what}".strip() if parts.me else what, "every": every}


def _split_every(text: str) -> tuple[str, str]:
    """Split off the recurrence: at the beginning, at the end, or next to a time.

    Only the first and last few candidate positions are tried, so that the work is bounded.
    """
    quoted = _QUOTED.match(text)
    places = list(_EVERY.finditer(text, quoted.end() if quoted else 0))
    if len(places) > 2 * _MOST_PLACES:
        places = places[:_MOST_PLACES] + places[-_MOST_PLACES:]
    for match in places:
        before = text[: match.start()].strip(" ,")
        is_behind_time = not before or recognise(before) is not None
        # One character more shows whether the last word ends there.
        words = _words(text[match.start() : match.start() + _LONGEST_RULE + 1], _MOST_WORDS)
        words = [word for word in words if word.end() <= _LONGEST_RULE]
        for last in reversed(words):
            stop = match.start() + last.end()
            rule = text[match.start() : stop].rstrip(",.;:")
            if not _is_rule(rule):
                continue
            after = text[stop:].strip(" ,")
            if is_behind_time or not after or _time_in_front(after):
                after, end = _split_end(after)
                if not end:
                    before, end = _split_end(before)
                return f"{before} {after}".strip(), f"{_bare(rule)} {end}".strip()
    return text, ""


def _bare(rule: str) -> str:
    first, rest = _first_word(rule)
    return rest if first.casefold() in {"every", "each"} else rule


def _is_rule(text: str) -> bool:
    bare = _bare(text)
    return bare.casefold() in NEVER or recurrence_parser.is_meant(bare, lambda end: recognise(end) is not None)


def _split_end(text: str) -> tuple[str, str]:
    """Split off the end of a recurrence, *until 24 Dec* or *for 5 times*, from the end of a text.

    It may also stand right after a time at the start of the text.
    """
    time = _time_in_front(text)
    words = _words(text[len(time) :], _MOST_WORDS) if time else []
    for stop in (len(text), *(len(time) + word.end() for word in reversed(words))):
        before = text[:stop].rstrip(",;:")
        for match in _END.finditer(before, max(len(time), len(before) - _LONGEST_RULE)):
            in_place = stop == len(text) or match.start() == len(time)
            if in_place and (match[1] is None or recognise(match[1])):
                before, after = text[: match.start()].rstrip(" ,"), text[stop:].strip(" ,")
                return f"{before} {after}".rstrip(), match[0].strip(" ,\n")
    return text, ""


def _time_in_front(text: str) -> str:
    """Return the longest run of words about time at the start of a text."""
    words = _words(text, 6)
    fronts = (text[: word.end()].rstrip(",;:") for word in reversed(words))
    return next((front for front in fronts if recognise(front)), "")


def _words(text: str, most: int) -> list[re.Match[str]]:
    return list(itertools.islice(_WORD.finditer(text), most))


def _has_time(text: str) -> bool:
    """Return whether a text contains a time or a recurrence."""
    if _split_every(text)[1]:
        return True
    try:
        return recognise(split(text).when) is not None
    except BadMoment:
        return False


def _first_word(text: str) -> tuple[str, str]:
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""


def _unquoted(text: str) -> str:
    match = _QUOTED.fullmatch(text)
    return text.strip()[1:-1].strip() if match else text


_VERBS: dict[str, Callable[[str], Command | None]] = {
    "": lambda _: Help(),
    "help": lambda rest: None if rest else Help(),
    "timezone": Zone,
    "list": _list,
    "edit": _edit,
    "cancel": lambda rest: _act(Verb.CANCEL, rest),
    "pause": lambda rest: _act(Verb.PAUSE, rest),
    "resume": lambda rest: _act(Verb.RESUME, rest),
}
VERBS = frozenset({*_VERBS, "set"} - {""})
