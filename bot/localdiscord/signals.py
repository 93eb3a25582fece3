"""Signals that end a program: Ctrl-C and SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def calling(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` on the event loop at Ctrl-C or SIGTERM; on Windows, Ctrl-C raises KeyboardInterrupt as usual."""
    loop = asyncio.get_running_loop()
    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, end)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
