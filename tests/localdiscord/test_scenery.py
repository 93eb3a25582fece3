"""The names of the world are the test's own."""

import pytest

from bot.localdiscord.channel import TEXT
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.scenery import MOST_CHANNELS, Scenery


def test_a_world_is_called_what_its_scenery_says() -> None:
    """A scenery names the bot and its role, the guild, its people and its channels."""
    scenery = Scenery(
        bot="Nibbler", people=("kim", "lou", "max"), guild="Kennel", channels=(("yard", TEXT, "Out"),)
    )
    local = LocalDiscord(scenery=scenery)

    assert (local.bot.username, local.guild.name, local.channel("yard").topic) == ("Nibbler", "Kennel", "Out")
    assert [local.person(name).name for name in ("kim", "lou", "max")] == ["Kim", "Lou", "Max"]
    assert [role.name for role in local.guild.roles.values()] == ["@everyone", "Nibbler", "Moderator"]


def test_ids_do_not_depend_on_names() -> None:
    """What a position in the scenery is called does not change its id, so that an archive may be renamed."""
    usual, renamed = LocalDiscord(), LocalDiscord(scenery=Scenery(people=("kim", "lou", "max"), guild="Kennel"))

    assert [user.id for user in usual.world.people] == [user.id for user in renamed.world.people]
    assert usual.guild.id == renamed.guild.id


def test_a_scenery_has_few_channels() -> None:
    """A scenery of more channels than have fixed ids is refused."""
    with pytest.raises(ValueError, match="1 to 10 channels"):
        Scenery(channels=tuple((f"room-{number}", TEXT, None) for number in range(MOST_CHANNELS + 1)))
