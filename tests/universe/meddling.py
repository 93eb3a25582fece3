"""Meddling: what people try to do to what is another's: nothing of it may be done, save that what is for all is."""

import math
from typing import Any

from tests.universe import sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise

# Who may do all that, in each server.
MODERATOR = "Mia"
_PRESSES = sentences.PAUSE, sentences.LONGER, sentences.CANCEL
_TYPED = "pomodoro pause {}", "pomodoro extend {} 5m", "pomodoro cancel {}", "pomodoro rename {} to mine"
_REMINDERS = "remind cancel {}", "remind pause {}", "remind edit {} 2h"
_AFTERWARDS = sentences.AGAIN, sentences.DONE
# Seconds that a snooze lasts, and how often people turn to what is over rather than to what goes on.
_SNOOZED, _OVER = 600.0, 0.4
# How often somebody presses what another is asked.
_ANSWERS = 0.3
# What shows that it was done.
_DONE = (
    sentences.CANCELLED, sentences.EXTENDED, sentences.PAUSED_WITH, sentences.IS_CALLED, sentences.CHANGED,
    sentences.PAUSED, sentences.UNDONE_SET, sentences.ENDS, sentences.SNOOZED, "Paused ",
)  # fmt: skip


async def act(human: Human) -> None:
    """Try one thing."""
    there = {channel.id for channel in human.channels}
    theirs = [
        promise
        for promise in human.judge.promises.values()
        if promise.owner_id != human.id and promise.place_id in there and not promise.uncertain
    ]
    going = [promise for promise in theirs if promise.card and promise.is_waiting(human.now)]
    told = [promise for promise in theirs if promise.token[0] == "t" and promise.message]
    over = [promise for promise in told if promise.message["channel_id"] == promise.place_id]
    if over and human.chance.random() < _OVER:
        await _turn_to(human, human.chance.choice(over[-6:]))
    elif going:
        await _meddle(human, human.chance.choice(going[-6:]))


async def _turn_to(human: Human, over: Promise) -> None:
    """Press a button of a pomodoro that another is told is over."""
    human.judge.counts["meddles"] += 1
    label = human.chance.choice(_AFTERWARDS)
    answer = await human.press(over.message, label)
    is_right = any(sign in (answer.words or "") for sign in sentences.NOT_YOURS)
    human.hold_reading(answer, f"{label} under {over.token}", is_right=is_right)


def come_for_all(human: Human) -> list[Promise]:
    """Return what has come for all where somebody is, as others wanted it."""
    there = {channel.id for channel in human.channels}
    others = [other for other in human.judge.promises.values() if other.owner_id != human.id and other.message]
    for_all = [other for other in others if other.is_for_all or other.calls]
    return [other for other in for_all if other.message["channel_id"] in there]


async def snooze(human: Human, over: Promise) -> None:
    """Snooze for oneself what has come for all: it comes to oneself alone."""
    own = human.judge.copies.begin(over, human.id, human.now)
    due = Due(math.floor(human.now) + _SNOOZED, math.inf, optional=True, alone=True)
    before = [earlier for earlier in own.dues if earlier.is_open]
    own.dues.append(due)
    answer = await human.press(over.message, sentences.SNOOZE)
    if answer.words is None:
        own.doubt()
    elif sentences.SNOOZED in answer.words:
        human.judge.counts["snoozed for oneself"] += 1
        for earlier in before:  # the same is moved, unless it is just coming
            earlier.optional, earlier.missed = True, earlier.lo > answer.answered_at + 1
        due.hi, due.optional = answer.answered_at + _SNOOZED, False
        own.paused = None  # it runs again
        human.hold_shown(own, answer.words.partition(sentences.SNOOZED)[2], due)
    else:
        due.missed = True


async def _meddle(human: Human, promise: Promise) -> None:
    channel = next(channel for channel in human.channels if channel.id == promise.place_id)
    human.judge.counts["meddles"] += 1
    if promise.token[0] == "t" and human.chance.random() < 0.5:
        hold(human, await human.press(promise.card, human.chance.choice(_PRESSES)), promise.token)
    elif promise.token[0] == "t":
        called = promise.called or promise.token
        hold(human, await _type(human, channel, human.chance.choice(_TYPED).format(called)), promise.token)
    elif promise.number.startswith("#") and human.chance.random() < 0.7:
        hold(
            human,
            await _type(human, channel, human.chance.choice(_REMINDERS).format(promise.number)),
            promise.token,
        )
    else:
        hold(human, await human.press(promise.card, sentences.UNDO), promise.token)


async def answer_for(human: Human, asked: Answer) -> None:
    """Let somebody else perhaps press what one is asked: that is theirs alone to answer."""
    others = [other for other in human.neighbours if other is not human]
    is_here = any(channel.id == asked.message["channel_id"] for channel in human.channels)
    if not others or not is_here or human.chance.random() > _ANSWERS:
        return
    other = human.chance.choice(others)
    human.judge.counts["meddles"] += 1
    answer = await other.press(asked.message, human.chance.choice(asked.buttons))
    other.hold_reading(
        answer, f"a question for {human.person.name}", is_right=sentences.FOR_ANOTHER in (answer.words or "")
    )


async def _type(human: Human, channel: Any, line: str) -> Answer:
    return await human.type(channel, f"!{line}")


def hold(human: Human, answer: Answer, what: str) -> None:
    """Hold an answer against that it must not have been done."""
    words = answer.words or ""
    if not words.startswith("(") and any(sign in words for sign in _DONE):
        human.judge.fault("wrongly obeyed", f"{human.person.name}, about {what}: {words!r}")
