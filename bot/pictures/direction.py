"""Direction: the visual order of the parts of a line with right-to-left text.

This is the Unicode Bidirectional Algorithm (https://www.unicode.org/reports/tr9/) for one line; rules are cited by
name. Explicit controls are omitted, since ``name.visible`` removes them, and so are rarer brackets.
"""

import re
import unicodedata
from itertools import groupby

_LETTERS = {"L": "L", "R": "R", "AL": "A", "EN": "E", "AN": "N", "ES": "S", "ET": "T", "CS": "C"}
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def levels(clusters: list[str]) -> list[int]:
    """Return the embedding level of each cluster: even is left-to-right, odd right-to-left."""
    # One class per cluster, by its first character, so that marks follow their base (W1); O is neutral.
    classes = "".join(_LETTERS.get(unicodedata.bidirectional(cluster[0]), "O") for cluster in clusters)
    first = re.search("[LRA]", classes)
    base = "R" if first and first[0] in "RA" else "L"
    # The text before and after the line counts as having the line's direction.
    resolved = _neutral(_brackets(_weak(f"{base}{classes}{base}"), clusters, base), base)[1:-1]
    if base == "L":
        return [{"L": 0, "R": 1}.get(c, 2) for c in resolved]
    return [1 if c == "R" else 2 for c in resolved]


def order(levels: list[int]) -> list[int]:
    """Return the indexes of the parts with these levels in visual order (L2)."""
    indexes = list(range(len(levels)))
    for least in range(max(levels, default=0), 0, -1):
        turned: list[int] = []
        for turns, part in groupby(indexes, [level >= least for level in levels].__getitem__):
            turned += list(part)[:: -1 if turns else 1]
        indexes = turned
    return indexes


def _weak(classes: str) -> str:
    """Resolve numbers and their separators from their surroundings (W2 to W7)."""
    classes = re.sub("A[^LR]*", lambda m: m[0].replace("E", "N"), classes).replace("A", "R")
    classes = re.sub("(?<=E)[SC](?=E)", "E", classes)
    classes = re.sub("(?<=N)C(?=N)", "N", classes)
    classes = re.sub("T+(?=E)|(?<=E)T+", lambda m: "E" * len(m[0]), classes)
    classes = re.sub("[STC]", "O", classes)
    return re.sub("L[^R]*", lambda m: m[0].replace("E", "L"), classes)


def _brackets(classes: str, clusters: list[str], base: str) -> str:
    """Give both brackets of a pair the same direction (N0)."""
    opened: list[int] = []
    pairs = []
    for i, cluster in enumerate(clusters, 1):
        if classes[i] != "O":
            continue
        if cluster in _BRACKETS.values():
            opened.append(i)
        elif cluster in _BRACKETS and any(clusters[start - 1] == _BRACKETS[cluster] for start in opened):
            while clusters[(start := opened.pop()) - 1] != _BRACKETS[cluster]:
                pass
            pairs.append((start, i))
    for start, end in sorted(pairs):
        inside = set(_strong(classes[start + 1 : end]))
        if not inside:
            continue
        before = _strong(classes[:start])[-1]
        side = base if base in inside else before if before in inside else base
        classes = f"{classes[:start]}{side}{classes[start + 1 : end]}{side}{classes[end + 1 :]}"
    return classes


def _strong(classes: str) -> str:
    return re.sub("[EN]", "R", classes).replace("O", "")


def _neutral(classes: str, base: str) -> str:
    """Give neutral characters the direction of both sides where these agree, or else the line's (N1, N2)."""

    def resolve(neutral: re.Match[str]) -> str:
        before, after = (("L" if c == "L" else "R") for c in (neutral[1], neutral[2]))
        return (before if before == after else base) * len(neutral[0])

    return re.sub("(?<=(.))O+(?=(.))", resolve, classes)
