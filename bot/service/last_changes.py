"""Last changes: each person's latest change of timers, for ``undo``."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.timers.timer import Timer

# How long a change can be undone, and the most people whose change is remembered.
_MOST_AGE, _MOST_PEOPLE = timedelta(minutes=5), 1_000

# Undoes a change: the changed timer and the time in, the new timer out.
Inverse = Callable[[Timer, datetime], Timer]


@dataclass(frozen=True, slots=True)
class Change:
    """A timer that was changed, and what undoes the change."""

    timer_id: int
    inverse: Inverse


class LastChanges:
    """Remembers one change per person, of one timer or several; a restart forgets them."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, tuple[datetime, Sequence[Change]]] = OrderedDict()

    def note(self, user_id: int, changes: Sequence[Change], now: datetime) -> None:
        """Remember a change instead of the one before."""
        self._last.pop(user_id, None)
        self._last[user_id] = now, changes
        if len(self._last) > _MOST_PEOPLE:
            self._last.popitem(last=False)

    def take(self, user_id: int, now: datetime) -> Sequence[Change]:
        """Return a person's last change and forget it; empty if it is too old."""
        at, changes = self._last.pop(user_id, (now, ()))
        return changes if now - at <= _MOST_AGE else ()
