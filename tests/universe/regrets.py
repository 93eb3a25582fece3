"""Regrets: what people take back, of what they have just done."""

from collections.abc import Callable
from typing import Any

from tests.universe import sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Promise

# How often somebody takes back what they have done to a pomodoro, and to a reminder; and within how many seconds.
OFTEN = 0.35
_SOON = 1.0, 120.0
# Seconds that an extension must have left to be taken back.
_CLOSE = 5.0
_EXTENSION = 300.0

# Pomodoros that something was done to, each with what takes it back.
Done = list[tuple[Promise, Callable[[float], None]]]


async def of_timers(human: Human, channel: Any, done: Done, way: str, since: float) -> None:
    """Take back what was done last to one pomodoro or several, asked for at a moment."""
    await human.pause(human.chance.uniform(*_SOON))
    if any(promise.uncertain for promise, _ in done):
        return
    answer = await human.type(channel, "!pomodoro undo")
    if answer.words is None:
        for promise, _ in done:
            promise.doubt()
        return
    human.judge.counts["undone"] += 1
    is_undone = answer.words.startswith(sentences.UNDONE)
    is_close = way == "extend" and any(
        promise.open_due and promise.open_due.lo - _EXTENSION < human.now + _CLOSE for promise, _ in done
    )
    is_right = is_close or (is_undone and all(promise.token in answer.words for promise, _ in done))
    if not human.is_excused(since):
        human.hold_reading(answer, f"!pomodoro undo, of {way}", is_right=is_right)
    for promise, restore in done:
        if is_undone and promise.token in answer.words:
            if way == "extend":
                promise.delay(-_EXTENSION)
            else:
                restore(answer.answered_at)


async def of_reminder(
    human: Human, answer: Answer, promise: Promise, restore: Callable[[float], None] | None
) -> None:
    """Press *Undo* under what was answered: it is cancelled, or (with ``restore``) as before an edit."""
    await human.pause(human.chance.uniform(*_SOON))
    due = promise.open_due
    if promise.uncertain or due is None or due.lo < human.now + _CLOSE:
        return
    undone = await human.press(answer.message, sentences.UNDO)
    human.judge.counts["undone"] += 1
    if undone.words is None or undone.words.startswith("("):
        if not undone.words or undone.words == "(defer)":
            promise.doubt()
            promise.most_unsure()
    elif restore is None:
        human.hold_reading(undone, f"Undo of {promise.token}", is_right=sentences.UNDONE_SET in undone.words)
        if sentences.UNDONE_SET in undone.words:
            promise.end(undone.asked_at, undone.answered_at)
    elif sentences.UNDONE_EDIT in undone.words:
        restore(undone.answered_at)
        if promise.open_due and not promise.open_due.optional:
            human.hold_shown(promise, undone.words)
