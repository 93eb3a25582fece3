"""The recipient of a reminder: whom it mentions, and where it comes."""

import re

from bot.domain.errors import NotYours, UserError
from bot.domain.mentions import LONGEST_QUOTE, PERSON, no_role
from bot.domain.reminders.command import DIRECT, HERE
from bot.messages.catalogue import N_

ROLE = re.compile(r"<@&\d{1,19}>|@everyone|@here")


def is_direct(where: str) -> bool:
    """Return whether it comes by direct message."""
    if where.casefold() not in {HERE, DIRECT}:
        raise UserError(N_("I don't know “{quote}”. Say here or direct message."), quote=where[:LONGEST_QUOTE])
    return where.casefold() == DIRECT


def mention(who: str, person_id: int) -> str:
    """Return the mention of a role or group; empty for the person themselves."""
    if person := PERSON.fullmatch(who):
        if int(person[1]) != person_id:
            raise NotYours(N_("I can only remind you – or a role or channel, if you're a moderator."))
        return ""
    if who and not ROLE.fullmatch(who):
        raise no_role(who)
    return who
