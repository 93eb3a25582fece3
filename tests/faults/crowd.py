"""A crowd: people who keep typing, and an account of the bot's answers."""

import asyncio
import contextlib
import random
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.localdiscord.events import Event
from bot.localdiscord.local import LocalDiscord, text_of
from tests.reading import rows

if TYPE_CHECKING:
    from bot.localdiscord.people import Person

# The announcement of a timer, and of a reminder.
_CARD = re.compile(r"### \S+ (\w+)\n|^> (\w+)$", re.MULTILINE)
_ANNOUNCED = re.compile(r"POMODORO! (\w+)|⏰ <@\d+> (\w+)")
_CANCELLED = re.compile(r"^Cancelled:? (\w+)\b")


async def within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, at most that many seconds; return whether it came."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


class Crowd:
    """People in a number of channels.

    Every timer has a unique name, which identifies it in the account. A timer counts as acknowledged once its card
    is posted, as cancelled once "Cancelled" is. A reminder counts as a timer, with its confirmation as its card.
    """

    def __init__(self, discord: LocalDiscord, chance: random.Random, channels: int) -> None:
        self._discord = discord
        self._chance = chance
        self._channels = [discord.create_channel(f"room-{number}") for number in range(channels)]
        self._people = [discord.person(name) for name in ("ann", "ben", "mia")]
        self._owner: dict[str, tuple[Person, int, str]] = {}
        self.cards: Counter[str] = Counter()
        self.announced: Counter[str] = Counter()
        self.cancelled: set[str] = set()
        discord.backend.events.listeners.append(self._hear)

    @property
    def typed(self) -> int:
        return len(self._owner)

    async def type(self, until: asyncio.Event, a_second: float, cancels: float = 0.15) -> None:
        """Start timers of 1 to 6 seconds until the event, a number each second; cancel some that are acknowledged.

        Every other one, as it comes, is a reminder.
        """
        while not await within(until, self._chance.expovariate(a_second)):
            await self.start(self._chance.randint(1, 6), remind=self._chance.random() < 0.5)
            if self._chance.random() < cancels:
                await self._cancel_one()

    async def start(self, seconds: int, *, remind: bool = False) -> str:
        """Let a person start a timer or set a reminder somewhere; return its name."""
        name, number = f"t{len(self._owner)}", self._chance.randrange(len(self._channels))
        person = self._chance.choice(self._people)
        command = "remind" if remind else "pomodoro"
        self._owner[name] = (person, number, command)
        words = f"{seconds}s {name}" if remind else f"{name} {seconds}"
        await person.say(self._channels[number], f"!{command} {words}")
        return name

    async def _cancel_one(self) -> None:
        going = [name for name in list(self.cards)[-20:] if not self.announced[name] and name not in self.cancelled]
        if going:
            name = self._chance.choice(going)
            person, number, command = self._owner[name]
            await person.say(self._channels[number], f"!{command} cancel {name}")

    async def acknowledged(self, names: set[str]) -> None:
        """Wait until these have their cards."""
        await self._discord.wait_until(lambda: names <= set(self.cards), 60)

    async def over(self, names: set[str]) -> None:
        """Wait until these are announced, or cancelled."""
        await self._discord.wait_until(lambda: names <= set(self.announced) | self.cancelled, 60)

    async def all_announced(self, database: Path, seconds: float) -> None:
        """Wait until every timer of the (open) database that was not cancelled is announced."""
        try:
            await self._discord.wait_until(lambda: not self._missing(database), seconds)
        except TimeoutError:
            missing = self._missing(database)
            raise AssertionError(
                f"{len(missing)} not announced: {sorted(missing)[:20]}; {self.account()}"
            ) from None

    def _missing(self, database: Path) -> set[str]:
        owed = set(self.cards) - self.cancelled - set(self.announced)
        states = states_of(database)
        owed |= {name for name, state in states.items() if state != "cancelled" and not self.announced[name]}
        # A cancel that was carried out, with the bot killed before its answer.
        return {name for name in owed if states.get(name) != "cancelled"}

    def account(self, database: Path | None = None) -> dict[str, int]:
        """Count what was typed, acknowledged, announced, and what must be zero: lost, doubled, broken."""
        twice = sum(
            count - 1 for counter in (self.announced, self.cards) for count in counter.values() if count > 1
        )
        return {
            "typed": self.typed,
            "reminders": sum(command == "remind" for *_, command in self._owner.values()),
            "acknowledged": len(self.cards),
            "cancelled": len(self.cancelled),
            "announced": len(self.announced),
            "lost": len(self._missing(database)) if database else -1,
            "doubled": twice,
            "after a cancel": len(self.cancelled & set(self.announced)),
        }

    def _hear(self, event: Event) -> None:
        if event.name != "MESSAGE_CREATE" or event.message is None:
            return
        message = event.message.wire(self._discord.world)
        if message["author"]["id"] != self._discord.bot.id:
            return
        text = text_of(message)
        self.cards.update(self._names(_CARD, text))
        self.announced.update(self._names(_ANNOUNCED, text))
        self.cancelled.update(self._names(_CANCELLED, text))

    def _names(self, pattern: re.Pattern[str], text: str) -> list[str]:
        """Return the names of the crowd's timers in a message."""
        names = (next(filter(None, match.groups())) for match in pattern.finditer(text))
        return [name for name in names if name in self._owner]


def states_of(database: Path) -> dict[str, str]:
    """Read the state of each of a crowd's timers by its name."""
    return dict(rows(database, "SELECT name, state FROM timers WHERE name GLOB 't[0-9]*'"))
