"""The gallery: draws a picture of a subject.

Matplotlib takes half a second to be imported, and 60 MB; so it is, by the modules that draw, only in the thread
that draws the first picture. One thread after the other or several at once may draw; each canvas is its own. To
have fonts and code at hand before somebody asks, ``warm_up`` in that thread.
"""

from datetime import date

from bot.pictures import alt
from bot.pictures.palette import palette
from bot.pictures.picture import Picture, Theme
from bot.pictures.subject import Hours, Subject, Week, Year


def draw(subject: Subject, theme: Theme = Theme.DARK) -> Picture:
    """Draw a picture, in the thread that calls; it takes some 50 ms."""
    return Picture(_png(subject, theme), alt.describe(subject))


def warm_up() -> None:
    """Import what draws, and read the fonts, which takes about a second."""
    draw(Week(date(2026, 1, 5), ()))


def _png(subject: Subject, theme: Theme) -> bytes:
    from bot.pictures import hours, week, year

    colours = palette(theme)
    match subject:
        case Week():
            canvas = week.draw(subject, colours)
        case Year():
            canvas = year.draw(subject, colours)
        case Hours():
            canvas = hours.draw(subject, colours)
    return canvas.png()
