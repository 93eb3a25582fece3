"""What was deleted: channels, whose mentions Discord shows as bare ids, and messages."""

import asyncio
import re
from typing import Any

import discord
import structlog
from discord import ui

from bot.chat.runtime import permissions
from bot.chat.runtime.final_answers import FAILURES, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, code_of
from bot.chat.runtime.http_trace import request_timeout
from bot.engine.clock import Clock
from bot.messages.catalogue import N_, gettext

_log = structlog.get_logger(__name__)

# A mention that works: what people typed is escaped.
_MENTION = re.compile(r"(?<!\\)<#(\d{1,20})>")
_DELETED = N_("a channel that's gone")
# Timeout of looking channels up, since a person waits; and how long an existing one is not looked up again.
_LOOKING, _THERE_FOR = 1.0, 600.0
# How many channels are remembered, and how many are looked for at once.
_KEPT, _MOST = 10_000, 10


class DeletedChannels:
    """Replaces mentions of deleted channels in everything that the bot writes.

    Only deleted channels and archived threads are missing from discord.py's cache: those are fetched.
    """

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._deleted: set[int] = set()
        self._seen_at: dict[int, float] = {}

    async def reword(self, what: dict[str, Any]) -> None:
        """Reword the content or view among the options of a message."""
        view, content = what.get("view"), what.get("content")
        displays = (
            [] if view is None else [item for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
        )
        texts = [display.content for display in displays] + [content or ""]
        mentioned = {int(number) for text in texts for number in _MENTION.findall(text)}
        deleted = await self._deleted_among(mentioned) if mentioned else set()
        if not deleted:
            return
        for display in displays:
            display.content = _reworded(display.content, deleted)
        if content:
            what["content"] = _reworded(content, deleted)

    async def _deleted_among(self, channel_ids: set[int]) -> set[int]:
        """Return which of these channels are known in time to be deleted."""
        since = self._clock.monotonic() - _THERE_FOR
        unknown = [
            channel_id
            for channel_id in channel_ids - self._deleted
            if self._client.get_channel(channel_id) is None and self._seen_at.get(channel_id, since) <= since
        ]
        if unknown:
            # They are not cancelled: a request that waits for a rate limit must end by itself.
            looking = [asyncio.create_task(self._look(channel_id)) for channel_id in unknown[:_MOST]]
            await asyncio.wait(looking, timeout=_LOOKING)
        return channel_ids & self._deleted

    async def _look(self, channel_id: int) -> None:
        if len(self._deleted) + len(self._seen_at) >= _KEPT:
            self._deleted.clear()
            self._seen_at.clear()
        try:
            async with request_timeout():
                await self._client.fetch_channel(channel_id)
        except Exception as error:  # noqa: BLE001 - logged; it counts as there
            if isinstance(error, discord.NotFound) and error.code == UNKNOWN_CHANNEL:
                self._deleted.add(channel_id)
                return
            _log.info("channel_unknown", error=type(error).__name__)
        self._seen_at[channel_id] = self._clock.monotonic()


async def reword(client: discord.Client, what: dict[str, Any]) -> None:
    """Reword what our own client answers an interaction with."""
    known = getattr(client, "deleted_channels", None)
    if isinstance(known, DeletedChannels):
        await known.reword(what)


def _reworded(text: str, deleted: set[int]) -> str:
    return _MENTION.sub(lambda match: gettext(_DELETED) if int(match[1]) in deleted else match[0], text)


def neutral(text: str) -> str:
    """Return a text without its mentions of channels, to compare what was written before and after a deletion."""
    return _MENTION.sub(gettext(_DELETED), text)


async def is_deleted(client: discord.Client, channel_id: int, message_id: int) -> bool:
    """Ask Discord whether a message was deleted; False if that is unknown, or may not be read."""
    channel = client.get_channel(channel_id)
    guild = getattr(channel, "guild", None)
    allowed = permissions.known(channel, guild.me if guild else None)
    if allowed is not None and not (allowed.view_channel and allowed.read_message_history):
        return False
    try:
        async with request_timeout():
            await client.get_partial_messageable(channel_id).fetch_message(message_id)
    except discord.NotFound as answer:
        return code_of(answer) in {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL}
    except FAILURES as error:
        _log.info("message_unknown", error=type(error).__name__)
    return False
