"""Reminding: what people do with reminders, at times of day in their zones."""

import contextlib
import itertools
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.localdiscord.errors import DiscordError
from tests.universe import altering, appointments, calendar, meddling, phrases, regrets, sentences
from tests.universe.altering import SPANS, due_in
from tests.universe.human import Answer, Human
from tests.universe.promise import Due, Promise

_NUMBER = re.compile(r"(?<!<)#\d+")
_ZONE = re.compile(sentences.pattern(*sentences.ZONES, zone="") + r"([\w/+-]+)")
_LEAD = 120.0
# How often people name their zone as the tables do.
_BY_THE_TABLE, _ZONES = 0.2, phrases.zones()
# What people are reminded of.
_TEXTS = "stretch", "call mum", "drink", "stand-up", "tell <@1>", "ask @here"
_WAYS = (
    "in", "in", "me", "me", "me", "at", "tomorrow", "every", "every", "every", "slash", "edited", "asked", "there",
    "there", "elsewhere",
)  # fmt: skip
# Where else it may be the time that people say.
_CITIES = [
    ("Berlin", ZoneInfo("Europe/Berlin")), ("Tokyo", ZoneInfo("Asia/Tokyo")),
    ("New York", ZoneInfo("America/New_York")), ("Sydney", ZoneInfo("Australia/Sydney")),
]  # fmt: skip
# How often somebody takes back what they have just set.
_REGRETS = 0.15
# How often somebody tells their zone only once they have set something, and within how many seconds.
_TELLS_LATER, _LATER = 0.3, 500.0
# How often whoever may ping everyone does, and how often twice within a minute.
_CALLS, _AGAIN = 0.4, 0.4
# How often somebody wants to be reminded of a message, and directly when another is.
_ABOUT, _ALIGNS, _CLOSE = 0.7, 0.8, 10.0
# How often somebody has something that comes a few times rest for one of them.
_SKIPS = 0.6


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
        going = [
            promise
            for promise in mine
            if (promise.is_waiting(human.now) or (promise.paused and promise.over_at is None))
            and not promise.uncertain
            and not promise.is_only_snoozed
        ]
        come = [
            promise
            for promise in mine[-8:]
            if promise.message and not promise.uncertain and promise.over_at is None
        ]
        for_all = meddling.come_for_all(human)
        dice = human.chance.random()
        if dice < 0.05:
            await human.type(human.chance.choice(human.channels), "!remind list")
        elif dice < 0.2 and for_all:
            await meddling.snooze(human, human.chance.choice(for_all[-3:]))
        elif dice < 0.3 and come:
            await altering.deal(human, human.chance.choice(come))
        elif dice < 0.55 and going:
            await altering.change(human, human.chance.choice(going), going)
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
        human.zone_in_doubt = answer.words is None
        human.hold_reading(
            answer, spelt, is_right=zone_match is not None and _are_same(zone, ZoneInfo(zone_match[1]))
        )
        if zone_match:
            human.zone = zone
        return answer

    async def _set(self, human: Human) -> None:
        channel = human.chance.choice(human.channels)
        tells_later = human.chance.random() < _TELLS_LATER and not human.zone_in_doubt
        if not human.zone_known and not tells_later:
            await self.introduce(human)
        promise = self.promise(human, channel)
        if human.zone_known or not tells_later:
            await self._set_by_zone(human, promise, channel)
        else:
            await self._set_by_utc(human, promise, channel)

    async def _set_by_zone(self, human: Human, promise: Promise, channel: Any) -> None:
        way = human.chance.choice(_WAYS)
        if human.id in human.judge.rights.heralds and human.chance.random() < _CALLS:
            way = "call"
            promise.calls = True
        if way == "me":
            promise.is_direct, promise.place_id = True, (await human.person.dm()).id
            channel = human.channels[0]  # where others ask for the like
        elif way == "there":
            promise.place_id, promise.is_for_all = human.chance.choice(human.channels).id, True
        if way in {"in", "me", "slash", "call", "there"}:
            span = human.chance.choice(SPANS)
            answer = await self._set_in(human, promise, channel, way, span)
            if way == "call" and human.chance.random() < _AGAIN:
                again = self.promise(human, channel)
                again.calls = True
                await self._set_in(human, again, channel, way, span)
            elif promise.card and human.chance.random() < _REGRETS:
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
        seconds, spelt = human.chance.choice(SPANS)
        promise.dues.append(Due(math.floor(human.now) + seconds, math.inf, optional=True))
        answer = await human.type(channel, f"!remind {spelt.replace('in ', '')}q {promise.token} stretch")
        if answer.words and not answer.words.startswith("(") and not _is_set(answer.words):
            answer = await human.edit(answer, f"!remind {spelt} {promise.token} stretch")
            self.settle(human, promise, answer, lambda: [due_in(answer, seconds)])
        else:
            promise.uncertain = True

    async def _set_in(
        self, human: Human, promise: Promise, channel: Any, way: str, span: tuple[float, str]
    ) -> Answer:
        seconds, spelt = span
        if way == "me" and human.chance.random() < _ALIGNS and (left := _left(human)) > _CLOSE:
            seconds, spelt = left, f"{left:.0f}s"
        promise.dues.append(Due(math.floor(human.now) + seconds, math.inf, optional=True))
        if way == "slash":
            answer = await human.slash(channel, "remind set", when=spelt, what=self._text(human, promise))
        else:
            whom = {"me": "me ", "call": "@everyone ", "there": f"<#{promise.place_id}> "}.get(way, "")
            about = await _read(human, channel) if way == "in" and human.chance.random() < _ABOUT else None
            promise.about = about["id"] if about else ""
            answer = await human.type(
                channel, f"!remind {whom}{spelt} {self._text(human, promise)}", reply_to=about
            )
        self.settle(human, promise, answer, lambda: [due_in(answer, seconds)])
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
        elif promise.is_named(told.words):
            promise.move(there, there)
        elif there > human.now + _LEAD and promise.is_waiting(human.now) and not human.is_excused(promise.asked_at):
            human.hold_reading(told, f"a zone, in which {promise.token} is to come", is_right=False)

    async def _set_at(self, human: Human, promise: Promise, channel: Any, way: str) -> None:
        now = self._epoch + human.now
        city, zone = human.chance.choice(_CITIES) if way == "elsewhere" else ("", human.zone)
        meant = appointments.on_a_day("at" if city else way, now, zone, human.chance)
        moment = meant.moments[0]
        if appointments.is_unclear(moment, zone) or moment - now < _LEAD:
            return
        promise.dues.append(Due(moment - self._epoch, math.inf, optional=True))
        text = f"{city} {self._text(human, promise)}".lstrip()
        answer = await human.type(channel, f"!remind {meant.words.format(text)}")
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
        if isinstance(meant, appointments.Appointment):
            first = meant.moments[0] if meant.moments else 0.0
            if first - now < _LEAD or appointments.is_unclear(first, human.zone):
                return
        promise.dues.append(Due(human.now, math.inf, optional=True))
        answer = await human.type(channel, f"!remind {meant.words.format(self._text(human, promise))}")

        def dues() -> list[Due]:
            if isinstance(meant, appointments.Appointment):
                return [Due(moment - self._epoch, moment - self._epoch) for moment in meant.moments]
            many = int((self._end - human.now) // meant.seconds) + 4
            return [due_in(answer, meant.seconds * number) for number in range(1, (meant.times or many) + 1)]

        self.settle(human, promise, answer, dues)
        is_few = isinstance(meant, appointments.Interval) and meant.times
        if is_few and promise.card and not promise.uncertain and human.chance.random() < _SKIPS:
            await human.pause(human.chance.uniform(1, 60))
            await altering.change(human, promise, [], "pause")

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
            human.hold_series(promise, answer.words)
        else:
            promise.uncertain = "(could not" not in answer.words and sentences.LIMIT not in answer.words
            for due in promise.dues:
                due.missed = not promise.uncertain


def _left(human: Human) -> float:
    """Return in how many whole seconds the next comes that is direct."""
    dues = [promise.open_due for promise in human.judge.promises.values() if promise.is_direct]
    lefts = [due.lo - math.floor(human.now) for due in dues if due and not due.optional]
    return float(round(min((left for left in lefts if left > _CLOSE), default=0.0)))


async def _read(human: Human, channel: Any) -> Any:
    """Return a message of a channel that somebody wants to come back to, if they may write there."""
    with contextlib.suppress(DiscordError, KeyError):
        return await human.person.say(channel, "The plan for next week")
    return None


def _is_set(words: str) -> bool:
    return sentences.SET in words


def _are_same(zone: ZoneInfo, other: ZoneInfo) -> bool:
    """Return whether the clocks of two zones go alike."""
    moments = [datetime(2026, month, 15, tzinfo=UTC) for month in (1, 4, 7, 10)]
    return all(moment.astimezone(zone).utcoffset() == moment.astimezone(other).utcoffset() for moment in moments)
