"""A town: people in many servers who keep asking for things, and an account of the answers."""

import asyncio
import contextlib
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.localdiscord.events import Event
from bot.localdiscord.exchange import Exchange
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.snowflake import at_time
from tests.faults.crowd import within

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.people import Person

_CALL = re.compile(r"(?:POMODORO!|⏰ <@\d+>) (\w+)")
_CANCELLED = re.compile(r"^Cancelled (\w+) ")


class Town:
    """Many servers, spread evenly over the shards.

    Every timer and reminder has a unique name in the account: it counts as acknowledged once the answer to its
    command says so.
    """

    def __init__(self, discord: LocalDiscord, chance: random.Random, guilds: int, shards: int) -> None:
        self._discord = discord
        self._chance = chance
        self._people = [discord.person(name) for name in ("ann", "ben", "mia")]
        self._channels = [_found(discord, f"guild-{number}", number % shards, shards) for number in range(guilds)]
        self._owner: dict[str, Person] = {}
        # The timer that each message starts, by the message's id: its name, or nothing.
        self._asked: dict[str, str | None] = {}
        self.answered: Counter[str] = Counter()
        self.acknowledged: set[str] = set()
        self.announced: Counter[str] = Counter()
        self.cancelled: set[str] = set()
        # Requests to answer a message. Discord merges two with the same nonce.
        self._answers: Counter[str] = Counter()
        discord.backend.events.listeners.append(self._hear)
        discord.on_exchange.append(self._count)

    @property
    def requests(self) -> int:
        """How many commands people have given."""
        return len(self._asked)

    @property
    def started(self) -> int:
        """How many timers and reminders people have asked for."""
        return len(self._owner)

    async def live(self, until: asyncio.Event, a_second: float) -> None:
        """Send a number of requests a second, of all kinds, until the event."""
        due, begun = 0.0, time.monotonic()
        while not await within(until, max(0.0, begun + due - time.monotonic())):
            due += self._chance.expovariate(a_second)
            await self._ask()

    async def all_answered(self, since: int, seconds: float) -> None:
        """Wait until every command is answered except the first few, which may have died with their process."""
        try:
            await self._discord.wait_until(lambda: not self._unanswered(since), seconds)
        except TimeoutError:
            raise AssertionError(f"not answered: {self._unanswered(since)[:20]}") from None

    async def all_announced(self, states: Callable[[], Awaitable[dict[str, str]]], seconds: float) -> None:
        """Wait until everything in the database or in an answer is announced, except what was cancelled.

        The states are asked for at each look: what a person cancels at the end is cancelled meanwhile.
        """
        until = time.monotonic() + seconds
        while missing := self.missing(now := await states()):
            if (left := until - time.monotonic()) <= 0:
                raise AssertionError(f"not announced: { {name: now.get(name) for name in sorted(missing)} }")
            with contextlib.suppress(TimeoutError):
                await self._discord.wait_until(lambda: not missing.isdisjoint(self.announced), min(left, 1.0))

    def missing(self, states: dict[str, str]) -> set[str]:
        """Return the announcements that are still due, by the states of the timers in the database."""
        owed = self.acknowledged | set(states)
        return {name for name in owed - set(self.announced) if states.get(name) != "cancelled"}

    def account(self, states: dict[str, str]) -> dict[str, object]:
        """Count what was asked, answered and announced, and what must be zero: lost, doubled, answered twice."""
        return {
            "commands": len(self._asked),
            "answered": len(self.answered),
            "acknowledged": len(self.acknowledged),
            "announced": len(self.announced),
            "cancelled": len(self.cancelled),
            "lost": len(self.missing(states)),
            "doubled": self.announced.total() - len(self.announced),
            "answered twice": self._answers.total() - len(self._answers),
            "after a cancel": len(self.cancelled & set(self.announced)),
        }

    def _unanswered(self, since: int) -> list[str]:
        return [request_id for request_id in list(self._asked)[since:] if not self.answered[request_id]]

    async def _ask(self) -> None:
        person, channel = self._chance.choice(self._people), self._chance.choice(self._channels)
        kind, name = self._chance.random(), f"n{len(self._owner)}"
        seconds = self._chance.randint(2, 12)
        if kind < 0.15:
            await self._say(person, channel, "!pomodoro list", None)
        elif kind < 0.25 and (going := self._going()):
            # In whatever server: it may be another process that counts it down.
            await self._say(self._owner[going], channel, f"!pomodoro cancel {going}", None)
        else:
            self._owner[name] = person
            words = f"!remind {seconds}s {name}" if kind < 0.5 else f"!pomodoro {name} {seconds}"
            await self._say(person, channel, words, name)

    async def _say(self, person: "Person", channel: "Channel", words: str, name: str | None) -> None:
        # Some are answered before `say` is back.
        message = await person.say(channel, words)
        self._asked[message["id"]] = name

    def _going(self) -> str | None:
        lately = sorted(self.acknowledged, key=lambda name: int(name[1:]))[-20:]
        going = [name for name in lately if not self.announced[name] and name not in self.cancelled]
        return self._chance.choice(going) if going else None

    def _hear(self, event: Event) -> None:
        message = event.message
        if event.name != "MESSAGE_CREATE" or message is None or message.author["id"] != self._discord.bot.id:
            return
        text = text_of(message.wire(self._discord.world))
        self.announced.update(_CALL.findall(text))
        if message.reference and message.reference["message_id"] in self._asked:
            self._note_answer(message.reference["message_id"], text)

    def _count(self, exchange: Exchange) -> None:
        if exchange.method == "POST" and exchange.status == 200 and exchange.route.endswith("/messages"):
            request_id = str(((exchange.request or {}).get("message_reference") or {}).get("message_id"))
            self._answers.update([request_id] if request_id in self._asked else [])

    def _note_answer(self, request_id: str, text: str) -> None:
        self.answered[request_id] += 1
        name = self._asked.get(request_id)
        if name and ("Ends" in text or "I'll remind you" in text):
            self.acknowledged.add(name)
        self.cancelled.update(_CANCELLED.findall(text))


def _found(discord: LocalDiscord, name: str, shard: int, shards: int) -> Any:
    """Create a server on this shard; return its channel. A server's shard follows from the millisecond."""
    while (at_time(time.time()) >> 22) % shards != shard:
        pass
    guild = discord.add_guild(name)
    while guild.shard(shards) != shard:  # the clock went on in between
        guild = discord.add_guild(name)
    return next(channel for channel in discord.world.channels.values() if channel.guild_id == guild.id)
