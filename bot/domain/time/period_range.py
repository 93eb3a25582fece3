"""Ranges of periods as people write them: *monday to wednesday*, *1-15 november*, *between may and july*."""

import re
from dataclasses import dataclass

from bot.domain.time.names import MONTH, WEEKDAY

# The most characters of either end.
_END = r"\S.{0,39}?"
_TO = r"(?: (?:to|until|till?|through|thru) | ?(?:\N{EN DASH}|\.\.\.?) ?| - |(?<=[a-z\d])-(?=[a-z]))"
_RANGE = re.compile(
    rf"(?:from |between )?(?P<first>{_END}){_TO}(?P<last>{_END})|between (?P<low>{_END}) and (?P<high>{_END})"
    rf"|(?P<year>\d{{4}}) ?- ?(?P<next>\d{{4}})|(?P<one>{_END}) (?:and|&) (?P<two>{_END})"
)
_TH, _DASH = "(?:st|nd|rd|th)?", r"(?: (?:to|until|till?|through|and) | ?(?:-|\N{EN DASH}) ?)"
# Two days of one month, which is named once.
_OF_ONE_MONTH = re.compile(
    rf"(?:from |between )?(?:(?P<a>\d{{1,2}}){_TH}{_DASH}(?P<b>\d{{1,2}}){_TH}\.? (?:of )?(?P<month>{MONTH})"
    rf"|(?P<before>{MONTH}) (?P<c>\d{{1,2}}){_TH}{_DASH}(?P<d>\d{{1,2}}){_TH}),?(?: (?P<in>\d{{4}}))?"
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_A_WEEKDAY = re.compile(WEEKDAY)
_DAY_OF_A_WEEK = re.compile(rf"(?P<days>{WEEKDAY}.{{1,12}}{WEEKDAY}) this week")


@dataclass(frozen=True, slots=True)
class Ends:
    """The words of the first and the last period; ``must_meet``: they are a range only if nothing is between."""

    first: str
    last: str
    must_meet: bool = False

    @property
    def shares_year(self) -> bool:
        """Whether only the last has its year: *may to july 2025*."""
        return bool(_YEAR.search(self.last)) and not _YEAR.search(self.first)


def split(plain: str) -> Ends | None:
    """Split the words of a range, in small letters; None if they are none."""
    if in_week := _DAY_OF_A_WEEK.fullmatch(plain):
        plain = in_week["days"]
    if match := _OF_ONE_MONTH.fullmatch(plain):
        month, year = match["month"] or match["before"], f" {match['in']}" if match["in"] else ""
        first, last = match["a"] or match["c"], match["b"] or match["d"]
        return Ends(f"{first} {month}{year}", f"{last} {month}{year}")
    if len(plain) > len("between ") + 90 or not (match := _RANGE.fullmatch(plain)):
        return None
    if match["one"]:
        return Ends(match["one"], match["two"], must_meet=True)
    first, last = match["first"] or match["low"] or match["year"], match["last"] or match["high"] or match["next"]
    if first.startswith("last ") and _A_WEEKDAY.fullmatch(last):  # last mon-fri is of the last week, perhaps
        return None
    return Ends(first, "today" if last == "now" else last)
