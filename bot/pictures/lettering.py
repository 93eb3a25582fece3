"""Lettering: a line of text in any script, shaped, in visual order and without missing-glyph boxes.

A character that no font has is replaced by its compatibility form (a script F by F), or else by a dot.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bot.domain.timers import name
from bot.pictures import direction
from bot.pictures.fonts import HAN, Outline, fonts, han

MARK = "\N{BULLET}"
# Han characters differ by country, though Unicode unifies them. The other scripts in the text decide.
_REGIONS = {"HIRAGANA": "JP", "KATAKANA": "JP", "HANGUL": "KR", "BOPOMOFO": "TC"}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
# Vowels of Thai and Lao that fonts treat as marks, and a mark that Python before 3.12 does not know.
_VOWELS = "\u0e33\u0eb3\u0ece"
_FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


@dataclass(frozen=True, slots=True)
class Line:
    """A shaped line: its outlines, and its width in font units."""

    outlines: list[Outline]
    width: float


def region(texts: Iterable[str]) -> str:
    """Return the Han region of a picture with some texts: ``JP``, ``KR``, ``TC`` or else ``SC``."""
    words = {unicodedata.name(c, "").partition(" ")[0] for text in texts for c in text if c > "\u10ff"}
    return next((region for script, region in _REGIONS.items() if script in words), "SC")


def clusters(text: str) -> list[str]:
    """Split a one-line text into clusters (user-perceived characters), each covered by a font."""
    return [cluster for cluster, _ in _clusters(text)]


def shape(text: str, region: str) -> Line:
    """Shape a text with the Han characters of a region."""
    parts = _clusters(text)
    levels = direction.levels([cluster for cluster, _ in parts])
    # Each run has one font and level; a cluster uses the first font that covers all of it.
    runs = [
        (font, level, "".join(cluster for (cluster, _), _ in run))
        for (font, level), run in groupby(zip(parts, levels, strict=True), lambda part: (min(part[0][1]), part[1]))
    ]
    outlines: list[Outline] = []
    left = 0.0
    for number in direction.order([level for _, level, _ in runs]):
        font, level, run = runs[number]
        shaped, width = (han(region) if font == HAN else fonts()[font]).shape(run, backwards=level % 2 == 1)
        outlines += [outline._replace(x=left + outline.x) for outline in shaped]
        left += width
    return Line(outlines, left)


def _clusters(text: str) -> list[tuple[str, frozenset[int]]]:
    """Split a text into clusters with the fonts that cover each; drop marks that no font has with their base."""
    parts: list[tuple[str, frozenset[int]]] = []
    joiner = ""
    for c in "".join(_plain(c) for c in name.visible(text).strip(f"{_JOINERS} ")):
        if c in _JOINERS:
            joiner = c
            continue
        own = _fonts_of(c)
        before, able = parts[-1] if parts else ("", own)
        shared = able & own
        if before and shared and _extends(before, joiner, c):
            parts[-1] = (before + joiner + c, shared)
        elif before and not shared and _is_mark(c):
            continue
        else:
            if before and shared:
                parts[-1] = (before + joiner, able)
            parts.append((c, own))
        joiner = ""
    return parts


def _extends(before: str, joiner: str, c: str) -> bool:
    if _is_mark(c):
        return True
    if joiner == _JOINERS[0] and unicodedata.category(c) == "So":
        return True
    return before in _FLAG_LETTERS and c in _FLAG_LETTERS


def _is_mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "M" or c in _SKINS or c in _VOWELS


@lru_cache(8192)
def _fonts_of(character: str) -> frozenset[int]:
    """Return the fonts that have a character; all for a variation selector, which has no glyph."""
    anyway = unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    return frozenset(number for number, font in enumerate(fonts()) if anyway or font.has(character))


@lru_cache(8192)
def _plain(character: str) -> str:
    if character in _JOINERS or _fonts_of(character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(_fonts_of(c) for c in plain) else MARK
