"""The recipient of a reminder: whom it mentions, and where it comes."""

import re

from bot.domain.errors import NotYours, UserError
from bot.domain.reminders.command import DIRECT, HERE
from bot.messages.catalogue import N_

ROLE = re.compile(r"<@&\d{1,19}>|@everyone|@here")
CHANNEL = re.compile(r"<#(\d{1,19})>")
PERSON = re.compile(r"<@!?(\d{1,19})>")
# The most characters of a wrong option that are quoted.
_QUOTE = 40


def is_direct(where: str) -> bool:
    """Return whether it comes by direct message."""
    if where.casefold() not in {HERE, DIRECT}:
        raise UserError(
            N_("I don't know “{quote}”. Say here or direct message."),
            quote=where[:_QUOTE],
        )
    return where.casefold() == DIRECT


def mention(who: str, person_id: int) -> str:
    """Return the mention of a role or group; empty for the person themselves."""
    if person := PERSON.fullmatch(who):
        if int(person[1]) != person_id:
            raise NotYours(N_("I can only remind you – or a role or channel, if you're a moderator."))
        return ""
    if who and not ROLE.fullmatch(who):
        raise UserError(N_("I don't know the role “{quote}”. Mention it with @."), quote=who[:_QUOTE])
    return who


def channel_id(channel: str) -> int | None:
    """Return the id of a mentioned channel; None where none is named."""
    match = CHANNEL.fullmatch(channel)
    if channel and not match:
        raise UserError(N_("I don't know the channel “{quote}”. Mention it with #."), quote=channel[:_QUOTE])
    return int(match[1]) if match else None
