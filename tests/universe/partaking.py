"""Partaking: what people do in a session that goes on, by its card, by words, and in its voice channel."""

import re
from typing import Any

from bot.localdiscord.channel import VOICE
from bot.localdiscord.errors import DiscordError
from tests.universe import sentences
from tests.universe.gathering import Gathering
from tests.universe.human import Answer, Human
from tests.universe.judge import ANSWERED, Judge
from tests.universe.meddling import MODERATOR

# How often somebody in a session uses its voice channel, and asks to be let in by that; how often they rest, and
# say whether they were still there.
_BY_VOICE, _WANTS, _RESTS, _ANSWERS = 0.4, 0.5, 0.35, 0.9
# How often somebody sits for a while only, and for how many seconds.
_STANDS_UP, _SITS = 0.5, (30.0, 240.0)
# How often somebody in a session chooses whether they are called, and how often they ask how it stands.
_HUSHES, _LOOKS = 0.1, 0.05
# How often a guest tries to lead, and a host leaves, where there is somebody else.
_MEDDLES, _HANDS_OVER, _GIVES_AWAY = 0.15, 0.4, 0.4
_TASKS = "write tests", "tests *now*"
_LABELS = {
    "skip": sentences.SKIP, "extend": sentences.LONGER, "stop": sentences.STOP,
    "pause": sentences.PAUSE, "resume": sentences.RESUME,
}  # fmt: skip
# What shows that something was done: how the session stands, and what the host did to it.
_CHANGED = sentences.FOCUS, sentences.BREAK
_LED = sentences.PAUSED_WITH, sentences.ENDED, sentences.STOPPED, sentences.ALL_DONE, "Ends <t"
_PRESENT = re.compile("^-# " + sentences.pattern(*sentences.PRESENT, number=r"(\d+)"), re.MULTILINE)


