"""Words about the time of day: ``17:45``, ``5 pm``, ``half past 5``, ``noon``, ``in the morning``, ``9 to 17``."""

import re
from collections.abc import Sequence

from bot.domain.time.amounts import WORDS
from bot.domain.time.names import END, MONTH, WEEKDAY
from bot.domain.time.tokens import NOW, ClockTime, DayPart, Reader, Vague, Value, Window

_HOURS = dict(list(WORDS.items())[:12])
_HOUR_WORD = "|".join(sorted(_HOURS, key=len, reverse=True))
_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30, "thirty": 30}
_MINUTES |= {"fifteen": 15, "forty-five": 45, "forty": 40, "fifty": 50}
_MINUTE_WORD = "|".join(sorted(_MINUTES, key=len, reverse=True))
_AT = r"(?:(?:exactly )?at (?:exactly )?|at(?=\d)|@ ?|exactly )?"
_HALF = r" ?(?P<half>[ap])\.? ?m\b\.?(?: o'? ?clock(?!\w))?"
_CLOCK = re.compile(
    rf"{_AT}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?)?(?:{_HALF}|(?P<letter>[ap]){END})"
    rf"(?![\w'])"
    rf"|(?:\A|at )(?P<spaced>\d{{1,2}}) (?P<past>[0-5]\d) ?(?P<of>[ap])\.? ?m\b\.?(?![\w'])"
    rf"|{_AT}(?P<digits>(?:1[0-2]|[1-9])[0-5]\d) ?(?P<am>[ap])\.?m\b\.?(?![\w'])"
    rf"|{_AT}(?P<h24>\d{{1,2}}):(?P<m24>\d{{2}})(?::(?P<s24>\d{{2}})(?:\.\d{{1,9}})?)?"
    rf"(?:h(?!\w)|(?<=\d\d:\d\d)(?: ?(?:hrs|hours)(?!\w)| h(?=[ ,.!?)]|\Z))| ?(?:o'? ?clock|uhr))?(?!\d|:\S|[a-y_])"
)
_ISH = re.compile(
    rf"{_AT}(?P<hour>\d{{1,2}})(?:[:.]?(?P<minute>\d{{2}}))?(?: ?(?P<half>[ap]m))?[- ]?ish"
    rf"(?: (?P<behind>[ap]m))?{END}"
    rf"|{_AT}(?P<name>noon|midday|midnight)[- ]?ish{END}"
)
_TONIGHT = "(?:12 )?(?:midnight|12 ?am)"
_NAMED = re.compile(
    rf"(?:{_AT}{_TONIGHT} toni(?:ght|te)|toni(?:ght|te) {_AT}{_TONIGHT}){END}"
    rf"|{_AT}(?:12 )?(?P<name>noon|midday|midnight){END}"
)
_OCLOCK = re.compile(
    rf"{_AT}(?P<hour>\d{{1,2}}|{_HOUR_WORD})(?:[.](?P<minute>[0-5]\d))?"
    rf" ?(?:o'? ?clock|(?P<uhr>uhr))(?:{_HALF})?{END}"
)
_WORD_HALF = re.compile(rf"{_AT}(?P<hour>{_HOUR_WORD})(?: (?P<minute>{_MINUTE_WORD}))?{_HALF}{END}")
_PAST = re.compile(
    rf"{_AT}(?:an? )?(?P<minute>\d{{1,2}}|{_MINUTE_WORD})(?P<unit> min(?:ute)?s?)? (?P<way>past|to|after) "
    rf"(?P<hour>\d{{1,2}}|{_HOUR_WORD}|noon|midnight)(?:{_HALF})?{END}"
)
_AT_HOUR = re.compile(
    rf"(?:at |@ ?)(?P<hour>\d{{1,2}}|{_HOUR_WORD})(?:[. :h](?P<minute>[0-5]\d)"
    rf"|[ -](?P<word>{_MINUTE_WORD}))?{END}(?![.,:]\d|%)"
)
_AT_FOUR = re.compile(
    rf"(?:at |@ ?)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?: ?h(?:ou)?rs\.?)?{END}(?![-.,:/]\d)"
)
_LOOSE = re.compile(
    rf"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)"
    rf"(?:(?P<sure>h| ?(?:hours|hrs)\.?)?{END}|(?P<zulu>(?=z(?![\w']))))(?![.,:/]\d|%)"
    rf"|\A(?P<led>1[0-2]|[1-9])(?= on (?:the )?{WEEKDAY}{END})"
    rf"|(?P<bare>\d{{1,2}})(?:\.(?P<dotted>[0-5]\d)(?!,? \d{{1,2}}:\d\d))?{END}(?![.,:/]\d|%|[$€£])"
)
# Numbers that are times only before a part of the day: eight thirty tonight, at 730 in the evening.
_BEFORE_PART = re.compile(
    rf"(?P<at>{_AT})(?:(?P<word>{_HOUR_WORD})(?:[ -](?P<minute_word>{_MINUTE_WORD}))?"
    r"|(?P<hour>[1-9])(?P<minute>[0-5]\d))"
    rf"(?= (?:tonight|(?:this|in the|tomorrow) (?:morning|afternoon|evening)|at night){END})"
)
_HOUR_H = re.compile(rf"{_AT}(?P<hour>\d{{1,2}})h(?P<minute>[0-5]\d)?{END}")
# The afternoon's hours, before their day; else it is a length.
_HOUR_H_BEFORE = re.compile(
    rf"(?P<hour>1[3-9]|2[0-3])h(?P<minute>[0-5]\d)?(?=,? (?:on )?(?:today|tomorrow|tmrw?|{WEEKDAY}){END})"
)
_AT_HOUR_H = re.compile(rf"(?=at |@){_HOUR_H.pattern}")
_SHORT_PARTS = {
    "morn": "morning", "mornin": "morning", "mrng": "morning", "arvo": "afternoon", "aft": "afternoon",
    "evng": "evening", "eve": "evening", "nite": "night",
}  # fmt: skip
_PART = re.compile(
    r"(?:(?:in|at|on|during) the |at |(?P<this>this )"
    rf"|the (?=\w+ (?:of|before|after) (?:the )?(?:\d|tom|christmas|new year|{WEEKDAY}{END}|{MONTH}{END})))?"
    rf"(?P<part>morning|afternoon|evening|night|{'|'.join(_SHORT_PARTS)})(?P<many>s)?{END}"
    rf"|(?P<tonight>tonight|tonite|2nite){END}"
    rf"|(?P<first>first thing)(?=\s*$| (?:on (?:the )?(?:\d|{WEEKDAY})|this |next "
    rf"|in the morning|today|tom|tmr|{WEEKDAY}))"
    rf"|(?P<now>(?:at )?(?:the )?(?:same|this) time)(?= (?:on |in |next |tom|tmr|{WEEKDAY}))"
)


