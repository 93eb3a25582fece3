"""The judge: hears all that the bot says, and compares it with what people were promised."""

import asyncio
import contextlib
import math
import re
from collections import Counter
from typing import Any

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.message import EPHEMERAL
from tests.universe import sentences
from tests.universe.copies import Copies
from tests.universe.newer import Newer
from tests.universe.promise import Due, Promise
from tests.universe.record import Record
from tests.universe.rights import STALE, Rights
from tests.universe.troubles import Fault, Trouble

# Seconds after its time until something is announced, or a request answered, while nothing is wrong.
BOUND, ANSWERED = 12.0, 3.0
# Seconds that a disaster may still be felt, besides as long again as it lasted: back-offs double.
_AFTER = 75.0
# Seconds of delay after which a message must say that it is late; it may be on its way for a while.
_SAID_LATE = 60.0
# Seconds that something waits for a message.
_SOON = 600.0
# Seconds within which nobody pings the same others twice.
_APART = 60.0
_CALLED = re.compile(sentences.pattern(*sentences.CALLS, name="") + r"[^\n]*?\b(t\d{4})\b")
_TOKEN = re.compile(r"\b[rt]\d{4}\b")
_REMINDED = re.compile(r"^[⏰📣] [^\n]*?\b(r\d{4})\b.*?(?=^[⏰📣]|\Z)", re.MULTILINE | re.DOTALL)
# What people write is shown as they wrote it: it mentions nobody and formats nothing. In code nothing does.
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_MENTIONED = re.compile(r"<@1>|\br\d{4}\b.*@here|tests \*now")
_MISSED = re.compile(sentences.pattern(sentences.MISSED, number=r"(\d+)"))
_LATE = re.compile("^-# " + sentences.pattern(*sentences.LATE, late=".*", date=""), re.MULTILINE)


