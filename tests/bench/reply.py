"""The reply to a start command: how soon it comes, one by one and when 50 people a second ask."""

import time
from contextlib import AsyncExitStack

from bot.localdiscord.channel import Channel
from tests.bench.contender import Contender, Round
from tests.bench.spans import beats, middle, p99
from tests.bench.table import Figure

_HOUR = 3600
_PER_SECOND = 50
_CHANNELS = 50
_WARM_UP = 5


async def measure(run: Round) -> list[Figure]:
    """Ask each contender in turn; then check that each answered command has its row."""
    calm, seconds = run.of(100, 20), run.of(5, 2)
    rush = _PER_SECOND * seconds
    quiet: dict[str, list[float]] = {}
    busy: dict[str, list[float]] = {}
    slash: list[float] = []
    missing = 0
    async with AsyncExitStack() as stack:
        for kind in run.kinds:
            contender = await stack.enter_async_context(run.enter(kind))
            channels = contender.make_channels(_CHANNELS)
            await contender.start()
            quiet[contender.label] = (await _one_by_one(contender, channels, _WARM_UP + calm))[_WARM_UP:]
            busy[contender.label] = await _all_at_once(contender, channels, rush)
            if contender.label == "ours":
                slash = await _by_slash(contender, channels, rush)
                rows = contender.due()
                missing = sum(
                    name not in rows
                    for name, (message_id, _) in contender.requests.items()
                    if message_id in contender.ear.replies
                )
            await contender.stop()
    title, typed = "reply to a start", f"reply, {_PER_SECOND} a second for {seconds} s"
    return [
        Figure.beside(f"{title}: median", {label: middle(of) for label, of in quiet.items()}, most=8),
        Figure.beside(f"{title}: p99", {label: p99(of) for label, of in quiet.items()}, most=20),
        Figure.beside(f"{typed}, slash: p99", {"ours": p99(slash)}, most=50),
        Figure.beside(f"{typed}, typed: median", {label: middle(of) for label, of in busy.items()}),
        Figure.beside(f"{typed}, typed: p99", {label: p99(of) for label, of in busy.items()}, most=50),
        Figure(f"{title}: answered without a row", missing, "", most=0, counts_losses=True),
    ]


async def _one_by_one(contender: Contender, channels: list[Channel], count: int) -> list[float]:
    names = [f"calm{number}" for number in range(count)]
    async for beat in beats(count, 20):
        await contender.command(channels[beat % len(channels)], names[beat], _HOUR)
        await contender.answered([names[beat]])
    return contender.delays(names)


async def _all_at_once(contender: Contender, channels: list[Channel], count: int) -> list[float]:
    names = [f"rush{number}" for number in range(count)]
    async for beat in beats(count, _PER_SECOND):
        await contender.command(channels[beat % len(channels)], names[beat], _HOUR)
    await contender.answered(names)
    return contender.delays(names)


async def _by_slash(contender: Contender, channels: list[Channel], count: int) -> list[float]:
    """Ask by slash commands, whose answers Discord does not count against the 50 requests a second."""
    import asyncio

    ann = contender.discord.person("ann")
    delays = []

    async def ask(number: int) -> None:
        began = time.time()
        outcome = await ann.slash(
            channels[number % len(channels)], "pomodoro start", name=f"slash{number}", duration="1h"
        )
        delays.append((contender.discord.posted_at(outcome.answer["id"]) - began) * 1000)

    async with asyncio.TaskGroup() as asking:
        async for beat in beats(count, _PER_SECOND):
            asking.create_task(ask(beat))
    return delays
