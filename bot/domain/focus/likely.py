"""Likely commands: what words behind ``focus`` may mean that are no request as they stand."""

from collections.abc import Callable

from bot.domain.errors import UserError
from bot.domain.focus.body import as_task
from bot.domain.invocation import Invocation, Topic
from bot.domain.question import Choice, Question, as_typed
from bot.messages.catalogue import N_

# What may follow a verb that takes no options, and *skip*.
_IT = {"session", "the session", "this session", "focus session", "it", "this", "now", "focus", "everything", "all"}
_PHASES = {
    f"{article}{phase}"
    for article in ("", "the ", "this ", "to ", "to the ", "to next ", "to the next ")
    for phase in ("break", "phase", "round")
}
_PHASES |= {"ahead", "to next", "this one", "it please"}


def verbs(words: str, topic: Topic) -> list[Choice]:
    """Offer the verbs that the first of words is one slip from."""
    first, _, rest = words.partition(" ")
    is_number = any(character.isdigit() for character in rest)
    return [
        as_typed(f"focus {verb.name} {rest if verb.options else ''}".strip())
        for verb, _ in topic.misspelt(first)
        if verb.options or not is_number
    ]


def says_nothing(verb: str, words: str) -> bool:
    """Return whether words behind a verb without options add nothing to it."""
    plain = words.casefold()
    return not plain or (plain in _IT and verb != "help") or (plain in _PHASES and verb == "skip")


def verb_alone(asked: Invocation) -> Question:
    """Ask about a verb with words behind it that it does not take."""
    spelling, line = asked.text.removesuffix(asked.words).strip(), f"focus {asked.verb}"
    return Question(
        N_("`{quote}` doesn't take anything after it."), as_typed(line), *as_task(asked.text), quote=spelling
    )


def answerable(question: Question, topic: Topic, parse: Callable[[Invocation], object]) -> UserError:
    """Return a question with the choices that can be parsed or lead to a question; a refusal without any."""
    choices = [
        choice for choice in question.choices if choice.is_parsed or _is_understood(choice.line, topic, parse)
    ]
    if choices:
        return Question(question.template, *choices, **question.arguments)
    refused = UserError(question.template, f"{topic.name} help")
    refused.arguments = question.arguments
    return refused


def _is_understood(line: str, topic: Topic, parse: Callable[[Invocation], object]) -> bool:
    name, _, words = line.partition(" ")
    asked = topic.read(words)
    if name != topic.name or asked.wants_help:
        return True
    try:
        parse(asked)
    except Question as question:
        return any(choice.line.startswith(f"{topic.name} ") for choice in question.choices)
    except UserError:
        return False
    return True
