"""Parsing: for how long the longest and hardest texts hold the event loop."""

import contextlib
import itertools
import time

from bot.domain.errors import UserError
from tests.bench.contender import Round
from tests.bench.table import Figure
from tests.long_input import PARSERS, texts

# The limit of a slash command's option; and lengths beyond which less is tried.
_LONGEST = 6000
_BOUNDS = (40, 100, 200)
# How much longer twice the text may take: timing is coarse, and 4 is quadratic.
_GROWTH = 3.5
# Milliseconds below which growth cannot be told from noise.
_NOISE = 1.0


async def measure(run: Round) -> list[Figure]:
    """Give every parser every hard text, and one twice as long; unlike in the unit tests, regex steps count."""
    worst, growth, slowest = 0.0, 0.0, ""
    for parser in PARSERS:
        for text, twice in zip(texts(_LONGEST // 2), texts(_LONGEST), strict=True):
            if _took(parser, twice) <= min(worst, _NOISE):
                continue  # neither the slowest, nor slow enough to measure its growth: once is enough
            took, took_twice = (min(_took(parser, each) for _ in range(run.of(5, 2))) for each in (text, twice))
            if took_twice > worst:
                worst, slowest = took_twice, parser
            if took > _NOISE:
                growth = max(growth, took_twice / took)
        for text in itertools.chain.from_iterable(map(texts, _BOUNDS)):
            if _took(parser, text) <= worst:
                continue
            if (took := min(_took(parser, text) for _ in range(run.of(5, 2)))) > worst:
                worst, slowest = took, parser
    return [
        Figure(f"a parser and a text of up to {_LONGEST:,} characters, the slowest ({slowest})", worst, most=5),
        Figure("twice the text takes so many times as long, at most", growth, "times", most=_GROWTH),
    ]


def _took(parser: str, text: str) -> float:
    began = time.thread_time()
    with contextlib.suppress(UserError):
        PARSERS[parser](text)
    return (time.thread_time() - began) * 1000
