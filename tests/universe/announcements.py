"""Announcements: each that the bot makes, held against what was promised, and whose rights that needs."""

import math
import re
from typing import TYPE_CHECKING, Any

from tests.universe import sentences
from tests.universe.promise import Due, Promise
from tests.universe.rights import STALE

if TYPE_CHECKING:
    from tests.universe.judge import Judge

# Seconds of delay after which a message must say that it is late; it may be on its way for a while.
_SAID_LATE = 60.0
# Seconds within which nobody pings the same others twice.
_APART = 60.0
_CALLED = re.compile(sentences.pattern(*sentences.CALLS, name="") + r"[^\n]*?\b(t\d{4})\b")
_REMINDED = re.compile(r"^[⏰📣] [^\n]*?\b(r\d{4})\b.*?(?=^[⏰📣]|\Z)", re.MULTILINE | re.DOTALL)
_MISSED = re.compile(sentences.pattern(sentences.MISSED, number=r"(\d+)"))
_LATE = re.compile("^-# " + sentences.pattern(*sentences.LATE, late=".*", date=""), re.MULTILINE)


class Announcements:
    """Holds each, and at the end those that were never made."""

    def __init__(self, judge: "Judge") -> None:
        self._judge = judge
        # The message that pinged everyone in a channel for somebody last, when that was due, and when it came.
        self._last_calls: dict[tuple[str, str], tuple[str, float, float]] = {}

    def hear(self, message: Any, words: str) -> set[str]:
        """Take note of what is announced; return whom that may ping."""
        announced = [(token, 0) for token in _CALLED.findall(words)]
        if sentences.SET not in words:
            for match in _REMINDED.finditer(words):
                late = _MISSED.search(match[0])
                announced.append((match[1], int(late[1]) if late else 0))
        if sentences.UNDO in str(message.components) or sentences.SNOOZED in words:
            announced = [pair for pair in announced if pair[0].startswith("t")]
        may: set[str] = set()
        for token, missed in announced:
            if promise := self._judge.copies.announced(token, message, self._judge.now + self._judge.slack):
                self._judge.counts["announced"] += 1
                may |= {promise.owner_id} | self._announced(promise, missed, message, words)
        return may

    def _announced(self, promise: Promise, missed: int, message: Any, words: str) -> set[str]:
        """Take note that one is announced; return whom that may ping beside its owner."""
        if self._is_told_again(promise, message):
            self._judge.counts["told again"] += 1
            return set()
        known = len(promise.faults)
        due = promise.tell(self._judge.now, missed, self._judge.slack)
        for description in promise.faults[known:]:
            self._judge.fault("early" if "early" in description else "doubled", description)
        self._hold_said(promise, due, words)
        promise.message = message.wire(self._judge.world)
        since = (due.lo if due else promise.asked_at) - STALE
        away = self._judge.is_disturbed(promise.owner_id, promise.place_id, since=since, until=self._judge.now)
        if message.channel_id != promise.place_id:
            if not (away and self._is_dm_of(message.channel_id, promise.owner_id)):
                self._judge.fault("wrong place", f"{promise.token} in {self._judge.place(message.channel_id)}")
            if promise.repeats:
                promise.doubt()  # it is paused where it could not be said
            return set()
        self._hold_writer(promise, words)
        if promise.calls and not (due and due.alone):
            return self._hold_call(promise, due, message, words)
        is_quiet = promise.is_direct or promise.is_for_all
        if promise.owner_id not in message.pinged and not (_LATE.search(words) or away or is_quiet):
            self._judge.fault("not pinged", f"the owner of {promise.token} by {words!r}")
        return set()

    def _hold_said(self, promise: Promise, due: Due | None, words: str) -> None:
        """Hold how it is said against its name, and how late it is."""
        if promise.called and promise.called not in words:
            self._judge.fault("wrong name", f"{promise.called!r} by {words!r}")
        if promise.about not in words:
            self._judge.fault("not shown", f"the message that {promise.token} is about: {words!r}")
        late = self._judge.now - due.hi if due and not promise.void else 0.0
        if late > _SAID_LATE + self._judge.slack and not _LATE.search(words):
            self._judge.fault("not said to be late", f"{late:.1f} s: {words!r}")

    def _hold_writer(self, promise: Promise, words: str) -> None:
        """Hold what is said where it was to be said against whether its owner may write there."""
        is_silent = promise.token[0] == "r" and self._judge.rights.surely_silent(promise.owner_id, promise.place_id)
        if is_silent and not self._judge.is_excused(self._judge.now):  # Discord may not tell
            self._judge.fault("wrongly said", f"{words!r}, whose owner may not write there")

    def _hold_call(self, promise: Promise, due: Due | None, message: Any, words: str) -> set[str]:
        """Hold whether everyone is pinged against the rights of whoever wants that; return whom it may ping."""
        owner_id, place_id = promise.owner_id, promise.place_id
        due_at = due.lo if due else self._judge.now
        last_id, last_due_at, last_at = self._last_calls.get((owner_id, place_id), ("", -math.inf, -math.inf))
        self._judge.counts["calls"] += message.mention_everyone
        if not message.mention_everyone:
            promise.doubt()  # what repeats is paused where its owner may not call any more
            is_told = not self._judge.is_excused(self._judge.now - STALE) and not self._judge.is_excused(
                self._judge.now
            )
            is_apart = self._judge.now - last_at > _APART + self._judge.slack
            if is_told and is_apart and self._judge.rights.surely_calls(owner_id, place_id):
                self._judge.fault("not pinged", f"everyone by {words!r}")
            return set()
        if self._judge.rights.surely_calls_not(owner_id, place_id):
            self._judge.fault("wrongly pinged", f"everyone, whom its owner may not ping, by {words!r}")
        apart = max(due_at - last_due_at, self._judge.now - last_at)
        is_known = not self._judge.is_excused(last_at) and not self._judge.is_excused(self._judge.now)
        if last_id != message.id and apart < _APART - 1 - self._judge.slack and is_known:
            self._judge.fault("wrongly pinged", f"everyone, {apart:.1f} s after the last time, by {words!r}")
        self._last_calls[owner_id, place_id] = message.id, due_at, self._judge.now
        return set(message.pinged)

    def _is_told_again(self, promise: Promise, message: Any) -> bool:
        """Tell whether it was said where nobody can look any more, while it could not be kept that it was."""
        last = max((due.told_at for due in promise.dues if due.told_at is not None), default=None)
        due = promise.open_due
        if last is None or message.channel_id == promise.place_id or (due and due.lo <= self._judge.now):
            return False
        is_gone = self._judge.is_disturbed(promise.place_id, since=last, until=self._judge.now)
        return is_gone and self._judge.is_excused(last) and self._is_dm_of(message.channel_id, promise.owner_id)

    def _is_dm_of(self, channel_id: str, owner_id: str) -> bool:
        channel = self._judge.world.channels.get(channel_id)
        return channel is not None and [user.id for user in channel.recipients] == [owner_id]

    def close(self) -> None:
        """Hold what was never said, or too late, against what was wrong."""
        for promise in self._judge.promises.values():
            for due in promise.unsaid(self._judge.now):
                allowed = self._judge.until(due.hi)
                # What repeats is paused where it could not be said.
                since = promise.asked_at if promise.repeats else due.lo - STALE
                if self._judge.is_disturbed(promise.owner_id, since=since, until=allowed):
                    self._judge.counts["disturbed"] += 1
                elif due.told_at is None and allowed < self._judge.now:
                    self._judge.fault(
                        "lost", f"{promise.token}, due at {due.hi:.1f}, is not announced at {self._judge.now:.1f}"
                    )
                elif due.told_at is not None and due.told_at > allowed:
                    self._judge.fault("late", f"{promise.token} came {due.told_at - due.hi:.1f} s late")
