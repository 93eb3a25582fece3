"""The archive: rows as files in one ZIP, or in several where one would be too large for Discord."""

import contextlib
import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import IO, Any, Self

# The largest file on Discord, in bytes.
# Source: https://discord.com/developers/docs/reference#uploading-files
LARGEST = 10 * 1024 * 1024
# Bytes left free for data still being compressed, and for the directory at the end of a ZIP.
_RESERVE = 256 * 1024
# Bytes of a ZIP kept in memory; a larger one goes to a temporary file that vanishes with the process.
_IN_MEMORY = 1024 * 1024
# Spreadsheets treat text that begins like this as a formula, some even after spaces or in full width; source:
# https://owasp.org/www-community/attacks/CSV_Injection. Text that begins with an apostrophe is guarded as well, so
# that the first one of a cell can always be removed.
_GUARDED = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n']")

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """The file format of a table: what is written before, between and after its rows."""

    suffix: str
    head: Callable[[Sequence[str]], str]
    row: Callable[[Row], str]
    between: str
    tail: str
    encoding: str = "utf-8"


class Archive:
    """Takes rows in a stream, table by table; all of its methods block.

    A file that no longer fits into its ZIP ends there, complete in itself, and continues as another in the next
    one. Moments are written in ISO 8601, in UTC, and lengths of time in seconds. CSV is for spreadsheets, which
    evaluate text that begins like a formula, and round long numbers: an apostrophe keeps such text and ids as they
    are.
    """

    def __init__(self) -> None:
        self._full = LARGEST - _RESERVE
        self._parts: list[IO[bytes]] = []
        self._file: IO[str] | None = None
        self._between = ""
        self._begin_part()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if error:
            with contextlib.suppress(ValueError, OSError):  # a file left open would warn later
                self.close()
        for part in self._parts:
            part.close()

    def __len__(self) -> int:
        """Return the number of ZIPs."""
        return len(self._parts)

    def part(self, number: int) -> bytes:
        """Return one of the ZIPs; call ``close`` first."""
        self._parts[number].seek(0)
        return self._parts[number].read()

    def begin(self, table: str, columns: Sequence[str], form: FileFormat) -> None:
        """Begin a file for the rows of a table."""
        self._end_file()
        self._table, self._columns, self._form, self._pieces = table, columns, form, 0
        self._make_room()
        self._begin_file()

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows to the current file."""
        for row in rows:
            if self._make_room():
                self._begin_file()
            assert self._file
            self._file.write(self._between + self._form.row(row))
            self._between = self._form.between

    def close(self) -> None:
        """End the file and its ZIP."""
        self._end_file()
        self._zip.close()

    def _make_room(self) -> bool:
        """Begin another ZIP where the current one is full; return whether it was."""
        is_full = self._parts[-1].tell() > self._full
        if is_full:
            self.close()
            self._begin_part()
        return is_full

    def _begin_part(self) -> None:
        self._parts.append(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - closed by __exit__
        self._zip = zipfile.ZipFile(self._parts[-1], "w", zipfile.ZIP_DEFLATED)

    def _begin_file(self) -> None:
        self._pieces += 1
        number = f"-{self._pieces}" if self._pieces > 1 else ""
        entry = self._zip.open(f"{self._table}{number}.{self._form.suffix}", "w")
        self._file = io.TextIOWrapper(entry, self._form.encoding, newline="")
        self._file.write(self._form.head(self._columns))
        self._between = ""

    def _end_file(self) -> None:
        if self._file:
            self._file.write(self._form.tail)
            self._file.close()
            self._file = None


def _csv(values: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return f"'{value}" if name == "id" or name.endswith(("_id", "_by", "request")) else value
    text = value if isinstance(value, str) else _plain(value)
    return f"'{text}" if isinstance(text, str) and _GUARDED.match(text) else text


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple):  # spans of time
        return json.dumps(value, default=_plain)
    return str(value)  # of a damaged row


JSON = FileFormat(
    "json", lambda _: "[\n", lambda row: json.dumps(dict(row), default=_plain, ensure_ascii=False), ",\n", "\n]\n"
)
# With a byte-order mark, which tells spreadsheets the encoding.
CSV = FileFormat(
    "csv", _csv, lambda row: _csv(_cell(str(name), value) for name, value in row.items()), "", "", "utf-8-sig"
)
