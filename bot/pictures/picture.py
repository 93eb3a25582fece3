"""A picture, ready to send, and the two themes it can be drawn in."""

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """The Discord theme that a picture is drawn for.

    The themes of a message's readers are unknown, so a picture is a card with its own background. The dark one
    works on both; the light one is for those who ask for it, and dazzles on dark.
    """

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, 700 pixels wide, for a phone that shows it at half of that.

    ``alt`` describes it with its figures, in plain text of at most 1,024 characters, Discord's limit for an
    attachment's description.
    """

    png: bytes
    alt: str
