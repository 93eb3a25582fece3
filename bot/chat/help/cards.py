"""Cards of help, with a button for each example that carries it out for the presser."""

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from bot.chat.components.button import ExampleButton, plain
from bot.chat.text import command, fitting, slash
from bot.domain.invocation import Topic
from bot.domain.question import Choice
from bot.messages.catalogue import N_, gettext

THINGS_TO_TRY = (
    Choice(N_("Start a focus session"), "focus start"),
    Choice(N_("Start a 5-minute timer"), "pomodoro 5m"),
    Choice(N_("Remind me to stretch in 20 minutes"), "remind 20m stretch"),
)
# Discord's limit of buttons in a row, and the most examples that are shown at once.
_ROW, _MOST = 5, 10
# What is typed behind a command's name for all of its examples.
MORE = "more"


def newcomer(prefix: str, topics: Iterable[Topic]) -> ui.LayoutView:
    """Show a newcomer three things to try, and where to find more."""
    tries = [
        ExampleButton(choice.line, gettext(choice.label), discord.ButtonStyle.primary) for choice in THINGS_TO_TRY
    ]
    others = sorted((topic for topic in topics if topic.name != "help"), key=lambda topic: topic.name)
    view = _rows(plain(_newcomer(prefix)), tries).add_item(ui.TextDisplay(_more(prefix)))
    return _rows(view, [ExampleButton(f"help {topic.name}", topic.name) for topic in others])


def topic_help(topic: Topic, prefix: str, *, whole: bool = False) -> ui.LayoutView:
    """Show what a command is for, with examples to press: a wall of them only where the ``whole`` is asked for."""
    lines = [verb.pressed.get(example, example) for verb in topic.verbs.values() for example in verb.examples]
    is_wall = len(lines) > _MOST and not whole
    buttons = [ExampleButton(f"{topic.name} {line}", line) for line in (_likely(topic) if is_wall else lines)]
    if is_wall:
        buttons.append(ExampleButton(f"help {topic.name} {MORE}", gettext("More…")))
    return _rows(plain(_explained(topic, prefix)), buttons)


def _likely(topic: Topic) -> list[str]:
    """Return what people press first: two ways to begin, and the verbs that are declared next."""
    first = [verb.pressed.get(verb.examples[0], verb.examples[0]) for verb in topic.verbs.values() if verb.examples]
    return list(dict.fromkeys([*topic.verbs[topic.default].examples[:2], *first]))[: _ROW - 1]


def _rows(view: ui.LayoutView, buttons: Sequence[ExampleButton]) -> ui.LayoutView:
    for first in range(0, len(buttons), _ROW):
        view.add_item(ui.ActionRow(*buttons[first : first + _ROW]))
    return view


def _newcomer(prefix: str) -> str:
    """Show a newcomer three things to try."""
    session, timer, reminder = (command(choice.line, prefix) for choice in THINGS_TO_TRY)
    return "\n".join(
        [
            gettext("Hi! I run timers, focus sessions and reminders. Three things to try:"),
            gettext("- a focus session your friends can join: `{command}`", command=session),
            gettext("- a timer for yourself: `{command}`", command=timer),
            gettext("- a reminder: `{command}`", command=reminder),
        ]
    )


def _more(prefix: str) -> str:
    """Show where there is more, above a button for each command."""
    commands, privacy = f"`{command('help remind', prefix)}`", command("privacy", prefix)
    return gettext("More: {commands}. What I store about you: `{privacy}`.", commands=commands, privacy=privacy)


def _explained(topic: Topic, prefix: str) -> str:
    lines = []
    if topic.introduction:
        lines.append(gettext(topic.introduction))
    elif len(topic.verbs) > 1:  # else its only verb says the same
        heading = gettext(topic.description)
        lines.append(f"**{heading}**")
    for verb in topic.verbs.values():
        examples = " · ".join(f"`{command(f'{topic.name} {example}', prefix)}`" for example in verb.examples)
        example = examples or ("" if verb.name == "help" else slash(f"{topic.name} {verb.name}"))
        if example:
            what = gettext(verb.description)
            lines.append(f"- {example} {what}")
    return fitting(lines)
