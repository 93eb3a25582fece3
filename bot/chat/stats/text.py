"""The texts of statistics: a person's own sums, a server's, and goals."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.chat.text import command
from bot.domain.preference import Preference
from bot.domain.stats.command import BoardSpan
from bot.domain.stats.goal import Progress
from bot.domain.stats.leaderboard import Leaderboard, Standing
from bot.domain.time.period import Period, week_of
from bot.messages.catalogue import N_, gettext, listed, ngettext
from bot.messages.dates import full, month, short_weekday, weekday
from bot.pictures.amount import spoken
from bot.service.focus_log import OwnFocus, ServerFocus

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_HEADS = {
    BoardSpan.WEEK: N_("**Most focus this week**"),
    BoardSpan.MONTH: N_("**Most focus this month**"),
    BoardSpan.ALL: N_("**Most focus of all time**"),
}
_BAR = 10
_WEEKEND = {5, 6}


def mine(own: OwnFocus, period: Period, prefix: str) -> str:
    """Say how long somebody has focused: today, this week, in the period they asked for, and how steadily."""
    sums = own.statistics
    if not sums.total:
        return gettext(
            "No focus time yet. `{command}` or a focus session gets you started.",
            command=command("pomodoro 25m", prefix),
        )
    parts = [
        gettext("**Today** {amount}", amount=spoken(sums.today)),
        gettext("**this week** {amount}", amount=spoken(sums.week)),
    ]
    week = week_of(own.today)
    if (period.first, period.last) not in {(own.today, own.today), (week.first, week.last)}:
        inside = sum(seconds for day, seconds in own.days.items() if (period.first or day) <= day <= period.last)
        parts.append(f"**{named(period)}** {spoken(inside)}")
    lines = [" · ".join(parts), *([steady] if (steady := _streak(own)) else [])]
    if own.progress:
        lines.append(progress(own.progress))
    lines.append(_own_calendar(own.preference, prefix))
    return "\n".join(lines)


def named(period: Period) -> str:
    """Name a period: *this week*, *October 2026*, *week from 16 November 2026*."""
    first, last = period.first or period.last, period.last
    ends = {"last_day": last.day, "last_month": month(last.month), "last_year": last.year}
    return gettext(period.name, day=first.day, month=month(first.month), year=first.year, **ends)


def progress(today: Progress) -> str:
    """Show somebody's progress today."""
    filled = min(today.percent * _BAR // 100, _BAR)
    figures = {"bar": "█" * filled + "░" * (_BAR - filled), "done": spoken(today.done), "goal": spoken(today.goal)}
    if today.reached:
        return gettext("🎯 `{bar}` {done} of {goal} · reached 🎉", **figures)
    return gettext("🎯 `{bar}` {done} of {goal} · {left} to go", left=spoken(today.left), **figures)


def goals(by_person: Mapping[int, Progress]) -> str:
    """Show people's progress today, a line each."""
    return "\n".join(_goal(user_id, today) for user_id, today in by_person.items())


def goal_set(seconds: int | None, today: Progress | None) -> str:
    """Confirm a goal, or that there is none; and show the progress, if any is to be shown."""
    if seconds is None:
        return gettext("Goal removed.")
    confirmed = gettext("Your goal is {amount} a day.", amount=spoken(seconds))
    return f"{confirmed}\n{progress(today)}" if today else confirmed


def goal_is(today: Progress | None, prefix: str) -> str:
    """Show somebody's goal."""
    if today:
        return progress(today)
    return gettext("You don't have a goal yet. `{command}` sets one.", command=command("goal 2h a day", prefix))


def days_off(days: frozenset[int]) -> str:
    """Confirm the days off, which do not break a streak."""
    if not days:
        return gettext("Every day counts towards your streak.")
    if days == _WEEKEND:
        return gettext("Weekends off won't break your streak.")
    return gettext("{days} off won't break your streak.", days=listed([*map(weekday, sorted(days))]))


def leaders(board: Leaderboard, span: BoardSpan, zone: ZoneInfo | None, preference: Preference, prefix: str) -> str:
    """Rank those who share their focus, on the calendar of the server's zone."""
    lines = [gettext(_HEADS[span]), *(_standing(standing) for standing in board.top)]
    if not board.top:
        lines.append(gettext("Nobody on the board has focused yet."))
    if board.own and board.own not in board.top:
        lines += ["…", _standing(board.own)]
    if board.top and span is not BoardSpan.ALL:
        lines.append(calendar(zone))
    if not preference.shares:
        lines.append(
            gettext("-# You're not on the board. `{command}` adds you.", command=command("privacy share", prefix))
        )
    return "\n".join(lines)


def server(totals: ServerFocus, zone: ZoneInfo | None) -> str:
    """Show the focus of those in a server who share it, on the calendar of the server's zone."""
    if not totals.people and not totals.anonymous:
        return gettext("Nobody here shares their focus time yet. If you'd like to: `/privacy share`")
    sums = ngettext(
        "**This week** {week} · **in total** {total} by {number} person who shares it",
        "**This week** {week} · **in total** {total} by {number} people who share it",
        totals.people,
        week=spoken(totals.week.total),
        total=spoken(totals.total),
    )
    lines = [sums, *(_standing(standing) for standing in totals.week.top)]
    if totals.anonymous:
        lines.append(gettext("-# and {amount} by people whose data was deleted", amount=spoken(totals.anonymous)))
    lines.append(calendar(zone))
    return "\n".join(lines)


def digest(board: Leaderboard, monday: date, zone: ZoneInfo | None) -> str:
    """Show a server's week, on the calendar of its zone."""
    lines = [digest_title(monday), gettext("{amount} of focus", amount=spoken(board.total))]
    lines += [_standing(standing) for standing in board.top]
    if not board.top:
        lines.append(gettext("Nobody on the board focused this week. `/privacy share` adds you."))
    lines.append(calendar(zone))
    return "\n".join(lines)


def calendar(zone: ZoneInfo | None) -> str:
    """Say whose days and weeks a server's sums have."""
    if zone is None:
        return gettext("-# Weeks and months are counted in UTC. `/settings zone` changes that.")
    return gettext("-# Weeks and months are counted in this server's time zone, {zone}.", zone=zone.key)


def digest_title(monday: date) -> str:
    """Return the title of a week's digest."""
    return gettext("### 🍅 The week from {day} {month}", day=monday.day, month=month(monday.month))


def day_starts(after_midnight: timedelta) -> str:
    """Confirm when somebody's days begin."""
    if not after_midnight:
        return gettext("Your days start at midnight.")
    return gettext(
        "Your days start at {time}. Anything earlier counts for the day before.", time=_clock(after_midnight)
    )


def _own_calendar(preference: Preference, prefix: str) -> str:
    if preference.zone is None:
        return gettext(
            "-# Days are counted in UTC. `{command}` makes them yours.",
            command=command("remind timezone Europe/Berlin", prefix),
        )
    if preference.day_starts:
        return gettext(
            "-# Days are counted in {zone} and start at {time}.",
            zone=preference.zone.key,
            time=_clock(preference.day_starts),
        )
    return gettext("-# Days are counted in {zone}.", zone=preference.zone.key)


def _clock(after_midnight: timedelta) -> str:
    hours, minutes = divmod(after_midnight // timedelta(minutes=1), 60)
    return f"{hours}:{minutes:02}"


def _streak(own: OwnFocus) -> str:
    sums = own.statistics
    parts = []
    if sums.streak:
        parts.append(ngettext("🔥 {number:,} day in a row", "🔥 {number:,} days in a row", sums.streak))
    if sums.longest_streak > sums.streak:
        parts.append(ngettext("longest {number:,} day", "longest {number:,} days", sums.longest_streak))
    if sums.best and sums.today < sums.total:  # else it is all that there is
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


def _goal(user_id: int, today: Progress) -> str:
    figures = {"user_id": user_id, "done": spoken(today.done), "goal": spoken(today.goal)}
    if today.reached:
        return gettext("🎯 <@{user_id}> {done} of {goal} 🎉", **figures)
    return gettext("🎯 <@{user_id}> {done} of {goal}", **figures)


def _standing(standing: Standing) -> str:
    return (
        f"{_MEDALS.get(standing.rank, f'**{standing.rank}.**')} <@{standing.user_id}> · {spoken(standing.seconds)}"
    )