def _edge_pattern(edge: int) -> str:
    """Return the pattern of the first or the last time of a window, its groups numbered."""
    return (
        rf"(?:(?P<h{edge}>\d{{1,2}})(?:[:.](?P<m{edge}>\d{{2}}))?(?: ?(?P<a{edge}>[ap])(?:\.?m\b\.?|{END}))?"
        rf"|(?P<n{edge}>noon|midnight|midday))"
    )


_WINDOW = re.compile(
    rf"(?:(?P<lead>from |between |(?:starting|beginning) (?:at |from )?)(?:at )?)?{_edge_pattern(1)}"
    rf"(?: ?(?P<dash>-) ?| (?P<to>to|until|till|and|through) )(?:at )?{_edge_pattern(2)}{END}(?![.,:/]\d|%|-\d)"
    rf"(?!\.? ?(?:of )?{MONTH}{END})"
)
_FIRST_THING = re.compile(rf"first thing{END}")
_SAME_TIME = re.compile(rf"(?:at (?:the same|this)|same) time{END}")
_NOON = ClockTime(12)
_MIDNIGHT = ClockTime(0, is_midnight=True)


def behind_day(text: str, at: int) -> tuple[Value, int] | None:
    """Return a time of day that would be something else anywhere but behind a day: *tomorrow 8h*."""
    if match := _HOUR_H.match(text, at):
        return _hour_h(match), match.end()
    if match := _FIRST_THING.match(text, at):
        return DayPart("morning"), match.end()
    match = _SAME_TIME.match(text, at)
    return (DayPart(NOW), match.end()) if match else None


def _clock(match: re.Match[str]) -> Value:
    if match["h24"]:
        return ClockTime(int(match["h24"]), int(match["m24"]), int(match["s24"] or 0))
    if match["spaced"]:  # 10 30 am
        return ClockTime(int(match["spaced"]), int(match["past"]), half=match["of"])
    if digits := match["digits"]:  # 230pm
        return ClockTime(int(digits[:-2]), int(digits[-2:]), half=match["am"])
    half = match["half"] or match["letter"]
    return ClockTime(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0), half)


def _ish(match: re.Match[str]) -> Value:
    if name := match["name"]:
        return Vague("ish 12am" if name == "midnight" else "ish 12pm")
    minute = f":{match['minute']}" if match["minute"] else ""
    return Vague(f"ish {match['hour']}{minute}{match['half'] or match['behind'] or ''}")


def _named(match: re.Match[str]) -> Value:
    return _NOON if match["name"] in {"noon", "midday"} else _MIDNIGHT


def _oclock(match: re.Match[str]) -> Value:
    groups = match.groupdict()
    minute = match["minute"] or ""
    minute = int(minute) if minute.isdigit() else _MINUTES.get(minute, 0)
    is_twelve = not (match["half"] or groups.get("uhr"))  # which Germans write of 24
    return ClockTime(_hour(match["hour"]), minute, half=match["half"] or "", is_twelve=is_twelve)


