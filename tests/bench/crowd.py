"""A hundred timers due in the same second in one channel, Discord's limits on."""

from tests.bench.burst import Burst, burst
from tests.bench.contender import Ours, Round, Sleeping
from tests.bench.table import Figure


async def measure(run: Round) -> list[Figure]:
    """Let them come due at the same moment, and spread over the second."""
    timers, ahead = run.of(100, 30), run.of(6, 4)
    figures = []
    for how, within in (("at one moment", 0.0), ("over the second", 1.0)):
        if run.quick and within == 0.0:
            continue
        title = f"{timers} due {how} in one channel"
        bursts: dict[str, Burst] = {}
        for kind in (Ours,) if run.quick or not within else (Ours, Sleeping):
            async with run.enter(kind) as contender:
                bursts[contender.label] = await burst(contender, timers, 1, ahead, within=within)
        messages = {label: burst.messages for label, burst in bursts.items()}
        seconds = {label: burst.seconds for label, burst in bursts.items()}
        losses = {label: burst.losses for label, burst in bursts.items()}
        figures += [
            Figure.beside(f"{title}: messages", messages, "", most=5),
            Figure.beside(f"{title}: the last after", seconds, "s", most=10),
            Figure.beside(f"{title}: lost or doubled", losses, "", most=0, counts_losses=True),
        ]
    return figures
