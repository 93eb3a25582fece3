"""Misunderstood messages, remembered for as long as an edit of one is served."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from bot.engine.clock import Clock

# Seconds after which an edit is ignored, and the most messages that are remembered.
_SECONDS, _MOST = 120.0, 1_000
# The nonce of an answer, which holds 25 characters, has no room for more.
_LAST_EDITION = 9


@dataclass(frozen=True, slots=True)
class Edition:
    """How often a message was read again, its last answer, and ``until`` when (monotonic) an edit is read."""

    number: int = 0
    answer_id: int | None = None
    until: float | None = None

    def key(self, message_id: int) -> str:
        """Return the key of the request that this edition of a message makes."""
        return f"edit{self.number}:{message_id}" if self.number else f"message:{message_id}"


ORIGINAL = Edition()


class MisreadMessages:
    """Remembers messages by id, in this process only: after a restart, edits are ignored."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next: OrderedDict[int, tuple[str, Edition]] = OrderedDict()
        # Messages being served, each with an event per version that edits wait for.
        self._being_read: dict[int, list[asyncio.Event]] = {}

    def add(self, message_id: int, content: str, edition: Edition = ORIGINAL, answer_id: int | None = None) -> None:
        """Remember a message that was misunderstood in this edition, and its answer."""
        until = self._clock.monotonic() + _SECONDS if edition.until is None else edition.until
        if edition.number < _LAST_EDITION:
            self._next[message_id] = content, Edition(edition.number + 1, answer_id, until)
        while len(self._next) > _MOST:
            self._next.popitem(last=False)

    @contextlib.asynccontextmanager
    async def edited(self, message_id: int, content: str) -> AsyncIterator[bool]:
        """Yield whether to serve an edit: its message was misunderstood recently, and its text has changed.

        Waits for earlier versions that are still being served; inside, this one counts as being served.
        """
        await self._turn(message_id)
        known, edition = self._next.get(message_id, (content, ORIGINAL))
        if content == known or (edition.until or 0.0) <= self._clock.monotonic():
            yield False
            return
        with self._marked(message_id):
            yield True

    @contextlib.asynccontextmanager
    async def answering(self, message_id: int) -> AsyncIterator[None]:
        """Serve an answer to the question about a message; its edits wait, and are ignored once that succeeded."""
        await self._turn(message_id)
        with self._marked(message_id):
            yield
            self._next.pop(message_id, None)

    async def _turn(self, message_id: int) -> None:
        while readings := self._being_read.get(message_id):
            await readings[0].wait()

    @contextlib.contextmanager
    def reading(self, message_id: int) -> Iterator[Edition]:
        """Yield the edition to serve a message as; further edits are ignored unless it is added again."""
        _, edition = self._next.pop(message_id, ("", ORIGINAL))
        with self._marked(message_id):
            yield edition

    @contextlib.contextmanager
    def _marked(self, message_id: int) -> Iterator[None]:
        over = asyncio.Event()
        self._being_read.setdefault(message_id, []).append(over)
        try:
            yield
        finally:
            self._being_read[message_id].remove(over)
            if not self._being_read[message_id]:
                del self._being_read[message_id]
            over.set()


def keys_of(message_id: int) -> list[str]:
    """Return the keys of the requests that a message and its edits may make."""
    return [Edition(number).key(message_id) for number in range(_LAST_EDITION + 1)]
