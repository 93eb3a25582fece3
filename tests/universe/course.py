"""A course: the clock of a session as people understand it, phase by phase, modelled independently of the bot."""

from dataclasses import dataclass, field

from tests.universe import sentences
from tests.universe.claims import Span

# Its title, whether it is focus, and its seconds.
Phase = tuple[str, bool, float]
# A warning comes so many seconds before the end of a phase that is at least twice as long.
WARNING = 60.0


@dataclass
class Course:
    """``at`` is the phase that is current, as far as is known."""

    phases: list[Phase]
    began: Span
    # Whether the phases follow one another by themselves, and are warned of.
    is_auto: bool = True
    warns: bool = False
    at: int = 0
    # What is left of a phase that is paused; ``waiting`` if it has not begun.
    left: Span | None = None
    waiting: bool = False
    over: bool = False
    # Spans when focus counted; when each phase, and at last the end, was due to be announced, and was.
    runs: list[tuple[int, Span, Span]] = field(default_factory=list)
    dues: dict[int, Span] = field(default_factory=dict)
    announced_at: dict[int, float] = field(default_factory=dict)
    # When each phase was warned of, and those whose clock somebody has changed.
    warned_at: dict[int, float] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.run_from = self.began
        self.ends = later(self.began, self.phases[0][2])

    def advance(self, now: float) -> None:
        """End the phases whose time has certainly passed."""
        while not self.over and self.left is None and self.ends[1] <= now:
            self._next(self.ends)

    def _next(self, ended: Span) -> None:
        has_opened = self.phases[self.at][0] == sentences.DOORS
        self._stop_run(ended)
        self.at += 1
        self.dues[self.at] = ended
        if self.at == len(self.phases):
            self.over = True
            return
        seconds = self.phases[self.at][2]
        self.run_from = ended
        self.ends = later(ended, seconds)
        if not self.is_auto and not has_opened:
            self.left, self.waiting = (seconds, seconds), True

    def _stop_run(self, ended: Span) -> None:
        if self.phases[self.at][1]:
            self.runs.append((self.at, self.run_from, ended))

    def is_clear(self, now: float) -> bool:
        """Return whether the current phase is certain, now and for a while."""
        self.advance(now)
        if self.over:
            return False
        return self.left is not None or (now - self.run_from[1] > 5 and self.ends[0] - now > 30)

    # What its host does: asked at one moment, answered at another.

    def pause(self, asked_at: float, answered_at: float) -> None:
        self._stop_run((asked_at, answered_at))
        self.left = self.ends[0] - answered_at, self.ends[1] - asked_at
        self.changed.add(self.at)

    def resume(self, asked_at: float, answered_at: float) -> None:
        if self.left:
            self.run_from = asked_at, answered_at
            self.ends = asked_at + self.left[0], answered_at + self.left[1]
            self.left, self.waiting = None, False

    def skip(self, asked_at: float, answered_at: float) -> None:
        self.changed.add(self.at)
        if self.left:
            self.left, self.waiting = None, False
            self.run_from = asked_at, asked_at
            self.at_rest_next((asked_at, answered_at))
        else:
            self._next((asked_at, answered_at))

    def at_rest_next(self, ended: Span) -> None:
        """End a phase that was paused: nothing has counted since."""
        known = len(self.runs)
        self._next(ended)
        del self.runs[known:]

    def extend(self, by: float) -> None:
        self.changed.add(self.at)
        if self.left:
            self.left = later(self.left, by)
        else:
            self.ends = later(self.ends, by)

    def edit(self, phases: list[Phase]) -> None:
        """Go on by another plan: the current phase takes its new length, those before keep theirs."""
        longer = phases[self.at][2] - self.phases[self.at][2]
        self.phases = self.phases[: self.at] + phases[self.at :]
        if longer:
            self.extend(longer)

    def stop(self, asked_at: float, answered_at: float) -> None:
        if self.left is None:
            self._stop_run((asked_at, answered_at))
        self.over = True

    # What the bot says.

    def hear(self, title: str, now: float, early: float) -> str | None:
        """Note the announcement of a phase, or of the end; return what is wrong with it."""
        titles = [title for title, _, _ in self.phases] + [sentences.ALL_DONE]
        last = max(self.announced_at, default=0)
        for at in range(last + 1, len(titles)):
            if titles[at].replace(" · ", " ") == title.replace(" · ", " "):
                return self._tell(at, now, early)
        return f"{title} was told of once too often"

    def _tell(self, at: int, now: float, early: float) -> str | None:
        self.advance(now)
        if at > self.at and self.left is None and not self.over:
            # The span in which the last phase ends has begun: it is known now where in it.
            while self.at < at and self.left is None and self.ends[0] - early <= now:
                self._next((self.ends[0], now))
        self.announced_at[at] = now
        if at > self.at:
            expected = self.phases[at][0] if at < len(self.phases) else "its end"
            return f"{expected} was told of {self.ends[0] - now:.3f} s early"
        return None

    def warn(self, now: float, early: float) -> str | None:
        """Note that the end of the current phase was warned of; return what is wrong with that."""
        self.advance(now)
        self.warned_at[self.at] = now
        if not self.warns or self.over or self.left is not None:
            return "there was nothing to warn of"
        if now < self.ends[0] - WARNING - early and self.at not in self.changed:
            return f"the end of {self.phases[self.at][0]} was warned of {self.ends[0] - now:.1f} s before"
        return None

    def unwarned(self) -> list[tuple[int, Span]]:
        """Return the phases that ended by themselves without a warning, and when that should have come."""
        if not self.warns:
            return []
        return [
            (at - 1, later(due, -WARNING))
            for at, due in self.dues.items()
            if at - 1 not in self.warned_at and at - 1 not in self.changed
            if self.phases[at - 1][2] >= 2 * WARNING and self.phases[at - 1][0] != sentences.DOORS
        ]


def later(span: Span, seconds: float) -> Span:
    """Return the span a number of seconds later."""
    return span[0] + seconds, span[1] + seconds
