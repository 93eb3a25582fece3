"""The gallery: draws a picture of a subject."""

from bot.pictures import alt, hours, recap, week, year
from bot.pictures.palette import palette
from bot.pictures.picture import Picture, Theme
from bot.pictures.subject import Hours, Recap, Subject, Week, Year


def draw(subject: Subject, theme: Theme = Theme.DARK) -> Picture:
    """Draw a picture in the calling thread; this holds the GIL for some 30 ms."""
    return Picture(_png(subject, theme), alt.describe(subject))


def _png(subject: Subject, theme: Theme) -> bytes:
    colours = palette(theme)
    match subject:
        case Week():
            canvas = week.draw(subject, colours)
        case Year():
            canvas = year.draw(subject, colours)
        case Hours():
            canvas = hours.draw(subject, colours)
        case Recap():
            canvas = recap.draw(subject, colours)
    return canvas.png()
