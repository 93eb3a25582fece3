"""Claims: stretches of a person's focus, computed independently of the bot.

If several overlap, each second counts once. Moments, and so sums, are only known within bounds.
"""

from collections.abc import Iterable

Span = tuple[float, float]
# When something began and when it ended.
Claim = tuple[Span, Span]

# The least seconds of a pomodoro that counts as focus.
LEAST = 300.0


def length(claims: Iterable[Claim]) -> Span:
    """Return the least and greatest number of seconds in the claims of one thing."""
    low = high = 0.0
    for begins, ends in claims:
        low += max(0.0, ends[0] - begins[1])
        high += max(0.0, ends[1] - begins[0])
    return low, high


def clipped(claims: Iterable[Claim], since: float) -> list[Claim]:
    """Return the part of them after a moment."""
    return [((max(begins[0], since), max(begins[1], since)), ends) for begins, ends in claims if ends[1] > since]


def within(claims: Iterable[Claim], since: float, until: float) -> list[Claim]:
    """Return the part of them between two moments."""
    return [
        (begins, (min(ends[0], until), min(ends[1], until)))
        for begins, ends in clipped(claims, since)
        if begins[0] < until
    ]


def union(sure: Iterable[Claim], possible: Iterable[Claim]) -> Span:
    """Return the least and greatest number of counted seconds, by what certainly counts and what may."""
    low = _cover((begins[1], ends[0]) for begins, ends in sure)
    return low, _cover((begins[0], ends[1]) for begins, ends in possible)


def _cover(stretches: Iterable[Span]) -> float:
    covered, reached = 0.0, float("-inf")
    for begins, ends in sorted(stretches):
        if ends > max(begins, reached):
            covered += ends - max(begins, reached)
            reached = ends
    return covered
