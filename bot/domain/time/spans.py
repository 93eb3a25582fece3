"""Spans of time: half-open, in order and apart. They say when somebody focused; pauses lie between."""

from datetime import UTC, datetime, timedelta

Spans = tuple[tuple[datetime, datetime], ...]
# The same in whole seconds since 1970.
Seconds = tuple[tuple[int, int], ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def total(spans: Spans) -> timedelta:
    """Return how long they are together."""
    return sum((ends - begins for begins, ends in spans), timedelta())


def lie_in_order(spans: Spans, begins: datetime, ends: datetime) -> bool:
    """Return whether they lie one after the other between two moments."""
    moments = [begins, *(moment for span in spans for moment in span), ends]
    return moments == sorted(moments)


def beginning(spans: Spans, length: timedelta) -> Spans:
    """Return the first ``length`` of them."""
    kept: list[tuple[datetime, datetime]] = []
    for begins, ends in spans:
        if length <= timedelta():
            break
        kept.append((begins, min(ends, begins + length)))
        length -= ends - begins
    return tuple(kept)


def whole_seconds(spans: Spans) -> Seconds:
    """Round them to whole seconds, which add up to their total length, rounded down.

    Each begins in the second when it began, or where the one before ends, whichever is later.
    """
    laid: list[tuple[int, int]] = []
    passed = timedelta()
    given = free = 0
    for begins, ends in spans:
        passed += ends - begins
        length = passed // _MS // 1000 - given
        if length <= 0:
            continue
        at = max((begins - _EPOCH) // _MS // 1000, free)
        given, free = given + length, at + length
        laid.append((at, free))
    return tuple(laid)
