"""The tables of phrases typed after ``!remind``: see ``tests/unit/cases/README.md``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.chat.reminders.commands import TOPIC
from bot.chat.runtime.ask import labels_of
from bot.domain.errors import UserError
from bot.domain.question import Question
from bot.domain.reminders import parser, understanding
from bot.domain.reminders.command import (
    ActOnAll,
    ActOnReminders,
    Command,
    EditReminder,
    ListHere,
    ListPage,
    Set,
    Snooze,
    UndoSet,
    Zone,
)
from bot.domain.time import recurrence, schedule
from bot.domain.time.schedule import Schedule

ANN = 7
NOW = datetime(2026, 11, 27, 12, 34, tzinfo=UTC)
CASES = Path(__file__).parent.parent / "cases"
# The tables, and the most of their unambiguous rows that may be asked about. The two tests of a table run one after
# the other, in one process: its phrases are read once.
PLAIN_ASKED = {
    "reminders.tsv": 1 / 6,
    "more_reminders.tsv": 1 / 6,
    "forty_reminders.tsv": 1 / 6,  # of forty people of all kinds
    "typed_reminders.tsv": 1 / 20,  # as it was typed, its right answer written down first
    "strangers_reminders.tsv": 1 / 20,  # a thousand phrases, as strangers write them
    "worded_reminders.tsv": 1 / 10,  # unusual words, orders and signs; many have a second time in their text
    "manners_reminders.tsv": 1 / 20,  # in the manners that other parsers and programs teach
    "spoken_reminders.tsv": 1 / 4,  # dictated, on a phone, in other countries' English; many are misspelt
    "chatted_reminders.tsv": 1 / 20,  # among members of a server
    "jotted_reminders.tsv": 1 / 10,  # written in passing, with slips
}
HEADER = ("phrase", "verdict", "at", "repeats", "next", "text", "where", "choices", "args", "also", "now", "zone")


@dataclass(frozen=True, eq=False)
class Case:
    """A row, by column; compared by identity, so that its result is cached."""

    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self["now"]) if self["now"] else NOW

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self["zone"] or "Europe/Berlin")


@cache
def cases(table: str = "reminders.tsv") -> list[Case]:
    header, *lines = (CASES / table).read_text(encoding="utf-8").splitlines()
    assert header.split("\t") == [*HEADER, "note"]
    return [Case(dict(zip(HEADER, (*line.split("\t"), *[""] * 13), strict=False))) for line in lines]


def written(moment: datetime, zone: ZoneInfo, like: str) -> str:
    """Format a moment as the table does: with its offset if that is written there."""
    local = moment.astimezone(zone)
    text = local.isoformat() if "+" in like or like.count("-") == 3 else local.replace(tzinfo=None).isoformat()
    return text.replace(":00+", "+").replace(":00-", "-") if len(like) > 19 else text[: len(like)]


@cache
def understood(command: Command, case: Case) -> tuple[Schedule, str, str]:
    """Return when it comes, its text, and where."""
    assert isinstance(command, Set)
    meant, text = understanding.of_set(command, case.now, case.zone)
    return meant, text, "dm" if command.direct else "here"


def is_understood(case: Case, command: Command, **other: str) -> bool:
    """Return whether a row is understood exactly as it says, or with one cell different."""
    meant, text, where = understood(command, case)
    expected = {name: other.get(name, case[name]) for name in ("at", "text", "where")}
    if expected["at"] and written(meant.first_at, case.zone, expected["at"]) != expected["at"]:
        return False
    if case["verdict"] == "understood" and (text, where) != (expected["text"], expected["where"]):
        return False
    if "at" in other or case["verdict"] != "understood":
        return True
    following = case["next"].split(" | ") if case["next"] else []
    if not following:
        return meant.rule is None
    assert meant.rule
    times = recurrence.coming(meant.rule, meant.first_at, meant.zone or case.zone, 3)
    wanted = [time for time in following if time != "end"]
    texts = [written(moment, case.zone, like) for moment, like in zip(times, wanted, strict=False)]
    return texts == wanted and (following[-1] != "end" or len(times) == len(wanted))


def is_asked(case: Case, question: Question) -> bool:
    """Return whether a question offers everything that the row wants, in unambiguous lines."""
    offered = [meaning(choice.line, case) for choice in question.choices]
    if case["verdict"] == "understood":  # what else it may mean has another text
        moments = [times[0] for times in offered if isinstance(times, tuple)]
        return case["at"] in [written(moment, case.zone, case["at"]) for moment in moments]
    assert None not in offered, [choice.line for choice in question.choices]
    groups = case["choices"].split(" | ") if case["verdict"] == "ask" and case["choices"] else []
    return all(any(is_offered(choice, offered, case) for choice in group.split(" // ")) for group in groups)


def meaning(line: str, case: Case) -> object:
    """Return a line's comparable meaning; None if it is not understood at once."""
    topic, words = line.split(" ", 1)
    assert topic == "remind"
    invocation = TOPIC.read(words)
    if invocation.wants_help:
        return invocation
    command = parser.parse(invocation, TOPIC, ANN)
    if not isinstance(command, Set):
        return command
    meant, text, _ = understood(command, case)
    times = recurrence.coming(meant.rule, meant.first_at, case.zone, 5) if meant.rule else []
    expected_text = case["text"] or text
    return (meant.first_at, *times) if text == expected_text or case["verdict"] == "understood" else None


