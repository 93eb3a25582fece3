"""The global rate limit: discord.py holds all requests for it, and must let them go even where one is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from discord.http import HTTPClient

Request = Callable[..., Awaitable[Any]]


def survive_cancellation(http: HTTPClient) -> None:
    """Open discord.py's gate again where a request is cancelled that may have closed it.

    On a global 429 discord.py closes the gate, sleeps, and opens it without ``finally``: cancelled meanwhile, every
    later request would wait forever. Opened too early, the gate does no harm: our own rate limiter waits as well.
    """
    request: Request = http.request

    async def guarded(*arguments: Any, **options: Any) -> Any:
        try:
            return await request(*arguments, **options)
        except asyncio.CancelledError:
            gate = http._global_over  # noqa: SLF001 - there is no other way to it
            if isinstance(gate, asyncio.Event):  # not before the login
                gate.set()
            raise

    http.request = guarded  # type: ignore[method-assign]
