import csv
import io
import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.service import archive as archive_module
from bot.service.archive import CSV, JSON, Archive
from tests.reading import unpacked

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LARGEST = 400_000
COLUMNS = ["id", "words", "at", "length", "is_so"]


def rows(count: int) -> list[dict[str, Any]]:
    """Return rows that hardly compress."""
    chance = random.Random(count)
    return [
        {
            "id": number,
            "words": "".join(chance.choices('אبग写🍅,"\n;x=', k=1_000)),
            "at": NOON + timedelta(seconds=number),
            "length": timedelta(seconds=number) if number % 2 else None,
            "is_so": bool(number % 3),
        }
        for number in range(count)
    ]


def packed(tables: dict[str, list[dict[str, Any]]]) -> list[bytes]:
    with Archive() as archive:
        for table, content in tables.items():
            for form in (JSON, CSV):
                archive.begin(table, COLUMNS, form)
                archive.add(content[:7])
                archive.add(content[7:])
        archive.close()
        return [archive.part(number) for number in range(len(archive))]


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    length = row["length"].total_seconds() if row["length"] is not None else None
    return row | {"at": row["at"].isoformat(), "length": length}


@pytest.mark.parametrize("count", [0, 1, 9, 600])
def test_all_is_in_it_once_and_no_zip_is_too_large(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many, every row is there as JSON and as CSV, in order, in ZIPs that Discord accepts."""
    monkeypatch.setattr(archive_module, "LARGEST", LARGEST)
    tables = {"timers": rows(3), "focus_log": rows(count), "presets": rows(2), "nothing": []}
    parts = packed(tables)
    whole, tabled = unpacked(parts)
    assert whole == {table: [as_json(row) for row in content] for table, content in tables.items()}
    for table, content in tables.items():
        cells = [
            {name: "" if cell is None else str(cell) for name, cell in as_json(row).items()} for row in content
        ]
        assert tabled[table] == cells
    assert max(map(len, parts)) <= LARGEST
    assert len(parts) == 1 if count < 10 else len(parts) > 3


def test_a_damaged_value_is_given_as_it_is() -> None:
    """A value that a column should not hold does not affect anything else."""
    whole, tabled = unpacked(packed({"timers": [dict.fromkeys(COLUMNS, b"\xff"), *rows(1)]}))
    assert whole["timers"][0]["id"] == tabled["timers"][0]["id"] == str(b"\xff")
    assert json.loads(json.dumps(whole["timers"][1])) == as_json(rows(1)[0])


def test_a_spreadsheet_opens_it_as_it_is() -> None:
    """The tables are marked as UTF-8; ids are text, and text that begins like a formula is not one."""
    typed = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "'x", " =1", "\u3000-1", "\uff1d1", "\uff20A"]
    some = [
        {"id": 1_400_000_000_000_000_001, "words": words, "at": None, "length": -5, "is_so": True}
        for words in [*typed, "a=b", "é"]
    ]
    with zipfile.ZipFile(io.BytesIO(packed({"timers": some})[0])) as files:
        written = files.read("timers.csv")
    assert written.startswith(b"\xef\xbb\xbfid,words,")
    cells = [
        (row["id"], row["words"], row["length"])
        for row in csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    ]
    guarded = [f"'{words}" for words in typed]
    assert cells == [("'1400000000000000001", words, "-5") for words in [*guarded, "a=b", "é"]]
