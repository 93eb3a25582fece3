"""Altering: what people do with reminders that are set, and with those that have come."""

import math
from datetime import datetime, time, timedelta
from typing import Any

from tests.universe import calendar, regrets, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise

# How long people wait, as they say it.
SPANS = (
    (1200.0, "20m"), (600.0, "10 minutes"), (3600.0, "in 1 hour"), (7200.0, "2h"), (90.0, "90s"), (45.0, "in 45s"),
    (5400.0, "1h30m"), (10_800.0, "3h"),
)  # fmt: skip
_DONE = {"cancel": sentences.CANCELLED, "pause": sentences.PAUSED, "resume": sentences.RESUMED}
_SNOOZES = {sentences.SNOOZE: 600.0, sentences.SNOOZE_AN_HOUR: 3600.0}
# When what is put off to tomorrow comes.
_MORNING = time(9)
# How often somebody changes their mind about how long to snooze.
_WAVERS = 0.5
# How often somebody changes the words rather than the time, and to what.
_REWORDS, _OTHER_TEXTS = 0.3, ("sit up", "breathe")
# How often somebody changes one twice.
_ONCE_MORE = 0.25
# How often somebody pauses one until its time has passed, within how many seconds that must be, and how many
# seconds later they let it go on.
_OVERSLEEPS, _SOON, _AFTER = 0.7, 1300.0, (3.0, 60.0)
# How often somebody cancels two at once.
_TWO = 0.25
# How often what is about a message is snoozed rather than dealt with.
_LATER = 0.6


async def deal(human: Human, promise: Promise) -> None:
    """Press a button of a reminder that has come."""
    labels = [*_SNOOZES, sentences.DONE, sentences.DONE, sentences.STOP_REPEATING]
    label = human.chance.choice([*labels, sentences.SNOOZE_TO_TOMORROW] if human.zone_known else labels)
    if promise.about and human.chance.random() < _LATER:  # whoever wants to come back to a message does later
        label = sentences.SNOOZE
    message = promise.message
    promise.message = None
    if label in _SNOOZES or label == sentences.SNOOZE_TO_TOMORROW:
        await _snooze(human, promise, message, label)
        return
    answer = await human.press(message, label)
    if answer.words is None:
        promise.doubt()
    elif label == sentences.STOP_REPEATING and sentences.REPEATS_NO_MORE in answer.words:
        promise.end(answer.asked_at, answer.answered_at)


async def _snooze(human: Human, promise: Promise, message: Any, label: str) -> None:
    """Snooze a reminder, and perhaps undo that, or snooze it for longer."""
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
    """Press a snooze button; return when the reminder must come then."""
    seconds = _SNOOZES.get(label)
    due = Due(math.floor(human.now) + (seconds or 0.0), math.inf, optional=True, alone=True)
    tomorrow = _tomorrow(human)
    was_snoozed = any(other.alone and not other.missed for other in promise.dues)
    promise.dues.append(due)
    answer = await human.press(message, label)
    if answer.words is None:
        return None
    if sentences.SNOOZED not in answer.words:
        due.missed = True
        return None
    if not was_snoozed:
        human.hold_limit(promise, answer.words, human.most_reminders)
    if seconds:
        due.hi, due.optional = answer.answered_at + seconds, False
    elif tomorrow == _tomorrow(human):  # it is not midnight
        due.lo, due.hi, due.optional = tomorrow, tomorrow, False
    human.hold_shown(promise, answer.words.partition(sentences.SNOOZED)[2], due)
    if not promise.repeats:
        promise.number = promise.token  # the snooze has another number
    return due


def _tomorrow(human: Human) -> float:
    """Return nine o'clock of the next morning in a person's zone."""
    epoch = human.judge.epoch
    today = datetime.fromtimestamp(epoch + human.now, human.zone).date()
    return calendar.instant(today + timedelta(days=1), _MORNING, human.zone) - epoch


async def change(human: Human, promise: Promise, going: list[Promise], way: str = "") -> None:
    """Cancel, pause or edit a reminder."""
    others = [other for other in going if other is not promise and other.number.startswith("#")]
    way = way or human.chance.choice(("cancel", "pause", "edit", "edit"))
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
    for each in both:
        is_done = _DONE[way] in (answer.words or "") and (len(both) == 1 or each.is_named(answer.words or ""))
        if each.is_waiting(human.now) and (way != "resume" or _may_call(human, each)):
            human.hold_reading(answer, f"{way} {each.token}", is_right=is_done)
        if answer.words is None or (not is_done and len(both) > 1):
            each.doubt()
        elif is_done:
            _changed(each, way, answer, human.judge.slack)
    if way == "pause" and is_done and human.chance.random() < _OVERSLEEPS:
        await _oversleep(human, promise, channel)


