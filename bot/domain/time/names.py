"""Names of weekdays and months as people write them, as patterns, and where a word of time ends."""

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
