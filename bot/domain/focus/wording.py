"""Other ways to write a plan, put in the usual one: *4 rounds of 25*, *25'/5'*, *(20m, 5m) x3*."""

import re

from bot.domain.focus.lengths import SO_MANY, rounds_in_digits
from bot.domain.time.amounts import TIMES
from bot.domain.timers import unclear

# The most characters of such a plan.
_LONGEST = 120
_LENGTH = r"\d{1,3}(?: ?(?:m|mins?|minutes?|h|hrs?|hours?))?"
_USUAL = (
    (re.compile(r"(?<=\d) ?[\N{FRACTION SLASH}\N{DIVISION SLASH}\\] ?(?=\d)"), "/"),
    (
        re.compile(r"\A(\d{1,3})['\N{PRIME}\N{RIGHT SINGLE QUOTATION MARK}] ?/ ?(\d{1,3})['\N{PRIME}]?(?!\S)"),
        r"\1/\2",
    ),
    (re.compile(r"\A(\d{2,3}):(\d)\Z"), r"\1/\2"),
    (re.compile(rf"(?<=\S) \((\d{{1,2}} ?(?:{SO_MANY}|{TIMES}))\)\Z"), r" \1"),
    (re.compile(rf"\A\(([^()]{{3,80}})\) ?{TIMES} ?(\d{{1,2}})\Z"), r"\2x(\1)"),
    (re.compile(rf"\A(\d{{1,2}}) (?:{SO_MANY}) of (\d{{1,3}})(?: ?m(?:in(?:ute)?s?)?)?\Z"), r"focus \2 rounds \1"),
    (re.compile(rf"\A(\d{{1,2}}) (?:{SO_MANY}) of ([a-z]+|\d{{1,3}} ?/ ?\d{{1,3}})\Z"), r"\2 \1 rounds"),
    (re.compile(rf"\A({_LENGTH}) (?:sessions?|rounds?) with ({_LENGTH}) (?:breaks?|rests?)\Z"), r"\1/\2"),
    (re.compile(rf"\A({_LENGTH} (?:focus|work|study)) ?/ ?(?=\d)"), r"\1 "),
)


def usual(text: str) -> str:
    """Return the text in the usual words; as it is if it is none of these."""
    if len(text) > _LONGEST:
        return text
    plan = rounds_in_digits(unclear.put_right(text))
    for pattern, words in _USUAL:
        plan = pattern.sub(words, plan, count=1)
    return plan if plan != rounds_in_digits(text) else text
