"""Three people and the channel of their session."""

from pathlib import Path

from bot.localdiscord.local import LocalDiscord
from tests.chat.conftest import Running
from tests.reading import Message


class Room:
    """The people, the channel, and a look into the database."""

    def __init__(self, discord: LocalDiscord, bot: Running, database: Path) -> None:
        self.discord, self.bot, self.database = discord, bot, database
        self.ann, self.ben, self.mia = map(discord.person, ("ann", "ben", "mia"))
        self.general = discord.channel("general")

    async def ask(self, typed: str, person: str = "ann") -> Message:
        return await self.bot.ask(self.discord.person(person), self.general, f"!focus {typed}")
