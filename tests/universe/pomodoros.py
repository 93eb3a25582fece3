"""Pomodoros: what people do with timers of their own."""

import itertools
import math
import re
from datetime import datetime, timedelta
from typing import Any

from tests.universe import appointments, calendar, changing, meddling, phrases, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise
from tests.universe.ruling import Ruling

_SHOWN = re.compile(r"<t:(\d+):R>")
# How many seconds before its end one may be changed at the last moment, and how often that is done.
_SOON, _AT_LAST = 180.0, 0.8
# How often one lasts only seconds, so that it ends while somebody looks.
_BRIEFLY = 0.35
# How often people put it as the tables do.
_BY_THE_TABLE = 0.35
_PHRASES = phrases.timers()
# Seconds that the shown time may differ from the chosen one.
_PATIENCE = 60.0
# The rest of what is begun is the kitchen's.
_KITCHEN = 0.9
# Its number, which its card has.
_NUMBER = re.compile(r"^-# (#\d+) ", re.MULTILINE)
# What one is called, as its card has it: a number in front may be a part of that, where it was chosen so.
_TITLE = re.compile(r"### \S+ (.+)\n")
_WAYS = ("pause", "resume", "extend", "extend", "cancel", "press", "look", "again", "list", "rename")
# How often somebody does two things at once to one.
_TWICE = 0.25
# How often somebody cancels all that they have.
_CLEARS = 0.1
# How often one is begun in a direct message, and how often so as to end with another one there, if that is not
# too close.
_ALONE, _ALIGNS, _CLOSE = 0.1, 0.35, 5.0
# How often somebody who has typed a bare number means minutes.
_MEANT_MINUTES = 0.4
# How often somebody says until what time of day, within how many minutes.
_UNTIL, _WITHIN = 0.12, (6, 100)


