"""The base: one example's database, read independently of the bot."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, NullPool, RowMapping, create_engine, make_url, select

from bot.domain.outbox_message import ANNOUNCEMENTS
from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import Due, State, Timer
from bot.store.reminders import own_of
from bot.store.tables import focus_log, outbox, reminders, timers
from bot.store.timers import COLUMNS, timer_of

# Made once: it is asked again and again.
_LOGGED = (
    select(*COLUMNS, *(column.label(f"log_{column.name}") for column in focus_log.c))
    .outerjoin(focus_log, focus_log.c.timer_id == timers.c.id)
    .order_by(focus_log.c.id)
)


def look_into(url: str) -> Connection:
    """Open a connection that sees everything committed; the last user closes it."""
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername=drivers[parsed.drivername]), poolclass=NullPool)
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


@dataclass
class Base:
    """An empty, migrated database: its URL, and a connection to inspect it."""

    url: str
    eye: Connection

    def timers(self) -> dict[str, Timer]:
        """Return every timer, by the request that started it."""
        rows = self.eye.execute(select(timers.c.request, *COLUMNS)).mappings()
        return {row["request"]: timer_of(row) for row in rows}

    def reminders(self) -> dict[str, Reminder]:
        """Return every reminder, and the occurrences of each series, by request."""
        own = [column for column in reminders.c if column.name != "timer_id"]
        joined = select(timers.c.request, *COLUMNS, *own).join(reminders, reminders.c.timer_id == timers.c.id)
        rows = self.eye.execute(joined).mappings()
        return {row["request"]: Reminder(timer_of(row), **own_of(row)) for row in rows}

    def dues(self) -> list[Due]:
        """Return when each timer that runs is due."""
        running = select(timers.c.id, timers.c.version, timers.c.due_at).where(timers.c.state == State.RUNNING)
        return [Due(*row) for row in self.eye.execute(running)]

    def logged(self, *where: ColumnElement[bool]) -> dict[Timer, list[RowMapping]]:
        """Return timers with their focus log entries, all from the same moment."""
        logged: dict[Timer, list[RowMapping]] = {}
        for row in self.eye.execute(_LOGGED.where(*where)).mappings():
            of_timer = logged.setdefault(timer_of(row), [])
            if row["log_id"] is not None:
                of_timer.append(row)
        return logged

    def unrecorded(self) -> list[int]:
        """Return the ids of the timers with something still to announce, or to record as announced."""
        return self._about(outbox.c.state == "pending")

    def announced_ids(self) -> list[int]:
        """Return the ids of the timers whose announcement is recorded as sent."""
        return self._about(outbox.c.state == "sent", outbox.c.kind.in_(ANNOUNCEMENTS))

    def given_up(self, reason: str) -> list[int]:
        """Return the ids of the timers whose announcement was given up for this reason."""
        return self._about(
            outbox.c.state == "undeliverable", outbox.c.kind.in_(ANNOUNCEMENTS), outbox.c.reason == reason
        )

    def _about(self, *where: ColumnElement[Any]) -> list[int]:
        return list(self.eye.execute(select(outbox.c.timer_id).where(*where)).scalars())
