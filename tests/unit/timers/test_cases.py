"""What people type after ``!pomodoro``, checked against the table of correct answers."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chat.timers.commands import TOPIC
from bot.domain.errors import UserError
from bot.domain.invocation import Invocation
from bot.domain.question import Question
from bot.domain.timers import parser, until
from bot.domain.timers.command import ActOnTimers, Command, ExtendTimer, List, Rename, StartTimer, StartUntil, Undo
from tests.unit.cases.table import Cells, Row, parts, rows

NOW = datetime(2026, 11, 27, 12, 34, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
COLUMNS = ("name", "seconds", "offer", "args")
ROWS = [
    row
    for table in ("", "more_", "forty_", "typed_", "everyday_", "elsewhere_", "phoned_", "chatted_", "jotted_")
    for row in rows(f"{table}pomodoro.tsv")
]


def answer(phrase: str) -> tuple[Cells, list[str]]:
    """Parse a phrase; return the verdict in the table's terms, and the meaning of each choice."""
    try:
        invocation = TOPIC.read(phrase.replace("@Ben", "<@12>"))
        command = None if invocation.wants_help else parser.parse(invocation, TOPIC)
        return cells_of(command), []
    except Question as question:
        return cells("ask"), [meaning(choice.line) for choice in question.choices]
    except UserError:
        return cells("refuse"), []


def cells_of(command: Command | None) -> Cells:
    match command:
        case StartTimer(name, length, offer):
            return cells("start", name=name, seconds=seconds(length), offer=seconds(offer) if offer else "")
        case StartUntil(name):
            return cells("start", name=name, seconds=seconds(until.length(command, NOW, BERLIN, "pomodoro")))
        case ActOnTimers(verb, reference, each, every):
            several = (" " if each and each[0].startswith("#") else ", ").join(each)
            return cells(f"command:{verb}", args="all" if every else several or reference or "")
        case ExtendTimer(reference, by):
            return cells("command:extend", seconds=seconds(by), args=reference or "")
        case Rename(reference, name):
            return cells("command:rename", args=f"{reference} → {name}")
    return cells({List(): "command:list", Undo(): "command:undo", None: "command:help"}[command])


def cells(verdict: str, **known: str) -> Cells:
    return dict.fromkeys(COLUMNS, "") | {"verdict": verdict} | known


def seconds(length: timedelta) -> str:
    return f"{length.total_seconds():g}"


def meaning(line: str) -> str:
    """Return what a choice does, in the table's notation: ``start tea 300``, ``command:cancel tea``."""
    topic, _, words = line.partition(" ")
    if topic != "pomodoro":
        return f"command:{line}"
    read, choices = answer(words)
    assert not choices, f"{line!r} is asked again"
    assert read["verdict"] != "refuse", line
    parts = ("name", "seconds") if read["verdict"] == "start" else ("args", "seconds")
    return " ".join(filter(None, (read["verdict"], *(read[part] for part in parts))))


def is_same(wanted: str, given: str) -> bool:
    """Return whether a choice means what is wanted; a session's by its task."""
    if wanted.startswith("command:focus"):
        task = wanted.removeprefix("command:focus").partition("with ")[0].strip()
        return given.startswith("command:focus") and task in given
    return re.sub(r"\bat (?=\d)", "", given) == wanted or _sorted(given) == _sorted(wanted)


def _sorted(meaning: str) -> list[str]:
    """Return the words of a reminder, which may have its time before or behind its text."""
    return sorted(re.sub(r"\bat (?=\d)", "", meaning).split()) if meaning.startswith("command:remind") else []


@pytest.mark.parametrize("row", ROWS, ids=[row.phrase for row in ROWS])
def test_the_right_answer(row: Row) -> None:
    """Each phrase is understood as the table says, or asked about with the choices that it names."""
    read, offered = answer(row.phrase)
    assert read in row.answers(COLUMNS)
    if read["verdict"] == "ask" == row.cells["verdict"]:
        for wanted in parts(row.cells["choices"], " | "):
            assert any(is_same(part, given) for part in parts(wanted, " // ") for given in offered), offered


def test_a_choice_is_what_it_says() -> None:
    """A pressed line is understood without another question, in any context."""
    for row in ROWS:
        try:
            parser.parse(TOPIC.read(row.phrase), TOPIC)
        except Question as question:
            assert question.choices
            for choice in question.choices:
                meaning(choice.line)
        except (UserError, ValueError):
            assert row.cells["verdict"] != "ask"


def test_slash_fields_are_read_alike() -> None:
    """A field of a slash command reads a length as a typed command does."""
    invocation = Invocation.of("start", name="tea", duration="1 h, 30 m")
    assert parser.parse(invocation, TOPIC) == StartTimer("tea", timedelta(minutes=90))
