"""Words that lead in to a reminder and add nothing to it: *please remind me to*, *set a reminder for*."""

import re

from bot.domain.courtesy import PLEASE

# What may follow such words; otherwise they begin a text.
_ASKS = (
    rf"(?:{PLEASE}|can|could|will|would|remind|set|tomorrow|tmrw|tonight|every|in (?:\d|an? |half )|at \d"
    r"|\d+ ?(?:min|h|m)\b)"
)
# How a time begins that stands right behind such words.
_TIME = (
    r"(?:(?:in|at|on|for|@) ?(?:\d|an? |half |the \d)|\d{1,2}(?::\d\d)? ?[ap]m\b"
    r"|tomorrow|tmrw|today|tonight|every |next )"
)
_ASKED = re.compile(
    r"\A(?:(?:(?:hey|hi|hello|yo)(?: there| bot| siri| google)?"
    r"|ok(?:ay)?|oh|lol|omg|so|and|also|btw|bro|dude|well|um)"
    r"[ ,!]+){0,3}"
    rf"(?:(?<=[ ,!])(?={_ASKS})|(?<![\s\S]))"
    rf"(?:(?:{PLEASE}(?:\s+{PLEASE})?|(?:can|could|will|would)\s+(?:you|u|ya)(?=(?:\s+{PLEASE})?\s+(?:remind|dm|pm)\s+me\b)"
    rf"(?:\s+{PLEASE})?)\s+)?"
    r"(?:(?:set|create|add|make|new)\s+(?:me\s+)?(?:an?\s+|new\s+)*reminder(?![^\s,:])[,:]?\s*(?:(?:for|at)\s+)?"
    rf"|reminder(?::|(?= (?:to |{_TIME})))\s+|remind\s+(?=in |at |\d|tomorrow|every ))?"
    r"(?:(?P<me>(?:(?:remind|remember|dm|pm)\s*)?me|myself)(?![^\s,:])[,:]?\s*)?"
    rf"(?:{PLEASE},?\s+(?=to |{_TIME}))?(?:(?:just\s+|only\s+)?once,?\s+(?={_TIME}))?"
    r"(?:only\s+(?=on (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekday|weekend)s\b))?"
    r"(?:(?:to|that|about|(?<=\bme )of)\s+)?",
    re.IGNORECASE,
)


def asked_of_me(text: str) -> tuple[bool, str]:
    """Return whether a sentence asks to remind *me*, and the sentence without *remind me to*."""
    match = _ASKED.match(text)
    return bool(match and match["me"]), text[match.end() :] if match else text
