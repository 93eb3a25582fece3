"""Spans: statistics of measured milliseconds (None if there are none), and an even pace to act at."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence


def middle(values: Sequence[float]) -> float | None:
    """Return the median."""
    return statistics.median(values) if values else None


def p99(values: Sequence[float]) -> float | None:
    """Return the 99th percentile; for fewer than a hundred values, the maximum."""
    return sorted(values)[-(len(values) // 100) - 1] if values else None


def greatest(values: Sequence[float]) -> float | None:
    """Return the maximum."""
    return max(values, default=None)


def earliest(values: Sequence[float]) -> float | None:
    """Return the minimum."""
    return min(values, default=None)


async def beats(count: int, per_second: float) -> AsyncIterator[int]:
    """Count up at an even pace, however long each beat takes to handle."""
    began = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        yield number
