"""Reminding: what people do with reminders, at times of day in their zones."""

import itertools
import math
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.universe import appointments, phrases, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise

_NUMBER = re.compile(r"#\d+")
_SHOWN = re.compile(r"<t:(\d+):R>")
_ZONE = re.compile(sentences.pattern(*sentences.ZONES, zone="") + r"([\w/+-]+)")
_LEAD = 120.0
# How often people name their zone as the tables do.
_BY_THE_TABLE, _ZONES = 0.2, phrases.zones()
# What people are reminded of.
_TEXTS = "stretch", "call mum", "drink", "stand-up", "tell <@1>", "ask @here"
_SNOOZES = {sentences.SNOOZE: 600.0, sentences.SNOOZE_AN_HOUR: 3600.0}
# How often whoever may ping everyone does.
_CALLS = 0.4


class Reminding:
    """All reminders. ``epoch`` is the Unix time at which virtual time began, ``end`` when it will end.

    Somebody may have ``most`` of them at once.
    """

    def __init__(self, epoch: float, end: float, most: int) -> None:
        self._epoch = epoch
        self._most = most
        self._end = end
        self._numbers = itertools.count(1)

    async def act(self, human: Human) -> None:
        """Set one, change one, or deal with one that has come."""
        mine = [
            promise
            for promise in human.judge.promises.values()
            if promise.owner_id == human.id and promise.token[0] == "r"
        ]
        going = [promise for promise in mine if promise.is_waiting(human.now) and not promise.uncertain]
        come = [
            promise
            for promise in mine[-8:]
            if promise.message and not promise.uncertain and promise.over_at is None
        ]
        dice = human.chance.random()
        if dice < 0.05:
            await human.type(human.chance.choice(human.channels), "!remind list")
        elif dice < 0.3 and come:
            await self._deal(human, human.chance.choice(come))
        elif dice < 0.55 and going:
            await self._change(human, human.chance.choice(going))
        else:
            await self._set(human)

    async def introduce(self, human: Human) -> None:
        """Tell the bot where one lives."""
        spelt, zone = human.zone.key, human.zone
        if human.chance.random() < _BY_THE_TABLE:
            spelt, zone = human.chance.choice(_ZONES)
        answer = await human.type(human.channels[0], f"!remind timezone {spelt}")
        zone_match = _ZONE.search(answer.words or "")
        human.zone_known = zone_match is not None
        human.hold_reading(
            answer, spelt, is_right=zone_match is not None and _are_same(zone, ZoneInfo(zone_match[1]))
        )
        if zone_match:
            human.zone = zone

    async def _set(self, human: Human) -> None:
        if not human.zone_known:
            await self.introduce(human)
        channel = human.chance.choice(human.channels)
        promise = self.promise(human, channel)
        way = human.chance.choice(
            ("in", "in", "me", "at", "tomorrow", "every", "slash", "edited", "asked", "there")
        )
        if human.id in human.judge.rights.heralds and human.chance.random() < _CALLS:
            way = "call"
            promise.calls = True
        if way == "me":
            promise.is_direct, promise.place_id = True, (await human.person.dm()).id
        elif way == "there":
            promise.place_id, promise.is_for_all = human.chance.choice(human.channels).id, True
        if way in {"in", "me", "slash", "call", "there"}:
            await self._set_in(human, promise, channel, way)
        elif way == "edited":
            await self._set_at_second_try(human, promise, channel)
        elif human.zone_known and way == "every":
            await self._set_again(human, promise, channel)
        elif human.zone_known:
            await self._set_at(human, promise, channel, way)

    def promise(self, human: Human, channel: Any) -> Promise:
        """Return what is about to be promised to somebody in a channel."""
        token = f"r{next(self._numbers):04}"
        promise = human.judge.promises[token] = Promise(token, human.id, channel.id, human.now)
        return promise

    async def _set_at_second_try(self, human: Human, promise: Promise, channel: Any) -> None:
        """Mistype when it is to come, and put that right in the message itself."""
        seconds, spelt = human.chance.choice(_SPANS)
        promise.dues.append(Due(math.floor(human.now) + seconds, math.inf, optional=True))
        answer = await human.type(channel, f"!remind {spelt.replace('in ', '')}q {promise.token} stretch")
        if answer.words and not answer.words.startswith("(") and not _is_set(answer.words):
            answer = await human.edit(answer, f"!remind {spelt} {promise.token} stretch")
            self.settle(human, promise, answer, lambda: [_due(answer, seconds)])
        else:
            promise.uncertain = True

    async def _set_in(self, human: Human, promise: Promise, channel: Any, way: str) -> None:
        seconds, spelt = human.chance.choice(_SPANS)
        promise.dues.append(Due(math.floor(human.now) + seconds, math.inf, optional=True))
        if way == "slash":
            answer = await human.slash(channel, "remind set", when=spelt, what=self._text(human, promise))
        else:
            whom = {"me": "me ", "call": "@everyone ", "there": f"<#{promise.place_id}> "}.get(way, "")
            answer = await human.type(channel, f"!remind {whom}{spelt} {self._text(human, promise)}")
        self.settle(human, promise, answer, lambda: [_due(answer, seconds)])

    async def _set_at(self, human: Human, promise: Promise, channel: Any, way: str) -> None:
        now = self._epoch + human.now
        meant = appointments.on_a_day(way, now, human.zone, human.chance)
        moment = meant.moments[0]
        if appointments.is_unclear(moment, human.zone) or moment - now < _LEAD:
            return
        promise.dues.append(Due(moment - self._epoch, math.inf, optional=True))
        answer = await human.type(channel, f"!remind {meant.words.format(self._text(human, promise))}")
        if answer.words and not answer.words.startswith("(") and sentences.LIMIT not in answer.words:
            is_asked = not _is_set(answer.words) and len(answer.buttons) >= len(meant.moments)
            human.hold_reading(answer, meant.words, is_right=is_asked if meant.is_asked else _is_set(answer.words))
            if is_asked and meant.is_asked:
                human.judge.counts["questions"] += 1
                which = human.chance.randrange(len(meant.moments))
                moment, answer = meant.moments[which], await human.press(answer.message, answer.buttons[which])
        due = moment - self._epoch
        self.settle(human, promise, answer, lambda: [Due(due, due)])

    async def _set_again(self, human: Human, promise: Promise, channel: Any) -> None:
        now, until = self._epoch + human.now, self._epoch + self._end + 86_400
        meant = appointments.again(now, until, human.zone, human.chance)
        promise.repeats = True
        if isinstance(meant, appointments.Appointment) and not (meant.moments and meant.moments[0] - now >= _LEAD):
            return
        promise.dues.append(Due(human.now, math.inf, optional=True))
        answer = await human.type(channel, f"!remind {meant.words.format(self._text(human, promise))}")

        def dues() -> list[Due]:
            if isinstance(meant, appointments.Appointment):
                return [Due(moment - self._epoch, moment - self._epoch) for moment in meant.moments]
            many = int((self._end - human.now) // meant.seconds) + 2
            return [_due(answer, meant.seconds * number) for number in range(1, (meant.times or many) + 1)]

        self.settle(human, promise, answer, dues)

    @staticmethod
    def _text(human: Human, promise: Promise) -> str:
        """Return what somebody is to be reminded of, which is not to call those whom it names."""
        return f"{promise.token} {human.chance.choice(_TEXTS)}"

    def settle(self, human: Human, promise: Promise, answer: Answer, dues: Any) -> None:
        """Take what was answered to a new reminder at its word."""
        if answer.words and (_is_set(answer.words) or sentences.LIMIT in answer.words):
            human.hold_limit(promise, answer.words, self._most)
        if answer.words is None or promise.uncertain:
            promise.uncertain = True
            promise.most_unsure()
        elif _is_set(answer.words):
            promise.dues = dues()
            promise.card = answer.message
            promise.number = match[0] if (match := _NUMBER.search(answer.words)) else promise.token
            self._check(human, promise, answer.words)
        else:
            promise.uncertain = "(could not" not in answer.words and sentences.LIMIT not in answer.words
            for due in promise.dues:
                due.missed = not promise.uncertain

    def _check(self, human: Human, promise: Promise, words: str) -> None:
        match, due = _SHOWN.search(words), promise.open_due
        if match and due:
            at, slack = int(match[1]) - self._epoch, 1.0 + human.judge.slack
            if not due.lo - slack <= at <= due.hi + slack:
                human.judge.fault(
                    "wrong time", f"{promise.token} is shown for {at:.0f}, due {due.lo:.1f}: {words!r}"
                )

    async def _deal(self, human: Human, promise: Promise) -> None:
        """Press a button of one that has come."""
        label = human.chance.choice((*_SNOOZES, sentences.DONE, sentences.DONE, sentences.STOP_REPEATING))
        message, seconds = promise.message, _SNOOZES.get(label, 0.0)
        promise.message = None
        due = Due(math.floor(human.now) + seconds, math.inf, optional=True, alone=True)
        if seconds:
            promise.dues.append(due)
        answer = await human.press(message, label)
        if answer.words is None:
            if not seconds:
                promise.doubt()
        elif sentences.SNOOZED in answer.words:
            due.hi, due.optional = answer.answered_at + seconds, False
        elif label == sentences.STOP_REPEATING and sentences.REPEATS_NO_MORE in answer.words:
            promise.end(answer.asked_at, answer.answered_at)
        elif seconds:
            due.missed = True

    async def _change(self, human: Human, promise: Promise) -> None:
        way = human.chance.choice(("cancel", "pause", "edit", "edit"))
        channel = human.chance.choice(human.channels)
        if promise.is_direct:
            channel = await human.person.dm()
        if promise.paused:
            way = "resume"
        if way == "edit":
            await self._edit(human, promise, channel)
            return
        reference = human.chance.choice((promise.token, promise.number))
        answer = await human.type(channel, f"!remind {way} {reference}")
        if answer.words is None:
            promise.doubt()
        elif way == "cancel" and sentences.CANCELLED in answer.words:
            promise.end(answer.asked_at, answer.answered_at)
        elif way == "pause" and sentences.PAUSED in answer.words:
            promise.silence(answer.asked_at, answer.answered_at)
        elif way == "resume" and sentences.RESUMED in answer.words:
            promise.sound(answer.asked_at, answer.answered_at)

    async def _edit(self, human: Human, promise: Promise, channel: Any) -> None:
        seconds, spelt = human.chance.choice(_SPANS)
        answer = await human.type(channel, f"!remind edit {promise.number} {spelt}")
        if answer.words is None:
            promise.doubt()
            promise.dues.append(Due(math.floor(answer.asked_at) + seconds, math.inf, optional=True))
        elif sentences.CHANGED in answer.words:
            promise.void = promise.uncertain = promise.repeats  # how it repeats from then on is left open
            due = _due(answer, seconds)
            promise.move(due.lo, due.hi)


def _is_set(words: str) -> bool:
    return sentences.SET in words


def _are_same(zone: ZoneInfo, other: ZoneInfo) -> bool:
    """Return whether the clocks of two zones go alike."""
    moments = [datetime(2026, month, 15, tzinfo=UTC) for month in (1, 4, 7, 10)]
    return all(moment.astimezone(zone).utcoffset() == moment.astimezone(other).utcoffset() for moment in moments)


def _due(answer: Answer, seconds: float) -> Due:
    """Return so many seconds from when it was asked; a reminder is of whole seconds."""
    return Due(math.floor(answer.asked_at) + seconds, answer.answered_at + seconds)


_SPANS = (
    (1200.0, "20m"), (600.0, "10 minutes"), (3600.0, "in 1 hour"), (7200.0, "2h"), (90.0, "90s"), (45.0, "in 45s"),
    (5400.0, "1h30m"), (10_800.0, "3h"),
)  # fmt: skip
