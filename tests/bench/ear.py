"""The ear: records what a bot posts and requests on its local Discord, and when."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.localdiscord.events import Event
from bot.localdiscord.exchange import Exchange
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.message import Message

_CALL = re.compile(r"(?:POMODORO!|⏰ <@\d+>) (\S+)")
_SEND = "/channels/{channel_id}/messages"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a command: when it came, and what it says."""

    at: float
    text: str


class Ear:
    """Notes each announcement by the names in it (one message may announce many timers) and each reply.

    Moments are Unix seconds, taken by the local Discord as it posts a message.
    """

    def __init__(self, discord: LocalDiscord) -> None:
        self.announced: dict[str, list[float]] = {}
        self.replies: dict[str, Reply] = {}
        self.requests: list[Exchange] = []
        self.announcing_messages = 0
        self._discord = discord
        self._heard = asyncio.Event()
        discord.backend.events.listeners.append(self._listen)
        discord.on_exchange.append(self._note)

    @property
    def doubled(self) -> int:
        """How many announcements were duplicates."""
        return sum(len(moments) - 1 for moments in self.announced.values())

    @property
    def messages(self) -> int:
        """How many messages Discord has taken from the bot."""
        return sum(
            request.method == "POST" and request.route == _SEND and request.status == 200
            for request in self.requests
        )

    @property
    def refused(self) -> int:
        """How many requests were answered with a 429."""
        return sum(request.status == 429 for request in self.requests)

    def forget_requests(self) -> None:
        """Count requests and messages from now on."""
        self.requests.clear()
        self.announcing_messages = 0

    async def until(self, look: Callable[[], bool], silence: float) -> bool:
        """Wait for the condition; give up once the bot has sent Discord nothing for ``silence`` seconds."""
        while not look():
            self._heard.clear()
            try:
                async with asyncio.timeout(silence):
                    await self._heard.wait()
            except TimeoutError:
                return False
        return True

    def _note(self, exchange: Exchange) -> None:
        self.requests.append(exchange)
        self._heard.set()

    def _listen(self, event: Event) -> None:
        message = event.message
        if event.name == "MESSAGE_CREATE" and message and message.author["id"] == self._discord.bot.id:
            self._hear(message)

    def _hear(self, message: Message) -> None:
        text = text_of(message.wire(self._discord.world, deep=False))
        called = _CALL.findall(text)
        for name in called:
            self.announced.setdefault(name, []).append(message.posted_at)
        if called:
            self.announcing_messages += 1
        elif message.reference:
            self.replies[message.reference["message_id"]] = Reply(message.posted_at, text)
