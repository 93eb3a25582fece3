"""What goes wrong around the engine: the power is cut, the database refuses, Discord fails or is not heard."""

import asyncio
import threading
from datetime import datetime
from typing import Any, Literal

from bot.domain.parcel import Kind, Parcel
from bot.engine.countdown import Countdown
from bot.engine.outbox import Undeliverable
from bot.store.database import Database
from tests.clock import ManualClock

# Discord fails before it takes a message; takes it, but its answer is lost; or refuses it for good.
Whim = Literal["fails", "is not heard", "refuses"]
REASON = "403 50013"


class Cut(Exception):
    """The power is cut: nothing that was asked for is done any more."""


class Power:
    """What keeps one process alive: it can be cut before any statement, commit or send, and after any of them.

    Once it is cut no step is taken any more, as in a process that was killed.
    """

    def __init__(self) -> None:
        self.cut = False
        self.stirred = asyncio.Event()
        # Steps that are still taken; None stands for no end.
        self.left: int | None = None
        # Statements and commits that the database refuses next, and how many it has refused.
        self.refusing = 0
        self.refused = 0

    def step(self) -> None:
        if self.left == 0:
            self.cut = True
        self.stirred.set()
        if self.cut:
            raise Cut
        if self.left is not None:
            self.left -= 1

    def supply(self, database: Database) -> None:
        """Make every statement and commit of this database a step."""
        dialect: Any = database.engine.sync_engine.dialect

        def in_steps(act: Any) -> Any:
            def stepping(*args: Any, **more: Any) -> None:
                self.step()
                if self.refusing:
                    self.refusing -= 1
                    self.refused += 1
                    raise dialect.dbapi.OperationalError("database is locked")
                act(*args, **more)
                self.step()

            return stepping

        for name in ("do_execute", "do_executemany", "do_commit"):
            setattr(dialect, name, in_steps(getattr(dialect, name)))


class Clock(ManualClock):
    """Knows as well whether a task sleeps, how late it has ever been, and how many countdowns waited at once."""

    def __init__(self) -> None:
        super().__init__()
        self.power = Power()
        self.latest = self.now()
        self.most_threads = 0

    @property
    def asleep(self) -> bool:
        return any(not sleeper.done() for _, sleeper in self._sleepers)

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        self.latest = max(self.latest, self.now())

    def set_wall(self, by: float) -> None:
        super().set_wall(by)
        self.latest = max(self.latest, self.now())

    async def sleep(self, seconds: float) -> None:
        self.power.stirred.set()
        await super().sleep(seconds)

    def wait(self, event: threading.Event, seconds: float) -> None:
        self.most_threads = max(self.most_threads, len(countdowns()))
        super().wait(event, seconds)


class Discord:
    """Does what Discord does with a message: keeps it by its nonce, and answers a repeat with what it has.

    Discord itself forgets a nonce after some minutes. A bot that is away for longer than that between a send
    and the record of it may repeat itself: the one gap that nobody can close, and here it stays closed.
    """

    # When each timer was announced, by its id; those it would not hear of; and how far each card is.
    announced: dict[int, list[datetime]]
    refused: set[int]
    cards: dict[int, int]

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._ids: dict[str, int] = {}
        self.power = Power()
        # What becomes of the next tries; with none left, all goes well.
        self.whims: list[Whim] = []
        self.announced, self.refused, self.cards = {}, set(), {}

    async def deliver(self, parcel: Parcel) -> int | None:
        self.power.step()
        await asyncio.sleep(0)
        whim = self.whims.pop(0) if self.whims else None
        if whim == "fails":
            raise ConnectionResetError
        if whim == "refuses":
            self.refused.update(timer.id for timer in parcel.timers)
            raise Undeliverable(REASON)
        message_id = self._take(parcel)
        self.power.step()
        if whim == "is not heard":
            raise TimeoutError
        return message_id

    def _take(self, parcel: Parcel) -> int:
        for timer in parcel.timers:
            if parcel.kind is Kind.CARD:
                self.cards[timer.id] = timer.version
            elif parcel.nonce not in self._ids:
                self.announced.setdefault(timer.id, []).append(self._clock.now())
        return self._ids.setdefault(parcel.nonce, 1000 + len(self._ids))


def countdowns() -> list[Countdown]:
    """Give the countdown threads of this process."""
    return [thread for thread in threading.enumerate() if isinstance(thread, Countdown)]
