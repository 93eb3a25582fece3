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
from bot.messages.catalogue import N_, gettext, listed, ngettext
from bot.messages.dates import full, month, short, short_weekday, weekday
from bot.service.focus_log import Mine, Server

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_HEADS = {
    Span.WEEK: N_("**Most focus this week**"),
    Span.MONTH: N_("**Most focus this month**"),
    Span.ALL: N_("**Most focus of all time**"),
}
_TASK, _BAR = 60, 10


def mine(own: Mine, period: Period, prefix: str, *, is_public: bool) -> str:
    """Say how long somebody has focused: today, this week, in the period they asked for, and how steadily.

    ``is_public``: others can read it, though the person does not share their sums.
    """
    sums = own.statistics
    if not sums.total:
        return gettext(
            "Nothing in your focus log yet. `{command}` or a focus session puts something in it.",
            command=command("pomodoro 25m", prefix),
        )
    parts = [
        gettext("**Today** {amount}", amount=spoken(sums.today)),
        gettext("**this week** {amount}", amount=spoken(sums.week)),
    ]
    if (period.first, period.last) not in {(own.today, own.today), _week(own.today)}:
        inside = sum(seconds for day, seconds in own.days.items() if _is_in(day, period))
        parts.append(f"**{named(period)}** {spoken(inside)}")
    lines = [" · ".join(parts), _streak(own)]
    if own.progress:
        lines.append(progress(own.progress))
    if own.preference.zone is None:
        lines.append(
            gettext(
                "-# Days are counted by UTC; `{command}` has them begin where yours do.",
                command=command("remind timezone Europe/Berlin", prefix),
            )
        )
    if is_public:
        lines.append(gettext("-# All who are here can see this; `/stats me` shows it to you alone."))
    return "\n".join(lines)


def named(period: Period) -> str:
    """Name a period: *this week*, *October 2026*, *week from 16 November 2026*."""
    first = period.first or period.last
    return gettext(period.name, day=first.day, month=month(first.month), year=first.year)


