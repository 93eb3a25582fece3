"""Sessions: all that there are, what the bot says in them, and whether each phase is announced."""

import asyncio
import math
import re
from typing import Any

from tests.universe import sentences
from tests.universe.claims import Claim
from tests.universe.gathering import Gathering
from tests.universe.human import seconds_of
from tests.universe.judge import ANSWERED, BOUND, Judge
from tests.universe.promise import EARLY
from tests.universe.rights import STALE

_TITLES = sentences.pattern(
    sentences.DOORS, sentences.FOCUS, sentences.SHORT_BREAK, sentences.LONG_BREAK, sentences.ALL_DONE
)
TITLE = re.compile(rf"^### (?:(?:🍅|☕️|🌴|🎉|✋ Up next:) )?({_TITLES}(?: · \d+ of \d+)?)$", re.MULTILINE)
# How long somebody has focused, as a recap has it, rounded down to so many seconds.
_FOCUSED, _ROUNDED = re.compile(r"^<@(\d+)> · \*\*([^*]+)\*\*", re.MULTILINE), 60.0
# Its number, which its card has.
NUMBER = re.compile(r"^-# (#\d+)\b", re.MULTILINE)
# Seconds within which nobody is called again on the same account.
CALLS_APART = 60.0
_BRIEF = re.compile(f"^{sentences.pattern(sentences.PHASE_OVER, phase='.+')}$")
_IDLE = re.compile(f"^### {sentences.pattern(sentences.IDLE)}$", re.MULTILINE)
_EMPTY = re.compile(f"^### {sentences.pattern(sentences.EMPTY)}$", re.MULTILINE)
_ENDS = re.compile("^" + sentences.pattern(sentences.ENDS, when=r"<t:(\d+):R>"), re.MULTILINE)
_WARNED = re.compile(sentences.pattern(sentences.LEFT_IN, left=r"[\w ]+", phase=_TITLES))
# How somebody is told of a phase directly.
_TOLD = re.compile(rf"^(?:(?:🍅|☕️|🌴|🎉|✋ Up next:) )({_TITLES}(?: · \d+ of \d+)?) · <#\d+>", re.MULTILINE)
_BEGAN = re.compile("^" + sentences.pattern(*sentences.LATE_PHASES, late=".*"), re.MULTILINE)


