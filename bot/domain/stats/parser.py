"""Parser of what is asked for with ``stats`` and ``leaderboard``, typed or by slash command."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.domain import courtesy
from bot.domain.ellipsis import truncated
from bot.domain.errors import BadName, BadPeriod
from bot.domain.invocation import Invocation, flag
from bot.domain.mentions import channel_id, without_people
from bot.domain.preference import LATEST_START
from bot.domain.question import Choice, Question, as_typed
from bot.domain.stats import likely, past, unclear
from bot.domain.stats.command import (
    LONGEST_ADDED,
    SHORTEST_ADDED,
    Add,
    BoardSpan,
    Command,
    Correct,
    DaysOff,
    DayStarts,
    Digest,
    Leaders,
    Mine,
    Server,
    View,
)
from bot.domain.stats.goal_parser import OFF, folded
from bot.domain.time import duration, period, time_of_day, weekdays
from bot.domain.time.duration import written
from bot.domain.time.names import WEEKDAY
from bot.domain.timers import name, unclear as lengths
from bot.domain.timers.length import length_at_end
from bot.messages.catalogue import N_

_SPANS = {
    "": BoardSpan.WEEK,
    "week": BoardSpan.WEEK,
    "month": BoardSpan.MONTH,
    "all": BoardSpan.ALL,
    "all time": BoardSpan.ALL,
}
# The most characters of a task in a choice.
_LABEL = 40
_WEEKEND = frozenset({5, 6})
# What ended when it was added.
_JUST_NOW = re.compile(r",? (?:just |right )?now\Z", re.IGNORECASE)
# What joins what was done to its moment: *essay, yesterday*, *essay - yesterday*.
_JOINT = re.compile(r"(?:[ ,:]+|(?<!\d) -)\Z")
# What joins a length to what was done.
_SIGNS = re.compile(r"\A(?:[,;]+|[:-](?= ))\s*(?=\S)")
_NUMBER = re.compile(r"\A(\d{1,4})[,:;](?= )")
_OF = re.compile(r"\A(?:more )?(?:of|on|for|to|as) (?=\S)", re.IGNORECASE)
# What people say before a period, and how else its last one is called.
_FOR, _PAST = (
    re.compile(
        r"\A(?:(?:for|of|in|on|from|during|my|show|give|me|stats|statistics|the|current|please|pls|can you"
        r"|(?:how (?:much|long)|what)(?: did i)?(?: (?:do|study|focus|work))?) )+(?=\S)"
    ),
    re.compile(r"\A(?:the )?(?:past|previous|last) "),
)
# What asks for the usual, which has the streak, and how else the hours of the day are called.
_USUAL = {"mine", "stats", "my stats", "streak", "streaks", "show", "so far", "please", "pls", "how am i doing"}
_USUAL |= {"statistics", "how much did i study", "how much did i focus", "how much did i work"}
_HOURS = {View.HOURS, "by hour", "by the hour", "time of day", "by time of day", "hours of the day"}
# A day and a month in figures, whose last sign is no full stop.
_DOTTED = re.compile(r"\d\.\d{1,2}\.[ !?]*\Z")
# A time of day without its half, behind what was done.
_AT_HOUR = re.compile(
    rf"(?:(?P<task>.*?) )?(?P<day>(?:(?:yesterday|{WEEKDAY}) )?at |yesterday )"
    r"(?<!morning at )(?<!noon at )(?<!evening at )(?<!night at )(?P<hour>1[0-2]|[1-9])",
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
    plain = folded(span).removeprefix("this ")
    if plain not in _SPANS:
        raise Question(
            N_("There's no leaderboard for “{quote}”. Try week, month or all."),
            Choice(N_("This week"), "leaderboard week"),
            Choice(N_("This month"), "leaderboard month"),
            Choice(N_("All time"), "leaderboard all"),
            quote=span[:40],
        )
    return Leaders(_SPANS[plain])


def _mine(text: str, today: date) -> Mine:
    """Parse the period of one's own statistics, which decides how they are drawn; *here* may stand before it."""
    plain = folded(text)
    first, _, rest = plain.partition(" ")
    words, here = (rest, True) if first == "here" else (plain.removesuffix(" here"), plain.endswith(" here"))
    words = words.rstrip(" !?") if _DOTTED.search(words) else words.rstrip(" .!?")
    words = "" if words in _USUAL else _PAST.sub("last ", _FOR.sub("", words))
    words = "" if words in _USUAL else words
    if words in _HOURS:
        return Mine(View.HOURS, period.parse("all", today), View.HOURS, here)
    try:
        chosen = period.parse(words, today)
    except BadPeriod as refused:
        ranges = [as_typed(f"stats me {option}") for option in period.possible(words, today)]
        meant = ranges or likely.commands(words, ("server", *_READERS))
        raise Question(
            N_("“{quote}” isn't a period. Did you mean one of these?") if meant else refused.template,
            *meant,
            Choice(N_("This week"), "stats me this week", alone=True),
            Choice(N_("Last week"), "stats me last week", alone=True),
            Choice(N_("This month"), "stats me this month", alone=True),
            Choice(N_("This year"), "stats me this year", alone=True),
            **refused.arguments,
        ) from None
    is_short = chosen.first is not None and period.week_of(chosen.first) == period.week_of(chosen.last)
    return Mine(View.WEEK if is_short else View.YEAR, chosen, words, here)


