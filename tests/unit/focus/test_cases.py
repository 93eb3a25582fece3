"""What people type after ``!focus``, checked against the table of correct answers."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chat.focus.commands import TOPIC
from bot.domain.errors import UserError
from bot.domain.focus import begin, parser, preset, rounds
from bot.domain.focus.command import Command, EditSession, ExtendPhase, Join, Notify, StartSession, Task
from bot.domain.focus.plan import BUILT_IN, Plan, parse as parse_plan
from bot.domain.focus.session import Session
from bot.domain.focus.transition import meant
from bot.domain.question import Question
from bot.domain.time import duration, time_of_day
from bot.domain.timers.timer import Actor, Purpose, Timer
from tests.unit.cases.table import Cells, Row, parts, rows

NOW = datetime(2026, 11, 27, 12, 34, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
COLUMNS = ("plan", "options", "task", "args")
ROWS = [
    row
    for table in ("", "more_", "forty_", "typed_", "everyday_", "elsewhere_", "phoned_", "chatted_", "jotted_")
    for row in rows(f"{table}focus.tsv")
]
ANN = Actor(user_id=1, guild_id=2, channel_id=3)
SESSION = Session(
    Timer.begun(ANN, "focus", timedelta(minutes=25), NOW, NOW + timedelta(minutes=25), Purpose.SESSION),
    BUILT_IN["classic"],
    NOW,
    at=0,
).join(ANN.user_id, NOW)


def answer(phrase: str, *, is_running: bool) -> tuple[Cells, list[str]]:
    """Parse a phrase; return the verdict in the table's terms, and the lines of its choices."""
    try:
        command = parser.parse(TOPIC.read(phrase.replace("@Ben", "<@12>")), TOPIC)
        if is_running:
            command = meant(command, SESSION, ANN)
            if isinstance(command, StartSession):
                cells_of(command)
                return cells("ask"), []  # a second session in a channel is asked about, see the service's tests
        return cells_of(command), []
    except Question as question:
        return cells("ask"), [choice.line for choice in question.choices]
    except UserError:
        return cells("refuse"), []


def cells_of(command: Command) -> Cells:
    match command:
        case StartSession():
            plan = plan_of(command)
            if plan is None:
                raise preset.unknown(command, [*BUILT_IN, "my plan"], TOPIC)
            task = command.task or ""
            return cells("start", plan=str(plan), options=options(command), task=task)
        case ExtendPhase(by):
            return cells("command:extend", args=f"{by // timedelta(minutes=1)} minutes")
        case Join(task):
            return cells("command:join", args=task or "")
        case Task(text):
            return cells("command:task", args=text)
        case Notify(how):
            return cells("command:notify", args=how)
    return cells("command:edit", args="25/5") if isinstance(command, EditSession) else cells(f"command:{command}")


def plan_of(start: StartSession) -> Plan | None:
    if start.until:
        return rounds.until(start, NOW, BERLIN)
    return start.plan or BUILT_IN.get(start.plan_name or "classic")


def options(start: StartSession) -> str:
    begins_at = begin.moment(start, NOW, BERLIN)
    return " ".join(
        [
            *([f"begin={begins_at.astimezone(BERLIN):%Y-%m-%dT%H:%M}"] if begins_at else []),
            *([] if start.auto else ["manual"]),
            *(["warn"] if start.warn else []),
            *([f"voice={start.voice}"] if start.voice else []),
        ]
    )


def cells(verdict: str, **known: str) -> Cells:
    return dict.fromkeys(COLUMNS, "") | {"verdict": verdict} | known


def read(line: str) -> Cells:
    """Parse the line of a choice, which must not be asked about again."""
    topic, _, words = line.partition(" ")
    if topic != "focus":
        return cells(f"command:{topic}", args=words)
    known, offered = answer(words, is_running=False)
    assert known["verdict"] not in {"ask", "refuse"}, (line, offered)
    return known


def is_same(wanted: str, line: str) -> bool:
    """Return whether a choice is what the table describes."""
    given = read(line)
    if wanted.startswith("command:"):
        return wanted.split() == [given["verdict"], *given["args"].split()]
    if wanted.startswith("begin="):
        return given["options"] == wanted
    if of := re.fullmatch(r"one phase of (.+)", wanted):
        return given["plan"] == f"{duration.written(length(of[1]))} focus"
    if of := re.fullmatch(r"rounds (?:that fill|until) (.+)", wanted):
        return is_filled(given["plan"], length(of[1]))
    of = re.fullmatch(r"(\w+)(?: on (.+?))?(?:, with Ben called)?", wanted)
    return bool(of) and (given["plan"], given["task"]) == (str(BUILT_IN[of[1]]), of[2] or "")  # type: ignore[index]


def length(text: str) -> timedelta:
    if ":" in text:
        return time_of_day.until(time_of_day.read(text)[0], NOW, BERLIN)
    parsed = duration.read(text)
    assert parsed
    return parsed


def is_filled(plan: str, room: timedelta) -> bool:
    """Return whether a plan of several rounds leaves no room for one more."""
    total = parse_plan(plan).total
    return timedelta() <= room - total < timedelta(minutes=30) and "x(" in plan


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.phrase} {row.cells['context']}" for row in ROWS])
def test_the_right_answer(row: Row) -> None:
    """Each phrase is understood as the table says, or asked about with the choices that it names."""
    known, offered = answer(row.phrase, is_running=bool(row.cells["context"]))
    assert any(fits(right, known) for right in row.answers(COLUMNS)), row.answers(COLUMNS)
    if known["verdict"] == "ask" == row.cells["verdict"]:
        for wanted in parts(row.cells["choices"], " | "):
            assert any(is_same(text, line) for text in parts(wanted, " // ") for line in offered), offered


def fits(right: Cells, known: Cells) -> bool:
    """Return whether an answer is correct; a plan that is not named is the default."""
    usual: dict[str, Any] = {"plan": str(BUILT_IN["classic"])} if right["verdict"] == "start" else {}
    return {**right, **({} if right["plan"] else usual)} == known


def test_a_choice_is_what_it_says() -> None:
    """A pressed line is understood without another question, in any context."""
    for row in ROWS:
        for line in answer(row.phrase, is_running=False)[1]:
            assert read(line)
