"""Validation of what buttons, menus and forms send: anybody can forge it, so it is checked before use."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.errors import BadText, UserError
from bot.domain.mentions import LARGEST_ID
from bot.messages.catalogue import N_


def unknown() -> UserError:
    """Return the error for a custom id that the bot never made, or no longer makes."""
    return UserError(N_("That button or form no longer works."))


def exactly(count: int, numbers: Sequence[int], *, least: int = 0) -> list[int]:
    """Return the numbers of a custom id. Raises ``UserError`` unless there are ``count`` valid ids."""
    if len(numbers) != count or not all(least <= number <= LARGEST_ID for number in numbers):
        raise unknown()
    return list(numbers)


def text_of(values: Mapping[str, Any], name: str, most: int) -> str:
    """Return the text of a form's field, empty if it has none. Raises ``BadText`` beyond ``most`` characters."""
    value = values.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > most:
        raise BadText(N_("That's {length:,} characters; {most:,} is the limit."), length=len(text), most=most)
    return text


def selected(values: Mapping[str, Any], name: str) -> str | None:
    """Return what was selected in a form's menu, None for nothing."""
    options = values.get(name)
    option = options[0] if isinstance(options, list) and options else None
    return option if isinstance(option, str) else None
