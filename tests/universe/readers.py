"""Readers: people who type the tables' reminders at the minute that their answers are for."""

import asyncio
import math
import random
import re

from tests.universe import phrases, sentences
from tests.universe.human import Answer, Human
from tests.universe.promise import Due
from tests.universe.reminding import Reminding

# Seconds from one phrase to the next, and the last second of that minute to type one.
_EACH, _UNTIL = 2.5, 55.0
# Seconds that the set time may differ from the chosen one.
_ABOUT = 60.0
_SHOWN = re.compile(r"<t:(\d+):R>")


class Readers:
    """All of them; each phrase is read once."""

    def __init__(self, reminding: Reminding, seed: int) -> None:
        self._reminding = reminding
        known = phrases.reminders()
        random.Random(f"readers {seed}").shuffle(known)
        self._left = known

    async def read(self, human: Human) -> None:
        """Type one phrase after the other, and answer what is asked."""
        await asyncio.sleep(human.chance.uniform(60, 200))
        answer = await human.type(human.channels[0], f"!remind timezone {human.zone.key}")
        await asyncio.sleep(phrases.AT - human.now + human.chance.random())
        is_known = answer.words is not None and human.zone.key in answer.words
        while is_known and self._left and human.now < phrases.AT + _UNTIL:
            phrase, *self._left = self._left
            began = human.now
            await self._type(human, phrase)
            await asyncio.sleep(max(0.0, began + _EACH - human.now))

    async def _type(self, human: Human, phrase: phrases.Reminder) -> None:
        channel = human.chance.choice(human.channels)
        promise = self._reminding.promise(human, channel)
        at = [moment - phrases.MOMENT.timestamp() + phrases.AT for moment in phrase.moments]
        promise.dues.append(Due(min(at), math.inf, optional=True))
        typed = f"!remind {phrase.template.format(promise.token)}"
        answer = await human.type(channel, typed)
        human.judge.counts["phrases"] += 1
        is_set = sentences.SET in (answer.words or "")
        human.hold_reading(answer, typed, is_right=phrase.may_set if is_set else phrase.may_refuse)
        if not is_set and not phrase.may_set and answer.buttons:
            human.judge.counts["questions"] += 1
            offered = len(answer.buttons)
            answer = await human.press(answer.message, human.chance.choice(answer.buttons))
            if offered > phrase.offers and not self._is_among(at, answer):  # more is offered than the tables have
                promise.void = promise.uncertain = True
                return
        promise.repeats = phrase.repeats
        self._reminding.settle(human, promise, answer, lambda: self._dues(phrase, at, answer))

    def _dues(self, phrase: phrases.Reminder, at: list[float], answer: Answer) -> list[Due]:
        # What was typed some seconds into the minute may count from then.
        later = answer.answered_at - phrases.AT
        if not phrase.may_set:
            meant = self._meant(answer)
            at = [min(at, key=lambda moment: abs(moment - meant))]
        dues = [Due(moment, moment + later) for moment in at]
        if phrase.repeats and not phrase.ends:
            dues += [Due(at[-1] + 1, math.inf, optional=True) for _ in range(200)]
        return dues

    def _is_among(self, at: list[float], answer: Answer) -> bool:
        return any(abs(moment - self._meant(answer)) < _ABOUT for moment in at)

    @staticmethod
    def _meant(answer: Answer) -> float:
        match = _SHOWN.search(answer.words or "")
        return int(match[1]) - phrases.MOMENT.timestamp() + phrases.AT if match else 0.0
