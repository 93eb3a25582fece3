"""Questions: what a person is asked where a request may mean several things, with a button for each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.chat import text
from bot.chat.components.choice_menu import choices
from bot.chat.runtime import topics
from bot.chat.runtime.request import Request
from bot.chat.runtime.typed_answers import TypedAnswers
from bot.domain.errors import NotSaved
from bot.domain.question import AS_TYPED, Choice, Question
from bot.domain.timers import name
from bot.domain.timers.timer import PRIVATE
from bot.messages import dates
from bot.messages.catalogue import Template, gettext
from bot.service.questions import Questions


async def ask(questions: Questions, request: Request, question: Question, typed: TypedAnswers) -> None:
    """Ask a question, saved first, as buttons outlive a restart; else show the corrected request to copy."""
    lines = [choice.line for choice in question.choices]
    try:
        number = await questions.save(request.actor, request.key, request.about_id, lines)
    except NotSaved:
        await request.reply(text.refusal(question, request.prefix))
    else:
        labels = labels_of(question.choices, request.readers_in)
        alone = {number for number, choice in enumerate(question.choices) if choice.alone}
        asking = typed.asking(request.actor.channel_id, number, labels) if request.guild is None else None
        message_id = await request.reply_with(choices(text.sentence(question), number, labels, alone))
        if asking:
            asking.message_id = message_id


def labels_of(choices: Sequence[Choice], readers_in: int | None = None) -> list[str]:
    """Return the labels of the buttons; Discord does not format them, so nothing is escaped."""
    choices = [_seen_in(readers_in, choice) for choice in choices]
    walls = [wall for choice in choices for wall in choice.arguments.values() if isinstance(wall, datetime)]
    moments = dict(zip(walls, dates.apart(walls, by_time=len(walls) == len(choices)), strict=True))
    labels = [
        name.visible(topics.in_words(choice.line))
        if choice.label is AS_TYPED
        else gettext(
            choice.label, **{key: _formatted(argument, moments) for key, argument in choice.arguments.items()}
        )
        for choice in choices
    ]
    return [
        gettext("{choice}, “{quote}”", choice=label, quote=name.visible(choice.what))
        if choice.what and labels.count(label) > 1
        else label
        for label, choice in zip(labels, choices, strict=True)
    ]


def _seen_in(channel_id: int | None, choice: Choice) -> Choice:
    """Return a choice as people in a channel may see it."""
    if channel_id is None or choice.channel_id in {None, channel_id}:
        return choice
    return replace(choice, arguments={**choice.arguments, "name": gettext(PRIVATE)})


def _formatted(argument: object, moments: Mapping[datetime, str]) -> object:
    if isinstance(argument, Template):
        return gettext(argument)
    if isinstance(argument, datetime):
        return moments[argument]
    return name.visible(argument) if isinstance(argument, str) else argument
