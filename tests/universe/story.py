"""A story: the disasters that a failure needs, and what people, the bot and Discord did up to it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

Lines = Sequence[tuple[float, str]]

# Names of what was promised, such as ``t0017``.
_TOKEN = re.compile(r"\b[tr]\d{4}\b")
# Lines of what goes wrong, of processes, and of faults, which belong into every story.
_ALWAYS = re.compile(r"## |!! |bot-\d+ |a newer process")
# Seconds before a failure that are told where it names nothing, and the most lines and characters of one.
_BEFORE, _MOST, _WIDTH = 300.0, 60, 150


def lines_about(lines: Lines, fault: tuple[str, float, str], epoch: float) -> Iterator[str]:
    """Yield the lines of a story that concern a fault, each with its time of day (UTC)."""
    _, until, what = fault
    tokens = set(_TOKEN.findall(what))
    chosen = [(at, line) for at, line in lines if at <= until and _concerns(line, tokens, until - at)]
    if len(chosen) > _MOST:
        half = _MOST // 2
        gap = (chosen[half][0], f"... {len(chosen) - _MOST} more lines ...")
        chosen = [*chosen[:half], gap, *chosen[-half:]]
    for at, line in chosen:
        moment = datetime.fromtimestamp(epoch + at, UTC)
        flat = line.replace("\\n", " / ").replace("\n", " / ")
        yield f"{moment:%a %H:%M:%S}.{moment.microsecond // 1000:03}  {_shortened(flat)}"


def _concerns(line: str, tokens: Iterable[str], before: float) -> bool:
    if _ALWAYS.match(line):
        return True
    return any(token in line for token in tokens) if tokens else before <= _BEFORE


def _shortened(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
