"""A single attempt: keeps discord.py from repeating a request that Discord may have carried out."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from bot.chat.runtime.final_answers import OutcomeUnknown


@dataclass(slots=True)
class Attempt:
    """Whether the request was sent."""

    is_made: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextlib.contextmanager
def once() -> Iterator[Attempt]:
    """Raise ``OutcomeUnknown`` where a request within is repeated, unless Discord limited its rate."""
    attempt = Attempt()
    outer = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(outer)


def must_be_first() -> None:
    """Raise ``OutcomeUnknown`` before a repeat."""
    if (attempt := _attempt.get()) and attempt.is_made:
        raise OutcomeUnknown


def note(*, is_made: bool) -> None:
    """Note that the request is being sent, or that Discord has not taken it."""
    if attempt := _attempt.get():
        attempt.is_made = is_made
