"""What is hard to read: every parser of what people type, and pieces that, repeated, were slow or might be."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat import text
from bot.chat.focus.commands import TOPIC as FOCUS
from bot.chat.privacy.commands import TOPIC as PRIVACY
from bot.chat.reminders import text as reminder_text
from bot.chat.reminders.commands import TOPIC as REMINDERS
from bot.chat.stats.commands import GOAL, LEADERBOARD, STATS
from bot.chat.timers.commands import TOPIC as TIMERS
from bot.domain import privacy, spelling
from bot.domain.focus import parser as focus_parser
from bot.domain.focus import start as focus_start
from bot.domain.invocation import Invocation
from bot.domain.reminders import parser as reminder_parser
from bot.domain.reminders import reminder
from bot.domain.stats import parser as stats_parser
from bot.domain.time import duration, schedule, zone
from bot.domain.timers import command as timer_command
from bot.domain.timers import lookup, name
from bot.domain.timers.timer import Actor, Timer

_NOW, _TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC), date(2026, 11, 28)
_BERLIN = ZoneInfo("Europe/Berlin")

# As many names as a server has channels, timers as it may have going, and reminders as somebody may have pending.
_NAMES = [f"{'1xe' * 12}{number}" for number in range(500)]
_ANN = Actor(user_id=1, guild_id=2, channel_id=3)
_LENGTH = timedelta(minutes=5)
_GOING = [Timer.begun(_ANN, f"{'é ' * 37}{number}", _LENGTH, _NOW, _NOW + _LENGTH) for number in range(500)]
_PENDING = [replace(timer, name=timer.name * 20) for timer in _GOING[:50]]

PARSERS: Mapping[str, Callable[[str], Any]] = {
    "pomodoro": lambda words: timer_command.parse(TIMERS.read(words)),
    "remind": lambda words: reminder_parser.parse(REMINDERS.read(words), REMINDERS, 1),
    "remind edit": lambda words: reminder_parser.parse(REMINDERS.read(f"edit #1 {words}"), REMINDERS, 1),
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
    "focus spelled": lambda words: FOCUS.spell(f"start {words}"),
    "a preset": lambda words: focus_start.parse({"preset": words}),
    "a length": lambda words: focus_start.lengths_of({"focus": words}),
    "a start": focus_start.begin,
    "a misspelt name": lambda words: spelling.nearest(words, _NAMES),
    "which timer": lambda words: lookup.look(words, _GOING, _ANN, "time"),
    "which reminder": lambda words: lookup.pick_reminder(words, _PENDING, "cancel"),
    "stats": lambda words: stats_parser.parse(STATS.read(words), _TODAY),
    "days off": lambda words: stats_parser.parse(STATS.read(f"daysoff {words}"), _TODAY),
    "leaderboard": lambda words: stats_parser.leaderboard(LEADERBOARD.read(words)),
    "goal": lambda words: stats_parser.goal(GOAL.read(words)),
    "privacy": lambda words: privacy.parse(PRIVACY.read(words)),
    "duration": duration.parse,
    "name": name.clean,
    "text": reminder.clean,
    "shown": text.harmless,
    "a reminder shown": reminder_text.words,
}
_PIECES = (
    "each ", "every day ", "weekly until 24 dec ", "every 2 weeks on ", "every day for ", ", until ", "until a ",
    "for 5 times ", "mon,", "mon to ", "on mon ", "and ", "hourly ", "10m ", "an hour ", "tomorrow ", "3 rounds ",
    "what: x ", "<@1> ", "voice x ", "in 5m ", "focus 5 ", "(", "3x(", "),", "25m a,", "1x1x", "a day ", "\n", " ",
    "\t\n", '"', "\N{LEFT DOUBLE QUOTATION MARK}", "1", "1:", "\N{ARABIC-INDIC DIGIT THREE}", "\N{EN DASH}", "e",
    "e\N{COMBINING DOT BELOW}\N{COMBINING ACUTE ACCENT}", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}",
    "\N{ZERO WIDTH JOINER}", "://", "a.", "hourly , until ", "\N{LEFT DOUBLE QUOTATION MARK} ", "https://",
    "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}",
)  # fmt: skip


def texts(length: int) -> Iterator[str]:
    """Make texts of about a length, each of one piece over and over, by itself or between a time and a word."""
    for piece in _PIECES:
        for head, tail in (("", ""), ("10m ", " x"), ("", "\nx")):
            yield head + piece * (length // len(piece)) + tail
