"""The judge: hears all that the bot says, and compares it with what people were promised."""

import asyncio
import contextlib
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.message import EPHEMERAL
from tests.universe import sentences
from tests.universe.announcements import Announcements
from tests.universe.copies import Copies
from tests.universe.newer import Newer
from tests.universe.record import Record
from tests.universe.rights import Rights
from tests.universe.troubles import Fault, Trouble

if TYPE_CHECKING:
    from tests.universe.promise import Promise

# Seconds after its time until something is announced, or a request answered, while nothing is wrong.
BOUND, ANSWERED = 12.0, 3.0
# Seconds that a disaster may still be felt, besides as long again as it lasted: back-offs double.
_AFTER = 75.0
# Seconds that something waits for a message.
_SOON = 600.0
_TOKEN = re.compile(r"\b[rt]\d{4}\b")
# What people write is shown as they wrote it: it mentions nobody and formats nothing. In code nothing does.
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_MENTIONED = re.compile(r"<@1>|\br\d{4}\b.*@here|tests \*now")


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
        # Until when what is answered in a channel waits for the answers to somebody who asked too often there.
        self.crowded: dict[str, float] = {}
        # Set as the bot says something, and as somebody asks for something.
        self._said = self.requested = asyncio.Event()
        # What has answered a message or an interaction, and who waits for it.
        self._replies: dict[str, tuple[float, Any]] = {}
        self._expected: dict[str, asyncio.Future[tuple[float, Any]]] = {}
        self._announcements = Announcements(self)
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
        called = self._announcements.hear(message, words)
        for listener in self.listeners:
            called |= listener(message, words)
        channel = self.world.channels.get(message.channel_id)
        alone = {user.id for user in channel.recipients} if channel else set()  # told directly anyway
        if wrong := set(message.pinged) - called - alone:
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

    def close(self) -> None:
        """Hold what was never announced, or too late, against what was wrong."""
        self._announcements.close()
        self.counts["promises"] = len(self.promises)


async def for_a_while(event: asyncio.Event) -> None:
    """Wait for an event, for some minutes at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SOON):
            await event.wait()
