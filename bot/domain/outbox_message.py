"""An outbox message: one message about timers, kept in the outbox until Discord has taken it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from bot.domain.timers.timer import Purpose, State, Timer

# The capacity of a message: Discord allows 4,000 characters of text in components, and two menus of 25 entries.
_CHARACTERS = 4_000
_TIMERS = 50
# The longest text beside a timer's name where several share a message: the headline, a mention, and how late it is
# and why; for a reminder also the link of the message it is about, how many times were missed, and whom it may not
# mention any more. Announcements of any other purpose go alone, as digests do.
_AROUND = {Purpose.POMODORO: 90, Purpose.SESSION: 90, Purpose.REMINDER: 390}
_ALONE = _CHARACTERS // 2


class Kind(StrEnum):
    """What an outbox message does, and where."""

    ANNOUNCEMENT = "announcement"
    DIRECT = "direct"
    CARD = "card"
    # Sessions: a new card for a phase, the last-minute warning, and closing an earlier card.
    PHASE = "phase"
    WARNING = "warning"
    CLOSED = "closed"
    # To each person in a session: its channel takes no messages any more.
    STRANDED = "stranded"
    # In the channel where a direct-message reminder was set whose owner refuses direct messages.
    NOTICE = "notice"


# The kinds that tell a person that a timer is due.
ANNOUNCEMENTS = (Kind.ANNOUNCEMENT, Kind.DIRECT)

# The kinds that go to a person.
PERSONAL = (Kind.DIRECT, Kind.STRANDED)

# Edits of existing messages: they mention nobody, and may wait.
EDITS = (Kind.CARD, Kind.CLOSED)


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """An announcement of finished timers, news of one session, or the new state of a card.

    ``place_id`` is the channel's id; for a ``PERSONAL`` message, sent because the channel could not be reached or
    the person wants it so, the person's. ``stage`` is the progress of the session at the time, ``message_id`` the
    card to close. ``nonce`` is drawn when the outbox is written and is the message's key: Discord answers a repeat
    with the same nonce with the message it already has, so retrying after a lost answer is safe. ``mentioned`` are
    people whom an earlier message mentioned for the same reason, so that this one does not. ``tried_at`` is when a
    try may first have reached Discord without our knowing; None if none is recorded. ``reason`` is why it goes
    to a person and not to the channel, as a template. ``not_before`` is when a phase begins that is announced by a
    countdown, which wakes slightly early; it isn't stored.
    """

    nonce: str
    kind: Kind
    place_id: int
    timers: tuple[Timer, ...]
    stage: int | None = None
    message_id: int | None = None
    mentioned: frozenset[int] = frozenset()
    tried_at: datetime | None = None
    reason: str | None = None
    not_before: datetime | None = None

    def replaces(self, earlier: "OutboxMessage") -> bool:
        """Return whether this message makes ``earlier`` obsolete."""
        if (self.kind, self.timers[0].id) != (earlier.kind, earlier.timers[0].id):
            return False
        return self.kind in {Kind.CARD, Kind.PHASE}

    @property
    def due_at(self) -> datetime | None:
        """When the last of its timers ended; None if it announces no end."""
        ends = [timer.due_at for timer in self.timers if timer.due_at and timer.state is State.DONE]
        return max(ends, default=None)

    @property
    def first_try(self) -> datetime:
        """The earliest moment at which it may first have been tried."""
        return self.tried_at or self.due_at or self.timers[0].started_at

    def merges_with(self, other: "OutboxMessage") -> bool:
        """Return whether both may be merged into one message; those about sessions never are."""
        return (
            self.kind is other.kind
            and self.kind in ANNOUNCEMENTS
            and self.timers[0].purpose is other.timers[0].purpose
            and (self.stage is other.stage is None)
        )


def bundles(timers: Iterable[Timer], place: Callable[[Timer], int] = attrgetter("channel_id")) -> list[list[Timer]]:
    """Group timers into as few messages as can hold them, each for one place, in order."""
    open_bundles: dict[int, list[Timer]] = {}
    full: list[list[Timer]] = []
    for timer in timers:
        bundle = open_bundles.setdefault(place(timer), [])
        if bundle and not fits([*bundle, timer]):
            full.append(bundle)
            bundle = open_bundles[place(timer)] = []
        bundle.append(timer)
    return [*full, *open_bundles.values()]


def fits(timers: Sequence[Timer]) -> bool:
    """Return whether one message can hold these announcements with every character of a name escaped."""
    characters = sum(2 * len(timer.name) + _AROUND.get(timer.purpose, _ALONE) for timer in timers)
    return len(timers) <= _TIMERS and characters <= _CHARACTERS