def _add(asked: Invocation) -> Add:
    if options := asked.options:
        length, task, when = (str(options.get(name, "")) for name in ("length", "task", "when"))
    else:
        length, task, when = typed_fields(asked.words)
        if not when.startswith("today") and (match := _AT_HOUR.fullmatch(f"{task} {when}".strip())):
            raise _which_half(length, match)
    if question := unclear.in_front(length, task, when):
        raise question
    known = duration.read("".join(length.split()), bare="m")
    if known is None and not asked.options and (span := unclear.span(f"{task} {when}")):
        known, task, when = span
    if known is None:
        raise unclear.how_long(task, when)
    if not SHORTEST_ADDED <= known <= LONGEST_ADDED:
        nearest = min(max(known, SHORTEST_ADDED), LONGEST_ADDED)
        raise Question(N_("You can add 1 minute to 24 hours."), *unclear.lengths_of([nearest], task, when))
    if (alone := without_people(task)) is not None:
        kept = Choice(N_("Add it"), past.line(known, alone or None, when))
        raise Question(N_("I can only add to your own log. Add it without the mention?"), kept)
    if not asked.options and (question := unclear.question(known, task, when)):
        raise question
    try:
        return Add(known, name.clean(name.unquoted(task)) if task.strip() else None, when)
    except BadName as refused:
        done = name.cut(task)
        kept = Choice(N_("“{name}”"), past.line(known, done, when), {"name": truncated(done, _LABEL)})
        raise Question(refused.template, kept, **refused.arguments) from None


def typed_fields(words: str) -> tuple[str, str, str]:
    """Split what is typed into how long something took, what it was and when it began, in whichever order."""
    words = past.with_halves(courtesy.bare(_JUST_NOW.sub("", lengths.put_right(" ".join(words.split())))))
    before, moment = past.split_front(words)
    first, _, behind = words.partition(" ")
    if not moment and past.is_moment(first.casefold()) and _length_in_front(behind)[0]:  # yesterday 50m essay
        before, moment = behind, first
    length, rest = _length_in_front(before)
    if not length:
        before, moment = past.split(words)
        if not (end := length_at_end(before)) or end[0].is_bare:
            return "", before, moment
        length, rest = written(end[0].value), end[1]
    task, when = past.split(rest) if not moment else (rest, moment)
    if not when:
        task, when = past.split_front(rest)
    return length, task[:-_LABEL] + _JOINT.sub("", task[-_LABEL:]), when


def _length_in_front(words: str) -> tuple[str, str]:
    """Split a length from the front of words; a bare number is minutes. It is empty if there is none."""
    if front := duration.at_front(words):
        return written(front[0]), _task_behind(front[1])
    first, rest = duration.split(_NUMBER.sub(r"\1", words))
    return (first, _task_behind(rest)) if duration.read(first) is not None else ("", words)


def _task_behind(rest: str) -> str:
    """Return what was done without what joins it to the length in front: *30m: essay*, *30m of essay*."""
    return _OF.sub("", _SIGNS.sub("", rest), count=1)


def _which_half(length: str, match: re.Match[str]) -> Question:
    """Ask which half of the day is meant by *at 9*."""
    before = " ".join(filter(None, ("stats add", length, match["task"], match["day"].strip())))
    hours = (int(match["hour"]) % 12, int(match["hour"]) % 12 + 12)
    choices = (Choice(N_("At {time}"), f"{before} {hour}:00", {"time": f"{hour}:00"}) for hour in hours)
    return Question(N_("“{quote}” – morning or evening?"), *choices, quote=f"{match['day']}{match['hour']}")


def _day_starts(asked: Invocation) -> DayStarts:
    plain = folded(asked.options.get("time", asked.words)).removeprefix("at ")
    times = time_of_day.read(plain or "midnight")
    known = [minutes for at in times if (minutes := at.hour * 60 + at.minute) <= LATEST_START]
    minutes = known[-1] if known else -1
    if minutes % 15 or minutes < 0:
        near = (minutes // 15 * 15, minutes // 15 * 15 + 15) if minutes >= 0 else (0, 3 * 60)
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
    words = folded(asked.words)
    return Digest(None if words in OFF else _channel(words))


def _channel(value: str | int) -> int:
    if isinstance(value, int):
        return value
    plain = folded(value)
    return 0 if plain in {"", "here", "on"} else channel_id(plain, "stats digest")


def _correct(_: Invocation) -> Correct:
    return Correct()  # whatever follows: the entry is chosen from a list


def _days_off(asked: Invocation) -> DaysOff:
    return DaysOff(_weekdays(folded(asked.options.get("days", asked.words))))


def _weekdays(rest: str) -> frozenset[int]:
    if rest in OFF:
        return frozenset()
    if rest in {"", "weekend", "weekends"}:
        return _WEEKEND
    days = weekdays.parse(rest.removeprefix("are "))
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
