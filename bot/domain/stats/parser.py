"""Parser of what is asked for with ``stats``, ``leaderboard`` and ``goal``, typed or by slash command."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from bot.domain.ellipsis import truncated
from bot.domain.errors import BadName, BadPeriod
from bot.domain.invocation import Invocation, flag
from bot.domain.preference import LATEST_START
from bot.domain.question import Choice, Question, as_typed
from bot.domain.spelling import is_slip
from bot.domain.stats import past
from bot.domain.stats.command import (
    Add,
    BoardSpan,
    Command,
    Correct,
    DaysOff,
    DayStarts,
    Digest,
    Goal,
    Leaders,
    Mine,
    Server,
    View,
)
from bot.domain.time import duration, period, weekdays
from bot.domain.time.duration import spoken, written
from bot.domain.timers import name
from bot.domain.timers.length import length_at_end
from bot.messages.catalogue import N_

LONGEST_GOAL = LONGEST_ADDED = timedelta(hours=24)
_CHANNEL = re.compile(r"<#(\d{1,19})>")
_SPANS = {
    "": BoardSpan.WEEK,
    "week": BoardSpan.WEEK,
    "month": BoardSpan.MONTH,
    "all": BoardSpan.ALL,
    "all time": BoardSpan.ALL,
}
_USUAL_LENGTHS = tuple(timedelta(minutes=minutes) for minutes in (25, 50, 60))
# The most characters of a task in a choice.
_LABEL = 40
_OFF = {"off", "none", "no", "never", "stop"}
_WEEKEND = frozenset({5, 6})
_HOUR = re.compile(r"(?:at )?(\d{1,2})(?::(\d{2}))?(?: ?am)?", re.ASCII)
# A second length behind the first: 2h-3h.
_RANGE = re.compile(r"(?:-|\N{EN DASH}|to|or) ?(\d\S{0,9})")
# What people say before a period, and how else its last one is called.
_FOR, _PAST = (
    re.compile(r"\A(?:for|of|in|from|during|my) (?=\S)"),
    re.compile(r"\A(?:the )?(?:past|previous|last) "),
)
_PER_DAY = re.compile(r"\A(?:daily|each day|every day) | ?(?:(?:a|per|each|every) |/ ?)day\Z| daily\Z")
_PER_WEEK = re.compile(r"\A(?:weekly|each week|every week) | ?(?:(?:a|per|each|every) |/ ?)week\Z| weekly\Z")
# A number without a unit that is hours rather than minutes, and the grain of a goal that is worked out.
_MOST_HOURS, _FIVE_MINUTES = 12, timedelta(minutes=5)
# A time of day without its half, behind what was done.
_AT_HOUR = re.compile(
    r"(?:(?P<task>.*?) )?(?P<day>(?:(?:yesterday|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}) )?at |yesterday )"
    r"(?P<hour>1[0-2]|[1-9])",
    re.IGNORECASE,
)


def parse(asked: Invocation, today: date) -> Command:
    """Parse what was asked for with a verb of ``stats``. Raises ``UserError`` with a working example."""
    if asked.verb in {"me", "server", "help"}:
        if asked.verb == "server" and not asked.words:
            return Server()
        return _mine(asked.options.get("period", asked.words if asked.verb == "me" else asked.text), today)
    return _READERS[asked.verb](asked)


def leaderboard(asked: Invocation) -> Leaders:
    """Parse which time a leaderboard is to count. Raises ``BadPeriod``."""
    span = asked.options.get("span", asked.words)
    plain = _plain(span).removeprefix("this ")
    if plain not in _SPANS:
        raise Question(
            N_("There's no leaderboard for “{quote}”. Try week, month or all."),
            Choice(N_("This week"), "leaderboard week"),
            Choice(N_("This month"), "leaderboard month"),
            Choice(N_("All time"), "leaderboard all"),
            quote=span[:40],
        )
    return Leaders(_SPANS[plain])


def goal(asked: Invocation) -> Goal:
    """Parse a goal, or that there is to be none. Raises ``BadDuration``."""
    day = asked.options.get("day", asked.words)
    plain = _PER_DAY.sub("", _plain(day))
    if not plain:
        return Goal(None)
    if plain in _OFF:
        return Goal(timedelta())
    if (weekly := duration.read(_PER_WEEK.sub("", plain), bare="m")) and _PER_WEEK.search(plain):
        each = (weekly / days // _FIVE_MINUTES * _FIVE_MINUTES for days in (7, 5))
        raise Question(N_("A goal is for each day. Which one?"), *_goals(list(filter(None, each))))
    length = duration.read(plain, bare="m")
    if plain.isdecimal() and len(plain) < 3 and 0 < int(plain) <= _MOST_HOURS:
        either = [timedelta(hours=int(plain)), timedelta(minutes=int(plain))]
        raise Question(N_("Is “{quote}” hours or minutes?"), *_goals(either), quote=plain)
    if length is None:
        raise Question(
            N_("I can't read “{quote}” as a goal. Say how long a day, such as 2h, or off."),
            *_likely_goals(),
            quote=day[:40],
        )
    if not timedelta(minutes=1) <= length <= LONGEST_GOAL:
        raise Question(N_("A goal can be 1 minute to 24 hours a day."), *_likely_goals())
    return Goal(length)


def _likely_goals() -> list[Choice]:
    return [*_goals([timedelta(hours=hours) for hours in (1, 2, 3)]), Choice(N_("No goal"), "goal off")]


def _goals(lengths: Sequence[timedelta]) -> list[Choice]:
    return [Choice(N_("{length} a day"), f"goal {written(day)}", {"length": spoken(day)}) for day in lengths]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _mine(text: str, today: date) -> Mine:
    """Parse the period of one's own statistics, which decides how they are drawn; *here* may stand before it."""
    plain = _plain(text)
    first, _, rest = plain.partition(" ")
    words, here = (rest, True) if first == "here" else (plain.removesuffix(" here"), plain.endswith(" here"))
    words = _PAST.sub("last ", _FOR.sub("", words))
    if words == View.HOURS:
        return Mine(View.HOURS, period.parse("all", today), words, here)
    try:
        chosen = period.parse(words, today)
    except BadPeriod as refused:
        raise Question(
            refused.template,
            *_misspelt(words),
            Choice(N_("This week"), "stats me this week", alone=True),
            Choice(N_("Last week"), "stats me last week", alone=True),
            Choice(N_("This month"), "stats me this month", alone=True),
            Choice(N_("This year"), "stats me this year", alone=True),
            **refused.arguments,
        ) from None
    is_short = chosen.first is not None and (chosen.last - chosen.first).days < 7
    return Mine(View.WEEK if is_short else View.YEAR, chosen, words, here)


