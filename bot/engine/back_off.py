"""Exponential back-off with jitter."""

import random


def delay(failures: int, first: float, longest: float) -> float:
    """Return the seconds to wait after a number of failures in a row (1 or more).

    The wait doubles with each failure up to ``longest``; half of it is jitter, so that clients that failed together
    do not retry together.
    """
    doubled = first * 2.0 ** min(failures - 1, 30)
    return min(doubled, longest) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
