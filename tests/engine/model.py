"""The model: what must be true, in plain values, given what was acknowledged."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.time.duration import LONGEST
from bot.domain.time.spans import total
from bot.domain.timers.timer import LIVE, Actor, State, Timer
from bot.engine.countdown import LEAD


@dataclass
class Known:
    """What is known about one timer: each acknowledged version of it, oldest first."""

    actor: Actor
    versions: list[Timer]
    # Whether a change was not answered, or answered as not saved, and may have happened.
    unsure: bool = False
    # Whether its card was recorded, so that it must be updated.
    has_card: bool = False

    @property
    def now_is(self) -> Timer:
        return self.versions[-1]

    def behind(self, by: int) -> Timer:
        """Return the version that many before the last, or the first."""
        return self.versions[max(0, len(self.versions) - 1 - by)]

    def may_be_over(self, latest: datetime) -> bool:
        """Return whether it may be done: whether the clock has ever shown its time, or nearly."""
        return self.now_is.due is not None and self.now_is.due.at <= latest + timedelta(seconds=LEAD)

    def is_possible(self, verb: str, old: Timer, by: timedelta, now: datetime) -> bool:
        """Return whether a change made from the version ``old`` can be accepted."""
        if old.version != self.now_is.version or old.state not in LIVE:
            return False
        left = old.left(now)
        match verb:
            case "pause":
                return old.state is State.RUNNING and left > timedelta()
            case "resume":
                return old.state is State.PAUSED
            case "extend":
                return timedelta() < left <= LONGEST - by
            case _:
                return True


def changed(old: Timer, verb: str, by: timedelta, now: datetime) -> Timer:
    """Return a timer after a change."""
    version = old.version + 1
    match verb:
        case "pause" if old.due_at:
            # So long since it was started or went on.
            lately = old.length + old.extended - (old.due_at - now) - total(old.spans)
            # Where the clock was set back meanwhile, it has not run, or not from before its beginning.
            earliest = old.spans[-1][1] if old.spans else old.started_at
            ran = ((max(now - lately, earliest), now),) if lately > timedelta() else ()
            spans = (*old.spans, *ran)
            paused = replace(old, version=version, state=State.PAUSED, due_at=None, remaining=old.due_at - now)
            return replace(paused, spans=spans)
        case "resume" if old.remaining:
            return replace(old, version=version, state=State.RUNNING, due_at=now + old.remaining, remaining=None)
        case "extend" if old.due_at:
            return replace(old, version=version, due_at=old.due_at + by, extended=old.extended + by)
        case "extend" if old.remaining:
            return replace(old, version=version, remaining=old.remaining + by, extended=old.extended + by)
        case "cancel":
            return replace(old, version=version, state=State.CANCELLED, ended_at=now)
    raise AssertionError(f"{verb} was taken, made of {old}")


def unfinished(timer: Timer) -> Timer:
    """Return a done timer as it was while running: the model goes by the clock alone."""
    if timer.state is not State.DONE:
        return timer
    return replace(timer, version=timer.version - 1, state=State.RUNNING, ended_at=None)
