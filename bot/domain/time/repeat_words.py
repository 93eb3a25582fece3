"""Words about how often, from when and until when, or that leave it open: ``every other``, ``until``, ``soon``."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.domain.time import amounts
from bot.domain.time.amounts import IN_LETTERS, Amount, Length
from bot.domain.time.names import END, FULL_MONTHS, MONTH, ORDINALS, WEEKDAY
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
    r"(?:(?:once )?(?:(?:each and )?every|each) (?:single )?|once (?:a|per) )"
    rf"(?:(?P<ordinal>{_ORDINAL}) )?(?P<unit>minute|hour"
    rf"|day(?: of the (?:week|year))?|week|month|year|fortnight|quarter){END}(?! of | days?{END})"
)
_EVERY = re.compile(
    r"(?:(?:once )?(?:(?:each and )?every|each)(?: single)?"
    rf"|all(?= (?:{WEEKDAY}|week-?end|(?:week|work(?:ing)?|business) ?day)s{END}))"
    rf"(?: (?P<ordinal>{_ORDINAL})(?= (?:{WEEKDAY}|week-?end)s?{END}(?! (?:of|in) )))?{END}"
)
_ALTERNATE = re.compile(
    rf"(?:on )?alternate(?: (?P<unit>day|week|month)s{END}|(?= (?:{WEEKDAY}|week-?end)s?{END}))"
)
_WEEK_DAY = re.compile(rf"week days?{END}")
_EVERY_SO_MANY = re.compile(rf"(?:every|each) (?P<weeks>\d{{1,2}}|{IN_LETTERS})(?= {WEEKDAY}s{END})")
_EVERY_OTHER_PART = re.compile(rf"(?:every|each) (?:other|second|2nd)(?= (?:morning|afternoon|evening|night){END})")
_SECOND_OF = re.compile(rf" second (?:day|week|month)s?{END}")
_EVERYDAY = re.compile(rf"(?:everyday|all (?:the )?days){END}")
_ADVERB = re.compile(rf"(?P<adverb>{'|'.join(_ADVERBS)}){END}")
_TWICE = re.compile(
    rf"(?P<often>twice|thrice|(?P<number>\d{{1,2}}|{IN_LETTERS}) ?(?:times?|x)) "
    rf"(?:(?:a|per|each|every) (?P<unit>day|week|month)|(?P<adverb>daily|weekly|monthly)){END}"
    rf"|(?:(?<=every day )|(?<=each day )|(?<=everyday )|(?<=daily )|(?P<weekly>(?<=weekly )|(?<=every week ))"
    rf"|(?P<monthly>(?<=monthly )|(?<=every month )))(?P<two>twice|thrice){END}"
)
_TIMES = re.compile(
    rf"(?:for )?(?P<number>\d{{1,9}}|{IN_LETTERS}) ?(?:times?|x|occurrences?|repetitions?){END}"
    rf"|(?:for )?(?P<word>once|twice){END}"
    r"(?! (?:again|more|upon|the|i|i'm|we|you|it|he|she|they|my|our|all|every(?:one|body|thing))(?!\w))"
)
# It is what it is anyway: monthly once, once daily.
_ONCE = re.compile(
    rf"(?:(?<=daily )|(?<=weekly )|(?<=monthly )|(?<=yearly ))once{END}"
    rf"|once(?= (?:daily|weekly|monthly|yearly){END})"
)
_WEEK_LATER = re.compile(rf"(?P<week>week|fortnight){END}(?! ?\d{{1,2}}(?![:.\d]| ?[ap]\.?m))")
_TWO_FROM_NOW = re.compile(rf"(?:2|two) (?P<weekday>{WEEKDAY})s from (?:now|today){END}")
_EARLY = r"(?:very |bright and )?early|late|some ?time"
_LEAD_TO_EARLY = re.compile(r"\A(?:at |very |bright and )")
_EARLY_DAY = re.compile(
    rf"(?:{_EARLY})(?= (?:on )?(?:this |in the )?"
    rf"(?:tomorrow|tmrw?|today|tonight|{WEEKDAY}|morning|afternoon|evening){END})"
)
_LATE = re.compile(rf"(?:at )?(?:{_EARLY}|(?:lunch|dinner|bed|tea|supper) ?time){END}")
_PAST_HOUR = re.compile(
    rf"(?:at )?(?:a )?(?P<past>quarter|half) past(?! (?:\d|{IN_LETTERS}|noon|mid|an? ))(?: the hour{END})?"
    rf"|at (?:a )?(?P<to>quarter) to(?! (?:\d|{IN_LETTERS}|noon|mid|an? ))(?: the hour{END})?"
    rf"|(?:(?P<full>on the hour|at the top of the hour)|(?P<half>on the half[ -]hour)|at :(?P<minute>[0-5]\d)){END}"
)
_LED_BY = ["except", "excluding", "but not", "from", "starting", "starting in", "beginning", "beginning in"]
_LED_BY += [f"{month}{sign}" for month in FULL_MONTHS for sign in (" and", ",")]
_BEFORE_A_MONTH = "|".join(f"(?<={words} )" for words in _LED_BY)
_SOME_TIME = r"(?:in |over |on |at )?(?:the )?(?:this|ne?xt|coming|week-?end)"
_VAGUE = {
    "soon": r"soon|later(?: on)?|in a (?:bit|while|moment|sec(?:ond)?)|shortly|asap|at some point"
    rf"|some ?time(?: soon|(?! {_SOME_TIME}))",
    "biweekly": r"bi-?weekly",
    "bimonthly": r"bi-?monthly",
    "this week": rf"(?:some ?time )?this week(?:'s(?= {WEEKDAY}))?",
    "this month": r"(?:some ?time )?this month",
    "this year": r"(?:some ?time |of )?this year",
    "end of next week": r"(?:by |at )?(?:the )?end of (?:the )?ne?xt week",
    "next week": rf"(?:some ?time )?(?:in )?(?:the )?ne?xt week(?:'s(?= {WEEKDAY}))?",
    "next month": r"(?:some ?time )?(?:in )?(?:the )?ne?xt month",
    "next year": r"(?:some ?time )?(?:in |of )?(?:the )?next year",
    "weekend": r"(?:some ?time )?(?:this|on the|at the|over the|the|coming) week-?end",
    "next weekend": r"(?:some ?time )?(?:the )?next week-?end",
    "day": r"eod|e?cob|(?:at )?(?:the )?(?:close|end) of (?:business|play)(?: day)?"
    r"|(?:by )?(?:the )?end of (?:the |this )?(?:work(?:ing)? ?)?day|end of today",
    "daytime": r"during (?:the day|(?:the )?day ?time)|in (?:the )?day ?time"
    r"|(?:in|during|at|within) (?:(?:the|my|our) )?(?:work(?:ing)?|office|business) ?hours",
    "week after next": r"(?:the )?week after next",
    "day after next": rf"(?:the )?(?P<weekday>{WEEKDAY}) after next",
    "week": r"eow|(?:by )?(?:the )?end of (?:the |this )?week",
    "work": r"(?:after|before) (?:work|school|lunch|dinner|breakfast|bed|bedtime|the meeting)"
    rf"|last thing(?= (?:(?:on (?:the )?)?(?:\d|{WEEKDAY})|at night|to(?:night|day|m)|tmr|this |every |each )| ?$)"
    r"|at (?:(?:lunch|dinner|tea|supper) ?time|lunch|dinner|breakfast|bedtime|dawn|sunrise|sunset|dusk)",
    "month": rf"(?:in |{_BEFORE_A_MONTH})(?:{'|'.join(FULL_MONTHS)})"
    r"(?: 20\d\d(?!\d|:))?",
    "half": r"(?:at )?half (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
    r"(?: ?[ap]\.?m\b\.?)?",
}
_VAGUES = list(_VAGUE)
_A_VAGUE = re.compile("|".join(f"(?P<v{n}>(?:{words}){END}(?!:[^ ]))" for n, words in enumerate(_VAGUE.values())))
_MARKERS = {
    "until": (r"until|till|'?til|untill|through|thru|up to|to|(?:ending|ends)(?: on)?", r"until|till|'?til|untill"),
    "from": (
        r"(?:starting|beginning|begins|starts)(?: from| on| at| in)?|from|as of|since",
        r"starting|beginning|as of",
    ),
    "except": (
        (
            r"except(?: for| on)?|but(?: not| never)?(?: on)?|excluding|excl\.?|other than|apart from|not on"
            rf"|(?:not|no|without|minus|skip)(?= (?:on )?(?:the )?(?:{WEEKDAY}|week-?end)s?{END})|skipping"
            rf"|skip(?= (?:\d{{1,2}}(?:st|nd|rd|th|\.)? ?(?:of )?{MONTH}|{MONTH} \d))"
        ),
        r"except|excluding",
    ),
    "for": (r"for(?: the next)?", r"for the next"),
    "about": (
        (
            r"in (?:at least|at most|maybe|like)|by|within|no later than"
            r"|(?:in |at )?(?:under|less than)"
        ),
        r"",
    ),
    "around": (r"(?:in |at )?(?:around|about|approx(?:imately|\.)?|circa|ca\.?|roughly)", r""),
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
    r"|(?:and )?then(?: again)?(?= (?:every|each|daily|weekly|monthly|yearly))"
    r"|(?:(?<=days )|(?<=ends ))only(?= (?:at )?\d|[ .!]*\Z)|(?:until|till?) further notice"
    rf"|repeat(?:ing|ed)?(?= (?:every|each|daily|weekly|monthly|yearly))){END}"
)
_JOINER = re.compile(r"(?:and also|and|plus|as well as)(?![\w'])|[,;/&+|]")


def read(text: str, at: int) -> Iterator[tuple[Value, int]]:
    """Yield what begins at a place of a plain text, each with its end."""
    yield from _repeating(text, at)
    yield from _so_often(text, at)
    if match := _EARLY_DAY.match(text, at):
        yield Vague(_LEAD_TO_EARLY.sub("", match[0]).replace("some time", "sometime")), match.end()
    if match := _PAST_HOUR.match(text, at):
        minute = 45 if match["to"] else {"quarter": 15, "half": 30}.get(match["past"]) or int(match["minute"] or 0)
        minute = 30 if match["half"] else minute
        yield Vague(f"past {minute}"), match.end()
    if match := _A_VAGUE.match(text, at):
        name = _VAGUES[int((match.lastgroup or "v0")[1:])]
        words = match[0].replace(" time", "time") if name in {"work", "month", "half"} else name
        words = f"in {words.removeprefix('in ')}" if name == "month" else words
        words = words.removeprefix("at ") if name == "half" else words
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
        words = _LEAD_TO_EARLY.sub("", match[0]).replace(" ", "")
        is_meal = words.endswith("time") and words != "sometime"
        return Vague(f"at {words}" if is_meal else words), match.end()
    return None


def _repeating(text: str, at: int) -> Iterator[tuple[Value, int]]:
    if match := _EVERY_UNIT.match(text, at):
        unit, size = _UNITS[match["unit"].partition(" ")[0]]
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
        yield Every(Unit.WEEK, amounts.number(match["weeks"])), match.end()


def _so_often(text: str, at: int) -> Iterator[tuple[Value, int]]:
    if match := _EVERYDAY.match(text, at):
        yield Every(Unit.DAY, is_adverb=True), match.end()
    if match := _ADVERB.match(text, at):
        unit, size = _ADVERBS[match["adverb"]]
        yield Every(unit, size, part="night" if match["adverb"] == "nightly" else "", is_adverb=True), match.end()
    if match := _TWICE.match(text, at):
        times = {"twice": 2, "thrice": 3}.get(match["often"] or match["two"]) or amounts.number(match["number"])
        name = match["unit"] or next((unit for unit in ("week", "month") if match[f"{unit}ly"] is not None), "day")
        yield Often(times, _ADVERBS[match["adverb"]][0] if match["adverb"] else _UNITS[name][0]), match.end()
    if match := _ONCE.match(text, at):
        yield Filler(), match.end()
    if match := _TIMES.match(text, at):
        yield (
            Times({"once": 1, "twice": 2}.get(match["word"] or "") or amounts.number(match["number"] or "0")),
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


def _ordinal(text: str | None) -> int:
    if not text:
        return 0
    return 2 if text in {"other", "alternate"} else ORDINALS.get(text) or int(re.sub(r"\D", "", text))
