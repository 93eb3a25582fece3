"""What is said of people's focus: their own sums, a server's, a goal, and what is kept of whom."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.text import command, harmless, relative
from bot.domain import duration
from bot.domain.focus_log import Entry, Outcome
from bot.domain.goal import Progress
from bot.domain.leaderboard import Leaderboard, Standing
from bot.domain.period import Period
from bot.domain.preference import Preference
from bot.domain.statistics import monday_of
from bot.domain.stats_request import Span
from bot.service.focus_log import Mine, Server

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPANS = {Span.WEEK: "this week", Span.MONTH: "this month", Span.ALL: "of all time"}
_TASK, _BAR = 60, 10


def mine(found: Mine, period: Period, prefix: str, *, is_public: bool) -> str:
    """Say what somebody has focused: today, this week, in the period they asked for, and how steadily.

    ``is_public`` tells that others read along, though the person keeps their sums to themself.
    """
    sums = found.statistics
    if not sums.total:
        start = command("pomodoro 25m", prefix)
        return f"Nothing in your focus log yet. `{start}` or a focus session puts something in it."
    parts = [f"**Today** {spoken(sums.today)}", f"**this week** {spoken(sums.week)}"]
    if (period.first, period.last) not in {(found.today, found.today), _week(found.today)}:
        inside = sum(seconds for day, seconds in found.days.items() if _is_in(day, period))
        parts.append(f"**{period.name}** {spoken(inside)}")
    lines = [" · ".join(parts), _streak(found)]
    if found.progress:
        lines.append(progress(found.progress))
    if found.preference.zone is None:
        zone = command("remind timezone Europe/Berlin", prefix)
        lines.append(f"-# Days are counted by UTC; `{zone}` has them begin where yours do.")
    if is_public:
        lines.append("-# All who are here can see this; `/stats me` shows it to you alone.")
    return "\n".join(lines)


def progress(of: Progress) -> str:
    """Say how far somebody has come today."""
    full = min(of.percent * _BAR // 100, _BAR)
    reached = " · reached 🎉" if of.reached else f" · {spoken(of.left)} to go"
    return f"🎯 `{'█' * full}{'░' * (_BAR - full)}` {spoken(of.done)} of {spoken(of.goal)}{reached}"


def goals(found: Mapping[int, Progress]) -> str:
    """Say how far people have come today, a line each."""
    return "\n".join(
        f"🎯 <@{user_id}> {spoken(one.done)} of {spoken(one.goal)}{' 🎉' if one.reached else ''}"
        for user_id, one in found.items()
    )


def goal_set(seconds: int | None, of: Progress | None) -> str:
    """Confirm a goal, or that there is none."""
    if seconds is None or of is None:
        return "You have no goal any more." if seconds is None else "Your goal is set."
    return f"Your goal is {spoken(seconds)} a day.\n{progress(of)}"


def goal_is(of: Progress | None, prefix: str) -> str:
    """Tell somebody's goal."""
    return progress(of) if of else f"You have no goal. `{command('goal 2h a day', prefix)}` sets one."


def days_off(days: frozenset[int]) -> str:
    """Confirm on which days a streak asks for nothing."""
    if not days:
        return "Your streak counts on every day."
    return f"A streak of yours is not broken by {_listed([_WEEKDAYS[day] for day in sorted(days)])} off."


def leaders(board: Leaderboard, span: Span, preference: Preference, own_id: int, prefix: str) -> str:
    """List who has focused most, among those who share it."""
    lines = [f"**Most focus {_SPANS[span]}**", *(_standing(one) for one in board.shown)]
    if not board.shown:
        lines.append("Nobody who shares their focus has any yet.")
    if board.own and not board.own_is_shown:
        lines += ["…", _standing(board.own)]
    if not preference.shares:
        lines.append(f"-# <@{own_id}> is not on it: `{command('privacy share', prefix)}` puts you there.")
    return "\n".join(lines)


def server(found: Server) -> str:
    """Say what those of a server have focused who share it."""
    if not found.people and not found.anonymous:
        return "Nobody here shares their focus yet. `/privacy share` does, for those who want to."
    people = "1 person" if found.people == 1 else f"{found.people} people"
    lines = [
        f"**This week** {spoken(found.week.total)} · **in all** {spoken(found.total)} by {people} who share it"
    ]
    lines += [_standing(one) for one in found.week.shown]
    if found.anonymous:
        lines.append(f"-# and {spoken(found.anonymous)} by people whose data was deleted")
    return "\n".join(lines)


def digest(found: Leaderboard, monday: date) -> str:
    """Tell a server's week."""
    head = f"### 🍅 The week from {monday.day} {monday:%B}\n{spoken(found.total)} of focus"
    if not found.shown:
        return f"{head}\nNobody who shares it has focused. `/privacy share` puts you here."
    return "\n".join([head, *(_standing(one) for one in found.shown)])


def entries(found: Sequence[tuple[int, Entry]], zone: ZoneInfo) -> str:
    """List somebody's last entries, to set one right."""
    if not found:
        return "Nothing in your focus log yet."
    return "\n".join(["Choose what to set right:", *(f"- {entry(one, zone)}" for _, one in found)])


def entry(one: Entry, zone: ZoneInfo) -> str:
    """Say what was done when."""
    began = one.began_at.astimezone(zone)
    cut = " · cut short" if one.outcome is Outcome.CUT_SHORT else ""
    return (
        f"{label(one, zone)} · {harmless(_short(one.task))}{cut}"
        if one.task
        else f"{began:%a} {label(one, zone)[4:]}{cut}"
    )


def label(one: Entry, zone: ZoneInfo) -> str:
    """Say when it was and how long, without what was done."""
    began = one.began_at.astimezone(zone)
    return f"{began:%a} {began.day} {began:%b} {began:%H:%M} · {duration.spoken(one.focused)}"


def corrected(one: Entry, zone: ZoneInfo, *, removed: bool) -> str:
    """Confirm that an entry was set right."""
    return f"Taken away: {entry(one, zone)}" if removed else f"It counts less now: {entry(one, zone)}"


def digest_set(channel_id: int, at: datetime) -> str:
    """Confirm where a server's week is told."""
    return f"<#{channel_id}> hears of the week each Monday, {relative(at)} for the first time."


def introduction(prefix: str) -> str:
    """Show what can be asked."""
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
    typed = "\n".join(command(one, prefix) for one in examples)
    return f"What came of your focus, on your own calendar.\n```\n{typed}\n```"


def spoken(seconds: int) -> str:
    """Say a sum in hours and minutes."""
    hours, rest = divmod(seconds, 3600)
    if hours:
        return f"{hours:,} h {rest // 60} min" if rest >= 60 else f"{hours:,} h"
    return f"{rest // 60} min" if rest >= 60 or not rest else f"{rest} s"


def _streak(found: Mine) -> str:
    sums = found.statistics
    parts = [f"🔥 {_days(sums.streak)} in a row", f"longest {_days(sums.longest_streak)}"]
    if sums.best:
        best = sums.best.date
        parts.append(f"best day {best:%a} {best.day} {best:%b %Y}, {spoken(sums.best.seconds)}")
    return " · ".join(parts)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"


def _standing(one: Standing) -> str:
    return f"{_MEDALS.get(one.rank, f'**{one.rank}.**')} <@{one.user_id}> · {spoken(one.seconds)}"


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
