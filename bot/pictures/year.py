"""A year's heat map: a square per day, a column per week from Monday down.

It has two strips, since in one the squares would be too small on a phone.
"""

from datetime import date, timedelta
from itertools import pairwise

from bot.domain.stats.statistics import monday_of
from bot.messages.catalogue import gettext, ngettext
from bot.messages.dates import DASH, full, short as short_date, short_month, short_weekday
from bot.pictures.amount import short
from bot.pictures.canvas import MARGIN, Canvas
from bot.pictures.frame import RIGHT, TOP, head, nothing_yet
from bot.pictures.palette import Palette
from bot.pictures.subject import Year

CELL = 9.5
PITCH = 11
_COLUMNS = 27
_LEFT = RIGHT - _COLUMNS * PITCH + PITCH - CELL
_STRIP = 7 * PITCH + 32
_FIRST = TOP + 20
_LEGEND = 22
# The width of a month's name, in columns.
_NAME = 3
_MINUTE, _HOUR = 60, 3600
# The edges between shades: the first row with most days below the last shade is used.
_STEPS = (
    (5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE),
    (15 * _MINUTE, 30 * _MINUTE, _HOUR),
    (30 * _MINUTE, _HOUR, 2 * _HOUR),
    (_HOUR, 2 * _HOUR, 4 * _HOUR),
    (2 * _HOUR, 4 * _HOUR, 8 * _HOUR),
    (4 * _HOUR, 8 * _HOUR, 12 * _HOUR),
)


def draw(year: Year, palette: Palette) -> Canvas:
    """Draw the year."""
    strips = 1 + (_column(year, year.last) >= _COLUMNS)
    bottom = _FIRST + strips * _STRIP - 18
    active = sum(1 for seconds in year.days if seconds)
    canvas = Canvas(bottom + 10 + (_LEGEND if active else 0), palette)
    best = max(year.days)
    on = next((short_date(day) for day, seconds in year.dated if seconds == best), "")
    remark = ngettext(
        "{number} day · best {day}, {amount}",
        "{number} days · best {day}, {amount}",
        active,
        day=on,
        amount=short(best),
    )
    span = f"{full(year.first)} {DASH} {full(year.last)}"
    head(canvas, gettext("Focus day by day"), span, sum(year.days), remark if active else "")
    edges = steps(year.days)
    for day, seconds in year.dated:
        shade = palette.heat[sum(seconds >= edge for edge in edges)] if seconds else palette.faint
        x, y = corner(year, day)
        canvas.box(x, y, CELL, CELL, shade, 2)
    _calendar(canvas, year, strips)
    if active:
        _legend(canvas, bottom + 8, edges)
    else:
        nothing_yet(canvas, _FIRST + 3.5 * PITCH - 6)
    return canvas


def steps(days: tuple[int, ...]) -> tuple[int, ...]:
    """Choose the edges between shades, in seconds, so that about the best fifth of the days has the strongest."""
    done = sorted(seconds for seconds in days if seconds)
    many = done[len(done) * 4 // 5] if done else 0
    return next((edges for edges in _STEPS if edges[-1] * 1.4 >= many), _STEPS[-1])


def corner(year: Year, day: date) -> tuple[float, float]:
    """Return the upper left corner of a day's square."""
    strip, column = divmod(_column(year, day), _COLUMNS)
    return _LEFT + column * PITCH, _FIRST + strip * _STRIP + day.weekday() * PITCH


def _column(year: Year, day: date) -> int:
    return (day - monday_of(year.first)).days // 7


def _calendar(canvas: Canvas, year: Year, strips: int) -> None:
    for strip in range(strips):
        for weekday in (0, 2, 4):
            y = _FIRST + strip * _STRIP + weekday * PITCH + CELL - 1.5
            name = canvas.fit(short_weekday(weekday), 9, _LEFT - MARGIN - 2)
            canvas.words(MARGIN, y, name, 9, canvas.palette.muted)
    last = _column(year, year.last)
    for strip in range(strips):
        named: list[tuple[int, int]] = []
        for column in range(strip * _COLUMNS, min((strip + 1) * _COLUMNS, last + 1)):
            month = (monday_of(year.first) + timedelta(weeks=column, days=6)).month
            if not named or named[-1][1] != month:
                named.append((column % _COLUMNS, month))
        for (column, month), (following, _) in pairwise([*named, (_COLUMNS, 0)]):
            if following - column >= _NAME:
                x, y = _LEFT + column * PITCH, _FIRST + strip * _STRIP - 6
                canvas.words(x, y, short_month(month), 10, canvas.palette.muted)


def _legend(canvas: Canvas, y: float, edges: tuple[int, ...]) -> None:
    between = [f"{short(low)}{DASH}{short(high)}" for low, high in pairwise(edges)]
    names = (
        gettext("under {amount}", amount=short(edges[0])),
        *between,
        gettext("{amount} +", amount=short(edges[-1])),
    )
    room = (RIGHT - MARGIN) / len(names)
    for number, (shade, name) in enumerate(zip(canvas.palette.heat, names, strict=True)):
        x = MARGIN + number * room
        canvas.box(x, y, CELL, CELL, shade, 2)
        canvas.words(x + 14, y + 8.5, name, 10, canvas.palette.muted)
