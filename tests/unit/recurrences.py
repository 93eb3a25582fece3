"""Recurrence rules: short helpers for each kind, and everything that people can type."""

from datetime import date, time

from hypothesis import strategies as st

from bot.domain.time.recurrence import WORKING_DAY, Recurrence, Unit

WEEKDAYS = (0, 1, 2, 3, 4)


def minutes(count: int, times: int | None = None) -> Recurrence:
    """Every few minutes."""
    return Recurrence(Unit.MINUTE, count, times=times)


def days(count: int = 1, times: int | None = None) -> Recurrence:
    """Every few days."""
    return Recurrence(Unit.DAY, count, times=times)


def weeks(count: int, *weekdays: int, times: int | None = None) -> Recurrence:
    """Every few weeks, on these days."""
    return Recurrence(Unit.WEEK, count, weekdays, times=times)


def months(count: int, monthday: int | None = None, times: int | None = None) -> Recurrence:
    """Every few months, on this day."""
    return Recurrence(Unit.MONTH, count, monthdays=(monthday,) if monthday else (), times=times)


_times = st.none() | st.integers(1, 10**9 - 1)
_clock = st.builds(time, st.integers(0, 23), st.sampled_from([0, 5, 15, 30, 59]))
_clocks = st.just(()) | st.sets(_clock, min_size=2, max_size=5).map(lambda clocks: tuple(sorted(clocks)))
_weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
_positions = st.sets(st.integers(1, 5) | st.just(-1), min_size=1).map(
    lambda places: tuple(sorted(places, key=lambda place: place % 7))
)
_skipped = st.just(()) | st.sets(st.dates(date(2027, 1, 1), date(2030, 12, 31)), min_size=1, max_size=3).map(
    lambda days: tuple(sorted(days))
)

_off_months = st.sets(st.integers(1, 12), min_size=1, max_size=3).map(lambda months: tuple(sorted(months)))


def slotted(slots: set[tuple[int, time]], count: int) -> Recurrence:
    """Weekdays, each with its own times."""
    days = sorted({day for day, _ in slots})
    return Recurrence(Unit.WEEK, count, tuple(days), slots=tuple(sorted(slots)))


# Rules as the first version of them knew them.
plain_rules = st.one_of(
    st.builds(minutes, st.integers(10, 1826 * 1440), _times),
    # Whole hours, which are few among all minutes.
    st.builds(lambda hours, times: minutes(hours * 60, times), st.integers(1, 1826 * 24), _times),
    st.builds(days, st.integers(1, 1826), _times),
    st.builds(
        lambda count, on, times: weeks(count, *sorted(on), times=times),
        st.integers(1, 260),
        st.sets(st.integers(0, 6)) | st.just(set(WEEKDAYS)),
        _times,
    ),
    st.builds(months, st.integers(1, 60), st.none() | st.integers(1, 31), _times),
)
# And rules with several times a day, several days of a month, or a window.
rich_rules = st.one_of(
    st.builds(Recurrence, st.just(Unit.DAY), st.integers(1, 40), clocks=_clocks, skipped=_skipped, times=_times),
    st.builds(Recurrence, st.just(Unit.WEEK), st.integers(1, 8), _weekdays, clocks=_clocks, skipped=_skipped),
    st.builds(Recurrence, st.just(Unit.DAY), skipped=_skipped, off_months=_off_months, clocks=_clocks),
    st.builds(Recurrence, st.just(Unit.WEEK), st.just(1), _weekdays, off_months=_off_months),
    st.builds(Recurrence, st.just(Unit.MONTH), monthdays=st.sampled_from([(1,), (31,)]), off_months=_off_months),
    st.builds(
        slotted, st.sets(st.tuples(st.integers(0, 6), _clock), min_size=3, max_size=6), st.integers(1, 3)
    ).filter(lambda rule: len({clock for _, clock in rule.slots}) > 1 and len(rule.weekdays) > 1),
    st.builds(
        Recurrence,
        st.just(Unit.MONTH),
        st.integers(1, 11),
        monthdays=st.sets(st.integers(1, 31), min_size=2, max_size=4).map(lambda days: tuple(sorted(days))),
        clocks=_clocks,
    ),
    st.builds(
        Recurrence,
        st.just(Unit.MONTH),
        st.integers(1, 6),
        _weekdays.map(lambda days: days[:3]),
        positions=_positions,
        clocks=_clocks,
    ),
    st.builds(
        Recurrence,
        st.just(Unit.MONTH),
        st.integers(1, 6),
        st.just((WORKING_DAY,)),
        positions=_positions,
        clocks=_clocks,
    ),
    st.builds(
        Recurrence,
        st.just(Unit.MONTH),
        st.sampled_from([12, 24]),
        monthdays=st.integers(1, 29).map(lambda day: (day,)),
        month=st.integers(1, 12),
        clocks=_clocks,
    ),
    st.builds(
        Recurrence,
        st.just(Unit.MONTH),
        st.just(12),
        st.integers(0, 6).map(lambda day: (day,)),
        positions=st.sampled_from([(1,), (2,), (-1,), (1, 3)]),
        month=st.integers(1, 12),
    ),
    st.builds(
        Recurrence,
        st.just(Unit.MINUTE),
        st.integers(10, 600),
        weekdays=st.just(()) | _weekdays,
        window=st.tuples(_clock, _clock).filter(lambda window: window[0] != window[1]),
    ),
)
rules = plain_rules | rich_rules
