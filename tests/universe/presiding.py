"""Presiding: what a moderator does to what is others', where they moderate: it is done."""

from tests.universe import altering, changing
from tests.universe.human import Human
from tests.universe.promise import Promise

# How often a moderator turns to a timer rather than to a reminder.
_TIMERS = 0.7
_WAYS = "pause", "extend", "cancel", "press"


async def act(human: Human) -> None:
    """Change something of somebody who is not just doing anything."""
    there = {channel.id for channel in human.channels}
    idle = {other.id: other for other in human.neighbours if other is not human and not other.is_busy}
    theirs = [
        promise
        for promise in human.judge.promises.values()
        if promise.owner_id in idle and promise.place_id in there and promise.number.startswith("#")
        if promise.card and promise.is_waiting(human.now) and not promise.uncertain and not promise.is_direct
    ]
    timers = [promise for promise in theirs if promise.token[0] == "t"]
    reminders = [promise for promise in theirs if promise.token[0] == "r" and not promise.repeats]
    some = timers if timers and (human.chance.random() < _TIMERS or not reminders) else reminders
    if not some:
        return
    promise = human.chance.choice(some[-6:])
    owner = idle[promise.owner_id]
    owner.is_busy = True
    try:
        human.judge.counts["presided"] += 1
        await _change(human, promise)
    finally:
        owner.is_busy = False


async def _change(human: Human, promise: Promise) -> None:
    if promise.token[0] == "t":
        await changing.change(human, promise, human.chance.choice(_WAYS), may_regret=False)
    else:
        await altering.cancel_there(human, promise)
