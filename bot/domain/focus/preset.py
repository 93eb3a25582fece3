"""Presets: what somebody may have meant by an unknown plan's name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain import spelling
from bot.domain.errors import UserError
from bot.domain.focus import repair
from bot.domain.focus.command import StartSession
from bot.domain.invocation import Topic
from bot.domain.question import Choice, Question, as_typed
from bot.domain.timers.name import unquoted
from bot.messages.catalogue import N_

# Commands, with other words that people use for them.
_COMMANDS: Mapping[tuple[str, ...], Sequence[str]] = {
    ("notify ping",): ("ping", "ping me", "unmute", "unmute me"),
    ("notify silent",): (
        "silent", "mute", "quiet", "mute me", "be quiet", "no ping", "no pings", "don't ping me", "dont ping me",
        "shh", "shut up",
    ),
    ("notify dm",): ("dm", "dm me"),
    ("join",): ("in", "i'm in", "im in", "me too", "count me in", "let me in", "hop in", "enter"),
    ("leave",): ("i'm out", "im out", "i'm done", "drop out", "opt out", "bye"),
    ("leave", "stop"): ("done", "we're done", "all done", "that's it", "enough"),
    ("stop",): ("clear",),
    ("stop", "start"): ("reset", "restart"),
    ("pause",): ("hold", "hold on", "wait", "freeze", "halt", "one moment"),
    ("resume",): ("unfreeze", "unhold"),
    ("extend",): ("longer", "more", "more time"),
    ("skip",): ("shorter", "forward", "ahead"),
    ("status",): ("how long", "card", "board"),
    ("start",): (
        "go", "begin", "again", "session", "a session", "new session", "a focus session", "let's focus", "pomodoro",
        "a pomodoro", "default", "the default", "normal", "regular", "standard", "usual", "the usual", "forever",
        "endless", "infinite", "loop",
    ),
    ("start classic",): ("classic pomodoro",),
    ("start deep",): ("long", "deep work", "deep focus", "deep pomodoro"),
    ("start in 5m", "start in 10m"): ("soon",),
}  # fmt: skip
_ELSEWHERE = {words: commands for commands, names in _COMMANDS.items() for words in names}


def unknown(start: StartSession, known: Iterable[str], topic: Topic) -> UserError:
    """Return a question about the unknown name in a start.

    It offers plans and verbs that are spelled nearly so, and otherwise the usual session with the name as its task.
    """
    name = start.plan_name or ""
    first, _, rest = name.partition(" ")
    plans = [
        Choice(N_("{name}"), replace(start, plan_name=near).line, {"name": near})
        for near in known
        if spelling.is_slip(name, near)
    ]
    verbs = [
        as_typed(f"{topic.name} {verb.name} {rest}".strip())
        for verb, _ in topic.misspelt(first)
        if verb.options or not rest
    ]
    verbs += [as_typed(f"{topic.name} {verb.name}") for verb in topic.inflected(first) if not rest]
    verbs += [as_typed(f"{topic.name} {words}") for words in _ELSEWHERE.get(name, ())]
    task = f"{name} on {start.task}" if start.task else unquoted(name)
    usual = Choice(N_("Focus on “{task}”"), replace(start, plan_name=None, task=task).line, {"task": task})
    timed = [] if start.task else repair.choices(name)
    return Question(
        N_("There's no plan called “{quote}”. What did you mean?"), *plans, *verbs, *timed, usual, quote=name
    )
