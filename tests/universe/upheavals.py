"""Upheavals: what happens to the bot's processes and clocks."""

import asyncio
import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.localdiscord import failures

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.universe.disasters import Disaster
    from tests.universe.process import Process
    from tests.universe.universe import Universe

# Steps of the loop within which something comes after its time: some fall into the middle of what goes on.
_STEPS = 3000
# Seconds that a process's requests fail, before it sleeps too long.
_RETRIES = 45.0


def _chosen(universe: "Universe", chance: random.Random) -> "Process | None":
    running = [process for process in universe.processes if process.is_running and not process.owner.suspended]
    return chance.choice(running) if running else None


async def _amid(universe: "Universe", chance: random.Random) -> int:
    """Wait for some activity; return within how many steps from then on to strike."""
    dice = chance.random()
    if dice < 0.1:  # something was said
        await universe.judge.something()
        return chance.randint(1, 400)
    if dice < 0.25:  # somebody has just asked for something
        await universe.judge.question()
        return chance.randint(1, 200)
    if dice < 0.5:  # a message is on its way, or has just come
        await universe.witness.posting()
        return chance.randint(1, 30)
    if dice < 0.85:  # what is to be said, or was, has just been written
        await universe.witness.committing()
        return chance.randint(1, 60)
    return chance.randint(1, _STEPS)


async def _strike(universe: "Universe", chance: random.Random, blow: "Callable[[], None]") -> None:
    """Do something to a process between two steps, in the middle of some activity."""
    await _after(universe, await _amid(universe, chance), blow)


async def _after(universe: "Universe", steps: int, blow: "Callable[[], None]") -> None:
    """Do something after a number of steps, between two of them."""
    struck = asyncio.Event()

    def strike() -> None:
        blow()
        struck.set()

    universe.loop.interrupt_at(universe.loop.steps + steps, strike)
    await struck.wait()


async def kill(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Kill a process between two steps, and start another in its place after a while."""
    if (process := _chosen(universe, chance)) is None:
        return

    def blow() -> None:
        if process in universe.processes:
            universe.judge.trouble("kill", disaster.seconds + 5)
            universe.kill(process)

    await _strike(universe, chance, blow)
    await asyncio.sleep(disaster.seconds)
    universe.start()


async def takeover(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let a standby take over when another process is killed, or is suspended and woken afterwards."""
    if (process := _chosen(universe, chance)) is None:
        return
    universe.start()
    await asyncio.sleep(10 + disaster.seconds)
    if process not in universe.processes:
        return
    universe.judge.trouble("kill", 5.0)
    if chance.random() < 0.4:
        universe.kill(process)
    else:
        await _oversleep(universe, process, disaster.seconds, chance)


async def _oversleep(universe: "Universe", process: "Process", seconds: float, chance: random.Random) -> None:
    """Suspend a process for longer than its lease while it retries an announcement, or was asked something."""
    if chance.random() < 0.5:
        universe.judge.trouble("503", _RETRIES)
        fault = universe.local.faults.fail(failures.error(503, 0), only="POST /channels/{id}/messages")
        await asyncio.sleep(_RETRIES)
        process.suspend()
        fault.off()
    else:
        await universe.judge.question()
        await _after(universe, chance.randint(1, 80), process.suspend)
    universe.judge.trouble("suspend", universe.lease + seconds)
    await asyncio.sleep(universe.lease + seconds)
    process.resume()
    await asyncio.sleep(30)
    if process in universe.processes:
        process.stop()
        await universe.see_off(process)


async def cancel(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Cancel whatever a process awaits, and start another in its place."""
    if (process := _chosen(universe, chance)) is None:
        return

    def blow() -> None:
        if process in universe.processes:
            universe.judge.trouble("cancel", disaster.seconds + 10)
            process.cancel()

    await _strike(universe, chance, blow)
    if process in universe.processes:
        await universe.see_off(process)
    await asyncio.sleep(disaster.seconds)
    universe.start()


async def deploy(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Start the next process beside one, and stop that as a deploy does."""
    if (process := _chosen(universe, chance)) is None:
        return
    universe.judge.trouble("deploy", disaster.seconds + 10)
    universe.start()
    await asyncio.sleep(disaster.seconds)
    if process in universe.processes:
        process.stop()
        await universe.see_off(process)


async def suspend(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let a process sleep, as a laptop does."""
    if (process := _chosen(universe, chance)) is None:
        return
    if chance.random() < 0.5:
        await _strike(universe, chance, process.suspend)
    else:
        process.suspend()
    universe.judge.trouble("suspend", disaster.seconds)
    await asyncio.sleep(disaster.seconds)
    process.resume()


async def step(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Set the wall clocks of a process, or of those that start from now on, forward or back."""
    by = chance.uniform(-disaster.seconds, disaster.seconds)
    universe.judge.slack += abs(by)
    universe.judge.trouble("step", 15.0)
    universe.skewed += by
    if disaster.kind == "step":
        for process in universe.processes:
            process.clock.skew += by


async def newer(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let a newer process leave rows that this version does not know, some of them due soon."""
    del disaster
    with closing(sqlite3.connect(universe.database)) as connection:
        while True:
            try:
                due_at = universe.judge.newer.leave(connection, universe.loop.epoch + universe.loop.now, chance)
            except sqlite3.OperationalError:  # another holds its lock
                connection.rollback()
                await asyncio.sleep(0.05)
            else:
                break
    universe.record.add(f"a newer process has left rows, due at {due_at}")


ACTS = {
    "kill": kill,
    "takeover": takeover,
    "cancel": cancel,
    "deploy": deploy,
    "suspend": suspend,
    "step": step,
    "skew": step,
    "newer": newer,
}
