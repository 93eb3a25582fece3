"""Receipts: which of the bot's own messages, in a channel's history, an outbox message has become."""

from collections.abc import Iterable, Iterator

import discord

from bot.chat.runtime.deleted import neutral
from bot.domain.outbox_message import Kind, OutboxMessage
from bot.domain.timers.timer import Purpose

# Buttons on a session's card that are about an earlier phase.
_REVIEWS = ("done", "partly", "not_yet")


def is_receipt(
    message: discord.Message, outbox_message: OutboxMessage, gist: str, announces: tuple[str, ...]
) -> bool:
    """Return whether this is what an outbox message became; for ``gist`` and ``announces`` see ``sender.Renderer``.

    Compares the timer ids in buttons and menus, since the text changes with how late it is sent; where there are
    none, the text.
    """
    about = outbox_message.timers[0]
    ids = {str(timer.id) for timer in outbox_message.timers}
    if outbox_message.stage is not None and not ids.isdisjoint(_stages(message, outbox_message.stage)):
        return True
    if announces and ids <= set(_numbers(message.components, announces)):
        return True
    if not gist:
        return False
    if announces and outbox_message.kind is not Kind.NOTICE:
        replies_to = message.reference.message_id if message.reference else None
        first_line = gist.partition("\n")[0]
        return about.card_id is not None and replies_to == about.card_id and message.content.startswith(first_line)
    lines, wanted = neutral(text_of(message.components)).splitlines(), neutral(gist).splitlines()
    if about.purpose is Purpose.DIGEST:
        return set(wanted) <= set(lines)
    if about.purpose is Purpose.SESSION:  # its small print says how late it is
        lines, wanted = _without_small_print(lines), _without_small_print(wanted)
    return bool(lines) and lines == wanted


def _without_small_print(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith("-# ")]


def text_of(components: object) -> str:
    """Return all text in the components, one per line."""
    texts = (getattr(part, "content", None) for part in walk(components))
    return "\n".join(text for text in texts if isinstance(text, str))


def _stages(message: discord.Message, stage: int) -> Iterator[str]:
    for part in walk(message.components):
        match (getattr(part, "custom_id", None) or "").split(":"):
            case ["focus", action, number, shown_stage] if shown_stage == str(stage) and action not in _REVIEWS:
                yield number


def _numbers(components: object, prefixes: tuple[str, ...]) -> Iterator[str]:
    for part in walk(components):
        custom_id = getattr(part, "custom_id", None) or ""
        if not custom_id.startswith(prefixes):
            continue
        if isinstance(part, discord.SelectMenu):
            yield from (option.value for option in part.options)
        else:
            yield custom_id.split(":")[2]


def walk(components: object) -> Iterator[object]:
    """Yield components and all that are in them."""
    for part in components if isinstance(components, Iterable) else ():
        yield part
        yield from walk(getattr(part, "children", None))
