"""Pomodoros: what people do with timers of their own."""

import asyncio
import itertools
import math
import re
from typing import Any

from tests.universe import phrases, regrets, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise
from tests.universe.ruling import Ruling

_SHOWN = re.compile(r"<t:(\d+):R>")
# Seconds before its end from which on one may be changed at the last moment, and how often that is done.
_SOON, _AT_LAST = 180.0, 0.8
# How often one is of seconds, so that it ends while somebody looks.
_BRIEFLY = 0.35
# How often people put it as the tables do, and how often they mistype a verb.
_BY_THE_TABLE, _SLIPS = 0.35, 0.15
_PHRASES = phrases.timers()
_SLIPPED = {"pause": "pasue", "resume": "resmue", "extend": "extned", "cancel": "cancle"}
# Seconds by which what is shown may differ from what was chosen.
_PATIENCE = 60.0
# The rest of what is begun is the kitchen's.
_KITCHEN = 0.9
_LABELS = {
    "pause": sentences.PAUSE, "resume": sentences.RESUME, "extend": sentences.LONGER, "cancel": sentences.CANCEL,
}  # fmt: skip
# How often somebody does two things at once, and what: first what may be done before the other.
_TWICE, _AT_ONCE = 0.25, (("extend", "extend"), ("extend", "pause"), ("extend", "cancel"), ("pause", "cancel"))
_TYPED = {"extend": "extend {} 5m", "pause": "pause {}", "cancel": "cancel {}"}
_ENDS = re.compile(sentences.pattern(sentences.ENDS, sentences.EXTENDED, when="<t"))
_PAUSED = re.compile(
    sentences.pattern(sentences.PAUSED_WITH, sentences.PAUSED_TIMER, name=".+", id=r"\d+", left=".+")
)
_WAYS = ("pause", "resume", "extend", "cancel", "press", "look", "again", "list", "rename")
# How often somebody cancels all that they have.
_CLEARS = 0.1
# How often one is begun in a direct message, and how often so as to end with another one there, if that is not
# too close.
_ALONE, _ALIGNS, _CLOSE = 0.1, 0.2, 5.0
# What is put behind a name to make it another.
_MORE = "deep", "once more"


