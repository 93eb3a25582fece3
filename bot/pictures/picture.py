"""A picture, ready to be sent, and the two backgrounds that it can be drawn for."""

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """Which of Discord's backgrounds a picture is to lie on.

    Nobody can know which of them those who look at a message have, so a picture is a card with a background of its
    own. The dark one does well on both; the light one is for those who ask for it, and dazzles on the dark one.
    """

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, 700 pixels wide, for a phone that shows it at half of that.

    ``alt`` says what it shows, with its figures, in plain text of at most 1,024 characters, which is what
    Discord takes as an attachment's description.
    """

    png: bytes
    alt: str