def _past(match: re.Match[str]) -> Value | None:
    minute = _MINUTES.get(match["minute"]) or int(match["minute"])
    # "9 to 5" is from one hour to another; "9 minutes to 5" and "10 to 5" are a time of day.
    if not 0 < minute < 60 or (match["minute"].isdigit() and minute % 5 and not match["unit"]):
        return None
    name, half = match["hour"], match["half"] or ""
    hour = {"noon": 12, "midnight": 0}.get(name)
    is_twelve = hour is None and not half
    hour = _hour(name) if hour is None else hour
    if match["way"] == "to":
        # Quarter to 1 pm is 12:45 pm, and quarter to 12 pm is 11:45 am.
        if half and hour == 12:
            half = "a" if half == "p" else "p"
        hour, minute = (hour - 1) % (12 if hour <= 12 and name not in {"noon", "midnight"} else 24), 60 - minute
        if half or is_twelve:
            hour = hour or 12
    return ClockTime(hour, minute, half=half, is_twelve=is_twelve and 1 <= hour <= 12)


def _at_hour(match: re.Match[str]) -> Value:
    minute = int(match["minute"] or 0) or _MINUTES.get(match["word"] or "", 0)
    return ClockTime(
        _hour(match["hour"]), minute, is_twelve=not (match["minute"] and match["hour"].startswith("0"))
    )


def _hour_h(match: re.Match[str]) -> Value:
    return ClockTime(int(match["hour"]), int(match["minute"] or 0))


def _loose(match: re.Match[str]) -> Value:
    if match["bare"]:
        is_24 = bool(match["dotted"]) and match["bare"].startswith("0")
        return ClockTime(int(match["bare"]), int(match["dotted"] or 0), is_twelve=not is_24, is_loose=True)
    if match["led"]:  # 7 on monday
        return ClockTime(int(match["led"]), is_twelve=True)
    return ClockTime(int(match["hour"]), int(match["minute"]), is_loose=match["sure"] is match["zulu"] is None)


def _before_part(match: re.Match[str]) -> Value:
    minute = int(match["minute"] or 0) or _MINUTES.get(match["minute_word"] or "", 0)
    hour = _hour(match["word"] or match["hour"])
    return ClockTime(hour, minute, is_twelve=True, is_loose=not match["at"])


def _part(match: re.Match[str]) -> Value:
    if match["tonight"]:
        return DayPart("night", is_today=True)
    if match["first"] or match["now"]:
        return DayPart("morning" if match["first"] else NOW)
    is_bare = match[0].startswith(match["part"])
    return DayPart(
        _SHORT_PARTS.get(match["part"], match["part"]),
        is_today=bool(match["this"]),
        is_plural=bool(match["many"]),
        is_bare=is_bare,
    )


def _window(match: re.Match[str]) -> Value | None:
    lead, to = (match["lead"] or "").strip(), match["to"]
    if (lead == "between") != (to == "and") and not match["dash"]:
        return None
    start, end = _edge(match, "1"), _edge(match, "2")
    # "10 to 5" is a time of day, and "9 to 5" is from one to another.
    if not lead and not match["dash"] and start.is_twelve and start.hour % 5 == 0:
        return None
    if start.is_twelve and end.half:
        # "9-11am" has one half for both, unless that turns them around: "11-2pm".
        shared = ClockTime(start.hour, start.minute, half=end.half)
        start = (
            shared
            if shared.hour % 12 < end.hour % 12 or end.half == "a"
            else ClockTime(start.hour, start.minute, half="a")
        )
    return Window(start, end)


def _edge(match: re.Match[str], edge: str) -> ClockTime:
    if name := match[f"n{edge}"]:
        return ClockTime(0) if name == "midnight" else _NOON
    half, minute = match[f"a{edge}"] or "", match[f"m{edge}"]
    return ClockTime(int(match[f"h{edge}"]), int(minute or 0), half=half, is_twelve=not half and not minute)


def _hour(text: str) -> int:
    return _HOURS.get(text) or int(text) if text else 0


READERS: Sequence[Reader] = (
    (_CLOCK, _clock),
    (_NAMED, _named),
    (_ISH, _ish),
    (_OCLOCK, _oclock),
    (_WORD_HALF, _oclock),
    (_PAST, _past),
    (_AT_FOUR, lambda match: ClockTime(int(match["hour"]), int(match["minute"]))),
    (_AT_HOUR, _at_hour),
    (_LOOSE, _loose),
    (_BEFORE_PART, _before_part),
    (_PART, _part),
    (_WINDOW, _window),
    (_AT_HOUR_H, _hour_h),
    (_HOUR_H_BEFORE, _hour_h),
)
