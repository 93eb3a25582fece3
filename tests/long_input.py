"""Input that is hard to parse: every parser of typed text, and pieces that, repeated, were slow or might be."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat import text
from bot.chat.focus.commands import TOPIC as FOCUS
from bot.chat.help import greeting
from bot.chat.privacy.commands import TOPIC as PRIVACY
from bot.chat.reminders import text as reminder_text
from bot.chat.reminders.commands import TOPIC as REMINDERS
from bot.chat.settings.commands import TOPIC as SETTINGS
from bot.chat.stats.commands import GOAL, LEADERBOARD, STATS
from bot.chat.timers.commands import KITCHEN, TOPIC as TIMERS
from bot.domain import privacy, rules, spelling
from bot.domain.errors import UserError
from bot.domain.focus import begin, lengths, parser as focus_parser, start as focus_start
from bot.domain.invocation import Invocation
from bot.domain.reminders import parser as reminder_parser, reminder, understanding
from bot.domain.reminders.command import EditReminder, Set
from bot.domain.stats import goal_parser, parser as stats_parser, past
from bot.domain.time import duration, schedule, zone
from bot.domain.timers import lookup, name, parser as timer_parser
from bot.domain.timers.timer import Actor, Timer

# Steps, whatever is typed; the hardest text took two million.
MOST = 80_000

_NOW, _TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC), date(2026, 11, 28)
_BERLIN = ZoneInfo("Europe/Berlin")

# As many names as a server has channels, and as many timers and reminders as a person may have.
_NAMES = [f"{'1xe' * 12}{number}" for number in range(500)]
_ANN = Actor(user_id=1, guild_id=2, channel_id=3)
_LENGTH = timedelta(minutes=5)
_GOING = [Timer.begun(_ANN, f"{'é ' * 37}{number}", _LENGTH, _NOW, _NOW + _LENGTH) for number in range(500)]
_PENDING = [replace(timer, name=timer.name * 20) for timer in _GOING[:50]]

PARSERS: Mapping[str, Callable[[str], Any]] = {
    "pomodoro": lambda words: timer_parser.parse(TIMERS.read(words), TIMERS),
    "timer": lambda words: timer_parser.parse(KITCHEN.read(words), KITCHEN),
    "pomodoro until": lambda words: timer_parser.parse(TIMERS.read(f"until {words}"), TIMERS),
    "pomodoro extend": lambda words: timer_parser.parse(TIMERS.read(f"extend {words}"), TIMERS),
    "pomodoro rename": lambda words: timer_parser.parse(TIMERS.read(f"rename {words}"), TIMERS),
    "pomodoro cancel": lambda words: timer_parser.parse(TIMERS.read(f"cancel {words}"), TIMERS),
    "remind": lambda words: reminder_parser.parse(REMINDERS.read(words), REMINDERS, 1),
    "a reminder": lambda words: understanding.of_set(Set(sentence=words), _NOW, _BERLIN),
    "remind edit": lambda words: reminder_parser.parse(REMINDERS.read(f"edit #1 {words}"), REMINDERS, 1),
    "a change": lambda words: understanding.of_edit(EditReminder("#1", sentence=words), _NOW, _BERLIN),
    "remind cancel": lambda words: reminder_parser.parse(REMINDERS.read(f"cancel {words}"), REMINDERS, 1),
    "an example": REMINDERS.spell,
    "when": lambda words: schedule.read(words, "", _NOW, _BERLIN),
    "every": lambda words: schedule.read("", words, _NOW, _BERLIN),
    "until": lambda words: schedule.read("", f"day until {words}", _NOW, _BERLIN),
    "timezone": zone.parse,
    "a zone so far": lambda words: zone.suggestions(words, 25),
    "focus": lambda words: focus_parser.parse(FOCUS.read(words), FOCUS),
    "focus by name": lambda words: focus_parser.parse(FOCUS.read(f"plan: {words} start: {words}"), FOCUS),
    "focus edit": lambda words: focus_parser.parse(FOCUS.read(f"edit {words}"), FOCUS),
    "focus save": lambda words: focus_parser.parse(Invocation.of("save", name=words, plan=words), FOCUS),
    "focus task": lambda words: focus_parser.parse(FOCUS.read(f"task {words}"), FOCUS),
    "focus until": lambda words: focus_parser.parse(FOCUS.read(f"until {words}"), FOCUS),
    "focus on a task": lambda words: focus_parser.parse(FOCUS.read(f"deep on {words}"), FOCUS),
    "focus spelled": lambda words: FOCUS.spell(f"start {words}"),
    "a preset": lambda words: focus_start.parse({"preset": words}),
    "a length": lambda words: lengths.lengths_of({"focus": words}),
    "a start": begin.read,
    "a slip": greeting.slip_of,
    "no command": greeting.request_without_name,
    "a misspelt name": lambda words: spelling.nearest(words, _NAMES),
    "which timer": lambda words: lookup.look(words, _GOING, _ANN, "time"),
    "which reminder": lambda words: lookup.pick_reminder(words, _PENDING, "cancel"),
    "stats": lambda words: stats_parser.parse(STATS.read(words), _TODAY),
    "days off": lambda words: stats_parser.parse(STATS.read(f"daysoff {words}"), _TODAY),
    "what is added": lambda words: stats_parser.parse(STATS.read(f"add 50m {words}"), _TODAY),
    "how long it was": lambda words: stats_parser.parse(STATS.read(f"add {words}"), _TODAY),
    "when it was": lambda words: past.parse(words, _NOW, _BERLIN),
    "when a day starts": lambda words: stats_parser.parse(STATS.read(f"daystart {words}"), _TODAY),
    "what is added, spelled": lambda words: STATS.spell(f"add 50m {words}"),
    "leaderboard": lambda words: stats_parser.leaderboard(LEADERBOARD.read(words)),
    "goal": lambda words: goal_parser.parse(GOAL.read(words)),
    "privacy": lambda words: privacy.parse(PRIVACY.read(words)),
    "settings": lambda words: rules.parse(SETTINGS.read(words), SETTINGS, 0),
    "settings zone": lambda words: rules.parse(SETTINGS.read(f"zone {words}"), SETTINGS, 0),
    "settings plan": lambda words: rules.parse(SETTINGS.read(f"plan {words}"), SETTINGS, 0),
    "settings prefix": lambda words: rules.parse(SETTINGS.read(f"prefix {words}"), SETTINGS, 0),
    "duration": duration.parse,
    "a length in front": duration.at_front,
    "a length at the end": duration.at_end,
    "name": name.clean,
    "text": reminder.clean,
    "shown": text.escape,
    "a reminder shown": reminder_text.words,
}
_PIECES = (
    "each ", "every day ", "weekly until 24 dec ", "every 2 weeks on ", "every day for ", ", until ", "until a ",
    "for 5 times ", "mon,", "mon to ", "on mon ", "and ", "hourly ", "10m ", "an hour ", "tomorrow ", "3 rounds ",
    "what: x ", "<@1> ", "voice x ", "in 5m ", "focus 5 ", "(", "3x(", "),", "25m a,", "1x1x", "a day ", "\n", " ",
    "\t\n", '"', "\N{LEFT DOUBLE QUOTATION MARK}", "1", "1:", "\N{ARABIC-INDIC DIGIT THREE}", "\N{EN DASH}", "e",
    "e\N{COMBINING DOT BELOW}\N{COMBINING ACUTE ACCENT}", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}",
    "\N{ZERO WIDTH JOINER}", "://", "a.", "hourly , until ", "\N{LEFT DOUBLE QUOTATION MARK} ", "https://",
    "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}", "twenty ", "half ", "an hour and ", "1h ",
    "at 9 and ", "or friday ", "the 1st, ", "9am Berlin ", "<t:1>", "every 9-17 ", "5pm new york ",
    "x tomorrow at 3pm x ",
)  # fmt: skip


def texts(length: int) -> Iterator[str]:
    """Make texts of up to a length, each of one piece over and over, by itself or between a time and a word."""
    for piece in _PIECES:
        for head, tail in (("", ""), ("10m ", " x"), ("", "\nx")):
            yield head + piece * ((length - len(head + tail)) // len(piece)) + tail


def steps(read: Callable[[str], Any], text: str) -> int:
    """Count the steps that reading a text takes: each line, and each entry into and exit from a function.

    What is written in C is not counted by itself: it is called from a line, which is.
    """
    count = 0

    def step(_: FrameType, __: str, ___: Any) -> Any:
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        read(text)
    except UserError:
        pass
    finally:
        sys.settrace(before)
    return count
