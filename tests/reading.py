"""How tests read what the bot wrote."""

from typing import Any

from bot.playground.local import text_of

Message = dict[str, Any]


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
