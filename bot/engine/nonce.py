"""The nonce of a message: for some minutes Discord recognises it, and a send may be repeated safely."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

# How long Discord is trusted to recognise a nonce: "the past few minutes".
NONCE_LIVES = timedelta(seconds=110)


def is_forgotten(first_try: datetime, now: datetime) -> bool:
    """Return whether Discord may have forgotten a nonce: after minutes, or where the clock was set back since."""
    return abs(now - first_try) > NONCE_LIVES


class NonceExpired(OSError):
    """It is too late to repeat a send under its nonce: look up first whether it was sent."""


@dataclass
class _Use:
    """When a nonce was first used; None if it was not yet."""

    since: datetime | None


_use: ContextVar[_Use | None] = ContextVar("use", default=None)


@contextlib.contextmanager
def repeatable(since: datetime | None = None) -> Iterator[None]:
    """Allow requests in this context only while Discord recognises the nonce of the first or an earlier one."""
    outer = _use.set(_Use(since))
    try:
        yield
    finally:
        _use.reset(outer)


def must_be_known(now: datetime) -> None:
    """Raise ``NonceExpired`` if a repeat waited for longer than its nonce lives."""
    if not (use := _use.get()):
        return
    use.since = use.since or now
    if is_forgotten(use.since, now):
        raise NonceExpired
