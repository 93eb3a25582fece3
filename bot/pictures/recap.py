"""The recap of a session: who focused on what, a bar per person."""

from bot.messages.catalogue import gettext, ngettext
from bot.pictures.amount import spoken
from bot.pictures.canvas import MARGIN, WIDTH, Canvas
from bot.pictures.frame import RIGHT, TOP, head
from bot.pictures.palette import Palette
from bot.pictures.subject import Recap, Share

MOST = 8
_ROW = 34
_BAR = 6
# The least width, so that any focus is visible.
_LEAST = 3
_FULL = WIDTH - 2 * MARGIN


def draw(recap: Recap, palette: Palette) -> Canvas:
    """Draw the recap."""
    texts = [text for share in recap.shares for text in (share.name, share.task or "")]
    height = TOP + _ROW * len(recap.shares) + (24 if recap.others else 8)
    canvas = Canvas(height, palette, texts)
    people = ngettext("{number} person", "{number} people", recap.people)
    head(canvas, gettext("Who focused on what"), "", recap.total, people)
    longest = max((share.seconds for share in recap.shares), default=0) or 1
    for number, share in enumerate(recap.shares):
        colour = palette.tasks[number % len(palette.tasks)]
        _row(canvas, TOP + _ROW * number, share, share.seconds / longest, colour)
    if recap.others:
        more = gettext("and {count:,} more", count=recap.others)
        canvas.words(MARGIN, height - 10, more, 11, palette.muted)
    return canvas


def bar(number: int) -> float:
    """Return the y of the middle of a person's bar."""
    return TOP + _ROW * number + 18 + _BAR / 2


def _row(canvas: Canvas, top: float, share: Share, part: float, colour: str) -> None:
    amount = spoken(share.seconds)
    room = _FULL - canvas.width(amount, 12) - 12
    name = canvas.fit(share.name, 12, room if share.task is None else room / 2)
    canvas.words(MARGIN, top + 12, name, 12)
    canvas.words(RIGHT, top + 12, amount, 12, canvas.palette.muted, "right")
    if share.task is not None:
        left = canvas.width(name, 12) + 8
        canvas.words(MARGIN + left, top + 12, canvas.fit(share.task, 12, room - left), 12, canvas.palette.muted)
    canvas.box(MARGIN, top + 18, _FULL, _BAR, canvas.palette.faint, 3)
    canvas.box(MARGIN, top + 18, max(part * _FULL, _LEAST), _BAR, colour, 3)
