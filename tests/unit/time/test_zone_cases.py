"""What people type after `!remind timezone`, with the correct answers (`tests/unit/cases/README.md`)."""

from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import BadZone
from bot.domain.question import Question
from bot.domain.time import abbreviation, zone
from tests.places import offsets
from tests.unit.cases.table import rows

TABLES = (
    "zones.tsv",
    "more_zones.tsv",
    "forty_zones.tsv",
    "typed_zones.tsv",
    "worded_zones.tsv",
    "manners_zones.tsv",
    "spoken_zones.tsv",
    "chatted_zones.tsv",
    "jotted_zones.tsv",
)
ROWS = [row.cells for table in TABLES for row in rows(table)]


def answer(phrase: str) -> tuple[str, list[str]]:
    """The verdict and the zones that were set or are offered, in the table's notation."""
    try:
        chosen = zone.parse(phrase)
    except Question as question:
        return "ask", [choice.line.removeprefix("remind timezone ") for choice in question.choices]
    except BadZone:
        return "refuse", []
    return "offset" if abbreviation.is_fixed(chosen.key) else "understood", [zone.spelled(chosen)]


def same(written: str, other: str) -> bool:
    return offsets(zone.parse(written).key) == offsets(zone.parse(other).key)


def fits(row: dict[str, str], verdict: str, zones: list[str]) -> bool:
    if verdict == row["verdict"] == "ask":
        return all(
            any(same(wanted, offered) for wanted in either.split(" // ") for offered in zones)
            for either in row["choices"].split(" | ")
        )
    if verdict == row["verdict"]:
        return verdict == "refuse" or same(row["zone"], zones[0])
    for also in filter(None, row["also"].split(" ; ")):
        other, _, named = also.partition(" ")
        if verdict == other and (not named or same(named.removeprefix("zone="), zones[0])):
            return True
    return False


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["phrase"])
def test_means(row: dict[str, str]) -> None:
    """A place, an abbreviation or an offset with one meaning is understood, with several asked about."""
    verdict, zones = answer(row["phrase"])
    assert fits(row, verdict, zones), (verdict, zones)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["phrase"])
def test_choices_are_understood(row: dict[str, str]) -> None:
    """Each choice is a zone by itself, and no clock is offered twice."""
    verdict, zones = answer(row["phrase"])
    if verdict == "ask":
        clocks = [offsets(zone.parse(name).key) for name in zones]
        assert len(set(clocks)) == len(clocks)
        assert all(isinstance(zone.parse(name), ZoneInfo) for name in zones)
