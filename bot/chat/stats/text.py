"""The texts of statistics: a person's own sums, a server's, goals, and entries of the log."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.text import command, harmless, relative
from bot.domain.preference import Preference
from bot.domain.stats.command import Span
from bot.domain.stats.goal import Progress
from bot.domain.stats.leaderboard import Leaderboard, Standing
from bot.domain.stats.log import Entry, Outcome
from bot.domain.stats.statistics import monday_of
from bot.domain.time import duration
from bot.domain.time.period import Period
from bot.service.focus_log import Mine, Server

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPANS = {Span.WEEK: "this week", Span.MONTH: "this month", Span.ALL: "of all time"}
_TASK, _BAR = 60, 10


def mine(own: Mine, period: Period, prefix: str, *, is_public: bool) -> str:
    """Say how long somebody has focused: today, this week, in the period they asked for, and how steadily.

    ``is_public``: others can read it, though the person does not share their sums.
    """
    sums = own.statistics
    if not sums.total:
        start = command("pomodoro 25m", prefix)
        return f"Nothing in your focus log yet. `{start}` or a focus session puts something in it."
    parts = [f"**Today** {spoken(sums.today)}", f"**this week** {spoken(sums.week)}"]
    if (period.first, period.last) not in {(own.today, own.today), _week(own.today)}:
        inside = sum(seconds for day, seconds in own.days.items() if _is_in(day, period))
        parts.append(f"**{period.name}** {spoken(inside)}")
    lines = [" · ".join(parts), _streak(own)]
    if own.progress:
        lines.append(progress(own.progress))
    if own.preference.zone is None:
        zone = command("remind timezone Europe/Berlin", prefix)
        lines.append(f"-# Days are counted by UTC; `{zone}` has them begin where yours do.")
    if is_public:
        lines.append("-# All who are here can see this; `/stats me` shows it to you alone.")
    return "\n".join(lines)


def progress(of: Progress) -> str:
    """Show somebody's progress today."""
    full = min(of.percent * _BAR // 100, _BAR)
    reached = " · reached 🎉" if of.reached else f" · {spoken(of.left)} to go"
    return f"🎯 `{'█' * full}{'░' * (_BAR - full)}` {spoken(of.done)} of {spoken(of.goal)}{reached}"


def goals(by_person: Mapping[int, Progress]) -> str:
    """Show people's progress today, a line each."""
    return "\n".join(
        f"🎯 <@{user_id}> {spoken(progress.done)} of {spoken(progress.goal)}{' 🎉' if progress.reached else ''}"
        for user_id, progress in by_person.items()
    )


def goal_set(seconds: int | None, of: Progress | None) -> str:
    """Confirm a goal, or that there is none."""
    if seconds is None or of is None:
        return "You have no goal any more." if seconds is None else "Your goal is set."
    return f"Your goal is {spoken(seconds)} a day.\n{progress(of)}"


def goal_is(of: Progress | None, prefix: str) -> str:
    """Show somebody's goal."""
    return progress(of) if of else f"You have no goal. `{command('goal 2h a day', prefix)}` sets one."


def days_off(days: frozenset[int]) -> str:
    """Confirm the days off, which do not break a streak."""
    if not days:
        return "Your streak counts on every day."
    return f"A streak of yours is not broken by {_listed([_WEEKDAYS[day] for day in sorted(days)])} off."


def leaders(board: Leaderboard, span: Span, preference: Preference, own_id: int, prefix: str) -> str:
    """Rank those who share their focus."""
    lines = [f"**Most focus {_SPANS[span]}**", *(_standing(standing) for standing in board.shown)]
    if not board.shown:
        lines.append("Nobody who shares their focus has any yet.")
    if board.own and not board.own_is_shown:
        lines += ["…", _standing(board.own)]
    if not preference.shares:
        lines.append(f"-# <@{own_id}> is not on it: `{command('privacy share', prefix)}` puts you there.")
    return "\n".join(lines)


def server(totals: Server) -> str:
    """Show the focus of those in a server who share it."""
    if not totals.people and not totals.anonymous:
        return "Nobody here shares their focus yet. `/privacy share` does, for those who want to."
    people = "1 person" if totals.people == 1 else f"{totals.people} people"
    lines = [
        f"**This week** {spoken(totals.week.total)} · **in all** {spoken(totals.total)} by {people} who share it"
    ]
    lines += [_standing(standing) for standing in totals.week.shown]
    if totals.anonymous:
        lines.append(f"-# and {spoken(totals.anonymous)} by people whose data was deleted")
    return "\n".join(lines)


def digest(board: Leaderboard, monday: date) -> str:
    """Show a server's week."""
    head = f"{digest_title(monday)}\n{spoken(board.total)} of focus"
    if not board.shown:
        return f"{head}\nNobody who shares it has focused. `/privacy share` puts you here."
    return "\n".join([head, *(_standing(standing) for standing in board.shown)])


def digest_title(monday: date) -> str:
    """Return the title of a week's digest."""
    return f"### 🍅 The week from {monday.day} {monday:%B}"


def entries(numbered: Sequence[tuple[int, Entry]], zone: ZoneInfo) -> str:
    """List somebody's last entries, to correct one."""
    if not numbered:
        return "Nothing in your focus log yet."
    return "\n".join(["Choose what to set right:", *(f"- {entry(logged, zone)}" for _, logged in numbered)])


def entry(logged: Entry, zone: ZoneInfo) -> str:
    """Show when an entry was, how long, and what was done."""
    task = f" · {harmless(_short(logged.task))}" if logged.task else ""
    cut = " · cut short" if logged.outcome is Outcome.CUT_SHORT else ""
    return f"{label(logged, zone)}{task}{cut}"


def label(logged: Entry, zone: ZoneInfo) -> str:
    """Show when an entry was and how long, without what was done."""
    began = logged.began_at.astimezone(zone)
    return f"{began:%a} {began.day} {began:%b} {began:%H:%M} · {duration.spoken(logged.focused)}"


def corrected(logged: Entry, zone: ZoneInfo, *, removed: bool) -> str:
    """Confirm that an entry was corrected."""
    return f"Taken away: {entry(logged, zone)}" if removed else f"It counts less now: {entry(logged, zone)}"


def digest_set(channel_id: int, at: datetime) -> str:
    """Confirm where a server's digest is posted."""
    return f"<#{channel_id}> hears of the week each Monday, {relative(at)} for the first time."


def introduction(prefix: str) -> str:
    """Show example commands."""
    examples = (
        "stats",
        "stats year",
        "stats hours",
        "stats october",
        "stats server",
        "stats edit",
        "stats daysoff weekend",
        "leaderboard month",
        "goal 2h a day",
        "privacy",
    )
    typed = "\n".join(command(example, prefix) for example in examples)
    return f"What came of your focus, on your own calendar.\n```\n{typed}\n```"


def spoken(seconds: int) -> str:
    """Format seconds as hours and minutes."""
    hours, rest = divmod(seconds, 3600)
    if hours:
        return f"{hours:,} h {rest // 60} min" if rest >= 60 else f"{hours:,} h"
    return f"{rest // 60} min" if rest >= 60 or not rest else f"{rest} s"


def _streak(own: Mine) -> str:
    sums = own.statistics
    parts = [f"🔥 {_days(sums.streak)} in a row", f"longest {_days(sums.longest_streak)}"]
    if sums.best:
        best = sums.best.date
        parts.append(f"best day {best:%a} {best.day} {best:%b %Y}, {spoken(sums.best.seconds)}")
    return " · ".join(parts)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"


def _standing(standing: Standing) -> str:
    return (
        f"{_MEDALS.get(standing.rank, f'**{standing.rank}.**')} <@{standing.user_id}> · {spoken(standing.seconds)}"
    )


def _week(today: date) -> tuple[date, date]:
    monday = monday_of(today)
    return monday, monday + timedelta(days=6)


def _is_in(day: date, period: Period) -> bool:
    return (period.first is None or period.first <= day) and day <= period.last


def _short(task: str) -> str:
    return task if len(task) <= _TASK else f"{task[: _TASK - 1]}…"


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
