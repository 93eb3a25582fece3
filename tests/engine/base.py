"""The base: the database of one example, looked at past the bot."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass
class Base:
    """An empty, migrated database: its URL, and a connection to look into it."""

    url: str
    eye: Any

    def started_by(self, request: str) -> Iterable[int]:
        """Give the id of the timer that a request has started, if it has."""
        return self._ids(f"SELECT id FROM timers WHERE request = '{request}'")

    def over(self) -> Iterable[int]:
        """Give the ids of the timers whose time is marked as come."""
        return self._ids("SELECT id FROM timers WHERE state = 'done'")

    def unrecorded(self) -> Iterable[int]:
        """Give the ids of the timers of which something is still to be said, or to be recorded as said."""
        return self._ids("SELECT timer_id FROM outbox WHERE state = 'pending'")

    def said(self) -> Iterable[int]:
        """Give the ids of the timers whose announcement is recorded as said."""
        return self._ids("SELECT timer_id FROM outbox WHERE state = 'sent' AND kind <> 'card'")

    def given_up(self, reason: str) -> Iterable[int]:
        """Give the ids of the timers that nobody could be told of, for this reason."""
        undeliverable = "SELECT timer_id FROM outbox WHERE state = 'undeliverable' AND kind <> 'card'"
        return self._ids(f"{undeliverable} AND reason = '{reason}'")

    def _ids(self, statement: str) -> list[int]:
        return [timer_id for (timer_id,) in self.eye.execute(statement).fetchall()]
