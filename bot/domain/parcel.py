"""A parcel: one message about timers, kept in the outbox until Discord has taken it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.timer import Purpose, Timer

# What one message holds: Discord takes 4,000 characters of text in components, and two menus of 25 entries.
_CHARACTERS = 4_000
_TIMERS = 50
# What is said beside a timer's name, at most, where several share a message: its call, a mention, and how late it
# comes and why; of a reminder also the address of the message that it is about, and how many times were missed.
_AROUND = {Purpose.POMODORO: 90, Purpose.SESSION: 90, Purpose.REMINDER: 260}
_AROUND[Purpose.DIGEST] = _CHARACTERS // 2  # one a message


class Kind(StrEnum):
    """What a parcel does, and where."""

    ANNOUNCEMENT = "announcement"
    DIRECT = "direct"
    CARD = "card"
    # Of a session: a new card for its phase, the last minute of one, and the end of an earlier card.
    PHASE = "phase"
    WARNING = "warning"
    CLOSED = "closed"
    # In the channel where a reminder was asked for by direct message, which its owner does not take.
    NOTICE = "notice"


# What tells a person that a timer's time has come.
TOLD = (Kind.ANNOUNCEMENT, Kind.DIRECT)

# Edits of messages that are there: they mention nobody, and may wait.
EDITS = (Kind.CARD, Kind.CLOSED)


@dataclass(frozen=True, slots=True)
class Parcel:
    """An announcement of timers that are over, what is to be said of one session, or the new look of a card.

    ``place_id`` is the channel's id; for a ``DIRECT`` message, which goes to a person because the channel could not
    be reached or they want it so, theirs. ``stage`` is how far the session had come that it tells of, and
    ``message_id`` the card that is closed. ``nonce`` was drawn when the outbox was written to and is the parcel's
    key. Discord answers a repeat that carries it with the message it already has, so that a try whose answer was
    lost is repeated safely.
    """

    nonce: str
    kind: Kind
    place_id: int
    timers: tuple[Timer, ...]
    stage: int | None = None
    message_id: int | None = None

    def takes_the_place_of(self, earlier: "Parcel") -> bool:
        """Tell whether there is no point in saying ``earlier`` any more once this is said."""
        if (self.kind, self.timers[0].id) != (earlier.kind, earlier.timers[0].id):
            return False
        return self.kind in {Kind.CARD, Kind.PHASE}

    def goes_with(self, other: "Parcel") -> bool:
        """Tell whether both may be said in one message: what is said of sessions stands by itself."""
        return (
            self.kind is other.kind
            and self.kind in TOLD
            and self.timers[0].purpose is other.timers[0].purpose
            and (self.stage is other.stage is None)
        )


def _channel(timer: Timer) -> int:
    return timer.channel_id


def bundles(timers: Iterable[Timer], place: Callable[[Timer], int] = _channel) -> list[list[Timer]]:
    """Share timers out to as few messages as can hold them, each for one place, in the order they came."""
    open_bundles: dict[int, list[Timer]] = {}
    full: list[list[Timer]] = []
    for timer in timers:
        bundle = open_bundles.setdefault(place(timer), [])
        if not fits([*bundle, timer]):
            full.append(bundle)
            bundle = open_bundles[place(timer)] = []
        bundle.append(timer)
    return [*full, *open_bundles.values()]


def fits(timers: Sequence[Timer]) -> bool:
    """Tell whether one message can hold the announcements of these timers, each character of a name escaped."""
    characters = sum(2 * len(timer.name) + _AROUND[timer.purpose] for timer in timers)
    return len(timers) <= _TIMERS and characters <= _CHARACTERS
