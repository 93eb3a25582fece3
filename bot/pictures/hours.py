"""The hours of the day as 24 bars, with the best one highlighted."""

from bot.messages.catalogue import gettext
from bot.pictures.amount import short
from bot.pictures.canvas import MARGIN, WIDTH, Anchor, Canvas
from bot.pictures.frame import TOP, head, nothing_yet
from bot.pictures.palette import Palette
from bot.pictures.subject import Hours

TALLEST = 110
BASE = TOP + 24 + TALLEST
BAR = 10
_PITCH = (WIDTH - 2 * MARGIN) / 24
_LEAST = 2
_ANCHORS: dict[int, Anchor] = {0: "left", 24: "right"}
_GHOSTS = (1, 1, 1, 1, 1, 1, 4, 9, 21, 32, 40, 33, 18, 20, 30, 35, 27, 19, 12, 14, 16, 11, 5, 2)


def draw(hours: Hours, palette: Palette) -> Canvas:
    """Draw the hours."""
    canvas = Canvas(BASE + 32, palette)
    most = max(hours.seconds)
    peak = hours.seconds.index(most)
    remark = gettext("best from {start}:00 to {end}:00", start=peak, end=peak + 1) if most else ""
    head(canvas, gettext("Focus by hour of day"), hours.period, sum(hours.seconds), remark)
    for hour in (0, 6, 12, 18, 24):
        # A bar spans the hour between two labels; the outer labels stay within the margins.
        anchor = _ANCHORS.get(hour, "center")
        canvas.words(MARGIN + _PITCH * hour, BASE + 17, f"{hour}:00", 11, palette.muted, anchor)
    if not most:
        for hour, ghost in enumerate(_GHOSTS):
            canvas.box(centre(hour) - BAR / 2, BASE - ghost, BAR, ghost, palette.faint, 3)
        nothing_yet(canvas, BASE - TALLEST + 20)
        return canvas
    for hour, seconds in enumerate(hours.seconds):
        height = max(seconds * TALLEST / most, _LEAST)
        drawn = palette.peak if hour == peak else palette.hour
        colour = drawn if seconds else palette.faint
        canvas.box(centre(hour) - BAR / 2, BASE - height, BAR, height, colour, 3)
    half = canvas.width(short(most), 11) / 2
    middle = min(max(centre(peak), MARGIN + half), WIDTH - MARGIN - half)
    canvas.words(middle, BASE - TALLEST - 7, short(most), 11, anchor="center")
    return canvas


def centre(hour: int) -> float:
    """Return the x of the middle of an hour's bar."""
    return MARGIN + _PITCH * (hour + 0.5)
