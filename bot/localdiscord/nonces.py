"""Nonces: which message a repeated request has already made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.localdiscord.archive import Archive
    from bot.localdiscord.message import Message
    from bot.localdiscord.world import World

NONCE_SECONDS = 300.0
"""How long a nonce is known; Discord says "the past few minutes"."""
_MANY = 5000


class Nonces:
    """The nonces of the last minutes, by channel and author; they outlive a restart."""

    def __init__(self, world: World, archive: Archive) -> None:
        self._world = world
        self._archive = archive
        self._used: dict[tuple[str, str, str], tuple[str, float]] = {}

    def restore(self) -> None:
        """Take up the nonces that are still fresh."""
        stored = self._archive.nonces(time.time() - NONCE_SECONDS)
        self._used = {_parts(key): used for key, used in stored.items()}

    def earlier(self, channel_id: str, author_id: str, nonce: str) -> Message | None:
        """Return the message that a nonce has made; None where there is none, or none any more."""
        message_id, at = self._used.get((channel_id, author_id, nonce), ("", 0.0))
        fresh = time.time() - at < NONCE_SECONDS
        return self._world.messages[channel_id].get(message_id) if fresh else None

    def keep(self, message: Message, nonce: str) -> None:
        """Remember which message a nonce has made."""
        key, now = (message.channel_id, str(message.author["id"]), nonce), time.time()
        if len(self._used) >= _MANY:
            since = now - NONCE_SECONDS
            self._used = {old: used for old, used in self._used.items() if used[1] > since}
        self._used[key] = (message.id, now)
        self._archive.put_nonce("/".join(key), message.id, now)


def _parts(key: str) -> tuple[str, str, str]:
    channel_id, author_id, nonce = key.split("/", 2)
    return channel_id, author_id, nonce
