"""The story of one reminder: what must happen to it, step by step, given what was acknowledged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.errors import TooLate
from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import State
from bot.engine.countdown import LEAD

EVERY = timedelta(minutes=10)
# A request, applied to the reminder as it is then.
Wish = Callable[[Reminder], Reminder]


@dataclass
class Story:
    """A reminder as created, and the requests since: of its version, or perhaps in vain."""

    made: Reminder
    taken: dict[int, tuple[Wish, Reminder]] = field(default_factory=dict)
    # Requests without an answer since the story was last followed.
    doubtful: list[Wish] = field(default_factory=list)
    now_is: Reminder = field(init=False)

    def __post_init__(self) -> None:
        self.now_is = self.made

    def follow(self, row: Reminder, times: Mapping[int, Reminder], latest: datetime, *, refused: bool) -> None:
        """Hold each version up to the row against what led to it: its time, a person's wish, or a refusal.

        ``times`` are what its times have left behind, by the version that each came in; ``latest`` is how late the
        clock has ever been. Every version is one step, so that no time is left out and none comes twice.
        """
        doubtful, self.doubtful = self.doubtful, []
        path = self._path(self.now_is, row, times, doubtful, refused=refused)
        assert path is not None, f"{self.now_is} became {row}, with {doubtful} in doubt"
        for before, after in zip([self.now_is, *path], path, strict=False):
            # Times that pass during a pause are counted when it resumes, and not announced.
            if after.fired > before.fired and before.timer.state is State.RUNNING:
                announced = times.get(before.timer.version, after)
                assert announced.timer.ended_at
                assert before.timer.due_at
                assert before.timer.due_at - timedelta(seconds=LEAD) <= announced.timer.ended_at <= latest
        self.now_is = row

    def _path(
        self,
        reminder: Reminder,
        row: Reminder,
        times: Mapping[int, Reminder],
        doubtful: list[Wish],
        *,
        refused: bool,
    ) -> list[Reminder] | None:
        """Find the steps from one version to the row; with two doubtful requests there may be several."""
        if reminder.timer.version >= row.timer.version:
            return [] if reminder == row else None
        for step in self._steps(reminder, row, times, doubtful, refused=refused):
            rest = self._path(step, row, times, doubtful, refused=refused)
            if rest is not None:
                return [step, *rest]
        return None

    def _steps(
        self,
        reminder: Reminder,
        row: Reminder,
        times: Mapping[int, Reminder],
        doubtful: list[Wish],
        *,
        refused: bool,
    ) -> Iterator[Reminder]:
        version = reminder.timer.version
        if version + 1 in self.taken:
            wish, answer = self.taken[version + 1]
            assert wish(reminder) == answer, f"{answer} was made of {reminder}"
            yield answer
        elif version in times:
            yield after_coming(reminder, times[version])
        elif row.timer.state is State.DONE and row.timer.version == version + 1:
            yield after_coming(reminder, row)
        else:
            for wish in doubtful:
                try:
                    yield wish(reminder)
                except TooLate:
                    continue
            if refused and reminder.timer.state is State.RUNNING:
                yield reminder.silenced()


def after_coming(reminder: Reminder, announced: Reminder) -> Reminder:
    """Return a reminder after its time has come, with ``announced`` posted."""
    due_at, ended_at = reminder.timer.due_at, announced.timer.ended_at
    assert due_at
    assert ended_at
    assert reminder.timer.state is State.RUNNING, f"came nevertheless: {reminder}"
    times = (reminder.rule.times if reminder.rule else None) or 0
    missed = max(ended_at - due_at, timedelta()) // EVERY if reminder.rule else 0
    missed = min(missed, times - reminder.fired - 1) if times else missed
    fired = reminder.fired + 1 + missed
    is_last = reminder.rule is None or fired == times
    done = replace(reminder.timer, state=State.DONE, ended_at=ended_at)
    if is_last:
        done = replace(done, version=reminder.timer.version + 1)
        last = replace(reminder, timer=done, fired=fired, missed=missed)
        assert announced == last, f"{announced} came of {reminder}"
        return last
    done = replace(done, id=announced.id, version=1)
    assert announced == replace(reminder, timer=done, rule=None, origin_id=reminder.id, missed=missed), (
        f"{announced} came of {reminder}"
    )
    next_at = due_at + (missed + 1) * EVERY
    return replace(
        reminder, fired=fired, timer=replace(reminder.timer, version=reminder.timer.version + 1, due_at=next_at)
    )