class Sessions:
    """Those of all servers, one at a time in a channel; ``epoch`` is when virtual time began."""

    def __init__(self, judge: Judge, epoch: float) -> None:
        self._epoch = epoch
        self._judge = judge
        self._going: dict[str, Gathering] = {}
        # The one before it in each channel.
        self._before: dict[str, Gathering] = {}
        self._all: list[Gathering] = []
        # Channels where somebody is just asking for something: what is said there meanwhile is heard afterwards.
        self.busy: set[str] = set()
        self._unheard: dict[str, list[Any]] = {}
        # Who has ever asked not to be called.
        self._hushed: set[str] = set()
        # When each was last called, on the account of a host or in a channel.
        self._called_at: dict[tuple[str, str], float] = {}
        # Who was to be told directly of what phase, by when it was told of where; and what each was told, and when.
        self._to_tell: list[tuple[str, str, float]] = []
        self._told_directly: dict[tuple[str, str], float] = {}
        judge.listeners.append(self._hear)
        judge.readers.append(self._see)

    def of(self, channel_id: str) -> Gathering | None:
        """Return the last one in a channel."""
        return self._going.get(channel_id)

    def add(self, going: Gathering) -> None:
        """Note one that was begun."""
        if known := self._going.get(going.channel_id):
            self._before[going.channel_id] = known
        self._going[going.channel_id] = going
        self._all.append(going)

    def be_free(self, going: Gathering) -> None:
        """Note that nobody is asking for anything in its channel any more: what was said may have come of that."""
        self.busy.discard(going.channel_id)
        for event in self._unheard.pop(going.channel_id, []):
            self._told(going, *event)

    def _see(self, message: Any) -> None:
        if going := self._going.get(message.channel_id):
            user_id, now = message.author["id"], self._judge.now
            going.sign(user_id, now, sure=False)
            asyncio.get_running_loop().call_later(ANSWERED, self._seen, going, user_id, now)

    def _seen(self, going: Gathering, user_id: str, at: float) -> None:
        """Note activity that the bot must have seen by now, unless it has just gone down."""
        going.sign(user_id, at, sure=not self._judge.is_excused(at))

    def _hear(self, message: Any, words: str) -> set[str]:
        going = self._going.get(message.channel_id)
        if going is None:
            self._hear_directly(message, words)
            return set()
        number, before = NUMBER.search(words), self._before.get(message.channel_id)
        if number and before and number[1] == before.number:
            going = before  # its end comes late, when the next has begun
        if sentences.STILL_THERE in words:
            going.question = message.wire(self._judge.world)
            going.questioned = {user_id for user_id in going.guests if f"<@{user_id}> (" in words}
        if going.uncertain:
            return set(going.guests)
        now = self._judge.now
        if not going.over and _WARNED.match(words):
            self._warned(going, message, words)
            return going.present(now)
        match, brief = TITLE.match(words), _BRIEF.match(words)
        is_answer = message.reference is not None or message.interaction_metadata is not None
        if not going.over:
            self._end_of_itself(going, words, now)
        if not is_answer and (match or brief):
            if match and not going.over:
                going.card = message.wire(self._judge.world)
            if message.channel_id in self.busy and not going.over:
                self._unheard.setdefault(message.channel_id, []).append((now, message, words, match, brief))
            else:
                self._told(going, now, message, words, match, brief)
        is_card = words.startswith("### ") and "-# #" in words
        return going.present(now) | (set(going.guests) if going.over else set()) if is_card else set()

    def _end_of_itself(self, going: Gathering, words: str, now: float) -> None:
        """Note a session that has ended because nobody was there, or all have left the server."""
        if _IDLE.match(words):
            if not going.is_idle(now, self._judge.slack):
                self._judge.fault("early", f"a session in which people are was ended: {words!r}")
            self._judge.counts["idle ends"] += 1
            going.die_down(now, self._judge.slack)
        elif _EMPTY.match(words) and going.away:
            going.uncertain |= self._judge.is_excused(now)
            going.stop(now - BOUND, now)

    def _told(self, going: Gathering, now: float, message: Any, words: str, title: Any, brief: Any) -> None:
        if going.uncertain:
            return
        if brief:
            self._judge.counts["briefs"] += 1
            return
        ends = _ENDS.search(words)
        wrong = going.hear(title[1], now, EARLY + self._judge.slack)
        if wrong:
            self._judge.fault("early" if "early" in wrong else "doubled", f"{wrong}: {words!r}")
        if ends and going.at in going.announced_at and not going.over and not going.left:
            at, slack = int(ends[1]) - self._epoch, 1.0 + self._judge.slack
            if not going.ends[0] - slack <= at <= going.ends[1] + slack:
                self._judge.fault("wrong time", f"{title[1]} is shown to end at {at:.0f}, not {going.ends}")
        if title[1] == sentences.ALL_DONE and not wrong:
            self._hold_recap(going, words)
        self._hushed |= set(going.unpinged)
        if not _BEGAN.search(words) and not self._judge.slack:
            missing = going.surely_present(now - 60) - set(message.pinged) - going.unclear
            missing -= self._called_lately(going, now) | going.unclear_pings | self._hushed
            if missing:
                self._judge.fault("not pinged", f"{sorted(missing)} by {words!r}")
        self._expect_more(going, title[1], words)
        hushed = {user_id for user_id, since in going.unpinged.items() if since < now - ANSWERED}
        if called := hushed & set(message.pinged) - going.unclear_pings:
            self._judge.fault("wrongly pinged", f"{sorted(called)}, who asked not to be, by {words!r}")
        causes = (going.host_id, going.channel_id)
        self._called_at |= {(cause, user_id): now for cause in causes for user_id in message.pinged}

    def _expect_more(self, going: Gathering, title: str, words: str) -> None:
        """Note who is to be told of a phase directly, and hold its card against what people work on."""
        now = self._judge.now
        there = going.surely_present(now - 60) & going.directly - going.unclear - going.unclear_pings
        self._to_tell += [(user_id, title, now) for user_id in there if going.unpinged[user_id] < now - 60]
        unshown = [
            task
            for user_id, (task, since) in going.tasks.items()
            if since < now - 60 and user_id in going.surely_present(now) - going.unclear and not going.over
            if not re.search(rf"^<@{user_id}>.* · {task}$", words, re.MULTILINE)
        ]
        if unshown and "-# #" in words:
            self._judge.fault("not shown", f"{unshown} by {words!r}")

    def _warned(self, going: Gathering, message: Any, words: str) -> None:
        """Note that the end of a phase is warned of."""
        now = self._judge.now
        self._judge.counts["warnings"] += 1
        if wrong := going.warn(now, EARLY + self._judge.slack):
            self._judge.fault("early", f"{wrong}: {words!r}")
        causes = (going.host_id, going.channel_id)
        # The phase is due a minute later, which is enough; it may come slightly sooner than that after this.
        self._called_at |= {(cause, user_id): now - 2.0 for cause in causes for user_id in message.pinged}

    def _hear_directly(self, message: Any, words: str) -> None:
        """Note that somebody is told of a phase by themselves."""
        channel, match = self._judge.world.channels.get(message.channel_id), _TOLD.match(words)
        if match and channel and channel.recipients:
            self._judge.counts["told directly"] += 1
            self._told_directly[channel.recipients[0].id, match[1]] = self._judge.now

    def _hold_recap(self, going: Gathering, words: str) -> None:
        """Check each person's time on a recap against their focus."""
        slack = _ROUNDED + len(going.runs) * (1 + self._judge.slack)
        for user_id, amount in _FOCUSED.findall(words):
            low, high = going.focused(user_id)
            if user_id not in going.unclear and not low - slack <= seconds_of(amount) <= high + slack:
                self._judge.fault(
                    "wrong sum", f"{user_id} focused {low:.1f} to {high:.1f} s, not {amount}: {words!r}"
                )

    def _called_lately(self, going: Gathering, now: float) -> set[str]:
        """Return those who may not be pinged again so soon, by this host or in this channel."""
        return {
            user_id
            for (cause, user_id), at in self._called_at.items()
            if cause in {going.host_id, going.channel_id} and now - at < CALLS_APART
        }

    def claims(self, user_id: str) -> tuple[list[Claim], list[Claim]]:
        """Return where a person's focus in all sessions certainly counts, and where it may."""
        sure: list[Claim] = []
        possible: list[Claim] = []
        for going in self._all:
            if user_id in going.people:
                surely, perhaps = going.claims(user_id)
                sure += surely if user_id not in going.unclear else []
                possible += perhaps
        return sure, possible

    def is_uncertain(self, user_id: str) -> bool:
        """Return whether a person's time in a session is unknown."""
        return any((going.uncertain and user_id in going.guests) or user_id in going.unclear for going in self._all)

    def present(self) -> set[str]:
        """Return who is certainly in a session."""
        now = self._judge.now
        going = [going for going in self._going.values() if not (going.over or going.uncertain)]
        return {user_id for session in going for user_id in session.surely_present(now)}

    def depart(self, user_id: str, places: set[str]) -> None:
        """Note that a person has left a server with these channels, and so must be removed from a session there."""
        for going in self._going.values():
            if user_id in going.guests and going.channel_id in places and not going.over:
                going.depart(user_id, self._judge.now)

    def vanish(self, user_id: str, *, is_known: bool) -> None:
        """Note that a person has deleted their data: their focus in past sessions no longer counts."""
        for going in self._all:
            if is_known and going.over and user_id in going.people:
                del going.people[user_id]
            elif user_id in going.guests:
                going.uncertain = True

    def arrive(self, user_id: str, places: set[str]) -> None:
        """Note that a person is back in it."""
        for going in self._all:
            if going.channel_id in places:
                going.arrive(user_id, self._judge.now)

    def close(self) -> None:
        """Check missing announcements against the failures."""
        judge = self._judge
        judge.counts["sessions"] = len(self._all)
        self._hold_direct()
        for going in self._all:
            if going.uncertain:
                judge.counts["sessions in doubt"] += 1
                continue
            going.advance(judge.now)
            going.expel(STALE + 60, lambda moment: judge.until(moment) > moment + BOUND + judge.slack)
            judge.counts["phases"] += len(going.dues)
            self._hold_warnings(going)
            judge.counts["rounds in silence"] += going.rounds_in_silence()
            ends = max((due[1] for due in going.dues.values()), default=math.inf) if going.over else math.inf
            if judge.is_disturbed(going.channel_id, since=going.began[0], until=judge.until(ends)):
                going.unclear |= going.guests
            for at, due in going.dues.items():
                allowed = judge.until(due[1])
                if judge.is_disturbed(going.channel_id, since=going.began[0], until=allowed):
                    break  # from then on it may be over
                following = going.dues.get(at + 1, going.died)
                announced_at = going.announced_at.get(at)
                if following and following[1] <= allowed:
                    continue
                if announced_at is None and allowed < judge.now:
                    judge.fault("lost", f"phase {at} of {going.phases}, due {due}, is not told of")
                elif announced_at is not None and announced_at > allowed:
                    judge.fault("late", f"phase {at} came {announced_at - due[1]:.1f} s late")

    def _hold_direct(self) -> None:
        """Check who was told directly against who was to be."""
        judge = self._judge
        for user_id, title, at in self._to_tell:
            is_calm = judge.until(at) <= at + BOUND + judge.slack and not judge.is_disturbed(
                user_id, until=judge.now
            )
            told_at = self._told_directly.get((user_id, title), -math.inf)
            if (
                is_calm
                and not judge.is_disturbed(user_id, until=judge.now)
                and told_at < at - BOUND
                and at + BOUND < judge.now
            ):
                judge.fault("lost", f"{user_id} is not told directly of {title} at {at:.1f}")

    def _hold_warnings(self, going: Gathering) -> None:
        """Check missing warnings against the failures."""
        judge = self._judge
        for at, due in going.unwarned():
            is_calm = judge.until(due[0]) <= due[0] + BOUND + judge.slack and not judge.slack
            is_disturbed = judge.is_disturbed(going.channel_id, since=going.began[0], until=due[1] + BOUND)
            if is_calm and not is_disturbed and due[1] + BOUND < judge.now:
                judge.fault("lost", f"the warning of phase {at} of {going.phases}, due {due}")
