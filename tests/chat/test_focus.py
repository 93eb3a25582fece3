"""Shared sessions, as people see them."""

from bot.playground.local import LocalDiscord
from tests.chat.conftest import Running
from tests.reading import says, shows


async def test_a_whole_session(discord: LocalDiscord, bot: Running) -> None:
    """A plan runs through every phase, each announced once on a new card, and ends with the recap."""
    ann = discord.person("ann")
    room = discord.channel("general")
    await ann.say(room, "!focus 2x(2s focus, 1s break)")
    card = await discord.wait_for(says("Focus · 1 of 2"))
    bot.advance(2)
    await discord.wait_for(says("Break"))
    bot.advance(1)
    await discord.wait_for(says("Focus · 2 of 2"))
    await discord.wait_for(shows(card, "This phase is over"))
