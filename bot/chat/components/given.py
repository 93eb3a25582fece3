"""Input from buttons, menus and forms. Anybody can forge it, so it is checked before use."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.errors import BadText, UnknownControl
from bot.messages.catalogue import N_

# The largest id that a database column holds.
_LARGEST = (1 << 63) - 1


def unknown() -> UnknownControl:
    """Return the error for a custom id that the bot never made, or no longer makes."""
    return UnknownControl(N_("That button or form no longer works."))


def exactly(count: int, numbers: Sequence[int]) -> list[int]:
    """Return the numbers of a custom id. Raises ``UnknownControl`` unless there are ``count`` valid ids."""
    if len(numbers) != count or any(abs(number) > _LARGEST for number in numbers):
        raise unknown()
    return list(numbers)


def line(given: Mapping[str, Any], name: str, most: int) -> str:
    """Return the text of a form's field, empty if it has none. Raises ``BadText`` beyond ``most`` characters."""
    value = given.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > most:
        raise BadText(N_("That's {length:,} characters; {most:,} is the limit."), length=len(text), most=most)
    return text


def chosen(given: Mapping[str, Any], name: str) -> str | None:
    """Return what was chosen in a form's menu, None for nothing."""
    values = given.get(name)
    value = values[0] if isinstance(values, list) and values else None
    return value if isinstance(value, str) else None
