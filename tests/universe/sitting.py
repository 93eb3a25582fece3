"""Sitting: what people in sessions do in their voice channels, and who is let in by that."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.localdiscord.channel import VOICE
from bot.localdiscord.errors import DiscordError
from tests.universe import sentences
from tests.universe.gathering import Gathering
from tests.universe.human import Human
from tests.universe.judge import ANSWERED, Judge

# How often somebody asks to be let in by sitting down.
_WANTS = 0.5
# How often somebody sits for a while only, and for how many seconds.
_STANDS_UP, _SITS = 0.5, (30.0, 240.0)


class Sitting:
    """All of that; ``channels`` are those with sessions, and ``look`` asks how one stands."""

    def __init__(
        self, judge: Judge, channels: list[Any], look: Callable[[Human, Gathering, Any], Awaitable[None]]
    ) -> None:
        self._judge = judge
        self._look = look
        there = [channel for channel in judge.world.channels.values() if channel.type == VOICE]
        rooms = {channel.guild_id: channel for channel in there}
        self.rooms = {channel.id: rooms[channel.guild_id] for channel in channels if channel.guild_id in rooms}
        # Who sits in voice, and who has asked to be let in by that.
        self._seated: dict[str, str] = {}
        self._auto: set[str] = set()

    def may_be_let_in(self, user_id: str) -> bool:
        """Return whether somebody may be let in again at any time."""
        return user_id in self._auto and user_id in self._seated

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

    async def act(self, human: Human, going: Gathering, channel: Any) -> None:
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
