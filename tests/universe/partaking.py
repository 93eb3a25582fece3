"""Partaking: what people do in a session that goes on, by its card and by words."""

import re
from typing import Any

from tests.universe import planning, sentences
from tests.universe.gathering import Gathering
from tests.universe.human import Answer, Human
from tests.universe.judge import ANSWERED, Judge
from tests.universe.meddling import MODERATOR
from tests.universe.sitting import Sitting

# How often somebody in a session uses its voice channel, rests, and says whether they were still there.
_BY_VOICE, _RESTS, _ANSWERS = 0.4, 0.35, 0.9
# How often somebody in a session chooses whether they are called, and how often they ask how it stands.
_HUSHES, _LOOKS = 0.15, 0.1
# How often they tell what they work on, and a host changes the plan, or presses what is shown no more.
_TASKS_ANEW, _EDITS, _STALE = 0.15, 0.25, 0.25
# For how many seconds at most a host leaves a menu open.
_OPEN = 700.0
# How often a guest tries to lead, and a host leaves, where there is somebody else.
_MEDDLES, _HANDS_OVER, _GIVES_AWAY = 0.15, 0.4, 0.4
_TASKS = "write tests", "tests *now*"
_WORK = "essay", "slides"
_LABELS = {
    "skip": sentences.SKIP, "extend": sentences.LONGER, "stop": sentences.STOP,
    "pause": sentences.PAUSE, "resume": sentences.RESUME,
}  # fmt: skip
# What shows that something was done: how the session stands, and what the host did to it.
_CHANGED = sentences.FOCUS, sentences.BREAK
_LED = sentences.PAUSED_WITH, sentences.ENDED, sentences.STOPPED, sentences.ALL_DONE, "Ends <t"
_TOLD = {"ping": sentences.PINGS, "silent": sentences.NO_PINGS, "dm": sentences.DIRECTLY}
_PRESENT = re.compile("^-# " + sentences.pattern(*sentences.PRESENT, number=r"(\d+)"), re.MULTILINE)


