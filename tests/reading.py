"""How tests read what the bot wrote."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.playground.local import text_of

Message = dict[str, Any]


async def eventually(look: Callable[[], Any]) -> None:
    """Look, in a thread, until what is looked for is there: for what no event tells of, such as a row."""
    async with asyncio.timeout(15):
        while not await asyncio.to_thread(look):
            pass


def says(*parts: str) -> Any:
    """Match a message of the bot's that has all these words in it."""
    return lambda message: message["author"].get("bot") and all(part in text_of(message) for part in parts)


def shows(card: Message, part: str) -> Any:
    """Match that message, once it has these words in it."""
    return lambda message: message["id"] == card["id"] and part in text_of(message)


def buttons(message: Message) -> list[str]:
    found = []

    def walk(components: list[dict[str, Any]]) -> None:
        for component in components:
            if component["type"] == 2:
                found.append(component["label"])
            walk(component.get("components", []))

    walk(message["components"])
    return found
