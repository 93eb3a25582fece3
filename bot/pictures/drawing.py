"""Drawing: a picture of any subject."""

from bot.pictures import alt, hours, recap, week, year
from bot.pictures.palette import palette
from bot.pictures.picture import Picture, Theme
from bot.pictures.subject import Hours, Recap, Subject, Week, Year


def draw(subject: Subject, theme: Theme = Theme.DARK) -> Picture:
    """Draw a picture in the calling thread; this holds the GIL for some 30 ms."""
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
    return Picture(canvas.png(), alt.describe(subject))
