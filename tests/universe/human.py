"""A human: asks the bot as people do, waits for an answer as long as people do, and says what came of it."""

import asyncio
import contextlib
import random
import re
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.localdiscord.components import walk
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.message import EPHEMERAL
from tests.universe import sentences
from tests.universe.judge import Judge
from tests.universe.promise import Due, Promise

# Seconds that somebody waits for an answer to what they typed.
_PATIENCE = 60.0
# Seconds within which it comes where nothing is wrong.
_SOON = 3.5
_SHOWN = re.compile(r"<t:(\d+):R>")
_TIMES = re.compile(sentences.pattern(sentences.NEXT, times=r"(<t:[^\n]+)"))
_LEFT = re.compile(sentences.pattern(sentences.PAUSED_WITH) + r" ((?:\d+ (?:h|min|s) ?)+)")
_AMOUNT, _UNITS = re.compile(r"(\d+) (h|min|s)\b"), {"h": 3600, "min": 60, "s": 1}
# What is left is rounded down to that.
_MINUTE = 60.0
# How often somebody edits what is done with.
_TIDIES = 0.5
# How many of the next times are shown of what repeats.
_COMING = 3
# How often somebody mentions the bot in place of the prefix.
_MENTIONS = 0.15
# What is shown to whoever asks alone.
_ALONE = {"goal", "stats me", "stats edit", "privacy show", "privacy export", "privacy delete", "remind list"}


def seconds_of(amount: str) -> int:
    """Read an amount of time as it is shown."""
    return sum(int(number) * _UNITS[unit] for number, unit in _AMOUNT.findall(amount.replace(",", "")))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: when it was asked and answered, and what was said; ``words`` is None without one."""

    asked_at: float
    answered_at: float
    words: str | None
    message: Any = None
    # What was typed for it.
    typed: Any = None

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons under it."""
        if not isinstance(self.message, dict):
            return []
        parts = walk(self.message.get("components", []))
        return [part["label"] for part in parts if part.get("custom_id") and part.get("label")]


