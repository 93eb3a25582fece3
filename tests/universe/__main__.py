"""The universe: ``python -m tests.universe``; tests/README.md says how to use it."""
# ruff: noqa: T201 - a command line prints

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.universe import nursery, planted, runs, single, story

# The short form, for every push: few hours of a few busy people, with much going wrong.
_SHORT = ["--hours", "1.5", "--people", "8", "--acts", "4", "--troubles", "8"]
_SHORT_SEEDS = 20
# One team for a year, sparse.
_YEAR = ["--hours", "8760", "--people", "4", "--acts", "0.05", "--troubles", "0.1"]
# What is shown of all runs: what was simulated, what was wrong, and what people did that shows rarer faults.
_SHOWN = (
    "disasters", "processes", "promises", "announced", "phases", "commands", "presses",
    "lost", "doubled", "early", "late", "wrongly pinged", "not escaped", "unanswered", "misread", "wrong time",
    "wrong sum", "wrong limit", "wrong name", "wrongly obeyed", "wrongly shown", "not shown", "not listed",
    "listed", "out of date", "not limited", "not exported", "not deleted", "without lease", "touched", "not ended",
    "mistake", "crashed",
)  # fmt: skip
_DONE = (
    "sums", "sessions", "sessions in doubt", "pauses of focus", "rests", "back", "dozes", "rounds in silence",
    "idle ends", "given away", "confirmed", "denied", "voice", "together", "at once", "at last", "phrases",
    "questions", "edits", "calls", "undone", "overslept", "meddles", "snoozed for oneself", "looks", "cards",
    "shown", "boards", "added", "exports", "deleted", "floods", "warnings", "told directly",
    "plans edited", "too late", "presided", "digests set", "digests",
)  # fmt: skip


def main() -> int:
    options = _options().parse_args()
    if options.planted:
        return planted.show(options.workers, options.only, options.most)
    if options.seed is not None or options.nursery:
        single.be_repeatable("tests.universe")
        prepared = single.prepare()
        if options.nursery:
            nursery.serve(lambda arguments: _single(prepared, _options().parse_args(arguments)))
            return 0
        return _single(prepared, options)
    return _many(options)


def _single(prepared: Any, options: argparse.Namespace) -> int:
    kept = None
    if options.keep is not None:
        kept = {int(number) for number in options.keep.split(",") if number.isdecimal()}
    if options.since is not None:
        os.environ["UNIVERSE_LOG"] = "1"
    began = time.process_time()
    wish: dict[str, Any] = {
        "hours": options.hours,
        "people": options.people,
        "acts": options.acts,
        "troubles": options.troubles,
    }
    wish["first"] = options.first
    wish["often"] = tuple(filter(None, options.often.split(",")))
    verdict = single.live(prepared, options.seed, kept, **wish)
    faults = [(fault.kind, fault.at, fault.description) for fault in verdict.faults]
    if options.report:
        report = {
            "digest": verdict.digest,
            "faults": faults,
            "counts": verdict.counts,
            "disasters": len(verdict.plan.disasters),
            "epoch": verdict.began.timestamp(),
            "lines": verdict.lines if options.lines else [],
        }
        options.report.write_text(json.dumps(report))
    else:
        if options.since is not None:
            for at, line in verdict.lines:
                if at >= options.since:
                    print(f"{at:12.3f}  {line}")
        seconds = time.process_time() - began
        print(f"seed {options.seed}, from {verdict.began}, {options.hours:g} hours in {seconds:.1f} s of one core")
        print(f"digest {verdict.digest}; {dict(verdict.counts)}")
        for kind, at, description in faults:
            print(f"{kind} at {at:.3f}: {description}")
    sys.stdout.flush()
    # Nothing of the universe is taken down: tasks of the dead would run their ``finally``.
    os._exit(1 if faults else 0)


