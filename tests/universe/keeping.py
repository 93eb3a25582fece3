"""Keeping: what people do with what is kept of them: add to it, have it shown, exported and deleted."""

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.universe import sentences
from tests.universe.claims import Claim, clipped, union
from tests.universe.focusing import Focusing
from tests.universe.human import Human
from tests.universe.judge import Judge

_FILE = re.compile(r"/cdn/attachments/\d+/(\d+)/")
_TODAY = re.compile(sentences.pattern(sentences.TODAY, amount="") + r"([^·\n]+)")
_AMOUNT, _UNITS = re.compile(r"(\d+) (h|min|s)\b"), {"h": 3600, "min": 60, "s": 1}
_LENGTHS = ((1800.0, "30m"), (600.0, "10m"), (2700.0, "45m"))
# How often somebody takes back what they have added.
_REGRETS = 0.5
# What must be gone of somebody who had all deleted, by when it was.
_GONE = {
    "timers": "SELECT count(*) FROM timers WHERE owner_id = ? AND started_at < ?",
    "focus_log": "SELECT count(*) FROM focus_log WHERE user_id = ? AND ended_at < ?",
    "unconfirmed": "SELECT count(*) FROM unconfirmed WHERE user_id = ? AND ended_at < ?",
    "participants": "SELECT count(*) FROM participants WHERE user_id = ? AND joined_at < ?",
}


class Keeping:
    """All of that, and what somebody has of it."""

    def __init__(self, focusing: Focusing) -> None:
        self._focusing = focusing
        # What each has added, those of whom that is in doubt, and when somebody had all deleted.
        self._added: dict[str, list[Claim]] = {}
        self._unsure: set[str] = set()
        self._deleted_at: dict[str, float] = {}

    def of(self, human: Human) -> tuple[list[Claim], list[Claim]] | None:
        """Return when somebody's focus surely counts so far, and when it may; None where that is in doubt."""
        mine = [promise for promise in human.judge.promises.values() if promise.owner_id == human.id]
        timers = [promise for promise in mine if promise.token[0] == "t"]
        is_unsure = human.id in self._unsure or self._focusing.is_uncertain(human.id)
        if is_unsure or any(promise.uncertain for promise in timers):
            return None
        sure, possible = self._focusing.claims(human.id)
        sure, possible = sure + self._added.get(human.id, []), possible + self._added.get(human.id, [])
        for promise in timers:
            surely, perhaps = promise.claims(human.now)
            sure, possible = sure + surely, possible + perhaps
        return sure, possible

    async def show(self, human: Human) -> None:
        """Look at how long one has focused today."""
        answer = await human.slash(human.chance.choice(human.channels), "stats me")
        shown, mine = _TODAY.search(answer.words or ""), self.of(human)
        if not shown or mine is None or not human.zone_known or human.is_excused(answer.asked_at - 60):
            return
        # What was logged before one's zone was known has its day by UTC.
        midnights = [_midnight(human, zone) for zone in (human.zone, ZoneInfo("UTC"))]
        low, _ = union(clipped(mine[0], max(midnights)), [])
        _, high = union([], clipped(mine[1], min(midnights)))
        slack = 5.0 + 2 * len(mine[1]) + human.judge.slack
        seconds = sum(int(number) * _UNITS[unit] for number, unit in _AMOUNT.findall(shown[1].replace(",", "")))
        human.judge.counts["shown"] += 1
        if not low - slack - 60 <= seconds <= high + slack:
            fault = f"{human.person.name} is shown {seconds} s, not {low:.1f} to {high:.1f}: {answer.words!r}"
            human.judge.fault("wrong sum", fault)

    async def add(self, human: Human) -> None:
        """Add what no timer has measured, which ended just now; and perhaps take it back."""
        seconds, spelt = human.chance.choice(_LENGTHS)
        answer = await human.type(human.chance.choice(human.channels), f"!stats add {spelt} reading")
        if answer.words is None:
            self._unsure.add(human.id)
        elif sentences.ADDED in answer.words:
            human.judge.counts["added"] += 1
            begins = answer.asked_at - seconds, answer.answered_at - seconds
            claim: Claim = begins, (answer.asked_at, answer.answered_at)
            self._added.setdefault(human.id, []).append(claim)
            if human.chance.random() < _REGRETS:
                await human.pause(human.chance.uniform(1, 60))
                undone = await human.press(answer.message, sentences.UNDO)
                if undone.words is None or undone.words == "(defer)":
                    self._unsure.add(human.id)
                elif sentences.REMOVED in undone.words:
                    self._added[human.id].remove(claim)

    async def export(self, human: Human) -> None:
        """Have all that is kept exported: it has everything that is promised."""
        human.judge.counts["exports"] += 1
        since = self._deleted_at.get(human.id, -1.0)
        mine = [
            promise
            for promise in human.judge.promises.values()
            if promise.owner_id == human.id and promise.card and not promise.uncertain and promise.asked_at > since
        ]
        answer = await human.slash(human.chance.choice(human.channels), "privacy export")
        ids = _FILE.findall(json.dumps(answer.message)) if isinstance(answer.message, dict) else []
        files = [file[1] for each in dict.fromkeys(ids) if (file := human.local.backend.files.file(each))]
        if not files or human.is_excused(answer.asked_at):
            return
        exported = " ".join(map(_text, files))
        for promise in mine:
            if (promise.called or promise.token) not in exported:
                human.judge.fault("not exported", promise.called or promise.token)

    async def delete(self, human: Human) -> None:
        """Have everything deleted: nothing that was promised comes any more."""
        asked = await human.slash(human.chance.choice(human.channels), "privacy delete")
        if sentences.DELETE not in asked.buttons:
            return
        promises = [promise for promise in human.judge.promises.values() if promise.owner_id == human.id]
        answer = await human.press(asked.message, sentences.DELETE)
        is_known = sentences.DELETED in (answer.words or "") and not human.is_excused(answer.asked_at)
        human.judge.counts["deleted"] += is_known
        human.zone_known = False
        for promise in promises:
            if is_known:
                promise.forget(answer.asked_at, answer.answered_at)
            else:
                promise.doubt()
                promise.void = True
        self._focusing.vanish(human.id, is_known=is_known)
        if is_known:
            self._added.pop(human.id, None)
            self._deleted_at[human.id] = answer.asked_at
        else:
            self._deleted_at.pop(human.id, None)
            self._unsure.add(human.id)

    def close(self, judge: Judge, database: Path) -> None:
        """Hold what is still there against what was to be deleted."""
        with closing(sqlite3.connect(database)) as connection:
            for user_id, at in self._deleted_at.items():
                before = int((judge.epoch + at - judge.slack) * 1000) - 1000
                for table, statement in _GONE.items():
                    (rows,) = connection.execute(statement, (user_id, before)).fetchone()
                    if rows:
                        judge.fault("not deleted", f"{rows} rows of {user_id} in {table}")


def _midnight(human: Human, zone: ZoneInfo) -> float:
    now = datetime.fromtimestamp(human.judge.epoch + human.now, zone)
    return now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() - human.judge.epoch


def _text(content: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return " ".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))
