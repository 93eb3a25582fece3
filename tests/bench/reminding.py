"""Reminders: the cost of those years away, how soon a new one is answered, and many due at once."""

import asyncio
import time
from collections.abc import Iterator

from tests.bench.burst import burst, figures_of
from tests.bench.contender import Ours, Round
from tests.bench.resting import SETTLE
from tests.bench.spans import beats, middle, p99
from tests.bench.table import Figure
from tests.bench.waiting import Reminding

_YEARS = 5 * 365 * 86_400
# As many as a person may have pending.
_EACH = 50
_RULES = (None, None, None, "FREQ=DAILY;INTERVAL=1", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR")
_WARM_UP = 5


async def measure(run: Round) -> list[Figure]:
    """Start with reminders spread over five years, and with none; then set new ones beside them."""
    count, new = run.of(1_000_000, 20_000), run.of(100, 20)
    title = f"{count:,} reminders over five years"
    async with run.enter(Ours) as empty:
        await empty.start()
        await asyncio.sleep(SETTLE)
        none = empty.process.memory()
    async with run.enter(Ours) as contender:
        assert isinstance(contender, Ours)
        await contender.migrate()
        contender.preload(_spread(count, contender.discord.channel("quiet").id))
        ready = await contender.start()
        await asyncio.sleep(SETTLE)
        memory = contender.process.memory()
        channels = contender.make_channels(20)
        set_, short = (
            [f"later{number}" for number in range(_WARM_UP + new)],
            [f"soon{number}" for number in range(10)],
        )
        async for beat in beats(len(set_), 20):
            await contender.command(channels[beat % 20], set_[beat], 3600, "!remind {1}s {0}")
            await contender.answered([set_[beat]])
        for name in short:
            await contender.command(channels[0], name, 1, "!remind {1}s {0}")
            await contender.announced([name], silence=5)
        delays, late = contender.delays(set_)[_WARM_UP:], contender.lateness(short)
        losses = contender.losses(short)
    async with run.enter(Ours) as contender:
        timers, rooms = run.of(1_000, 100), run.of(200, 20)
        many = await burst(contender, timers, rooms, run.of(10, 4), reminders=True)
    return [
        Figure(f"{title}: memory over none", memory - none if memory and none else None, "MB", 15),
        Figure(f"{title}: ready", ready, "s", 10),
        Figure(f"{title}: reply to a new one, median", middle(delays), most=20),
        Figure(f"{title}: reply to a new one, p99", p99(delays), most=20),
        Figure(f"{title}: a new one late, median", middle(late), most=5),
        Figure(f"{title}: lost or doubled", losses, "", 0, counts_losses=True),
        *figures_of(f"{timers:,} reminders due in one second in {rooms} channels", {"ours": many}),
    ]


def _spread(count: int, channel_id: str) -> Iterator[Reminding]:
    """Return reminders of many people, evenly from tomorrow on, some of which repeat."""
    since = time.time() + 86_400
    return (
        Reminding(
            f"years{number}",
            channel_id,
            since + _YEARS * number / count,
            owner_id=10**17 + number // _EACH,
            rule=_RULES[number % len(_RULES)],
        )
        for number in range(count)
    )
