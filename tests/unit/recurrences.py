"""Rules of recurrence: each kind in short, and all that people can type."""

from hypothesis import strategies as st

from bot.domain.time.recurrence import Recurrence, Unit

WEEKDAYS = (0, 1, 2, 3, 4)


def minutes(count: int, times: int | None = None) -> Recurrence:
    """Every so many minutes."""
    return Recurrence(Unit.MINUTE, count, times=times)


def days(count: int = 1, times: int | None = None) -> Recurrence:
    """Every so many days."""
    return Recurrence(Unit.DAY, count, times=times)


def weeks(count: int, *weekdays: int, times: int | None = None) -> Recurrence:
    """Every so many weeks, on these days."""
    return Recurrence(Unit.WEEK, count, weekdays, times=times)


def months(count: int, monthday: int | None = None, times: int | None = None) -> Recurrence:
    """Every so many months, on this day."""
    return Recurrence(Unit.MONTH, count, monthday=monthday, times=times)


_times = st.none() | st.integers(1, 10**9 - 1)
rules = st.one_of(
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
