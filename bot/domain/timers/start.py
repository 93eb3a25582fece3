"""Parser of a timer's start, as it is typed: a name and a length, in either order.

    start   =  [name] [length]  |  length name  |  name "until" time
    name    =  words  |  "any words in quotes"

A number without a unit is minutes by itself, and seconds behind a name. What may mean two things is asked about; so
are words about time that would end up in the name.
"""

import re
from datetime import timedelta

from bot.domain import courtesy
from bot.domain.errors import BadName, UserError, with_help
from bot.domain.mentions import without_people
from bot.domain.question import Choice, Question, as_typed
from bot.domain.time import amounts, duration, time_of_day
from bot.domain.timers import choices, like_a_session, name, time_words, unclear
from bot.domain.timers.command import StartTimer, StartUntil
from bot.domain.timers.length import TypedLength, length_at_end, length_at_front, unreadable
from bot.domain.timers.until import is_time_of_day, read_until
from bot.messages.catalogue import N_

# Below this, a bare number of seconds may mean minutes.
_LIKELY_MINUTES = timedelta(minutes=3)
_SPACED_CLOCK = re.compile(r"(?<=\d) : (?=\d\d(?!\S))")
# A sign that keeps a name apart from its length, and a space between minutes and seconds: tea,5m tea=5m 5' 30".
_NO_SPACE = re.compile(r"(?<=[^\W\d_])[,;](?=\d)")
_SIGN = re.compile(r"(?<!\S)([^\W\d_]+)[:=](?=\d{1,4} ?[hms])")
_SPACED_PRIMES = re.compile(r"(?<=\d['\u2019\u2032]) (?=[0-5]?\d\W)")
# A number behind hours, which may be their minutes: 1 hour 5 pasta.
_MINUTES = re.compile(r"([1-9]|[0-5]\d) (?=\S)", re.ASCII)
_PART = N_("“{quote}” could be part of the name or the length. Which timer do you mean?")
# The most characters of a too long name that is offered shortened.
_SHORTENED = 400
WHICH = N_("Which timer do you mean?")
_NEW = re.compile(
    r"(?:set|create|make|start|add|new)(?: up)? (?:(?:an?|the|my|another|new) )?timer (?=\S)", re.IGNORECASE
)
# What may stand between a name in quotes and its length, and before a length by itself.
_JOINTS, _LED = " ,:;", re.compile(r"\A(?:for|in) (?=\S)", re.IGNORECASE)
# Signs that are left of a sentence, and name nothing: *in an hour!*
_SIGNS = re.compile(r"[.!?,;]+")
# A name that any timer could have: *a new timer*, *set another timer*.
_ANY_TIMER = re.compile(
    r"set|(?:(?:set|create|make|start|run|add)(?: up)? )?(?:(?:an?|the|my|another|one(?: more)?|1|new) )*"
    r"(?P<kind>timer|pomodoro)",
    re.IGNORECASE,
)
# That a timer is made, before its name: *make a new tea timer*.
_MADE = re.compile(
    r"\A(?:(?:set|create|make|start|new)(?: up)? )+(?:(?:an?|the|my|another|new) )*(?=\S+(?: \S+)? timer\Z)",
    re.IGNORECASE,
)
# What stands before an entry of a list, or before what somebody quotes.
_BULLET = re.compile(r"\A(?:[->*\N{BULLET}] )+(?=[^\d\s])")
_ARTICLE = re.compile(rf"\A(?:set )?an? (?=\d|(?:{amounts.IN_LETTERS})[ -][hms])", re.IGNORECASE)
# An option of other programs: *-t 25*, *tea --time 5m*.
_OPTION = re.compile(r"(?<!\S)(?:-[a-z]|--[a-z]+)(?:=| |\Z)", re.IGNORECASE)
# *Set tea 5m*: a verb, unless it is part of a name.
_SET = re.compile(r"set (?!up\b|theory\b|list\b|design\b)(?:me )?(?:(?:an?|the|my) )?(?=\S)", re.IGNORECASE)
# Words that call it a timer, before its name: *a timer for tea*.
_A_TIMER = re.compile(
    r"\A(?:(?:set|start|make|run) )?"
    r"(?:(?:(?:an?|the|my|another) )?(?:new )?(?:timer|pomodoro) (?:for|of|called|named)"
    r"|(?:an?|another) (?:timer|pomodoro)(?= \d)) (?=\S)",
    re.IGNORECASE,
)


def read(words: str, topic: str) -> StartTimer | StartUntil:
    """Parse what was typed, with single spaces. Raises ``UserError``, ``Question`` included."""
    if literal := _in_quotes(words, topic):
        return literal
    if (alone := without_people(words)) is not None:
        raise _in_company(alone, topic)
    if question := like_a_session.whole(words, topic):
        raise question
    return read_until(words, topic) or _timed(words, topic)


