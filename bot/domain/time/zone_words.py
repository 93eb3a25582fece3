"""Time zones behind a time of day: ``5pm Berlin``, ``17:00 UTC+2``, ``9pm IST``."""

import functools
import re
from zoneinfo import ZoneInfo

from bot.domain.time import abbreviation, zone_in_text
from bot.domain.time.tokens import Filler, InZone, Vague

_WORDS = re.compile(
    r" ?(?P<words>[^\W\d_]+(?:/[^\W\d][\w/]*)?(?: ?[+\u2212\u2013-]\d{1,2}(?::?\d{2})?)?(?: [^\W\d_]+){0,3}"
    r"|[+-]\d{2}:?\d{2})(?![\w'])"
)
_OWN = re.compile(
    r" ?(?:my|local|our)(?: local)? time(?![\w']| (?:to|is|for|of|with)\b)"
    r"| ?sharp(?! (?:chedd[ae]r|cheese|kni(?:fe|ves)|scissors|pencils?|objects?|turns?|tools?|pains?)\b)(?![\w'-])"
    r"| ?exactly(?=[ ,.:!?)]*$|[,:)])| ?on the (?:dot|nose)(?![\w'-])",
    re.IGNORECASE,
)
# Central Station and Mountain View are none.
_COAST = re.compile(r" ?(?P<name>Eastern|Pacific)(?! time| [A-Z])(?![\w'])")
# What may be one too: Central Europe and mountain bikes are none. In capitals nobody can tell.
_INLAND = re.compile(
    r"(?P<name>(?:Central|Mountain)(?! time| [A-Z])|EASTERN|PACIFIC|CENTRAL|MOUNTAIN)(?! TIME)(?![\w'])"
)
_OTHER = re.compile(
    r" ?(?:server|their|his|her|your|discord|\w{1,32}'s) time(?![\w']| (?:to|is|for|of|with)\b)", re.IGNORECASE
)
# What looks like a zone, though there is none of that name: UTC+15, Asia/Nowhere, XYZ time.
_UNKNOWN = re.compile(
    r" ?(?:(?:UTC|GMT) ?[+\u2212-]\d{1,2}(?::?\d{2})?|(?:Africa|America|Asia|Australia|Europe|Pacific)/\w{2,20}"
    r"|[A-Z]{3,5} time|[A-Z][a-z]{2,15} time(?= (?!(?:to|with|for|is|at|in|on|and|off|out|of|the)\b)[a-z]))"
    r"(?![\w'/])"
)
# Between commas: 9am, London time, call.
_APART = re.compile(r", (?P<words>[^\W\d_]+(?: [^\W\d_]+)? time|[A-Z]{3,5}|(?:UTC|GMT) ?[+-]\d{1,2})(?=[,;:.]| ?$)")
_IN_FRONT = re.compile(
    r"(?P<words>(?:UTC|GMT)(?: ?[+\u2212-]\d{1,2}(?::?\d{2})?)?|(?:[^\W\d_]+ ){1,2}time)"
    r"(?= (?:at )?\d{1,2}(?::\d\d(?!\d)| ?[ap]\.?m\b))",
    re.IGNORECASE,
)
# What may lead to the place of a zone.
_LED = re.compile(r" ?,? ?(?:in (?:the )?|at )?(?=[A-Za-z+-])")
_LONGEST, _MOST_WORDS = 60, 3
# Two letters are too few to be told from other words.
_SHORT = 2
_SHORTER = re.compile(r"(?s)(.*\S)\s+\S+")
# Those that are words and names of things too in small letters: a session with a PT.
_COUNTRY_WIDE = frozenset({"et", "ct", "mt", "pt"})
# Those that people write in small letters too, though most abbreviations are words then.
_SMALL = frozenset({
    "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "bst", "jst", "kst", "aest", "aedt",
    "gmt", "utc", "eet", "eest", "msk",
})  # fmt: skip


def read(text: str, at: int) -> tuple[InZone | Filler | Vague, int] | None:
    """Return the zones that may be named at a place of a text, behind a time of day, and the end of their name.

    *My time* and *sharp* add nothing; what *their time* is, nobody knows.
    """
    if own := _OWN.match(text, at):
        return Filler(), own.end()
    if other := _OTHER.match(text, at):
        return Vague("other zone"), other.end()
    if coast := _COAST.match(text, at):
        return InZone(_within(f"{coast['name']} time")), coast.end()
    if apart := _APART.match(text, at):
        zones = unmistakable(apart["words"])
        return (InZone(zones), apart.end()) if zones else None
    match = _WORDS.match(text, at)
    words = match["words"] if match else ""
    start = match.start("words") if match else at
    while words:
        if zones := _within(words):
            return InZone(zones), start + len(words)
        shorter = _SHORTER.fullmatch(words)
        words = shorter[1] if shorter else ""
    unknown = _UNKNOWN.match(text, at)
    return (Vague("other zone"), unknown.end()) if unknown else None


def leading(text: str, at: int) -> tuple[InZone, int] | None:
    """Return the zone in front of a time of day, and the end of its name: *UTC 14:00*, *Tokyo time 9am*."""
    match = _IN_FRONT.match(text, at)
    words = match["words"] if match else ""
    zones = _within(words.casefold() if words.endswith("time") else words)  # bath time
    return (InZone(zones), match.end()) if match and zones else None


def perhaps(text: str, at: int) -> tuple[InZone, int] | None:
    """Return the zones that may be named a little further on, and the end of their name: *JFK*, *in Boston*."""
    led = _LED.match(text, at)
    words = text[led.end() : led.end() + _LONGEST].split(" ")[:_MOST_WORDS] if led else []
    if led and (inland := _INLAND.match(text, led.end())):
        return InZone(_within(f"{inland['name'].title()} time")), inland.end()
    if led and words[0] in _COUNTRY_WIDE:
        return InZone(_within(words[0].upper())), led.end() + len(words[0])
    if led and not text.isupper():
        named = read(text, led.end())
        if named and isinstance(named[0], InZone) and named[0].zones:
            return named[0], named[1]
        for size in range(len(words), 0, -1):
            name = " ".join(words[:size])
            if zones := zone_in_text.possible(name.rstrip(",.:;")):
                return InZone(tuple(zones)), led.end() + len(name)
    return None


def unmistakable(words: str) -> tuple[ZoneInfo, ...]:
    """Return the zones of words that can hardly be anything else, wherever they stand: *UTC+2*, *NYC time*."""
    is_said = words.casefold().endswith(" time") and words.count(" ") < _MOST_WORDS
    is_short = " " not in words and len(words) > _SHORT and bool(abbreviation.zones(words)) and words.isupper()
    return _within(words) if is_said or is_short else ()


@functools.lru_cache(maxsize=1000)
def _within(words: str) -> tuple[ZoneInfo, ...]:
    first, _, rest = words.partition(" ")
    if first in _SMALL:
        words = f"{first.upper()} {rest}".strip()
    return tuple(zone_in_text.certain(f"UTC{words}" if words[:1] in "+-" else words))
