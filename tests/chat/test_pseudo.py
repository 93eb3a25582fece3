"""The bot in the pseudo-language: everything that people read has gone through the catalogue."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.runtime.topics import topics
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.outcome import Outcome
from bot.messages import catalogue
from tests.chat.conftest import Running
from tests.clock import ManualClock
from tests.reading import Message, answers, rows

# Typed text and pressed examples contain only these names, so that any other English is the bot's own.
NAMES = {"zebra", "yak", "ibex", "okapi", "tea"}
# Units, people and channels of the local Discord, the bot, and command words that are shown as names.
LAST = {"timer:cancel", "focus:leave", "focus:stop", "focus:skip", "reminder:cancel"}
NEUTRAL = {"min", "utc", "ann", "ben", "mia", "pomodoro", "study", "hall", "general", "focus", "quiet"} | {
    "classic",
    "deep",
    "ultradian",
    "break",
    "short",
    "long",
    "ping",
    "silent",
}
# Blocks of commands; after each, everything that can be pressed is pressed.
TYPED = """
!help
!pomodoro help
!pomodoro
!pomodoro zebra 10m
!pomodoro yak 20m
!pomodoro list
!pomodoro time zebra
!pomodoro pause zebra
!pomodoro pause zebra
!pomodoro list
!pomodoro resume zebra
!pomodoro resume zebra
!pomodoro extend zebra 5m
!pomodoro extend zebra 25h
!pomodoro cancel yak
!pomodoro yak 24h
!pomodoro cancel okapi
!pomodoro okapi -5
!pomodoro okapi 25h
!pomodoro okapi 0
!pomodoro okapi 1:75

