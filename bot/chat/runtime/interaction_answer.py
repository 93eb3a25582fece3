"""The answer to an interaction: the first one, which Discord accepts for three seconds, and what follows it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord

from bot.chat.runtime.final_answers import (
    ALREADY_ANSWERED,
    FAILURES,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    UNREADABLE,
    OutcomeUnknown,
    code_of,
    may_pass,
)
from bot.chat.runtime.http_trace import once, request_timeout
from bot.chat.runtime.ids import checked

# Seconds to answer after the interaction's arrival; Discord's three seconds start earlier.
_DEADLINE = 2.5
# Seconds that the first try has in any case, and seconds before each retry.
_FIRST_TRY, _WAITS = 1.0, (0.2, 0.4, 0.8)
# Codes of an interaction that has no answer.
_NO_ANSWER = {UNKNOWN_WEBHOOK, UNKNOWN_MESSAGE}
# Seconds before each retry of an answer that may be repeated later on.
_LATER_WAITS = (0.3, 1.0, 3.0)


class Answer:
    """Answers one interaction, with retries. Create it as the interaction arrives.

    Raises ``OutcomeUnknown`` if Discord may have carried the request out. ``is_given`` is
    whether Discord has, or may have, a first answer; ``is_deferred`` whether that is a message still to be written.
    """

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction
        self._until = asyncio.get_running_loop().time() + _DEADLINE
        self.is_given = False
        self.is_deferred = False

    async def give(self, respond: Callable[[], Awaitable[Any]], *, defers: bool = False) -> int | None:
        """Give the first answer, retrying while that may help; return the id of its message where there is one.

        Raises what the last try raised, where Discord has no answer; discord.py by itself would go on for seventeen
        seconds.
        """
        try:
            message_id = await self._try(respond)
        except FAILURES as error:
            if not may_pass(error):
                raise
            self.is_given = True
            message_id = await self._look_up()
            if message_id is None:
                self.is_given = False
                if isinstance(error, UNREADABLE):
                    raise aiohttp.ClientPayloadError from error
                raise
        self.is_given, self.is_deferred = True, defers
        return message_id

    async def change(self, edit: Callable[[], Awaitable[object]]) -> None:
        """Change the message of the first answer; retried, as it is idempotent."""
        for wait in (*_LATER_WAITS, None):
            try:
                async with request_timeout():
                    await edit()
            except FAILURES as error:
                if not may_pass(error):
                    raise
                if wait is None:
                    raise OutcomeUnknown from error
                await asyncio.sleep(wait)
            else:
                self.is_deferred = False
                return

    async def follow(self, send: Callable[[], Awaitable[discord.Message]]) -> int:
        """Send one more message and return its id. It carries no nonce: sent again, it would be there twice."""
        with once() as attempt:
            try:
                async with request_timeout():
                    return checked((await send()).id)
            except FAILURES as error:
                if attempt.is_made and may_pass(error):
                    raise OutcomeUnknown from error
                raise

    async def _try(self, respond: Callable[[], Awaitable[Any]]) -> int | None:
        loop = asyncio.get_running_loop()
        for wait in (*_WAITS, None):
            is_first = wait == _WAITS[0]
            # discord.py notes an answer before it has read what came back, which may not be Discord's: ask Discord.
            self._interaction.response._response_type = None  # noqa: SLF001 - there is no other way to it
            try:
                async with asyncio.timeout_at(max(self._until, loop.time() + _FIRST_TRY if is_first else 0.0)):
                    response = await respond()
                    message_id = getattr(response, "message_id", None)
                    return None if message_id is None else checked(message_id)
            except FAILURES as error:
                if isinstance(error, discord.HTTPException) and error.code == ALREADY_ANSWERED:
                    return await self._look_up()
                if not may_pass(error) or wait is None or loop.time() + wait >= self._until:
                    raise
            await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def _look_up(self) -> int | None:
        """Return the id of the answer that Discord has; it knows none to an unanswered interaction, nor a form."""
        for wait in (*_LATER_WAITS, None):
            try:
                async with request_timeout():
                    return checked((await self._interaction.original_response()).id)
            except discord.ClientException:  # in a channel that discord.py does not know
                return None
            except FAILURES as error:
                if isinstance(error, discord.HTTPException) and code_of(error) in _NO_ANSWER:
                    return None
                if wait is None:
                    raise OutcomeUnknown from error
                await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")
