"""Lengths on a calendar: hours, minutes and seconds pass; longer units follow the calendar and the wall clock.

Across a change of clocks, *in 1 day* and *in 24 hours* differ.
"""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.domain.time.ambiguity import Impossible
from bot.domain.time.amounts import Length
from bot.domain.time.days import TOO_FAR
from bot.messages.catalogue import N_

_DAY = timedelta(days=1)
_PASSING = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
_CALENDAR = {"d": "days", "w": "weeks", "mo": "months", "y": "years"}


def split(length: Length) -> tuple[relativedelta, timedelta]:
    """Split a length into calendar units and elapsed time; a part of a day passes, too."""
    calendar, passing = relativedelta(), timedelta()
    try:
        for amount in length.amounts:
            if amount.unit in _PASSING:
                passing += float(amount.number) * _PASSING[amount.unit]
            elif amount.number % 1 == 0:
                calendar += relativedelta(**{_CALENDAR[amount.unit]: int(amount.number)})  # type: ignore[arg-type]
            elif amount.unit in {"d", "w"}:
                passing += float(amount.number) * (_DAY if amount.unit == "d" else 7 * _DAY)
            else:
                raise Impossible(N_("I can only count whole months and years, not “{quote}”."))
    except OverflowError:
        raise Impossible(TOO_FAR) from None
    return calendar, passing


def plus(start: datetime, length: relativedelta | timedelta) -> datetime:
    """Return the time that is a length later. Raises ``Impossible`` beyond what a calendar has."""
    try:
        return start + length
    except (OverflowError, ValueError):
        raise Impossible(TOO_FAR) from None
