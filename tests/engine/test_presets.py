"""Named plans, as the service stores them, for a person or for a server."""

from dataclasses import replace

import pytest

from bot.domain.errors import BadName, TooMany, UserError
from bot.domain.focus import plan
from bot.service.presets import Presets
from bot.store.database import Database
from tests.engine.conftest import ANN

MOD = replace(ANN, user_id=9, can_manage=True)
SHORT, LONG = plan.parse("2x(10m focus, 5m break)"), plan.parse("3x(50m focus, 10m break)")


@pytest.fixture
def presets(database: Database) -> Presets:
    return Presets(database)


async def test_found_by_name(presets: Presets) -> None:
    """A plan is found by its name in any case; one's own wins over the server's, which others get."""
    await presets.save(MOD, "Mine", LONG, for_server=True)
    await presets.save(ANN, "mine", SHORT, for_server=False)
    assert (await presets.known(ANN)).find("MINE") == SHORT
    assert (await presets.known(MOD)).find("mine") == LONG
    assert (await presets.known(ANN)).names[0] == "mine"
    assert (await presets.known(replace(MOD, guild_id=4))).find("mine") is None
    await presets.forget(ANN, "MINE", for_server=False)
    assert (await presets.known(ANN)).find("mine") == LONG
    with pytest.raises(UserError, match="There's no plan"):
        await presets.forget(ANN, "mine", for_server=False)


async def test_as_long_as_it_may_be(presets: Presets) -> None:
    """A name of as many letters as it may have is saved, found and forgotten, whatever their other case is."""
    name = "\N{LATIN SMALL LETTER J WITH CARON}" * 40
    await presets.save(ANN, name, SHORT, for_server=False)
    await presets.save(ANN, name, LONG, for_server=False)
    assert (await presets.known(ANN)).find(name) == LONG
    await presets.forget(ANN, name, for_server=False)


async def test_whose_it_is(presets: Presets) -> None:
    """Only members with Manage Messages save and delete a server's plans, and nobody does in a direct message."""
    await presets.save(MOD, "ours", SHORT, for_server=True)
    for actor, refusal in (
        (ANN, "You need Manage Messages"),
        (replace(ANN, guild_id=None), "in a server"),
        (replace(MOD, guild_id=None), "in a server"),
    ):
        with pytest.raises(UserError, match=refusal):
            await presets.save(actor, "ours", LONG, for_server=True)
        with pytest.raises(UserError, match=refusal):
            await presets.forget(actor, "ours", for_server=True)
    assert (await presets.known(ANN)).find("ours") == SHORT
    await presets.forget(MOD, "ours", for_server=True)
    assert "ours" not in (await presets.known(ANN)).names


async def test_names_that_are_taken(presets: Presets) -> None:
    """A built-in plan keeps its name."""
    with pytest.raises(BadName):
        await presets.save(ANN, "Classic", SHORT, for_server=False)
    assert (await presets.known(ANN)).find("CLASSIC") == plan.BUILT_IN["classic"]


async def test_how_many(presets: Presets) -> None:
    """A person can save 25 plans and still change one of those; the server has its own 25."""
    for number in range(25):
        await presets.save(MOD, f"plan {number}", SHORT, for_server=False)
    with pytest.raises(TooMany):
        await presets.save(MOD, "one more", SHORT, for_server=False)
    await presets.save(MOD, "plan 0", LONG, for_server=False)
    assert (await presets.known(MOD)).find("plan 0") == LONG
    await presets.save(MOD, "one more", SHORT, for_server=True)
