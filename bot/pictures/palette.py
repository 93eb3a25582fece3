"""The colours of a picture: calm ones around the bot's tomato, green, blue and amber."""

from dataclasses import dataclass

from bot.pictures.picture import Theme

TOMATO, GREEN, BLUE, AMBER, VIOLET, ROSE = "#E5533D", "#3FA45B", "#2E9CCA", "#E0A526", "#8B79C9", "#D17BA0"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#RRGGBB``: the card and its edge, its text, and the drawing.

    ``faint`` is for empty places. ``tasks`` are for tasks, largest first; ``other`` is for the rest. ``heat`` goes
    from little to much.
    """

    card: str
    edge: str
    text: str
    muted: str
    faint: str
    other: str
    tasks: tuple[str, ...]
    heat: tuple[str, ...]
    hour: str
    peak: str


def palette(theme: Theme) -> Palette:
    """Return the colours for a theme. Discord's own backgrounds are #313338 and #FFFFFF."""
    return _DARK if theme is Theme.DARK else _LIGHT


_TASKS = (TOMATO, BLUE, AMBER, GREEN, VIOLET, ROSE)
_DARK = Palette(
    card="#2B2D31",
    edge="#3A3C42",
    text="#F2F3F5",
    muted="#B5BAC1",
    faint="#3B3D44",
    other="#7D828C",
    tasks=_TASKS,
    heat=("#28533A", "#2F7A49", "#43A862", "#7FD99A"),
    hour="#2F7C9E",
    peak=TOMATO,
)
_LIGHT = Palette(
    card="#FBFBFC",
    edge="#DFE1E5",
    text="#1E1F22",
    muted="#5C5E66",
    faint="#E9EAED",
    other="#A2A6AE",
    tasks=_TASKS,
    heat=("#BFE5CB", "#86CB9B", GREEN, "#23703B"),
    hour="#7CC0DE",
    peak=TOMATO,
)
