"""The state machine of reminders: once, every ten minutes, or three times, under any failures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.domain.errors import TooLate
from bot.domain.reminders import reminder
from bot.domain.reminders.reminder import Reminder
from bot.domain.time import zone
from bot.domain.time.recurrence import Recurrence, Unit
from bot.domain.time.schedule import Schedule
from bot.domain.timers.timer import Actor, Due, State
from bot.engine.clock import to_the_millisecond
from bot.engine.countdown import LEAD, SLICE
from tests.engine.base import Base
from tests.engine.story import EVERY, Story, Wish
from tests.engine.trouble import REASON
from tests.engine.turmoil import STEPS, WHICH, Turmoil

TEN = Recurrence(Unit.MINUTE, EVERY // timedelta(minutes=1))
RULES = st.sampled_from((None, None, TEN, replace(TEN, times=3)))
PEOPLE = st.sampled_from((Actor(7, 3, 30), Actor(8, 3, 30), Actor(8, 3, 31), Actor(7, None, 40)))
SECONDS = st.sampled_from((0.2, 1.0, 2.0, 60.0, 600.0, 86_400.0))
# Who sets it, for when, how it repeats, whether directly, and whether the event is duplicated.
SETS = st.lists(st.tuples(PEOPLE, SECONDS, RULES, st.booleans(), st.booleans()), min_size=1, max_size=4)
VERBS: dict[str, Callable[[Reminder, datetime], Reminder]] = {
    "pause": Reminder.pause,
    "resume": Reminder.resume,
    "cancel": Reminder.cancel,
}


class ReminderMachine(Turmoil):
    """Checks each reminder against its story: no acknowledged time is lost, repeated, early or during a pause.

    Times missed during an outage are announced once, with their number, and none after a cancel.
    """

    def __init__(self, empty: Callable[[], Base]) -> None:
        super().__init__(empty)
        self.stories: dict[int, Story] = {}
        # Reminders that were set without a confirmed answer, by the request.
        self.unanswered: dict[str, Reminder] = {}
        # Announcements that people should get, by number: each was due, and has come.
        self.announced: dict[int, Reminder] = {}

    @initialize(sets=SETS)
    def begin(self, sets: list[tuple[Actor, float, Recurrence | None, bool, bool]]) -> None:
        """Start with some reminders."""
        self.set(sets)

    @rule(sets=SETS)
    def set(self, sets: list[tuple[Actor, float, Recurrence | None, bool, bool]]) -> None:
        """Set reminders; a duplicate event still sets only one."""
        now = self.now
        for actor, seconds, repeats, direct, twice in sets:
            schedule = Schedule(now + timedelta(seconds=seconds), repeats, on_clock=False)
            calls = "" if direct else f"<@{actor.user_id}>"
            made = reminder.new(actor, actor.channel_id, "tea", schedule, zone.UTC, now, direct=direct, calls=calls)
            request = self.next_request()
            answers = self.life.ask(*(self.life.reminders.set(made, request) for _ in range(1 + twice)))
            set_ = [answer for answer in answers if isinstance(answer, Reminder)]
            assert all(isinstance(answer, Reminder) or self.excused(answer) for answer in answers), answers
            for answer in set_:
                assert answer == set_[0] == replace(made, timer=replace(made.timer, id=answer.id))
                self.stories[answer.id] = Story(answer)
            if not set_ and any(map(self.is_doubtful, answers)):
                self.unanswered[request] = made

    @rule(pick=WHICH, verb=st.sampled_from(sorted(VERBS)), early=st.none() | st.sampled_from((0, 1, 9)))
    def change(self, pick: int, verb: str, early: int | None) -> None:
        """Request a change of a reminder, perhaps just when it is due."""
        if not (story := self.choose(pick)):
            return
        self.draw_near(story.now_is.timer.due, early)
        reminder, now, move = story.now_is, self.now, VERBS[verb]
        wish: Wish = lambda old: move(old, now)  # noqa: E731 - to be made of what it will be
        (answer,) = self.life.ask(self.life.reminders.change(owner(reminder), reminder.id, move))
        if isinstance(answer, Reminder):
            story.taken[answer.timer.version] = wish, answer
        elif isinstance(answer, TooLate):
            assert self.may_be_refused(reminder, wish), f"{verb} was refused of {reminder}: {answer}"
        else:
            assert self.excused(answer), answer
            story.doubtful += [wish] * self.is_doubtful(answer)

    @rule(pick=WHICH, seconds=SECONDS)
    def snooze(self, pick: int, seconds: float) -> None:
        """Snooze a reminder that has come, or postpone its pending snooze."""
        if not self.announced:
            return
        over, now = list(self.announced.values())[pick % len(self.announced)], self.now
        until, request = now + timedelta(seconds=seconds), self.next_request()
        put_off: Wish = lambda old: old.until(until)  # noqa: E731 - as above
        (answer,) = self.life.ask(self.life.reminders.snooze(owner(over), over.id, until, request))
        if isinstance(answer, Reminder) and answer.id in self.stories:
            self.stories[answer.id].taken[answer.timer.version] = put_off, answer
            return
        made = over.snoozed(owner(over), until, now, zone.UTC)
        earlier = [story for story in self.stories.values() if story.now_is.origin_id == over.id]
        if isinstance(answer, Reminder):
            assert not any(self.is_to_come(story.now_is) for story in earlier), f"snoozed twice: {over}"
            assert answer == replace(made, timer=replace(made.timer, id=answer.id))
            self.stories[answer.id] = Story(answer)
            return
        assert self.excused(answer), answer
        if self.is_doubtful(answer):
            self.unanswered[request] = made
            for story in earlier:
                story.doubtful += [put_off] * story.now_is.is_pending

    @rule(pick=WHICH, early=st.sampled_from((0, 1, 9, 20)), steps=STEPS)
    def wait_for(self, pick: int, early: int, steps: int) -> None:
        """Let time pass until a reminder's time has come, or nearly so."""
        if story := self.choose(pick):
            self.draw_near(story.now_is.timer.due, early)
            self.life.do(self.life.rest(steps))

    def recollect(self) -> None:
        rows = self.base.reminders()
        times: dict[int, dict[int, Reminder]] = {}
        for request, row in rows.items():
            kind, _, number = request.partition(":")
            if kind == "occurrence":
                series_id, version = map(int, number.split(":"))
                times.setdefault(series_id, {})[version] = row
            elif row.id not in self.stories:
                made = self.unanswered[request]
                self.stories[row.id] = Story(replace(made, timer=replace(made.timer, id=row.id)))
        self.unanswered.clear()
        by_id = {row.id: row for row in rows.values()}
        for timer_id, story in self.stories.items():
            own = times.get(timer_id, {})
            refused = any(reminder.id in self.discord.given_up for reminder in own.values())
            story.follow(by_id[timer_id], own, self.clock.latest, refused=refused)
            assert all(version < story.now_is.timer.version for version in own)
        self.announced = {row.id: row for row in by_id.values() if row.timer.state is State.DONE}

    def hold(self) -> None:
        for timer_id, moments in self.discord.announced.items():
            announced = self.announced[timer_id]
            assert len(moments) == 1, f"announced {len(moments)} times: {announced}"
            assert announced.timer.due_at
            # One that is due a moment later in the same place may be merged.
            assert moments[0] >= announced.timer.due_at - timedelta(seconds=LEAD), (
                f"announced at {moments[0]}: {announced}"
            )
        assert all(timer_id in self.discord.announced for timer_id in self.base.announced_ids())
        for timer_id, moments in self.discord.noticed.items():
            assert (len(moments), timer_id in self.discord.given_up) == (1, True), f"word of it: {moments}"
            assert self.announced[timer_id].direct

    def unsaid(self) -> list[Due]:
        return [due for due in self.base.dues() if due.at <= self.clock.now()]

    def come_to_rest(self) -> None:
        ends = [due.at - self.clock.now() for due in self.base.dues()]
        self.clock.set_wall(max([timedelta(), *ends]).total_seconds())
        self.clock.advance(SLICE)
        self.settle()
        self.audit()
        silent = self.announced.keys() - self.discord.announced.keys()
        assert silent <= set(self.base.given_up(REASON)), f"never said: {silent}"
        going = [story.now_is for story in self.stories.values() if story.now_is.timer.state is State.RUNNING]
        assert all(reminder.rule for reminder in going), f"never came: {going}"

    def choose(self, pick: int) -> Story | None:
        """Choose a reminder, mostly a pending one."""
        every = list(self.stories.values())
        going = [story for story in every if story.now_is.is_pending]
        some = going if going and pick % 4 else every
        return some[pick % len(some)] if some else None

    def may_be_refused(self, reminder: Reminder, wish: Wish) -> bool:
        """Return whether a request is too late, or may be, since its time or a refusal came first."""
        if not self.is_to_come(reminder):
            return True
        try:
            wish(reminder)
        except TooLate:
            return True
        return bool(self.discord.given_up)

    def is_to_come(self, reminder: Reminder) -> bool:
        """Return whether it is pending, and cannot be due yet."""
        due_at = reminder.timer.due_at
        return reminder.is_pending and due_at is not None and due_at > self.clock.latest + timedelta(seconds=LEAD)

    def next_request(self) -> str:
        self.requests += 1
        return f"message:{self.requests}"

    @property
    def now(self) -> datetime:
        return to_the_millisecond(self.clock.now())


def owner(reminder: Reminder) -> Actor:
    return Actor(reminder.timer.owner_id, reminder.timer.guild_id, reminder.timer.channel_id)
