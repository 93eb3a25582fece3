"""Sends an answer as a message of its own."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.chat.runtime.final_answers import PASSING, may_pass
from bot.chat.runtime.http_trace import in_time
from bot.chat.runtime.upload import Upload
from bot.engine.nonce import repeatable

# Seconds before each retry.
_WAITS = (0.3, 1.0, 3.0)


async def send(channel: discord.abc.Messageable, nonce: str, uploads: Sequence[Upload] = (), **what: Any) -> int:
    """Post a message once and return its id; a try that failed or hung is repeated with the same nonce."""
    with repeatable():
        for wait in (*_WAITS, None):
            try:
                async with in_time():
                    if uploads:
                        what["files"] = [upload.file for upload in uploads]
                    return (await channel.send(**what, nonce=nonce)).id
            except (discord.HTTPException, *PASSING) as error:
                if wait is None or not may_pass(error):
                    raise
                await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")
