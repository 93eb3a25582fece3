"""A channel queue: the messages that wait for one place, and which of them goes next."""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.outbox_message import ANNOUNCEMENTS, EDITS, OutboxMessage, fits
from bot.domain.timers.timer import Purpose
from bot.engine import back_off
from bot.engine.clock import Clock
from bot.engine.countdown import LEAD
from bot.engine.delivery import FIRST_WAIT, LONGEST_WAIT
from bot.engine.rate_limiter import Urgency

# Discord allows about five messages per five seconds in a channel. Two go at once and then one a second, so that a
# busy channel gets many timers in few messages, and room is left for replies to commands.
AT_ONCE, SECONDS_EACH = 2, 1.0
# Seconds after which an idle queue may be dropped: its rate limit has recovered.
FORGET_AFTER = AT_ONCE * SECONDS_EACH
# Messages later than this belong to the backlog: those due now go before it.
LATE = timedelta(minutes=1)
# How many digests are built and sent at a time. Hundreds of servers have theirs at the same moment, and each needs
# a picture: all at once, they would delay everything more urgent.
DIGESTS = 8
# The place of a queue, and the urgency of its messages.
Key = tuple[int, Urgency]


class ChannelQueue:
    """The messages of one place and urgency, in order: no announcement waits for a card or a digest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: deque[OutboxMessage] = deque()
        self._backlog: deque[OutboxMessage] = deque()
        # Batches that were chosen before and failed: retried unchanged.
        self._again: deque[Sequence[OutboxMessage]] = deque()
        # Nonces that may have been used with Discord: their content must not change.
        self._fixed: set[str] = set()
        # People mentioned in the current backlog: once is enough.
        self._mentioned: set[int] = set()
        # GCRA theoretical arrival time, in monotonic seconds.
        self._next_slot_at = float("-inf")
        self._held_until = float("-inf")
        self._failures = 0

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._again or self._waiting or self._backlog)

    def put(self, message: OutboxMessage, *, is_new: bool) -> None:
        """Append a message; only new ones may be merged."""
        self._waiting.append(message)
        if not is_new:
            self._fixed.add(message.nonce)

    def put_back(self, messages: Sequence[OutboxMessage]) -> None:
        """Retry a failed batch next, unchanged."""
        self._again.append(messages)

    def sort_out(self, sent: Collection[str], untried: Collection[str]) -> None:
        """Remove messages by nonce that were ``sent``; allow merging of those that Discord has never seen."""
        self._fixed.difference_update(sent, untried)
        new = frozenset(untried)
        for queue in (self._waiting, self._backlog):
            left = [message for message in queue if message.nonce not in sent]
            queue.clear()
            queue.extend(replace(message, tried_at=None) if message.nonce in new else message for message in left)

    def hold(self) -> None:
        """Back off, since Discord cannot be reached."""
        self._failures += 1
        wait = back_off.delay(self._failures, FIRST_WAIT, LONGEST_WAIT)
        self._held_until = self._clock.monotonic() + wait

    def reached(self) -> None:
        """Reset the back-off, since Discord has answered."""
        self._failures = 0

    def closed_for(self) -> float:
        """Return the seconds until the next message may go: it is not yet due, held back or rate limited."""
        now = self._clock.monotonic()
        held_for = max(0.0, self._held_until - now)
        if self._again:
            return held_for
        due_in = 0.0 if self._backlog else self._due_in(self._waiting[0])
        return max(held_for, due_in, self._next_slot_at - (AT_ONCE - 1) * SECONDS_EACH - now)

    def coming(self) -> OutboxMessage | None:
        """Return the message that will go next if it waits alone, and for nothing but its due time."""
        if len(self._waiting) != 1 or self._again or self._backlog:
            return None
        (message,) = self._waiting
        due_in = self._due_in(message)
        return message if due_in > 0 and self.closed_for() <= due_in else None

    def choose(self) -> Sequence[OutboxMessage]:
        """Remove and return the next batch: announcements for one message, or all states of a card, newest last.

        Messages due now go before the backlog, which mentions each owner only once.
        """
        if self._again:
            return self._with_newer_looks(self._again.popleft())
        self._next_slot_at = max(self._next_slot_at, self._clock.monotonic()) + SECONDS_EACH
        self._set_late_ones_aside()
        is_late = not self._waiting or (self._backlog and self._due_in(self._waiting[0]) > 0)
        queue = self._backlog if is_late else self._waiting
        first = queue[0]
        chosen = self._one_message(queue) if first.merges_with(first) else self._newest(first)
        for message in chosen:
            queue.remove(message)
            self._fixed.discard(message.nonce)
        return self._mentioning_once(chosen) if is_late else chosen

    def _set_late_ones_aside(self) -> None:
        now = self._clock.now()
        while self._waiting and is_late(self._waiting[0], now):
            self._backlog.append(self._waiting.popleft())
        if not self._backlog:
            self._mentioned.clear()

    def _mentioning_once(self, chosen: Sequence[OutboxMessage]) -> Sequence[OutboxMessage]:
        owners = {timer.owner_id for message in chosen for timer in message.timers}
        marked = [replace(message, mentioned=frozenset(self._mentioned)) for message in chosen]
        self._mentioned |= owners
        return marked

    def _due_in(self, message: OutboxMessage) -> float:
        """Return the seconds until a message's timers are due; countdowns wake slightly early."""
        if message.kind in EDITS:  # they go ahead, so as not to delay the announcement
            return 0.0
        due_at = message.not_before or message.due_at
        due_in = (due_at - self._clock.now()).total_seconds() if due_at else 0.0
        # More than LEAD: the wall clock was set back after the commit, and the timer is due all the same.
        return due_in if due_in <= LEAD else 0.0

    def _with_newer_looks(self, chosen: Sequence[OutboxMessage]) -> Sequence[OutboxMessage]:
        """Add the newer states of a card that failed."""
        if chosen[0].kind not in EDITS:
            return chosen
        newer = [message for message in self._waiting if message.replaces(chosen[-1])]
        for message in newer:
            self._waiting.remove(message)
        return [*chosen, *newer]

    def _newest(self, first: OutboxMessage) -> list[OutboxMessage]:
        if first.nonce in self._fixed and first.kind not in EDITS:
            return [first]
        later = [message for message in self._waiting if message.replaces(first)]
        return later or [first]

    def _one_message(self, queue: Sequence[OutboxMessage]) -> list[OutboxMessage]:
        first = queue[0]
        if first.nonce in self._fixed:
            return [first]
        chosen = [first]
        timers = list(first.timers)
        for message in queue:
            if message is first or message.nonce in self._fixed:
                continue
            if not message.merges_with(first) or self._due_in(message) > 0:
                continue
            if not fits([*timers, *message.timers]):
                break
            chosen.append(message)
            timers += message.timers
        return chosen


def key_of(message: OutboxMessage) -> Key:
    """Return the queue key of a message."""
    if message.kind in EDITS:
        return message.place_id, Urgency.CARD
    is_digest = message.timers[0].purpose is Purpose.DIGEST
    return message.place_id, Urgency.DIGEST if is_digest else Urgency.ANNOUNCEMENT


def is_late(message: OutboxMessage, now: datetime) -> bool:
    """Return whether a message announces what ended some time ago."""
    return message.kind in ANNOUNCEMENTS and message.due_at is not None and now - message.due_at > LATE