class Partaking:
    """All of that. ``channels`` are those with sessions, each with a voice channel in its server."""

    def __init__(self, judge: Judge, channels: list[Any]) -> None:
        self._judge = judge
        self.sitting = Sitting(judge, channels, self._look)

    async def act(self, human: Human, going: Gathering, channel: Any, *, leads: bool = True) -> None:
        """Do something; a host ``leads``, or does what guests do."""
        if human.id != going.host_id and human.chance.random() < _MEDDLES:
            await self._meddle(human, going, channel)
            return
        if going.has_voice and human.chance.random() < _BY_VOICE:
            await self.sitting.act(human, going, channel)
            return
        going.sign(human.id, human.now, sure=False)
        inside = human.id in going.surely_present(human.now)
        if human.id in going.questioned and human.chance.random() < _ANSWERS:
            await self.confirm(human, going)
        elif human.chance.random() < _LOOKS:
            await human.chance.choice((self._look, self._list, self._start_another))(human, going, channel)
        elif inside and human.chance.random() < _TASKS_ANEW:
            await self._take_up(human, going, channel)
        elif inside and human.chance.random() < _HUSHES:
            await self._hush(human, going, channel)
        elif human.id in going.resting or (inside and human.chance.random() < _RESTS):
            await self._rest_or_come_back(human, going, channel)
        elif human.id != going.host_id or not inside:
            await self._join_or_leave(human, going, channel)
        elif leads:
            await self.lead(human, going, channel)

    async def _meddle(self, human: Human, going: Gathering, channel: Any) -> None:
        """Try to lead without being the host."""
        way = human.chance.choice(("skip", "extend 5", "stop", "pause"))
        if human.person.name == MODERATOR or human.id in going.unclear:
            return
        self._judge.counts["meddles"] += 1
        answer = await human.type(channel, f"!focus {way}")
        human.hold_reading(answer, f"{way}, by a guest", is_right=sentences.ONLY_HOST in (answer.words or ""))

    async def _look(self, human: Human, going: Gathering, channel: Any) -> None:
        """Ask how it stands, and hold how many are in it against who is."""
        answer = await human.type(channel, "!focus status")
        match, span = _PRESENT.search(answer.words or ""), (answer.asked_at, answer.answered_at)
        if match is None or going.uncertain or going.unclear or going.over:
            return
        self._judge.counts["looks"] += 1
        number = int(next(filter(None, match.groups())))
        low, high = going.how_many(span)
        human.hold_reading(answer, f"{low} to {high} people", is_right=low <= number <= high)

    async def _list(self, human: Human, going: Gathering, channel: Any) -> None:
        """List the server's sessions: this one is among them."""
        answer = await human.type(channel, "!focus list")
        if not going.uncertain and not going.over and not going.unclear:
            human.hold_reading(answer, "focus list", is_right=f"<#{channel.id}>" in (answer.words or ""))

    async def _start_another(self, human: Human, going: Gathering, channel: Any) -> None:
        """Start another session in its channel, which holds one at a time."""
        answer = await human.type(channel, "!focus 25/5")
        if not going.over and not going.unclear:
            human.hold_reading(answer, "another session", is_right=sentences.ANOTHER in (answer.words or ""))
        if answer.words is None:
            self._doubt(going, answer)

    async def _take_up(self, human: Human, going: Gathering, channel: Any) -> None:
        """Tell what one works on: the card has it from the next phase on."""
        task = human.chance.choice(_WORK)
        going.tasks.pop(human.id, None)
        answer = await human.type(channel, f"!focus task {task}")
        if sentences.GOT_IT in (answer.words or ""):
            going.tasks[human.id] = task, human.now

    async def _hush(self, human: Human, going: Gathering, channel: Any) -> None:
        """Ask to be called no more as a phase changes, to be told directly, or to be called again."""
        ways = ["ping"] if human.id in going.unpinged else ["silent", "dm"]
        way = human.chance.choice(ways)
        sign = _TOLD[way]
        answer = await human.type(channel, f"!focus notify {way}")
        human.hold_reading(answer, f"notify {way}", is_right=sign in (answer.words or ""))
        going.unpinged.pop(human.id, None)
        going.directly.discard(human.id)
        going.unclear_pings |= {human.id} if sign not in (answer.words or "") else set()
        if way != "ping" and sign in (answer.words or ""):
            going.unpinged[human.id] = human.now
            going.directly |= {human.id} if way == "dm" else set()

    async def _rest_or_come_back(self, human: Human, going: Gathering, channel: Any) -> None:
        rests = human.id in going.resting
        typed, sign = ("!focus back", sentences.IS_BACK) if rests else ("!focus rest", sentences.RESTS)
        answer = await self._ask(human, going, channel, sentences.JUST_ME, typed)
        if self._done(human, going, answer, sign):
            (going.back if rests else going.rest)(human.id, answer.asked_at, answer.answered_at)
            self._judge.counts["back" if rests else "rests"] += 1

    async def _join_or_leave(self, human: Human, going: Gathering, channel: Any) -> None:
        if human.id not in going.surely_present(human.now):
            going.guests.add(human.id)
            going.tasks.pop(human.id, None)
            answer = await self._ask(
                human, going, channel, sentences.JOIN, f"!focus join {human.chance.choice(_TASKS)}"
            )
            if self._done(human, going, answer, sentences.JOINED, *_CHANGED):
                going.come(human.id, answer.asked_at, answer.answered_at)
            return
        if self.sitting.may_be_let_in(human.id):
            return
        answer = await self._ask(human, going, channel, sentences.LEAVE, "!focus leave")
        if self._done(human, going, answer, sentences.LEFT, *_CHANGED):
            going.go(human.id, answer.asked_at, answer.answered_at)

    async def lead(self, human: Human, going: Gathering, channel: Any) -> None:
        """Do what the host may: hand it over, or change its clock."""
        (*others,) = going.surely_present(human.now) - {human.id}
        if going.guests == {human.id, *others} and len(others) == 1 and human.chance.random() < _HANDS_OVER:
            await self._hand_over(human, going, channel, others[0])
            return
        if others and human.chance.random() < _GIVES_AWAY:
            await self._give_away(human, going, channel, human.chance.choice(sorted(others)))
            return
        if going.lengths and not going.left and human.chance.random() < _EDITS:
            await self._edit(human, going, channel)
            return
        if not going.left and going.ends[1] < human.now + _OPEN and human.chance.random() < _STALE:
            await self._press_too_late(human, going)
            return
        way = human.chance.choice(("skip", "extend", "stop", "pause", "pause") if not going.left else ("resume",))
        typed = f"!focus {way} 5" if way == "extend" else f"!focus {way}"
        answer = await self._ask(human, going, channel, _label(going, way), typed)
        if not self._done(human, going, answer, *_LED, *_CHANGED):
            return
        if way == "pause" and going.phases[going.at][1]:
            self._judge.counts["pauses of focus"] += 1
        if way == "extend":
            going.extend(300.0)
        else:
            getattr(going, way)(answer.asked_at, answer.answered_at)

    async def _edit(self, human: Human, going: Gathering, channel: Any) -> None:
        """Change the plan: longer short breaks, or one round more."""
        assert going.lengths
        focus, short, rounds = going.lengths
        if going.at >= len(going.phases) - 2:
            return
        is_break = going.phases[going.at][0] == sentences.SHORT_BREAK
        way = human.chance.choice(("short",) if is_break else ("short", "rounds"))
        lengths = (focus, short + 1, rounds) if way == "short" else (focus, short, rounds + 1)
        answer = await human.type(channel, f"!focus edit {way} {lengths[1] if way == 'short' else lengths[2]}")
        if self._done(human, going, answer, sentences.PLAN_IS):
            before = [phase for phase in going.phases if phase[0] == sentences.DOORS]
            going.edit(before + planning.phases_of(*lengths))
            going.lengths = lengths
            self._judge.counts["plans edited"] += 1

    async def _press_too_late(self, human: Human, going: Gathering) -> None:
        """Open the menu of a phase, and skip by it in the next: that is not skipped."""
        menu = await human.press(going.card, "⋯")
        label = _label(going, "skip")
        if not isinstance(menu.message, dict) or label not in menu.buttons:
            return
        at = going.at
        await human.pause(going.ends[1] + 2 * ANSWERED - human.now)
        going.advance(human.now)
        if going.at == at or not going.is_clear(human.now) or self._judge.is_excused(human.now):
            return
        self._judge.counts["too late"] += 1
        answer = await human.press(menu.message, label)
        human.hold_reading(answer, "skip, in an earlier phase", is_right=sentences.EARLIER in (answer.words or ""))
        if answer.words is None:
            self._doubt(going, answer)

    async def _hand_over(self, human: Human, going: Gathering, channel: Any, other_id: str) -> None:
        """Leave, and so make the only other one the host."""
        answer = await self._ask(human, going, channel, sentences.LEAVE, "!focus leave")
        if self._done(human, going, answer, sentences.LEFT, *_CHANGED):
            going.go(human.id, answer.asked_at, answer.answered_at)
            going.host_id = other_id
            going.heirs.add(other_id)

    async def _give_away(self, human: Human, going: Gathering, channel: Any, other_id: str) -> None:
        """Make another the host, and stay."""
        answer = await human.type(channel, f"!focus host <@{other_id}>")
        if self._done(human, going, answer, sentences.IS_HOST):
            going.host_id = other_id
            going.heirs.add(other_id)
            self._judge.counts["given away"] += 1

    async def confirm(self, human: Human, going: Gathering) -> None:
        """Say whether one was still there."""
        going.sign(human.id, human.now, sure=False)
        was_there = human.chance.random() < 0.6
        answer = await human.press(going.question, sentences.YES if was_there else sentences.NO)
        if (sentences.COUNTED if was_there else sentences.NOT_COUNTED) in (answer.words or ""):
            going.confirm(human.id, (answer.asked_at, answer.answered_at), was_there=was_there)
            going.sign(human.id, answer.answered_at, sure=True)
            self._judge.counts["confirmed" if was_there else "denied"] += 1
        elif answer.words is None or answer.words == "(defer)":
            going.unclear.add(human.id)

    async def _ask(self, human: Human, going: Gathering, channel: Any, label: str, typed: str) -> Answer:
        if human.chance.random() < 0.6 and going.card is not None:
            if label in {sentences.JOIN, sentences.RESUME, sentences.START_FOCUS, sentences.START_BREAK}:
                return await human.press(going.card, label)
            menu = await human.press(going.card, "⋯")
            if not isinstance(menu.message, dict):
                return menu
            return await human.press(menu.message, label)
        # A new card answers whoever changes the phase by a word.
        return await human.type(
            channel, typed, by_card=label in {sentences.SKIP, sentences.START_NOW, sentences.STOP}
        )

    def _done(self, human: Human, going: Gathering, answer: Answer, *signs: str) -> bool:
        if answer.words in {None, "(defer)"}:
            self._doubt(going, answer)
            return False
        if answer.words.startswith("(could not"):
            return False
        if sentences.ONLY_HOST in answer.words and human.id == going.host_id and human.id not in going.unclear:
            human.hold_reading(answer, "what its host may do", is_right=False)
        if (
            sentences.ONLY_HOST in answer.words
            or sentences.ALREADY in answer.words
            or not any(sign in answer.words for sign in signs)
        ):
            self._doubt(going, answer)
            return False
        going.sign(human.id, answer.answered_at, sure=True)
        return True

    def _doubt(self, going: Gathering, answer: Answer) -> None:
        """It is not known from now on how a session stands."""
        going.uncertain = True
        self._judge.note(f"(the session is in doubt: {answer.words!r})")


def _label(going: Gathering, way: str) -> str:
    """Return the label of what a host presses."""
    if way == "skip" and going.phases[going.at][0] == sentences.DOORS:
        return sentences.START_NOW
    if way == "resume" and going.waiting:
        return sentences.START_FOCUS if going.phases[going.at][1] else sentences.START_BREAK
    return _LABELS[way]
