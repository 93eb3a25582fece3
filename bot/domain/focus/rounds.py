"""Plans by their total length: one phase, or rounds of focus that fill a time."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.focus.command import StartSession
from bot.domain.focus.plan import LONGEST, Phase, Plan, standard
from bot.domain.question import Choice, Question
from bot.domain.time import duration, time_of_day
from bot.domain.time.duration import spoken, written
from bot.messages import dates
from bot.messages.catalogue import N_

_MINUTE = timedelta(minutes=1)
_FOCUS, _SHORT = 25 * _MINUTE, 5 * _MINUTE
# A length from here on is unlikely to be meant as one phase.
_LONG = timedelta(hours=2)
# A break is a fifth of its round's focus.
_PART = 5


def filling(total: timedelta, focus: timedelta = _FOCUS, short: timedelta = _SHORT) -> Plan:
    """Return as many rounds of focus as fit into a time, with short breaks between; one phase if none fits.

    Raises ``BadPlan`` if that is none, or more than a plan holds.
    """
    rounds = (total + short) // (focus + short)
    if rounds < 1:
        return Plan((Phase(total),))
    return standard(focus, short, timedelta(), rounds)


def until(start: StartSession, begins_at: datetime, zone: ZoneInfo) -> Plan:
    """Return the rounds that fill the time until a session is to end.

    Raises ``Question`` if that time is over for today, so that the next is too far away.
    """
    end = start.until or time()
    room = time_of_day.until(end, begins_at, zone)
    if room <= LONGEST:
        return filling(room)
    later = end.replace(hour=(end.hour + 12) % 24)
    raise Question(
        N_("{time} has already passed today. Until when, then?"),
        Choice(N_("Rounds until {time}"), replace(start, until=later).line, {"time": dates.clock(later)}),
        Choice(N_("The usual session"), replace(start, until=None).line),
        time=dates.clock(end),
    )


def filled(total: timedelta, focus: timedelta = _FOCUS, short: timedelta = _SHORT) -> Choice:
    """Offer the rounds that fill a time."""
    return Choice(
        N_("Rounds that fill {length}"), f"focus {filling(total, focus, short)}", {"length": spoken(total)}
    )


def one_phase(length: timedelta) -> Choice:
    """Offer one phase of this length."""
    return Choice(N_("One phase of {length}"), f"focus {written(length)} focus", {"length": spoken(length)})


def single(text: str) -> Plan | None:
    """Parse a length by itself as a plan of one phase; None if the text is no length.

    Raises ``Question`` if rounds may be meant: a bare number, or hours. Raises ``BadPlan`` beyond the limits.
    """
    length = duration.read(text, bare="m")
    if length is None:
        return None
    plan = Plan((Phase(length),))
    is_bare = text.strip("+").replace(".", "").isdecimal()
    if not is_bare and length < _LONG:
        return plan
    pause = max(length // _PART // _MINUTE * _MINUTE, _MINUTE)
    raise Question(
        N_("Is “{quote}” one phase, or rounds with breaks?"),
        one_phase(length),
        *([_in_rounds(length, pause)] if length < _LONG else []),
        *([filled(length)] if length > _FOCUS + _SHORT else []),
        quote=text,
    )


def _in_rounds(length: timedelta, pause: timedelta) -> Choice:
    return Choice(
        N_("Rounds of {length} with breaks of {pause}"),
        f"focus {standard(length, pause)}",
        {"length": spoken(length), "pause": spoken(pause)},
    )
