"""Focusing: what people do in sessions together, and whether each phase is announced."""

import asyncio
import math
import re
from typing import Any

from tests.universe import sentences
from tests.universe.claims import Claim
from tests.universe.gathering import Gathering
from tests.universe.human import Human, seconds_of
from tests.universe.judge import ANSWERED, BOUND, Judge
from tests.universe.partaking import Partaking
from tests.universe.planning import Planning
from tests.universe.promise import EARLY
from tests.universe.rights import STALE

_TITLES = sentences.pattern(sentences.FOCUS, sentences.SHORT_BREAK, sentences.LONG_BREAK, sentences.ALL_DONE)
_TITLE = re.compile(rf"^### (?:🍅|☕️|🌴|🎉) ({_TITLES}(?: · \d+ of \d+)?)$", re.MULTILINE)
# How long somebody has focused, as a recap has it, rounded down to so many seconds.
_FOCUSED, _ROUNDED = re.compile(r"^<@(\d+)> · \*\*([^*]+)\*\*", re.MULTILINE), 60.0
# Its number, which its card has.
_NUMBER = re.compile(r"^-# (#\d+)\b", re.MULTILINE)
# Seconds within which nobody is called again on the same account.
CALLS_APART = 60.0
_BRIEF = re.compile(f"^{sentences.pattern(sentences.PHASE_OVER, phase='.+')}$")
_IDLE = re.compile(f"^### {sentences.pattern(sentences.IDLE)}$", re.MULTILINE)
_EMPTY = re.compile(f"^### {sentences.pattern(sentences.EMPTY)}$", re.MULTILINE)
_ENDS = re.compile("^" + sentences.pattern(sentences.ENDS, when=r"<t:(\d+):R>"), re.MULTILINE)
_BEGAN = re.compile("^" + sentences.pattern(*sentences.LATE_PHASES, late=".*"), re.MULTILINE)
# How often two do something in a session at the same moment, and how often somebody is silent for rounds.
_TOGETHER, _DOZES = 0.15, 0.5
# How often somebody comes in as a session begins, and within how many seconds.
_COMES, _SOON = 0.5, 20.0


