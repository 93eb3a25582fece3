"""A stand: one bot that is killed over and over, its database, its Discord, and its crowd."""

import asyncio
import random
from pathlib import Path

from bot.playground.local import LocalDiscord
from tests.faults.conftest import settings
from tests.faults.crowd import Crowd
from tests.faults.lives import Lives


class Stand:
    """Kills a bot at random moments while people keep typing."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        folder.mkdir()
        self.database = folder / "pomodoro.db"
        self._folder = folder
        self._chance = chance

    async def run(self, kills: int) -> dict[str, int]:
        """Kill so many times, restart once more, and give the account of what became of the timers."""
        async with LocalDiscord(port=0) as discord:
            lives = Lives(self._folder, discord, settings(discord, self.database), self._chance)
            crowd = Crowd(discord, self._chance, channels=30)
            over = asyncio.Event()
            typing = asyncio.create_task(crowd.type(over, a_second=6))
            try:
                while lives.kills < kills:
                    await lives.live_and_die()
            finally:
                over.set()
                await typing
            async with lives.in_peace():
                await crowd.all_announced(self.database, 60)
            return {"kills": lives.kills} | crowd.account(self.database)
