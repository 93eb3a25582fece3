"""A canvas: a card with round corners to draw on, in the units in which a phone shows it.

It is 350 units wide, y grows downwards, and a unit is two pixels, so that text of 12 is as large as text of 12
px on a page. Nothing here touches matplotlib's ``pyplot`` or its settings: a canvas belongs to the thread that
made it, and is gone with it.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from bot.pictures.lettering import Lettering
from bot.pictures.palette import Palette

Anchor = Literal["left", "center", "right"]

WIDTH = 350
MARGIN = 16
_SCALE = 2
_CORNER = 10
# A text of so many characters is wider than the card in any script.
_WIDEST = 120
# How far a quarter of a circle's handle is from its end, for a cubic curve.
_ROUND = 0.5523


class Canvas:
    """A card of some height. ``texts`` are those of people's, which it is to show."""

    def __init__(self, height: float, palette: Palette, texts: tuple[str, ...] = ()) -> None:
        self.palette = palette
        self.height = height
        self._lettering = Lettering(texts)
        self._figure = Figure((WIDTH / 72, height / 72), dpi=72 * _SCALE, facecolor="none", edgecolor="none")
        FigureCanvasAgg(self._figure)
        self._to_pixels = Affine2D().scale(_SCALE, -_SCALE).translate(0, height * _SCALE)
        self.box(0, 0, WIDTH, height, palette.edge, _CORNER)
        self.box(0.5, 0.5, WIDTH - 1, height - 1, palette.card, _CORNER - 0.5)

    def box(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        """Fill a rectangle, whose left upper corner is given, with round corners."""
        self._fill([_rounded(x, y, width, height, radius)], colour)

    def squares(self, corners: Iterable[tuple[float, float]], size: float, colour: str, radius: float) -> None:
        """Fill many squares of one size at once."""
        if paths := [_rounded(x, y, size, size, radius) for x, y in corners]:
            self._fill(paths, colour)

    def stack(
        self, x: float, base: float, width: float, layers: Iterable[tuple[float, str]], radius: float
    ) -> None:
        """Fill a bar with layers, each of a height and a colour, from its base upwards; its corners are round."""
        layers = list(layers)
        top = base - sum(height for height, _ in layers)
        outline = _rounded(x, top, width, base - top, radius)
        for height, colour in layers:
            base -= height
            patch = self._fill([_rounded(x, base, width, height, 0)], colour)
            patch.set_clip_path(outline, self._to_pixels)

    def rule(self, y: float, left: float, right: float, colour: str) -> None:
        """Draw a thin, dashed line across."""
        line = Line2D([left, right], [y, y], color=colour, linewidth=1, linestyle=(0, (3, 3)))
        line.set_transform(self._to_pixels)
        self._figure.add_artist(line)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str | None = None,
        anchor: Anchor = "left",
    ) -> None:
        """Write a line, whose baseline is at y. What towers above or hangs below its line is cut off."""
        artist = self._text(x, y, self._legible(text), size)
        artist.set(color=colour or self.palette.text, horizontalalignment=anchor)
        line = Bbox.from_extents(0, y - 1.3 * size, WIDTH, y + 0.55 * size)
        artist.set_clip_box(TransformedBbox(line, self._to_pixels))
        self._figure.add_artist(artist)

    def fit(self, text: str, size: float, width: float) -> str:
        """Give a text as it is, or shortened with an ellipsis, so that it is at most so wide."""
        clusters = self._lettering.clusters(text)
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
        """Measure a text, in units."""
        artist = self._text(0, 0, self._legible(text), size)
        artist.set_figure(self._figure)
        return float(artist.get_window_extent().width) / _SCALE

    def png(self) -> bytes:
        """Draw all of it. The canvas cannot be used any more."""
        buffer = BytesIO()
        self._figure.savefig(buffer, format="png", dpi="figure", facecolor="none", metadata={"Software": None})
        # Figures refer to themselves: what hangs on one would be there until the next round of the collector.
        self._figure.clear()
        return buffer.getvalue()

    def _legible(self, text: str) -> str:
        return "".join(self._lettering.clusters(text))

    def _text(self, x: float, y: float, legible: str, size: float) -> Text:
        return Text(
            x,
            y,
            legible,
            fontproperties=self._lettering.properties(legible, size),
            verticalalignment="baseline",
            parse_math=False,
            usetex=False,
            transform=self._to_pixels,
        )

    def _fill(self, paths: list[Path], colour: str) -> PathPatch:
        patch = PathPatch(Path.make_compound_path(*paths), facecolor=colour, edgecolor="none", linewidth=0)
        patch.set_transform(self._to_pixels)
        self._figure.add_artist(patch)
        return patch


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> Path:
    """Outline a rectangle; corners are as round as its size allows."""
    r = max(0.0, min(radius, width / 2, height / 2))
    k = r * (1 - _ROUND)
    right, bottom = x + width, y + height
    points = [
        (x + r, y), (right - r, y), (right - k, y), (right, y + k), (right, y + r),
        (right, bottom - r), (right, bottom - k), (right - k, bottom), (right - r, bottom),
        (x + r, bottom), (x + k, bottom), (x, bottom - k), (x, bottom - r),
        (x, y + r), (x, y + k), (x + k, y), (x + r, y), (x + r, y),
    ]  # fmt: skip
    side = [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    return Path(points, [Path.MOVETO, *side * 4, Path.CLOSEPOLY])


def _cut(clusters: list[str], length: int) -> str:
    return "".join(clusters[:length]).rstrip() + "…"
