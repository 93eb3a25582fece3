"""Names of weekdays, months and ordinal numbers as people write them, and where a word of time ends."""

# Not within a word, nor before an apostrophe (*tomorrow's*), a compound (*sun-dried*) or a domain (*monday.com*).
END = r"(?![\w']|-[a-z]|\.(?:com|org|net|io|js|ts|py|fm|tv|ai|app|dev)\b)"
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS = tuple(month[:3] for month in FULL_MONTHS)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Ordinals in letters: first, twenty-second, last.
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
