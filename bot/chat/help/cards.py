"""Cards of help, with a button for each example, which does it for whoever presses."""

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from bot.chat.components.example import ExampleButton
from bot.chat.components.plain_view import plain
from bot.chat.help import text
from bot.domain.invocation import Topic
from bot.messages.catalogue import gettext

# Discord's limit of buttons in a row.
_ROW = 5


def newcomer(prefix: str, topics: Iterable[Topic]) -> ui.LayoutView:
    """Show somebody who is new three things to try, and what there is more."""
    tries = [
        ExampleButton(choice.line, gettext(choice.label), discord.ButtonStyle.primary)
        for choice in text.THINGS_TO_TRY
    ]
    others = sorted((topic for topic in topics if topic.name != "help"), key=lambda topic: topic.name)
    view = _rows(plain(text.newcomer(prefix)), tries).add_item(ui.TextDisplay(text.more(prefix)))
    return _rows(view, [ExampleButton(f"help {topic.name}", topic.name) for topic in others])


def topic_help(topic: Topic, prefix: str) -> ui.LayoutView:
    """Show what a command is for, with an example of each thing that it can do."""
    lines = [verb.pressed.get(example, example) for verb in topic.verbs.values() for example in verb.examples]
    return _rows(
        plain(text.topic_help(topic, prefix)), [ExampleButton(f"{topic.name} {line}", line) for line in lines]
    )


def _rows(view: ui.LayoutView, buttons: Sequence[ExampleButton]) -> ui.LayoutView:
    for first in range(0, len(buttons), _ROW):
        view.add_item(ui.ActionRow(*buttons[first : first + _ROW]))
    return view