class Judge:
    """Knows every promise by its token, whom a message may ping, and what has been wrong when."""

    def __init__(self, local: LocalDiscord, record: Record, lease: float) -> None:
        self._local = local
        self._record = record
        self._lease = lease
        self.promises: dict[str, Promise] = {}
        self.copies = Copies(self.promises)
        # The tokens that people have written in each channel.
        self._written: dict[str, set[str]] = {}
        self.rights = Rights(local, lambda: record.now)
        self.troubles: list[Trouble] = []
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self.newer = Newer()
        # Whether the first fault ends it all.
        self.is_enough = False
        # By how many seconds a process's clock may have been off.
        self.slack = 0.0
        # Called with what the bot says, to return whom that may ping; and with what people write.
        self.listeners: list[Any] = []
        self.readers: list[Any] = []
        # Channels and people whom the bot could not reach, from when to when.
        self._disturbed: dict[str, list[tuple[float, float]]] = {}
        # The message that pinged everyone in a channel for somebody last, when that was due, and when it came.
        self._last_calls: dict[tuple[str, str], tuple[str, float, float]] = {}
        # Until when what is answered in a channel waits for the answers to somebody who asked too often there.
        self.crowded: dict[str, float] = {}
        # Set as the bot says something, and as somebody asks for something.
        self._said = self.requested = asyncio.Event()
        # What has answered a message or an interaction, and who waits for it.
        self._replies: dict[str, tuple[float, Any]] = {}
        self._expected: dict[str, asyncio.Future[tuple[float, Any]]] = {}
        local.backend.events.listeners.append(self._hear)

    @property
    def now(self) -> float:
        return self._record.now

    @property
    def epoch(self) -> float:
        """The Unix time at which virtual time began."""
        return self._record.epoch

    @property
    def world(self) -> Any:
        """The local Discord's world."""
        return self._local.world

    def fault(self, kind: str, description: str) -> None:
        self.faults.append(Fault(kind, self.now, description))
        self._record.add(f"!! {kind}: {description}")
        if self.is_enough:
            asyncio.get_running_loop().stop()

    def trouble(self, kind: str, seconds: float, *, delays: bool = True) -> None:
        """Note what goes wrong from now on."""
        self.troubles.append(Trouble(kind, self.now, self.now + seconds, delays))

    def disturb(self, key: str, seconds: float) -> None:
        """Note that the bot cannot reach a channel or a person for a while."""
        self._disturbed.setdefault(key, []).append((self.now, self.now + seconds))

    def is_disturbed(self, *keys: str, since: float = 0.0, until: float = math.inf) -> bool:
        """Return whether the bot could not reach one of them at some time between two moments."""
        return any(end > since and begin < until for key in keys for begin, end in self._disturbed.get(key, ()))

    async def something(self) -> None:
        """Wait until the bot says something, for a while at most."""
        self._said = asyncio.Event()
        await for_a_while(self._said)

    async def question(self) -> None:
        """Wait until somebody asks for something, for a while at most."""
        self.requested = asyncio.Event()
        await for_a_while(self.requested)

    async def before_next_due(self, lead: float) -> None:
        """Wait until a number of seconds before the next that is surely due, if that is soon."""
        dues = [due for promise in self.promises.values() if (due := promise.open_due) and not due.optional]
        soonest = min((due.lo for due in dues if due.lo > self.now + lead), default=math.inf)
        if soonest < self.now + _SOON:
            await asyncio.sleep(soonest - lead - self.now)

    def until(self, moment: float, *, answer: bool = False) -> float:
        """Return by when something that is due at a moment must be said, given what has been wrong since."""
        while True:
            later = [
                self._felt_until(trouble, answer=answer)
                for trouble in self.troubles
                if (trouble.delays or answer) and trouble.begins <= moment + BOUND
            ]
            reach = max([end for end in later if end > moment], default=moment)
            if reach == moment:
                return moment + (ANSWERED if answer else BOUND) + self.slack
            moment = reach

    def _felt_until(self, trouble: Trouble, *, answer: bool) -> float:
        if trouble.kind == "hiccup" and not answer:  # it is tried again at once
            return trouble.ends
        lease = self._lease if trouble.kind in {"kill", "cancel", "deploy", "suspend", "start"} else 0.0
        return trouble.ends + (trouble.ends - trouble.begins) + _AFTER + lease

    def is_excused(self, asked_at: float) -> bool:
        """Return whether an answer to what was asked then may be missing."""
        return self.until(asked_at, answer=True) > asked_at + ANSWERED + self.slack

    def _hear(self, event: Any) -> None:
        message = event.message
        if event.name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or message is None:
            return
        wire = message.wire(self._local.world)
        words = text_of(wire)
        is_ours = wire["author"]["id"] == self._local.bot.id
        verb = "says" if event.name == "MESSAGE_CREATE" else "redraws"
        author = "bot" if is_ours else wire["author"]["username"]
        self._record.add(f"{author} {verb} in {self.place(message.channel_id)}: {words!r}")
        if not is_ours:
            self._written.setdefault(message.channel_id, set()).update(_TOKEN.findall(words))
            for reader in self.readers:
                reader(message)
            return
        self.hold_words(words)
        self._hold_private(message, words)
        if event.name == "MESSAGE_UPDATE":
            self._answer(f"redrawn {message.id}", wire)
            return
        self.counts["messages"] += 1
        self._said.set()
        called = self._told(message, words)
        for listener in self.listeners:
            called |= listener(message, words)
        if wrong := set(message.pinged) - called:
            self.fault("wrongly pinged", f"{sorted(wrong)} by {words!r}")
        self._answered(message, wire, words)

    def _answered(self, message: Any, wire: Any, words: str) -> None:
        """Take a message as the answer to a message or an interaction, if it is one."""
        by_interaction = (wire.get("interaction_metadata") or {}).get("id")
        if by_interaction:
            self._answer(by_interaction, wire)
            return
        self._answer(f"next in {message.channel_id}", wire)
        if request_id := (message.reference or {}).get("message_id"):
            is_known = sentences.LOST in words and self.is_excused(
                self.now
            )  # it could not tell that it had answered
            if request_id in self._replies and request_id in self._expected and not is_known:
                self.fault("answered twice", words)
            self._answer(request_id, wire)

    def _answer(self, request_id: str, wire: Any) -> None:
        self._replies[request_id] = self.now, wire
        waiting = self._expected.get(request_id)
        if waiting and not waiting.done():
            waiting.set_result(self._replies[request_id])

    def expect(self, request_id: str) -> asyncio.Future[tuple[float, Any]]:
        """Return the future of an answer: when it came, and the message.

        It is expected to a message or an interaction by its id, or as ``redrawn`` and the id of a message.
        """
        future = self._expected[request_id] = asyncio.get_running_loop().create_future()
        if request_id in self._replies:
            future.set_result(self._replies[request_id])
        return future

    def forget(self, request_id: str) -> None:
        """Expect something else from now on."""
        self._replies.pop(request_id, None)
        self._expected.pop(request_id, None)

    def hold_words(self, words: str) -> None:
        """Hold what the bot says against what it must never say, whatever goes wrong around it."""
        if any(mistake in words for mistake in sentences.MISTAKES):
            self.fault("mistake", words)
        if _MENTIONED.search(_CODE.sub("", words)):
            self.fault("not escaped", words)

    def _hold_private(self, message: Any, words: str) -> None:
        """Hold what all in a channel can read against what is of elsewhere, and nobody has written there."""
        channel = self._local.world.channels.get(message.channel_id)
        if channel is None or not channel.guild_id or message.flags & EPHEMERAL:
            return
        for token in set(_TOKEN.findall(words)) - self._written.get(message.channel_id, set()):
            promise = self.promises.get(token)
            if promise and promise.place_id != message.channel_id:
                self.fault("wrongly shown", f"{token}, which is elsewhere: {words!r}")

    def note(self, line: str) -> None:
        """Write down what somebody does."""
        self._record.add(line)

    def place(self, channel_id: str) -> str:
        channel = self._local.world.channels.get(channel_id)
        return channel.name or "a direct message" if channel else channel_id

    def _told(self, message: Any, words: str) -> set[str]:
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
            if promise := self.copies.announced(token, message, self.now + self.slack):
                self.counts["announced"] += 1
                may |= {promise.owner_id} | self._announced(promise, missed, message, words)
        return may

    def _announced(self, promise: Promise, missed: int, message: Any, words: str) -> set[str]:
        """Take note that one is announced; return whom that may ping beside its owner."""
        if self._is_told_again(promise, message):
            self.counts["told again"] += 1
            return set()
        known = len(promise.faults)
        due = promise.tell(self.now, missed, self.slack)
        for description in promise.faults[known:]:
            self.fault("early" if "early" in description else "doubled", description)
        self._hold_said(promise, due, words)
        promise.message = message.wire(self._local.world)
        since = (due.lo if due else promise.asked_at) - STALE
        away = self.is_disturbed(promise.owner_id, promise.place_id, since=since, until=self.now)
        if message.channel_id != promise.place_id:
            if not (away and self._is_dm_of(message.channel_id, promise.owner_id)):
                self.fault("wrong place", f"{promise.token} in {self.place(message.channel_id)}")
            if promise.repeats:
                promise.doubt()  # it is paused where it could not be said
            return set()
        self._hold_writer(promise, words)
        if promise.calls and not (due and due.alone):
            return self._hold_call(promise, due, message, words)
        is_quiet = promise.is_direct or promise.is_for_all
        if promise.owner_id not in message.pinged and not (_LATE.search(words) or away or is_quiet):
            self.fault("not pinged", f"the owner of {promise.token} by {words!r}")
        return set()

    def _hold_said(self, promise: Promise, due: Due | None, words: str) -> None:
        """Hold how it is said against its name, and how late it is."""
        if promise.called and promise.called not in words:
            self.fault("wrong name", f"{promise.called!r} by {words!r}")
        if promise.about not in words:
            self.fault("not shown", f"the message that {promise.token} is about: {words!r}")
        late = self.now - due.hi if due and not promise.void else 0.0
        if late > _SAID_LATE + self.slack and not _LATE.search(words):
            self.fault("not said to be late", f"{late:.1f} s: {words!r}")

    def _hold_writer(self, promise: Promise, words: str) -> None:
        """Hold what is said where it was to be said against whether its owner may write there."""
        is_silent = promise.token[0] == "r" and self.rights.surely_silent(promise.owner_id, promise.place_id)
        if is_silent and not self.is_excused(self.now):  # Discord may not tell
            self.fault("wrongly said", f"{words!r}, whose owner may not write there")

    def _hold_call(self, promise: Promise, due: Due | None, message: Any, words: str) -> set[str]:
        """Hold whether everyone is pinged against the rights of whoever wants that; return whom it may ping."""
        owner_id, place_id = promise.owner_id, promise.place_id
        due_at = due.lo if due else self.now
        last_id, last_due_at, last_at = self._last_calls.get((owner_id, place_id), ("", -math.inf, -math.inf))
        self.counts["calls"] += message.mention_everyone
        if not message.mention_everyone:
            promise.doubt()  # what repeats is paused where its owner may not call any more
            is_told = not self.is_excused(self.now - STALE) and not self.is_excused(self.now)
            is_apart = self.now - last_at > _APART + self.slack
            if is_told and is_apart and self.rights.surely_calls(owner_id, place_id):
                self.fault("not pinged", f"everyone by {words!r}")
            return set()
        if self.rights.surely_calls_not(owner_id, place_id):
            self.fault("wrongly pinged", f"everyone, whom its owner may not ping, by {words!r}")
        apart = max(due_at - last_due_at, self.now - last_at)
        is_known = not self.is_excused(last_at) and not self.is_excused(self.now)
        if last_id != message.id and apart < _APART - 1 - self.slack and is_known:
            self.fault("wrongly pinged", f"everyone, {apart:.1f} s after the last time, by {words!r}")
        self._last_calls[owner_id, place_id] = message.id, due_at, self.now
        return set(message.pinged)

    def _is_told_again(self, promise: Promise, message: Any) -> bool:
        """Tell whether it was said where nobody can look any more, while it could not be kept that it was."""
        last = max((due.told_at for due in promise.dues if due.told_at is not None), default=None)
        due = promise.open_due
        if last is None or message.channel_id == promise.place_id or (due and due.lo <= self.now):
            return False
        is_gone = self.is_disturbed(promise.place_id, since=last, until=self.now)
        return is_gone and self.is_excused(last) and self._is_dm_of(message.channel_id, promise.owner_id)

    def _is_dm_of(self, channel_id: str, owner_id: str) -> bool:
        channel = self._local.world.channels.get(channel_id)
        return channel is not None and [user.id for user in channel.recipients] == [owner_id]

    def close(self) -> None:
        """Hold what was never said, or too late, against what was wrong."""
        for promise in self.promises.values():
            for due in promise.unsaid(self.now):
                allowed = self.until(due.hi)
                # What repeats is paused where it could not be said.
                since = promise.asked_at if promise.repeats else due.lo - STALE
                if self.is_disturbed(promise.owner_id, since=since, until=allowed):
                    self.counts["disturbed"] += 1
                elif due.told_at is None and allowed < self.now:
                    self.fault("lost", f"{promise.token}, due at {due.hi:.1f}, is not announced at {self.now:.1f}")
                elif due.told_at is not None and due.told_at > allowed:
                    self.fault("late", f"{promise.token} came {due.told_at - due.hi:.1f} s late")
        self.counts["promises"] = len(self.promises)


async def for_a_while(event: asyncio.Event) -> None:
    """Wait for an event, for some minutes at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SOON):
            await event.wait()