def is_offered(choice: str, offered: list[object], case: Case) -> bool:
    if choice.startswith("command:"):
        wanted = parser.parse(TOPIC.read(choice.removeprefix("command:").split(" 10m")[0]), TOPIC, ANN)
        return any(type(meant) is type(wanted) for meant in offered)
    if choice.startswith("every"):
        return meaning(f"remind {choice}", case) in offered
    moments = [times[0] for times in offered if isinstance(times, tuple) and len(times) == 1]
    return any(written(moment, case.zone, choice) == choice for moment in moments)


def is_command(case: Case, command: Command) -> bool:
    """Return whether a command is the row's, with its arguments."""
    verb, args = case["verdict"].removeprefix("command:"), case["args"]
    actual: tuple[str, str]
    match command:
        case ActOnReminders(done, reference):
            actual = done, " ".join(f"#{number.removeprefix('#')}" for number in reference)
        case ActOnAll(done):
            actual = done, "all"
        case ListHere():
            actual = "list", "here"
        case ListPage(page):
            actual = "list", f"page {page}" if page > 1 else ""
        case Zone(name):
            actual = "timezone", name
        case Snooze(reference, when):
            actual = "snooze" * (at_of(when, case) == case["at"]), reference
        case UndoSet():
            actual = "undo", ""
        case EditReminder(reference):
            change = understanding.of_edit(command, case.now, case.zone)
            is_every = "every" not in case["phrase"] or bool(change.every)
            is_it = (at_of(change.when, case), change.what) == (case["at"], case["text"]) and is_every
            actual = "edit" * is_it, reference
        case _:
            return False
    return actual == (verb, args)


def at_of(when: str, case: Case) -> str:
    if not when:
        return ""
    return written(schedule.read(when, "", case.now, case.zone).first_at, case.zone, case["at"])


def alternatives(case: Case) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the verdicts that are correct for a row, each with the cells that differ."""
    yield case["verdict"], {}
    for other in filter(None, case["also"].split(" ; ")):
        verdict, _, cells = other.partition(" ") if "=" not in other.split()[0] else (case["verdict"], "", other)
        yield verdict, dict([cells.split("=", 1)]) if cells else {}


@cache
def outcome(case: Case) -> tuple[str, Command | None, UserError | None]:
    try:
        invocation = TOPIC.read(case["phrase"])
        if invocation.wants_help:
            return "command:help", None, None
        command = parser.parse(invocation, TOPIC, ANN)
        if isinstance(command, Set):
            understood(command, case)
    except Question as question:
        return "ask", None, question
    except UserError as refused:
        return "refuse", None, refused
    return ("understood" if isinstance(command, Set) else "command"), command, None


def fits(case: Case) -> bool:
    kind, command, error = outcome(case)
    for verdict, other in alternatives(case):
        if verdict == kind == "understood" and command and is_understood(case, command, **other):
            return True
        if verdict == kind == "ask" and isinstance(error, Question) and is_asked(case, error):
            return True
        if verdict == kind in {"refuse", "command:help"}:
            return True
        if verdict.startswith("command:") and command and is_command(case, command):
            return True
    return False


@pytest.mark.parametrize(
    "case",
    [*cases(), *cases("more_reminders.tsv")],
    ids=lambda case: f"{case['phrase'][:40]} {case['zone']}{case['now']}",
)
def test_phrase(case: Case) -> None:
    """A phrase is understood as people mean it, or asked about or refused where the table allows that."""
    assert fits(case), outcome(case)


def test_no_row_is_lost() -> None:
    """The first table has all its phrases."""
    assert len(cases()) == 277


@pytest.mark.parametrize("table", PLAIN_ASKED, scope="module")
def test_a_table_is_right(table: str) -> None:
    """A table is understood as its rows say; of the unambiguous ones few are asked about, and none is refused."""
    assert not {case["phrase"]: outcome(case) for case in cases(table) if not fits(case)}
    kinds = [outcome(case)[0] for case in cases(table) if case["verdict"] == "understood"]
    assert kinds.count("ask") <= len(kinds) * PLAIN_ASKED[table]
    assert "refuse" not in kinds


@pytest.mark.parametrize("table", PLAIN_ASKED, scope="module")
def test_no_two_choices_read_alike(table: str) -> None:
    """Each choice of a question can be told from the others by its label."""
    questions = [outcome(case)[2] for case in cases(table)]
    offered = [labels_of(question.choices) for question in questions if isinstance(question, Question)]
    assert [labels for labels in offered if len({*labels}) < len(labels)] == []


@pytest.mark.parametrize(
    "phrase",
    [
        "snooze #3 15",
        "snooze #3 at 5",
        "snooze #3 tomorrow at 9",
        "snooze #3 between 5pm and 6pm",
        "snooze #3 every day",
    ],
)
def test_a_snooze_ends_at_one_time(phrase: str) -> None:
    """An ambiguous time to snooze until is asked about, and a repeating one refused."""
    snooze = parser.parse(TOPIC.read(phrase), TOPIC, ANN)
    assert isinstance(snooze, Snooze)
    with pytest.raises(UserError) as refused:
        understanding.of_snooze(snooze.when, 3, NOW, ZoneInfo("Europe/Berlin"))
    assert isinstance(refused.value, Question) is ("every" not in phrase)