class Pomodoros:
    """All of them; ``epoch`` is the Unix time at which virtual time began, ``most`` how many somebody may have."""

    def __init__(self, epoch: float, most: int) -> None:
        self._epoch = epoch
        self._most = most
        self.ruling = Ruling()
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
            if promise.message and promise.open_due is None and not promise.uncertain
        ]
        way = human.chance.choice(_WAYS)
        if way == "again" and announced and human.chance.random() < 0.7:
            await self._again(human, human.chance.choice(announced))
        elif way == "list":
            await human.type(human.chance.choice(human.channels), "!pomodoro list")
        elif going and human.chance.random() < _CLEARS:
            await self._clear(human, mine)
        elif ending and human.chance.random() < _AT_LAST:
            await self._change_at_last(human, human.chance.choice(ending))
        elif going and human.chance.random() < 0.6:
            chosen = human.chance.choice(going)
            if chosen.left is None and human.chance.random() < _TWICE:
                await self._change_at_once(human, chosen)
            else:
                await self._change(human, chosen, way)
        else:
            promise = await self._start(human)
            is_going = promise.is_waiting(human.now) and not promise.uncertain
            if is_going and promise.dues[-1].lo < human.now + _SOON and human.chance.random() < _AT_LAST:
                await self._change_at_last(human, promise)

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
        dice = human.chance.random()
        promise.counts = dice < _KITCHEN
        if dice >= _KITCHEN:
            answer = await human.type(channel, f"!timer {token} {spelt or '25m'}")
        elif dice < 0.6:
            answer = await human.type(channel, f"!pomodoro {token} {spelt}")
        else:
            answer = await human.slash(channel, "pomodoro start", name=token, duration=spelt)
        self._started(human, promise, answer, seconds)
        return promise

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
            answer = await human.press(answer.message, human.chance.choice(answer.buttons))
        shown = _SHOWN.search(answer.words or "")
        lasts = int(shown[1]) - self._epoch - answer.asked_at if shown else 0.0
        seconds = min(phrase.seconds, key=lambda seconds: abs(seconds - lasts))
        is_known = f"{promise.token}\n" in (answer.words or "") and abs(seconds - lasts) < _PATIENCE
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
            promise.called = promise.token
            human.hold_shown(promise, answer.words)
        elif match := promise.open_due:
            match.optional = match.missed = True
            promise.uncertain = "(could not" not in answer.words and sentences.LIMIT not in answer.words

    async def _again(self, human: Human, promise: Promise) -> None:
        promise.uncertain = True  # its statistics are of two from now on
        label = human.chance.choice((sentences.AGAIN, sentences.LONGER))
        seconds = 300.0 if label == sentences.LONGER else promise.began_with
        asked_at = human.now
        due = Due(asked_at + seconds, math.inf, optional=True)
        promise.dues.append(due)
        over = promise.message
        answer = await human.press(over, label)
        if answer.words is None or answer.words.startswith("(could not"):
            return
        key = answer.message["interaction"] if isinstance(answer.message, dict) else answer.message
        # Its card replies to the announcement, or is the answer to the press where that could not be redrawn.
        shown = await human.reply(key, asked_at, f"presses {label}", over["id"])
        if shown.words and shown.words.startswith("###") and promise.token in shown.words:
            due.hi, due.optional = shown.answered_at + seconds, False

    async def _change_at_last(self, human: Human, promise: Promise) -> None:
        """Change one just as it ends."""
        if due := promise.open_due:
            await asyncio.sleep(max(0.0, due.lo - self._lead(human) - human.now))
        if not promise.uncertain:
            human.judge.counts["at last"] += 1
            await self._change(
                human, promise, human.chance.choice(("pause", "extend", "extend", "cancel", "press"))
            )

    def _lead(self, human: Human) -> float:
        """Draw how many seconds before its end one is changed: mostly as the bot is about to end it."""
        just_before = human.chance.uniform(0.025, 0.065)  # with some statements' time until it is written
        return human.chance.choice((0.001, just_before, just_before, just_before, 1.0))

    async def _change_at_once(self, human: Human, promise: Promise) -> None:
        """Ask for two things at the same moment; whatever is done of it is acknowledged."""
        ways = human.chance.choice(_AT_ONCE)
        human.judge.counts["at once"] += 1
        answers = await asyncio.gather(
            human.press(promise.card, _LABELS[ways[0]]),
            human.type(self._channel(human, promise), f"!pomodoro {_TYPED[ways[1]].format(promise.token)}"),
        )
        for way, answer in zip(ways, answers, strict=True):
            self._changed(promise, way, answer)

    async def _change(self, human: Human, promise: Promise, way: str) -> None:
        channel, called = self._channel(human, promise), promise.called or promise.token
        if way in {"look", "list", "again"}:
            await human.type(channel, f"!pomodoro time {called}")
            return
        restore, is_left = promise.remember(), promise.left is not None
        if way == "rename":
            await self._rename(human, promise, channel)
            return
        if way == "press":
            way = human.chance.choice(("pause", "extend", "cancel"))
            if promise.left and way == "pause":
                way = "resume"
            answer = await human.press(promise.card, _LABELS[way])
        else:
            more = " 5m" if way == "extend" else ""
            slips = human.chance.random() < _SLIPS
            verb = _SLIPPED[way] if slips else way
            answer = await human.type(channel, f"!pomodoro {verb} {called}{more}")
            if slips and answer.buttons:
                human.judge.counts["questions"] += 1
                answer = await human.press(answer.message, answer.buttons[0])
        may_be = {"pause": not is_left, "resume": is_left}.get(way, True)
        is_done = self._changed(promise, way, answer)
        if may_be and promise.is_going(human.now):
            human.hold_reading(answer, f"{way} {called}", is_right=is_done)
        if is_done and way in {"extend", "cancel"} and human.chance.random() < regrets.OFTEN:
            await regrets.of_timers(human, channel, [(promise, restore)], way, answer.asked_at)

    async def _rename(self, human: Human, promise: Promise, channel: Any) -> None:
        """Call one something else, and perhaps not."""
        restore = promise.remember()
        called = f"{promise.token} {human.chance.choice(_MORE)}"
        answer = await human.type(channel, f"!pomodoro rename {promise.called} to {called}")
        if answer.words is None:
            promise.doubt()
        elif sentences.IS_CALLED in answer.words:
            promise.called = called
            if human.chance.random() < regrets.OFTEN:
                await regrets.of_timers(human, channel, [(promise, restore)], "rename", answer.asked_at)

    async def _clear(self, human: Human, mine: list[Promise]) -> None:
        """Cancel all that somebody has, and perhaps bring it back."""
        channel = human.chance.choice(human.channels)
        restores = {promise.token: promise.remember() for promise in mine}
        answer = await human.type(channel, "!pomodoro cancel all")
        done: regrets.Done = []
        for promise in mine:
            if answer.words is None:
                promise.doubt()
            elif sentences.CANCELLED in answer.words and promise.token in answer.words:
                promise.end(answer.asked_at, answer.answered_at)
                done.append((promise, restores[promise.token]))
            elif promise.is_going(human.now) and not promise.uncertain:
                human.hold_reading(answer, f"cancel all, of which {promise.token} is", is_right=False)
        if done and human.chance.random() < regrets.OFTEN:
            await regrets.of_timers(human, channel, done, "cancel", answer.asked_at)

    def _changed(self, promise: Promise, way: str, answer: Answer) -> bool:
        """Take what was answered to a change at its word; return whether it was done."""
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

    def _channel(self, human: Human, promise: Promise) -> Any:
        return human.local.world.channels.get(promise.place_id) or human.channels[0]


_LENGTHS = (
    (1500.0, "25m"), (1500.0, ""), (90.0, "90s"), (5.0, "5"), (3600.0, "1h"), (5400.0, "1h30m"), (5400.0, "1.5h"),
    (1500.0, "25:00"), (5400.0, "1:30:00"), (20.0, "20s"), (600.0, "10m"), (2400.0, "40m"), (7200.0, "2h"),
    (300.0, "5m"), (299.0, "4m59s"), (60.0, "1 min"), (30.0, "30s"), (45.0, "45"), (10.0, "10s"), (75.0, "1:15"),
)  # fmt: skip
_SHORT = [(seconds, spelt) for seconds, spelt in _LENGTHS if seconds <= 90]
