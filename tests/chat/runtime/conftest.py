import pytest

from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.people import Person


@pytest.fixture
def ann(discord: LocalDiscord) -> Person:
    return discord.person("ann")


@pytest.fixture
def general(discord: LocalDiscord) -> Channel:
    return discord.channel("general")
