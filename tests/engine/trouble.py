"""Failures around the engine: the power is cut, database and Discord fail, or their answers are lost."""

import asyncio
import contextlib
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal

from bot.domain.outbox_message import Kind, OutboxMessage
from bot.engine.delivery import Undeliverable, Unrecognised, Unsendable
from bot.engine.rate_limiter import RateLimiter
from bot.store.database import Database
from tests.clock import ManualClock

# Discord fails before it takes a message; takes it, but its answer is lost; or refuses it for good.
Whim = Literal["fails", "is odd", "is not heard", "refuses"]
REASON = "403 50013"
ODD = "something on the way to Discord answered 403"
# Whether a commit of this task succeeds without its answer; whether the database refuses its statements.
_is_losing = ContextVar("is_losing", default=False)
_is_refused = ContextVar("is_refused", default=False)
# Seconds after which Discord no longer knows a nonce: "the past few minutes".
FORGETS_AFTER = 150.0


class Cut(Exception):
    """The power is cut: nothing more is done."""


class Power:
    """What keeps one process alive: it can be cut before any statement, commit or send, and after any of them.

    Once it is cut no step is taken any more, as in a process that was killed.
    """

    def __init__(self) -> None:
        self.cut = False
        # Steps that were taken, and those that still will be; None stands for no end.
        self.taken = 0
        self.left: int | None = None
        # Statements and commits that the database refuses next, and how many it has refused.
        self.refusing = 0
        self.refused = 0
        # Commits that are made next with their answers lost, and how many were.
        self.losing = 0
        self.lost = 0

    @contextlib.contextmanager
    def losing_own(self) -> Iterator[None]:
        """Lose the answer to the caller's own commit, whatever is committed beside it."""
        lost = self.lost
        token = _is_losing.set(True)
        try:
            yield
        finally:
            _is_losing.reset(token)
        assert self.lost > lost

    @contextlib.contextmanager
    def refusing_own(self) -> Iterator[None]:
        """Refuse the caller's own statements, whatever is asked beside them."""
        refused = self.refused
        token = _is_refused.set(True)
        try:
            yield
        finally:
            _is_refused.reset(token)
        assert self.refused > refused

    @property
    def failed(self) -> int:
        """Return how many statements and commits failed, counting those that took effect."""
        return self.refused + self.lost

    def step(self) -> None:
        if self.left == 0:
            self.cut = True
        if self.cut:
            raise Cut
        self.taken += 1
        if self.left is not None:
            self.left -= 1

    def supply(self, database: Database) -> None:
        """Make every statement and commit of this database a step."""
        dialect: Any = database.engine.sync_engine.dialect

        def in_steps(name: str) -> None:
            act = getattr(dialect, name)

            def stepping(*args: Any, **more: Any) -> None:
                self.step()
                if self.refusing or _is_refused.get():
                    self.refusing = max(0, self.refusing - 1)
                    self.refused += 1
                    raise dialect.dbapi.OperationalError("database is locked")
                act(*args, **more)
                self.step()
                if name == "do_commit" and (self.losing or _is_losing.get()):
                    self.losing = max(0, self.losing - 1)
                    self.lost += 1
                    raise dialect.dbapi.OperationalError("connection lost")

            setattr(dialect, name, stepping)

        for name in ("do_execute", "do_executemany", "do_commit"):
            in_steps(name)


