"""Effort: how many cases are tried: a part by default, and all under Hypothesis's thorough profile."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")


def is_thorough() -> bool:
    """Return whether to try everything, as `.ci/run` asks of tests marked `thorough`."""
    return settings().max_examples >= 100


def part(of: Sequence[T], first: int, apart: int = 2) -> Sequence[T]:
    """Return every second of them, or fewer; which they are depends on ``first``, so that others try the rest."""
    return of if is_thorough() else of[first % apart :: apart]
