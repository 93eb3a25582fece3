"""Outages: what Discord, the network and the database do wrong for a while."""

import asyncio
import contextlib
import math
import random
import sqlite3
from typing import TYPE_CHECKING, Any

from bot.localdiscord import failures
from tests.universe import fiber

if TYPE_CHECKING:
    from tests.universe.disasters import Disaster
    from tests.universe.universe import Universe

# The longest that one way of some bytes takes, in seconds.
_SLOWEST = 15.0

# Seconds within which it is seen that something has failed.
_MOMENT = 0.2
# How much longer events are repeated than other things go wrong.
_REPEATS = 4
# What happens without an answer, how often the gateway is silent too, and for how many seconds at least.
_ANSWERLESS, _DEAF, _FORGOTTEN = {"lost", "truncated", "broken off"}, 0.4, 330.0


async def rest(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let requests fail, all of them or those of a kind, a few times or for a while."""
    failure = {
        "drop": failures.drop,
        "lost": failures.lost,
        "500": failures.error(500, 0),
        "503": failures.error(503, 0),
        "429": failures.rate_limit(chance.uniform(0.5, 8)),
        "429 global": failures.rate_limit(chance.uniform(0.5, 4), scope="global"),
        "cloudflare": failures.cloudflare_page(*chance.choice(((429, 1015), (403, 1020), (502, None)))),
        "proxy": failures.proxy_page(chance.choice((403, 404, 502, 504))),
        "redirect": failures.redirect(status=chance.choice((302, 307))),
        "truncated": failures.truncated(),
        "broken off": failures.truncated(broken_off=True),
        "hang": failures.hang,
    }[disaster.kind]
    if disaster.kind in {"500", "503"} and chance.random() < 0.5:
        failure = failure.after_effect()
    only = chance.choice((None, None, "POST", "POST /channels/{id}/messages", "PATCH", "GET"))
    times = chance.choice((None, None, 1, 3))
    fault = universe.local.faults.fail(failure, only=only, times=times)
    if disaster.kind in _ANSWERLESS and chance.random() < _DEAF:
        await _be_deaf(universe, max(disaster.seconds, _FORGOTTEN))
    else:
        universe.judge.trouble(disaster.kind, disaster.seconds)
        await asyncio.sleep(disaster.seconds)
    fault.off()


async def hiccup(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let a single message fail, before its effect: the next try succeeds."""
    only = "POST /channels/{id}/messages"
    fault = universe.local.faults.fail(failures.error(503, 0), only=only, times=1)
    until = universe.judge.now + disaster.seconds
    while fault.left and universe.judge.now < until:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(_MOMENT)
    universe.judge.trouble(disaster.kind, 0.0)
    fault.off()


async def _be_deaf(universe: "Universe", seconds: float) -> None:
    """Let the bot not hear of what it has said by the gateway either, until Discord has forgotten its nonce."""
    universe.judge.trouble("deaf", seconds)
    universe.local.faults.gateway_down = True
    await universe.local.drop_gateway(resumable=False)
    await asyncio.sleep(seconds)
    universe.local.faults.gateway_down = False


async def held(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Lose the answer to a message, and let it be tried again only when Discord has forgotten its nonce."""
    only = "POST /channels/{id}/messages"
    universe.judge.trouble(disaster.kind, 2 * _FORGOTTEN)
    lost = universe.local.faults.fail(failures.lost, only=only, times=1)
    limit = universe.local.faults.fail(failures.rate_limit(_FORGOTTEN, scope="global"), only=only, times=1)
    deaf = asyncio.create_task(_be_deaf(universe, 2 * _FORGOTTEN))
    await asyncio.sleep(_FORGOTTEN)
    lost.off()
    limit.off()
    await deaf


async def gateway_drop(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    universe.judge.trouble(disaster.kind, 10.0, delays=False)
    await universe.local.drop_gateway(resumable=disaster.kind == "gateway drop")


async def gateway_down(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    universe.judge.trouble(disaster.kind, disaster.seconds, delays=False)
    universe.local.faults.gateway_down = True
    await asyncio.sleep(disaster.seconds)
    universe.local.faults.gateway_down = False


async def gateway_break(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    how: Any = chance.choice(("refuse", "reset", "hello", "ready"))
    universe.judge.trouble(disaster.kind, disaster.seconds, delays=False)
    fault = universe.local.faults.break_gateway(how, times=chance.choice((1, 2, 4)))
    await universe.local.drop_gateway(resumable=chance.random() < 0.7)
    await asyncio.sleep(disaster.seconds)
    fault.off()


async def no_resume(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    universe.judge.trouble(disaster.kind, disaster.seconds, delays=False)
    universe.local.faults.refuse_resume = True
    await universe.local.drop_gateway()
    await asyncio.sleep(disaster.seconds)
    universe.local.faults.refuse_resume = False


async def late_ready(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    universe.judge.trouble(disaster.kind, disaster.seconds, delays=False)
    fault = universe.local.faults.hold_ready(times=1)
    await universe.local.drop_gateway(resumable=False)
    await asyncio.sleep(disaster.seconds)
    fault.off()


async def gateway_asks(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    universe.judge.trouble(disaster.kind, 10.0, delays=False)
    if disaster.kind == "reconnect":
        universe.local.gateway.ask_reconnect()
    else:
        universe.local.gateway.invalidate(resumable=chance.random() < 0.5)


async def repeated(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Send what people have just written or pressed once more for a while, as Discord at times does."""
    until = universe.judge.now + disaster.seconds * _REPEATS
    while True:
        await universe.judge.question()
        await asyncio.sleep(chance.choice((0.0, 0.05, 2.0)))
        for name in ("MESSAGE_CREATE", "INTERACTION_CREATE"):
            with contextlib.suppress(IndexError):  # there was none yet
                universe.local.gateway.repeat(name)
        if universe.judge.now > until:
            return


async def latency(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let all bytes be slow."""
    slowest = chance.choice((0.5, 2.0, _SLOWEST))
    universe.judge.trouble(disaster.kind, disaster.seconds + slowest)
    usual = universe.network.latency
    universe.network.latency = lambda: chance.uniform(0, slowest)
    await asyncio.sleep(disaster.seconds)
    universe.network.latency = usual


async def cut(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Reset all connections; where it is dark, let there be no new ones for a while."""
    dark = disaster.kind == "dark"
    universe.judge.trouble(disaster.kind, disaster.seconds if dark else 1.0)
    universe.network.down = dark
    universe.network.cut()
    if dark:
        await asyncio.sleep(disaster.seconds)
        universe.network.down = False


async def locked(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let another program hold the database's lock."""
    universe.judge.trouble(disaster.kind, disaster.seconds)
    other = sqlite3.connect(universe.database, isolation_level=None)
    for _ in range(200):
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            await asyncio.sleep(0.01)
        else:
            break
    await asyncio.sleep(disaster.seconds)
    other.roll_back()  # type: ignore[attr-defined]
    other.close()


async def disk(universe: "Universe", disaster: "Disaster", chance: random.Random) -> None:
    """Let statements fail, perhaps a few reads of one table only, or take long, before or after they are done."""
    universe.judge.trouble(disaster.kind, disaster.seconds + 5)
    longest = chance.choice((0.05, 0.4, 1.5))
    of = chance.choice(("", "", "timers", "outbox"))
    left = chance.choice((math.inf, math.inf, 1, 3))

    def full(statement: str) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "COMMIT")):
            raise sqlite3.OperationalError("database or disk is full")

    def slow(_: str) -> None:
        here = fiber.current()
        if here:
            here.block(chance.uniform(0, longest))

    def unreadable(statement: str) -> None:
        nonlocal left
        if left > 0 and statement.lstrip().upper().startswith("SELECT") and f"FROM {of}" in statement:
            left -= 1
            raise sqlite3.OperationalError("disk I/O error")

    if disaster.kind in {"full", "unreadable"}:
        universe.disk.before = full if disaster.kind == "full" else unreadable
    elif disaster.kind == "slow":
        universe.disk.before = slow
    else:
        universe.disk.after = slow
    await asyncio.sleep(disaster.seconds)
    universe.disk.before = universe.disk.after = None


REST = (
    "drop", "lost", "500", "503", "429", "429 global", "cloudflare", "proxy", "redirect", "truncated", "broken off",
    "hang",
)  # fmt: skip
ACTS = {
    **dict.fromkeys(REST, rest),
    "held": held,
    "hiccup": hiccup,
    **dict.fromkeys(("gateway drop", "gateway lost"), gateway_drop),
    "gateway down": gateway_down,
    "gateway break": gateway_break,
    "no resume": no_resume,
    "late ready": late_ready,
    **dict.fromkeys(("reconnect", "invalid session"), gateway_asks),
    "repeated": repeated,
    "latency": latency,
    **dict.fromkeys(("cut", "dark"), cut),
    "locked": locked,
    **dict.fromkeys(("full", "unreadable", "slow", "late answer"), disk),
}
