"""Several names of one clock in a text: *UTC+1 (Berlin)*, *IST India*, *Amsterdam, Berlin, Rome*."""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.time import abbreviation

# Weekly moments at which clocks are compared, over several years.
_MOMENTS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=week) for week in range(5 * 52)]
_PARTS = re.compile(r" ?[,;()|\u00b7] ?| - | / ")
# An offset or an abbreviation at either end.
_OFFSET = r"(?:UTC|GMT)? ?[-+\u2212] ?\d{1,2}(?::?\d{2})?"
_FIRST = re.compile(rf"(?P<short>{_OFFSET}|[A-Z]{{2,5}}) (?P<other>.{{2,}})", re.IGNORECASE)
_LAST = re.compile(rf"(?P<other>.{{2,}}?) (?P<short>{_OFFSET}|[A-Z]{{2,5}})", re.IGNORECASE)
_EITHER = re.compile(r" ?& ?| and ")
_MOST = 10


def agreeing(text: str, named: Callable[[str], list[str]]) -> list[str]:
    """Return the zones that all parts of a text may mean; those of each where they don't agree; none without parts.

    ``named`` returns the zones that one part may mean.
    """
    for parts in _split(text):
        meant: list[list[str]] = []
        for part in parts:
            meant.append([name for either in _EITHER.split(part) for name in named(either)])
            if not meant[-1]:
                break
        else:
            return _common(meant)
    return []


def _split(text: str) -> Iterator[list[str]]:
    """Yield the parts of a text: between its signs, or a word at either end and the others."""
    parts = [part for part in _PARTS.split(text) if part]
    if 1 < len(parts) <= _MOST:
        yield parts
    elif len(parts) == 1:
        for end in (_FIRST, _LAST):
            if match := end.fullmatch(parts[0]):
                yield [match["short"], match["other"]]


def _common(meant: Sequence[list[str]]) -> list[str]:
    """Return the zones that all parts may mean; those of each where they do not agree."""
    # An offset is one of several that a place has over the year.
    fixed = {names[0] for names in meant if names == ["UTC"] or abbreviation.is_fixed(names[0])}
    places = [names for names in meant if names[0] not in fixed] or meant
    common = [
        name
        for name in places[0]
        if all(any(offsets(name) == offsets(other) for other in others) for others in places)
        and all(offsets(offset)[0] in offsets(name) for offset in fixed)
    ]
    return distinct(common or [name for names in (*places, *meant) for name in names])


def distinct(names: Sequence[str]) -> list[str]:
    """Return one name for each clock, in their order."""
    by_clock: dict[tuple[timedelta | None, ...], str] = {}
    for name in dict.fromkeys(names):
        by_clock.setdefault(offsets(name), name)
    return list(by_clock.values())


@functools.cache
def offsets(name: str) -> tuple[timedelta | None, ...]:
    """Return the offsets of a zone's clock from UTC over some years, to be compared with another's."""
    zone = ZoneInfo(name)
    return tuple(moment.astimezone(zone).utcoffset() for moment in _MOMENTS)
