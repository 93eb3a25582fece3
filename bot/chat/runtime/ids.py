"""Discord's ids. An invalid one in an answer is rejected: no row could hold it, and no request could use it."""

from collections.abc import Awaitable, Callable
from typing import Any

from discord.http import HTTPClient

from bot.domain.mentions import LARGEST_ID

Request = Callable[..., Awaitable[Any]]

_MOST_DIGITS = len(str(LARGEST_ID))


def is_id(value: object) -> bool:
    """Return whether a value of Discord's JSON is an id."""
    digits = str(value) if isinstance(value, str | int) else ""
    return len(digits) <= _MOST_DIGITS and digits.isdecimal() and 0 < int(digits) <= LARGEST_ID


def checked(value: Any) -> int:
    """Return an id. Raises ``ValueError`` if it is not one."""
    if not is_id(value):
        raise ValueError("not an id")
    return int(value)


def must_have_ids(http: HTTPClient) -> None:
    """Raise ``ValueError`` for an answer with an invalid id; drop such items from a list."""
    request: Request = http.request

    async def checking(*arguments: Any, **options: Any) -> Any:
        answer = await request(*arguments, **options)
        if isinstance(answer, list):
            return [part for part in answer if _has_sound_id(part)]
        if not _has_sound_id(answer):
            raise ValueError("not an id")
        return answer

    http.request = checking  # type: ignore[method-assign]


def _has_sound_id(part: object) -> bool:
    return not (isinstance(part, dict) and "id" in part) or is_id(part["id"])
