"""A typist: types text after text to the running bot, and checks everything that it says."""

import logging
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.events import Event
from bot.localdiscord.local import text_of
from tests.chat.conftest import Running
from tests.reading import Message, buttons, is_card

# Log events that are expected: the test's clock differs from the local Discord's.
_HARMLESS_EVENTS = {"clock_skew"}
# Seconds after which every running timer is over.
_ALL_OVER = 86_401
# Characters that make a mention, a link, an invitation or formatting.
_EFFECT = re.compile(r"[<>@\[\]|~_*`]|://|discord\.(gg|com/invite)\b|^#{1,2} ", re.IGNORECASE | re.MULTILINE)

_LATE = re.compile(r"^-# (?:finished|was due) ", re.MULTILINE)


class Typist:
    """Ann, in one channel, where the bot could ping everyone by mistake."""

    # The slash command that she uses, and its option that says which one is meant.
    command, option = "pomodoro", "timer"

    def __init__(
        self, bot: Running, database: Path, log: list[dict[str, str]], records: pytest.LogCaptureFixture
    ) -> None:
        self.bot = bot
        self.discord = bot.discord
        self.ann = bot.discord.person("ann")
        self.channel = bot.discord.channel("general")
        # Open throughout: it is asked hundreds of times, and to open it takes ten times as long.
        self._reader = sqlite3.connect(database, isolation_level=None)
        self._log = log
        self._records = records
        # By request (a message, an interaction): the bot's answers, and how many are expected.
        self._answers: dict[str, list[Message]] = {}
        self._owed: Counter[str] = Counter()
        self._followed: set[str] = set()
        self._unread: list[Message] = []
        self.announced = 0
        self.discord.allow(self.channel, "MENTION_EVERYONE")
        self.discord.backend.events.listeners.append(self._hear)

    def close(self) -> None:
        """Check everything once more, and close the database."""
        self.check()
        self._reader.close()

    async def type(self, texts: Iterable[str], **more: Any) -> list[Message]:
        """Type commands, all at once, and return their answers."""
        self.bot.advance(2)  # a new window of the bot's rate limiter
        return await self.answered([await self.chat(text, **more) for text in texts])

    async def answered(self, messages_typed: Sequence[Message]) -> list[Message]:
        """Wait for the answers to commands."""
        ids = [message["id"] for message in messages_typed]
        self._owed.update(ids)
        try:
            await self.discord.wait_until(lambda: self._answers.keys() >= set(ids), 15)
        except TimeoutError:
            unanswered = [message["content"] for message in messages_typed if message["id"] not in self._answers]
            raise AssertionError(f"not answered: {unanswered}") from None
        return [self._answers[message_id][0] for message_id in ids]

    async def chat(self, text: str, **more: Any) -> Message:
        """Type text that need not be a command."""
        return await self.ann.say(self.channel, text, **more)

    async def press(self, command: str, **options: str) -> Message:
        """Use a slash command and return its answer, which must come in time."""
        outcome = await self.ann.slash(self.channel, f"{self.command} {command}", **options)
        assert outcome.kind == "message", f"{options}: {outcome.reason}"
        self._owed[outcome.interaction_id] += 1
        return outcome.answer

    async def complete(self, typed: str) -> list[str]:
        """Begin to type a name, and return the suggestions."""
        offered = await self.ann.autocomplete(self.channel, f"{self.command} cancel", self.option, typed)
        return [choice["name"] for choice in offered]

    async def start_again(self) -> None:
        """Start a timer of each announcement once more."""
        for over in self.discord.messages(self.channel):
            if "POMODORO!" not in text_of(over):
                continue
            self.bot.advance(2)
            if buttons(over):
                outcome = await self.ann.click(over, "Again")
                answered = over["id"]  # its card is a message that replies to it
            else:
                menu = over["components"][-1]["components"][0]
                outcome = await self.ann.select(over, menu["custom_id"], [menu["options"][-1]["value"]])
                answered = outcome.interaction_id
            assert outcome.kind in {"update", "message"}, outcome.reason
            self._followed.add(answered)
        self._owed.update(self._followed)
        await self.discord.wait_until(lambda: self._followed <= self._answers.keys())

    async def settle(self) -> None:
        """Let every timer end, and check that each was announced once and correctly."""
        for (paused,) in self.rows("SELECT id FROM timers WHERE state = 'paused'"):
            await self.type([f"!pomodoro cancel #{paused}"])
        self.bot.advance(_ALL_OVER)
        busy = "SELECT id FROM timers WHERE state = 'running' UNION SELECT id FROM outbox WHERE state = 'pending'"
        await self.bot.until(lambda: not self.rows(busy))
        ((ended,),) = self.rows("SELECT count(*) FROM timers WHERE state = 'done'")
        assert self.announced == ended, f"{self.announced} of {ended} announced"
        self.check()

    def check(self) -> None:
        """Check that each was answered once, that cards match timers, and that the log has no error."""
        wrong = [
            [*map(text_of, answers)]
            for request_id, answers in self._answers.items()
            if len(answers) != self._owed[request_id]
        ]
        assert not wrong, f"not answered once: {wrong}"
        self.check_cards(self._answers)
        while self._unread:
            self._read(self._unread.pop())
        logged: list[object] = [
            line
            for line in self._log
            if line["log_level"] not in {"debug", "info"} and line["event"] not in _HARMLESS_EVENTS
        ]
        logged += [record.getMessage() for record in self._records.records if record.levelno >= logging.ERROR]
        assert not logged, logged

    def check_cards(self, answers: dict[str, list[Message]]) -> None:
        """Check that the cards among the answers match the timers one to one."""
        requests = [request.split(":") for (request,) in self.rows("SELECT request FROM timers")]
        started = {request_id for kind, request_id in requests if kind != "after"}
        cards = {request_id for request_id, (answer,) in answers.items() if is_card(answer)}
        unlike = {
            request_id: [*map(text_of, answers.get(request_id, []))]
            for request_id in started ^ (cards - self._followed)
        }
        assert not unlike, f"timers without a card, or cards without a timer: {unlike}"
        assert len(requests) == len(cards), f"{len(requests)} timers, {len(cards)} cards"

    def announced_in(self, message: Message) -> int:
        """Return how many timers a message announces as over."""
        return text_of(message).count("POMODORO!")

    def called_by(self, message: Message) -> set[str]:
        """Return whom a message must ping."""
        return {self.ann.id} if self.announced_in(message) else set()

    def without_links(self, text: str) -> str:
        """Take out the links that may work: none, in the name of a timer."""
        return text

    def typed_in(self, text: str) -> str:
        """Return the bot's text without its own mentions and formatting: the rest must have no effect."""
        return re.sub(
            r"```.*?```|`[^`\n]*`|<t:\d+:[RTt]>|</[a-z ]+:\d+>|\*\*",
            "",
            text.replace(self.ann.mention, ""),
            flags=re.DOTALL,
        )

    def started(self, answer: Message, column: str = "length / 1000.0") -> tuple[str, float]:
        """Return the name and seconds of the timer in the message that this one answers."""
        statement = f"SELECT name, {column} FROM timers WHERE request = ?"
        ((name, seconds),) = self.rows(statement, f"message:{answer['message_reference']['message_id']}")
        return name, seconds

    def rows(self, statement: str, *values: object) -> list[Any]:
        return self._reader.execute(statement, values).fetchall()

    def _hear(self, event: Event) -> None:
        if event.name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or event.message is None:
            return
        message = event.message.wire(self.discord.world)
        if message["author"]["id"] != self.discord.bot.id:
            return
        self._unread.append(message | {"pinged": list(event.message.pinged)})
        if event.name == "MESSAGE_UPDATE":
            return
        if announced := self.announced_in(message):
            self.announced += announced
            return
        request_id = message.get("interaction_metadata", {}).get("id") or message["message_reference"]["message_id"]
        self._answers.setdefault(request_id, []).append(message)

    def _read(self, message: Message) -> None:
        """Check one message as it is now: its length, its pings, and that nothing typed has an effect."""
        text = text_of(message)
        excerpt = repr(text)
        assert len(message["content"]) <= 2000, excerpt
        assert len(text) <= 4000, excerpt
        pinged = {user["id"] for user in message["mentions"]} | set(message["pinged"])
        called = self.called_by(message)
        # A message of late timers mentions each person once.
        assert pinged == called or (pinged < called and _LATE.search(text)), excerpt
        assert (message["mention_everyone"], message["mention_roles"]) == (False, []), excerpt
        # Without the escaped parts only the bot's own text is left: nothing typed has any effect.
        shielded = re.sub(r"\\[^0-9A-Za-z\s]|@\u200b(?=everyone|here)", "·", self.without_links(text))
        assert not _EFFECT.search(self.typed_in(shielded)), excerpt
        unseen = {character for character in shielded if unicodedata.category(character) in {"Cc", "Cf", "Cs"}}
        assert unseen <= set("\n\u200c\u200d"), excerpt
