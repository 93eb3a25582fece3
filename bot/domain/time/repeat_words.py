"""Words about how often, from when and until when, or that leave it open: ``every other``, ``until``, ``soon``."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.domain.time import amounts
from bot.domain.time.amounts import IN_LETTERS, WORDS, Amount, Length
from bot.domain.time.names import END, FULL_MONTHS, MONTH, WEEKDAY
from bot.domain.time.ordinals import ORDINALS
from bot.domain.time.recurrence import Unit
from bot.domain.time.tokens import Every, Filler, FromNow, Joiner, Marker, Often, Times, Vague, Value

_UNITS = {"minute": (Unit.MINUTE, 1), "hour": (Unit.MINUTE, 60), "day": (Unit.DAY, 1), "week": (Unit.WEEK, 1)}
_UNITS |= {
    "month": (Unit.MONTH, 1),
    "year": (Unit.MONTH, 12),
    "fortnight": (Unit.WEEK, 2),
    "quarter": (Unit.MONTH, 3),
}
_ADVERBS = {
    "hourly": (Unit.MINUTE, 60), "daily": (Unit.DAY, 1), "nightly": (Unit.DAY, 1), "weekly": (Unit.WEEK, 1),
    "fortnightly": (Unit.WEEK, 2),
    "monthly": (Unit.MONTH, 1), "quarterly": (Unit.MONTH, 3), "yearly": (Unit.MONTH, 12),
    "annually": (Unit.MONTH, 12),
}  # fmt: skip
_ORDINAL = rf"other|alternate|{'|'.join(list(ORDINALS)[1:10])}|\d{{1,3}}(?:st|nd|rd|th)"
_EVERY_UNIT = re.compile(
    rf"(?:(?:every|each) (?:single )?|once (?:a|per|every) )(?:(?P<ordinal>{_ORDINAL}) )?(?P<unit>minute|hour"
    rf"|day|week|month|year|fortnight|quarter){END}(?! of | days?{END})"
)
_EVERY = re.compile(
    rf"(?:every|each|all(?= (?:{WEEKDAY}|week-?end|(?:week|work(?:ing)?|business) ?day)s{END}))"
    rf"(?: (?P<ordinal>{_ORDINAL})(?= (?:{WEEKDAY}|week-?end)s?{END}(?! (?:of|in) )))?{END}"
)
_ALTERNATE = re.compile(
    rf"(?:on )?alternate(?: (?P<unit>day|week|month)s{END}|(?= (?:{WEEKDAY}|week-?end)s?{END}))"
)
_WEEK_DAY = re.compile(rf"week days?{END}")
_EVERY_SO_MANY = re.compile(rf"(?:every|each) (?P<weeks>\d{{1,2}}|{IN_LETTERS})(?= {WEEKDAY}s{END})")
_EVERY_OTHER_PART = re.compile(rf"(?:every|each) (?:other|second|2nd)(?= (?:morning|afternoon|evening|night){END})")
_SECOND_OF = re.compile(rf" second (?:day|week|month)s?{END}")
_EVERYDAY = re.compile(rf"(?:everyday|all days){END}")
_ADVERB = re.compile(rf"(?P<adverb>{'|'.join(_ADVERBS)}){END}")
_TWICE = re.compile(
    rf"(?P<often>twice|thrice|(?P<number>\d{{1,2}}|{IN_LETTERS}) ?(?:times?|x)) "
    rf"(?:(?:a|per|each|every) (?P<unit>day|week|month)|(?P<adverb>daily|weekly|monthly)){END}"
)
_TIMES = re.compile(
    rf"(?:for )?(?P<number>\d{{1,9}}|{IN_LETTERS}) ?(?:times?|x){END}|(?:for )?(?P<word>once|twice){END}"
    r"(?! (?:again|more|upon|the|i|i'm|we|you|it|he|she|they|my|our|all|every(?:one|body|thing))(?!\w))"
)
_LEAD = re.compile(r"(?P<sure>(?:in|after) +)?(?:another )?")
# A week's time, two weeks' time, in 3 days time; but not: in 10 minutes time the eggs.
_BEHIND = re.compile(
    r"(?: (?P<way>from now|from today|ago|later)|(?P<time>'s? time)"
    r"|(?<=ys|rs|es|ks|hs) (?P<bare>time)(?! (?:the|my|your|our|a|an|it)\b))(?!\w)"
)
_ONE_BESIDE = re.compile(r"(?:(?:the )?(?P<d>day)|(?P<w>week)) (?=(?:after|before) (?!next|last))")
_FEW = re.compile(rf"(?:in )?(?:a )?(?:few|several|some) (?P<unit>minutes|mins|hours|days|weeks){END}")
_BARE_IN = re.compile(rf"in (?P<number>\d{{1,3}}|{IN_LETTERS}){END}(?![.,:/]\d|%)")
_RANGE_IN = re.compile(
    rf"in (?:a |an )?(?P<low>\d{{1,3}}|{IN_LETTERS})(?: ?- ?| to | or )(?P<high>\d{{1,3}}|{IN_LETTERS}) "
    rf"?(?P<unit>h|m|d|w|hours|hrs|minutes|mins?|days|weeks){END}"
)
_ONE_OR_TWO = re.compile(rf"in (?:an?|one) (?P<unit>minute|hour|day|week) or (?:two|2){END}")
_CLOCK_IN = re.compile(rf"in (?P<hours>\d{{1,2}}):(?P<minutes>[0-5]\d)(?P<unit> ?h(?:(?:ou)?rs?)?)?{END}(?!:)")
_NEXT_ONE = re.compile(rf"(?<=for the next )(?P<unit>hour|day|week|month|year){END}")
_LETTERS = {"hour": "h", "day": "d", "week": "w", "month": "mo", "year": "y"}
# The afternoon's hours as the French and Germans write them, or a length.
_CLOCK_H = re.compile(rf"(?P<hours>1[3-9]|2[0-3])h(?P<minutes>[0-5]\d){END}(?![.,:]\d)")
_WEEK_LATER = re.compile(rf"(?P<week>week|fortnight){END}(?! ?\d{{1,2}}(?![:.\d]| ?[ap]\.?m))")
_TWO_FROM_NOW = re.compile(rf"(?:2|two) (?P<weekday>{WEEKDAY})s from (?:now|today){END}")
_EARLY = r"(?:very )?early|late|some ?time"
_EARLY_DAY = re.compile(
    rf"(?:{_EARLY})(?= (?:on )?(?:this |in the )?"
    rf"(?:tomorrow|tmrw?|today|tonight|{WEEKDAY}|morning|afternoon|evening){END})"
)
_LATE = re.compile(rf"(?:at )?(?:{_EARLY}|(?:lunch|dinner|bed) ?time){END}")
_PAST_HOUR = re.compile(
    rf"(?:at )?(?:a )?(?P<past>quarter|half) past(?! (?:\d|{IN_LETTERS}|noon|mid|an? ))(?: the hour{END})?"
    rf"|at (?:a )?(?P<to>quarter) to(?! (?:\d|{IN_LETTERS}|noon|mid|an? ))(?: the hour{END})?"
    rf"|(?:(?P<full>on the hour|at the top of the hour)|(?P<half>on the half[ -]hour)|at :(?P<minute>[0-5]\d)){END}"
)
_VAGUE = {
    "soon": r"soon|later(?: on)?|in a (?:bit|while|moment|sec)|shortly|asap|sometime(?: soon)?|at some point",
    "biweekly": r"bi-?weekly",
    "bimonthly": r"bi-?monthly",
    "this week": r"this week",
    "this month": r"this month",
    "this year": r"this year",
    "next week": r"(?:in )?(?:the )?next week",
    "next month": r"(?:in )?(?:the )?next month",
    "next year": r"(?:in )?(?:the )?next year",
    "weekend": r"(?:this|on the|at the|the|coming) week-?end",
    "next weekend": r"(?:the )?next week-?end",
    "day": r"eod|cob|close of business|(?:by )?(?:the )?end of (?:the |this )?(?:work(?:ing)? ?)?day|end of today",
    "week after next": r"(?:the )?week after next",
    "day after next": rf"(?:the )?(?P<weekday>{WEEKDAY}) after next",
    "week": r"eow|(?:by )?(?:the )?end of (?:the |this )?week",
    "work": r"(?:after|before) (?:work|school|lunch|dinner|breakfast|bed|bedtime|the meeting)|at (?:lunch|lunchtime"
    r"|dinner|dinnertime|breakfast|bedtime|dawn|sunrise|sunset|dusk)",
    "month": r"(?:in |(?<=except )|(?<=excluding )|(?<=but not ))"
    rf"(?:{'|'.join(FULL_MONTHS)})"
    r"(?: 20\d\d(?!\d|:))?",
    "half": r"half (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})",
}
_VAGUES = list(_VAGUE)
_A_VAGUE = re.compile("|".join(f"(?P<v{n}>(?:{words}){END}(?!:))" for n, words in enumerate(_VAGUE.values())))
_MARKERS = {
    "until": (r"until|till|'?til|untill|through|thru|up to|to", r"until|till|'?til|untill"),
    "from": (
        r"(?:starting|beginning|begins|starts)(?: from| on| at| in)?|from|as of|since",
        r"starting|beginning|as of",
    ),
    "except": (
        (
            r"except(?: for| on)?|but (?:not|never)(?: on)?|but|excluding|excl\.?|other than|apart from|not on"
            rf"|(?:not|no|without|minus|skip)(?= (?:on )?(?:the )?(?:{WEEKDAY}|week-?end)s?{END})|skipping"
            rf"|skip(?= (?:\d{{1,2}}(?:st|nd|rd|th|\.)? ?(?:of )?{MONTH}|{MONTH} \d))"
        ),
        r"except|excluding",
    ),
    "for": (r"for(?: the next)?", r""),
    "about": (
        (
            r"in (?:exactly|at least|at most|maybe|like|just)|by|within|no later than"
            r"|(?:in |at )?(?:around|about|approx(?:imately|\.)?|circa|ca\.?|roughly|under|less than)"
        ),
        r"",
    ),
    "between": (r"between", r""),
    "or": (r"or", r""),
    "before": (r"before", r""),
    "after": (r"after", r""),
    "on": (r"(?:on|in|of)(?: the)?|at|@", r"@"),
}
_A_MARKER = re.compile("|".join(rf"(?P<{name}>(?:{words})(?![\w']))" for name, (words, _) in _MARKERS.items()))
_STRONG = {name: re.compile(rf"(?:{strong or '(?!)'})(?![\w'])") for name, (_, strong) in _MARKERS.items()}
_FILLER = re.compile(
    rf"(?:(?:starting|beginning|from)(?: right)? now(?: on)?"
    rf"|repeat(?:ing|ed)?(?= (?:every|each|daily|weekly|monthly|yearly))){END}"
)
_JOINER = re.compile(r"(?:and also|and|plus|as well as)(?![\w'])|[,;/&+]")


def read(text: str, at: int) -> Iterator[tuple[Value, int]]:
    """Yield what begins at a place of a plain text, each with its end."""
    yield from _repeating(text, at)
    yield from _so_often(text, at)
    yield from _in_doubt(text, at) if _CLOCK_H.match(text, at) else _lengths(text, at)
    if match := _A_VAGUE.match(text, at):
        name = _VAGUES[int((match.lastgroup or "v0")[1:])]
        words = match[0] if name in {"work", "month", "half"} else name
        words = f"after next {match['weekday']}" if name == "day after next" else words
        yield Vague(words, is_month=name == "month"), match.end()
    if match := _TWO_FROM_NOW.match(text, at):
        yield Vague(f"after next {match['weekday']}"), match.end()
    if match := _A_MARKER.match(text, at):
        name = match.lastgroup or ""
        yield Marker(name, is_strong=bool(_STRONG[name].match(text, at))), match.end()
    if match := _FILLER.match(text, at):
        yield Filler(), match.end()
    if match := _JOINER.match(text, at):
        yield Joiner(), match.end()


def behind_day(text: str, at: int) -> tuple[Value, int] | None:
    """Return what would be something else anywhere but behind a day: *monday week*, *tomorrow lunchtime*."""
    if match := _WEEK_LATER.match(text, at):
        weeks = Amount(Decimal(2 if match["week"] == "fortnight" else 1), "w")
        return FromNow(Length((weeks,), at, match.end(), is_vague=match["week"] == "week")), match.end()
    if match := _LATE.match(text, at):
        words = match[0].removeprefix("very ").removeprefix("at ").replace(" ", "")
        is_meal = words.endswith("time") and words != "sometime"
        return Vague(f"at {words}" if is_meal else words), match.end()
    return None


def _repeating(text: str, at: int) -> Iterator[tuple[Value, int]]:
    if match := _EVERY_UNIT.match(text, at):
        unit, size = _UNITS[match["unit"]]
        yield Every(unit, size * (_ordinal(match["ordinal"]) or 1)), match.end()
    if match := _EVERY.match(text, at):
        is_other = match["ordinal"] in {"other", "alternate"}
        # "every 2nd monday" may be two things
        every = Every(ordinal=_ordinal(match["ordinal"]), is_adverb=match[0] == "all")
        yield Every(interval=2) if is_other else every, match.end()
        end = match.end()
        if _WEEK_DAY.match(text, end + 1) or _SECOND_OF.match(text, end):
            return
        if (length := amounts.at(text, end + 1)) or (length := amounts.at(f"a {text[end + 1 : end + 40]}", 0)):
            yield from _every_length(text, end + 1, length)
    if match := _ALTERNATE.match(text, at):
        yield Every(_UNITS[match["unit"]][0], 2) if match["unit"] else Every(interval=2), match.end()
    if match := _EVERY_OTHER_PART.match(text, at):
        yield Every(Unit.DAY, 2), match.end()
    if match := _EVERY_SO_MANY.match(text, at):
        yield Every(Unit.WEEK, _number(match["weeks"])), match.end()


def _so_often(text: str, at: int) -> Iterator[tuple[Value, int]]:
    if match := _EVERYDAY.match(text, at):
        yield Every(Unit.DAY, is_adverb=True), match.end()
    if match := _ADVERB.match(text, at):
        unit, size = _ADVERBS[match["adverb"]]
        yield Every(unit, size, part="night" if match["adverb"] == "nightly" else "", is_adverb=True), match.end()
    if match := _TWICE.match(text, at):
        times = {"twice": 2, "thrice": 3}.get(match["often"]) or _number(match["number"])
        unit = _UNITS[match["unit"]][0] if match["unit"] else _ADVERBS[match["adverb"]][0]
        yield Often(times, unit), match.end()
    if match := _TIMES.match(text, at):
        yield (
            Times({"once": 1, "twice": 2}.get(match["word"] or "") or _number(match["number"] or "0")),
            match.end(),
        )


def _every_length(text: str, at: int, length: Length) -> Iterator[tuple[Value, int]]:
    """Yield *every 2 weeks* and *every hour and a half*."""
    end = length.end if length.start == at else at + length.end - 2
    if end >= len(text) or not (text[end].isalnum() or text[end] == "'"):
        units = {amount.unit for amount in length.amounts}
        if units <= {"h", "m", "s"} or (units == {"d"} and length.amounts[0].number % 1):
            minutes = sum((amount.number * _MINUTES[amount.unit] for amount in length.amounts), Decimal(0))
            # Less than a minute is too often, not never.
            whole = minutes if minutes % 1 == 0 else minutes // 1 if minutes < 10 else None
            if whole is not None:
                yield Every(Unit.MINUTE, int(whole)), end
        elif len(length.amounts) == 1:
            unit, size = _CALENDAR[length.amounts[0].unit]
            if (interval := size * length.amounts[0].number) % 1 == 0:
                yield Every(unit, int(interval)), end


_MINUTES = {"d": Decimal(1440), "h": Decimal(60), "m": Decimal(1), "s": 1 / Decimal(60)}
_CALENDAR = {"d": (Unit.DAY, 1), "w": (Unit.WEEK, 1), "mo": (Unit.MONTH, 1), "y": (Unit.MONTH, 12)}


def _lengths(text: str, at: int) -> Iterator[tuple[Value, int]]:
    if match := _NEXT_ONE.match(text, at):
        unit = _LETTERS[match["unit"]]
        yield FromNow(Length((Amount(Decimal(1), unit),), at, match.end())), match.end()
    lead = _LEAD.match(text, at)
    start = lead.end() if lead else at
    if length := amounts.at(text, start):
        behind = _BEHIND.match(text, length.end)
        is_sure = bool(lead and lead["sure"])
        if behind and behind["bare"] and not is_sure:
            behind = None
        is_ago = bool(behind and behind["way"] == "ago")
        yield FromNow(length, is_sure or bool(behind), is_ago), behind.end() if behind else length.end
    if match := _ONE_BESIDE.match(text, at):
        amount = Amount(Decimal(1), match.lastgroup or "d")
        yield FromNow(Length((amount,), at, match.end(), is_vague=True)), match.end() - 1
    if match := _FEW.match(text, at):
        yield Vague(f"few {match['unit']}"), match.end()
    yield from _in_doubt(text, at)
    if match := _EARLY_DAY.match(text, at):
        yield Vague(match[0].removeprefix("very ").replace("some time", "sometime")), match.end()
    if match := _PAST_HOUR.match(text, at):
        minute = 45 if match["to"] else {"quarter": 15, "half": 30}.get(match["past"]) or int(match["minute"] or 0)
        minute = 30 if match["half"] else minute
        yield Vague(f"past {minute}"), match.end()


def _in_doubt(text: str, at: int) -> Iterator[tuple[Value, int]]:
    """Yield lengths that may be another one, or a time of day: *in 5*, *in 5-10 minutes*, *18h30*."""
    if match := _CLOCK_H.match(text, at):
        yield Vague(f"in {match['hours']}:{match['minutes']}"), match.end()
    if match := _CLOCK_IN.match(text, at):
        length = Length(
            (Amount(Decimal(match["hours"]), "h"), Amount(Decimal(match["minutes"]), "m")), at, match.end()
        )
        vague = f"in {match['hours']}:{match['minutes']}"
        yield FromNow(length, is_sure=True) if match["unit"] else Vague(vague), match.end()
    if match := _RANGE_IN.match(text, at):
        yield Vague(f"in {_number(match['low'])} {_number(match['high'])} {match['unit'][0]}"), match.end()
    if match := _ONE_OR_TWO.match(text, at):
        yield Vague(f"in 1 2 {match['unit'][0]}"), match.end()
    if match := _BARE_IN.match(text, at):
        yield Vague(f"in {_number(match['number'])}"), match.end()


def _ordinal(text: str | None) -> int:
    if not text:
        return 0
    return 2 if text in {"other", "alternate"} else ORDINALS.get(text) or int(re.sub(r"\D", "", text))


def _number(text: str) -> int:
    return WORDS.get(text.replace("-", " ")) or (int(text) if text.isdigit() else 0)
