"""The first answer to an interaction, which Discord accepts for three seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from bot.chat.runtime.final_answers import ALREADY_ANSWERED, PASSING, may_pass

T = TypeVar("T")

# Seconds from the interaction's arrival in which to answer; Discord's three seconds start earlier.
_DEADLINE = 2.5
# Seconds that the first try has in any case, and seconds before each retry.
_FIRST_TRY, _WAITS = 1.0, (0.2, 0.4, 0.8)


class Answer:
    """Answers one interaction, with retries. Create it as the interaction arrives."""

    def __init__(self) -> None:
        self._until = asyncio.get_running_loop().time() + _DEADLINE

    async def give(self, respond: Callable[[], Awaitable[T]]) -> T | None:
        """Answer, retrying while that may help; None where a retry finds that an earlier try had arrived.

        Raises what the last try raised; discord.py by itself would go on for seventeen seconds.
        """
        loop = asyncio.get_running_loop()
        for wait in (*_WAITS, None):
            is_first = wait == _WAITS[0]
            try:
                async with asyncio.timeout_at(max(self._until, loop.time() + _FIRST_TRY if is_first else 0.0)):
                    return await respond()
            except discord.HTTPException as refused:
                if refused.code == ALREADY_ANSWERED and not is_first:
                    return None
                if not may_pass(refused) or self._is_late(wait):
                    raise
            except PASSING:
                if self._is_late(wait):
                    raise
            await asyncio.sleep(wait or 0.0)
        raise AssertionError("the last try returns or raises")

    def _is_late(self, wait: float | None) -> bool:
        return wait is None or asyncio.get_running_loop().time() + wait >= self._until