def _misspelt(words: str) -> list[Choice]:
    """Offer the verbs and periods that words are one slip from."""
    first, _, rest = words.partition(" ")
    verbs = [f"{verb} {rest}".strip() for verb in ("server", *_READERS) if len(first) > 3 and is_slip(first, verb)]
    periods = [known for known in (*period.NAMES, View.HOURS) if len(words) > 3 and is_slip(words, known)]
    return [as_typed(f"stats {line}") for line in (*verbs, *periods)]


def _add(asked: Invocation) -> Add:
    """Parse how long something took, what it was and when it began."""
    if options := asked.options:
        length, task, when = (str(options.get(name, "")) for name in ("length", "task", "when"))
    else:
        length, task, when = typed_fields(asked.words)
        if not when.startswith("today") and (match := _AT_HOUR.fullmatch(f"{task} {when}".strip())):
            raise _which_half(length, match)
    known = duration.read("".join(length.split()), bare="m")
    if known is None:
        raise Question(N_("How long did it take?"), *_lengths(_USUAL_LENGTHS, task, when))
    if not timedelta(minutes=1) <= known <= LONGEST_ADDED:
        nearest = min(max(known, timedelta(minutes=1)), LONGEST_ADDED)
        raise Question(N_("You can add 1 minute to 24 hours."), *_lengths([nearest], task, when))
    if not asked.options and (other := _RANGE.match(task)):
        second = duration.read(other[1], bare="m") or known
        raise Question(N_("How long did it take?"), *_lengths([known, second], task[other.end() :].strip(), when))
    if not asked.options and (question := past.unclear(known, task, when)):
        raise question
    try:
        return Add(known, name.clean(task) if task.strip() else None, when)
    except BadName as refused:
        done = name.cut(task)
        kept = Choice(N_("“{name}”"), past.line(known, done, when), {"name": truncated(done, _LABEL)})
        raise Question(refused.template, kept, **refused.arguments) from None


