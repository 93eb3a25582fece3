"""A lane: what waits to be said in one place, and what of it goes next."""

from collections import deque
from collections.abc import Sequence

from bot.domain.parcel import EDITS, Parcel, fits
from bot.domain.timer import State
from bot.engine.clock import Clock
from bot.engine.countdown import LEAD

# Discord takes about five messages in five seconds in a channel. Two go at once and then one a second, so that a
# full channel is told of many timers in few messages, and room is left for the answers to commands.
AT_ONCE, SECONDS_EACH = 2, 1.0
# Seconds after which an idle lane may be let go: all its messages are long past.
FORGET_AFTER = AT_ONCE * SECONDS_EACH


class Lane:
    """The parcels of one place, in order. Announcements and cards are never in the same lane."""

    def __init__(self, clock: Clock) -> None:
        self.waiting: deque[Parcel] = deque()
        self._clock = clock
        # Nonces that an earlier process may have used with Discord: what they stand for must not change.
        self._fixed: set[str] = set()
        # When the next announcement could go if they went evenly.
        self._even = float("-inf")

    def put(self, parcel: Parcel, *, is_new: bool) -> None:
        """Let a parcel wait at the end; one that is not new is never merged with another."""
        self.waiting.append(parcel)
        if not is_new:
            self._fixed.add(parcel.nonce)

    def closed_for(self) -> float:
        """Tell how many seconds remain until the first one may go: it is not yet due, or too many went just now."""
        due_in = self._due_in(self.waiting[0])
        return max(0.0, due_in, self._even - (AT_ONCE - 1) * SECONDS_EACH - self._clock.monotonic())

    def choose(self) -> Sequence[Parcel]:
        """Take out what goes next: announcements for one message, or all looks of a card, the newest last."""
        self._even = max(self._even, self._clock.monotonic()) + SECONDS_EACH
        first = self.waiting[0]
        chosen = self._one_message(first) if first.goes_with(first) else self._newest(first)
        for parcel in chosen:
            self.waiting.remove(parcel)
            self._fixed.discard(parcel.nonce)
        return chosen

    def _due_in(self, parcel: Parcel) -> float:
        """Tell how many seconds remain until what a parcel tells of has come; a countdown wakes a little early."""
        if parcel.kind in EDITS:  # they go ahead, so as not to be in the way of the announcement
            return 0.0
        ends = [timer.due_at for timer in parcel.timers if timer.due_at and timer.state is State.DONE]
        due_in = max(((end - self._clock.now()).total_seconds() for end in ends), default=0.0)
        # More: the wall clock was set back after the end was committed, and its time has come all the same.
        return due_in if due_in <= LEAD else 0.0

    def _newest(self, first: Parcel) -> list[Parcel]:
        if first.nonce in self._fixed and first.kind not in EDITS:
            return [first]
        later = [parcel for parcel in self.waiting if parcel.takes_the_place_of(first)]
        return later or [first]

    def _one_message(self, first: Parcel) -> list[Parcel]:
        chosen = [first]
        timers = list(first.timers)
        for parcel in self.waiting:
            if first.nonce in self._fixed or parcel is first or parcel.nonce in self._fixed:
                continue
            if not parcel.goes_with(first) or self._due_in(parcel) > 0:
                continue
            if not fits([*timers, *parcel.timers]):
                break
            chosen.append(parcel)
            timers += parcel.timers
        return chosen
