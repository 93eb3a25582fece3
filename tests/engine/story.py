"""The story of one reminder: what must be of it, step by step, given what was acknowledged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.errors import TooLate
from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import State
from bot.engine.countdown import LEAD

EVERY = timedelta(minutes=10)
# What somebody asks for, of the reminder as it is then.
Wish = Callable[[Reminder], Reminder]


@dataclass
class Story:
    """A reminder as it was made, and what was wished for since: of its version, or perhaps in vain."""

    made: Reminder
    taken: dict[int, tuple[Wish, Reminder]] = field(default_factory=dict)
    # Wishes without an answer since the story was last followed.
    doubtful: list[Wish] = field(default_factory=list)
    now_is: Reminder = field(init=False)

    def __post_init__(self) -> None:
        self.now_is = self.made

    def follow(self, row: Reminder, times: Mapping[int, Reminder], latest: datetime, *, refused: bool) -> None:
        """Hold each version up to the row against what led to it: its time, somebody's wish, or a refusal.

        ``times`` are what its times have left behind, by the version in which each came; ``latest`` is how late the
        clock has ever been. Every version is one step, so that no time is left out and none comes twice.
        """
        doubtful, self.doubtful = self.doubtful, []
        path = self._path(self.now_is, row, times, doubtful, refused=refused)
        assert path is not None, f"{self.now_is} became {row}, with {doubtful} in doubt"
        for before, after in zip([self.now_is, *path], path, strict=False):
            if after.fired > before.fired:
                told = times.get(before.timer.version, after)
                assert told.timer.ended_at
                assert before.timer.due_at
                assert before.timer.due_at - timedelta(seconds=LEAD) <= told.timer.ended_at <= latest
        self.now_is = row

    def _path(
        self,
        one: Reminder,
        row: Reminder,
        times: Mapping[int, Reminder],
        doubtful: list[Wish],
        *,
        refused: bool,
    ) -> list[Reminder] | None:
        """Find the steps from one version to the row; with two wishes in doubt there may be more than one way."""
        if one.timer.version >= row.timer.version:
            return [] if one == row else None
        for step in self._steps(one, row, times, doubtful, refused=refused):
            rest = self._path(step, row, times, doubtful, refused=refused)
            if rest is not None:
                return [step, *rest]
        return None

    def _steps(
        self,
        one: Reminder,
        row: Reminder,
        times: Mapping[int, Reminder],
        doubtful: list[Wish],
        *,
        refused: bool,
    ) -> Iterator[Reminder]:
        version = one.timer.version
        if version + 1 in self.taken:
            wish, answer = self.taken[version + 1]
            assert wish(one) == answer, f"{answer} was made of {one}"
            yield answer
        elif version in times:
            yield came(one, times[version])
        elif row.timer.state is State.DONE and row.timer.version == version + 1:
            yield came(one, row)
        else:
            for wish in doubtful:
                try:
                    yield wish(one)
                except TooLate:
                    continue
            if refused and one.timer.state is State.RUNNING:
                yield one.silenced()


def came(one: Reminder, told: Reminder) -> Reminder:
    """Give what a reminder is after its time has come, of which ``told`` was said."""
    due_at, ended_at = one.timer.due_at, told.timer.ended_at
    assert due_at
    assert ended_at
    assert one.timer.state is State.RUNNING, f"came nevertheless: {one}"
    times = (one.rule.times if one.rule else None) or 0
    missed = max(ended_at - due_at, timedelta()) // EVERY if one.rule else 0
    missed = min(missed, times - one.fired - 1) if times else missed
    fired = one.fired + 1 + missed
    is_last = one.rule is None or fired == times
    done = replace(one.timer, state=State.DONE, ended_at=ended_at)
    if is_last:
        done = replace(done, version=one.timer.version + 1)
        last = replace(one, timer=done, fired=fired, missed=missed)
        assert told == last, f"{told} came of {one}"
        return last
    done = replace(done, id=told.id, version=1)
    assert told == replace(one, timer=done, rule=None, origin_id=one.id, missed=missed), f"{told} came of {one}"
    next_at = due_at + (missed + 1) * EVERY
    return replace(one, fired=fired, timer=replace(one.timer, version=one.timer.version + 1, due_at=next_at))