!settings
!settings prefix ??
!focus help
!focus status
!focus pause
!focus nonsense (
!focus 2x(zebra
!focus 99h
!focus presets
!focus save yak 2x(20m ibex, 5m break)
!focus save classic 20m
!focus presets
!focus forget okapi
!focus 2x(20m zebra, 5m break), 15m long break

!focus status
!focus task zebra
!focus rest
!focus rest
!focus back
!focus extend 5m
!focus edit short 2 rounds 4
!focus edit rounds 900
!focus notify dm
!focus notify nobody
!focus voice
!focus voice auto
!focus voice off
!focus voice #Okapi
!focus host <@1>
!focus pause
!focus pause
!focus resume
!focus skip
!focus stop
!focus 20m

!remind help
!remind
!remind 10m zebra
!remind me 10m yak
!remind tomorrow 9am ibex
!remind every weekday 9:00 zebra
!remind every 2 weeks on mon and fri 9:00 for 5 times okapi
!remind every month on the 31st 9:00 until 24 dec zebra
!remind every 90 minutes yak
!remind every minute yak
!remind every 9 years yak
!remind zebra
!remind at 25:00 zebra
!remind yesterday zebra
!remind tomorrow 9 zebra
!remind #general 10m zebra
!remind @everyone 10m zebra
!remind list
!remind timezone
!remind timezone Moon/Base
!remind timezone Europe/Berlin
!remind timezone
!remind pause ibex
!remind resume ibex
!remind edit #10 tomorrow 10am
!remind edit #10 1/2
!remind cancel ibex
!remind cancel ibex

!timer help
!timer zebra 5m

!stats help
!stats
!stats today
!stats here
!stats october
!stats year
!stats hours
!stats all
!stats fooday
!stats 2099
!stats log
!stats server
!stats share
!stats unshare
!stats daysoff weekend
!stats daysoff okapi
!stats add 50m ibex yesterday 14:00
!stats add 50m ibex yesterday
!stats add okapi
!stats day starts 3:00
!stats day starts okapi
!stats edit
!stats digest
!stats digest here
!stats digest off
!leaderboard
!leaderboard month
!leaderboard okapi
!goal 2h a day
!goal
!goal okapi
!goal off

!privacy
!privacy export
!privacy okapi
!privacy delete
"""
# What is filled into slash options and forms, by their names; all else stays empty.
VALUES: dict[str, Any] = {
    "name": "zebra", "duration": "10m", "timer": "zebra", "by": "5m", "plan": "20m zebra", "when": "10m",
    "what": "yak", "task": "ibex", "reminder": "yak", "zone": "Europe/Berlin", "text": "yak",
    "length": "5m", "minutes": "5",
}  # fmt: skip
# Code, quotes of what was typed, mentions, addresses, commands and time zones.
_KEPT = re.compile(
    r"```.*?```|`[^`]*`|“[^”]*”|<[^<>]*>|https?://\S+|(?<!\w)[/!][a-z]+(?: [a-z]+)*|\w+/[\w/+-]+", re.DOTALL
)
_READ = {"content", "label", "placeholder", "description", "title"}


@pytest.fixture
async def bot(discord: LocalDiscord, clock: ManualClock, sqlite: str) -> AsyncIterator[Running]:
    """The bot, started in the pseudo-language."""
    running = Running(discord, clock, sqlite)
    await running.start(language="pseudo")
    yield running
    await running.end()
    catalogue.use("en")


def english(text: str) -> set[str]:
    """Return the English words of a text that are neither names nor code."""
    return set(re.findall(r"[a-z]{3,}", _KEPT.sub(" ", text).casefold())) - NAMES - NEUTRAL - topics().keys()


def texts(body: Any, key: str = "") -> Iterator[str]:
    """Return everything that people read of a request's body."""
    if isinstance(body, dict):
        is_choice = body.keys() >= {"name", "value"}
        for name, value in body.items():
            yield from texts(value, "label" if is_choice and name == "name" else name)
    elif isinstance(body, list):
        for part in body:
            yield from texts(part, key)
    elif isinstance(body, str) and key in _READ:
        yield body


class Walker:
    """Ann, who tries everything once, and notes what is in English."""

    def __init__(self, bot: Running, database: Path) -> None:
        self.bot = bot
        self.database = database
        self.discord = bot.discord
        self.ann = bot.discord.person("ann")
        self.channel = bot.discord.channel("general")
        self.pressed: set[str] = set()
        self.leaks: dict[str, set[str]] = {}
        self.read = 0
        # The labels of help's buttons: commands, as they are typed.
        self.examples = {
            verb.pressed.get(example, example)
            for topic in topics().values()
            for verb in topic.verbs.values()
            for example in verb.examples
        }
        self.doing = "start"
        bot.discord.on_exchange.append(self._look)

    def _look(self, exchange: Any) -> None:
        for text in texts(exchange.request):
            self.read += 1
            if text in self.examples:
                continue
            if (words := english(text)) and not self._is_typed(text):
                self.leaks.setdefault(f"{self.doing}: {text}", words)

    def _is_typed(self, text: str) -> bool:
        """Return whether a text is in the command of a choice: commands are the same in every language."""
        kept = rows(self.database, "SELECT lines FROM questions")
        return any(text.removesuffix("…") in line for (lines,) in kept for line in json.loads(lines))

    async def type(self, command: str) -> None:
        """Type a command, and wait for its answer."""
        self.doing = command
        self.bot.advance(2)  # a new window of the bot's rate limiter
        request = await self.ann.say(self.channel, command)
        await self.discord.wait_for(answers(request), channel=self.channel)

    async def press_all(self) -> None:
        """Press each kind of visible button once, and submit the forms that open."""
        while to_press := next(self._not_pressed(), None):
            message, part = to_press
            await self._press(message, part)

    def _not_pressed(self) -> Iterator[tuple[Message, dict[str, Any]]]:
        controls = [
            (message, part)
            for channel in self.discord.backend.world.channels.values()
            for message in reversed(self.discord.messages(channel, self.ann))
            for part in parts(message["components"])
            if part["type"] in {2, 3} and "custom_id" in part and not part.get("disabled")
        ]
        for message, part in sorted(controls, key=lambda pair: kind_of(pair[1]) in LAST):
            if kind_of(part) not in self.pressed:
                yield message, part

    async def _press(self, message: Message, part: dict[str, Any]) -> None:
        self.pressed.add(kind_of(part))
        self.doing = f"press {kind_of(part)}"
        self.bot.advance(2)
        if part["type"] == 3:
            await self._follow(await self.ann.select(message, part["custom_id"], [part["options"][0]["value"]]))
        else:
            await self._follow(await self.ann.click(message, part["custom_id"]))

    async def _follow(self, outcome: Outcome) -> None:
        if outcome.modal:
            fields = [part["custom_id"] for part in parts(outcome.modal["components"]) if part["type"] == 4]
            await self.ann.submit(outcome.modal, {field: VALUES.get(field, "10m") for field in fields})

    async def slash_all(self) -> None:
        """Use each slash command, with its suggestions."""
        for command in self.discord.commands:
            if command.get("type", 1) == 1:
                await self._slash(command["name"], command.get("options", []))

    async def _slash(self, path: str, options: list[dict[str, Any]]) -> None:
        if groups := [option for option in options if option["type"] in {1, 2}]:
            for group in groups:
                await self._slash(f"{path} {group['name']}", group.get("options", []))
            return
        self.doing = f"/{path}"
        self.bot.advance(2)
        given = {
            option["name"]: VALUES[option["name"]]
            for option in options
            if option["name"] in VALUES and option["type"] == 3 and not option.get("choices")
        }
        person = self.bot.discord.person("mia") if path.startswith("settings") else self.ann
        for option in options:
            if option.get("autocomplete"):
                await person.autocomplete(self.channel, path, option["name"], "")
        if all(option["name"] in given for option in options if option.get("required")):
            await self._follow(await person.slash(self.channel, path, **given))

    async def let_pass(self, seconds: float) -> None:
        """Let time pass, for what comes due."""
        self.doing = f"after {seconds} s"
        for _ in range(20):
            self.bot.advance(seconds / 20)
            await asyncio.sleep(0.02)


def kind_of(part: dict[str, Any]) -> str:
    """Return what a button or menu does, without ids; one example stands for all."""
    kind, *action = str(part["custom_id"]).split(":")
    return kind if kind == "example" else ":".join([kind, *action[:1]])


def parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return all components, however deep."""
    for part in components:
        yield part
        yield from parts(part.get("components", []) + ([part["component"]] if "component" in part else []))
        if "accessory" in part:
            yield part["accessory"]


async def test_no_english_leaks(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Every command, button, form, suggestion, announcement and refusal is in the catalogue."""
    walker = Walker(bot, tmp_path / "test.db")
    for block in TYPED.strip().split("\n\n"):
        for command in block.splitlines():
            await walker.type(command)
        await walker.press_all()
    await walker.slash_all()
    for seconds in (700, 3600, 86_400, 7 * 86_400):
        await walker.let_pass(seconds)
        await walker.press_all()
    print(*walker.leaks.items(), sep="\n")  # noqa: T201
    assert walker.leaks == {}
    assert walker.read > 500