class Focusing:
    """The sessions of all servers, one at a time in a channel; ``epoch`` is when virtual time began.

    ``most_silent`` rounds at most count without activity.
    """

    def __init__(self, judge: Judge, channels: list[Any], epoch: float, most_silent: int) -> None:
        self._epoch = epoch
        self._most_silent = most_silent
        # Who is around in each channel; and when people stop asking for things.
        self.around: dict[str, list[Human]] = {}
        self.until = math.inf
        self._judge = judge
        self._channels = {channel.id for channel in channels}
        self._going: dict[str, Gathering] = {}
        # The one before it in each channel.
        self._before: dict[str, Gathering] = {}
        self._all: list[Gathering] = []
        self._partaking = Partaking(judge, channels)
        self.planning = Planning()
        # Channels where somebody is just starting one.
        self._starting: set[str] = set()
        # Who has ever asked not to be called.
        self._hushed: set[str] = set()
        self._unheard: dict[str, list[Any]] = {}
        # When each was last called, on the account of a host or in a channel.
        self._called_at: dict[tuple[str, str], float] = {}
        judge.listeners.append(self._hear)
        judge.readers.append(self._see)

    async def act(self, human: Human) -> None:
        """Start a session, join, or do something in it."""
        channel = human.channels[1]
        going = self._going.get(channel.id)
        now = human.now
        if going is not None and not going.uncertain:
            going.advance(now)
        if channel.id in self._starting or (going and going.uncertain and now - going.began[0] < 6 * 3600):
            return
        if going is None or going.over or going.uncertain:
            await self._start(human, channel)
        elif going.is_clear(now):
            await self._partake(human, going, channel)

    async def _partake(self, human: Human, going: Gathering, channel: Any) -> None:
        if channel.id not in self._starting and not self._judge.is_excused(human.now):
            self._starting.add(channel.id)
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
                self._starting.discard(channel.id)
                # What was said meanwhile may have come of what was asked.
                for event in self._unheard.pop(channel.id, []):
                    self._told(going, *event)
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
        self._starting.add(channel.id)
        try:
            plan = await self.planning.choose(human, channel)
            spelt = plan.words
            room = self._partaking.rooms.get(channel.id)
            has_voice = room is not None and not plan.is_whole and human.chance.random() < 0.6
            if room and has_voice:
                spelt += f" voice <#{room.id}>"
            answer = await human.type(channel, f"!focus {spelt}")
        finally:
            self._starting.discard(channel.id)
        phases = plan.phases
        span = answer.asked_at, answer.answered_at
        going = Gathering(channel.id, human.id, phases, span, most_silent=self._most_silent)
        if answer.words is None:
            going.uncertain = True
        elif not (match := _TITLE.match(answer.words)) or match[1] != phases[0][0]:
            if plan.is_whole:
                human.hold_reading(answer, spelt, is_right=not answer.words.startswith("###"))
            return
        going.card, going.has_voice = answer.message, has_voice
        going.number = number[1] if (number := _NUMBER.search(answer.words or "")) else ""
        self._partaking.begin(going)
        if known := self._going.get(channel.id):
            self._before[channel.id] = known
        self._going[channel.id] = going
        self._all.append(going)
        others = [other for other in self.around[channel.id] if other is not human]
        coming = [other for other in others if human.chance.random() < _COMES]
        await asyncio.gather(self._doze(human, going), *(self._come(other, going, channel) for other in coming))

    async def _come(self, human: Human, going: Gathering, channel: Any) -> None:
        """Join as a session begins, if nobody else is doing anything in it."""
        await asyncio.sleep(human.chance.uniform(6, _SOON))
        if going is self._going.get(channel.id) and going.is_clear(human.now) and not going.uncertain:
            await self._partake(human, going, channel)

    def _see(self, message: Any) -> None:
        if going := self._going.get(message.channel_id):
            user_id, now = message.author["id"], self._judge.now
            going.sign(user_id, now, sure=False)
            asyncio.get_running_loop().call_later(ANSWERED, self._seen, going, user_id, now)

    def _seen(self, going: Gathering, user_id: str, at: float) -> None:
        """Note activity that the bot must have seen by now, unless it has just gone down."""
        going.sign(user_id, at, sure=not self._judge.is_excused(at))

    def _hear(self, message: Any, words: str) -> set[str]:
        going = self._going.get(message.channel_id)
        if going is None:
            return set()
        number, before = _NUMBER.search(words), self._before.get(message.channel_id)
        if number and before and number[1] == before.number:
            going = before  # its end comes late, when the next has begun
        if sentences.STILL_THERE in words:
            going.question = message.wire(self._judge.world)
            going.questioned = {user_id for user_id in going.guests if f"<@{user_id}> (" in words}
        if going.uncertain:
            return set(going.guests)
        now = self._judge.now
        match, brief = _TITLE.match(words), _BRIEF.match(words)
        is_answer = message.reference is not None or message.interaction_metadata is not None
        if not going.over:
            self._end_of_itself(going, words, now)
        if not is_answer and (match or brief):
            if match and not going.over:
                going.card = message.wire(self._judge.world)
            if message.channel_id in self._starting and not going.over:
                self._unheard.setdefault(message.channel_id, []).append((now, message, words, match, brief))
            else:
                self._told(going, now, message, words, match, brief)
        is_card = words.startswith("### ") and "-# #" in words
        return going.present(now) | (set(going.guests) if going.over else set()) if is_card else set()

    def _end_of_itself(self, going: Gathering, words: str, now: float) -> None:
        """Note a session that has ended because nobody was there, or all have left the server."""
        if _IDLE.match(words):
            if not going.is_idle(now, self._judge.slack):
                self._judge.fault("early", f"a session in which people are was ended: {words!r}")
            self._judge.counts["idle ends"] += 1
            going.die_down(now, self._judge.slack)
        elif _EMPTY.match(words) and going.away:
            going.uncertain |= self._judge.is_excused(now)
            going.stop(now - BOUND, now)

    def _told(self, going: Gathering, now: float, message: Any, words: str, title: Any, brief: Any) -> None:
        if going.uncertain:
            return
        if brief:
            self._judge.counts["briefs"] += 1
            return
        ends = _ENDS.search(words)
        wrong = going.hear(title[1], now, EARLY + self._judge.slack)
        if wrong:
            self._judge.fault("early" if "early" in wrong else "doubled", f"{wrong}: {words!r}")
        if ends and going.at in going.announced_at and not going.over and not going.left:
            at, slack = int(ends[1]) - self._epoch, 1.0 + self._judge.slack
            if not going.ends[0] - slack <= at <= going.ends[1] + slack:
                self._judge.fault("wrong time", f"{title[1]} is shown to end at {at:.0f}, not {going.ends}")
        if title[1] == sentences.ALL_DONE and not wrong:
            self._hold_recap(going, words)
        self._hushed |= set(going.unpinged)
        if not _BEGAN.search(words) and not self._judge.slack:
            missing = going.surely_present(now - 60) - set(message.pinged) - going.unclear
            missing -= self._called_lately(going, now) | going.unclear_pings | self._hushed
            if missing:
                self._judge.fault("not pinged", f"{sorted(missing)} by {words!r}")

        hushed = {user_id for user_id, since in going.unpinged.items() if since < now - ANSWERED}
        if called := hushed & set(message.pinged) - going.unclear_pings:
            self._judge.fault("wrongly pinged", f"{sorted(called)}, who asked not to be, by {words!r}")
        causes = (going.host_id, going.channel_id)
        self._called_at |= {(cause, user_id): now for cause in causes for user_id in message.pinged}

    def _hold_recap(self, going: Gathering, words: str) -> None:
        """Check each person's time on a recap against their focus."""
        slack = _ROUNDED + len(going.runs) * (1 + self._judge.slack)
        for user_id, amount in _FOCUSED.findall(words):
            low, high = going.focused(user_id)
            if user_id not in going.unclear and not low - slack <= seconds_of(amount) <= high + slack:
                self._judge.fault(
                    "wrong sum", f"{user_id} focused {low:.1f} to {high:.1f} s, not {amount}: {words!r}"
                )

    def _called_lately(self, going: Gathering, now: float) -> set[str]:
        """Return those who may not be pinged again so soon, by this host or in this channel."""
        return {
            user_id
            for (cause, user_id), at in self._called_at.items()
            if cause in {going.host_id, going.channel_id} and now - at < CALLS_APART
        }

    def claims(self, user_id: str) -> tuple[list[Claim], list[Claim]]:
        """Return where a person's focus in all sessions certainly counts, and where it may."""
        sure: list[Claim] = []
        possible: list[Claim] = []
        for going in self._all:
            if user_id in going.people:
                surely, perhaps = going.claims(user_id)
                sure += surely if user_id not in going.unclear else []
                possible += perhaps
        return sure, possible

    def is_uncertain(self, user_id: str) -> bool:
        """Return whether a person's time in a session is unknown."""
        return any((going.uncertain and user_id in going.guests) or user_id in going.unclear for going in self._all)

    def present(self) -> set[str]:
        """Return who is certainly in a session."""
        now = self._judge.now
        going = [going for going in self._going.values() if not (going.over or going.uncertain)]
        return {user_id for session in going for user_id in session.surely_present(now)}

    def depart(self, user_id: str, places: set[str]) -> None:
        """Note that a person has left a server with these channels, and so must be removed from a session there."""
        for going in self._going.values():
            if user_id in going.guests and going.channel_id in places and not going.over:
                going.depart(user_id, self._judge.now)

    def vanish(self, user_id: str, *, is_known: bool) -> None:
        """Note that a person has deleted their data: their focus in past sessions no longer counts."""
        for going in self._all:
            if is_known and going.over and user_id in going.people:
                del going.people[user_id]
            elif user_id in going.guests:
                going.uncertain = True
        self._partaking.forget(user_id)
        self.planning.forget(user_id)

    def arrive(self, user_id: str, places: set[str]) -> None:
        """Note that a person is back in it."""
        for going in self._all:
            if going.channel_id in places:
                going.arrive(user_id, self._judge.now)

    def close(self) -> None:
        """Check missing announcements against the failures."""
        judge = self._judge
        judge.counts["sessions"] = len(self._all)
        for going in self._all:
            if going.uncertain:
                judge.counts["sessions in doubt"] += 1
                continue
            going.advance(judge.now)
            going.expel(STALE + 60, lambda moment: judge.until(moment) > moment + BOUND + judge.slack)
            judge.counts["phases"] += len(going.dues)
            judge.counts["rounds in silence"] += going.rounds_in_silence()
            ends = max((due[1] for due in going.dues.values()), default=math.inf) if going.over else math.inf
            if judge.is_disturbed(going.channel_id, since=going.began[0], until=judge.until(ends)):
                going.unclear |= going.guests
            for at, due in going.dues.items():
                allowed = judge.until(due[1])
                if judge.is_disturbed(going.channel_id, since=going.began[0], until=allowed):
                    break  # from then on it may be over
                following = going.dues.get(at + 1, going.died)
                announced_at = going.announced_at.get(at)
                if following and following[1] <= allowed:
                    continue
                if announced_at is None and allowed < judge.now:
                    judge.fault("lost", f"phase {at} of {going.phases}, due {due}, is not told of")
                elif announced_at is not None and announced_at > allowed:
                    judge.fault("late", f"phase {at} came {announced_at - due[1]:.1f} s late")
