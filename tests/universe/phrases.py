"""Phrases: what people type, and the correct answers, from the tables of ``unit/cases``.

Those with a time of day are correct at one minute only, see ``MOMENT``; some universes pass through it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.unit.cases import table
from tests.universe.course import Phase

# When the tables of reminders are read, and where.
MOMENT, HOME = datetime(2026, 11, 27, 12, 34, tzinfo=UTC), ZoneInfo("Europe/Berlin")
# Virtual seconds at which that minute begins there.
AT = 600.0
_START = re.compile(r"start (.+) (\d+)")
_LENGTH = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?")
_SET = re.compile(r"(\d+)x\((.+)\)")
_TITLES = {"focus": ("Focus", True), "short break": ("Short break", False), "long break": ("Long break", False)}
# Words of time behind which a token would not be the name's end.
_BY_CLOCK = re.compile(r"\b(?:until|at|tomorrow)\b|\d:\d\d\b|@")


@dataclass(frozen=True, slots=True)
class Timer:
    """A pomodoro by a ``template`` with a place for its name; ``seconds`` are one, or all that are asked about."""

    template: str
    seconds: frozenset[int]
    may_start: bool
    may_ask: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder by a template; ``moments`` are Unix times: its own, or those that are offered."""

    template: str
    moments: tuple[float, ...]
    may_set: bool
    may_refuse: bool
    repeats: bool = False
    # Whether the last of the moments is its end.
    ends: bool = False
    # How many buttons there are at least where it is asked about.
    offers: int = 0


def timers() -> list[Timer]:
    """Return what may be typed after ``!pomodoro`` at any time."""
    known = []
    for row in table.rows("pomodoro.tsv"):
        cells, phrase = row.cells, row.phrase
        offered = {(match[1], int(match[2])) for match in map(_START.fullmatch, _parts(cells["choices"])) if match}
        name = cells["name"] or next(iter(offered), ("", 0))[0]
        lengths = {seconds for _, seconds in offered} | ({int(cells["seconds"])} if cells["name"] else set())
        if phrase.count(name) != 1 or not re.fullmatch(r"[a-z]+( [a-z]+)*", name) or _BY_CLOCK.search(phrase):
            continue
        if cells["verdict"] in {"start", "ask"} and not any(seconds > 7200 for seconds in lengths):
            others = [answer["verdict"] for answer in row.answers(())]
            template = phrase.replace(name, "{}")
            known.append(Timer(template, frozenset(lengths), "start" in others, "ask" in others))
    started = {timer.template for timer in known if timer.may_start}
    return [timer for timer in known if timer.may_start or timer.template not in started]


def plans() -> list[tuple[str, list[Phase]]]:
    """Return what may be typed after ``!focus`` at any time, with its phases."""
    known = []
    for row in table.rows("focus.tsv"):
        cells = row.cells
        if cells["verdict"] != "start" or cells["options"] or cells["task"] or cells["context"] or cells["also"]:
            continue
        phases = _phases(cells["plan"])
        if phases and row.phrase.count("warm") == 0:
            known.append((row.phrase, phases))
    return known


def zones() -> list[tuple[str, ZoneInfo]]:
    """Return what may be typed after ``!remind timezone``, with the zone that it means."""
    rows = table.rows("zones.tsv")
    return [
        (row.phrase, ZoneInfo(row.cells["zone"]))
        for row in rows
        if row.cells["verdict"] == "understood" and not row.cells["also"]
    ]


def reminders() -> list[Reminder]:
    """Return what may be typed after ``!remind`` at that moment, and there."""
    return [known for row in table.rows("reminders.tsv") if (known := _reminder(row))]


def _reminder(row: table.Row) -> Reminder | None:
    cells, phrase = row.cells, row.phrase
    answers = row.answers(("at", "text", "where"))
    if cells["now"] or cells["zone"] or any(answer["where"] == "dm" for answer in answers) or "@" in phrase:
        return None
    verdicts = {answer["verdict"] for answer in answers}
    if cells["verdict"] == "understood":
        text = cells["text"]
        if (
            not text
            or phrase.count(text) != 1
            or any(a["at"] != cells["at"] for a in answers if a["verdict"] == "understood")
        ):
            return None
        following = [moment for moment in _parts(cells["next"]) if moment != "end"]
        moments = tuple(_unix(moment) for moment in (cells["at"], *following))
        template = phrase.replace("{", "{{").replace("}", "}}").replace(text, f"{text} {{}}")
        return Reminder(
            template,
            moments,
            True,
            "refuse" in verdicts or "ask" in verdicts,
            bool(cells["repeats"]),
            "end" in cells["next"],
        )
    choices = _parts(cells["choices"])
    offered = [moment for part in choices for moment in table.parts(part, " // ")]
    if (
        cells["verdict"] != "ask"
        or not offered
        or phrase[-1].isdigit()
        or not all(re.fullmatch(r"\d{4}-\S+", moment) for moment in offered)
    ):
        return None
    moments = tuple(_unix(moment) for moment in offered)
    return Reminder(phrase + " {}", moments, "understood" in verdicts, True, offers=len(choices))


def _parts(cell: str) -> list[str]:
    return table.parts(cell, " | ")


def _unix(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).timestamp()


def _phases(plan: str) -> list[Phase]:
    """Read a plan; nothing if it has phases of other names."""
    phases: list[tuple[str, float]] = []
    for part in re.split(r", (?![^(]*\))", plan):
        times, inner = (int(match[1]), match[2]) if (match := _SET.fullmatch(part)) else (1, part)
        for phase in inner.split(", ") * times:
            length, _, name = phase.partition(" ")
            match = _LENGTH.fullmatch(length)
            if name not in _TITLES or not match:
                return []
            phases.append((name, int(match[1] or 0) * 3600.0 + int(match[2] or 0) * 60.0))
    rounds = sum(name == "focus" for name, _ in phases)
    read_phases, number = [], 0
    for name, seconds in phases:
        title, is_focus = _TITLES[name]
        number += is_focus
        read_phases.append(
            (f"{title} · {number} of {rounds}" if is_focus and rounds > 1 else title, is_focus, seconds)
        )
    return read_phases
