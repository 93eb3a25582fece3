"""Parser of a timer's start, as it is typed: a name and a length, in either order.

    start   =  [name] [length]  |  length name  |  name "until" time
    name    =  words  |  "any words in quotes"

A number without a unit is minutes by itself, and behind a name seconds. What may mean two things is asked; so are
words of time that would end up in the name.
"""

import re
from datetime import timedelta

from bot.domain import people
from bot.domain.errors import BadName, UserError, with_help
from bot.domain.question import Choice, Question, as_typed
from bot.domain.time import duration, time_of_day
from bot.domain.time.plain import plain
from bot.domain.timers import choices, name, time_words, unclear
from bot.domain.timers.command import StartTimer, StartUntil
from bot.domain.timers.length import TypedLength, length_at_end, length_at_front, unreadable
from bot.domain.timers.until import is_time_of_day, read_until
from bot.messages.catalogue import N_

# Below this a bare number of seconds may mean minutes.
_LIKELY_MINUTES = timedelta(minutes=3)
_TIMES = "[x*\N{MULTIPLICATION SIGN}]"
_PLAN = re.compile(
    rf"(?:\d{{1,2}} ?{_TIMES} ?)?\d{{1,3}}(?: ?[/+ -] ?\d{{1,3}}){{1,3}}(?: ?{_TIMES} ?\d{{1,2}})?"
    r"|(?:work|focus|study) \d{1,3} ?m?(?:in)?,? (?:and )?(?:break|rest|short) \d{1,3} ?m?(?:in)?",
    re.IGNORECASE,
)

# So many times a length: 2 x 25m, 25 min x 4.
_LENGTH = r"(\d{1,3} ?(?:h|m|mins?|minutes?|hours?))"
_ROUNDS = re.compile(rf"(?<!\S)(?:(\d{{1,2}}) ?{_TIMES} ?{_LENGTH}|{_LENGTH} ?{_TIMES} ?(\d{{1,2}}))(?!\S)")
_SESSION = re.compile(r" (?P<number>[1-9]\d?\d?) (?P<behind>\d{1,2}|rounds|pomodoros|pomos|cycles)\Z")
_SPACED_CLOCK = re.compile(r"(?<=\d) : (?=\d\d(?!\S))")
_LIKE_A_PLAN = N_("“{quote}” looks like focus and breaks. Did you mean a session?")
# The most characters of a name that is too long, of which a shorter one is made.
_SHORTENED = 400
# Names that say nothing but what every timer is.
_ANY_TIMER = {"a timer", "set a timer", "set timer"}
_ARTICLE = re.compile(r"\A(?:set )?an? (?=\d)", re.IGNORECASE)
# Politeness around a name and a length: now, please.
_BESIDES = re.compile(
    r"\A(?:please|pls|plz),? |(?:,? (?:please|pls|plz|thanks|thx|(?:right )?now))+[.!]*\Z", re.IGNORECASE
)


def read(words: str, topic: str) -> StartTimer | StartUntil:
    """Parse what was typed, with single spaces. Raises ``UserError``, of which a ``Question`` is one."""
    if literal := _in_quotes(words, topic):
        return literal
    if (alone := people.without(words)) is not None:
        raise _in_company(alone, topic)
    if _PLAN.fullmatch(words) and not duration.read(words):
        plan = as_typed(f"focus {words}")
        raise Question(_LIKE_A_PLAN, plan, choices.start(topic, words), quote=words)
    return read_until(words, topic) or _timed(words, topic)


def of(called: str, length: str, topic: str) -> StartTimer:
    """Make a start of a name and a length, each by itself; either may be empty. Raises ``UserError``."""
    if not length:
        return StartTimer(_cleaned(called, duration.DEFAULT, topic) if called else name.DEFAULT, duration.DEFAULT)
    parsed = duration.read(length, bare="s" if called else "m")
    if parsed is None:
        raise unreadable(length, called, topic)
    clean = _cleaned(called, parsed, topic) if called else name.DEFAULT
    is_bare = bool(called) and duration.read(length, bare="m") != parsed
    return _start(clean, TypedLength(parsed, is_bare=is_bare), topic)


def _in_quotes(words: str, topic: str) -> StartTimer | StartUntil | None:
    """Parse a name in quotes, with a length or an end before or behind it, or nothing."""
    closing = name.QUOTES.get(words[:1], "")
    end = next((at for at in range(1, len(words)) if words[at] in closing), -1)
    opening = [mark for mark, closes in name.QUOTES.items() if words.endswith(tuple(closes))]
    start = max((words.rfind(f" {mark}", 0, len(words) - 1) for mark in opening), default=-1)
    if end > 1 and words[end + 1 : end + 2] in {"", " "}:
        called, rest = words[1:end], words[end + 1 :].strip()
    elif start >= 0:
        called, rest = words[start + 2 : -1], words[:start]
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
    """Parse a name with a length behind it or before it, or one of the two."""
    if not words:
        return StartTimer(name.DEFAULT, duration.DEFAULT)
    words = _without_please(_SPACED_CLOCK.sub(":", words))
    _must_be_no_rounds(words, topic)
    without_article = _ARTICLE.sub("", words, count=1)
    if length_at_front(without_article):
        words = without_article
    whole = duration.read(words, bare="m")
    if whole is not None and not is_time_of_day(words):
        return _start(name.DEFAULT, TypedLength(whole), topic)
    if time_words.ends_at_moment(words):
        raise _moment(words, topic, words, duration.DEFAULT)
    first, last = words.partition(" ")[0], words.rpartition(" ")[2]
    for clock in (last, first):
        if is_time_of_day(clock):
            raise _which_clock(words, clock, topic)
    if question := unclear.length(words, topic):
        raise question
    _must_be_no_session(words, topic)
    if length := length_at_end(words) or length_at_front(words):
        return _named(length[1], length[0], words, topic)
    _must_be_no_plan(first, last, words, topic)
    if duration.is_meant_as_duration(last):
        raise unreadable(last, words.removesuffix(last).strip(), topic)
    return _named(words, TypedLength(duration.DEFAULT), words, topic)


