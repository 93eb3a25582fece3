"""Meddling: what people try to do to what is another's; nothing of it may be done."""

from typing import Any

from tests.universe import sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Promise

# Who may do all that, in each server.
MODERATOR = "Mia"
_PRESSES = sentences.PAUSE, sentences.LONGER, sentences.CANCEL
_TYPED = "pomodoro pause {}", "pomodoro extend {} 5m", "pomodoro cancel {}", "pomodoro rename {} to mine"
_REMINDERS = "remind cancel {}", "remind pause {}", "remind edit {} 2h"
# How often somebody presses what another is asked.
_ANSWERS = 0.3
# What shows that it was done.
_DONE = (
    sentences.CANCELLED, sentences.EXTENDED, sentences.PAUSED_WITH, sentences.IS_CALLED, sentences.CHANGED,
    sentences.PAUSED, sentences.UNDONE_SET, sentences.ENDS, sentences.SNOOZED, "Paused ",
)  # fmt: skip


async def act(human: Human) -> None:
    """Try one thing."""
    if human.person.name == MODERATOR:
        return
    there = {channel.id for channel in human.channels}
    theirs = [
        promise
        for promise in human.judge.promises.values()
        if promise.owner_id != human.id and promise.place_id in there and promise.card
        if promise.is_waiting(human.now) and not promise.uncertain
    ]
    if theirs:
        await _meddle(human, human.chance.choice(theirs[-6:]))


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
