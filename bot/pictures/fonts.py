"""Fonts: Noto Sans for most scripts of the world, from two packages.

System fonts are never used, so that a picture is the same on every machine. HarfBuzz reads the fonts and shapes
text.
"""

from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import uharfbuzz as hb

# Font units per em.
UNITS = 1000
_SCRIPTS = (
    "Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada",
    "Malayalam", "Sinhala", "Thai", "Lao", "Myanmar", "Khmer", "Georgian", "Armenian", "Ethiopic",
)  # fmt: skip
# The index of the font for Chinese, Japanese and Korean in ``fonts``.
HAN = 1 + len(_SCRIPTS)


class Outline(NamedTuple):
    """The outline of a glyph as an SVG path, and where its origin is; y grows downwards from the baseline."""

    x: float
    y: float
    path: str


class Font:
    """One font of a file."""

    def __init__(self, package: str, file: str, index: int = 0) -> None:
        self._font = hb.Font(hb.Face(hb.Blob.from_file_path(str(files(package) / file)), index))
        self._font.scale = (UNITS, UNITS)

    def has(self, character: str) -> bool:
        """Return whether it has a glyph for a character."""
        return self._font.get_nominal_glyph(ord(character)) is not None

    def shape(self, text: str, *, backwards: bool) -> tuple[list[Outline], float]:
        """Return a text's outlines, from left to right, and its width; ``backwards`` if it is right-to-left."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction = "rtl" if backwards else "ltr"
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        outlines, left = [], 0
        for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            place = left + position.x_offset, -position.y_offset
            outlines.append(Outline(*place, self.outline(glyph.codepoint)))
            left += position.x_advance
        return outlines, left

    @lru_cache(4096)  # noqa: B019 - fonts live as long as the process
    def outline(self, glyph: int) -> str:
        """Return the outline of a glyph by its index; 0 is the box for missing glyphs."""
        path: list[str] = []
        self._font.draw_glyph(glyph, _pen(), path)
        return "".join(path)


@cache
def fonts() -> tuple[Font, ...]:
    """Return all fonts, in order of precedence."""
    scripts = [Font("manimgx_fonts", f"NotoSans{script}[wght].ttf") for script in ("", *_SCRIPTS)]
    # Emoji before the symbols, which include the letters that flags are composed of.
    signs = [Font("manimgx_fonts", f"Noto{kind}[wght].ttf") for kind in ("Emoji", "SansSymbols")]
    return (*scripts, han("SC"), *signs)


@cache
def han(region: str) -> Font:
    """Return the font for Chinese, Japanese and Korean, with a region's Han: ``JP``, ``KR``, ``SC`` or ``TC``."""
    return Font("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", ("JP", "KR", "SC", "TC").index(region))


@cache
def _pen() -> hb.DrawFuncs:
    """Return a pen that appends path segments to a list."""
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, path: path.append(f"M{x:.0f} {-y:.0f}"))
    pen.set_line_to_func(lambda x, y, path: path.append(f"L{x:.0f} {-y:.0f}"))
    pen.set_quadratic_to_func(lambda a, b, x, y, path: path.append(f"Q{a:.0f} {-b:.0f} {x:.0f} {-y:.0f}"))
    pen.set_cubic_to_func(
        lambda a, b, c, d, x, y, path: path.append(f"C{a:.0f} {-b:.0f} {c:.0f} {-d:.0f} {x:.0f} {-y:.0f}")
    )
    pen.set_close_path_func(lambda path: path.append("Z"))
    return pen
