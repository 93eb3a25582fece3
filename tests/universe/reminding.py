"""Reminding: what people do with reminders, at times of day in their zones."""

import itertools
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.universe import appointments, calendar, phrases, regrets, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise

_NUMBER = re.compile(r"(?<!<)#\d+")
_ZONE = re.compile(sentences.pattern(*sentences.ZONES, zone="") + r"([\w/+-]+)")
_LEAD = 120.0
# How often people name their zone as the tables do.
_BY_THE_TABLE, _ZONES = 0.2, phrases.zones()
_DONE = {"cancel": sentences.CANCELLED, "pause": sentences.PAUSED, "resume": sentences.RESUMED}
# What people are reminded of.
_TEXTS = "stretch", "call mum", "drink", "stand-up", "tell <@1>", "ask @here"
_SNOOZES = {sentences.SNOOZE: 600.0, sentences.SNOOZE_AN_HOUR: 3600.0}
# How often somebody takes back what they have just set, and changes their mind about how long to snooze.
_REGRETS, _WAVERS = 0.08, 0.5
# How often somebody tells their zone only once they have set something, and within how many seconds.
_TELLS_LATER, _LATER = 0.3, 500.0
# How often somebody changes the words rather than the time, and to what.
_REWORDS, _OTHER_TEXTS = 0.3, ("sit up", "breathe")
# How often somebody cancels two at once.
_TWO = 0.25
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
            await self._change(human, human.chance.choice(going), going)
        else:
            await self._set(human)

    async def introduce(self, human: Human) -> Answer:
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
        return answer

    async def _set(self, human: Human) -> None:
        channel = human.chance.choice(human.channels)
        if not human.zone_known and human.chance.random() < _TELLS_LATER:
            await self._set_by_utc(human, self.promise(human, channel), channel)
            return
        if not human.zone_known:
            await self.introduce(human)
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
            answer = await self._set_in(human, promise, channel, way)
            if promise.card and human.chance.random() < _REGRETS:
                await regrets.of_reminder(human, answer, promise, None)
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

    async def _set_in(self, human: Human, promise: Promise, channel: Any, way: str) -> Answer:
        seconds, spelt = human.chance.choice(_SPANS)
        promise.dues.append(Due(math.floor(human.now) + seconds, math.inf, optional=True))
        if way == "slash":
            answer = await human.slash(channel, "remind set", when=spelt, what=self._text(human, promise))
        else:
            whom = {"me": "me ", "call": "@everyone ", "there": f"<#{promise.place_id}> "}.get(way, "")
            answer = await human.type(channel, f"!remind {whom}{spelt} {self._text(human, promise)}")
        self.settle(human, promise, answer, lambda: [_due(answer, seconds)])
        return answer

    async def _set_by_utc(self, human: Human, promise: Promise, channel: Any) -> None:
        """Set one at a time of day, and tell one's zone only then: it is to come at that time there."""
        now = self._epoch + human.now
        at = (datetime.fromtimestamp(now, UTC) + timedelta(hours=human.chance.randint(1, 20))).time()
        at = at.replace(minute=human.chance.randrange(0, 60, 5), second=0, microsecond=0)
        moment = calendar.next_time(now, at, ZoneInfo("UTC"))
        promise.dues.append(Due(moment - self._epoch, math.inf, optional=True))
        answer = await human.type(channel, f"!remind at {at:%H:%M} {self._text(human, promise)}")
        self.settle(human, promise, answer, lambda: [Due(moment - self._epoch, moment - self._epoch)])
        if not promise.card or promise.uncertain:
            return
        await human.pause(human.chance.uniform(2, _LATER))
        told = await self.introduce(human)
        there = calendar.instant(datetime.fromtimestamp(moment, UTC).date(), at, human.zone) - self._epoch
        if told.words is None or not human.zone_known or appointments.is_unclear(there, human.zone):
            promise.doubt()
            promise.dues.append(Due(min(there, human.now), math.inf, optional=True))
        elif promise.token in told.words:
            promise.move(there, there)
        elif there > human.now + _LEAD and promise.is_waiting(human.now) and not human.is_excused(promise.asked_at):
            human.hold_reading(told, f"a zone, in which {promise.token} is to come", is_right=False)

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
            promise.card, promise.called = answer.message, promise.token
            promise.number = match[0] if (match := _NUMBER.search(answer.words)) else promise.token
            human.hold_shown(promise, answer.words)
        else:
            promise.uncertain = "(could not" not in answer.words and sentences.LIMIT not in answer.words
            for due in promise.dues:
                due.missed = not promise.uncertain

    async def _deal(self, human: Human, promise: Promise) -> None:
        """Press a button of one that has come."""
        label = human.chance.choice((*_SNOOZES, sentences.DONE, sentences.DONE, sentences.STOP_REPEATING))
        message = promise.message
        promise.message = None
        if label in _SNOOZES:
            await self._snooze(human, promise, message, label)
            return
        answer = await human.press(message, label)
        if answer.words is None:
            promise.doubt()
        elif label == sentences.STOP_REPEATING and sentences.REPEATS_NO_MORE in answer.words:
            promise.end(answer.asked_at, answer.answered_at)

    async def _snooze(self, human: Human, promise: Promise, message: Any, label: str) -> None:
        """Snooze one, and perhaps take that back, or snooze it for longer."""
        due = await self._snooze_for(human, promise, message, label)
        if due is None or human.chance.random() > _WAVERS:
            return
        await human.pause(human.chance.uniform(1, 120))
        if promise.calls or promise.is_for_all:  # it keeps its buttons, for the others
            again = await self._snooze_for(human, promise, message, sentences.SNOOZE_AN_HOUR)
            due.optional, due.missed = again is None, again is not None
            return
        answer = await human.press(message, sentences.UNDO)
        if answer.words is None or answer.words == "(defer)":
            due.optional = True
        elif not answer.words.startswith("("):
            due.missed = sentences.SNOOZED not in answer.words

    async def _snooze_for(self, human: Human, promise: Promise, message: Any, label: str) -> Due | None:
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

    async def _change(self, human: Human, promise: Promise, going: list[Promise]) -> None:
        others = [other for other in going if other is not promise and other.number.startswith("#")]
        way = human.chance.choice(("cancel", "pause", "edit", "edit"))
        channel = human.chance.choice(human.channels)
        if promise.is_direct:
            channel = await human.person.dm()
        if promise.paused:
            way = "resume"
        if way == "edit":
            await self._edit(human, promise, channel)
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
            elif way == "cancel" and is_done:
                each.end(answer.asked_at, answer.answered_at)
            elif way == "pause" and is_done:
                each.silence(answer.asked_at, answer.answered_at)
            elif way == "resume" and is_done:
                each.sound(answer.asked_at, answer.answered_at)

    async def _edit(self, human: Human, promise: Promise, channel: Any) -> None:
        restore = promise.remember()
        if human.chance.random() < _REWORDS:
            answer = await self._reword(human, promise, channel)
        else:
            seconds, spelt = human.chance.choice(_SPANS)
            answer = await human.type(channel, f"!remind edit {promise.number} {spelt}")
            if answer.words is None:
                promise.doubt()
                promise.dues.append(Due(math.floor(answer.asked_at) + seconds, math.inf, optional=True))
            elif sentences.CHANGED in answer.words:
                promise.void = promise.uncertain = promise.repeats  # how it repeats from then on is left open
                due = _due(answer, seconds)
                promise.move(due.lo, due.hi)
        is_changed = sentences.CHANGED in (answer.words or "")
        if is_changed and not promise.repeats and human.chance.random() < regrets.OFTEN:
            await regrets.of_reminder(human, answer, promise, restore)

    async def _reword(self, human: Human, promise: Promise, channel: Any) -> Answer:
        """Change what it is about."""
        called = f"{promise.token} {human.chance.choice(_OTHER_TEXTS)}"
        answer = await human.type(channel, f"!remind edit {promise.number} {called}")
        if answer.words is None:
            promise.doubt()
        elif sentences.CHANGED in answer.words:
            promise.called = called
        return answer


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
