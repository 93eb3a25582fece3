"""A canvas: a card with round corners, in the units in which a phone shows it.

It is 350 units wide, y grows downwards, and a unit is two pixels, so that text of size 12 is as large as 12 px on a
page. The drawing is collected as SVG with text as outlines, so that it needs no fonts and nothing that people write
can be taken for markup.
"""

from collections.abc import Iterable
from typing import Literal

import resvg_py

from bot.pictures import lettering
from bot.pictures.fonts import UNITS
from bot.pictures.palette import Palette

Anchor = Literal["left", "center", "right"]

WIDTH = 350
MARGIN = 16
_SCALE = 2
_CORNER = 10
# Longer texts are wider than the card in any script.
_WIDEST = 120
# The share of a text's width that is left of its anchor.
_LEFT_OF: dict[Anchor, float] = {"left": 0, "center": 0.5, "right": 1}


class Canvas:
    """A card of some height. ``texts`` are the user texts it will show, which decide the Han region."""

    def __init__(self, height: float, palette: Palette, texts: Iterable[str] = ()) -> None:
        self.palette = palette
        self.height = height
        self._region = lettering.region(texts)
        self._parts: list[str] = []
        self.box(0, 0, WIDTH, height, palette.edge, _CORNER)
        self.box(0.5, 0.5, WIDTH - 1, height - 1, palette.card, _CORNER - 0.5)

    def box(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        """Fill a rectangle with round corners, given its upper left corner."""
        self._parts.append(_rectangle(x, y, width, height, radius, colour))

    def stack(
        self, x: float, base: float, width: float, layers: Iterable[tuple[float, str]], radius: float
    ) -> None:
        """Fill a bar with round corners in layers, each of a height and a colour, from its base upwards."""
        filled = []
        top = base
        for height, colour in layers:
            top -= height
            filled.append(_rectangle(x, top, width, height, 0, colour))
        outline = _rectangle(x, top, width, base - top, radius, "")
        clip = f"clip{len(self._parts)}"
        self._parts.append(f'<clipPath id="{clip}">{outline}</clipPath><g clip-path="url(#{clip})">')
        self._parts += [*filled, "</g>"]

    def rule(self, y: float, left: float, right: float, colour: str) -> None:
        """Draw a thin, dashed horizontal line."""
        self._parts.append(f'<path d="M{left} {y:.3f}H{right}" stroke="{colour}" stroke-dasharray="3"/>')

    def words(
        self, x: float, y: float, text: str, size: float, colour: str | None = None, anchor: Anchor = "left"
    ) -> None:
        """Write a line of text with its baseline at y, clipped to the height of the line."""
        line, colour = lettering.shape(text, self._region), colour or self.palette.text
        scale = size / UNITS
        left = x - line.width * scale * _LEFT_OF[anchor]
        above, below = 1.3 * size, 0.55 * size
        paths = [f'<path transform="translate({at.x:.0f} {at.y:.0f})" d="{at.path}"/>' for at in line.outlines]
        # An inner SVG element clips to its bounds.
        self._parts += [
            f'<svg y="{y - above:.3f}" width="{WIDTH}" height="{above + below:.3f}" fill="{colour}">',
            f'<g transform="translate({left:.3f} {above:.3f}) scale({scale:.5f})">{"".join(paths)}</g></svg>',
        ]

    def fit(self, text: str, size: float, width: float) -> str:
        """Return a text, shortened with an ellipsis if it is wider than ``width``."""
        clusters = lettering.clusters(text)
        if len(clusters) <= _WIDEST and self.width(text, size) <= width:
            return "".join(clusters)
        shortest, longest = 0, min(len(clusters), _WIDEST)
        while longest - shortest > 1:
            half = (shortest + longest) // 2
            if self.width(_cut(clusters, half), size) <= width:
                shortest = half
            else:
                longest = half
        return _cut(clusters, shortest)

    def width(self, text: str, size: float) -> float:
        """Return the width of a text, in units."""
        return lettering.shape(text, self._region).width * size / UNITS

    def png(self) -> bytes:
        """Render the canvas."""
        size = f'width="{WIDTH * _SCALE}" height="{self.height * _SCALE}" viewBox="0 0 {WIDTH} {self.height}"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(self._parts)}</svg>'
        return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)


def _rectangle(x: float, y: float, width: float, height: float, radius: float, colour: str) -> str:
    """Return a rectangle as SVG; the corner radius is limited by its size."""
    radius = min(radius, width / 2, height / 2)
    place = f'x="{x:.3f}" y="{y:.3f}" width="{width:.3f}" height="{height:.3f}"'
    return f'<rect {place} rx="{radius:.3f}" fill="{colour}"/>'


def _cut(clusters: list[str], length: int) -> str:
    return "".join(clusters[:length]).rstrip() + "…"