def of(called: str, length: str, topic: str) -> StartTimer:
    """Make a start of a name and a length, given separately; either may be empty. Raises ``UserError``."""
    if not length and (inner := time_words.length_in(called)):
        raise _part(called, inner, duration.DEFAULT, topic)
    if not length:
        return StartTimer(_cleaned(called, duration.DEFAULT, topic) if called else topic, duration.DEFAULT)
    parsed = duration.read(length, bare="s" if called else "m")
    if parsed is None:
        raise unreadable(length, called, topic)
    clean = _cleaned(called, parsed, topic) if called else topic
    is_bare = bool(called) and duration.read(length, bare="m") != parsed
    return _start(clean, TypedLength(parsed, is_bare=is_bare), topic)


def _in_quotes(words: str, topic: str) -> StartTimer | StartUntil | None:
    """Parse a name in quotes, with a length or an end before or behind it, or nothing."""
    closing = name.QUOTES.get(words[:1], "")
    end = next((at for at in range(1, len(words)) if words[at] in closing), -1)
    opening = [mark for mark, closes in name.QUOTES.items() if words.endswith(tuple(closes))]
    start = max((words.rfind(f" {mark}", 0, len(words) - 1) for mark in opening), default=-1)
    if end > 1 and words[end + 1 : end + 2] in {"", *_JOINTS}:
        called, rest = words[1:end], words[end + 1 :].strip(_JOINTS)
    elif start >= 0:
        called, rest = words[start + 2 : -1], words[:start].rstrip(_JOINTS)
    else:
        return None
    if not rest:
        return _start(_cleaned(called, duration.DEFAULT, topic), TypedLength(duration.DEFAULT), topic)
    if ending := read_until(rest, topic, called):
        return ending
    length = length_at_end(f"x {rest}")
    if length and length[1] == "x":
        return _start(_cleaned(called, length[0].value, topic), length[0], topic)
    return None


def _timed(words: str, topic: str) -> StartTimer:
    """Parse a name with a length behind it or in front, or only one of the two."""
    words = _BULLET.sub("", words, count=1)
    if not words:
        return StartTimer(topic, duration.DEFAULT)
    if _OPTION.search(words):
        meant = _timed(" ".join(_OPTION.sub(" ", words).split()), topic)
        raise Question(WHICH, choices.start(topic, meant.name, meant.length), choices.start(topic, words))
    words = _SPACED_PRIMES.sub("", _NO_SPACE.sub(", ", _SPACED_CLOCK.sub(":", _SIGN.sub(r"\1, ", words))))
    words = _A_TIMER.sub("", _without_please(words), count=1)
    without_article = _ARTICLE.sub("", words, count=1)
    if length_at_front(without_article):
        words = without_article
    whole = duration.by_itself(_LED.sub("", words := unclear.put_right(words), count=1))
    if whole is not None and not is_time_of_day(words):
        return _start(topic, TypedLength(whole), topic)
    if doubt := _doubt(words, topic):
        raise doubt
    end, front = length_at_end(words), length_at_front(words)
    is_front = front and not front[0].is_bare and end and end[0].is_bare  # 30m section 4.2
    if length := front if is_front else end or front:
        return _named(length[1], length[0], words, topic)
    last = words.rpartition(" ")[2]
    if question := like_a_session.either_end(words, topic):
        raise question
    if duration.is_meant_as_duration(last):
        raise unreadable(last, words.removesuffix(last).strip(), topic)
    return _named(words, TypedLength(duration.DEFAULT), words, topic)


def _doubt(words: str, topic: str) -> UserError | None:
    """Return the question about a length that is unclear, or may be a time of day or a session's."""
    if time_words.ends_at_moment(words):
        return _moment(words, topic, words, duration.DEFAULT)
    first, last = words.partition(" ")[0], words.rpartition(" ")[2]
    for clock in (last, first):
        if is_time_of_day(clock):
            return _which_clock(words, clock, topic)
    if duration.is_below_zero(first) and duration.read(first[1:]):
        return unreadable(first, words.removeprefix(first).strip(), topic)
    return (
        like_a_session.rounds(words, topic) or unclear.length(words, topic) or like_a_session.at_end(words, topic)
    )


def _without_please(words: str) -> str:
    """Leave out *please* and *now* beside a length; otherwise they may be part of a name."""
    bare = courtesy.bare(words)
    return bare if bare != words and (length_at_end(bare) or length_at_front(f"{bare} x")) else words


