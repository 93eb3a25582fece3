"""Speaking: the bot says nothing in a channel for somebody who may not write there."""

from bot.chat.runtime.request import Request
from bot.domain.errors import NoPlaceToSpeak
from bot.messages.catalogue import N_


def must_write(request: Request, example: str = "remind me 20m stretch") -> None:
    """Raise ``NoPlaceToSpeak`` where the person may not write: a slash command or a button works there too."""
    if not request.may_write:
        raise NoPlaceToSpeak(N_("You can't post in this channel, so I can't post that here for you."), example)
