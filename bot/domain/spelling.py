"""Spelling: the known name that somebody may have meant by an unknown one."""

import heapq
import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

# Longer texts are not misspelt names.
LONGEST = 40
# The least similarity of a match, and how many candidates are compared in full, which is slow: those with the most
# letters in common.
_LIKENESS, _COMPARED = 0.6, 3
# The fewest letters of words that are more than a slip apart, by how many, and how alike they are.
_SHORTEST_NEAR, _MOST_APART, _NEAR = 5, 3, 0.85
_VOWELS = re.compile("[aeiouy]")
# Words that are one slip from a word about time, and the fewest letters of others that are.
_OTHER_WORDS = frozenset(
    {
        "ever",
        "minuet",
        "minuets",
        "moth",
        "moths",
        "mouth",
        "mouths",
        "mourning",
        "sundae",
        "sundaes",
        "sundry",
        "toady",
    }
    | {"very", "weeds", "weeps", "yearn", "yearns"}
)
_LONG = 5


def is_slip(wrong: str, right: str) -> bool:
    """Return whether a word differs by one slip: a letter too many, too few or wrong, or two neighbours swapped."""
    if len(wrong) > LONGEST:
        return False
    wrong, right = wrong.casefold(), right.casefold()
    if wrong == right or abs(len(wrong) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(wrong), len(right)) and wrong[same] == right[same]:
        same += 1
    wrong, right = wrong[same:], right[same:]
    is_swapped = len(wrong) > 1 and wrong[:2] == right[:2][::-1] and wrong[2:] == right[2:]
    return is_swapped or wrong[1:] == right[1:] or wrong[1:] == right or wrong == right[1:]


def is_surely(wrong: str, right: str, least: int = _LONG) -> bool:
    """Return whether a misspelt word about time can hardly be another: *mintues*, *hourz*, but not *minuets*."""
    wrong = wrong.casefold()
    is_other = wrong in _OTHER_WORDS or wrong[:1] != right[:1]
    return not is_other and is_slip(wrong, right) and (len(wrong) >= least or sorted(wrong) == sorted(right))


def is_form(word: str, verb: str) -> bool:
    """Return whether a word is a verb in another form: *stopped*, *pausing*, *ends*."""
    stems = {verb, verb.removesuffix("e"), verb + verb[-1:]}
    return word != verb and word in {f"{verb}s", *(stem + ending for stem in stems for ending in ("ed", "ing"))}


def has_no_vowel(word: str) -> bool:
    """Return whether it can hardly be a word: *lst*, *hlp*."""
    return len(word) > 2 and not _VOWELS.search(word.casefold())


def has_same_consonants(wrong: str, right: str) -> bool:
    """Return whether words differ in nothing but their vowels: *minits*, *hrous*."""
    return wrong != right and _VOWELS.sub("", wrong) == _VOWELS.sub("", right)


def is_near(wrong: str, right: str) -> bool:
    """Return whether a word differs from another by a slip, its vowels (*tmrrw*) or a few letters (*wensday*)."""
    wrong = wrong.casefold()
    if is_slip(wrong, right):
        return True
    if min(len(wrong), len(right)) < _SHORTEST_NEAR or abs(len(wrong) - len(right)) > _MOST_APART:
        return False
    if has_no_vowel(wrong):
        return has_same_consonants(wrong, right)
    return wrong != right and wrong[0] == right[0] and SequenceMatcher(a=wrong, b=right).ratio() >= _NEAR


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to a wrong one; None if none is close enough."""
    if len(wrong) > LONGEST:
        return None
    wrong = wrong.casefold()
    letters = Counter(wrong)
    names = {name.casefold(): name for name in known if len(name) <= LONGEST}
    in_common = ((sum(min(name.count(c), n) for c, n in letters.items()), name) for name in names)
    alike = ((2 * count / (len(wrong) + len(name) or 1), name) for count, name in in_common)
    matcher = SequenceMatcher(b=wrong)
    near = []
    for _, name in heapq.nlargest(_COMPARED, (pair for pair in alike if pair[0] >= _LIKENESS)):
        matcher.set_seq1(name)
        near.append((matcher.ratio(), name))
    likeness, name = max(near, default=(0.0, ""))
    return names[name] if likeness >= _LIKENESS else None
