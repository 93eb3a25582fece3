"""What people type after ``!stats``, checked against the table of correct answers."""

from datetime import date

import pytest

from bot.chat.stats.commands import STATS
from bot.domain.question import Question
from bot.domain.stats import parser
from bot.domain.stats.command import Add, Command, Mine
from tests.unit.cases.table import Row, parts, rows

TODAY = date(2026, 11, 27)
ROWS = rows("stats.tsv")


def answer(words: str) -> tuple[str, Command | Question]:
    """Parse typed text; return the verdict in the table's terms."""
    try:
        command = parser.parse(STATS.read(words), TODAY)
    except Question as question:
        return "ask", question
    return {Add: "add", Mine: "me"}.get(type(command), ""), command


def meaning(command: Command) -> str:
    match command:
        case Add(length, task, when):
            return " ".join(filter(None, ("add", f"{length.total_seconds():g}", task, when)))
        case Mine():
            return f"me {command.words}".rstrip()
    return type(command).__name__.replace("Correct", "edit").casefold()


def offer(line: str) -> str:
    """Say what a choice does, as the table says it; another command by its line."""
    topic, _, words = line.partition(" ")
    return meaning(parser.parse(STATS.read(words), TODAY)) if topic == "stats" else line


@pytest.mark.parametrize("row", ROWS, ids=[row.phrase for row in ROWS])
def test_the_right_answer(row: Row) -> None:
    """Each phrase is understood as the table says, or asked about with the choices that it names."""
    verdict, read = answer(row.phrase)
    assert verdict == row.cells["verdict"]
    if isinstance(read, Question):
        offered = [offer(choice.line) for choice in read.choices]
        assert {*parts(row.cells["choices"], " | ")} <= {*offered}, offered
        return
    wanted = " ".join(filter(None, (verdict, *(row.cells[cell] for cell in ("length", "task", "when")))))
    assert meaning(read) == wanted
