"""Changing: what people do with running pomodoros: pause, extend, cancel, rename and view them."""

import asyncio
import re
from typing import Any

from tests.universe import meddling, regrets, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Promise

# How often people mistype a verb, and name one by its number.
_SLIPS, _BY_NUMBER = 0.15, 0.35
_SLIPPED = {"pause": "pasue", "resume": "resmue", "extend": "extned", "cancel": "cancle"}
_LABELS = {
    "pause": sentences.PAUSE, "resume": sentences.RESUME, "extend": sentences.LONGER, "cancel": sentences.CANCEL,
}  # fmt: skip
# What somebody does at once: first what may be done before the other.
_AT_ONCE = (("extend", "extend"), ("extend", "pause"), ("extend", "cancel"), ("pause", "cancel"))
_TYPED = {"extend": "extend {} 5m", "pause": "pause {}", "cancel": "cancel {}"}
_ENDS = re.compile(sentences.pattern(sentences.ENDS, sentences.EXTENDED, when="<t"))
_PAUSED = re.compile(
    sentences.pattern(sentences.PAUSED_WITH, sentences.PAUSED_TIMER, name=".+", id=r"\d+", left=".+")
)
# What is put behind a name to make it another.
_MORE = "deep", "once more"


async def at_last(human: Human, promise: Promise) -> None:
    """Change one just as it ends."""
    if due := promise.open_due:
        await asyncio.sleep(max(0.0, due.lo - _lead(human) - human.now))
    if not promise.uncertain:
        human.judge.counts["at last"] += 1
        await change(human, promise, human.chance.choice(("pause", "extend", "extend", "cancel", "press")))


def _lead(human: Human) -> float:
    """Draw how many seconds before its end one is changed: mostly just as the bot ends it."""
    just_before = human.chance.uniform(0.025, 0.065)  # with some statements' time until it is written
    return human.chance.choice((0.001, just_before, just_before, just_before, 1.0))


async def at_once(human: Human, promise: Promise) -> None:
    """Make two requests at the same moment; each that takes effect is acknowledged."""
    ways = human.chance.choice(_AT_ONCE)
    human.judge.counts["at once"] += 1
    answers = await asyncio.gather(
        human.press(promise.card, _LABELS[ways[0]]),
        human.type(_channel(human, promise), f"!pomodoro {_TYPED[ways[1]].format(promise.token)}"),
    )
    for way, answer in zip(ways, answers, strict=True):
        _changed(promise, way, answer)


async def change(human: Human, promise: Promise, way: str, *, may_regret: bool = True) -> None:
    """Do one thing to one, or view it; and perhaps take it back."""
    channel, called = _channel(human, promise), promise.called or promise.token
    if promise.number and human.chance.random() < _BY_NUMBER:
        called = promise.number
    if way in {"look", "list", "again"}:
        await _look(human, promise, channel, called)
        return
    restore, is_left = promise.remember(), promise.left is not None
    if way == "rename":
        await _rename(human, promise, channel)
        return
    if way == "press":
        way = human.chance.choice(("resume" if is_left else "pause", "extend", "cancel"))
        answer = await human.press(promise.card, _LABELS[way])
    else:
        answer = await _type(human, channel, way, called)
    may_be = {"pause": not is_left, "resume": is_left}.get(way, True)
    is_done = _changed(promise, way, answer)
    if is_done and way != "cancel":
        human.hold_shown(promise, answer.words or "")
        human.hold_left(promise, answer.words or "")
    if may_be and promise.is_going(human.now):
        human.hold_reading(answer, f"{way} {called}", is_right=is_done)
    if may_regret and is_done and way in {"extend", "cancel"} and human.chance.random() < regrets.OFTEN:
        await regrets.of_timers(human, channel, [(promise, restore)], way, answer.asked_at)


async def _type(human: Human, channel: Any, way: str, called: str) -> Answer:
    """Type a command, perhaps with a slip."""
    slips = human.chance.random() < _SLIPS
    verb = _SLIPPED[way] if slips else way
    behind = f"{called}{' 5m' if way == 'extend' else ''}"
    answer = await human.type(channel, f"!pomodoro {verb} {behind}")
    if not slips or not answer.buttons:
        return answer
    human.judge.counts["questions"] += 1
    await meddling.answer_for(human, answer)
    pressed = await human.press(answer.message, answer.buttons[0])
    if pressed.words and not pressed.words.startswith("("):
        await human.put_right(answer, f"!pomodoro {way} {behind}")
    return pressed


async def _look(human: Human, promise: Promise, channel: Any, called: str) -> None:
    """Ask how much is left of one."""
    before = promise.open_due and promise.open_due.lo
    answer = await human.type(channel, f"!pomodoro time {called}")
    is_same = (promise.open_due and promise.open_due.lo) == before
    if is_same and not promise.uncertain and promise.is_going(human.now):
        human.hold_reading(answer, f"time {called}", is_right=promise.is_named(answer.words or ""))
        human.hold_shown(promise, answer.words or "")


async def _rename(human: Human, promise: Promise, channel: Any) -> None:
    """Rename one, and perhaps undo that."""
    restore = promise.remember()
    called = f"{promise.token} {human.chance.choice(_MORE)}"
    answer = await human.type(channel, f"!pomodoro rename {promise.called} to {called}")
    if answer.words is None:
        promise.doubt()
    elif sentences.IS_CALLED in answer.words:
        promise.called = called
        if human.chance.random() < regrets.OFTEN:
            await regrets.of_timers(human, channel, [(promise, restore)], "rename", answer.asked_at)


async def clear(human: Human, mine: list[Promise]) -> None:
    """Cancel all of a person's timers, and perhaps undo that."""
    channel = human.chance.choice(human.channels)
    restores = {promise.token: promise.remember() for promise in mine}
    answer = await human.type(channel, "!pomodoro cancel all")
    done: regrets.Done = []
    for promise in mine:
        if answer.words is None:
            promise.doubt()
        elif sentences.CANCELLED in answer.words and promise.is_named(answer.words):
            promise.end(answer.asked_at, answer.answered_at)
            done.append((promise, restores[promise.token]))
        elif promise.is_going(human.now) and not promise.uncertain:
            human.hold_reading(answer, f"cancel all, of which {promise.token} is", is_right=False)
    if done and human.chance.random() < regrets.OFTEN:
        await regrets.of_timers(human, channel, done, "cancel", answer.asked_at)


def _changed(promise: Promise, way: str, answer: Answer) -> bool:
    """Apply the answer to a change; return whether it was done."""
    if answer.words is None:
        promise.doubt()
        return False
    ends, is_paused = _ENDS.search(answer.words), _PAUSED.search(answer.words) is not None
    if way == "extend" and (ends or is_paused):
        promise.delay(300.0)
    elif way == "pause" and is_paused and not promise.left:
        promise.hold(answer.asked_at, answer.answered_at)
    elif way == "resume" and ends and promise.left:
        promise.go_on(answer.asked_at, answer.answered_at)
    elif way == "cancel" and sentences.CANCELLED in answer.words:
        promise.end(answer.asked_at, answer.answered_at)
    else:
        return False
    return True


def _channel(human: Human, promise: Promise) -> Any:
    return human.local.world.channels.get(promise.place_id) or human.channels[0]