class Pomodoros:
    """All of them; ``epoch`` is the Unix time at which virtual time began, ``most`` how many somebody may have."""

    def __init__(self, epoch: float, most: int, ruling: Ruling) -> None:
        self._epoch = epoch
        self._most = most
        self.ruling = ruling
        self._numbers = itertools.count(1)

    async def act(self, human: Human) -> None:
        """Start one, or do something with one that is there."""
        mine = [
            promise
            for promise in human.judge.promises.values()
            if promise.owner_id == human.id and promise.token[0] == "t"
        ]
        going = [
            promise
            for promise in mine[-6:]
            if (promise.is_waiting(human.now) or promise.left) and not promise.uncertain
        ]
        ending = [promise for promise in going if promise.open_due and promise.open_due.lo < human.now + _SOON]
        announced = [
            promise
            for promise in mine[-4:]
            if promise.message and promise.began_with and promise.open_due is None and not promise.uncertain
        ]
        way = human.chance.choice(_WAYS)
        if way == "again" and announced and human.chance.random() < 0.7:
            await self._again(human, human.chance.choice(announced))
        elif way == "list":
            await human.type(human.chance.choice(human.channels), "!pomodoro list")
        elif going and human.chance.random() < _CLEARS:
            await changing.clear(human, mine)
        elif ending and human.chance.random() < _AT_LAST:
            await changing.at_last(human, human.chance.choice(ending))
        elif going and human.chance.random() < 0.6:
            chosen = human.chance.choice(going)
            if chosen.left is None and human.chance.random() < _TWICE:
                await changing.at_once(human, chosen)
            else:
                await changing.change(human, chosen, way)
        else:
            promise = await self._start(human)
            is_going = promise.is_waiting(human.now) and not promise.uncertain
            if is_going and promise.dues[-1].lo < human.now + _SOON and human.chance.random() < _AT_LAST:
                await changing.at_last(human, promise)

    async def _start(self, human: Human) -> Promise:
        token = f"t{next(self._numbers):04}"
        seconds, spelt = human.chance.choice(_SHORT if human.chance.random() < _BRIEFLY else _LENGTHS)
        channel = human.chance.choice(human.channels)
        if human.chance.random() < _ALONE:
            channel = await human.person.dm()
        elif human.chance.random() < _ALIGNS and (left := self._left(human, channel)) > _CLOSE:
            seconds, spelt = left, f"{left:.0f}s"
        promise = Promise(token, human.id, channel.id, human.now, began_with=seconds, length=seconds)
        promise.guild_id = channel.guild_id or ""
        promise.dues.append(Due(human.now + seconds, math.inf, optional=True))
        human.judge.promises[token] = promise
        if human.chance.random() < _BY_THE_TABLE:
            await self._start_by(human, promise, channel, human.chance.choice(_PHRASES))
            return promise
        if human.zone_known and human.chance.random() < _UNTIL:
            await self._start_until(human, promise, channel)
            return promise
        dice = human.chance.random()
        promise.counts = dice < _KITCHEN
        if dice >= _KITCHEN:
            answer = await human.type(channel, f"!timer {token} {spelt or '25m'}")
        elif dice < 0.6:
            answer = await human.type(channel, f"!pomodoro {token} {spelt}")
        else:
            answer = await human.slash(channel, "pomodoro start", name=token, duration=spelt)
        self._started(human, promise, answer, seconds)
        longer = [label for label in answer.buttons if label.startswith(sentences.MAKE_IT)]
        if longer and promise.card and not promise.uncertain and human.chance.random() < _MEANT_MINUTES:
            await self._make_longer(human, promise, longer[0])
        return promise

    async def _make_longer(self, human: Human, promise: Promise, label: str) -> None:
        """Have as many minutes as seconds were asked for: that is how long it is then, from its beginning."""
        seconds, due = promise.length * 60, promise.open_due
        if due is None or due.lo < human.now + _CLOSE / 2:
            return
        answer = await human.press(promise.card, label)
        if answer.words is None:
            promise.doubt()
        elif sentences.ENDS.partition("{")[0] in answer.words:
            promise.delay(seconds - promise.length)
            promise.began_with = seconds
            human.hold_shown(promise, answer.words)

    async def _start_until(self, human: Human, promise: Promise, channel: Any) -> None:
        """Start one that is to end at a time of day where somebody lives."""
        now = self._epoch + human.now
        here = datetime.fromtimestamp(now, human.zone) + timedelta(minutes=human.chance.randint(*_WITHIN))
        at = here.time().replace(minute=here.minute // 5 * 5, second=0, microsecond=0)
        moment = calendar.next_time(now, at, human.zone)
        # From whole minutes on, pomodoros count: which it has is to be sure.
        is_soon = _CLOSE < moment - now < _WITHIN[1] * 60.0 and _CLOSE < (moment - now) % 60 < 60 - _CLOSE
        words = f"until {at:%H:%M}" if is_soon and not appointments.is_unclear(moment, human.zone) else "25m"
        seconds = 1500.0 if words == "25m" else moment - now
        promise.dues[-1].lo = human.now + seconds
        # It is not begun again: how long it was is not known to the millisecond.
        promise.began_with, promise.length = 0.0, seconds
        typed = f"!pomodoro {promise.token} {words}"
        answer = await human.type(channel, typed)
        is_set = (answer.words or "").startswith("###") or sentences.LIMIT in (answer.words or "")
        human.hold_reading(answer, typed, is_right=is_set)
        self._started(human, promise, answer, seconds)

    @staticmethod
    def _left(human: Human, channel: Any) -> float:
        """Return in how many whole seconds the next of a channel is over."""
        there = (promise for promise in human.judge.promises.values() if promise.place_id == channel.id)
        dues = [due.lo - human.now for promise in there if (due := promise.open_due) and not due.optional]
        return float(round(min((left for left in dues if left > _CLOSE), default=0.0)))

    async def _start_by(self, human: Human, promise: Promise, channel: Any, phrase: phrases.Timer) -> None:
        """Start one as people put it, and say which of several things was meant where that is asked."""
        promise.dues[-1].lo = human.now + min(phrase.seconds)
        typed = f"!pomodoro {phrase.template.format(promise.token)}"
        answer = await human.type(channel, typed)
        human.judge.counts["phrases"] += 1
        words = answer.words or ""
        is_card, is_refused = words.startswith("###"), sentences.LIMIT in words
        is_right = is_refused or (phrase.may_start if is_card else phrase.may_ask)
        human.hold_reading(answer, typed, is_right=is_right)
        is_asked = not is_card and not is_refused and bool(answer.buttons)
        if is_asked:
            human.judge.counts["questions"] += 1
            await meddling.answer_for(human, answer)
            answer = await human.press(answer.message, human.chance.choice(answer.buttons))
        shown = _SHOWN.search(answer.words or "")
        lasts = int(shown[1]) - self._epoch - answer.asked_at if shown else 0.0
        seconds = min(phrase.seconds, key=lambda seconds: abs(seconds - lasts))
        title = _TITLE.match(answer.words or "")
        is_known = title is not None and title[1].endswith(promise.token) and abs(seconds - lasts) < _PATIENCE
        if is_asked and not is_known:  # more is offered than the tables have
            promise.void = promise.uncertain = True
            return
        promise.began_with = promise.length = float(seconds)
        self._started(human, promise, answer, float(seconds))

    def _started(self, human: Human, promise: Promise, answer: Answer, seconds: float) -> None:
        if answer.words and (answer.words.startswith("###") or sentences.LIMIT in answer.words):
            human.hold_limit(promise, answer.words, self._most)
        if answer.words is None:
            promise.uncertain = True
        elif f"{promise.token}\n" in answer.words and answer.words.startswith("###"):
            due = promise.dues[-1]
            due.lo, due.hi, due.optional = answer.asked_at + seconds, answer.answered_at + seconds, False
            promise.least = self.ruling.least(promise.guild_id, answer.asked_at, answer.answered_at)
            promise.card, promise.since = answer.message, (answer.asked_at, answer.answered_at)
            promise.number = number[1] if (number := _NUMBER.search(answer.words)) else ""
            promise.called = title[1] if (title := _TITLE.match(answer.words)) else promise.token
            human.hold_shown(promise, answer.words)
        elif match := promise.open_due:
            match.optional = match.missed = True
            promise.uncertain = "(could not" not in answer.words and sentences.LIMIT not in answer.words

    async def _again(self, human: Human, promise: Promise) -> None:
        seconds = promise.began_with
        asked_at, before = human.now, promise.claims(human.now, human.judge.slack)
        due = Due(asked_at + seconds, math.inf, optional=True)
        promise.dues.append(due)
        over = promise.message
        answer = await human.press(over, sentences.AGAIN)
        if answer.words is not None and answer.words.startswith("(could not"):
            promise.dues.remove(due)
            return
        promise.uncertain |= answer.words is None
        if answer.words is None:
            return
        key = answer.message["interaction"] if isinstance(answer.message, dict) else answer.message
        # Its card replies to the announcement, or is the answer to the press where that could not be redrawn.
        shown = await human.reply(key, asked_at, f"presses {sentences.AGAIN}", over["id"])
        if shown.words and shown.words.startswith("###") and promise.token in shown.words:
            due.hi, due.optional = shown.answered_at + seconds, False
            span = asked_at, shown.answered_at
            promise.least = self.ruling.least(promise.guild_id, *span)
            promise.begin_again(span, seconds, before)
            promise.card, promise.message = shown.message, None
            promise.number = match[1] if (match := _NUMBER.search(shown.words)) else ""
        else:
            promise.uncertain = True


_LENGTHS = (
    (1500.0, "25m"), (1500.0, ""), (90.0, "90s"), (5.0, "5"), (3600.0, "1h"), (5400.0, "1h30m"), (5400.0, "1.5h"),
    (1500.0, "25:00"), (5400.0, "1:30:00"), (20.0, "20s"), (600.0, "10m"), (2400.0, "40m"), (7200.0, "2h"),
    (300.0, "5m"), (299.0, "4m59s"), (60.0, "1 min"), (30.0, "30s"), (45.0, "45"), (10.0, "10s"), (75.0, "1:15"),
)  # fmt: skip
_SHORT = [(seconds, spelt) for seconds, spelt in _LENGTHS if seconds <= 90]