class Clock(ManualClock):
    """A clock that also records who waits on it, how late it has been, and how many countdowns waited at once."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = self.now()
        self._waiting: dict[threading.Event, float] = {}
        self.most_threads = 0

    def next_waking(self) -> float | None:
        """Return in how many seconds, to the millisecond, a task that sleeps wakes; None if none sleeps."""
        wakings = [until for until, sleeper in self._sleepers if not sleeper.done()]
        return max(0, math.ceil((min(wakings) - self.monotonic()) * 1000)) / 1000 if wakings else None

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        self.latest = max(self.latest, self.now())

    def set_wall(self, by: float) -> None:
        super().set_wall(by)
        self.latest = max(self.latest, self.now())

    @property
    def is_waking(self) -> bool:
        """Return whether a countdown is not waiting, or soon will not be."""
        asleep = [not event.is_set() and until > self.monotonic() for event, until in list(self._waiting.items())]
        return len(countdowns()) > sum(asleep)

    def wait_until(self, event: threading.Event, moment: float) -> None:
        self.most_threads = max(self.most_threads, len(countdowns()))
        self._waiting[event] = moment
        super().wait_until(event, moment)
        del self._waiting[event]


class Discord:
    """Does what Discord does with a message: keeps it by its nonce, and answers a repeat with what it has.

    Like Discord itself it forgets a nonce after some minutes; then only the history helps.
    """

    power: Power
    rate_limiter: RateLimiter
    # When each timer was announced, by its id, and when a notice about its owner was posted; those that
    # reached nobody; the state of each card, and the cards that could not be edited.
    announced: dict[int, list[datetime]]
    noticed: dict[int, list[datetime]]
    given_up: set[int]
    cards: dict[int, int]
    stale: set[int]

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._ids: dict[str, int] = {}
        self._said_at: dict[str, float] = {}
        self._posted_at: dict[str, datetime] = {}
        # Timers that our own code cannot render, and those whose names Discord refuses everywhere.
        self.broken: set[int] = set()
        self.unsendable: set[int] = set()
        # Every message that was posted, in order, and whether the history can be read.
        self.messages: list[OutboxMessage] = []
        self.readable = True
        # The outcomes of the next attempts; with none left, all succeed.
        self.whims: list[Whim] = []
        self.announced, self.noticed, self.given_up, self.cards, self.stale = {}, {}, set(), {}, set()

    async def prepare(self, message: OutboxMessage) -> None:
        """Do nothing: there is nothing to render."""

    async def deliver(self, message: OutboxMessage) -> int | None:
        await self.rate_limiter.acquire()
        self.power.step()
        await asyncio.sleep(0)
        whim = self.whims.pop(0) if self.whims else None
        if whim == "fails":
            raise ConnectionResetError
        if whim == "is odd":
            raise Unrecognised(ODD)
        ids = {timer.id for timer in message.timers}
        if ids & self.broken:
            raise KeyError(min(ids & self.broken))
        if ids & self.unsendable:
            raise Unsendable("Discord didn't accept the text (50035)")
        # It never refuses a message it has taken: that would rightly be sent to the owner again.
        if whim == "refuses" and message.nonce not in self._ids:
            self._refuse(message)
            raise Undeliverable(REASON)
        message_id = self._take(message)
        self.power.step()
        if whim == "is not heard":
            raise TimeoutError
        return message_id

    async def recall(self, messages: Sequence[OutboxMessage], since: datetime) -> Mapping[str, int]:
        await self.rate_limiter.acquire()
        self.power.step()
        whim = self.whims.pop(0) if self.whims else None
        if whim == "is odd":
            raise Unrecognised(ODD)
        if whim:
            raise ConnectionResetError
        if not self.readable:
            raise Undeliverable("I can't read the messages there")
        nonces = [message.nonce for message in messages if message.nonce in self._ids]
        return {nonce: self._ids[nonce] for nonce in nonces if self._posted_at[nonce] >= since}

    def _refuse(self, message: OutboxMessage) -> None:
        ids = {timer.id for timer in message.timers}
        if message.kind is Kind.CARD:
            self.stale |= ids
        elif message.kind is not Kind.NOTICE and (
            message.kind is Kind.DIRECT or message.timers[0].guild_id is None
        ):
            self.given_up |= ids

    def _take(self, message: OutboxMessage) -> int:
        said_at = self._said_at.get(message.nonce)
        if said_at is not None and self._clock.monotonic() - said_at > FORGETS_AFTER:
            del self._ids[message.nonce]
        for timer in message.timers:
            if message.kind is Kind.CARD:
                self.cards[timer.id] = timer.version
            elif message.nonce not in self._ids:
                posted_at = self.noticed if message.kind is Kind.NOTICE else self.announced
                posted_at.setdefault(timer.id, []).append(self._clock.now())
        if message.nonce not in self._ids:
            self._said_at[message.nonce] = self._clock.monotonic()
            self._posted_at[message.nonce] = self._clock.now()
            self._ids[message.nonce] = 1000 + len(self.messages)
            self.messages.append(message)
        return self._ids[message.nonce]


def countdowns() -> list[threading.Thread]:
    """Return the countdown threads of this process."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("countdown-")]
