from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.order import ordered

ROOT = Path(__file__).parents[2]
COUNTS = {
    **{f"unit/time/test_{number}.py": 100 for number in range(8)},
    **{f"{folder}/test_{number}.py": 10 for folder in ("engine", "chat", "browser") for number in range(4)},
}


class Item:
    """As much of a pytest item as the order needs."""

    def __init__(self, file: str, number: int) -> None:
        self.path = ROOT / file
        self.folder = file.partition("/")[0]
        self.name = file, number


def items() -> Iterator[Any]:
    for file, count in COUNTS.items():
        yield from (Item(file, number) for number in range(count))


@pytest.mark.parametrize("processes", [2, 3, 4])
def test_long_ones_first(processes: int) -> None:
    """Each process begins with long tests and ends with short ones; none is lost, and files stay together."""
    given: list[Any] = list(items())
    dealt: list[Any] = ordered(given, processes)
    assert sorted(item.name for item in dealt) == sorted(item.name for item in given)
    left = dealt
    for waiting in range(processes, 0, -1):
        size = len(left) // waiting  # as xdist cuts it
        block, left = left[:size], left[size:]
        folders = [folder for folder, _ in groupby(item.folder for item in block)]
        assert folders[-1] == "unit"
        assert folders.count("unit") == 1
    assert [folder for folder, _ in groupby(item.folder for item in dealt)].count("browser") == 1
    for file, count in COUNTS.items():
        assert [item.name[1] for item in dealt if item.name[0] == file] == list(range(count))


def test_only_long_ones() -> None:
    """Without short tests to end with, none is lost either."""
    given: list[Any] = [item for item in items() if item.folder != "unit"]
    dealt: list[Any] = ordered(given, 4)
    assert sorted(item.name for item in dealt) == sorted(item.name for item in given)