class Human:
    """Somebody with habits: a zone, a channel, and their own dice."""

    def __init__(self, name: str, local: LocalDiscord, judge: Judge, chance: random.Random, zone: str) -> None:
        self.local = local
        self.judge = judge
        self.chance = chance
        self.zone = ZoneInfo(zone)
        # Whether the bot has acknowledged their zone.
        self.zone_known = False
        # Whether they have told it without an answer: the bot may know it or not.
        self.zone_in_doubt = False
        # Whether something of theirs is being changed, by themselves or for them.
        self.is_busy = False
        # Whether they may have days that break no streak.
        self.has_days_off = False
        # Until when they have asked too often to be answered.
        self.floods_until = 0.0
        self.person = local.person(name)
        self.id = self.person.id
        self.channels: list[Any] = []
        # How many timers, and reminders, they may have.
        self.most_timers = self.most_reminders = 0
        # All who share these, themselves included.
        self.neighbours: list[Human] = []

    @property
    def now(self) -> float:
        return self.judge.now

    async def pause(self, seconds: float) -> None:
        """Do nothing for a while."""
        await asyncio.sleep(seconds)

    async def type(self, channel: Any, text: str, *, by_card: bool = False, reply_to: Any = None) -> Answer:
        """Type something and wait for the answer to it: a reply or, ``by_card``, the next message there too."""
        asked_at, card = self.now, f"next in {channel.id}"
        self.judge.forget(card)
        self.judge.counts["commands"] += 1
        self.judge.requested.set()
        typed = text
        if text.startswith("!") and self.chance.random() < _MENTIONS:
            typed = f"<@{self.local.bot.id}> {text[1:]}"
        try:
            message = await self.person.say(channel, typed, reply_to=reply_to)
        except (DiscordError, KeyError):
            return Answer(asked_at, asked_at, "(could not be typed)")
        answer = await self.reply(message["id"], asked_at, text, *([card] if by_card else []))
        return replace(answer, typed=message)

    async def edit(self, answer: Answer, text: str) -> Answer:
        """Put right what was asked with a mistake in it, and wait for the answer, which may be redrawn."""
        redrawn, typed_id = f"redrawn {answer.message['id']}", answer.typed["id"]
        self.judge.forget(redrawn)
        self.judge.counts["edits"] += 1
        asked_at = self.now
        is_unheard = self.is_excused(asked_at)  # the bot may not know of its answer, and so gives another
        if is_unheard:
            self.judge.forget(typed_id)
        try:
            await self.person.edit(answer.typed, text)
        except (DiscordError, KeyError):
            return Answer(asked_at, asked_at, "(could not be typed)")
        return await self.reply(redrawn, asked_at, text, *([typed_id] if is_unheard else []))

    async def put_right(self, answer: Answer, text: str) -> None:
        """Perhaps edit what was asked about and is answered: nothing comes of that any more."""
        if self.chance.random() < _TIDIES and not self.is_excused(answer.asked_at):
            with contextlib.suppress(DiscordError, KeyError):
                await self.person.edit(answer.typed, text)

    def is_excused(self, asked_at: float) -> bool:
        """Return whether an answer to what was asked then may be missing or late, or say that it cannot be done."""
        places = [channel.id for channel in self.channels]
        floods = asked_at < self.floods_until
        return (
            floods
            or self.judge.is_excused(asked_at)
            or self.judge.is_disturbed(self.id, *places, since=asked_at - 60, until=self.now)
        )

    def hold_reading(self, answer: Answer, description: str, *, is_right: bool) -> None:
        """Hold how something was understood against what it means."""
        if (
            answer.words
            and not answer.words.startswith("(")
            and not is_right
            and not self.is_excused(answer.asked_at)
        ):
            self.judge.fault("misread", f"{description!r} is answered {answer.words!r}")

    def hold_shown(self, promise: Promise, words: str, due: Due | None = None) -> None:
        """Hold the first time that is shown against the one that is meant: the next, or that which is given."""
        match, due = _SHOWN.search(words), due or promise.open_due
        if match and due and not promise.uncertain:
            at, slack = int(match[1]) - self.judge.epoch, 1.0 + self.judge.slack
            if not due.lo - slack <= at <= due.hi + slack:
                fault = f"{promise.token} is shown for {at:.0f}, due {due.lo:.1f}-{due.hi:.1f}: {words!r}"
                self.judge.fault("wrong time", fault)

    def hold_left(self, promise: Promise, words: str) -> None:
        """Hold what is shown to be left of what is paused against what is."""
        match = _LEFT.search(words)
        if match and promise.left and not promise.uncertain:
            shown, slack = seconds_of(match[1]), 1.0 + self.judge.slack
            if not promise.left[0] - slack - _MINUTE <= shown <= promise.left[1] + slack:
                self.judge.fault("wrong time", f"{promise.token} has {promise.left} left: {words!r}")

    def hold_series(self, promise: Promise, words: str) -> None:
        """Hold the next times that are shown of what repeats against those that are meant."""
        if not (match := _TIMES.search(words)):
            return
        shown = [int(at) - self.judge.epoch for at in re.findall(r"<t:(\d+)", match[1])]
        dues, slack = promise.dues[:_COMING], 1.0 + self.judge.slack
        pairs = zip(shown, dues, strict=False)
        if len(shown) != len(dues) or not all(due.lo - slack <= at <= due.hi + slack for at, due in pairs):
            meant = [(due.lo, due.hi) for due in dues]
            self.judge.fault("wrong time", f"{promise.token} is shown for {shown}, due {meant}: {words!r}")

    def hold_limit(self, promise: Promise, words: str, limit: int) -> None:
        """Hold the answer to what was to be begun against how many of its kind somebody may have at once."""
        kind, now = promise.token[0], self.now
        mine = [
            other for other in self.judge.promises.values() if other.owner_id == self.id and other.token[0] == kind
        ]
        others = [other for other in mine if other is not promise]
        fewest = sum(other.is_going(now) for other in others if not other.uncertain)
        most = sum(other.most_going(now) for other in others)
        is_refused = sentences.LIMIT in words
        if self.judge.slack:  # a clock was off, and something may have ended early
            return
        if (is_refused and most < limit) or (not is_refused and fewest >= limit):
            fault = f"{self.person.name} had {fewest} to {most} of at most {limit}: {words!r}"
            self.judge.fault("wrong limit", fault)

    async def reply(self, key: str, asked_at: float, description: str, *others: str) -> Answer:
        """Wait for the message that answers a message or an interaction, or for one of the others."""
        waiting = [self.judge.expect(expected) for expected in (key, *others)]
        done, _ = await asyncio.wait(waiting, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            if not self.is_excused(asked_at):
                self.judge.fault("unanswered", f"{self.person.name}: {description}")
            return Answer(asked_at, self.now, None)
        answered_at, message = min((future.result() for future in done), key=lambda result: result[0])
        since = max(asked_at, self.judge.crowded.get(message["channel_id"], 0.0))
        if not self.is_excused(asked_at) and answered_at - since > _SOON:
            self.judge.fault(
                "answered late", f"{self.person.name}: {description}, after {answered_at - asked_at:.1f} s"
            )
        return _heard(asked_at, answered_at, message)

    async def press(self, message: Any, label: str) -> Answer:
        """Press a button; one that is not there any more counts as nothing."""
        redrawn = f"redrawn {message['id']}"
        self.judge.forget(redrawn)
        answer = await self._interact(f"presses {label}", lambda: self.person.click(message, label))
        if answer.words not in {"(none)", "(modal)"}:
            return answer
        return await self._follow(answer, redrawn, answer.message)

    async def slash(self, channel: Any, command: str, **options: Any) -> Answer:
        """Use a slash command."""
        answer = await self._interact(
            f"/{command} {options}", lambda: self.person.slash(channel, command, **options)
        )
        if answer.words == "":  # it is thinking
            answer = await self._follow(answer, f"redrawn {answer.message['id']}")
        is_seen = isinstance(answer.message, dict) and not answer.message["flags"] & EPHEMERAL
        if is_seen and channel.guild_id and command in _ALONE:
            self.judge.fault("wrongly shown", f"/{command} of {self.person.name} to all: {answer.words!r}")
        return answer

    async def _follow(self, answer: Answer, *keys: str) -> Answer:
        """Wait for what was acknowledged at first, and is shown later: on a message, or to whoever asked."""
        waiting = [self.judge.expect(key) for key in keys]
        done, _ = await asyncio.wait(waiting, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            return Answer(answer.asked_at, self.now, None)
        answered_at, shown_at = min(future.result() for future in done)
        by = answer.message["interaction"] if isinstance(answer.message, dict) else answer.message
        return _heard(answer.asked_at, answered_at, shown_at | {"interaction": by})

    async def _interact(self, description: str, act: Any) -> Answer:
        asked_at = self.now
        self.judge.counts["presses"] += 1
        self.judge.requested.set()
        self.judge.note(f"{self.person.name} {description}")
        try:
            outcome = await act()
        except (DiscordError, ValueError, LookupError, KeyError) as error:
            return Answer(asked_at, self.now, f"(could not be done: {error})")
        if outcome.kind == "failed":
            if not self.is_excused(asked_at):
                self.judge.fault("unanswered", f"{self.person.name} {description}")
            return Answer(asked_at, self.now, None)
        if outcome.message is None:
            return Answer(asked_at, self.now, f"({outcome.kind})", outcome.interaction_id)
        words = text_of(outcome.message)
        self.judge.hold_words(words)
        self.judge.note(f"... and sees {words!r}")
        return _heard(asked_at, self.now, outcome.message | {"interaction": outcome.interaction_id})


def _heard(asked_at: float, answered_at: float, message: Any) -> Answer:
    """Return what was answered; what was done and not answered, as that says, was done nobody knows when."""
    words = text_of(message)
    if sentences.LOST in words:
        return Answer(asked_at, answered_at, None)
    return Answer(asked_at, answered_at, words, message)
