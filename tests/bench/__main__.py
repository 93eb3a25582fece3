"""The command line: ``python -m tests.bench [--quick] [--only NAME …]``."""
# ruff: noqa: T201 - a command line prints

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bot.localdiscord.backend import Backend
from tests import openapi
from tests.bench import (
    burst,
    crowd,
    digests,
    exporting,
    looking,
    parsing,
    pictures,
    processes,
    reminding,
    reply,
    resting,
    session,
    single,
    spread,
)
from tests.bench.contender import Round
from tests.bench.table import Figure, show

_MEASURES: dict[str, Callable[[Round], Coroutine[Any, Any, list[Figure]]]] = {
    "parsing": parsing.measure,
    "single": single.measure,
    "spread": spread.measure,
    "reply": reply.measure,
    "burst": burst.measure,
    "crowd": crowd.measure,
    "session": session.measure,
    "reminders": reminding.measure,
    "resting": resting.measure,
    "pictures": pictures.measure,
    "digests": digests.measure,
    "looking": looking.measure,
    "exporting": exporting.measure,
    "processes": processes.measure,
    "million": resting.measure_million,
}
_LONG = {"million", "processes"}

_LEGEND = """\
Late is from the deadline until the local Discord, which runs in this process, has the message. Our deadline is
the row's `due_at`, a session's the place in its plan from its beginning; a plain bot's is its clock when it got
the command, plus the length. Discord's limits are on in `burst`, `crowd`, `session` and `digests` alone. Of the
plain bots, `sleeping` awaits `asyncio.sleep`, and `ticking` has a thread for each timer that sleeps a second at a
time. A ratio is our figure over theirs: less is better."""


def main() -> int:
    """Measure and print.

    Exit with 1 if the bot lost or doubled anything, or broke Discord's API; a missed figure exits with 0.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the bot takes, in figures.")
    parser.add_argument("--quick", action="store_true", help="short forms, in less than a minute")
    parser.add_argument("--only", action="append", choices=_MEASURES, metavar="NAME", help=", ".join(_MEASURES))
    arguments = parser.parse_args()
    chosen = arguments.only or [name for name in _MEASURES if not (arguments.quick and name in _LONG)]
    print(_machine(), end="\n\n")
    figures: list[Figure] = []
    violations: list[str] = []
    opened: list[Backend] = []
    Backend.on_open.append(opened.append)
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder:
        for name in chosen:
            began = time.monotonic()
            figures += asyncio.run(_MEASURES[name](Round(Path(folder), arguments.quick)))
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            violations += _violations(opened)
            opened.clear()
    print(show(figures), _LEGEND, sep="\n\n")
    missed = [figure.measure for figure in figures if not figure.met]
    print(f"\n{len(missed)} missed: {'; '.join(missed)}" if missed else "\nAll met.")
    for violation in violations:
        print(f"Not as Discord describes it: {violation}")
    return int(bool(violations) or any(figure.counts_losses and not figure.met for figure in figures))


def _violations(backends: list[Backend]) -> list[str]:
    """Check a measurement's recorded requests and answers against Discord's API description."""
    if not openapi.available():
        return []
    exchanges = [exchange for backend in backends for exchange in backend.record.exchanges]
    return [wrong for exchange in exchanges if (wrong := openapi.violation(exchange))]


def _machine() -> str:
    """Return the machine measured on and its load beforehand: figures from a busy machine are worth less."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}"
    return f"{machine}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
