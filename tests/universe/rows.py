"""Rows: what the database has of somebody, table by table, and how much of that is in an export."""

import contextvars
import csv
import io
import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

# The columns that say whose a row is.
_OWN = "user_id", "owner_id"
_TABLES = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
# The first file of a table has no number.
_FILE, _SHEET = (re.compile(rf"(\w+?)(?:-\d+)?\.{suffix}") for suffix in ("json", "csv"))


def of(database: Path, user_id: str) -> Mapping[str, int]:
    """Count somebody's rows in each table, whichever there are."""
    # In nobody's name: it is not closed as a process is killed.
    with closing(contextvars.Context().run(sqlite3.connect, database)) as connection:
        columns = [pair for pair in connection.execute(_TABLES).fetchall() if pair[1] in _OWN]
        counted = (
            (table, connection.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", (int(user_id),)))
            for table, column in columns
        )
        return {table: number for table, result in counted for (number,) in result if number}


def exported(files: Iterable[bytes]) -> tuple[Mapping[str, int], str]:
    """Return how many rows of each table an export has (in each of two forms), and all that it has as one text."""
    numbers: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    texts: list[Any] = []
    for content in files:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if match := _FILE.fullmatch(name):
                    texts.append(archive.read(name).decode())
                    numbers[match[1]] += len(json.loads(texts[-1]))
                elif match := _SHEET.fullmatch(name):
                    sheet = io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")
                    lines[match[1]] += len([*csv.reader(sheet)]) - 1
    return numbers & lines, " ".join(texts)
