"""The course of a session by itself, and what the model of it expects to be said."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from tests.universe import calendar, planning, sentences
from tests.universe.course import Course

_ROUNDS = planning.phases_of(10, 2, 2)


def _course(*, is_auto: bool = True, warns: bool = False) -> Course:
    return Course(list(_ROUNDS), (0.0, 1.0), is_auto, warns)


def test_a_phase_is_warned_of() -> None:
    """Each phase that is long enough and ends by itself is warned of a minute before, not sooner."""
    course = _course(warns=True)
    assert "before" in (course.warn(500.0, 0.0) or "")
    assert course.warn(540.0, 0.0) is None
    course.advance(730.0)
    assert course.unwarned() == [(1, (660.0, 661.0))]


def test_a_phase_that_was_changed_need_not_be_warned_of() -> None:
    """Where somebody changes its clock, it is left open when a phase is warned of."""
    course = _course(warns=True)
    course.extend(300.0)
    course.advance(910.0)
    assert course.unwarned() == []


def test_a_phase_waits_for_a_hand() -> None:
    """Where phases are begun by hand, the next waits in full, and counts from then on."""
    course = _course(is_auto=False)
    course.advance(700.0)
    assert (course.at, course.waiting, course.left) == (1, True, (120.0, 120.0))
    course.resume(700.0, 701.0)
    course.advance(825.0)
    assert (course.at, course.dues[2]) == (2, (820.0, 821.0))
    assert [at for at, *_ in course.runs] == [0]


def test_the_first_phase_follows_open_doors() -> None:
    """Once the doors close, the first phase begins by itself, even where the others wait."""
    course = Course([(sentences.DOORS, False, 300.0), *_ROUNDS], (0.0, 1.0), is_auto=False)
    course.advance(310.0)
    assert (course.at, course.left, course.dues[1]) == (1, None, (300.0, 301.0))


def test_another_plan_changes_what_is_to_come() -> None:
    """A phase that goes on takes its new length from its start; what is over stays."""
    course = _course()
    course.advance(650.0)
    course.edit(planning.phases_of(10, 3, 3))
    assert course.ends == (780.0, 781.0)
    course.advance(790.0)
    assert [phase[2] for phase in course.phases[:2]] == [600.0, 180.0]
    assert course.phases[course.at][0] == "Focus · 2 of 3"
    course.edit(planning.phases_of(10, 4, 3))
    assert [phase[2] for phase in course.phases[:4]] == [600.0, 180.0, 600.0, 240.0]


def test_days_apart() -> None:
    """What comes every so many days does so by the clock of its zone, from the next time on."""
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 27, 12, tzinfo=berlin).timestamp()
    moments = calendar.apart(now, now + 7 * 86_400, time(9), berlin, 2)
    assert [f"{datetime.fromtimestamp(moment, berlin):%d %H}" for moment in moments] == [
        "28 09",
        "30 09",
        "01 09",
        "03 09",
    ]
