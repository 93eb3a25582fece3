"""The common parts of pictures: the title with its dates, the total in large, and the empty state."""

from bot.messages.catalogue import gettext
from bot.pictures.amount import MANY, spoken
from bot.pictures.canvas import MARGIN, WIDTH, Canvas

_PLATE = 56
TOP = 70
RIGHT = WIDTH - MARGIN


def head(canvas: Canvas, title: str, when: str, total: int, remark: str = "") -> None:
    """Write the title with the dates at the right; below, the total (in seconds) with a remark at the right."""
    muted = canvas.palette.muted
    canvas.words(MARGIN, 26, title, 11.5, muted)
    canvas.words(RIGHT, 26, canvas.fit(when, 11.5, 190), 11.5, muted, "right")
    canvas.words(MARGIN, 54, spoken(total - total % 3600 if total >= MANY else total), 22)
    canvas.words(RIGHT, 53, remark, 11, muted, "right")


def nothing_yet(canvas: Canvas, middle: float) -> None:
    """Write a friendly note across the picture that there is nothing to show."""
    canvas.box(_PLATE, middle - 22, WIDTH - 2 * _PLATE, 54, canvas.palette.card, 10)
    canvas.words(WIDTH / 2, middle, gettext("Nothing here yet 🌱"), 17, anchor="center")
    how = gettext("Finish a pomodoro, and it grows here.")
    canvas.words(WIDTH / 2, middle + 22, how, 12, canvas.palette.muted, "center")
