"""The order of tests among xdist's processes: what takes long is begun first, so that none is left for the end.

With `--dist worksteal` each process is given a block of the list, and one that is done takes from the end of the
longest that is left.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent
# Seconds that a test takes on average, by folder; elsewhere it takes almost none.
_SECONDS = {
    "browser": 2.0,
    "process": 2.0,
    "chat/runtime": 0.5,
    "chat": 0.3,
    "engine": 0.3,
    "unit/house": 0.1,
    "store": 0.1,
}
# Its tests share fixtures that are slow to start.
_TOGETHER = "browser"


def ordered(items: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """Deal files of long tests out to as many blocks, the longest first, and end each block with short tests."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        file = item.path.relative_to(_ROOT).as_posix()
        files.setdefault(_TOGETHER if file.startswith(f"{_TOGETHER}/") else file, []).append(item)
    seconds = {file: _seconds(file) * len(tests) for file, tests in files.items()}
    blocks: list[list[pytest.Item]] = [[] for _ in range(processes)]
    planned = [0.0] * processes
    for file in sorted(files, key=lambda file: seconds[file], reverse=True):
        if seconds[file]:
            soonest = planned.index(min(planned))
            planned[soonest] += seconds[file]
            blocks[soonest] += files[file]
    short = [item for file, tests in files.items() if not seconds[file] for item in tests]
    return list(_filled(blocks, short))


def _filled(blocks: Sequence[list[pytest.Item]], short: list[pytest.Item]) -> Iterable[pytest.Item]:
    """Fill the blocks up to the sizes that xdist cuts the list into."""
    left = sum(map(len, blocks)) + len(short)
    for number, block in enumerate(blocks):
        size = left // (len(blocks) - number)
        filling = max(size - len(block), 0)
        yield from block
        yield from short[:filling]
        del short[:filling]
        left -= len(block) + filling
    yield from short


def _seconds(file: str) -> float:
    return next((seconds for folder, seconds in _SECONDS.items() if f"{file}/".startswith(f"{folder}/")), 0.0)
