"""Focusing: what people do about sessions together: start them, come in, and fall silent for rounds."""

import asyncio
import math
from typing import Any

from tests.universe import sentences
from tests.universe.gathering import Gathering
from tests.universe.human import Human
from tests.universe.judge import Judge
from tests.universe.partaking import Partaking
from tests.universe.planning import Planning
from tests.universe.sessions import NUMBER, TITLE, Sessions

# How often two do something in a session at the same moment, and how often somebody is silent for rounds.
_TOGETHER, _DOZES = 0.15, 0.5
# How often somebody comes in as a session begins, and within how many seconds.
_COMES, _SOON = 0.5, 20.0
# How often one has open doors first, is to be warned of, or has its phases begun by hand; and for how long.
_OPENS, _WARNS, _BY_HAND, _OPEN = 0.2, 0.6, 0.2, 300.0


class Focusing:
    """All of that, in ``sessions``; ``most_silent`` rounds at most count without activity."""

    def __init__(self, judge: Judge, channels: list[Any], sessions: Sessions, most_silent: int) -> None:
        self._most_silent = most_silent
        self._sessions = sessions
        # Who is around in each channel; and when people stop asking for things.
        self.around: dict[str, list[Human]] = {}
        self.until = math.inf
        self._judge = judge
        self._partaking = Partaking(judge, channels)
        self.planning = Planning()

    async def act(self, human: Human) -> None:
        """Start a session, join, or do something in it."""
        channel = human.channels[1]
        going = self._sessions.of(channel.id)
        now = human.now
        if going is not None and not going.uncertain:
            going.advance(now)
        if channel.id in self._sessions.busy or (going and going.uncertain and now - going.began[0] < 6 * 3600):
            return
        if going is None or going.over or going.uncertain:
            await self._start(human, channel)
        elif going.is_clear(now):
            await self._partake(human, going, channel)

    async def _partake(self, human: Human, going: Gathering, channel: Any) -> None:
        if channel.id not in self._sessions.busy and not self._judge.is_excused(human.now):
            self._sessions.busy.add(channel.id)
            try:
                others = [other for other in self.around[channel.id] if other is not human]
                if others and human.chance.random() < _TOGETHER:
                    both = human, human.chance.choice(others)
                    self._judge.counts["together"] += 1
                    await asyncio.gather(*(self._partaking.act(each, going, channel, leads=False) for each in both))
                else:
                    await self._partaking.act(human, going, channel)
                if going.left and human.id == going.host_id and not going.uncertain:
                    await asyncio.sleep(human.chance.uniform(30, 600))
                    await self._partaking.act(human, going, channel)
                await self._succeed(human, going, channel)
            finally:
                self._sessions.be_free(going)
            await self._doze(human, going)

    async def _succeed(self, human: Human, going: Gathering, channel: Any) -> None:
        """Lead a session whose host has just left it."""
        if going.host_id == human.id or going.uncertain or going.over or going.host_id not in going.heirs:
            return
        await asyncio.sleep(human.chance.uniform(6, _SOON))
        (heir,) = (other for other in self.around[channel.id] if other.id == going.host_id)
        if going.is_clear(heir.now) and not going.uncertain and not self._judge.is_excused(heir.now):
            going.heirs.discard(heir.id)
            await self._partaking.lead(heir, going, channel)

    async def _doze(self, human: Human, going: Gathering) -> None:
        """Perhaps be inactive for some rounds, and then answer whether one was there."""
        each = sum(seconds for _, _, seconds in going.phases[:2])
        ends = human.now + human.chance.uniform(1.2, 3.5) * each * (self._most_silent + 1)
        if human.chance.random() < _DOZES and human.id in going.surely_present(human.now) and ends < self.until:
            self._judge.note(f"{human.person.name} is silent")
            self._judge.counts["dozes"] += 1
            await asyncio.sleep(ends - human.now)
            if human.id in going.questioned and not going.uncertain:
                await self._partaking.confirm(human, going)

    async def _start(self, human: Human, channel: Any) -> None:
        self._sessions.busy.add(channel.id)
        try:
            plan = await self.planning.choose(human, channel)
            ways = self._ways(human, channel) if not plan.is_whole else {}
            spelt = " ".join([plan.words, *ways.values()])
            answer = await human.type(channel, f"!focus {spelt}")
        finally:
            self._sessions.busy.discard(channel.id)
        phases = [(sentences.DOORS, False, _OPEN), *plan.phases] if "opens" in ways else plan.phases
        span = answer.asked_at, answer.answered_at
        going = Gathering(
            channel.id,
            human.id,
            phases,
            span,
            most_silent=self._most_silent,
            is_auto="by hand" not in ways,
            warns="warns" in ways,
        )
        if answer.words is None:
            going.uncertain = True
        elif not (match := TITLE.match(answer.words)) or match[1] != phases[0][0]:
            human.hold_reading(answer, spelt, is_right=not answer.words.startswith("###"))
            return
        going.card, going.has_voice, going.lengths = answer.message, "voice" in ways, plan.lengths
        going.number = number[1] if (number := NUMBER.search(answer.words or "")) else ""
        self._partaking.sitting.begin(going)
        self._sessions.add(going)
        others = [other for other in self.around[channel.id] if other is not human]
        coming = [other for other in others if human.chance.random() < _COMES]
        await asyncio.gather(self._doze(human, going), *(self._come(other, going, channel) for other in coming))

    async def _come(self, human: Human, going: Gathering, channel: Any) -> None:
        """Join as a session begins, if nobody else is doing anything in it."""
        await asyncio.sleep(human.chance.uniform(6, _SOON))
        if going is self._sessions.of(channel.id) and going.is_clear(human.now) and not going.uncertain:
            await self._partake(human, going, channel)

    def _ways(self, human: Human, channel: Any) -> dict[str, str]:
        """Choose how one is to go, and return the words for that."""
        ways = {}
        if (room := self._partaking.sitting.rooms.get(channel.id)) and human.chance.random() < 0.6:
            ways["voice"] = f"voice <#{room.id}>"
        others = ("warns", "warn", _WARNS), ("by hand", "manual", _BY_HAND), ("opens", "in 5m", _OPENS)
        return ways | {way: words for way, words, often in others if human.chance.random() < often}

    def vanish(self, user_id: str, *, is_known: bool) -> None:
        """Note that a person has deleted their data, and so what they have chosen."""
        self._sessions.vanish(user_id, is_known=is_known)
        self._partaking.sitting.forget(user_id)
        self.planning.forget(user_id)
