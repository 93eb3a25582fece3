"""A statement about time: the combined tokens of a phrase, before any calendar or clock is consulted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.time.amounts import Length
from bot.domain.time.tokens import ClockTime, Day, DayPart, Every, FromNow, FullMoment, InZone, Often, Vague, Window


@dataclass(frozen=True, slots=True)
class Group:
    """Days, with the times of day that belong to them."""

    days: tuple[Day, ...] = ()
    clocks: tuple[ClockTime, ...] = ()
    part: DayPart | None = None


def gathered(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return groups without empty ones; times of day without days belong to the days before them."""
    kept: list[Group] = []
    for group in groups:
        if kept and group.clocks and not group.days:
            kept[-1] = Group(kept[-1].days, (*kept[-1].clocks, *group.clocks), kept[-1].part or group.part)
        elif group != Group():
            kept.append(group)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Statement:
    """When it comes and how it repeats, as stated.

    ``span`` is how long from now or, where ``beside`` says ``after`` or ``before``, from the day and time of day.
    ``is_about``: *around*, *by* or *before* that time. The fields from ``every`` on belong to what repeats;
    ``since`` and ``until`` are when that begins and ends, ``lasting`` how long it goes on.
    """

    groups: tuple[Group, ...] = ()
    zone: InZone | None = None
    moment: FullMoment | None = None
    span: FromNow | None = None
    beside: str = ""
    vague: Vague | None = None
    is_about: bool = False
    window: Window | None = None
    every: Every | None = None
    often: Often | None = None
    excepted: tuple[Day | Vague, ...] = ()
    since: "Statement | None" = None
    until: "Statement | None" = None
    lasting: Length | None = None
    times: int | None = None
    # Whether it repeats, by any of its words.
    repeats: bool = field(default=False)

    @property
    def days(self) -> tuple[Day, ...]:
        """All the days in it."""
        return tuple(day for group in self.groups for day in group.days)

    @property
    def clocks(self) -> tuple[ClockTime, ...]:
        """All the times of day in it."""
        return tuple(clock for group in self.groups for clock in group.clocks)

    @property
    def part(self) -> DayPart | None:
        """The part of the day in it."""
        return next((group.part for group in self.groups if group.part), None)

    @classmethod
    def of(cls, *days: Day, clock: ClockTime | None = None) -> "Statement":
        """Return the statement of days, a time of day, or both."""
        return cls((Group(days, (clock,) if clock else ()),))

    def on(self, *days: Day) -> "Statement":
        """Return it on other days, at its own times."""
        return replace(self, groups=(Group(days, self.clocks, self.part),))

    def at(self, clock: ClockTime) -> "Statement":
        """Return it on its own days, at another time of day."""
        return replace(self, groups=(Group(self.days, (clock,)),))
