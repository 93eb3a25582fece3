"""Many timers due in the same second, under Discord's rate limits: when the last is announced, and the cost."""

import time
from dataclasses import dataclass

from tests.bench.contender import Contender, Ours, Round
from tests.bench.spans import beats
from tests.bench.table import Figure
from tests.bench.waiting import Reminding, Waiting

# Discord's requests a second, and how much longer than at that rate it may take.
_PACE, _SLACK = 50, 1.1
# A baseline is given up after this long without a request: its library retries within five seconds or never.
_SILENCE = 8.0
_CARD = {"flags": 1 << 15, "components": [{"type": 10, "content": "a card"}]}


@dataclass(frozen=True, slots=True)
class Burst:
    """The outcome of one burst: seconds from the first deadline to the last announcement, and Discord's counts."""

    seconds: float
    messages: int
    requests: int
    refused: int
    losses: int

    @property
    def share_refused(self) -> float:
        return 100 * self.refused / max(1, self.requests)


async def measure(run: Round) -> list[Figure]:
    """Run 1,000 timers in 200 channels, with and without cards."""
    timers, channels = run.of(1_000, 100), run.of(200, 20)
    title = f"{timers:,} due in one second in {channels} channels"
    bursts: dict[str, Burst] = {}
    for kind in run.kinds:
        async with run.enter(kind) as contender:
            bursts[contender.label] = await burst(contender, timers, channels, ahead=run.of(10, 4))
    figures = figures_of(title, bursts)
    if not run.quick:
        async with run.enter(Ours) as contender:
            with_cards = await burst(contender, timers, channels, ahead=10, cards=True)
        figures += figures_of(f"{title}, with cards", {"ours": with_cards})
    return figures


def figures_of(title: str, bursts: dict[str, Burst]) -> list[Figure]:
    """Return the figures of a burst; ours should take little longer than Discord's rate limits require."""

    def each(name: str) -> dict[str, float | None]:
        return {label: getattr(burst, name) for label, burst in bursts.items()}

    most = round(_SLACK * bursts["ours"].messages / _PACE, 2)
    return [
        Figure.beside(f"{title}: the last after", each("seconds"), "s", most=most),
        Figure.beside(f"{title}: messages", each("messages"), ""),
        Figure.beside(f"{title}: requests refused (429)", each("share_refused"), "%", most=2),
        Figure.beside(f"{title}: lost or doubled", each("losses"), "", most=0, counts_losses=True),
    ]


async def burst(
    contender: Contender,
    timers: int,
    channels: int,
    ahead: float,
    *,
    cards: bool = False,
    reminders: bool = False,
    within: float = 1.0,
) -> Burst:
    """Start a contender with timers due ``ahead`` seconds later at least, spread evenly over ``within`` seconds.

    Ours finds them in its database; a baseline can only be sent the commands, with the limits off meanwhile.
    Raises ``RuntimeError`` if this machine was too slow to have them all started in time.
    """
    discord, ear = contender.discord, contender.ear
    places = contender.make_channels(channels)
    names = [f"burst{number}" for number in range(timers)]
    if isinstance(contender, Ours):
        # A busy machine is given longer to start the bot.
        ahead = max(ahead, 4 * await contender.migrate())
        first = time.time() + ahead
        kind = Reminding if reminders else Waiting
        rows = [
            kind(
                name,
                places[number % channels].id,
                first + within * number / timers,
                discord.backend.posting.create(places[number % channels], discord.bot, _CARD).id if cards else None,
            )
            for number, name in enumerate(names)
        ]
        contender.preload(rows)
        await contender.start()
    else:
        await contender.start()
        # Typing the commands takes time, so the deadlines lie so far ahead; all are whole seconds long.
        ahead = 2 + timers / 100
        first = time.time() + ahead
        async for beat in beats(timers, 150):
            await contender.command(places[beat % channels], names[beat], round(first - time.time() + within / 2))
        await contender.answered(names)
    if time.time() > first:
        raise RuntimeError(f"{contender.label} was not ready before its {timers} timers were due")
    ear.forget_requests()
    discord.limits.enabled = True
    await contender.announced(names, _SILENCE + ahead)
    announced_at = [ear.announced[name][0] for name in names if name in ear.announced]
    seconds = max(announced_at, default=0.0) - min(contender.due()[name] for name in names)
    if cards:  # the cards' edits come last, and count among the requests
        await ear.until(lambda: False, _SILENCE)
    return Burst(seconds, ear.announcing_messages, len(ear.requests), ear.refused, contender.losses(names))
