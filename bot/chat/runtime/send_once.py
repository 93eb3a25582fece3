"""Posts an answer as a separate message exactly once, with retries."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.chat.runtime.final_answers import NO_HISTORY, PASSING, UNREADABLE, OutcomeUnknown, may_pass
from bot.chat.runtime.http_trace import request_timeout
from bot.chat.runtime.upload import Upload
from bot.engine.nonce import repeatable

# Seconds before each retry.
_WAITS = (0.3, 1.0, 3.0)


async def send(channel: discord.abc.Messageable, nonce: str, uploads: Sequence[Upload] = (), **what: Any) -> int:
    """Post a message once and return its id; a try that failed or hung is repeated with the same nonce.

    A ``reference`` is left out where the bot may not read what it refers to. Raises ``discord.HTTPException`` if
    Discord refused it for good, and ``OutcomeUnknown`` if it may be there all the same.
    """
    is_doubtful = False
    with repeatable():
        for wait in (*_WAITS, None):
            try:
                return await _post(channel, nonce, uploads, what)
            except (discord.HTTPException, *PASSING, *UNREADABLE) as error:
                if not may_pass(error):
                    if is_doubtful:  # refused by now, but an earlier try may have been carried out
                        raise OutcomeUnknown from error
                    raise
                if wait is None:
                    raise OutcomeUnknown from error
                is_doubtful = True
                await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")


async def _post(
    channel: discord.abc.Messageable, nonce: str, uploads: Sequence[Upload], what: dict[str, Any]
) -> int:
    if uploads:
        what["files"] = [upload.file for upload in uploads]
    try:
        async with request_timeout():
            return (await channel.send(**what, nonce=nonce)).id
    except discord.HTTPException as refused:
        if refused.code != NO_HISTORY or what.pop("reference", None) is None:
            raise
    return await _post(channel, nonce, uploads, what)


def numbered(nonce: str, part: int) -> str:
    """Return the nonce of one of several messages: Discord treats messages with equal nonces as one."""
    return f"{nonce}-{part}" if part else nonce
