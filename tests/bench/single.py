"""One timer on a quiet machine: how late its announcement is."""

from contextlib import AsyncExitStack

from tests.bench.contender import Round
from tests.bench.spans import beats, earliest, greatest, middle
from tests.bench.table import Figure

_WARM_UP = 1
# Seconds from one contender's timer to the next one's, so that no two are busy at the same moment.
_APART = 0.4


async def measure(run: Round) -> list[Figure]:
    """Let the contenders run one-second timers, in turn, over and over."""
    timers = run.of(30, 6)
    names = [f"single{number}" for number in range(_WARM_UP + timers)]
    async with AsyncExitStack() as stack:
        contenders = [await stack.enter_async_context(run.enter(kind)) for kind in run.kinds]
        for contender in contenders:
            await contender.start()
        turns = [(contender, name) for name in names for contender in contenders]
        async for turn in beats(len(turns), 1 / _APART):
            contender, name = turns[turn]
            await contender.command(contender.discord.channel("focus"), name, 1)
        for contender in contenders:
            await contender.announced(names, silence=5)
        late = {contender.label: contender.lateness(names[_WARM_UP:]) for contender in contenders}
        felt = {contender.label: contender.felt(names[_WARM_UP:]) for contender in contenders}
        lost = {contender.label: contender.losses(names) for contender in contenders}
    title = f"one timer, {timers} times"
    return [
        Figure.beside(f"{title}: late, median", {label: middle(of) for label, of in late.items()}, most=5),
        Figure.beside(f"{title}: late, max", {label: greatest(of) for label, of in late.items()}, most=20),
        Figure.beside(f"{title}: late, earliest", {label: earliest(of) for label, of in late.items()}, least=-20),
        Figure.beside(f"{title}: from the command, median", {label: middle(of) for label, of in felt.items()}),
        Figure.beside(f"{title}: lost or doubled", lost, "", most=0, counts_losses=True),
    ]
