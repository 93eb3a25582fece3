"""The record: everything that passes between people, processes and Discord, as lines and as one digest."""

import hashlib

from tests.universe.loop import Loop


class Record:
    """Everything that passes between people and processes, as one digest and, if asked for, as lines."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._hash = hashlib.sha256()
        self.lines: list[tuple[float, str]] = []

    def add(self, line: str) -> None:
        self._hash.update(f"{self._loop.now:.6f} {self._loop.steps} {line}\n".encode())
        self.lines.append((self._loop.now, line))

    @property
    def now(self) -> float:
        return self._loop.now

    @property
    def epoch(self) -> float:
        """The Unix time at which virtual time began."""
        return self._loop.epoch

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()[:16]
