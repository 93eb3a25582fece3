import resource
from pathlib import Path

import pytest

from bot.operating.machine import Machine


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc/self").mkdir(parents=True)
    return tmp_path


def group(root: Path, path: str, most: str, current: int) -> None:
    folder = root / "sys/fs/cgroup" / path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pids.max").write_text(f"{most}\n")
    (folder / "pids.current").write_text(f"{current}\n")


def test_this_machine() -> None:
    """The limit on open files is the system's, and the process may start a thread."""
    assert Machine().files() == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert (room := Machine().threads()) is None or room > 0


def test_no_limits(tmp_path: Path) -> None:
    """A system without these files, or without limits, reports none."""
    assert (Machine(tmp_path).files(), Machine(tmp_path).threads()) == (None, None)
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/limits").write_text("Max open files   unlimited   unlimited   files\n")
    (tmp_path / "proc/self/cgroup").write_text("0::/a\n")
    group(tmp_path, "a", "max", 3)
    assert (Machine(tmp_path).files(), Machine(tmp_path).threads()) == (None, None)


def test_groups(root: Path) -> None:
    """The narrowest control group around a process counts, in either form that Linux has."""
    (root / "proc/self/cgroup").write_text("0::/house/bot\n")
    group(root, "house/bot", "100", 10)
    group(root, "house", "60", 20)
    group(root, "", "500", 20)
    assert Machine(root).threads() == 40
    (root / "proc/self/cgroup").write_text("9:cpu:/x\n8:pids:/house\n0::/\n")
    group(root, "pids/house", "35", 5)
    group(root, "pids", "max", 5)
    assert Machine(root).threads() == 30


@pytest.mark.parametrize(("user", "room"), [(1000, 50 - 4 - 6), (0, None)])
def test_user(root: Path, user: int, room: int | None) -> None:
    """A user's limit counts the threads of all their processes; root has none."""
    (root / "proc/self/limits").write_text(
        "Max processes             50                   90                 processes\n"
    )
    for process, owner, threads in (("self", user, 4), ("7", user, 4), ("8", user, 6), ("9", 5, 30)):
        (root / "proc" / process).mkdir(exist_ok=True)
        (root / "proc" / process / "status").write_text(f"Name:\tx\nUid:\t{owner}\t{owner}\nThreads:\t{threads}\n")
    assert Machine(root).threads() == room
