"""Replacements from outside: clocks of the standard library, chance, SQLite's locks, discord.py's heartbeat."""

import asyncio
import contextlib
import os
import random
import re
import sqlite3
import time
from datetime import UTC, datetime
from typing import Any

from tests.universe import fiber
from tests.universe.loop import OWNER, Loop, Owner

# Seconds between two looks at a lock of the database that another holds.
_LOOK = 0.01
# What a statement writes to.
_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")
# Connections after which those that are closed are forgotten.
_MANY = 200


class Disk:
    """Failures of the database: hooks called before and after each statement, which may raise, or block."""

    def __init__(self) -> None:
        self.before: Any = None
        self.after: Any = None
        # Gives the seconds that a statement usually takes; None is no time at all.
        self.pace: Any = None
        # Told who commits what tables, before they do, with a way to look into the database as they see it.
        self.witness: Any = None
        self.connections: list[tuple[Any, Owner | None]] = []

    def attest(self, tables: frozenset[str], look: Any) -> None:
        """Tell the witness, if there is one, what is about to be committed."""
        if tables and self.witness:
            self.witness(OWNER.get(), tables, look)

    def let_go(self, owner: Owner) -> None:
        """Release the locks of a process that is gone, as the kernel does."""
        for connection, whose in self.connections:
            if whose is owner:
                with contextlib.suppress(sqlite3.Error):
                    connection.roll_back()
                    connection.close()
        self.connections = [pair for pair in self.connections if pair[1] is not owner]


def written(tables: frozenset[str], statement: str) -> frozenset[str]:
    """Return the tables that a transaction has written to, after one more statement."""
    if statement.startswith("BEGIN"):
        return frozenset()
    writes = _WRITES.match(statement)
    return tables | {writes[1]} if writes else tables


def rule_time(loop: Loop) -> None:
    """Let the standard library's clocks follow the loop's, also for later imports."""

    def wall() -> float:
        return loop.epoch + loop.now

    def hand(*_: Any) -> float:
        return loop.now

    time.time = wall
    time.time_ns = lambda: int(wall() * 1e9)
    time.monotonic = time.perf_counter = time.clock_gettime = hand
    time.sleep = _sleep  # type: ignore[assignment]


def _sleep(seconds: float) -> None:
    here = fiber.current()
    if here:
        here.block(seconds)
    else:
        raise AssertionError("the event loop would block")


_entropy = random.Random()


def rule_chance(seed: int) -> None:
    """Let all randomness follow from the seed, including secrets."""
    random.seed(seed)
    _entropy.seed(f"entropy {seed}")
    random._urandom = _entropy.randbytes  # type: ignore[attr-defined]
    os.urandom = _entropy.randbytes


class _Statements:
    """Carries out statements of all connections, in virtual time."""

    def __init__(self, loop: Loop, disk: Disk) -> None:
        self._loop = loop
        self._disk = disk

    def carry_out(self, act: Any, statement: str, patience: float) -> Any:
        """Run something at the database; wait up to that many seconds for another's lock."""
        here = fiber.current()
        if here and self._disk.pace:
            here.block(self._disk.pace())
        if here and self._disk.before:
            self._disk.before(statement)
        until = self._loop.now + patience
        while True:
            try:
                result = act()
            except sqlite3.OperationalError as error:
                if not here or "locked" not in str(error) or self._loop.now >= until:
                    raise
                here.block(_LOOK)
            else:
                if here and self._disk.after:
                    self._disk.after(statement)
                return result


def rule_sqlite(loop: Loop, disk: Disk) -> None:
    """Let SQLite's connections block fibers, not the thread, and report virtual time."""
    connect = sqlite3.dbapi2.connect
    statements = _Statements(loop, disk)

    class Connection(sqlite3.Connection):
        patience = 2.0
        closed = False
        # The tables that its transaction has written to.
        written: frozenset[str] = frozenset()

        def cursor(self, factory: Any = None) -> Any:
            return super().cursor(factory or Cursor)

        def execute(self, *arguments: Any) -> Any:
            return self.cursor().execute(*arguments)

        def commit(self) -> None:
            disk.attest(self.written, super().cursor(sqlite3.Cursor).execute)
            statements.carry_out(super().commit, "COMMIT", self.patience)

        def roll_back(self) -> None:
            super().rollback()

        def close(self) -> None:
            self.closed = True
            super().close()

    class Cursor(sqlite3.Cursor):
        connection: Connection

        def execute(self, *arguments: Any) -> Any:
            execute = super().execute
            self.connection.written = written(self.connection.written, arguments[0])
            return statements.carry_out(lambda: execute(*arguments), arguments[0], self.connection.patience)

    def open_connection(database: Any, timeout: float = 5.0, **options: Any) -> Any:
        options.pop("check_same_thread", None)
        opened = connect(database, timeout=0, check_same_thread=False, factory=Connection, **options)
        opened.patience = timeout
        opened.create_function("julianday", -1, lambda *_: (loop.epoch + loop.now) / 86_400 + 2_440_587.5)
        disk.connections.append((opened, OWNER.get()))
        if len(disk.connections) > _MANY:
            disk.connections = [pair for pair in disk.connections if not pair[0].closed]
        return opened

    sqlite3.connect = sqlite3.dbapi2.connect = open_connection  # type: ignore[assignment]


def rule_discord(loop: Loop) -> None:
    """Replace discord.py's heartbeat thread by a task, and its clock."""
    import discord.utils
    from discord import gateway

    class KeepAlive:
        def __init__(self, *, ws: Any, interval: float, shard_id: int | None = None, **_: Any) -> None:
            self.ws, self.interval, self.shard_id, self.latency = ws, interval, shard_id, 0.0
            self._last_send = 0.0
            # The local Discord is told to ask for few heartbeats; silence between them is no sign of a break.
            ws._max_heartbeat_timeout = 3 * interval

        def start(self) -> None:
            self._task = asyncio.get_running_loop().create_task(self._beat())

        async def _beat(self) -> None:
            while True:
                await asyncio.sleep(self.interval)
                await self.ws.send_heartbeat(self.beat())

        def beat(self) -> dict[str, Any]:
            self._last_send = loop.now
            return self.get_payload()

        def get_payload(self) -> dict[str, Any]:
            return {"op": 1, "d": self.ws.sequence}

        def stop(self) -> None:
            self._task.cancel()

        def ack(self) -> None:
            self.latency = loop.now - self._last_send

        def tick(self) -> None:
            pass

    gateway.KeepAliveHandler = KeepAlive  # type: ignore[misc,assignment]
    discord.utils.utcnow = lambda: datetime.fromtimestamp(loop.epoch + loop.now, UTC)
