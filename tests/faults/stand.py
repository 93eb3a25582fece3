"""A stand: one bot that is killed over and over, with its database, its Discord, and its crowd."""

import asyncio
import random
from pathlib import Path

from bot.localdiscord.local import LocalDiscord
from bot.playground.scenery import STUDY_HALL
from tests.faults.conftest import settings
from tests.faults.crowd import Crowd
from tests.faults.lives import Lives
from tests.faults.malice import Malice


class Stand:
    """Kills a bot at random moments while people keep typing, and others attack it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        folder.mkdir()
        self.database = folder / "pomodoro.db"
        self._folder = folder
        self._chance = chance

    async def run(self, kills: int) -> dict[str, int]:
        """Kill it a number of times, restart once more, and return the account of the timers."""
        async with LocalDiscord(scenery=STUDY_HALL) as discord:
            lives = Lives(self._folder, discord, settings(discord, self.database), self._chance)
            crowd, malice = Crowd(discord, self._chance, channels=30), Malice(discord, self._chance)
            over = asyncio.Event()
            tasks = [asyncio.create_task(crowd.type(over, a_second=6)), asyncio.create_task(malice.go_on(over))]
            try:
                while lives.kills < kills:
                    await lives.live_and_die()
                    if lives.kills == kills // 2:
                        await malice.plant(self.database)
            finally:
                over.set()
                await asyncio.gather(*tasks)
            async with lives.in_peace():
                await crowd.all_announced(self.database, 60)
            return {"kills": lives.kills} | malice.counts | crowd.account(self.database)
