"""A bell: lets coroutines wait for a condition without polling."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Bell:
    """Rung at every change; each ring makes the waiters check once."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[], None]] = []
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake all waiters."""
        for listener in list(self.listeners):
            listener()
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109 - the wait is the point
        """Return what `look` finds as soon as it finds something; raise TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while (result := look()) is None:
                rung = asyncio.get_running_loop().create_future()
                self._waiting.add(rung)
                try:
                    await rung
                finally:
                    self._waiting.discard(rung)
        return result