def progress(of: Progress) -> str:
    """Show somebody's progress today."""
    filled = min(of.percent * _BAR // 100, _BAR)
    figures = {"bar": "█" * filled + "░" * (_BAR - filled), "done": spoken(of.done), "goal": spoken(of.goal)}
    if of.reached:
        return gettext("🎯 `{bar}` {done} of {goal} · reached 🎉", **figures)
    return gettext("🎯 `{bar}` {done} of {goal} · {left} to go", left=spoken(of.left), **figures)


def goals(by_person: Mapping[int, Progress]) -> str:
    """Show people's progress today, a line each."""
    return "\n".join(_goal(user_id, of) for user_id, of in by_person.items())


def goal_set(seconds: int | None, of: Progress | None) -> str:
    """Confirm a goal, or that there is none."""
    if seconds is None:
        return gettext("You have no goal any more.")
    if of is None:
        return gettext("Your goal is set.")
    confirmed = gettext("Your goal is {amount} a day.", amount=spoken(seconds))
    return f"{confirmed}\n{progress(of)}"


def goal_is(of: Progress | None, prefix: str) -> str:
    """Show somebody's goal."""
    if of:
        return progress(of)
    return gettext("You have no goal. `{command}` sets one.", command=command("goal 2h a day", prefix))


def days_off(days: frozenset[int]) -> str:
    """Confirm the days off, which do not break a streak."""
    if not days:
        return gettext("Your streak counts on every day.")
    return gettext("A streak of yours is not broken by {days} off.", days=listed([*map(weekday, sorted(days))]))


def leaders(board: Leaderboard, span: Span, preference: Preference, own_id: int, prefix: str) -> str:
    """Rank those who share their focus."""
    lines = [gettext(_HEADS[span]), *(_standing(standing) for standing in board.shown)]
    if not board.shown:
        lines.append(gettext("Nobody who shares their focus has any yet."))
    if board.own and not board.own_is_shown:
        lines += ["…", _standing(board.own)]
    if not preference.shares:
        lines.append(
            gettext(
                "-# <@{user_id}> is not on it: `{command}` puts you there.",
                user_id=own_id,
                command=command("privacy share", prefix),
            )
        )
    return "\n".join(lines)


def server(totals: Server) -> str:
    """Show the focus of those in a server who share it."""
    if not totals.people and not totals.anonymous:
        return gettext("Nobody here shares their focus yet. `/privacy share` does, for those who want to.")
    sums = ngettext(
        "**This week** {week} · **in all** {total} by {number} person who shares it",
        "**This week** {week} · **in all** {total} by {number} people who share it",
        totals.people,
        week=spoken(totals.week.total),
        total=spoken(totals.total),
    )
    lines = [sums, *(_standing(standing) for standing in totals.week.shown)]
    if totals.anonymous:
        lines.append(gettext("-# and {amount} by people whose data was deleted", amount=spoken(totals.anonymous)))
    return "\n".join(lines)


def digest(board: Leaderboard, monday: date) -> str:
    """Show a server's week."""
    lines = [digest_title(monday), gettext("{amount} of focus", amount=spoken(board.total))]
    lines += [_standing(standing) for standing in board.shown]
    if not board.shown:
        lines.append(gettext("Nobody who shares it has focused. `/privacy share` puts you here."))
    return "\n".join(lines)


def digest_title(monday: date) -> str:
    """Return the title of a week's digest."""
    return gettext("### 🍅 The week from {day} {month}", day=monday.day, month=month(monday.month))


def entries(numbered: Sequence[tuple[int, Entry]], zone: ZoneInfo) -> str:
    """List somebody's last entries, to correct one."""
    if not numbered:
        return gettext("Nothing in your focus log yet.")
    return "\n".join(
        [gettext("Choose what to set right:"), *(f"- {entry(logged, zone)}" for _, logged in numbered)]
    )


def entry(logged: Entry, zone: ZoneInfo) -> str:
    """Show when an entry was, how long, and what was done."""
    parts = [label(logged, zone)]
    if logged.task:
        parts.append(harmless(_shortened(logged.task)))
    if logged.outcome is Outcome.CUT_SHORT:
        parts.append(gettext("cut short"))
    return " · ".join(parts)


def label(logged: Entry, zone: ZoneInfo) -> str:
    """Show when an entry was and how long, without what was done."""
    began = logged.began_at.astimezone(zone)
    return gettext(
        "{weekday} {date} {time:%H:%M} · {length}",
        weekday=short_weekday(began.weekday()),
        date=short(began.date()),
        time=began,
        length=duration.spoken(logged.focused),
    )


def corrected(logged: Entry, zone: ZoneInfo, *, removed: bool) -> str:
    """Confirm that an entry was corrected."""
    shown = entry(logged, zone)
    return (
        gettext("Taken away: {entry}", entry=shown)
        if removed
        else gettext("It counts less now: {entry}", entry=shown)
    )


def digest_set(channel_id: int, at: datetime) -> str:
    """Confirm where a server's digest is posted."""
    return gettext(
        "<#{channel_id}> hears of the week each Monday, {when} for the first time.",
        channel_id=channel_id,
        when=relative(at),
    )


def spoken(seconds: int) -> str:
    """Format seconds as hours and minutes."""
    hours, rest = divmod(seconds, 3600)
    if hours:
        return f"{hours:,} h {rest // 60} min" if rest >= 60 else f"{hours:,} h"
    return f"{rest // 60} min" if rest >= 60 or not rest else f"{rest} s"


def _streak(own: Mine) -> str:
    sums = own.statistics
    parts = [
        ngettext("🔥 {number:,} day in a row", "🔥 {number:,} days in a row", sums.streak),
        ngettext("longest {number:,} day", "longest {number:,} days", sums.longest_streak),
    ]
    if sums.best:
        best = sums.best.date
        parts.append(
            gettext(
                "best day {weekday} {date}, {amount}",
                weekday=short_weekday(best.weekday()),
                date=full(best),
                amount=spoken(sums.best.seconds),
            )
        )
    return " · ".join(parts)


def _goal(user_id: int, of: Progress) -> str:
    figures = {"user_id": user_id, "done": spoken(of.done), "goal": spoken(of.goal)}
    if of.reached:
        return gettext("🎯 <@{user_id}> {done} of {goal} 🎉", **figures)
    return gettext("🎯 <@{user_id}> {done} of {goal}", **figures)


def _standing(standing: Standing) -> str:
    return (
        f"{_MEDALS.get(standing.rank, f'**{standing.rank}.**')} <@{standing.user_id}> · {spoken(standing.seconds)}"
    )


def _week(today: date) -> tuple[date, date]:
    monday = monday_of(today)
    return monday, monday + timedelta(days=6)


def _is_in(day: date, period: Period) -> bool:
    return (period.first is None or period.first <= day) and day <= period.last


def _shortened(task: str) -> str:
    return task if len(task) <= _TASK else f"{task[: _TASK - 1]}…"
