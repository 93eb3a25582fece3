"""The town: its people, their zones, their servers and channels, and when they do what."""

import asyncio
import itertools
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.localdiscord.channel import VOICE
from bot.localdiscord.local import LocalDiscord
from tests.universe import looking, phrases, sums
from tests.universe.asides import Asides
from tests.universe.digests import Digests
from tests.universe.focusing import Focusing
from tests.universe.human import Human
from tests.universe.judge import Judge
from tests.universe.keeping import Keeping
from tests.universe.meddling import MODERATOR
from tests.universe.pomodoros import Pomodoros
from tests.universe.readers import Readers
from tests.universe.reminding import Reminding
from tests.universe.ruling import Ruling
from tests.universe.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.universe.universe import Wish

_ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo",
    "Europe/London", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Auckland", "Australia/Lord_Howe",
)  # fmt: skip
_SERVERS = ("Town", "Harbour", "Village")
# How many people share a server, where there are enough of them.
_NEIGHBOURS = 6
# How many people may ping everyone.
_HERALDS = 4
# How many people read what the tables have, where it is the time for that.
_READERS = 1
# How often people do something with timers, reminders, sessions, and aside; and how much more or less in one seed.
_HABITS, _SWAY = (0.37, 0.28, 0.19, 0.3), (0.3, 1.0, 1.0, 4.0)
# How often a moderator does not do that aside, but sets the bot up.
_RULES = 0.6
# Acts of somebody in a waking hour, and in one of the night.
_AWAKE, _ASLEEP = 2.0, 0.15
# How much more often somebody lives where the clocks change meanwhile.
_CHANGING = 4


def _zones(epoch: float, seconds: float) -> list[str]:
    """Return where people live, some zones several times."""
    ends = [datetime.fromtimestamp(moment, UTC) for moment in (epoch, epoch + seconds)]
    changing = [zone for zone in _ZONES if len({end.astimezone(ZoneInfo(zone)).utcoffset() for end in ends}) > 1]
    return [*_ZONES, *changing * _CHANGING]


class Town:
    """Everybody, and what they can do."""

    def __init__(
        self,
        wish: "Wish",
        local: LocalDiscord,
        judge: Judge,
        epoch: float,
        seconds: float,
        limits: tuple[int, int],
        most_silent: int,
        database: "Callable[[], Path]",
    ) -> None:
        self._judge = judge
        self._local = local
        self._wish = wish
        self._epoch = epoch
        self._chance = random.Random(f"town {wish.seed}")
        self._digests = Digests(judge)
        self._pomodoros = Pomodoros(epoch, limits[0], Ruling(self._digests))
        self._reminding = Reminding(epoch, seconds, limits[1])
        places = [self._channels(local, guild) for guild in (local.guild, *map(local.add_guild, _SERVERS))]
        self._sessions = Sessions(judge, epoch)
        self._focusing = Focusing(judge, [channels[1] for channels in places], self._sessions, most_silent)
        self._keeping = Keeping(self._focusing, self._sessions, database)
        self._asides = Asides(self._keeping, self._focusing.planning)
        self._habits = [usual * self._chance.choice(_SWAY) for usual in _HABITS]
        names = ["ann", "ben", "mia", *(f"person{number}" for number in range(wish.people - 3))]
        self.humans = []
        for name in names[: max(3, wish.people)]:
            if name.startswith("person"):
                local.add_person(name)
            zone = self._chance.choice(_zones(epoch, seconds))
            human = Human(name, local, judge, random.Random(f"{name} {wish.seed}"), zone)
            near = places[: max(2, wish.people // _NEIGHBOURS)]
            human.channels = self._chance.choice(near) if name.startswith("person") else places[0]
            for guild in local.world.guilds.values():
                if human.id not in guild.members:
                    local.backend.members.welcome(guild, human.person.user)
            self.humans.append(human)
            self._focusing.around.setdefault(human.channels[1].id, []).append(human)
        for human in self.humans:
            human.most_timers, human.most_reminders = limits
            human.neighbours = [other for other in self.humans if other.channels == human.channels]
        self._readers = Readers(self._reminding, wish.seed)
        self._reading: list[Human] = []
        if epoch + phrases.AT == phrases.MOMENT.timestamp():
            for number in range(_READERS):
                local.add_person(f"reader{number}")
                reader = Human(
                    f"reader{number}", local, judge, random.Random(f"reader{number} {wish.seed}"), phrases.HOME.key
                )
                reader.channels = places[0]
                self._reading.append(reader)
            self.humans += self._reading
        for human in self.humans[:_HERALDS]:
            judge.rights.appoint(human.person, human.channels)

    @staticmethod
    def _channels(local: LocalDiscord, guild: Any) -> list[Any]:
        there = [channel for channel in local.world.channels.values() if channel.guild_id == guild.id]
        text = [channel for channel in there if channel.type == 0]
        if all(channel.type != VOICE for channel in there):
            local.create_channel("voice", VOICE, guild)
        while len(text) < 3:
            text.append(local.create_channel(f"{guild.name.lower()}-{len(text)}", guild=guild))
        return text[:3]

    def live(self, until: float) -> list[asyncio.Task[None]]:
        """Let all of them live up to a moment."""
        self._focusing.until = until
        return [
            asyncio.create_task(
                self._readers.read(human) if human in self._reading else self._live(human, until),
                name=human.person.name,
            )
            for human in self.humans
        ]

    async def _live(self, human: Human, until: float) -> None:
        for number in itertools.count():
            hour = datetime.fromtimestamp(self._epoch + human.now, human.zone).hour
            rate = (_AWAKE if 7 <= hour < 23 else _ASLEEP) * self._wish.acts
            wait = human.chance.expovariate(rate / 3600)
            if number == 0:
                wait = human.chance.uniform(0, 600)
            if human.now + min(wait, 3600) > until:
                return
            await asyncio.sleep(min(wait, 3600))
            if wait < 3600 and not human.is_busy:
                human.is_busy = True
                await self._act(human)
                human.is_busy = False

    async def _act(self, human: Human) -> None:
        acts = self._pomodoros.act, self._reminding.act, self._focusing.act, self._asides.act
        (act,) = human.chance.choices(acts, self._habits)
        if act == self._asides.act and human.person.name == MODERATOR and human.chance.random() < _RULES:
            act = self._pomodoros.ruling.act
        await act(human)

    def gathered(self) -> list[Human]:
        """Return those who are in a session now."""
        present = self._sessions.present()
        return [human for human in self.humans if human.id in present]

    def depart(self, user_id: str, guild: Any) -> None:
        """Somebody leaves a server."""
        self._sessions.depart(user_id, self._places_of(guild))

    def arrive(self, user_id: str, guild: Any) -> None:
        """Somebody comes back to a server."""
        self._sessions.arrive(user_id, self._places_of(guild))

    def _places_of(self, guild: Any) -> set[str]:
        return {channel.id for channel in self._local.world.channels.values() if channel.guild_id == guild.id}

    def close(self, database: Path) -> None:
        """Compare what is kept of everybody with what they did."""
        self._sessions.close()
        self._digests.close()
        sums.hold(self._judge, self._keeping, self.humans, database)
        self._keeping.close(self._judge, database)
        looking.at_cards(self._judge)
