"""Regrets: what people take back, of what they have just done."""

from collections.abc import Callable
from typing import Any

from tests.universe import sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Promise

# How often somebody takes back what they have done to a pomodoro, and to a reminder; and within how many seconds.
OFTEN = 0.35
_SOON = 1.0, 120.0
# How often they think of it once it can't be taken back any more, and after how many seconds.
_TOO_LATE, _LATE = 0.2, (305.0, 400.0)
# How often somebody types that they take back what they set last.
_TYPED = 0.5
# How often they try to take it back once more.
_REPEATS = 0.3
# Seconds that an extension must have left to be taken back.
_CLOSE = 5.0
_EXTENSION = 300.0

# Pomodoros that something was done to, each with what takes it back.
Done = list[tuple[Promise, Callable[[float], None]]]


async def of_timers(human: Human, channel: Any, done: Done, way: str, since: float) -> None:
    """Take back what was done last to one pomodoro or several, asked for at a moment."""
    is_late = human.chance.random() < _TOO_LATE
    await human.pause(human.chance.uniform(*(_LATE if is_late else _SOON)))
    if is_late:
        await _in_vain(human, channel, "after five minutes")
    elif not any(promise.uncertain for promise, _ in done):
        await _take_back(human, channel, done, way, since)


async def _take_back(human: Human, channel: Any, done: Done, way: str, since: float) -> None:
    answer = await _undo(human, channel, done, way)
    if answer.words is None:
        for promise, restore in done:
            promise.waver(restore, answer.answered_at)
        return
    human.judge.counts["undone"] += 1
    is_undone = answer.words.startswith(sentences.UNDONE)
    is_close = way == "extend" and any(
        promise.open_due and promise.open_due.lo - _EXTENSION < human.now + _CLOSE for promise, _ in done
    )
    brought_back = {promise.token for promise, _ in done if promise.is_named(answer.words)}
    is_right = is_close or (is_undone and len(brought_back) == len(done))
    if way == "cancel" and _are_many(human, done):  # as many are brought back as there is room for
        is_right |= sentences.LIMIT in answer.words or bool(is_undone and brought_back)
    if not human.is_excused(since):
        human.hold_reading(answer, f"!pomodoro undo, of {way}", is_right=is_right)
    for promise, restore in done:
        if is_undone and promise.is_named(answer.words):
            if way == "extend":
                promise.delay(-_EXTENSION)
            else:
                restore(answer.answered_at)
    if is_undone and not human.is_excused(since) and human.chance.random() < _REPEATS:
        await _in_vain(human, channel, "once more")


async def _in_vain(human: Human, channel: Any, when: str) -> None:
    """Try to take back what can't be any more."""
    answer = await human.type(channel, "!pomodoro undo")
    is_refused = not (answer.words or "").startswith(sentences.UNDONE)
    human.hold_reading(answer, f"!pomodoro undo, {when}", is_right=is_refused)


async def _undo(human: Human, channel: Any, done: Done, way: str) -> Answer:
    """Type that; what was cancelled, and whose time has passed, may come before it is answered."""
    back = [promise.dues[-1] for promise, _ in done if way == "cancel" and promise.dues and promise.dues[-1].missed]
    for due in back:
        due.hi, due.optional, due.missed = max(due.hi, human.now), True, False
    answer = await human.type(channel, "!pomodoro undo")
    for due in back:
        due.missed = due.told_at is None
    return answer


def _are_many(human: Human, done: Done) -> bool:
    """Return whether somebody may have more timers than they may have, were these brought back."""
    back = {promise.token for promise, _ in done}
    mine = [promise for promise in human.judge.promises.values() if promise.owner_id == human.id]
    others = [promise for promise in mine if promise.token[0] == "t" and promise.token not in back]
    return sum(promise.most_going(human.now) for promise in others) + len(done) > human.most_timers


async def of_reminder(
    human: Human, answer: Answer, promise: Promise, restore: Callable[[float], None] | None
) -> None:
    """Press *Undo* under what was answered: it is cancelled, or (with ``restore``) as before an edit."""
    await human.pause(human.chance.uniform(*_SOON))
    due = promise.open_due
    if promise.uncertain or due is None or due.lo < human.now + _CLOSE:
        return
    others = [
        other
        for other in human.judge.promises.values()
        if other.owner_id == human.id and other.token[0] == "r" and other is not promise
    ]
    is_newest = not any(
        other.asked_at >= promise.asked_at or any(due.alone for due in other.dues) for other in others
    )
    if restore is None and is_newest and human.chance.random() < _TYPED:
        undone = await human.type(human.chance.choice(human.channels), "!remind undo")
    else:
        undone = await human.press(answer.message, sentences.UNDO)
    human.judge.counts["undone"] += 1
    if undone.words is None or undone.words.startswith("("):
        if not undone.words or undone.words == "(defer)":
            promise.waver(restore or (lambda _: None), undone.answered_at)
            promise.most_unsure()
    elif restore is None:
        human.hold_reading(undone, f"Undo of {promise.token}", is_right=sentences.UNDONE_SET in undone.words)
        if sentences.UNDONE_SET in undone.words:
            promise.end(undone.asked_at, undone.answered_at)
    elif sentences.UNDONE_EDIT in undone.words:
        restore(undone.answered_at)
        if promise.open_due and not promise.open_due.optional:
            human.hold_shown(promise, undone.words)
