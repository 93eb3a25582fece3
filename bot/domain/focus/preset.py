"""Presets: what somebody may have meant by an unknown name of a plan."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain import spelling
from bot.domain.errors import UserError
from bot.domain.focus import repair
from bot.domain.focus.command import StartSession
from bot.domain.focus.start_line import line
from bot.domain.invocation import Topic
from bot.domain.question import Choice, Question, as_typed
from bot.domain.timers.name import unquoted
from bot.messages.catalogue import N_

# What people type in other programs, and what they may mean here.
_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "ping": ("notify ping",),
    "silent": ("notify silent",),
    "mute": ("notify silent",),
    "quiet": ("notify silent",),
    "dm": ("notify dm",),
    "ping me": ("notify ping",),
    "mute me": ("notify silent",),
    "be quiet": ("notify silent",),
    "dm me": ("notify dm",),
    "longer": ("extend",),
    "more time": ("extend",),
    "how long": ("status",),
    "hold": ("pause",),
    "wait": ("pause",),
    "reset": ("stop", "start"),
    "restart": ("stop", "start"),
    "again": ("start",),
    "clear": ("stop",),
    "done": ("leave", "stop"),
    **dict.fromkeys(
        ("now", "go", "begin", "session", "a session", "new session", "a focus session", "let's focus", "pomodoro"),
        ("start",),
    ),
}


def unknown(start: StartSession, known: Iterable[str], topic: Topic) -> UserError:
    """Return a question about the unknown name in a start.

    It offers plans and verbs that are spelled nearly so, and otherwise the usual session with the name as its task.
    """
    name = start.plan_name or ""
    first, _, rest = name.partition(" ")
    plans = [
        Choice(N_("{name}"), line(replace(start, plan_name=near)), {"name": near}) for near in _near(name, known)
    ]
    verbs = [
        as_typed(f"{topic.name} {verb.name} {rest}".strip())
        for verb, _ in topic.misspelt(first)
        if verb.options or not rest
    ]
    verbs += [as_typed(f"{topic.name} {verb.name}") for verb in topic.inflected(first) if not rest]
    verbs += [as_typed(f"{topic.name} {words}") for words in _ELSEWHERE.get(name, ())]
    task = f"{name} on {start.task}" if start.task else unquoted(name)
    usual = Choice(N_("Focus on “{task}”"), line(replace(start, plan_name=None, task=task)), {"task": task})
    timed = [] if start.task else repair.choices(name)
    return Question(
        N_("There's no plan called “{quote}”. What did you mean?"), *plans, *verbs, *timed, usual, quote=name
    )


def _near(wrong: str, known: Iterable[str]) -> list[str]:
    return [name for name in known if spelling.is_slip(wrong, name)]
