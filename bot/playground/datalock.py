"""The lock on a playground's files: a second playground on the same ones would ruin both."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_FILE = "playground.lock"
# Where Windows locks its byte: far behind the address, which others may still read.
_FAR = 1 << 30


class InUse(Exception):
    """Another playground has these files; `address` is where its page is, empty while it is still starting."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@contextlib.contextmanager
def held(data: Path) -> Iterator[Callable[[str], None]]:
    """Hold the lock of the folder `data`; yield a function that notes the address of the page for others.

    The operating system holds it for this process, so that not even SIGKILL leaves it behind.  Raises InUse.
    """
    with (data / _FILE).open("a+", encoding="utf-8") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            file.seek(0)
            raise InUse(file.read().strip()) from error

        def note(address: str) -> None:
            file.truncate(0)
            file.write(address)
            file.flush()

        note("")
        yield note


def _lock(descriptor: int) -> None:
    """Take the lock; raise OSError where another process has it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - it is there on Windows only

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - it is there on everything but Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
