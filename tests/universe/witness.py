"""The witness: sees each process's writes and requests, and whether it holds the lease that they need."""

import asyncio
import contextvars
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.universe.judge import Judge, for_a_while
from tests.universe.loop import Owner

_LEASE = "SELECT holder, ends_at FROM leases WHERE block = 0"
# Tables that are written before a lease is held.
_WITHOUT = {"leases", "identifies", "alembic_version"}


class Witness:
    """Checks processes against their leases; ``now`` returns the database clock in milliseconds."""

    def __init__(self, judge: Judge, database: Callable[[], Path], now: Callable[[], float]) -> None:
        self._judge = judge
        self._database = database
        self._now = now
        self._open: tuple[Path, sqlite3.Connection] | None = None
        # Set as a process sends a message to a channel, and as it writes to the outbox.
        self._posting = self._committing = asyncio.Event()

    def writes(self, owner: Owner | None, tables: frozenset[str], look: Callable[[str], Any]) -> None:
        """Note a transaction that is about to be committed, on its own view of the database."""
        if owner is None or "alembic_version" in tables or not tables - _WITHOUT:
            return
        holder, _ = look(_LEASE).fetchone() or ("", 0)
        if not _is(owner, holder):
            self._judge.fault(
                "without lease", f"{owner.name} writes to {sorted(tables)}, {_name(holder)} holds the lease"
            )
        if "outbox" in tables:
            self._committing.set()

    def sends(self, owner: Owner, request: bytes) -> None:
        """Note a request that is about to be sent."""
        database = self._database()
        if self._open is None or self._open[0] != database:
            if self._open:
                self._open[1].close()
            # In nobody's name: it is not closed as a process is killed.
            self._open = database, contextvars.Context().run(sqlite3.connect, database)
        holder, ends_at = self._open[1].execute(_LEASE).fetchone() or ("", 0)
        if not _is(owner, holder) or ends_at < self._now():
            request_line = request.partition(b" HTTP")[0].decode()
            self._judge.fault(
                "without lease", f"{owner.name} sends {request_line}, {_name(holder)} holds the lease to {ends_at}"
            )
        if request.startswith(b"POST ") and b"/messages " in request:
            self._posting.set()

    async def posting(self) -> None:
        """Wait until a process sends a message."""
        self._posting = asyncio.Event()
        await for_a_while(self._posting)

    async def committing(self) -> None:
        """Wait until a process commits a message to send, or that one was sent."""
        self._committing = asyncio.Event()
        await for_a_while(self._committing)


def _is(owner: Owner, holder: str) -> bool:
    return owner.name == _name(holder)


def _name(holder: str) -> str:
    """Return the process that holds it; the rest of a process's identifier differs from run to run."""
    return re.sub(r"^machine-(\d+)[/|].*", r"bot-\1", holder)
