"""The universe of one seed: processes of the bot, Discord, people and disasters, from first step to verdict."""

import asyncio
import logging
import os
import random
import shutil
import sqlite3
import sys
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr

from bot.localdiscord.local import LocalDiscord
from bot.playground.scenery import STUDY_HALL
from bot.settings import Settings
from bot.store.database import DatabaseUnavailable
from tests.universe import phrases
from tests.universe.asides import MOST
from tests.universe.disasters import Disasters, Plan
from tests.universe.judge import Judge, for_a_while
from tests.universe.loop import Loop
from tests.universe.network import Network
from tests.universe.process import Process
from tests.universe.record import Record
from tests.universe.town import Town
from tests.universe.troubles import Fault
from tests.universe.witness import Witness
from tests.universe.world import Disk

# Log events that OPERATING.md asks to be told of: nothing that goes wrong around the bot may bring them about.
_OURS = {
    "request_failed", "timer_not_ended", "timer_set_aside", "delivery_failed", "delivery_abandoned",
    "recall_failed", "task_failed", "countdown_failed", "countdown_threads_stuck", "row_damaged",
    "shards_shutdown_failed",
}  # fmt: skip
# At most this many seconds at the end without requests and disasters.
_QUIET = 3 * 3600.0
# Seconds that a statement takes at most, on a disk that is not as fast as memory.
_SLOW_DISK = 0.004
# Seconds that a stopped process takes to end, besides disasters.
_FAREWELL = 60.0
# Seconds after which a process that could not begin is started again, as OPERATING.md has it done.
_RESTART = 2.0
# Beyond so many hours the world is sparse: leases are long, and nobody stands by for longer than these seconds.
_SPARSE, _STANDBY = 48, 6 * 3600.0
TOKEN = "MTIz.universe.token"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be simulated."""

    seed: int
    hours: float = 24.0
    people: int = 24
    acts: float = 1.0
    troubles: float = 1.0
    often: tuple[str, ...] = ()
    # Whether the first fault ends it.
    first: bool = False


@dataclass
class Verdict:
    """What came of it."""

    wish: Wish
    digest: str
    plan: Plan
    faults: list[Fault]
    counts: Counter[str]
    lines: list[tuple[float, str]] = field(repr=False)
    began: datetime


class Universe:
    """All of one seed, to be run once in a process."""

    def __init__(self, wish: Wish, loop: Loop, disk: Disk, folder: Path) -> None:
        self.wish = wish
        self.loop = loop
        self.disk = disk
        self.network = loop.network = Network(loop)
        self.record = Record(loop)
        self.chance = random.Random(f"universe {wish.seed}")
        # A longer one is renewed less often, which costs less, and leaves a place empty for longer after a kill.
        lengths = (60.0, 120.0) if wish.hours < 6 else (120.0, 300.0)
        self.lease = 600.0 if wish.hours > _SPARSE else self.chance.choice(lengths)
        # Few, so that timers take each other's place.
        self.threads = self.chance.choice((3, 8, 30))
        # How many timers, and how many reminders, somebody may have at once.
        self.limits = self.chance.choice((3, 5, 20)), self.chance.choice((3, 5, 50))
        # How many rounds count without a sign.
        self.most_silent = self.chance.choice((1, 3, 3))
        if loop.epoch + phrases.AT == phrases.MOMENT.timestamp():
            self.limits = 20, 50
        self.processes: list[Process] = []
        # Those that were asked to end.
        self._leaving: set[Process] = set()
        # Those that were killed: were they collected as garbage, their ``finally`` would run.
        self._dead: list[Process] = []
        self._folder = folder
        self._files = 0
        self.database = folder / "pomodoro-0.db"
        self._started = 0
        # Set as a process starts.
        self._starting = asyncio.Event()
        # Which disasters of the seed happen, by their numbers; None is all.
        self.kept: set[int] | None = None
        # Seconds that the wall clocks of starting processes are ahead.
        self.skewed = 0.0

    async def run(self) -> Verdict:
        """Live through it all."""
        async with LocalDiscord(token=TOKEN, scenery=STUDY_HALL) as local:
            self.local = local
            local.gateway.heartbeat_ms = 600_000
            self.judge = Judge(local, self.record, self.lease)
            self.judge.is_enough = self.wish.first
            self.witness = Witness(
                self.judge, lambda: self.database, lambda: (self.loop.epoch + self.loop.now) * 1e3
            )
            self.disk.witness, self.network.witness = self.witness.writes, self.witness.sends
            if self.chance.random() < 0.6:  # so that steps of the database and of others come by turns
                self.disk.pace = lambda: self.chance.uniform(0, _SLOW_DISK)
            self._listen_to_logs()
            seconds = self.wish.hours * 3600
            self._quiet = min(_QUIET, seconds / 3)
            self.town = town = Town(
                self.wish, local, self.judge, self.loop.epoch, seconds, self.limits, self.most_silent,
                lambda: self.database,
            )  # fmt: skip
            plan = Plan.drawn(self.wish.seed, seconds - self._quiet, self.wish.troubles, self.wish.often)
            self.plan = plan = plan if self.kept is None else plan.only(self.kept)
            disasters = Disasters(plan, self)
            self.judge.trouble("start", 0.0)
            self.start()
            await self.until_ready()
            people = town.live(seconds - self._quiet)
            releasing = asyncio.ensure_future(self._release())
            await disasters.happen(seconds - self._quiet)
            await asyncio.gather(*people)
            releasing.cancel()
            await self._be_quiet(seconds)
            self.judge.close()
            town.close(self.database)
            with closing(sqlite3.connect(self.database)) as connection:
                for changed in self.judge.newer.touched(connection):
                    self.judge.fault("touched", changed)
            await self._end()
        for failure in self.loop.failures:
            is_unclosed = str(failure.get("message")).startswith("Unclosed")  # of a process that was cancelled
            if not is_unclosed and not _is_cut_off(failure.get("exception")):
                self.judge.fault("mistake", f"{failure.get('message')}: {failure.get('exception')!r}")
        return self.verdict()

    def verdict(self) -> Verdict:
        """Return what has come of it so far."""
        self._count()
        judge, record = self.judge, self.record
        began = datetime.fromtimestamp(self.loop.epoch, UTC)
        return Verdict(self.wish, record.digest, self.plan, judge.faults, judge.counts, record.lines, began)

    def start(self) -> Process:
        """Start a process on the database."""
        self._started += 1
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            discord_token=SecretStr(TOKEN),
            discord_api_url=self.local.api_url,
            database_url=f"sqlite:///{self.database}",
            lease_seconds=self.lease,
            machine_name=f"machine-{self._started}",
            max_countdown_threads=self.threads,
            max_timers_per_user=self.limits[0],
            max_reminders_per_user=self.limits[1],
            focus_idle_rounds=self.most_silent,
            commands_per_10s=MOST,
            log_level="ERROR",
        )
        process = Process(f"bot-{self._started}", self.loop, self.disk, settings, self.skewed)
        self.processes.append(process)
        process.task.add_done_callback(lambda _: self._restart(process))
        self.record.add(f"{process.name} starts")
        self._starting.set()
        return process

    def _restart(self, process: Process) -> None:
        """Start another in the place of a process that ended because it could not use the database."""
        if process not in self.processes or process.task.cancelled():
            return
        if isinstance(process.task.exception(), DatabaseUnavailable):
            self.record.add(f"{process.name} could not begin")
            self.judge.trouble("start", _RESTART)
            self.processes.remove(process)
            self.loop.call_later(_RESTART, self.start)

    async def _release(self) -> None:
        """Let no process stand by for days: its looks at the lease would be most of a year's steps."""
        before: list[Process] = []
        while self.wish.hours > _SPARSE:
            await asyncio.sleep(_STANDBY)
            standing = [process for process in self.processes if process in before]
            if standing and len(self.processes) > 1:
                self.judge.trouble("deploy", _FAREWELL)
                standing[-1].stop()
                await self.see_off(standing[-1])
            before = list(self.processes)

    async def until_ready(self) -> None:
        """Wait until one of the processes is ready."""
        while not any(process.is_ready for process in self.processes):  # noqa: ASYNC110 - whichever it is
            await asyncio.sleep(0.5)

    async def starting(self) -> None:
        """Wait until a process starts, for a while at most."""
        self._starting = asyncio.Event()
        await for_a_while(self._starting)

    async def see_off(self, process: Process) -> None:
        """Hold a process to its end, which it was just asked for."""
        asked_at = self.loop.now
        self.record.add(f"{process.name} is to end")
        if process in self.processes:
            self.processes.remove(process)
        self._leaving.add(process)
        await asyncio.wait([process.task], timeout=_FAREWELL + self.lease)
        if process.is_running:
            await asyncio.sleep(max(0.0, self.judge.until(asked_at) - self.loop.now))
        if process.is_running and not process.owner.suspended:
            self.judge.fault("not ended", f"{process.name}, which was asked to at {asked_at:.0f}")
            self.kill(process)
        self._leaving.discard(process)

    def kill(self, process: Process) -> None:
        """Kill a process; where it was the only one, the next begins on a copy of its files as they are now."""
        self.record.add(f"{process.name} is killed")
        if process in self.processes:
            self.processes.remove(process)
        self._leaving.discard(process)
        if not self.processes and not self._leaving:
            self._files += 1
            copy = self._folder / f"pomodoro-{self._files}.db"
            for suffix in ("", "-wal", "-shm"):
                if (file := Path(f"{self.database}{suffix}")).exists():
                    shutil.copy(file, f"{copy}{suffix}")
            self.database = copy
        self._dead.append(process)
        process.kill(self.network)

    def _listen_to_logs(self) -> None:
        def listen(_: Any, level: str, event: dict[str, Any]) -> Any:
            name = event["event"]
            if name in _OURS:
                if event.get("exc_info"):
                    event["exc_info"] = "".join(traceback.format_exception(sys.exception())[-4:])
                self.judge.fault("mistake", f"{name} {event.get('exc_info') or ''} {event}")
            elif level in {"warning", "error"}:
                self.judge.counts[f"log {name}"] += 1
            raise structlog.DropEvent

        processors: list[Any] = [listen]
        if os.environ.get("UNIVERSE_LOG"):
            processors = [self._print, listen]
        structlog.configure(processors=processors, cache_logger_on_first_use=False)
        logging.getLogger().setLevel(logging.ERROR)

    def _print(self, _: Any, level: str, event: dict[str, Any]) -> Any:
        self.record.add(f"log {level} {event}")
        return event

    async def _be_quiet(self, seconds: float) -> None:
        """Let all that is due be said; the last hour must leave nothing more than the one before."""
        middle = seconds - self._quiet / 3
        await asyncio.sleep(middle - self.loop.now)
        await self.until_ready()  # a disaster may have waited until now for what it was to strike
        before = self._size()
        await asyncio.sleep(seconds - self.loop.now)
        after = self._size()
        grown = {name: (before[name], size) for name, size in after.items() if size > before[name] * 1.2 + 8}
        if grown:
            self.judge.fault("grown", f"in a quiet hour: {grown}")

    def _size(self) -> dict[str, int]:
        live = sum(not timer.cancelled() for timer in self.loop._scheduled)  # type: ignore[attr-defined]
        fibers = sum(fiber.is_alive() for process in self.processes for fiber in process.owner.fibers)
        with closing(sqlite3.connect(self.database)) as connection:
            (pending,) = connection.execute("SELECT count(*) FROM outbox WHERE state = 'pending'").fetchone()
        tasks = len(asyncio.all_tasks())
        return {
            "tasks": tasks,
            "timers": live,
            "threads": fibers,
            "wires": len(self.network.wires),
            "outbox": pending,
        }

    async def _end(self) -> None:
        for process in list(self.processes):
            if not process.is_running and process.task.exception():
                self.judge.fault("ended", f"{process.name} by {process.task.exception()!r}")
            process.stop()
            await self.see_off(process)

    def _count(self) -> None:
        self.judge.counts["steps"] = self.loop.steps
        self.judge.counts["processes"] = self._started


def _is_cut_off(error: BaseException | None) -> bool:
    """Return whether aiohttp's server has failed at a connection that was cut before its first step there."""
    frames = traceback.extract_tb(error.__traceback__) if isinstance(error, AssertionError) else []
    return bool(frames) and frames[-1].filename.endswith("aiohttp/web_protocol.py")