async def cancel_there(human: Human, promise: Promise) -> None:
    """Cancel one where it is to come, as its moderator."""
    channel = next(channel for channel in human.channels if channel.id == promise.place_id)
    answer = await human.type(channel, f"!remind cancel {promise.number}")
    is_done = sentences.CANCELLED in (answer.words or "")
    if promise.is_waiting(human.now):
        human.hold_reading(answer, f"cancel {promise.token}, by a moderator", is_right=is_done)
    if answer.words is None:
        promise.doubt()
    elif is_done:
        promise.end(answer.asked_at, answer.answered_at)


async def _oversleep(human: Human, promise: Promise, channel: Any) -> None:
    """Let the time of a paused reminder pass, and resume it: past times are skipped."""
    due = promise.open_due
    if due is None or due.optional or not human.now + 1 < due.lo <= due.hi < human.now + _SOON:
        return
    slack = human.judge.slack
    await human.pause(due.hi + slack - human.now + human.chance.uniform(*_AFTER))
    if not promise.paused or promise.uncertain or promise.over_at is not None or human.judge.slack > slack:
        return
    human.judge.counts["overslept"] += 1
    answer = await human.type(channel, f"!remind resume {promise.number}")
    is_resumed = sentences.RESUMED in (answer.words or "")
    if answer.words is None:
        promise.doubt()
    elif is_resumed:
        promise.sound(answer.asked_at, answer.answered_at, slack)
    else:
        promise.oversleep(answer.asked_at, answer.answered_at, slack)
    # The last of a series may have passed, too; one whose end is not known goes on.
    goes_on = promise.open_due is not None and not promise.open_due.optional
    is_right = is_resumed == goes_on if promise.repeats else not is_resumed
    if not _may_call(human, promise):
        return
    human.hold_reading(answer, f"resume {promise.token}, whose time has passed", is_right=is_right)


def _may_call(human: Human, promise: Promise) -> bool:
    """Return whether a person certainly may post a reminder with its mention."""
    return not promise.calls or human.judge.rights.surely_calls(human.id, promise.place_id)


def _changed(promise: Promise, way: str, answer: Answer, slack: float) -> None:
    if way == "resume":
        promise.sound(answer.asked_at, answer.answered_at, slack)
    else:
        (promise.end if way == "cancel" else promise.silence)(answer.asked_at, answer.answered_at)


async def _edit(human: Human, promise: Promise, channel: Any) -> None:
    restore = promise.remember()
    if promise.called and human.chance.random() < _REWORDS:
        answer = await _reword(human, promise, channel)
    else:
        seconds, spelt = human.chance.choice(SPANS)
        early = Due(math.floor(human.now) + seconds, math.inf, optional=True)  # before its answer, or without one
        promise.dues.append(early)
        answer = await human.type(channel, f"!remind edit {promise.number} {spelt}")
        if answer.words is not None and early.is_open:
            promise.dues.remove(early)
        if answer.words is None or not early.is_open:
            promise.doubt()
        elif sentences.CHANGED in answer.words:
            promise.void = promise.uncertain = promise.repeats  # how it repeats from then on is left open
            due = due_in(answer, seconds)
            promise.move(due.lo, due.hi)
            human.hold_shown(promise, answer.words)
    is_changed = sentences.CHANGED in (answer.words or "")
    if not is_changed or promise.repeats:
        return
    if human.chance.random() < _ONCE_MORE:
        await _edit_again(human, promise, channel, answer)
    elif human.chance.random() < regrets.OFTEN:
        await regrets.of_reminder(human, answer, promise, restore)


async def _edit_again(human: Human, promise: Promise, channel: Any, first: Answer) -> None:
    """Change it once more, and try to take the first change back: that is too late."""
    answer = await _reword(human, promise, channel)
    if sentences.CHANGED not in (answer.words or "") or human.is_excused(answer.asked_at - 60):
        return
    await human.pause(human.chance.uniform(1, 30))
    due = promise.open_due
    if promise.uncertain or due is None or due.lo < human.now + 5:
        return
    undone = await human.press(first.message, sentences.UNDO)
    is_right = sentences.UNDONE_EDIT not in (undone.words or "")
    human.hold_reading(undone, f"Undo of the first change of {promise.token}", is_right=is_right)
    if undone.words is None or not is_right:
        promise.doubt()


async def _reword(human: Human, promise: Promise, channel: Any) -> Answer:
    """Change its text."""
    called = f"{promise.token} {human.chance.choice(_OTHER_TEXTS)}"
    answer = await human.type(channel, f"!remind edit {promise.number} {called}")
    if answer.words is None:
        promise.doubt()
    elif sentences.CHANGED in answer.words:
        promise.called = called
    return answer


def due_in(answer: Answer, seconds: float) -> Due:
    """Return that many seconds from when it was asked; a reminder has whole seconds."""
    return Due(math.floor(answer.asked_at) + seconds, answer.answered_at + seconds)
