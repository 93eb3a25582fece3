"""The supervisor: restarts and logs background tasks that fail, so that none dies silently."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.domain.lease import LeaseLost
from bot.engine import back_off
from bot.engine.clock import Clock

_log = structlog.get_logger(__name__)

# Seconds before a restart; a task that ran for longer than the longest of them starts over with the first.
_FIRST, _LONGEST = 1.0, 60.0


def supervised(name: str, work: Callable[[], Awaitable[None]], clock: Clock) -> asyncio.Task[None]:
    """Run some work in a task of its own, see ``supervise``."""
    return asyncio.create_task(supervise(name, work, clock), name=name)


async def supervise(name: str, work: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Run some work until it returns; log any exception with its traceback, back off and run it again.

    It ends where the lease is lost: its new holder does this work.
    """
    failures = 0
    while True:
        began_at = clock.monotonic()
        try:
            await work()
        except LeaseLost:
            _log.warning("task_left_to_another", task=name)
            return
        except Exception:  # noqa: BLE001 - logged and retried
            failures = 1 if clock.monotonic() - began_at > _LONGEST else failures + 1
            wait = back_off.delay(failures, _FIRST, _LONGEST)
            _log.exception("task_failed", task=name, next_try_in=round(wait, 1))
        else:
            return
        await clock.sleep(wait)