def _without_please(words: str) -> str:
    """Leave out *please* and *now* beside a length; by themselves they may be a name's."""
    bare = _BESIDES.sub("", words)
    return bare if bare != words and (length_at_end(bare) or length_at_front(f"{bare} x")) else words


def _must_be_no_rounds(words: str, topic: str) -> None:
    """Raise ``Question`` where a length is to be there several times: *essay 2 x 25m*."""
    if rounds := _ROUNDS.search(plain(words)):
        times, length = rounds[1] or rounds[4], (rounds[2] or rounds[3]).replace(" ", "")
        session = as_typed(f"focus {times}x{length}")
        raise Question(_LIKE_A_PLAN, session, choices.start(topic, words), quote=words)


def _must_be_no_session(words: str, topic: str) -> None:
    """Raise ``Question`` where the last two words look like those of a session: *essay 25 5*, *essay 3 rounds*."""
    if match := _SESSION.search(plain(words)):
        number, behind = int(match["number"]), match["behind"]
        if not behind.isdigit() or 0 < int(behind) < number:
            task = choices.quoted(words[: match.start()])
            session = as_typed(f"focus {match[0].strip() if behind.isdigit() else f'{number} rounds'} on {task}")
            raise Question(_LIKE_A_PLAN, session, choices.start(topic, words), quote=match[0].strip())


def _must_be_no_plan(first: str, last: str, words: str, topic: str) -> None:
    """Raise ``Question`` where the first or the last word looks like a plan: *essay 25/5*."""
    for plan, task in ((last, words.removesuffix(last)), (first, words.removeprefix(first))):
        if _PLAN.fullmatch(plan) and not duration.read(plan):
            session = as_typed(f"focus {plan} on {choices.quoted(task)}")
            raise Question(_LIKE_A_PLAN, session, choices.start(topic, words), quote=plan)


def _named(called: str, length: TypedLength, words: str, topic: str) -> StartTimer:
    """Start a timer of that name, unless the name speaks of time or the length is in doubt."""
    if time_words.has_moment(called):
        raise _moment(words, topic, called, length.value)
    if time_words.hangs(called, is_in_front=length.is_in_front):
        raise _hanging(called, length.value, topic)
    if inner := time_words.length_in(called):
        before, other, behind = inner
        without = " ".join(f"{before}{behind}".replace("()", "").split()).rstrip(":=~ ")
        parsed = duration.read(other)
        raise Question(
            N_("“{quote}” could be part of the name or the length. Which timer do you mean?"),
            *([choices.start(topic, without or name.DEFAULT, parsed)] if parsed else []),
            choices.start(topic, called, length.value),
            quote=other,
        )
    if length.is_in_front and length.is_bare:
        raise Question(
            N_("Is “{quote}” minutes or seconds?"),
            *(choices.start(topic, called, length.value * times) for times in (60, 1)),
            choices.start(topic, words),
            quote=words.partition(" ")[0],
        )
    if length.is_added:
        raise Question(
            N_("Do you want to extend “{name}”, or start a new timer?"),
            choices.extend(topic, called, length.value * (60 if length.is_bare else 1)),
            choices.start(topic, called, length.value),
            name=choices.label(called),
        )
    if not called or called.casefold() in _ANY_TIMER:
        return _start(name.DEFAULT, length, topic)
    return _start(_cleaned(called, length.value, topic), length, topic)


def _hanging(called: str, length: timedelta, topic: str) -> Question:
    """Ask about a word beside the length that says something of it: *tea after 20 min*."""
    without = time_words.without_hanging(called)
    return Question(
        N_("“{quote}” could be part of the name or the length. Which timer do you mean?"),
        choices.start(topic, without or name.DEFAULT, length),
        choices.start(topic, called, length),
        quote=called.removeprefix(without).removesuffix(without).strip(),
    )


def _cleaned(called: str, length: timedelta, topic: str) -> str:
    """Return a clean name. Raises ``BadName``, and ``Question`` where it would be one if it were shorter."""
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
    called = words.removesuffix(clock).removeprefix(clock).strip() or name.DEFAULT
    length = duration.read(clock)
    return Question(
        N_("Is “{quote}” how long it runs, or the time of day when it ends?"),
        *([choices.start(topic, called, length)] if length else []),
        *(choices.until(topic, called, end) for end in time_of_day.read(clock)),
        quote=clock,
    )


def _moment(words: str, topic: str, called: str, length: timedelta) -> Question:
    """Ask about words that belong to a reminder."""
    return Question(
        N_("“{quote}” sounds like a time of day or a date. Is it a reminder?"),
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
        return read_until(f"until {end}", topic, called or name.DEFAULT)
    except UserError:
        return None


def _in_company(words: str, topic: str) -> Question:
    """Ask about a timer for several people, which is what a session is for."""
    meant = _timed(words, topic)
    session = "focus start" if meant.name == name.DEFAULT else f"focus on {choices.quoted(meant.name)}"
    return Question(
        N_("A timer only pings you. With others, start a session and let them join."),
        choices.start(topic, meant.name, meant.length),
        as_typed(session),
    )
