"""The moment that words mean, and the words of one moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.time import clocks
from bot.domain.time.days import Here
from bot.domain.time.statement import Statement
from bot.domain.time.tokens import Date


@dataclass(frozen=True, slots=True)
class When:
    """A moment in the future, aware, in UTC, to the second.

    ``wall`` (naive) is the time that the words name on the person's wall clock; where the clocks skip it
    on that day, ``moment`` is later by the size of the jump, ``moved``. Where not ``on_clock``, the words are an
    elapsed time, which is the same in every zone.
    """

    moment: datetime
    wall: datetime
    moved: timedelta = timedelta()
    on_clock: bool = True


def at(wall: datetime, here: Here) -> When:
    """Return the moment of a wall-clock time."""
    moment = here.instant(wall)
    return When(moment, wall, moved=here.local(moment) - wall)


def exact(wall: datetime) -> Statement:
    """Return the statement of one wall-clock time."""
    return Statement.of(Date.of(wall), clock=clocks.of(wall.time()))
