"""Asides: requests beside the keeping of time; any answer will do."""

import asyncio
from typing import TYPE_CHECKING

from bot.localdiscord.errors import DiscordError
from tests.universe import looking, meddling, presiding
from tests.universe.human import Human
from tests.universe.keeping import Keeping
from tests.universe.planning import Planning
from tests.universe.sharing import Sharing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_TYPED = (
    "!goal 2h a day", "!stats days off weekend", "!privacy", "!help",
    "!pomodoro help", "!remind help", "!focus presets", "!focus save long 3x(30m focus, 5m break)",
    "!leaderboard month", "!stats server",
    "!focus list", "!remind timezone", "!remind when pigs fly", "!focus forget long",
    "!focus status", "!stats edit",
)  # fmt: skip
# How many commands somebody may give within some seconds, and how many more they try.
MOST, _WINDOW, _MORE = 10, 12.0, 4
# How often somebody has everything exported once they have saved a plan.
_EXPORTS = 0.6
_SLASH = ("pomodoro list", "remind list", "privacy show", "focus list", "focus presets", "pomodoro help")


class Asides:
    """Random such requests."""

    def __init__(self, keeping: Keeping, planning: Planning) -> None:
        sharing = Sharing(keeping)
        self._acts: dict[Callable[[Human], Awaitable[None]], float] = {
            self._ask: 8.0,
            looking.at_timers: 4.0,
            looking.at_reminders: 3.0,
            self._meddle: 8.0,
            self._flood: 1.0,
            keeping.add: 4.0,
            keeping.export: 1.5,
            keeping.show: 3.0,
            keeping.delete: 0.5,
            sharing.choose: 2.0,
            sharing.look: 2.0,
            sharing.ask_aloud: 1.0,
            self._save: 1.0,
        }
        self._keeping, self._planning = keeping, planning

    async def act(self, human: Human) -> None:
        """Do one thing."""
        (act,) = human.chance.choices([*self._acts], [*self._acts.values()])
        await act(human)

    @staticmethod
    async def _meddle(human: Human) -> None:
        """Try to change what is another's, which a moderator may."""
        await (presiding.act if human.person.name == meddling.MODERATOR else meddling.act)(human)

    async def _save(self, human: Human) -> None:
        """Save a plan, and perhaps have it exported."""
        await self._planning.save(human, human.channels[1])
        if human.chance.random() < _EXPORTS:
            await self._keeping.export(human)

    @staticmethod
    async def _flood(human: Human) -> None:
        """Exceed the rate limit: it is reported once, and then requests are ignored."""
        channel = human.chance.choice(human.channels)
        await human.pause(_WINDOW)
        asked_at = human.now
        human.judge.disturb(human.id, 2 * _WINDOW)  # whatever else they are drawn into is not answered either
        human.floods_until = asked_at + 2 * _WINDOW  # they may be in a session meanwhile, too
        human.judge.crowded[channel.id] = asked_at + _WINDOW
        try:
            typed = [await human.person.say(channel, "!goal") for _ in range(MOST + _MORE)]
        except DiscordError:
            return
        human.judge.counts["floods"] += 1
        answers, _ = await asyncio.wait([human.judge.expect(message["id"]) for message in typed], timeout=_WINDOW)
        await human.pause(max(0.0, human.floods_until - human.now))
        if len(answers) > MOST + 1:
            human.judge.fault("not limited", f"{human.person.name} has {len(answers)} answers at once")

    @staticmethod
    async def _ask(human: Human) -> None:
        """Ask something, whatever the answer."""
        channel = human.chance.choice(human.channels)
        if human.chance.random() < 0.7:
            typed = human.chance.choice(_TYPED)
            human.has_days_off |= "days off" in typed
            await human.type(channel, typed)
        else:
            await human.slash(channel, human.chance.choice(_SLASH))
