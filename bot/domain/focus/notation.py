"""The notation of plans: ``10m warm-up, 3x(40m focus, 8m break), 30m lunch``.

    plan  =  item , item , …
    item  =  length label   |   times x item   |   times x ( plan )   |   times x ( length / length )

A bare number is minutes; without a label the phase is focus; ``25/5`` is focus and a short break. ``x``, ``*`` and
the multiplication sign are equivalent, spaces are optional, and repeats nest up to four deep.
"""

import re
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.ellipsis import truncated
from bot.domain.errors import BadPlan
from bot.domain.focus.phase import EXAMPLE, Part, Phase
from bot.domain.time import duration
from bot.messages.catalogue import N_

MOST_PHASES = 100
_DEEPEST = 4
_TOKEN = re.compile(r"[(),]|[^(),]+")
# An x before a letter begins a word ("10 xylophone") and does not repeat anything.
_TIMES = re.compile(r"(\d+) ?[x*\u00d7](?![^\W\d_]) ?", re.IGNORECASE)
# What joins a phase's length and label: half an hour of writing.
_OF = re.compile(r"\A(?:of|for) (?=\S)", re.IGNORECASE)
_PAIR = re.compile(r"(\d{1,3}m?)(?: ?[/+] ?| )(\d{1,3}m?)")


def read(text: str) -> tuple[Phase, ...]:
    """Parse the phases of a plan. Raises ``BadPlan`` or ``BadName``.

    However many repeats the text asks for, at most ``MOST_PHASES`` phases are ever built.
    """
    return tuple(_Parser(text).plan(0))


def write(phases: Sequence[Phase]) -> str:
    """Write phases so that ``read`` returns the same again, with repeats folded."""
    return _folded(phases, _DEEPEST)


def length(word: str) -> timedelta:
    """Parse one word as a phase length, without range checks; a bare number is minutes. Raises ``BadPlan``."""
    parsed = duration.read(word, bare="m")
    if parsed is None:
        raise BadPlan(N_("I can't read “{quote}” as a length. Try 25, 90s or 1h30m."), EXAMPLE, quote=_quoted(word))
    return parsed


def too_many() -> BadPlan:
    """Return the error for more than ``MOST_PHASES`` phases."""
    return BadPlan(N_("That plan has more than {most} phases, which is the limit."), EXAMPLE, most=MOST_PHASES)


class _Parser:
    """A recursive-descent parser."""

    def __init__(self, text: str) -> None:
        tokens = (token.strip() for token in _TOKEN.findall(" ".join(text.split())))
        self._left = deque(token for token in tokens if token)

    def plan(self, depth: int) -> list[Phase]:
        """Read up to the closing bracket of this plan, or to the end where ``depth`` is 0."""
        phases: list[Phase] = []
        while True:
            phases += self._item(depth)
            if len(phases) > MOST_PHASES:
                raise too_many()
            mark = self._next()
            if mark == (")" if depth else ""):
                return phases
            if mark == ")":
                raise BadPlan(N_("There's a “(” missing."), EXAMPLE)
            if not mark:
                raise BadPlan(N_("There's a “)” missing."), EXAMPLE)
            if mark != ",":
                raise BadPlan(
                    N_("There's a comma missing after “)”, before “{quote}”."), EXAMPLE, quote=_quoted(mark)
                )

    def _item(self, depth: int) -> list[Phase]:
        text = self._next()
        times = 1
        while match := _TIMES.match(text):
            depth += 1
            if depth > _DEEPEST:
                raise BadPlan(N_("Brackets can only be nested {deepest} deep."), EXAMPLE, deepest=_DEEPEST)
            # That many digits mean too many phases anyway, and int() refuses thousands of digits.
            times *= int(match[1]) if len(match[1]) < 10 else 10**9
            if not times:
                raise BadPlan(N_("Nothing can repeat 0 times. Once is the minimum."), EXAMPLE)
            text = text[match.end() :]
        opens = bool(self._left) and self._left[0] == "("
        if text == "(" or (text and opens):
            raise BadPlan(N_("Put a number before “(”, as in “3x(”."), EXAMPLE)
        if opens:
            self._next()
            once = self.plan(depth)
        elif text in {"", ",", ")"}:
            raise BadPlan(
                N_("There's a phase missing. Each is a length, such as 25m, with commas between them."), EXAMPLE
            )
        else:
            once = _phases(text, depth)
        if times * len(once) > MOST_PHASES:
            raise too_many()
        return once * times

    def _next(self) -> str:
        return self._left.popleft() if self._left else ""


def _phases(text: str, depth: int) -> list[Phase]:
    if depth and (pair := _PAIR.fullmatch(text)):
        return [Phase(length(pair[1])), Phase(length(pair[2]), Part.SHORT)]
    return [_phase(text)]


def _phase(text: str) -> Phase:
    if front := duration.at_front(text):
        return Phase(front[0], _OF.sub("", front[1]) or Part.FOCUS)
    word, label = duration.split(text)
    if not duration.is_meant_as_duration(word):
        raise BadPlan(N_("“{quote}” needs a length in front, as in “10m warm-up”."), EXAMPLE, quote=_quoted(text))
    return Phase(length(word), label) if label else Phase(length(word))


def _folded(phases: Sequence[Phase], depth: int) -> str:
    items = []
    at = 0
    while at < len(phases):
        width, times = _repeat(phases[at:]) if depth else (1, 1)
        if times == 1:
            items.append(f"{duration.written(phases[at].length)} {phases[at].label}")
        else:
            once = _folded(phases[at : at + width], depth - 1)
            items.append(f"{times}x({once})" if width > 1 else f"{times}x{once}")
        at += width * times
    return ", ".join(items)


def _repeat(phases: Sequence[Phase]) -> tuple[int, int]:
    """Find the leading repeat that covers the most: its width in phases, and its count."""
    best = (1, 1)
    for width in range(1, len(phases) // 2 + 1):
        times = 1
        while phases[times * width : (times + 1) * width] == phases[:width]:
            times += 1
        if times > 1 and width * times > best[0] * best[1]:
            best = (width, times)
    return best


def _quoted(text: str) -> str:
    return truncated(text, 40)
