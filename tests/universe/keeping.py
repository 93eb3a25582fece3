"""Keeping: what people do with what is kept of them: add to it, have it shown, exported and deleted."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.universe import calendar, rows, sentences, streaks
from tests.universe.claims import Claim, clipped, union
from tests.universe.focusing import Focusing
from tests.universe.human import Answer, Human, seconds_of
from tests.universe.judge import Judge
from tests.universe.sessions import Sessions

_FILE = re.compile(r"/cdn/attachments/\d+/(\d+)/")
_TODAY, _WEEK = (
    re.compile(sentences.pattern(sentence, amount="") + r"([^·\n]+)")
    for sentence in (sentences.TODAY, sentences.THIS_WEEK)
)
_DONE = re.compile(sentences.pattern(sentences.GOAL, bar=r"\S+", done="(.+?)", goal=""))
_LENGTHS = ((1800.0, "30m"), (600.0, "10m"), (2700.0, "45m"))
# How often somebody takes back what they have added, else looks at what is kept of them, and how often that was of
# the day before.
_REGRETS, _LOOKS, _YESTERDAY = 0.4, 0.5, 0.5
# How often somebody sets a goal before they look at it.
_AIMS = 0.5
# Seconds for which what has ended is surely still there: nearly the thirty days of KEEP_FINISHED_DAYS.
_KEPT = 29 * 86_400.0
# What must be gone of somebody who had all deleted, by when it was.
_GONE = {
    "timers": "SELECT count(*) FROM timers WHERE owner_id = ? AND started_at < ?",
    "focus_log": "SELECT count(*) FROM focus_log WHERE user_id = ? AND ended_at < ?",
    "unconfirmed": "SELECT count(*) FROM unconfirmed WHERE user_id = ? AND ended_at < ?",
    "participants": "SELECT count(*) FROM participants WHERE user_id = ? AND joined_at < ?",
    "questions": "SELECT count(*) FROM questions WHERE user_id = ? AND created_at < ?",
}


class Keeping:
    """All of that, and what somebody has of it."""

    def __init__(self, focusing: Focusing, sessions: Sessions, database: Callable[[], Path]) -> None:
        self._focusing = focusing
        self._sessions = sessions
        self._database = database
        # What each has added, people for whom that is in doubt, and when somebody deleted everything.
        self._added: dict[str, list[Claim]] = {}
        # How many entries each has added since then, those that were taken back included.
        self._entries: Counter[str] = Counter()
        self._unsure: set[str] = set()
        self._deleted_at: dict[str, float] = {}

    def of(self, human: Human) -> tuple[list[Claim], list[Claim]] | None:
        """Return when somebody's focus surely counts so far, and when it may; None if that is in doubt."""
        mine = [promise for promise in human.judge.promises.values() if promise.owner_id == human.id]
        timers = [promise for promise in mine if promise.token[0] == "t"]
        is_unsure = human.id in self._unsure or self._sessions.is_uncertain(human.id)
        if is_unsure or any(promise.uncertain for promise in timers):
            return None
        sure, possible = self._sessions.claims(human.id)
        sure, possible = sure + self._added.get(human.id, []), possible + self._added.get(human.id, [])
        for promise in timers:
            surely, perhaps = promise.claims(human.now, human.judge.slack)
            sure, possible = sure + surely, possible + perhaps
        return sure, possible

    @staticmethod
    def directly(human: Human) -> list[Claim]:
        """Return when somebody's focus outside of servers may count."""
        mine = [promise for promise in human.judge.promises.values() if promise.owner_id == human.id]
        return [
            claim
            for promise in mine
            if not promise.guild_id
            for claim in promise.claims(human.now, human.judge.slack)[1]
        ]

    def kept_since(self, user_id: str, since: float, value: bool | None) -> bool | None:
        """Return what somebody told the bot at a moment; False if all was deleted, None if that may be."""
        if user_id in self._unsure:
            return None
        return value and self._deleted_at.get(user_id, -1.0) < since

    async def show(self, human: Human) -> None:
        """Look at how long one has focused today, and this week."""
        before = self.of(human)
        command = human.chance.choice(("stats me", "stats me", "goal"))
        if command == "goal" and human.chance.random() < _AIMS:
            await human.slash(human.channels[0], "goal", day=human.chance.choice(("1h", "2h")))
        answer = await human.slash(human.chance.choice(human.channels), command)
        after = self.of(human)
        if before is None or after is None or not human.zone_known or human.is_excused(answer.asked_at - 60):
            return
        for pattern, since in (_TODAY, _midnight), (_WEEK, _monday), (_DONE, _midnight):
            if shown := pattern.search(answer.words or ""):
                # What was logged before one's zone was known has its day by UTC.
                begins = [since(human, zone) for zone in (human.zone, ZoneInfo("UTC"))]
                _hold(human, answer, seconds_of(shown[1]), (before[0], after[1]), begins)
        streaks.hold(human, answer, before, after[1])

    async def add(self, human: Human) -> None:
        """Add what no timer has measured, which ended just now or was yesterday; and perhaps take it back."""
        seconds, spelt = human.chance.choice(_LENGTHS)
        was_yesterday = human.zone_known and human.chance.random() < _YESTERDAY
        if was_yesterday:
            here = datetime.fromtimestamp(human.judge.epoch + human.now, human.zone)
            at = time(human.chance.randint(7, 20), human.chance.choice((0, 30)))
            spelt += f" essay yesterday {at:%H:%M}"
            moment = calendar.instant(here.date() - timedelta(days=1), at, human.zone) - human.judge.epoch
        answer = await human.type(human.chance.choice(human.channels), f"!stats add {spelt}")
        if answer.words is None:
            self._unsure.add(human.id)
        elif sentences.ADDED in answer.words:
            human.judge.counts["added"] += 1
            claim: Claim = (
                (answer.asked_at - seconds, answer.answered_at - seconds),
                (answer.asked_at, answer.answered_at),
            )
            if was_yesterday:
                claim = (moment, moment), (moment + seconds, moment + seconds)
            added = self._added.setdefault(human.id, [])
            if claim not in added:  # the same, said twice, is one entry
                added.append(claim)
                self._entries[human.id] += 1
            if human.chance.random() < _REGRETS:
                await human.pause(human.chance.uniform(1, 60))
                undone = await human.press(answer.message, sentences.UNDO)
                if undone.words is None or undone.words == "(defer)":
                    self._unsure.add(human.id)
                elif sentences.REMOVED in undone.words:
                    added.remove(claim)
            elif human.chance.random() < _LOOKS:
                await self.show(human)

    async def export(self, human: Human) -> None:
        """Have all that is kept exported: it has everything that is promised."""
        since, kept = self._deleted_at.get(human.id, -1.0), human.judge.now - _KEPT
        mine = [
            promise
            for promise in human.judge.promises.values()
            if promise.owner_id == human.id and promise.card and not promise.uncertain
            if promise.asked_at > (since if promise.open_due else max(since, kept))
        ]
        before = rows.of(self._database(), human.id)
        answer = await human.slash(human.chance.choice(human.channels), "privacy export")
        after = rows.of(self._database(), human.id)
        ids = _FILE.findall(json.dumps(answer.message)) if isinstance(answer.message, dict) else []
        files = [file[1] for each in dict.fromkeys(ids) if (file := human.local.backend.files.file(each))]
        if not files or human.is_excused(answer.asked_at):
            return
        human.judge.counts["exports"] += 1
        numbers, exported = rows.exported(files)
        for table in sorted(before.keys() & after.keys()):
            least = min(before[table], after[table])
            if numbers.get(table, 0) < least:
                human.judge.fault("not exported", f"{least} rows in {table}, but {numbers.get(table, 0)}")
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
        if is_known and (left := rows.of(self._database(), human.id)):
            human.judge.fault("not deleted", f"{left} of {human.person.name}")
        for copy in [copy for promise in promises for copy in human.judge.copies.of(promise.token)]:
            copy.doubt()  # the words that others have snoozed go with their author
        human.zone_known, human.zone_in_doubt = False, not is_known
        for promise in promises:
            if is_known:
                promise.forget(answer.asked_at, answer.answered_at)
            else:
                promise.doubt()
                promise.void = True
        self._focusing.vanish(human.id, is_known=is_known)
        if is_known:
            self._added.pop(human.id, None)
            del self._entries[human.id]
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
                    # What was added since may have been before, and is kept where it was taken back.
                    if rows > (self._entries[user_id] if table == "focus_log" else 0):
                        judge.fault("not deleted", f"{rows} rows of {user_id} in {table}")


def _hold(human: Human, answer: Answer, seconds: int, mine: tuple[list[Claim], list[Claim]], begins: Any) -> None:
    """Hold an amount that is shown against the union of what somebody did since a moment, one of several."""
    low, _ = union(clipped(mine[0], max(begins)), [])
    _, high = union([], clipped(mine[1], min(begins)))
    slack = 5.0 + 2 * len(mine[1]) + human.judge.slack
    human.judge.counts["shown"] += 1
    if not low - slack - 60 <= seconds <= high + slack:
        fault = f"{human.person.name} is shown {seconds} s, not {low:.1f} to {high:.1f}: {answer.words!r}"
        human.judge.fault("wrong sum", fault)


def _midnight(human: Human, zone: ZoneInfo) -> float:
    now = datetime.fromtimestamp(human.judge.epoch + human.now, zone)
    return now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() - human.judge.epoch


def _monday(human: Human, zone: ZoneInfo) -> float:
    today = datetime.fromtimestamp(human.judge.epoch + human.now, zone).date()
    return calendar.instant(today - timedelta(days=today.weekday()), time(), zone) - human.judge.epoch