def _named(called: str, length: TypedLength, words: str, topic: str) -> StartTimer:
    """Start a timer of that name, unless the name is about time or the length is in doubt."""
    is_behind = length.is_bare and not length.is_in_front
    if time_words.has_moment(words if is_behind else called):
        raise _moment(words, topic, called, length.value)
    if time_words.hangs(called, is_in_front=length.is_in_front):
        raise _hanging(called, length.value, topic)
    if (more := _MINUTES.match(called)) and length.is_in_front and not length.value % timedelta(hours=1):
        raise Question(
            _PART,
            choices.start(topic, called[more.end() :], length.value + timedelta(minutes=int(more[1]))),
            choices.start(topic, called, length.value),
            quote=more[1],
        )
    called = _MADE.sub("", "" if _SIGNS.fullmatch(called) else called, count=1)
    is_any = (anything := _ANY_TIMER.fullmatch(called)) is not None and anything["kind"] in {None, "timer", topic}
    if not is_any and (new := _NEW.match(called) or _SET.match(called)):
        raise Question(
            WHICH, *(choices.start(topic, new_name, length.value) for new_name in (called[new.end() :], called))
        )
    if inner := time_words.length_in(called):
        raise _part(called, inner, length.value, topic)
    if length.is_in_front and length.is_bare:
        raise Question(
            N_("Is “{quote}” minutes or seconds?"),
            *(choices.start(topic, called, length.value * times) for times in (60, 1)),
            choices.start(topic, words),
            quote=words.partition(" ")[0],
        )
    if length.is_added:
        longer = choices.extend(topic, called, length.value * (60 if length.is_bare else 1))
        raise Question(WHICH, longer, choices.start(topic, called, length.value))
    if not called or is_any:
        return _start(topic, TypedLength(length.value * 60 if length.is_bare else length.value), topic)
    return _start(_cleaned(called, length.value, topic), length, topic)


def _part(called: str, inner: tuple[str, str, str], length: timedelta, topic: str) -> Question:
    """Ask about a length within a name."""
    before, other, behind = inner
    without = " ".join(f"{before}{behind}".replace("()", "").split()).rstrip(":=~ ")
    parsed = duration.read(other)
    return Question(
        _PART,
        *([choices.start(topic, without or topic, parsed)] if parsed else []),
        choices.start(topic, called, length),
        quote=other,
    )


def _hanging(called: str, length: timedelta, topic: str) -> Question:
    """Ask about a word beside the length that may belong to it: *tea after 20 min*."""
    without = time_words.without_hanging(called)
    return Question(
        _PART,
        choices.start(topic, without or topic, length),
        choices.start(topic, called, length),
        quote=called.removeprefix(without).removesuffix(without).strip(),
    )


def _cleaned(called: str, length: timedelta, topic: str) -> str:
    """Return a clean name. Raises ``BadName``, or ``Question`` if a shorter one would do."""
    try:
        return name.clean(called)
    except BadName as refused:
        shorter = name.cut(called[:_SHORTENED])
        if name.is_blank(shorter):
            raise with_help(refused, topic) from refused
        raise Question(refused.template, choices.start(topic, shorter, length), **refused.arguments) from refused


def _start(called: str, length: TypedLength, topic: str) -> StartTimer:
    """Return the start, with what else a bare number may have meant. Raises ``BadDuration``."""
    nearest = min(max(length.value, timedelta(minutes=5)), duration.LONGEST)
    duration.check(length.value, example=choices.start(topic, called, nearest).line)
    offer = length.value * 60 if length.is_bare and length.value < _LIKELY_MINUTES else None
    return StartTimer(called, length.value, offer)


def _which_clock(words: str, clock: str, topic: str) -> Question:
    """Ask whether a clock is a length or a time of day."""
    called = words.removesuffix(clock).removeprefix(clock).strip() or topic
    length = duration.read(clock)
    return Question(
        N_("Is “{quote}” how long it runs, or when it ends?"),
        *([choices.start(topic, called, length)] if length else []),
        *(choices.until(topic, called, end) for end in time_of_day.read(clock)),
        quote=clock,
    )


def _moment(words: str, topic: str, called: str, length: timedelta) -> Question:
    """Ask about words that suggest a reminder."""
    return Question(
        N_("“{quote}” sounds like a time or a date. Do you want a reminder?"),
        choices.remind(words),
        *_until_instead(words, topic),
        choices.start(topic, called, length),
        quote=choices.label(words),
    )


def _until_instead(words: str, topic: str) -> list[Choice]:
    """Offer a timer that ends at the time of day that words end with: *tea at 14:00*."""
    for at in (" at ", " @ ", " @", "at "):
        called, separator, end = f" {words}".rpartition(at)
        ending = _ending(end, called.strip(), topic) if separator else None
        if ending and not ending.other:
            return [choices.until(topic, ending.name, ending.end, tomorrow=ending.tomorrow)]
    return []


def _ending(end: str, called: str, topic: str) -> StartUntil | None:
    try:
        return read_until(f"until {end}", topic, called or topic)
    except UserError:
        return None


def _in_company(words: str, topic: str) -> Question:
    """Ask about a timer for several people: that is a session."""
    meant = _timed(words, topic)
    session = "focus start" if meant.name == topic else f"focus on {choices.quoted(meant.name)}"
    return Question(
        N_("A timer only pings you. To focus with others, start a session and let them join."),
        choices.start(topic, meant.name, meant.length),
        as_typed(session),
    )
