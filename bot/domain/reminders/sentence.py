"""A reminder in a sentence: which of its words say when it comes and how it repeats, and which are its text."""

import itertools
import re

from bot.domain.errors import BadMoment
from bot.domain.time import recurrence_parser
from bot.domain.time.schedule import NEVER
from bot.domain.time.when_phrase import Split, recognise, split

_EVERY = re.compile(
    r"(?<!\S)(?:every|each|daily|hourly|weekly|fortnightly|monthly|yearly|annually)(?!\S)", re.IGNORECASE
)
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r"\s*(?:\"[^\"]*\"|\N{LEFT DOUBLE QUOTATION MARK}[^\N{RIGHT DOUBLE QUOTATION MARK}]*.)")
_END = re.compile(r"(?:,\s*(?:for )?|\s+for )\d{1,9} times?\Z|(?:,\s*|\s+)(?:until|till) ([^\n]+)\Z", re.IGNORECASE)
# Limits of a rule with its end, in words and characters; and how many candidates from either end are tried.
_MOST_WORDS, _LONGEST_RULE, _MOST_PLACES = 14, 120, 4


def in_parts(text: str) -> dict[str, str]:
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
    what = unquoted(parts.what)
    return {"when": parts.when, "what": f"me {what}".strip() if parts.me else what, "every": every}


def changes_in(text: str) -> dict[str, str]:
    """Split what is to change of a reminder; what is not mentioned is left out, or empty."""
    rest, every = _split_every(text)
    if not rest:
        return {"every": every}
    try:
        parts = split(rest)
    except BadMoment:
        return {"what": unquoted(rest), "every": every}
    # An incomplete time (*next week*, *10 push-ups*) begins a new text, unless it is all there is.
    if parts.what and not recognise(parts.when):
        return {"what": rest, "every": every}
    return {"when": parts.when, "what": unquoted(parts.what), "every": every}


def has_time(text: str) -> bool:
    """Return whether a text contains a time or a recurrence."""
    if _split_every(text)[1]:
        return True
    try:
        return recognise(split(text).when) is not None
    except BadMoment:
        return False


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
    first, rest = first_word(rule)
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


def first_word(text: str) -> tuple[str, str]:
    """Split a text into its first word and what follows."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""


def unquoted(text: str) -> str:
    """Return a text without the quotation marks around it."""
    match = _QUOTED.fullmatch(text)
    return text.strip()[1:-1].strip() if match else text
