"""The mutation tester: ``python -m tests.mutants``; tests/README.md says how to use it."""
# ruff: noqa: T201 - a command line prints

import argparse
import queue
import random
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from tests.mutants.mutation import Mutation, mutations
from tests.mutants.reach import Reach, instrumented
from tests.mutants.workshop import Workshop

# The mutated modules, and the tests that should notice.
TARGETS = (
    "bot/engine/*.py",
    "bot/service/*.py",
    "bot/store/outbox.py",
    "bot/store/due_timers.py",
    "bot/store/timers.py",
    "bot/chat/runtime/sender.py",
    "bot/chat/runtime/request.py",
)
TESTS = ("tests/unit", "tests/engine", "tests/store", "tests/chat")
# Mutants that may live, with the reason: path, function, change and reason, parted by " | ".
REASONS = Path(__file__).parent / "may_live.txt"
BAR = 0.9

Fate = Literal["killed", "lives", "unreached"]


class Run:
    """One run over a sample of mutants."""

    def __init__(self, reach: Reach, texts: dict[str, str], seconds: float) -> None:
        self._reach = reach
        self._texts = texts
        self._seconds = seconds
        self.workshops: queue.SimpleQueue[Workshop] = queue.SimpleQueue()
        # How often each test has killed mutants of a function, or anywhere in a module (""): there it goes first.
        self._kills: dict[tuple[str, str], Counter[str]] = {}

    def fate(self, mutation: Mutation) -> tuple[Mutation, Fate, str]:
        """Plant a mutation and run the tests that come to it, until one fails.

        First those that killed others there, then those that come to little else but this module.
        """
        tests = self._tests(mutation)
        if not tests:
            return mutation, "unreached", ""
        workshop = self.workshops.get()
        workshop.write(mutation.path, mutation.source)
        slowest = max(self._reach.seconds[test] for test in tests)
        # By a thread, which ends the process: what a signal raises in a callback is swallowed by the event loop.
        limit = [f"--timeout={20 + 10 * slowest:.0f}", "--timeout-method=thread"]
        code, printed = workshop.test(["-n0", "-x", *limit, *tests], within=60 + 5 * self._seconds)
        workshop.write(mutation.path, self._texts[mutation.path])
        self.workshops.put(workshop)
        if code == 0:
            return mutation, "lives", ""
        if "ERROR: not found" in printed:
            raise LookupError("A test is gone that was there when it was seen what the tests come to.")
        failed = [line.split()[1] for line in printed.splitlines() if line.startswith(("FAILED t", "ERROR t"))]
        killer = failed[0] if failed else f"exit {code}"
        for place in {mutation.function, ""}:
            self._kills.setdefault((mutation.path, place), Counter())[killer] += 1
        return mutation, "killed", killer

    def _tests(self, mutation: Mutation) -> list[str]:
        here = self._kills.get((mutation.path, mutation.function), Counter())
        near = self._kills.get((mutation.path, ""), Counter())
        seconds, shares = self._reach.seconds, self._reach.shares
        reaching = self._reach.of(mutation, self._texts[mutation.path])
        chosen: list[str] = []
        total = 0.0

        def order(test: str) -> tuple[float, ...]:
            return -here[test], -near[test], -shares.get((test, mutation.path), 0), seconds[test]

        for test in sorted(reaching, key=order):
            total += seconds[test]
            if not chosen or total <= self._seconds:
                chosen.append(test)
        return chosen


def main() -> int:
    options = _options()
    # All of them at once: the checkout may change while they are at work.
    workshops = [Workshop() for _ in range(options.workers)]
    try:
        return _run(options, workshops)
    finally:
        for workshop in workshops:
            workshop.close()


