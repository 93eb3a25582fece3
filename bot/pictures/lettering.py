"""Lettering: which fonts a text needs, so that it can be read in whatever script it is.

Matplotlib shapes text and orders what runs from right to left, where it is told which fonts to take; Noto Sans
and its sisters come in packages of their own. Where they are missing, the same fonts of the system do, and
matplotlib's DejaVu Sans. A character that none of them has is written by its plain form (a script F by F), or
else as a dot: never as a box.
"""

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from matplotlib.font_manager import FontProperties, fontManager, get_font

from bot.domain import name

MARK = "\N{BULLET}"
_PACKAGES = ("manimgx_fonts", "noto_cjk_sans_otc")
_SCRIPTS = (
    "Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada",
    "Malayalam", "Sinhala", "Thai", "Lao", "Myanmar", "Khmer", "Georgian", "Armenian", "Ethiopic",
)  # fmt: skip
# Noto Emoji first, whose flags are made of letters that the symbols have too.
_FAMILIES = (
    "Noto Sans",
    *(f"Noto Sans {script}" for script in _SCRIPTS),
    "Noto Sans CJK SC",
    "Noto Emoji",
    "Noto Sans Symbols",
    "DejaVu Sans",
)
# Han characters look different from country to country, though they are the same to Unicode. What else is written
# tells which are meant; each of these fonts has the characters of all.
_HAN = "Noto Sans CJK SC"
_BY_NEIGHBOUR = {
    "HIRAGANA": "Noto Sans CJK JP",
    "KATAKANA": "Noto Sans CJK JP",
    "HANGUL": "Noto Sans CJK KR",
    "BOPOMOFO": "Noto Sans CJK TC",
}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
# Vowels of Thai and Lao that fonts take for marks, and a mark that Python before 3.12 does not know.
_VOWELS = "\u0e33\u0eb3\u0ece"
_FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
_lock = Lock()
_registered: list[str] = []


class Lettering:
    """The fonts for one picture. ``texts`` are those that people wrote, which tell which Han is meant."""

    def __init__(self, texts: tuple[str, ...] = ()) -> None:
        _register()
        words = {unicodedata.name(c, "").partition(" ")[0] for text in texts for c in text if c > "\u10ff"}
        self._han = next((face for script, face in _BY_NEIGHBOUR.items() if script in words), _HAN)

    def clusters(self, text: str) -> list[str]:
        """Part a text, on one line, into what a reader takes for single characters, each of which a font has."""
        return [cluster for cluster, _ in _clusters(text)]

    def properties(self, text: str, size: float) -> FontProperties:
        """Give the fonts that a legible text needs, in the order in which they are asked, at a size in points."""
        # Of each cluster all is written in one font: the first that has all of it.
        needed = {next(family for family in _registered if family in fonts) for _, fonts in _clusters(text)}
        families = [self._han if family == _HAN else family for family in _registered if family in needed]
        return FontProperties(family=families or _registered[:1], size=size, weight="normal", style="normal")


def _clusters(text: str) -> list[tuple[str, frozenset[str]]]:
    """Part a text into clusters, each with the fonts that have all of it. Marks are lost that none has with it."""
    parts: list[tuple[str, frozenset[str]]] = []
    joiner = ""
    for c in "".join(_plain(c) for c in name.visible(text).strip(f"{_JOINERS} ")):
        if c in _JOINERS:
            joiner = c
            continue
        own = _fonts_of(c)
        before, fonts = parts[-1] if parts else ("", own)
        shared = fonts & own
        if before and shared and _extends(before, joiner, c):
            parts[-1] = (before + joiner + c, shared)
        elif before and not shared and _is_mark(c):
            continue
        else:
            if before and shared:
                parts[-1] = (before + joiner, fonts)
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


def _register() -> None:
    """Make the fonts of the packages known to matplotlib, once: its list of fonts is one for the whole process."""
    with _lock:
        if _registered:
            return
        for package in _PACKAGES:
            spec = find_spec(package)
            for folder in (spec.submodule_search_locations or ()) if spec else ():
                for path in sorted(Path(folder).glob("*.tt[fc]")):
                    fontManager.addfont(path)
        known = set(fontManager.get_font_names())
        _registered.extend(family for family in _FAMILIES if family in known)


@lru_cache(8192)
def _fonts_of(character: str) -> frozenset[str]:
    """Find the fonts that have a character; a variation selector, which only chooses, needs none."""
    if unicodedata.name(character, "").startswith("VARIATION SELECTOR"):
        return frozenset(_registered)
    fonts = {family: get_font(fontManager.findfont(FontProperties(family=family))) for family in _registered}
    return frozenset(family for family, font in fonts.items() if font.get_char_index(ord(character)))


@lru_cache(8192)
def _plain(character: str) -> str:
    if character in _JOINERS or _fonts_of(character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(_fonts_of(c) for c in plain) else MARK
