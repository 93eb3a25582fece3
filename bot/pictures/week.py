"""A week in bars, one per day, with a layer per task; below, the legend of tasks."""

from bot.domain.stats.statistics import TaskWeek
from bot.messages.catalogue import gettext
from bot.messages.dates import short_weekday, span
from bot.pictures.amount import short, spoken
from bot.pictures.canvas import MARGIN, WIDTH, Canvas
from bot.pictures.frame import RIGHT, TOP, head, nothing_yet
from bot.pictures.palette import Palette
from bot.pictures.subject import Week
from bot.pictures.tasks import amounts, label, shares

# The base of the bars and the height of the tallest; above it is room for its label.
TALLEST = 140
BASE = TOP + 22 + TALLEST
BAR = 30
_PITCH = (WIDTH - 2 * MARGIN) / 7
_ROW = 23
_LEGEND = BASE + 28
# The least height, so that any focus is visible.
_LEAST = 2
# Layers thicker than this are separated by a line.
_PARTED = 3
_GHOSTS = (22, 40, 30, 52, 36, 14, 26)


def draw(week: Week, palette: Palette) -> Canvas:
    """Draw the week."""
    task_shares = shares(week.rows)
    named = task_shares if week.names_tasks else []
    height = _LEGEND + _ROW * len(named) + 8 if named else _LEGEND
    canvas = Canvas(height, palette, tuple(share.task or "" for share in task_shares))
    goal = gettext("goal {amount} a day", amount=spoken(week.goal)) if week.goal else ""
    head(canvas, week.title, span(week.monday, 6), sum(week.days), goal)
    for number in range(7):
        canvas.words(centre(number), BASE + 17, short_weekday(number), 11, palette.muted, "center")
    if not task_shares:
        for number, ghost in enumerate(_GHOSTS):
            canvas.box(centre(number) - BAR / 2, BASE - ghost, BAR, ghost, palette.faint, 5)
        nothing_yet(canvas, BASE - TALLEST + 34)
        return canvas
    unit = TALLEST / max(*week.days, week.goal or 0)
    colours = [
        palette.other if share.others else own for share, own in zip(task_shares, palette.tasks, strict=False)
    ]
    for number in range(7):
        _bar(
            canvas,
            centre(number),
            unit,
            [(share.seconds[number], c) for share, c in zip(task_shares, colours, strict=True)],
        )
    if week.goal:
        canvas.rule(BASE - week.goal * unit, MARGIN, RIGHT, palette.muted)
    for number, (share, amount, colour) in enumerate(zip(named, amounts(named), colours, strict=False)):
        _row(canvas, _LEGEND + _ROW * (number + 0.5), share, amount, colour)
    return canvas


def centre(number: int) -> float:
    """Return the x of the middle of a day's bar; Monday is 0."""
    return MARGIN + _PITCH * (number + 0.5)


def _bar(canvas: Canvas, middle: float, unit: float, layers: list[tuple[int, str]]) -> None:
    left = middle - BAR / 2
    total = sum(seconds for seconds, _ in layers)
    if not total:
        canvas.box(left, BASE - _LEAST, BAR, _LEAST, canvas.palette.faint, 1)
        return
    height = max(total * unit, _LEAST)
    heights = [(seconds * height / total, colour) for seconds, colour in layers if seconds]
    canvas.stack(left, BASE, BAR, heights, 4)
    at = float(BASE)
    for layer, _ in heights[:-1]:
        at -= layer
        if layer > _PARTED:
            canvas.box(left, at - 0.5, BAR, 1, canvas.palette.card)
    canvas.words(middle, BASE - height - 6, short(total), 10, canvas.palette.text, "center")


def _row(canvas: Canvas, middle: float, share: TaskWeek, amount: str, colour: str) -> None:
    canvas.box(MARGIN, middle - 5, 10, 10, colour, 3)
    room = RIGHT - MARGIN - 18 - canvas.width(amount, 12) - 12
    unnamed = label(share)
    plain = canvas.palette.muted if unnamed else canvas.palette.text
    canvas.words(MARGIN + 18, middle + 4, canvas.fit(unnamed or share.task or "", 12, room), 12, plain)
    canvas.words(RIGHT, middle + 4, amount, 12, canvas.palette.muted, "right")
