"""One seed in this process: the replacements are made before anything of the bot is imported."""

import gc
import os
import random
import shutil
import sys
import tempfile
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.universe import phrases, world
from tests.universe.loop import Loop

if TYPE_CHECKING:
    from tests.universe.universe import Verdict

# Where files cost nothing to write through.
_MEMORY = Path("/dev/shm")
# One seed in this many has people who read the tables.
_READ = 5
# One in this many begins with a Monday, when weeks are posted.
_WEEKLY = 6
_NO_RANDOM_ADDRESSES = 0x0040000


def be_repeatable(module: str) -> None:
    """Restart this process with a fixed order of sets, some of which depends on hashes of texts and addresses."""
    if os.environ.get("PYTHONHASHSEED") == "0":
        return
    import contextlib
    import ctypes

    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).personality(_NO_RANDOM_ADDRESSES)
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]])


def epoch_of(seed: int) -> float:
    """Draw a midnight (UTC) of two years, every third before a change of clocks somewhere.

    Some begin shortly before the minute that the tables of reminders are about, or with a Monday.
    """
    if seed % _READ == 0:
        return phrases.MOMENT.timestamp() - phrases.AT
    chance = random.Random(f"epoch {seed}")
    if seed % _WEEKLY == 2:
        return (datetime(2026, 1, 5, tzinfo=UTC) + timedelta(weeks=chance.randint(0, 100))).timestamp()
    changes = (
        (2026, 3, 8),
        (2026, 3, 29),
        (2026, 4, 5),
        (2026, 9, 27),
        (2026, 10, 4),
        (2026, 10, 25),
        (2026, 11, 1),
    )
    if chance.random() < 1 / 3:
        day = datetime(*chance.choice(changes), tzinfo=UTC) - timedelta(days=chance.randint(0, 1))
    else:
        day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=chance.randint(0, 729))
    return day.timestamp()


def prepare() -> tuple[Loop, world.Disk]:
    """Make the replacements, and import the rest: the same for every seed."""
    zoneinfo.reset_tzpath(to=())
    loop = Loop(0.0)
    world.rule_time(loop)
    world.rule_chance(0)
    disk = world.Disk()
    world.rule_sqlite(loop, disk)
    import tests.universe.universe  # noqa: F401 - the bot with it

    world.rule_discord(loop)
    gc.collect()
    gc.freeze()
    gc.disable()
    return loop, disk


def live(prepared: tuple[Loop, world.Disk], seed: int, kept: "set[int] | None" = None, **wish: Any) -> "Verdict":
    """Run the universe of a seed, perhaps with some of its disasters only; return its verdict."""
    from tests.universe.universe import Universe, Wish

    loop, disk = prepared
    loop.epoch = epoch_of(seed)
    world.rule_chance(seed)
    folder = Path(tempfile.mkdtemp(prefix="universe-", dir=_MEMORY if _MEMORY.is_dir() else None))
    universe = Universe(Wish(seed, **wish), loop, disk, folder)
    universe.kept = kept
    try:
        return loop.run_until_complete(universe.run())
    except RuntimeError:
        if not universe.wish.first or not universe.judge.faults:
            raise
        return universe.verdict()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
