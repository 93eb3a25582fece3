"""What the bot says, in Discord's markdown, with user input escaped."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.chat.runtime.topics import mention, topics
from bot.domain.errors import UserError
from bot.domain.time.duration import spoken
from bot.domain.timers import name
from bot.domain.timers.timer import Timer
from bot.messages.catalogue import Template, gettext

# Characters that a message holds.
_MOST = 2_000
# What a list may take of them, which leaves room for a closing line.
_ROOM = 1_800
# Characters of a person's text, escaped, that a sentence quotes.
_QUOTED = 300
# From here on a message says how late it is; less is the round trip to Discord.
LATE = timedelta(seconds=10)
# From here on nobody counts the seconds of something's length.
_ROUGH = timedelta(minutes=5)
# A backslash before any of these makes Discord show it as it is: no formatting, no mention, no link.
_ACTIVE = re.compile(r"[\\*_~`|<>\[\]@]|:(?=//)|(?i:\.(?=gg\b|com/invite))")
# Discord looks for these beyond its markdown: where one person may mention everyone, another's words must not.
_MASS = re.compile(r"\\@(?=everyone|here)")


class Markup(str):
    """Text in Discord's markdown that is to work as such, and so is not escaped."""

    __slots__ = ()


def escape(raw: str) -> str:
    """Escape what people typed, so that it is shown as typed: it pings nobody and formats nothing.

    It must not stand at the beginning of a line, where ``#`` and ``-`` have a meaning too.
    """
    # A template of the replacement takes Python 3.11 several times as long as a function.
    escaped = _ACTIVE.sub(lambda active: f"\\{active[0]}", raw)
    return _MASS.sub("@\N{ZERO WIDTH SPACE}", escaped)


def shortened(raw: str, most: int) -> str:
    """Escape what people typed, on one line, and cut it to ``most`` characters."""
    flat = " ".join(raw.split())
    if len(escaped := escape(flat)) <= most:
        return escaped
    kept = flat[: most - 1]
    while len(escaped := escape(kept)) > most - 1:
        # Each character removed shortens the escaped text by two at most.
        kept = kept[: -((len(escaped) - most + 2) // 2)]
    return f"{escaped}…"


def refusal(refused: UserError, prefix: str) -> str:
    """Say what was wrong, and show a command that would have been right, with a link that opens it.

    The command repeats what the person typed, and is left out where a message would not hold it.
    """
    wrong = sentence(refused)
    if refused.example is None:
        return wrong
    advised = f"{wrong}\n{_advice(refused.example, prefix)}"
    return advised if len(advised) <= _MOST else wrong


def _advice(example: str, prefix: str) -> str:
    """Show a command to try; the link of a slash command opens it without its options, so these are shown too."""
    spelled = command(example, prefix)
    link = mention(example) if prefix == "/" else None
    is_all = link is not None and link.startswith(f"<{spelled}:")
    offered = link if link is not None and is_all else f"`{spelled}`"
    if example.partition(" ")[2] == "help" or example == "help":
        return gettext("{command} has examples.", command=offered)
    if link is None or is_all:
        return gettext("Try {command}", command=offered)
    return gettext("Try {command} with {link}", command=offered, link=link)


def sentence(refused: UserError) -> str:
    """Say what was wrong, or ask what was meant."""
    arguments = {key: _formatted(argument) for key, argument in refused.arguments.items()}
    return gettext(refused.template, **arguments)


def not_done(timer_id: int, refused: UserError) -> str:
    """Say of one of several why nothing was done to it."""
    return gettext("-# #{id}: {why}", id=timer_id, why=sentence(refused))


def _formatted(argument: object) -> object:
    """Format an argument of a ``UserError``; a plain text is what somebody typed."""
    match argument:
        case Template():
            return gettext(argument)
        case Markup():
            return argument
        case str():
            return shortened(name.visible(argument), _QUOTED)
    return argument


def command(example: str, prefix: str) -> str:
    """Spell an example with a prefix or as a slash command, to be shown as code: without backticks."""
    name, _, words = example.partition(" ")
    topic = topics().get(name)
    spelled = f"/{topic.spell(words)}" if prefix == "/" and topic else f"{prefix}{example}"
    return spelled.replace("`", "\N{MODIFIER LETTER GRAVE ACCENT}")


def slash(example: str) -> str:
    """Show the slash command of an example: as a link that opens it, where that is known."""
    return mention(example) or f"`{command(example, '/')}`"


def failure(incident: str) -> str:
    """Say that it was the bot's own fault, with the incident's id in the log."""
    return gettext(
        "Sorry, something went wrong on my end. I've logged it as `{incident}` – please try again.",
        incident=incident,
    )


def answer_lost(incident: str, prefix: str, list_command: str) -> str:
    """Say that what was asked for is done, though the answer to it could not be sent; ``list_command`` shows it."""
    return gettext(
        "That worked, but my answer got lost (`{incident}`). `{command}` shows where things are.",
        incident=incident,
        command=command(list_command, prefix),
    )


def late(
    due_at: datetime, now: datetime, awake_since: datetime, templates: tuple[Template, Template], **about: str
) -> str:
    """Say how late it is by ``{late}``, by the second template if the bot was away; empty if it is on time."""
    if now - due_at < LATE:
        return ""
    return gettext(templates[due_at < awake_since], late=spoken(now - due_at), **about)


def relative(moment: datetime) -> str:
    """Format a moment so that each reader's client counts down to it."""
    return f"<t:{round(moment.timestamp())}:R>"


def clock_time(moment: datetime, length: timedelta) -> str:
    """Format when something of this length ends as a time of day, in each reader's own zone."""
    style = "t" if length >= _ROUGH else "T"
    return f"<t:{round(moment.timestamp())}:{style}>"


def paused_left(left: timedelta) -> str:
    """Format how much is left of something that is paused, rounded down."""
    return spoken(left - left % timedelta(minutes=1) if left >= _ROUGH else left)


def message_url(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return the URL of a message."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def reason_of(stored: str) -> str:
    """Say why a message could not be delivered, as the outbox has stored it: a template, then what only we need."""
    template, separator, detail = stored.partition(" (")
    return gettext(template) + separator + detail


def channels(ids: Collection[int]) -> Markup:
    """List channels by their ids."""
    return Markup(", ".join(f"<#{channel_id}>" for channel_id in sorted(ids)))


def redirected(timers: Sequence[Timer]) -> str:
    """Explain why a direct message replaces a message in a channel."""
    return gettext("-# I couldn't post this in <#{channel_id}>.", channel_id=timers[0].channel_id)


def fitting(lines: Sequence[str]) -> str:
    """Join as many lines as one message holds, and say how many more there are."""
    fitting: list[str] = []
    for number, line in enumerate(lines):
        if sum(map(len, fitting)) + len(line) > _ROOM:
            fitting.append(gettext("-# … and {count} more", count=len(lines) - number))
            break
        fitting.append(line)
    return "\n".join(fitting)
