"""Disasters: what goes wrong, drawn from the seed before anything begins, so that it can be shrunk."""

import asyncio
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.universe import changes, outages, upheavals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tests.universe.universe import Universe

# How many of each kind come in a day, on average.
RATES = {
    # To processes.
    "kill": 3.0, "takeover": 1.0, "cancel": 1.0, "deploy": 1.0, "suspend": 1.0, "step": 0.5, "skew": 0.3,
    "newer": 1.0,
    # To REST: before the effect, or after it.
    "drop": 1.0, "lost": 2.0, "500": 0.7, "503": 0.7, "429": 0.7, "429 global": 0.5, "cloudflare": 0.5,
    "proxy": 0.5, "redirect": 0.3, "truncated": 0.7, "broken off": 0.5, "hang": 0.5,
    "hiccup": 2.0,
    # To the gateway.
    "gateway drop": 1.0, "gateway lost": 0.7, "gateway down": 0.7, "gateway break": 0.7, "no resume": 0.5,
    "repeated": 2.0, "late ready": 0.4, "reconnect": 0.5, "invalid session": 0.5,
    # To the network.
    "latency": 1.5, "cut": 1.0, "dark": 0.7,
    # To the database.
    "locked": 1.5, "full": 0.7, "unreadable": 0.7, "slow": 1.0, "late answer": 1.0,
    # To places and people.
    "channel deleted": 0.3, "muted": 0.7, "blind": 0.5, "member left": 0.5, "bot kicked": 0.2, "dm closed": 0.5,
    "demoted": 1.0, "silenced": 1.0,
    # To messages whose answer was lost.
    "held": 0.3,
}  # fmt: skip
_DAY = 86_400.0
# What bides its time until something is about to be said, and how often.
_BIDING = {
    *outages.REST,
    "held",
    "hiccup",
    "latency",
    "cut",
    "dark",
    "locked",
    "full",
    "unreadable",
    "slow",
    "late answer",
    "suspend",
    "step",
}
_BIDES = 0.6
# What may wait for a process to start instead, and how often.
_OF_STARTS, _AT_STARTS = {"locked", "full", "unreadable", "slow", "late answer"}, 0.4
# How many times as often as usual, and as once a day, what is to come often does.
_OFTEN = 20
# How often one lasts for minutes, so that Discord forgets nonces.
_LONG = 0.12
# Seconds after the start before anything goes wrong.
_PEACE = 600.0


@dataclass(frozen=True, slots=True)
class Disaster:
    """One of them: when it begins, what it is, and for how long; ``dice`` decides what it leaves to chance."""

    at: float
    kind: str
    seconds: float
    dice: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All that goes wrong, in order."""

    disasters: tuple[Disaster, ...] = ()

    @classmethod
    def drawn(cls, seed: int, until: float, times: float = 1.0, often: "Sequence[str]" = ()) -> "Plan":
        """Draw what goes wrong; some seeds have twice as much of it, some none. Kinds may come ``often``."""
        chance = random.Random(f"disasters {seed}")
        much = times * chance.choice((0.0, 0.5, 1.0, 1.0, 2.0))
        disasters = []
        for kind, rate in RATES.items():
            many = max(rate, 1.0) * times * _OFTEN if kind in often else rate * much
            at = _PEACE + chance.expovariate(max(many, 1e-9) / _DAY)
            while at < until:
                is_long = chance.random() < _LONG
                seconds = chance.uniform(100, 400) if is_long else min(chance.expovariate(1 / 25), 300.0)
                disasters.append(Disaster(round(at, 3), kind, round(seconds, 3), chance.randrange(1 << 30)))
                at += seconds + chance.expovariate(max(many, 1e-9) / _DAY)
        return cls(tuple(sorted(disasters, key=lambda disaster: disaster.at)))

    def only(self, kept: "set[int]") -> "Plan":
        """Return the plan with these of its disasters, by their place in it."""
        return Plan(tuple(disaster for number, disaster in enumerate(self.disasters) if number in kept))


class Disasters:
    """Lets a plan happen to a universe."""

    def __init__(self, plan: Plan, universe: "Universe") -> None:
        self._plan = plan
        self._universe = universe
        self._acts: dict[str, Callable[[Universe, Disaster, random.Random], Awaitable[Any]]] = {
            **outages.ACTS,
            **upheavals.ACTS,
            **changes.ACTS,
        }

    async def happen(self, until: float) -> None:
        """Let everything happen in its time, up to a moment; then all is well again."""
        universe = self._universe
        tasks = []
        for disaster in self._plan.disasters:
            await asyncio.sleep(max(0.0, disaster.at - universe.loop.now))
            tasks.append(asyncio.ensure_future(self._strike(disaster)))
        await asyncio.sleep(max(0.0, until - universe.loop.now))
        await asyncio.gather(*tasks)
        universe.local.faults.clear()

    async def _strike(self, disaster: Disaster) -> None:
        """Let one happen; some bide their time until something is about to be said."""
        universe, chance = self._universe, random.Random(disaster.dice)
        if disaster.kind in _BIDING and chance.random() < _BIDES:
            await universe.judge.before_next_due(chance.choice((0.03, 0.5, 3.0)))
        elif disaster.kind in _OF_STARTS and chance.random() < _AT_STARTS:
            await universe.starting()
        universe.record.add(f"## {disaster.kind} for {disaster.seconds} s")
        universe.judge.counts["disasters"] += 1
        await self._acts[disaster.kind](universe, disaster, chance)
