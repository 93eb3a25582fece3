"""Withdrawal: a message whose owner deletes it while its request waits for a rate limit is not sent any more."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar

Check = Callable[[], Awaitable[None]]


class Withdrawn(Exception):
    """The row of a message, or of one of its timers, is gone or settled."""


_check: ContextVar[Check | None] = ContextVar("check", default=None)


@contextlib.contextmanager
def withdrawable(check: Check) -> Iterator[None]:
    """Make this check, which raises ``Withdrawn``, before every request within, repeats by discord.py included."""
    outer = _check.set(check)
    try:
        yield
    finally:
        _check.reset(outer)


async def must_be_wanted() -> None:
    """Raise ``Withdrawn`` if the message of this request is not to be sent any more."""
    if check := _check.get():
        await check()
