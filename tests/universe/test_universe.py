"""The universe itself: it is as repeatable as it says, and its planted faults have their place."""

import pytest

from tests.universe import planted, runs

_SHORT = ["--hours", "1", "--people", "6", "--acts", "4", "--troubles", "12"]
_FEW = ["--hours", "1", "--people", "3", "--acts", "1", "--troubles", "8"]
# As in the short form.
_LONGER = ["--hours", "1.5", "--people", "8", "--acts", "4", "--troubles", "8"]


@pytest.mark.parametrize("seed", [3, 8])
def test_a_seed_is_one_story(seed: int) -> None:
    """The same seed gives the same digest of all that happens in two processes, and the bot does nothing wrong."""
    with runs.Nursery() as first_nursery, runs.Nursery() as second_nursery:
        second_nursery.run(seed + 1, _SHORT)
        first, second = (nursery.run(seed, _SHORT) for nursery in (first_nursery, second_nursery))
    assert first.digest == second.digest != ""
    assert first.disasters > 0
    assert list(first.faults) == []


def test_seeds_differ() -> None:
    """Another seed is another story."""
    with runs.Nursery() as nursery:
        assert nursery.run(1, _SHORT).digest != nursery.run(2, _SHORT).digest


@pytest.mark.parametrize(
    "seed",
    [34, 152, 163, 209],
    ids=["a lost channel", "a full disk at the start", "killed as one sits down", "a recap said before an outage"],
)
def test_seeds_that_were_wrong(seed: int) -> None:
    """What a seed found stays mended."""
    with runs.Nursery() as nursery:
        result = nursery.run(seed, _LONGER)
    assert list(result.faults) == []


def test_a_team_of_three() -> None:
    """A team of three, who take no direct messages for a while, is as good a seed as others."""
    with runs.Nursery() as nursery:
        result = nursery.run(1, [*_FEW, "--often", "dm closed"])
    assert list(result.faults) == []


def test_planted_faults_have_their_place() -> None:
    """Every planted fault changes something that is in the tree."""
    assert planted.check() == []