def typed_fields(words: str) -> tuple[str, str, str]:
    """Split what is typed into how long something took, what it was and when it began, in whichever order."""
    words = " ".join(words.split())
    before, moment = past.split_front(words)
    length, rest = _length_in_front(before)
    if not length:
        before, moment = past.split(words)
        end = length_at_end(before)
        return (written(end[0].value), end[1], moment) if end and not end[0].is_bare else ("", before, moment)
    task, when = past.split(rest) if not moment else (rest, moment)
    if not when:
        task, when = past.split_front(rest)
    return length, task, when


def _length_in_front(words: str) -> tuple[str, str]:
    """Split a length from the front of words; a bare number is minutes. It is empty where there is none."""
    if front := duration.at_front(words):
        return written(front[0]), front[1]
    first, rest = duration.split(words)
    return (first, rest) if duration.read(first) is not None else ("", words)


def _lengths(lengths: Sequence[timedelta], task: str, when: str) -> list[Choice]:
    """Offer to add these lengths of what was done."""
    done = name.cut(task) or None
    return [Choice(N_("{length}"), past.line(length, done, when), {"length": spoken(length)}) for length in lengths]


def _which_half(length: str, match: re.Match[str]) -> Question:
    """Ask which half of the day is meant by *at 9*."""
    before = " ".join(filter(None, ("stats add", length, match["task"], match["day"].strip())))
    hours = (int(match["hour"]) % 12, int(match["hour"]) % 12 + 12)
    choices = (Choice(N_("At {time}"), f"{before} {hour}:00", {"time": f"{hour}:00"}) for hour in hours)
    return Question(N_("“{quote}” – morning or evening?"), *choices, quote=f"{match['day']}{match['hour']}")


def _day_starts(asked: Invocation) -> DayStarts:
    plain = _plain(asked.options.get("time", asked.words))
    match = _HOUR.fullmatch({"": "0:00", "midnight": "0:00"}.get(plain, plain))
    minutes = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    if minutes % 15 or not 0 <= minutes <= LATEST_START:
        near = (minutes // 15 * 15, minutes // 15 * 15 + 15) if 0 <= minutes <= LATEST_START else (0, 3 * 60)
        raise Question(
            N_("A day can start from 0:00 to 12:00, on the quarter hour."),
            *(
                Choice(N_("At {time}"), f"stats day starts {time}", {"time": time})
                for time in (f"{at // 60}:{at % 60:02}" for at in near)
            ),
        )
    return DayStarts(timedelta(minutes=minutes))


def _digest(asked: Invocation) -> Digest:
    if options := asked.options:
        return Digest(
            None
            if flag(options.get("off", False), "stats digest off: yes")
            else _channel(options.get("channel", 0))
        )
    words = _plain(asked.words)
    return Digest(None if words in _OFF else _channel(words))


def _channel(value: str | int) -> int:
    """Parse a channel by its id or mention; 0 is the current one."""
    if isinstance(value, int):
        return value
    plain = _plain(value)
    if plain in {"", "here"}:
        return 0
    if match := _CHANNEL.fullmatch(plain):
        return int(match[1])
    raise BadPeriod(N_("I don't know the channel “{quote}”. Mention it with #."), "stats digest", quote=plain[:40])


def _correct(_: Invocation) -> Correct:
    return Correct()  # whatever follows: the entry is chosen from a list


def _days_off(asked: Invocation) -> DaysOff:
    return DaysOff(_weekdays(_plain(asked.options.get("days", asked.words))))


def _weekdays(rest: str) -> frozenset[int]:
    """Parse a list of weekdays, or *none*."""
    if rest in _OFF:
        return frozenset()
    if rest in {"", "weekend", "weekends"}:
        return _WEEKEND
    days = weekdays.parse(rest)
    if not days or len(days) == 7:
        raise Question(
            N_("I can't read “{quote}” as days off. Try weekend, mon and fri, or none."),
            Choice(N_("The weekend"), "stats daysoff weekend"),
            Choice(N_("None"), "stats daysoff none"),
            quote=rest[:40],
        )
    return frozenset(days)


_READERS: Mapping[str, Callable[[Invocation], Command]] = {
    "edit": _correct,
    "add": _add,
    "daysoff": _days_off,
    "daystart": _day_starts,
    "digest": _digest,
}