def _many(options: argparse.Namespace) -> int:
    more = [
        "--hours", str(options.hours), "--people", str(options.people),
        "--acts", str(options.acts), "--troubles", str(options.troubles), "--often", options.often,
    ]  # fmt: skip
    seeds: list[int] = []
    for some in options.seeds.split(","):
        first, _, last = some.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    if options.short:
        more, seeds = _SHORT, [*range(1, _SHORT_SEEDS + 1)]
    elif options.year:
        more, seeds = _YEAR, [1]
    hours = float(more[1])
    sums = runs.Sums(options.state)
    keys = {seed: f"{seed} {' '.join(more)}" for seed in seeds}
    began, clean, wrong = time.monotonic(), 0, []
    left = [seed for seed in seeds if keys[seed] not in sums.done]
    for result in runs.side_by_side(left, more, options.workers):
        sums.add(keys[result.seed], result, hours)
        clean += not result.faults
        if result.faults:
            wrong.append(result)
        if result.faults or not options.short:
            kinds = ", ".join(
                f"{kind} at {at:.0f}: {description}"[:300] for kind, at, description in result.faults[:3]
            )
            print(f"{time.monotonic() - began:6.0f} s  seed {result.seed} {result.digest} {kinds}", flush=True)
        if options.minutes and time.monotonic() - began > options.minutes * 60:
            break
    print(
        f"{clean} of {clean + len(wrong)} seeds of {hours:g} hours are clean, in {time.monotonic() - began:.0f} s"
    )
    lived = f"seeds {sums.counts['seeds']}, hours {sums.counts['minutes'] / 60:g}"
    print(f"added up: {lived}, " + ", ".join(f"{name} {sums.counts[name]}" for name in _SHOWN))
    print("people: " + ", ".join(f"{name} {sums.counts[name]}" for name in _DONE))
    if wrong and not options.no_story:
        _tell(wrong[0], more)
    return 1 if wrong else 0


def _tell(result: runs.Result, more: list[str]) -> None:
    """Tell the story of a failure: the disasters that it needs, and what happened up to it."""
    with runs.Nursery() as nursery_:
        kept = runs.shrink(nursery_, result, more)
        names = ",".join(map(str, kept)) or "none"
        last = nursery_.run(result.seed, [*more, "--first", "--keep", names, "--lines"])
    shrunk = last if last.faults else result
    kind, at, what = shrunk.first
    print(f"\nThe story of seed {result.seed}: {kind}, {what}")
    print(f"It needs {len(kept)} of {result.disasters} disasters (the lines with ##), by number: {names}.\n")
    for line in story.lines_about(shrunk.lines, shrunk.first, shrunk.epoch):
        print(f"  {line}")
    print("\nAll of it, with the logs:")
    since = max(0, int(at) - 300)
    print(f"  python -m tests.universe --seed {result.seed} {' '.join(more)} --keep {names} --from {since}")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.universe", description=__doc__)
    parser.add_argument("--seeds", default="1-20", help="which seeds are run, such as 7,30-40 (1-20)")
    parser.add_argument("--hours", type=float, default=24.0, help="virtual hours of each (24)")
    parser.add_argument("--people", type=int, default=24, help="how many people there are (24)")
    parser.add_argument("--acts", type=float, default=1.0, help="how much people do (1)")
    parser.add_argument("--troubles", type=float, default=1.0, help="how much goes wrong (1)")
    parser.add_argument("--often", default="", help="which disasters come often, such as kill,lost")
    parser.add_argument("--workers", type=int, default=2, help="how many are run at a time (2)")
    parser.add_argument("--minutes", type=float, help="begin to stop after so many")
    parser.add_argument("--state", type=Path, help="a file in which runs add up; those that are in it are left out")
    parser.add_argument("--no-story", action="store_true", help="do not shrink a failure")
    parser.add_argument("--short", action="store_true", help="the short form, as in CI")
    parser.add_argument("--year", action="store_true", help="a year of one team")
    parser.add_argument("--seed", type=int, help="one seed in this process")
    parser.add_argument("--from", type=float, dest="since", help="with its timeline and logs from that second on")
    parser.add_argument("--keep", help="with these of its disasters alone, by number")
    parser.add_argument("--first", action="store_true", help="end with its first fault")
    parser.add_argument("--report", type=Path, help="its verdict as JSON instead")
    parser.add_argument("--planted", action="store_true", help="plant faults in a copy, and look for each")
    parser.add_argument("--only", default="", help="only the planted faults with one of these words in their name")
    parser.add_argument("--most", type=int, default=100, help="how many seeds look for each planted fault (100)")
    parser.add_argument("--lines", action="store_true", help="the report has the timeline too")
    parser.add_argument("--nursery", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
