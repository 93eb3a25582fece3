"""What is added by hand and is unclear: another length, rounds without one, a moment in other words."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from bot.domain.ellipsis import truncated
from bot.domain.mentions import without_people
from bot.domain.question import Choice, Question
from bot.domain.stats import past
from bot.domain.stats.command import LONGEST_ADDED, SHORTEST_ADDED
from bot.domain.time import amounts, duration, grammar, plain
from bot.domain.time.duration import spoken
from bot.domain.time.lexer import Text, run
from bot.domain.time.names import WEEKDAY, WEEKDAYS
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import Day, Relative, Weekdays
from bot.domain.timers import name, time_words, unclear as lengths
from bot.messages import dates
from bot.messages.catalogue import N_

# A second length behind the first: 2h-3h.
_ANOTHER = re.compile(r"(?:-|\N{EN DASH}|to|or) ?(\d\S{0,9})")
# A number behind hours, which may be their minutes: 1h 30 essay.
_MINUTES, _HOUR = re.compile(r"([1-9]|[0-5]\d) (?=\S)", re.ASCII), timedelta(hours=1)
# How many times a length was: 25m x2 essay.
_TIMES = re.compile(rf"(?:{amounts.TIMES} ?([2-9])|([2-9]) ?(?:{amounts.TIMES}|times))(?: |\Z)")
# Rounds, and the usual lengths of one.
_SO_MANY = re.compile(rf"([2-9]) ?(?:{amounts.TIMES}|times) ?(\d{{1,3}}[a-z]{{0,8}})(?: |\Z)", re.IGNORECASE)
# What is counted, in front of which a number is no length: *20 pages*.
_COUNTED = re.compile(r"(?:page|word|problem|exercise|question|chapter|card|rep|task|slide|paper|lesson)s(?!\w)")
_ROUNDS = re.compile(r"(?:pomodoros?|pomos?|rounds?|sessions?)(?: of)?(?: |\Z)", re.IGNORECASE)
_EACH = (timedelta(minutes=25), timedelta(minutes=50))
# Lengths that are offered where none was given, and a clock that may be one: 1:30.
_USUAL_LENGTHS, _CLOCK = (*_EACH, timedelta(hours=1)), re.compile(r"(?:\A| )(([01]?\d|2[0-3]):[0-5]\d)(?= |\Z)")
_MOST_HOURS, _HALF_A_DAY, _DECIMAL = 12, 12 * 60, re.compile(r"\d[.,]\d{1,2}")
_DAY = rf"(?:yesterday|today|(?:last )?{WEEKDAY}(?![a-z]))"
# What speaks of time, though it does not say when something began.
_RANGE = re.compile(
    rf"(?:\A|[ ,(])(?:from |between )?(?P<start>(?:(?:yesterday|today|{past.WEEKDAY}) )?(?:at )?{past.CLOCK})"
    rf" ?(?:to|-|until|till|and) ?(?P<stop>{past.CLOCK})(?: (?P<near>yesterday|today))?(?=[ ,]|\Z)"
    rf"|(?:\A|[ ,(])(?:(?P<on>{_DAY}) \(?(?:from |between )?|(?:from|between) )"
    r"(?P<hour>2[0-3]|1\d|[1-9])(?P<minute>:[0-5]\d)? ?(?:to|-|until|till|and) ?\d{1,2}(?::\d\d)?\)?(?=[ ,]|\Z)"
    r"|(?:\A|[ ,(])(?P<from>2[0-3]|1\d|[1-9]) ?(?:to|-|until|till|and) ?\d{1,2}:\d\d\)?(?=[ ,]|\Z)"
    rf"|(?:\A|[ ,])(?:since|from) (?P<since>(?:(?:yesterday|today) )?(?:at )?{past.CLOCK})\Z"
    rf"|(?:\A|[ ,])(?:until|till?|ended|ending|finished|done|by) (?:at )?(?P<end>{past.CLOCK})\Z"
)
_PART = re.compile(
    r"(?:\A|[ ,])(?:at (?P<hour>1[0-2]|[1-9]) )?"
    rf"(?:(?P<day>yesterday|today|this|last|{WEEKDAY}) |in the |at )"
    r"(?P<part>morning|noon|afternoon|evening|night)\Z"
)
_HINT = re.compile(
    r"(?:\A|[ ,])(?:earlier(?: today)?|(?:since|from|until|till) \d\S*"
    rf"|(?:(?:an?|a few|some|several|\d{{1,3}}|{amounts.IN_LETTERS}) )?\S{{1,9}} ago)\Z"
)
_HOW_LONG = N_("How long did it take?")
# Several times or days, a part of a calendar, a date in figures, or a day that is left over beside another.
_OPEN = re.compile(
    rf"(?:\A|[ ,(])(?:(?:twice|(?:three|four|five|several|many|a few|\d) times)"
    r"|(?:all|this|last|the whole|the other) (?:day|week|weekend|month|year|morning|afternoon|evening|night)"
    r"|(?:on )?(?:the )?\d{1,2}(?:st|nd|rd|th)|(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|1[0-2])(?:\.|[/.]\d{2,4})?"
    r"|(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])"
    r"|(?:before|after|by|around|about|at|@) ?(?:1[0-2]|[1-9])(?:ish| ?o'?clock)?"
    r"|\d{1,2}(?::\d\d)?(?: ?[ap]m)?-?ish"
    rf"|(?:from |on |- |for )?{_DAY}(?: ?(?:and|&|,|-|to|or|from|at|until))?(?:,? {_DAY})?)[ .!,)]*\Z"
)
_DANGLING = re.compile(r"(?:\A|[ ,])(?:and|or|to|from|until|between|next|every|each|before|after|&|\+)\Z")
# The most characters that are searched, and that a label has of a task.
_SEARCHED, _LABEL = 400, 40
# When the parts of a day begin.
_HOURS = {
    "morning": ("8:00", "9:00", "10:00"),
    "noon": ("12:00", "13:00"),
    "afternoon": ("14:00", "15:00", "16:00"),
    "evening": ("18:00", "19:00", "20:00"),
    "night": ("20:00", "21:00", "22:00"),
}


def question(known: timedelta, task: str, when: str) -> Question | None:
    """Ask about another length beside the first, rounds without one, and a moment in other words."""
    if (minutes := _MINUTES.match(task)) and not known % _HOUR:
        longer = known + timedelta(minutes=int(minutes[1]))
        longest = lengths_of([longer], task[minutes.end() :], when)
        return Question(_HOW_LONG, *longest, *lengths_of([known], task, when))
    if other := _ANOTHER.match(task):
        second = duration.read(other[1], bare="m") or known
        return Question(_HOW_LONG, *lengths_of([known, second], task[other.end() :].strip(), when))
    if rounds := _ROUNDS.match(task):
        number, done = known // timedelta(minutes=1), task[rounds.end() :].strip()
        several = [number * each for each in _EACH]
        return Question(_HOW_LONG, *lengths_of([*several, known], done, when))
    if times := _TIMES.match(task):
        several = [int(times[1] or times[2]) * known, known]
        return Question(_HOW_LONG, *lengths_of(several, task[times.end() :], when))
    if inner := time_words.length_in(task):
        both = known + (duration.read(inner[1]) or timedelta())
        return Question(_HOW_LONG, *lengths_of([both, known], task, when))
    return _moment(known, task, when)


def in_front(length: str, task: str, when: str) -> Question | None:
    """Ask about a length that may be hours, rounds, *3x25 essay*, or has its unit misspelt: *30 mintues essay*."""
    if _may_be_hours(length):
        return _hours_or_minutes(length, task, when)
    words, known = f"{length} {task}".strip(), duration.read(length, bare="m") if length.isdecimal() else None
    if (rounds := _SO_MANY.match(words)) and (each := duration.read(rounds[2], bare="m")):
        several = [int(rounds[1]) * each, each]
        return Question(_HOW_LONG, *lengths_of(several, words[rounds.end() :], when))
    if known and _COUNTED.match(task):
        counted = lengths_of(_USUAL_LENGTHS, words, when)
        return Question(_HOW_LONG, *counted, *lengths_of([known], task, when))
    meant = lengths.find(words) if length.isdecimal() else None
    if meant is None or not meant.quote.startswith(length):
        return None
    likely = lengths_of(meant.lengths, meant.called, when)
    return Question(_HOW_LONG, *likely, *lengths_of([known] if known else [], task, when))


def _may_be_hours(length: str) -> bool:
    """Return whether a length is hardly minutes, though it has no unit: *1:30*, *1.5*."""
    match = _CLOCK.fullmatch(length)
    return (match is not None and int(match[2]) <= _MOST_HOURS) or _DECIMAL.fullmatch(length) is not None


def _hours_or_minutes(length: str, task: str, when: str) -> Question:
    hours = f"{length}:00" if ":" in length else f"{length}h"
    meant = [known for known in (duration.read(hours), duration.read(length, bare="m")) if known]
    return Question(_HOW_LONG, *lengths_of(meant, task, when))


def how_long(task: str, when: str) -> Question:
    """Ask how long something took; a clock may be hours and minutes rather than when it began."""
    either: list[Choice] = []
    if (alone := without_people(task)) is not None:
        task = alone
    words = f"{task} {when}".strip()
    if meant := lengths.find(words):
        return Question(_HOW_LONG, *lengths_of(meant.lengths, *past.split(meant.called)))
    if clock := _CLOCK.search(words):
        task, when = past.split(f"{words[: clock.start()]}{words[clock.end() :]}".strip())
        length = duration.read(f"{clock[1]}:00")
        either = lengths_of([length], task, when) if length and int(clock[2]) <= _MOST_HOURS else []
        when = f"{when} {clock[1]}".strip()
    return Question(_HOW_LONG, *either, *lengths_of(_USUAL_LENGTHS, task, when))


def _moment(length: timedelta, words: str, when: str) -> Question | None:
    """Ask when it was where words speak of time though not of a moment: *this morning*, *14:00 to 15:00*.

    ``when`` is the moment that was read at their end, if any.
    """
    task, words = words, f"{words} {when}".strip()
    searched, hint = plain.plain(words[:_SEARCHED]), _moment_at_end(words[:_SEARCHED])
    if match := _RANGE.search(searched):
        starts = _before(match["end"], length) if match["end"] else _starts_of(match)
    elif when and (left := _left_open(task, is_with_moment=True)) is not None:
        at, starts = left, []
    elif when and when.casefold() not in past.NEAR and (not hint or hint[0] >= len(words) - len(when)):
        return None
    elif match := _PART.search(searched):
        clocks = [_clock_of(match["hour"], match["part"])] if match["hour"] else _HOURS[match["part"]]
        starts = [f"{_day_of(match['day'] or 'this', match['part'])} {clock}" for clock in clocks]
    elif match := _HINT.search(searched):
        starts = []
    elif hint:
        at, starts = hint
    elif (left := _left_open(task, is_with_moment=False)) is not None:
        at, starts = left, []
    else:
        return None
    task = (_without(words, match) if match else words[:at]).rstrip(" ,-(")
    return Question(
        past.START,
        *(Choice(N_("{moment}"), past.line(length, task, start), {"moment": start}) for start in starts),
        Choice(N_("It's just ended"), past.line(length, task, "")),
        Choice(N_("“{name}”"), past.line(length, words, ""), {"name": truncated(words, _LABEL)}),
    )


def _left_open(task: str, *, is_with_moment: bool) -> int | None:
    """Return where the end of a task begins that speaks of time, too, beside the moment that was read behind it."""
    searched = plain.plain(task[:_SEARCHED])
    if match := _OPEN.search(searched) or (_DANGLING.search(searched) if is_with_moment else None):
        return match.start()
    if is_with_moment or len(task) > _SEARCHED or not time_words.has_moment(task):
        return None
    return len(time_words.without_moment(task))


def span(words: str) -> tuple[timedelta, str, str] | None:
    """Split what was done from when it began and ended: its length, the task and the beginning."""
    match = _RANGE.search(words.casefold()[:_SEARCHED])
    if not match or not match["stop"]:
        return None
    try:
        began, ended = (past.clock(clock.rpartition(" ")[2]) for clock in (match["start"], match["stop"]))
    except ValueError:
        return None
    minutes = (ended.hour - began.hour) * 60 + ended.minute - began.minute
    if -_HALF_A_DAY < minutes < 0:  # 16:00-14:00 is hardly a night
        return None
    return timedelta(minutes=minutes % (24 * 60)), _without(words, match), _start_of(match)


def _without(words: str, match: re.Match[str]) -> str:
    return f"{words[: match.start()]} {words[match.end() :]}".strip(" ,")


def _starts_of(match: re.Match[str]) -> list[str]:
    """Return when a range of times may begin: in either half of the day, where it is not said."""
    if hour := match["hour"] or match["from"]:
        clock = f":{(match['minute'] or ':00')[1:]}"
        hours = [int(hour)] if int(hour) > 12 else [int(hour) % 12 + half for half in (0, 12)]
        return [f"{match['on'] or ''} {each}{clock}".strip() for each in hours]
    return [_start_of(match)]


def _start_of(match: re.Match[str]) -> str:
    """Return when a range of times begins, with its day, which may stand behind it."""
    return " ".join(filter(None, (match["near"], match["start"] or match["since"])))


def _clock_of(hour: str, part: str) -> str:
    return f"{int(hour) % 12 + 12 * (part != 'morning')}:00"


def _moment_at_end(words: str) -> tuple[int, list[str]] | None:
    """Return where words that say when it was begin, in other words than are read here, and what they may mean."""
    source = Text(words)
    for start in filter(None, plain.starts(words, past.MOST_WORDS)):
        tokens = run(source, start)
        made = grammar.parse(tokens) if tokens and tokens[-1].end >= len(words.rstrip(" .!")) else None
        if made and not made.repeats and (made.clocks or (made.span and made.span.is_ago)):
            day = _day_in_words(made.days)
            clocks = [] if day is None else [dates.clock(clock) for clock in _clocks(made)]
            return start, [f"{day} {clock}".strip() for clock in clocks]
    return None


def _day_in_words(days: Sequence[Day]) -> str | None:
    """Return a day as it is read in a moment that has passed; None if it is none such."""
    match days:
        case ():
            return ""
        case (Relative(ago),):
            return {0: "today", -1: "yesterday"}.get(ago)
        case (Weekdays((weekday,)),):
            return WEEKDAYS[weekday]
    return None


def _clocks(made: Statement) -> Iterator[time]:
    """Yield the times of day that a statement may mean: of 1 to 12, both."""
    for clock in made.clocks:
        is_open = clock.is_twelve and not clock.half and 1 <= clock.hour <= 12
        morning, evening = clock.hour % 12, clock.hour % 12 + 12
        named: tuple[int, ...] = {"a": (morning,), "p": (evening,)}.get(clock.half, (clock.hour,))
        if is_open:
            part = made.part.name if made.part else ""
            named = (morning,) if part == "morning" else (evening,) if part else (morning, evening)
        for hour in named:
            if hour < 24 and clock.minute < 60:
                yield time(hour, clock.minute)


def _before(end: str, length: timedelta) -> list[str]:
    """Return when something began that took so long and ended then; nothing if it was the day before."""
    with contextlib.suppress(ValueError):
        ended = past.clock(end)
        began = timedelta(hours=ended.hour, minutes=ended.minute) - length
        if began >= timedelta():
            return [dates.clock((datetime(2000, 1, 1, tzinfo=UTC) + began).time())]
    return []


def lengths_of(meant: Sequence[timedelta], task: str, when: str) -> list[Choice]:
    """Offer to add these lengths of what was done, as far as they can be added."""
    done = name.cut(task) or None
    return [
        Choice(N_("{length}"), past.line(length, done, when), {"length": spoken(length)})
        for length in meant
        if SHORTEST_ADDED <= length <= LONGEST_ADDED
    ]


def _day_of(day: str, part: str) -> str:
    """Return the day of a part of it; *last night* was yesterday's."""
    if day == "last" or (day == "this" and part == "night"):
        return "yesterday"
    return "today" if day == "this" else day
