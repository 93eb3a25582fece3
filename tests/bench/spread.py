"""200 timers due over 20 seconds while others are being started: how late the latest are."""

from contextlib import AsyncExitStack

from tests.bench.contender import Round
from tests.bench.spans import beats, middle, p99
from tests.bench.table import Figure

_PER_SECOND = 10
_SECONDS = 2
_CHANNELS = 20


async def measure(run: Round) -> list[Figure]:
    """Start ten a second, each for two seconds; return the median figures of several passes, in turn."""
    timers, passes = run.of(200, 20), run.of(3, 1)
    async with AsyncExitStack() as stack:
        contenders = [await stack.enter_async_context(run.enter(kind)) for kind in run.kinds]
        channels = {contender.label: contender.make_channels(_CHANNELS) for contender in contenders}
        worst: dict[str, list[float]] = {contender.label: [] for contender in contenders}
        usual: dict[str, list[float]] = {contender.label: [] for contender in contenders}
        lost = dict.fromkeys(worst, 0)
        for contender in contenders:
            await contender.start()
        for number in range(passes):
            names = [f"spread{number}-{timer}" for timer in range(timers)]
            for contender in contenders:
                places = channels[contender.label]
                async for beat in beats(timers, _PER_SECOND):
                    await contender.command(places[beat % _CHANNELS], names[beat], _SECONDS)
                await contender.announced(names, silence=5)
                late = contender.lateness(names)
                worst[contender.label].append(p99(late) or 0.0)
                usual[contender.label].append(middle(late) or 0.0)
                lost[contender.label] += sum(name not in contender.ear.announced for name in names)
        for contender in contenders:
            lost[contender.label] += contender.ear.doubled
    title = f"{timers} timers over {timers // _PER_SECOND} s"
    highest = {label: middle(of) for label, of in worst.items()}
    over = (highest["ours"] or 0.0) - (highest["sleeping"] or 0.0)
    return [
        Figure.beside(f"{title}: late, median", {label: middle(of) for label, of in usual.items()}),
        Figure.beside(f"{title}: late, p99", highest, most=30),
        Figure(f"{title}: p99 over sleeping", over, most=15),
        Figure.beside(f"{title}: lost or doubled", lost, "", most=0, counts_losses=True),
    ]
