"""A channel's history: a message that discord.py cannot read is skipped and hides no other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import discord
import structlog
from discord.utils import time_snowflake

from bot.chat.runtime.http_trace import request_timeout

_log = structlog.get_logger(__name__)

# Messages that Discord gives at a time.
_PAGE = 100
Place = discord.DMChannel | discord.PartialMessageable


async def read(
    client: discord.Client,
    place: Place,
    *,
    limit: int,
    after: datetime | None = None,
    before: datetime | None = None,
) -> list[discord.Message]:
    """Return at most so many messages, the first ``after`` a time or the last ``before`` it (by default, now).

    Those after a time come oldest first, others newest first.

    Raises ``TypeError`` or ``LookupError`` if the answer is no list of messages: only an empty list is none.
    """
    history: list[discord.Message] = []
    next_after = time_snowflake(after, high=True) if after else None
    next_before = time_snowflake(before) if before else None
    while limit > 0:
        size = min(limit, _PAGE)
        async with request_timeout():
            page: Any = await client.http.logs_from(place.id, size, before=next_before, after=next_after)
        if not isinstance(page, list):
            raise TypeError("no list of messages")
        ids = [int(data["id"]) for data in page]
        history += _readable(client, place, page)
        if len(page) < size:
            break
        limit -= size
        if after:
            next_after = max(ids)
        else:
            next_before = min(ids)
    return sorted(history, key=lambda message: message.id, reverse=after is None)


def _readable(client: discord.Client, place: Place, page: list[Any]) -> Iterator[discord.Message]:
    for data in page:
        try:
            yield discord.Message(state=client._connection, channel=place, data=data)  # noqa: SLF001 - as it does
        except Exception as error:
            author = data.get("author")
            if isinstance(author, dict) and client.user and author.get("id") == str(client.user.id):
                raise
            _log.warning("message_unreadable", error=type(error).__name__)
