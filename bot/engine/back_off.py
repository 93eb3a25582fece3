"""Exponential back-off with jitter."""

import random


def delay(failures: int, first: float, longest: float) -> float:
    """Return the seconds to wait after failures in a row: doubling up to ``longest``, half of it jitter."""
    doubled = first * 2.0 ** min(failures - 1, 30)
    return min(doubled, longest) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