def _run(options: argparse.Namespace, workshops: list[Workshop]) -> int:
    folder = workshops[0].folder
    paths = sorted(str(file.relative_to(folder)) for target in TARGETS for file in folder.glob(target))
    texts = {path: (folder / path).read_text() for path in paths}
    planted = [mutation for path in paths for mutation in mutations(path, texts[path])]
    planted = [mutation for mutation in planted if options.only in f"{mutation.path} {mutation.function}"]
    total = len(planted)
    # Drawn independently, so that a change in one place leaves the rest of the sample as it was.
    planted = sorted(planted, key=lambda mutation: random.Random(f"{options.seed} {_key(mutation)}").random())
    planted = planted[: options.sample]
    if options.lived:
        lived = _without_lines(options.lived.read_text())
        planted = [mutant for mutant in planted if f" lives      {_without_lines(_line(mutant))}  " in lived]
    print(f"{len(planted)} of {total} mutants, seed {options.seed}", flush=True)
    run = Run(_reach(options.reach, texts, workshops[0], options.workers), texts, options.seconds)
    for workshop in workshops:
        run.workshops.put(workshop)
    fates = []
    began = time.monotonic()
    with ThreadPoolExecutor(options.workers) as pool:
        for mutation, fate, killer in pool.map(run.fate, planted):
            fates.append((mutation, fate))
            print(f"{time.monotonic() - began:5.0f} s  {fate:9}  {_line(mutation)}  {killer}", flush=True)
    return report(fates)


def report(fates: list[tuple[Mutation, Fate]]) -> int:
    """Print the table and the survivors, with the reason why they may live; return 0 if the target is met."""
    reasons = dict(line.rsplit(" | ", 1) for line in REASONS.read_text().splitlines() if " | " in line)
    print(f"\n{'module':32}planted  killed  living  of which may")
    rows: dict[str, Counter[str]] = {}
    for mutation, fate in fates:
        lives = fate in {"lives", "unreached"}
        for row in (mutation.path, "all"):
            counts = rows.setdefault(row, Counter())
            counts.update(planted=1, living=lives, killed=not lives, may=lives and _key(mutation) in reasons)
    for path, counts in sorted(rows.items(), key=lambda row: (row[0] == "all", row[0])):
        print(f"{path:32}{counts['planted']:7}{counts['killed']:8}{counts['living']:8}{counts['may']:8}")
    for mutation, fate in sorted(fates, key=lambda pair: (pair[0].path, pair[0].line)):
        if fate in {"lives", "unreached"}:
            print(f"{fate:9} {_line(mutation)}\n          {reasons.get(_key(mutation), 'NO REASON')}")
    share = rows["all"]["killed"] / rows["all"]["planted"]
    print(f"\n{share:.1%} killed")
    return 0 if share >= BAR else 1


def _key(mutation: Mutation) -> str:
    return f"{mutation.path} | {mutation.function or '-'} | {mutation.change}"


def _line(mutation: Mutation) -> str:
    return f"{mutation.path}:{mutation.line} {mutation.function or '-'}: {mutation.change}"


def _without_lines(text: str) -> str:
    """Strip line numbers, which move."""
    return re.sub(r"(?<=\.py):\d+", "", text)


def _reach(kept: Path | None, texts: dict[str, str], workshop: Workshop, workers: int) -> Reach:
    """Run all the tests once to see what they come to, or read what an earlier run of the same tree has kept."""
    folder = kept or Path(tempfile.mkdtemp(prefix="reach-"))
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("*.jsonl")):
        for path, text in texts.items():
            workshop.write(path, instrumented(path, text))
        code, printed = workshop.test(["-n", str(workers), "-p", "tests.mutants.reach", *TESTS], REACH=str(folder))
        print("\n".join(printed.splitlines()[-5:]), f"exit {code}", sep="\n", flush=True)
        for path, text in texts.items():
            workshop.write(path, text)
    return Reach.read(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=400, help="how many mutants are planted (400)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    parser.add_argument("--workers", type=int, default=2, help="how many are tried at a time (2)")
    parser.add_argument("--seconds", type=float, default=60, help="of tests that each is tried by, at most (60)")
    parser.add_argument("--only", default="", help="only those whose path and function have this in them")
    parser.add_argument(
        "--reach", type=Path, help="a folder for what the tests come to: kept for, or from, another run"
    )
    parser.add_argument("--lived", type=Path, help="only those that lived in an earlier run, by its output")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