class Partaking:
    """All of that. ``channels`` are those with sessions, each with a voice channel in its server."""

    def __init__(self, judge: Judge, channels: list[Any]) -> None:
        self._judge = judge
        there = [channel for channel in judge.world.channels.values() if channel.type == VOICE]
        rooms = {channel.guild_id: channel for channel in there}
        self.rooms = {channel.id: rooms[channel.guild_id] for channel in channels if channel.guild_id in rooms}
        # Who sits in voice, and who has asked to be let in by that.
        self._seated: dict[str, str] = {}
        self._auto: set[str] = set()

    async def act(self, human: Human, going: Gathering, channel: Any, *, leads: bool = True) -> None:
        """Do something; a host ``leads``, or does what guests do."""
        if human.id != going.host_id and human.chance.random() < _MEDDLES:
            await self._meddle(human, going, channel)
            return
        if going.has_voice and human.chance.random() < _BY_VOICE:
            await self._use_voice(human, going, channel)
            return
        going.sign(human.id, human.now, sure=False)
        inside = human.id in going.surely_present(human.now)
        if human.id in going.questioned and human.chance.random() < _ANSWERS:
            await self.confirm(human, going)
        elif human.chance.random() < _LOOKS:
            await self._look(human, going, channel)
        elif inside and human.chance.random() < _HUSHES:
            await self._hush(human, going, channel)
        elif human.id in going.resting or (inside and human.chance.random() < _RESTS):
            await self._rest_or_come_back(human, going, channel)
        elif human.id != going.host_id or not inside:
            await self._join_or_leave(human, going, channel)
        elif leads:
            await self.lead(human, going, channel)

    async def _meddle(self, human: Human, going: Gathering, channel: Any) -> None:
        """Try to lead without being the host."""
        way = human.chance.choice(("skip", "extend 5", "stop", "pause"))
        if human.person.name == MODERATOR or human.id in going.unclear:
            return
        self._judge.counts["meddles"] += 1
        answer = await human.type(channel, f"!focus {way}")
        human.hold_reading(answer, f"{way}, by a guest", is_right=sentences.ONLY_HOST in (answer.words or ""))

    async def _look(self, human: Human, going: Gathering, channel: Any) -> None:
        """Ask how it stands, and hold how many are in it against who is."""
        answer = await human.type(channel, "!focus status")
        match, span = _PRESENT.search(answer.words or ""), (answer.asked_at, answer.answered_at)
        if match is None or going.uncertain or going.unclear or going.over:
            return
        self._judge.counts["looks"] += 1
        number = int(next(filter(None, match.groups())))
        low, high = going.how_many(span)
        human.hold_reading(answer, f"{low} to {high} people", is_right=low <= number <= high)

    async def _hush(self, human: Human, going: Gathering, channel: Any) -> None:
        """Ask to be called no more as a phase changes, or to be called again."""
        way, sign = ("ping", sentences.PINGS) if human.id in going.unpinged else ("silent", sentences.NO_PINGS)
        answer = await human.type(channel, f"!focus notify {way}")
        human.hold_reading(answer, f"notify {way}", is_right=sign in (answer.words or ""))
        going.unpinged.pop(human.id, None)
        going.unclear_pings |= {human.id} if sign not in (answer.words or "") else set()
        if way == "silent" and sign in (answer.words or ""):
            going.unpinged[human.id] = human.now

    async def _rest_or_come_back(self, human: Human, going: Gathering, channel: Any) -> None:
        rests = human.id in going.resting
        typed, sign = ("!focus back", sentences.IS_BACK) if rests else ("!focus rest", sentences.RESTS)
        answer = await self._ask(human, going, channel, sentences.JUST_ME, typed)
        if self._done(human, going, answer, sign):
            (going.back if rests else going.rest)(human.id, answer.asked_at, answer.answered_at)
            self._judge.counts["back" if rests else "rests"] += 1

    async def _join_or_leave(self, human: Human, going: Gathering, channel: Any) -> None:
        if human.id not in going.surely_present(human.now):
            going.guests.add(human.id)
            answer = await self._ask(
                human, going, channel, sentences.JOIN, f"!focus join {human.chance.choice(_TASKS)}"
            )
            if self._done(human, going, answer, sentences.JOINED, *_CHANGED):
                going.come(human.id, answer.asked_at, answer.answered_at)
            return
        if human.id in self._auto and human.id in self._seated:  # they may be let in again
            return
        answer = await self._ask(human, going, channel, sentences.LEAVE, "!focus leave")
        if self._done(human, going, answer, sentences.LEFT, *_CHANGED):
            going.go(human.id, answer.asked_at, answer.answered_at)

    async def lead(self, human: Human, going: Gathering, channel: Any) -> None:
        """Do what the host may: hand it over, or change its clock."""
        (*others,) = going.surely_present(human.now) - {human.id}
        if going.guests == {human.id, *others} and len(others) == 1 and human.chance.random() < _HANDS_OVER:
            await self._hand_over(human, going, channel, others[0])
            return
        if others and human.chance.random() < _GIVES_AWAY:
            await self._give_away(human, going, channel, human.chance.choice(sorted(others)))
            return
        way = human.chance.choice(("skip", "extend", "stop", "pause", "pause") if not going.left else ("resume",))
        typed = f"!focus {way} 5" if way == "extend" else f"!focus {way}"
        answer = await self._ask(human, going, channel, _LABELS[way], typed)
        if not self._done(human, going, answer, *_LED, *_CHANGED):
            return
        if way == "pause" and going.phases[going.at][1]:
            self._judge.counts["pauses of focus"] += 1
        if way == "extend":
            going.extend(300.0)
        else:
            getattr(going, way)(answer.asked_at, answer.answered_at)

    async def _hand_over(self, human: Human, going: Gathering, channel: Any, other_id: str) -> None:
        """Leave, and so make the only other one the host."""
        answer = await self._ask(human, going, channel, sentences.LEAVE, "!focus leave")
        if self._done(human, going, answer, sentences.LEFT, *_CHANGED):
            going.go(human.id, answer.asked_at, answer.answered_at)
            going.host_id = other_id
            going.heirs.add(other_id)

    async def _give_away(self, human: Human, going: Gathering, channel: Any, other_id: str) -> None:
        """Make another the host, and stay."""
        answer = await human.type(channel, f"!focus host <@{other_id}>")
        if self._done(human, going, answer, sentences.IS_HOST):
            going.host_id = other_id
            going.heirs.add(other_id)
            self._judge.counts["given away"] += 1

    async def confirm(self, human: Human, going: Gathering) -> None:
        """Say whether one was still there."""
        going.sign(human.id, human.now, sure=False)
        was_there = human.chance.random() < 0.6
        answer = await human.press(going.question, sentences.YES if was_there else sentences.NO)
        if (sentences.COUNTED if was_there else sentences.NOT_COUNTED) in (answer.words or ""):
            going.confirm(human.id, (answer.asked_at, answer.answered_at), was_there=was_there)
            going.sign(human.id, answer.answered_at, sure=True)
            self._judge.counts["confirmed" if was_there else "denied"] += 1
        elif answer.words is None or answer.words == "(defer)":
            going.unclear.add(human.id)

    async def _ask(self, human: Human, going: Gathering, channel: Any, label: str, typed: str) -> Answer:
        if human.chance.random() < 0.6 and going.card is not None:
            if label in {sentences.JOIN, sentences.RESUME}:
                return await human.press(going.card, label)
            menu = await human.press(going.card, "⋯")
            if not isinstance(menu.message, dict):
                return menu
            return await human.press(menu.message, label)
        # A new card answers whoever changes the phase by a word.
        return await human.type(channel, typed, by_card=label in {sentences.SKIP, sentences.STOP})

    def _done(self, human: Human, going: Gathering, answer: Answer, *signs: str) -> bool:
        if answer.words in {None, "(defer)"}:
            self._doubt(going, answer)
            return False
        if answer.words.startswith("(could not"):
            return False
        if sentences.ONLY_HOST in answer.words and human.id == going.host_id and human.id not in going.unclear:
            human.hold_reading(answer, "what its host may do", is_right=False)
        if (
            sentences.ONLY_HOST in answer.words
            or sentences.ALREADY in answer.words
            or not any(sign in answer.words for sign in signs)
        ):
            self._doubt(going, answer)
            return False
        going.sign(human.id, answer.answered_at, sure=True)
        return True

    def _doubt(self, going: Gathering, answer: Answer) -> None:
        """It is not known from now on how a session stands."""
        going.uncertain = True
        self._judge.note(f"(the session is in doubt: {answer.words!r})")

    def forget(self, user_id: str) -> None:
        """It is not known any more that somebody comes in by voice."""
        self._auto.discard(user_id)

    def begin(self, going: Gathering) -> None:
        """Note who sits there already as a session begins: they may be let in."""
        if going.has_voice:
            sitting = {user_id for user_id, place in self._seated.items() if place == going.channel_id}
            going.guests |= sitting
            going.unclear |= sitting
            going.uncertain |= not sitting.isdisjoint(self._auto)

    async def _use_voice(self, human: Human, going: Gathering, channel: Any) -> None:
        """Ask to be let in by voice, sit down there, get up, or change one's mute."""
        is_seated = human.id in self._seated
        if not is_seated and human.id not in self._auto and human.chance.random() < _WANTS:
            answer = await human.type(channel, "!focus voice auto")
            if sentences.BY_VOICE in (answer.words or ""):
                self._auto.add(human.id)
                is_calm = going.is_clear(human.now) and not self._judge.is_excused(human.now)
                if is_calm and not going.uncertain and not going.resting:
                    await self._sit(human, going, channel)
        elif going.resting or self._judge.is_excused(human.now):
            return
        elif not is_seated:
            await self._sit(human, going, channel)
        elif self._seated[human.id] == going.channel_id and human.chance.random() < 0.5:
            await self._get_up(human, going, channel)
        else:
            self._judge.note(f"{human.person.name} changes their mute")
            await human.person.mute_self(muted=human.chance.random() < 0.5)
            going.sign(human.id, human.now, sure=False)

    async def _sit(self, human: Human, going: Gathering, channel: Any) -> None:
        now, room = human.now, self.rooms[channel.id]
        inside = human.id in going.surely_present(now)
        self._judge.counts["voice"] += 1
        self._judge.note(f"{human.person.name} sits down in {room.name}")
        going.guests.add(human.id)
        try:
            await human.person.join_voice(room)
        except DiscordError:
            return
        self._seated[human.id] = going.channel_id
        going.sign(human.id, now, sure=False)
        if human.id in self._auto and not inside:
            presence = going.come(human.id, now, now + ANSWERED)
            presence.came = now, await self._heard_by(human, now)
        elif human.id in self._auto:
            await self._heard_by(human, now)
            going.sign(human.id, now, sure=not self._judge.is_excused(now))
        elif not inside:  # it lets in nobody who has not asked for that
            await human.pause(2 * ANSWERED)
            await self._look(human, going, channel)
        if human.chance.random() < _STANDS_UP:
            await human.pause(human.chance.uniform(*_SITS))
            is_calm = going.is_clear(human.now) and not self._judge.is_excused(human.now)
            if is_calm and not going.uncertain and self._seated.get(human.id) == going.channel_id:
                await self._get_up(human, going, channel)

    async def _get_up(self, human: Human, going: Gathering, channel: Any) -> None:
        now = human.now
        inside = human.id in going.surely_present(now)
        self._judge.note(f"{human.person.name} gets up")
        await human.person.leave_voice()
        del self._seated[human.id]
        if human.id in self._auto and inside and human.id != going.host_id:
            presence = going.go(human.id, now, now + ANSWERED)
            presence.went = now, await self._heard_by(human, now)
            await human.pause(human.chance.uniform(0, 2 * ANSWERED))
            await self._look(human, going, channel)
        elif human.id in self._auto:
            going.uncertain = True  # whoever hosts it, or may be in it, may have left it

    async def _heard_by(self, human: Human, since: float) -> float:
        """Return by when the bot has heard of what somebody did in voice: later where it has just gone down."""
        await human.pause(ANSWERED)
        return self._judge.until(since, answer=True)
