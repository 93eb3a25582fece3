"""The machine: the limits of files and threads of a process, as Linux reports them in files."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


class Machine:
    """The machine whose files lie below ``root``. Unknown limits, as on other systems, are None."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def files(self) -> int | None:
        """Return the limit of open files and connections of this process."""
        return self._limit("Max open files")

    def threads(self) -> int | None:
        """Return how many more threads this process may start, by the limits of its user and control groups."""
        rooms = [*self._left_by_user(), *self._left_by_groups()]
        return max(0, min(rooms)) if rooms else None

    def _limit(self, name: str) -> int | None:
        with contextlib.suppress(OSError, ValueError):  # "unlimited" is not a number
            for line in (self._root / "proc/self/limits").read_text().splitlines():
                if line.startswith(name):
                    return int(line[len(name) :].split()[0])
        return None

    def _left_by_user(self) -> Iterator[int]:
        limit, user = self._limit("Max processes"), self._status(Path("self"), "Uid")
        if limit is not None and user not in {None, 0}:  # root has no such limit
            pids = [path for path in (self._root / "proc").iterdir() if path.name.isdecimal()]
            theirs = [pid for pid in pids if self._status(pid, "Uid") == user]
            yield limit - sum(self._status(pid, "Threads") or 0 for pid in theirs)

    def _status(self, process: Path, field: str) -> int | None:
        with contextlib.suppress(OSError):  # it ended meanwhile
            for line in (self._root / "proc" / process / "status").read_text().splitlines():
                name, _, value = line.partition(":")
                if name == field:
                    return int(value.split()[0])
        return None

    def _left_by_groups(self) -> Iterator[int]:
        """Yield what is left in this process's control group and its parents, in cgroup v1 and v2."""
        groups = self._root / "sys/fs/cgroup"
        lines = []
        with contextlib.suppress(OSError):
            lines = (self._root / "proc/self/cgroup").read_text().splitlines()
        for line in lines:
            _, controllers, path = line.split(":", 2)
            if controllers and "pids" not in controllers.split(","):
                continue
            top = groups / "pids" if controllers else groups
            group = top / path.strip("/")
            for around in (group, *group.parents):
                with contextlib.suppress(OSError, ValueError):  # "max" is not a number
                    yield int((around / "pids.max").read_text()) - int((around / "pids.current").read_text())
                if around == top:
                    break
