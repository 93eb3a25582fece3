"""A process of the bot within the simulation: started, stopped, cancelled, killed, suspended."""

import asyncio
import contextvars
from collections.abc import Callable
from typing import Any

from bot.app import App
from bot.settings import Settings
from tests.universe.loop import OWNER, Loop, Owner
from tests.universe.machine import Machine, MachineClock
from tests.universe.world import Disk


class Process:
    """One run of the bot, from its start to its end."""

    def __init__(self, name: str, loop: Loop, disk: Disk, settings: Settings, skew: float) -> None:
        self.name = name
        self._loop = loop
        self._disk = disk
        self.owner = Owner(name)
        self.clock = MachineClock(loop)
        self.clock.skew = skew
        # A lease goes by the database's clock and by spans of time; its process's wall clock does not matter.
        self._context = contextvars.copy_context()
        self._context.run(OWNER.set, self.owner)
        machine = Machine(loop, self.owner)
        self.app: App = self._context.run(App, settings, self.clock, machine, MachineClock(loop))
        self.task: asyncio.Task[None] = loop.create_task(self.app.run(), context=self._context)

    @property
    def is_ready(self) -> bool:
        return self.is_running and self.app.ready.is_set()

    @property
    def is_running(self) -> bool:
        return not self.owner.dead and not self.task.done()

    def stop(self) -> None:
        """Ask it to end, as SIGTERM does."""
        self._context.run(self.app.stop)

    def cancel(self) -> None:
        """Cancel whatever it awaits."""
        self._context.run(self.task.cancel)

    def kill(self, network: Any) -> None:
        """End it between two steps: none of its own is run any more, not even a ``finally``."""
        owner = self.owner
        owner.dead = True
        owner.suspended = False
        owner.grave += [*owner.parked, *asyncio.all_tasks(self._loop), *owner.fibers]
        self._disk.let_go(owner)
        network.hang_up(owner)

    def suspend(self) -> None:
        """Run none of its steps."""
        self.owner.suspended = True

    def resume(self) -> None:
        """Run its steps again."""
        if not self.owner.dead:
            self._loop.resume(self.owner)


Start = Callable[[], Process]
