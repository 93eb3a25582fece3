"""Runs: seeds side by side, each in a process of its own; and their sums, which a later run continues."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
# Seconds of a core's time for one seed before it counts as hanging.
_PATIENCE = 7200.0
# The most runs that a failure is shrunk by.
_MOST_TRIES = 24


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one seed: its digest, its faults, and its number of disasters."""

    seed: int
    digest: str
    faults: Sequence[Sequence[Any]]
    counts: Counter[str]
    disasters: int
    # When it began (Unix time), and its timeline, if that was asked for.
    epoch: float = 0.0
    lines: Sequence[tuple[float, str]] = ()

    @property
    def first(self) -> tuple[str, float, str]:
        """Its earliest fault: the kind, the second, and what it was; there must be one."""
        kind, at, what = min(self.faults, key=lambda fault: float(fault[1]))
        return str(kind), float(at), str(what)


class Nursery:
    """Runs seeds, each in a process of its own, from one that has imported a tree's bot already."""

    def __init__(self, folder: Path = ROOT) -> None:
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by ``close``
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        environment.pop("PYTHONHASHSEED", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.universe", "--nursery"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._process.communicate()
        self._errors.close()

    def run(self, seed: int, options: Sequence[str], within: float = _PATIENCE) -> Result:
        """Run one seed."""
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            arguments = ["--seed", str(seed), "--report", report.name, *options]
            assert self._process.stdin
            assert self._process.stdout
            self._errors.seek(0, os.SEEK_END)
            before = self._errors.tell()
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps([within, arguments]) + "\n")
                self._process.stdin.flush()
            code = self._process.stdout.readline().strip()
            report_read = json.loads(Path(report.name).read_text() or "null")
        if report_read is None:
            self._errors.seek(before)
            why = f"ended with {code or 'its nursery'}: {self._errors.read().strip()[-600:]}"
            return Result(seed, "", [("crashed", 0.0, why)], Counter(), 0)
        report_read["lines"] = [(at, line) for at, line in report_read["lines"]]
        return Result(seed, **report_read | {"counts": Counter(report_read["counts"])})


def side_by_side(seeds: Iterable[int], options: Sequence[str], workers: int) -> Iterator[Result]:
    """Run seeds, several at a time; yield each run as it ends."""
    with contextlib.ExitStack() as stack:
        free: queue.SimpleQueue[Nursery] = queue.SimpleQueue()
        for _ in range(workers):
            free.put(stack.enter_context(Nursery()))

        def run(seed: int) -> Result:
            nursery = free.get()
            try:
                return nursery.run(seed, options)
            finally:
                free.put(nursery)

        pool = ThreadPoolExecutor(workers)
        try:
            for future in as_completed([pool.submit(run, seed) for seed in seeds]):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def shrink(nursery: Nursery, result: Result, options: Sequence[str]) -> list[int]:
    """Return the disasters, by number, that still cause a fault of the same kind: a prefix, then fewer."""
    tries = 0

    def fails(kept: list[int]) -> bool:
        nonlocal tries
        tries += 1
        names = ",".join(map(str, kept)) or "none"
        verdict = nursery.run(result.seed, [*options, "--first", "--keep", names])
        return any(kind == result.first[0] for kind, *_ in verdict.faults)

    low, high = 0, result.disasters
    while low < high and tries < _MOST_TRIES:
        middle = (low + high) // 2
        low, high = (low, middle) if fails(list(range(middle))) else (middle + 1, high)
    kept = list(range(high))
    for number in reversed(kept[:]):
        if tries >= _MOST_TRIES:
            break
        fewer = [number_kept for number_kept in kept if number_kept != number]
        if fails(fewer):
            kept = fewer
    return kept


class Sums:
    """The sums of all runs together, in a small file, so that a run continues where one before stopped."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        known = json.loads(file.read_text()) if file and file.exists() else {}
        self.counts: Counter[str] = Counter(known.get("counts", {}))
        self.done: set[str] = set(known.get("done", []))
        self.failed: dict[str, Any] = known.get("failed", {})

    def add(self, key: str, result: Result, hours: float) -> None:
        """Take a result in, and keep it."""
        self.done.add(key)
        self.counts.update(result.counts)
        self.counts.update(seeds=1, minutes=round(hours * 60), **Counter(kind for kind, *_ in result.faults))
        if result.faults:
            self.failed[key] = [list(fault) for fault in result.faults[:5]]
        if self._file:
            self._file.write_text(
                json.dumps({"counts": self.counts, "done": sorted(self.done), "failed": self.failed}, indent=1)
            )
