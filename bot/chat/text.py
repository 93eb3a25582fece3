"""What the bot says, in Discord's markdown, with user input escaped."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.chat.runtime.topics import topics
from bot.domain.errors import UserError
from bot.domain.timers import name
from bot.domain.timers.timer import Timer
from bot.messages.catalogue import Template, gettext

# A message holds 2,000 characters; this leaves room for a closing line.
_ROOM = 1_800
# From here on a message says how late it is; less is the round trip to Discord.
LATE = timedelta(seconds=10)
# A backslash before any of these makes Discord show it as it is: no formatting, no mention, no link.
_ACTIVE = re.compile(r"[\\*_~`|<>\[\]@]|:(?=//)|(?i:\.(?=gg\b|com/invite))")


class Markup(str):
    """Text in Discord's markdown that is to work as such, and so is not escaped."""

    __slots__ = ()


def harmless(raw: str) -> str:
    """Escape what people typed, so that it is shown as typed: it pings nobody and formats nothing.

    It must not stand at the beginning of a line, where ``#`` and ``-`` have a meaning too.
    """
    return _ACTIVE.sub(r"\\\g<0>", raw)


def refusal(refused: UserError, prefix: str) -> str:
    """Say what was wrong, and show a command that would have been right."""
    arguments = {key: _shown(argument) for key, argument in refused.arguments.items()}
    sentence = gettext(refused.template, **arguments)
    if refused.example is None:
        return sentence
    return f"{sentence}\n" + gettext("Try `{command}`", command=command(refused.example, prefix))


def _shown(argument: object) -> object:
    """Format an argument of a ``UserError``; a plain text is what somebody typed."""
    match argument:
        case Template():
            return gettext(argument)
        case Markup():
            return argument
        case str():
            return harmless(name.visible(argument))
    return argument


def command(example: str, prefix: str) -> str:
    """Spell an example as this person would type it: with a prefix, or as a slash command."""
    name, _, words = example.partition(" ")
    topic = topics().get(name)
    return f"/{topic.spell(words)}" if prefix == "/" and topic else f"{prefix}{example}"


def failure(incident: str) -> str:
    """Say that it was the bot's own fault, with the incident's id in the log."""
    return gettext(
        "Something went wrong on my side, and I have written it down as `{incident}`. Please try again.",
        incident=incident,
    )


def unknown_here() -> str:
    """Say that the bot cannot see the chosen role, channel or person here."""
    return gettext("I cannot see what you have chosen from here; choose another, or leave it out.")


def unheard(incident: str, prefix: str, listed: str) -> str:
    """Say that what was asked for is done, though the answer to it could not be sent; ``listed`` shows it."""
    return gettext(
        "That is done, but my answer did not get through (`{incident}`). `{command}` shows how things stand.",
        incident=incident,
        command=command(listed, prefix),
    )


def unanswered(incident: str) -> str:
    """Say that the answer to a question could not be sent."""
    return gettext("I could not get my answer through to you (`{incident}`). Please ask again.", incident=incident)


def relative(moment: datetime) -> str:
    """Format a moment so that each reader's client counts down to it."""
    return f"<t:{round(moment.timestamp())}:R>"


def clock_time(moment: datetime) -> str:
    """Format a moment as a time of day, in each reader's own zone."""
    return f"<t:{round(moment.timestamp())}:T>"


def reason_of(stored: str) -> str:
    """Say why a message could not be delivered, as the outbox has stored it: a template, then what only we need."""
    template, separator, detail = stored.partition(" (")
    return gettext(template) + separator + detail


def channels(ids: Collection[int]) -> Markup:
    """List channels by their ids."""
    return Markup(", ".join(f"<#{channel_id}>" for channel_id in sorted(ids)))


def redirected(timers: Sequence[Timer]) -> str:
    """Explain why a direct message replaces a message in a channel."""
    return gettext("-# I could not say this in <#{channel_id}>.", channel_id=timers[0].channel_id)


def tried_again(messages: int) -> str:
    """Say that undelivered messages are being retried."""
    if not messages:
        return gettext("There is nothing left that I could not tell you.")
    return gettext("I am trying to tell you once more; the list shows what I cannot.")


def fitting(lines: Sequence[str]) -> str:
    """Join as many lines as one message holds, and say how many more there are."""
    shown: list[str] = []
    for number, line in enumerate(lines):
        if sum(map(len, shown)) + len(line) > _ROOM:
            shown.append(gettext("-# … and {count} more", count=len(lines) - number))
            break
        shown.append(line)
    return "\n".join(shown)
