"""Planted faults: is what is known to be wrong found? Each is a change of text in a copy of the tree."""
# ruff: noqa: T201 - a command line prints

import ast
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from tests.mutants.workshop import ROOT, Workshop
from tests.universe import runs
from tests.universe.blunders import BLUNDERS
from tests.universe.lapses import LAPSES
from tests.universe.misrules import RULES
from tests.universe.oversights import OVERSIGHTS
from tests.universe.plants import TIMEKEEPING, Planted
from tests.universe.slips import SLIPS

PLANTED = *TIMEKEEPING, *RULES, *OVERSIGHTS, *LAPSES, *SLIPS, *BLUNDERS
# The options of each seed that looks for one.
OPTIONS = ["--hours", "1.5", "--people", "8", "--acts", "24", "--troubles", "2"]
# Seconds of a core's time within which each of these ends: a fault may go round in circles.
_ENDS_WITHIN = 60.0
# By what each copy must start: a crash of one that cannot is no proof that its fault was found.
_START = ["--hours", "0.05", "--people", "3", "--acts", "0.01", "--troubles", "0"]


def check() -> list[str]:
    """Return the names of those that do not have exactly one place in the tree, or are no Python there."""
    return [planted.name for planted in PLANTED if not _has_its_place(planted)]


def _has_its_place(planted: Planted) -> bool:
    text = (ROOT / planted.path).read_text()
    try:
        ast.parse(text.replace(planted.old, planted.new))
    except SyntaxError:
        return False
    return text.count(planted.old) == 1


def show(workers: int, only: str, most: int) -> int:
    """Look for each by ``most`` seeds; print the table, and return 0 if all but one are found and all start.

    Those with one of the comma-separated words of ``only`` in their names are looked for.
    """
    chosen = [fault for fault in PLANTED if any(word in fault.name for word in only.split(","))]
    workshops: queue.SimpleQueue[Workshop] = queue.SimpleQueue()
    for _ in range(workers):
        workshops.put(Workshop())
    clean: dict[tuple[str, ...], bool] = {}
    sound = runs.Nursery()
    asking = threading.Lock()

    def is_clean(options: Sequence[str], seed: int) -> bool:
        key = *options, str(seed)
        with asking:
            if key not in clean:
                clean[key] = not sound.run(seed, options).faults
            return clean[key]

    def look_for(planted: Planted) -> tuple[Planted, int | None, str]:
        """Return how many seeds it took, 0 where they were not enough, and None where its copy does not start."""
        workshop = workshops.get()
        text = (workshop.folder / planted.path).read_text()
        workshop.write(planted.path, text.replace(planted.old, planted.new, 1))
        options = [*OPTIONS, "--often", planted.often, "--first"]
        try:
            with runs.Nursery(workshop.folder) as nursery:
                start = nursery.run(1, _START, _ENDS_WITHIN)
                if not start.digest:
                    return planted, None, start.first[2][-200:].replace("\n", " ")
                for seed in range(1, most + 1):
                    result = nursery.run(seed, options, _ENDS_WITHIN)
                    if result.faults and is_clean(options, seed):
                        kind, _, what = result.faults[0]
                        return planted, seed, f"{kind}: {what}"[:90].replace("\n", " ")
            return planted, 0, ""
        finally:
            workshop.write(planted.path, text)
            workshops.put(workshop)

    actual = broken = 0
    with ThreadPoolExecutor(workers) as pool:
        for future in as_completed([pool.submit(look_for, planted) for planted in chosen]):
            planted, seeds, how = future.result()
            actual += bool(seeds)
            broken += seeds is None
            outcome = "no start" if seeds is None else seeds or "not found"
            print(f"{planted.name:55} {outcome:>9}  {how}", flush=True)
    sound.close()
    while not workshops.empty():
        workshops.get().close()
    print(f"{actual} of {len(chosen)} found")
    return 0 if actual >= len(chosen) - 1 and not broken else 1
