"""Altering: what people do with reminders that are set, and with those that have come."""

import math
from typing import Any

from tests.universe import regrets, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise

# How long people wait, as they say it.
SPANS = (
    (1200.0, "20m"), (600.0, "10 minutes"), (3600.0, "in 1 hour"), (7200.0, "2h"), (90.0, "90s"), (45.0, "in 45s"),
    (5400.0, "1h30m"), (10_800.0, "3h"),
)  # fmt: skip
_DONE = {"cancel": sentences.CANCELLED, "pause": sentences.PAUSED, "resume": sentences.RESUMED}
_SNOOZES = {sentences.SNOOZE: 600.0, sentences.SNOOZE_AN_HOUR: 3600.0}
# How often somebody changes their mind about how long to snooze.
_WAVERS = 0.5
# How often somebody changes the words rather than the time, and to what.
_REWORDS, _OTHER_TEXTS = 0.3, ("sit up", "breathe")
# How often somebody cancels two at once.
_TWO = 0.25


async def deal(human: Human, promise: Promise) -> None:
    """Press a button of one that has come."""
    label = human.chance.choice((*_SNOOZES, sentences.DONE, sentences.DONE, sentences.STOP_REPEATING))
    message = promise.message
    promise.message = None
    if label in _SNOOZES:
        await _snooze(human, promise, message, label)
        return
    answer = await human.press(message, label)
    if answer.words is None:
        promise.doubt()
    elif label == sentences.STOP_REPEATING and sentences.REPEATS_NO_MORE in answer.words:
        promise.end(answer.asked_at, answer.answered_at)


async def _snooze(human: Human, promise: Promise, message: Any, label: str) -> None:
    """Snooze one, and perhaps take that back, or snooze it for longer."""
    due = await _snooze_for(human, promise, message, label)
    if due is None or human.chance.random() > _WAVERS:
        return
    await human.pause(human.chance.uniform(1, 120))
    if promise.calls or promise.is_for_all:  # it keeps its buttons, for the others
        again = await _snooze_for(human, promise, message, sentences.SNOOZE_AN_HOUR)
        due.optional, due.missed = again is None, again is not None
        return
    answer = await human.press(message, sentences.UNDO)
    if answer.words is None or answer.words == "(defer)":
        due.optional = True
    elif not answer.words.startswith("("):
        due.missed = sentences.SNOOZED not in answer.words


async def _snooze_for(human: Human, promise: Promise, message: Any, label: str) -> Due | None:
    """Press a button that snoozes; return when it surely comes then."""
    seconds = _SNOOZES[label]
    due = Due(math.floor(human.now) + seconds, math.inf, optional=True, alone=True)
    promise.dues.append(due)
    answer = await human.press(message, label)
    if answer.words is None:
        return None
    if sentences.SNOOZED not in answer.words:
        due.missed = True
        return None
    due.hi, due.optional = answer.answered_at + seconds, False
    if not promise.repeats:
        promise.number = promise.token  # that of the snooze is another
    return due


async def change(human: Human, promise: Promise, going: list[Promise]) -> None:
    """Cancel one, pause it, or edit it."""
    others = [other for other in going if other is not promise and other.number.startswith("#")]
    way = human.chance.choice(("cancel", "pause", "edit", "edit"))
    channel = human.chance.choice(human.channels)
    if promise.is_direct:
        channel = await human.person.dm()
    if promise.paused:
        way = "resume"
    if way == "edit":
        await _edit(human, promise, channel)
        return
    both = [promise]
    if way == "cancel" and others and promise.number.startswith("#") and human.chance.random() < _TWO:
        both.append(human.chance.choice(others))
    by_number = len(both) > 1 or promise.repeats or human.chance.random() < 0.5
    references = [each.number if by_number else each.token for each in both]
    answer = await human.type(channel, f"!remind {way} {' '.join(references)}")
    is_done = _DONE[way] in (answer.words or "")
    if promise.is_waiting(human.now):
        human.hold_reading(answer, f"{way} {promise.token}", is_right=is_done)
    for each in both:
        if answer.words is None or (not is_done and len(both) > 1):
            each.doubt()
        elif is_done:
            _changed(each, way, answer)


def _changed(promise: Promise, way: str, answer: Answer) -> None:
    acts = {"cancel": promise.end, "pause": promise.silence, "resume": promise.sound}
    acts[way](answer.asked_at, answer.answered_at)


async def _edit(human: Human, promise: Promise, channel: Any) -> None:
    restore = promise.remember()
    if human.chance.random() < _REWORDS:
        answer = await _reword(human, promise, channel)
    else:
        seconds, spelt = human.chance.choice(SPANS)
        answer = await human.type(channel, f"!remind edit {promise.number} {spelt}")
        if answer.words is None:
            promise.doubt()
            promise.dues.append(Due(math.floor(answer.asked_at) + seconds, math.inf, optional=True))
        elif sentences.CHANGED in answer.words:
            promise.void = promise.uncertain = promise.repeats  # how it repeats from then on is left open
            due = due_in(answer, seconds)
            promise.move(due.lo, due.hi)
    is_changed = sentences.CHANGED in (answer.words or "")
    if is_changed and not promise.repeats and human.chance.random() < regrets.OFTEN:
        await regrets.of_reminder(human, answer, promise, restore)


async def _reword(human: Human, promise: Promise, channel: Any) -> Answer:
    """Change what it is about."""
    called = f"{promise.token} {human.chance.choice(_OTHER_TEXTS)}"
    answer = await human.type(channel, f"!remind edit {promise.number} {called}")
    if answer.words is None:
        promise.doubt()
    elif sentences.CHANGED in answer.words:
        promise.called = called
    return answer


def due_in(answer: Answer, seconds: float) -> Due:
    """Return so many seconds from when it was asked; a reminder is of whole seconds."""
    return Due(math.floor(answer.asked_at) + seconds, answer.answered_at + seconds)
