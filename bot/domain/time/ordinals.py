"""Ordinal numbers in letters: ``first``, ``twenty-second``, ``last``."""

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "last": -1,
}  # fmt: skip
ORDINAL_WORDS = "|".join(ORDINALS)
UP_TO_TENTH = ORDINAL_WORDS.removesuffix("|last")
_LATER = {
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_LATER |= {f"twenty {word}": 20 + number for word, number in list(ORDINALS.items())[:9]} | {"thirty first": 31}
LATER_WORDS = "|".join(_LATER).replace(" ", "[ -]")


def ordinal(word: str) -> int:
    """Return the number of an ordinal; -1 is the last."""
    return ORDINALS.get(word) or _LATER[word.replace("-", " ")]
