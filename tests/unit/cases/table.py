"""Tables of phrases and the correct answers to them, see README.md beside this file."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Cells = dict[str, str]


@dataclass(frozen=True)
class Row:
    """A row: the phrase, and its cells by column."""

    phrase: str
    cells: Cells

    def answers(self, columns: Iterable[str]) -> list[Cells]:
        """Return the correct answers, each a verdict and the cells of ``columns``, with the alternatives."""
        columns = list(columns)
        own = {column: self.cells[column] for column in ("verdict", *columns)}
        return [own, *(_other(own, text, columns) for text in parts(self.cells["also"], " ; "))]


def rows(name: str) -> list[Row]:
    """Read a table."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    read = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [Row(row["phrase"], {key: value or "" for key, value in row.items()}) for row in read]


def parts(cell: str, mark: str) -> list[str]:
    """Split a cell."""
    return [part.strip() for part in cell.split(mark)] if cell else []


def _other(own: Cells, text: str, columns: list[str]) -> Cells:
    """Parse an alternative answer: ``ask``, ``seconds=5`` or ``start plan=25m focus task=math``."""
    if text.startswith(tuple(f"{column}=" for column in columns)):
        return own | _assigned(text, columns)
    verdict, _, assigned = text.partition(" ")
    return dict.fromkeys(columns, "") | {"verdict": verdict} | _assigned(assigned, columns)


def _assigned(text: str, columns: list[str]) -> Cells:
    """Read ``plan=… options=… task=…``; a value goes on up to the next column's name."""
    assigned: Cells = {}
    words: list[str] = []
    for word in text.split(" "):
        column, equals, first = word.partition("=")
        if equals and column in columns:
            words = [first]
            assigned[column] = first
            last = column
        elif assigned:
            words.append(word)
            assigned[last] = " ".join(words)
    return assigned
