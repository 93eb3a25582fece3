"""How reminders are spoken to: the words after ``!remind``, read into one request.

    remind  =  [me | @role | @here | #channel …]  time  [what]  [every rule]      in whichever order they read best
            |  when: time  what: text  every: rule
            |  verb …

A verb is one where what follows names a reminder: *cancel #12*, *cancel tea*; but *cancel netflix tomorrow 9am* has
a time in it, and is something to be reminded of.
"""

import re
from collections.abc import Callable

from bot.domain import recurrence_words
from bot.domain.errors import BadMoment, BadText, NotYours
from bot.domain.reminder_request import Act, Edit, Help, ListPage, Request, Set, Verb, Zone
from bot.domain.schedule import NEVER
from bot.domain.when_phrase import EXAMPLE, Split, recognise, split

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
# Words of a rule, with its end, at most.
_MOST_WORDS = 14


def parse(text: str, person_id: int) -> Request:
    """Read the words after ``!remind`` of one person. Raises ``Refusal`` with a right example."""
    text = text.strip()
    first, rest = _first_word(text)
    if first.casefold() == "set":
        return _set(rest, person_id)
    read = _VERBS.get(first.casefold())
    return (read(rest) if read else None) or _set(text, person_id)


def example(words: str) -> str:
    """Spell an example of a reminder with a slash command's fields: ``when: 20m what: stretch``."""
    if _FIELD.match(words):
        return words
    asked = _set(words, 0)
    fields = {"when": asked.when, "every": asked.every, "what": asked.what}
    fields["where"] = "direct message" if asked.direct else ""
    return " ".join(f"{name}: {said}" for name, said in fields.items() if said)


def _set(text: str, person_id: int) -> Set:
    """Read what to remind of: whom and where first, then when, what and how often."""
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
                raise NotYours("I remind you, or, for a moderator, a role or a channel; nobody else.", EXAMPLE)
        else:
            break
        text = rest
    found = _fields(text) or _parts(text)
    return Set(found.get("when", ""), found.get("what", ""), found.get("every", ""), direct, calls, channel_id)


def _act(verb: Verb, rest: str) -> Act | None:
    """Read which one is meant; None where a time makes it something to be reminded of."""
    if rest and not _NUMBER.fullmatch(rest) and _has_time(rest):
        return None
    return Act(verb, _unquoted(rest) or None)


def _list(rest: str) -> ListPage | None:
    page = _PAGE.fullmatch(rest)
    return ListPage(int(page[1] or 1)) if page else None


def _edit(rest: str) -> Edit | None:
    """Read a change; None where no number says of which, but a time makes it something to be reminded of."""
    which, change = _first_word(rest)
    if not _NUMBER.fullmatch(which):
        if rest and _has_time(rest):
            return None
        raise BadText("Say which one by its number, and what to change of it.", _EDIT_EXAMPLE)
    if not change:
        raise BadText("Say what to change: when it comes, what it says, or how it repeats.", _EDIT_EXAMPLE)
    if fields := _fields(change):
        return Edit(which, **fields)
    change, every = _split_every(change)
    if not change:
        return Edit(which, every=every)
    try:
        parts = split(change)
    except BadMoment:
        return Edit(which, what=_unquoted(change), every=every)
    # What lacks something to be a time begins new words, unless it is all that is said: *next week*, *10 push-ups*.
    if parts.what and not recognise(parts.when):
        return Edit(which, what=change, every=every)
    return Edit(which, parts.when, _unquoted(parts.what), every)


def _fields(text: str) -> dict[str, str]:
    """Read ``when: … what: … every: …``; nothing where a text does not begin with one of these."""
    pieces = _FIELD.split(text)
    if len(pieces) < 3 or pieces[0].strip():
        return {}
    return {name.casefold(): said.strip() for name, said in zip(pieces[1::2], pieces[2::2], strict=True)}


def _parts(text: str) -> dict[str, str]:
    """Part a request by the words about time in it. Raises ``BadMoment`` where there are none."""
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
        # A number that begins what repeats is no time that lacks something: "every day 10 push-ups".
        if parts.when and not recognise(parts.when):
            parts = Split("", rest, me=False)
    what = _unquoted(parts.what)
    return {"when": parts.when, "what": f"me {what}".strip() if parts.me else what, "every": every}


def _split_every(text: str) -> tuple[str, str]:
    """Part the words for how it repeats from the others: those at the beginning, at the end, or next to a time."""
    quoted = _QUOTED.match(text)
    for match in _EVERY.finditer(text, quoted.end() if quoted else 0):
        before = text[: match.start()].strip(" ,")
        words = list(_WORD.finditer(text, match.start()))[:_MOST_WORDS]
        for last in reversed(words):
            rule, after = text[match.start() : last.end()].rstrip(",.;:"), text[last.end() :].strip(" ,")
            if _is_rule(rule) and (not before or not after or recognise(before) or _time_in_front(after)):
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
    return bare.casefold() in NEVER or recurrence_words.is_meant(bare, lambda end: recognise(end) is not None)


def _split_end(text: str) -> tuple[str, str]:
    """Part what ends a repetition, *until 24 Dec* or *for 5 times*, from a text at whose end it stands.

    It may also stand behind the time that begins the text.
    """
    time = _time_in_front(text)
    words = list(_WORD.finditer(text, len(time)))[:_MOST_WORDS] if time else []
    for stop in (len(text), *(word.end() for word in reversed(words))):
        for match in _END.finditer(text[:stop].rstrip(",;:"), len(time)):
            in_place = stop == len(text) or match.start() == len(time)
            if in_place and (match[1] is None or recognise(match[1])):
                before, after = text[: match.start()].rstrip(" ,"), text[stop:].strip(" ,")
                return f"{before} {after}".rstrip(), match[0].strip(" ,\n")
    return text, ""


def _time_in_front(text: str) -> str:
    """Give the words about time that a text begins with, as many as there are."""
    words = list(_WORD.finditer(text))[:6]
    found = (text[: word.end()].rstrip(",;:") for word in reversed(words))
    return next((front for front in found if recognise(front)), "")


def _has_time(text: str) -> bool:
    """Tell whether there is a time in a text, or how it repeats."""
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


_VERBS: dict[str, Callable[[str], Request | None]] = {
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
