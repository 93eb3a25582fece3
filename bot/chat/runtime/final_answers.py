"""Which of Discord's errors are final, and how every other failure of a request is classified.

Only a response with one of these JSON codes is final. A proxy, Cloudflare or a deploy at Discord answers with 403,
404 or 400 as well, without a code, or with a transient one (40004, 40333, 130000).
Source of codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError

import aiohttp
import discord
import structlog

from bot.domain.errors import Unavailable
from bot.engine.delivery import Undeliverable, Unrecognised, Unsendable
from bot.messages.catalogue import N_

_log = structlog.get_logger(__name__)

UNKNOWN_MESSAGE, UNKNOWN_INTERACTION, ALREADY_ANSWERED, ARCHIVED, NO_HISTORY = 10008, 10062, 40060, 50083, 160002
# Final for a place, with the reason as the waiting person reads it.
_PLACE = {
    10003: N_("the channel is gone"),
    10004: N_("the server is gone"),
    10013: N_("you are gone"),
    50001: N_("I cannot see the channel"),
    50007: N_("you take no direct messages from me"),
    50008: N_("nobody can write in that channel"),
    50013: N_("I may not write in the channel"),
    50278: N_("we share no server"),
    160005: N_("the thread is locked"),
}
# Final for this text, wherever it is posted.
_WORDS = {
    50006: N_("Discord found nothing in it"),
    50035: N_("Discord refused the words"),
    200000: N_("the server's AutoMod refused the words"),
}
_ANSWERED = N_("Discord gave an answer that I do not know")
_ON_THE_WAY = N_("something on the way to Discord gave an error")
_UNREADABLE = N_("Discord's answer could not be read")
# Not final for the message, but repeating the same request is no use.
_ELSEWISE = {UNKNOWN_MESSAGE, UNKNOWN_INTERACTION, ALREADY_ANSWERED, ARCHIVED, NO_HISTORY}
# Transient failures of a call, on the network or at Discord; a truncated response is one of them.
PASSING = (
    discord.DiscordServerError,
    discord.RateLimited,
    aiohttp.ClientError,
    OSError,
    JSONDecodeError,
)


def may_pass(error: Exception) -> bool:
    """Return whether a retry may succeed: Discord did not refuse the request, or not with a known code."""
    if isinstance(error, discord.HTTPException):
        return error.code not in _ELSEWISE | _PLACE.keys() | _WORDS.keys()
    return isinstance(error, PASSING)


@contextmanager
def classified() -> Iterator[None]:
    """Translate the errors of requests to Discord into those of ``delivery``."""
    try:
        yield
    except discord.HTTPException as refused:
        if reason := _PLACE.get(refused.code):
            raise Undeliverable(f"{reason} ({refused.code})") from refused
        if reason := _WORDS.get(refused.code):
            raise Unsendable(f"{reason} ({refused.code})") from refused
        what = (
            f"{_ANSWERED} ({refused.status}, {refused.code})"
            if refused.code
            else f"{_ON_THE_WAY} ({refused.status})"
        )
        if refused.status in {401, 408, 429} or refused.status >= 500:
            raise Unavailable(what) from refused
        raise Unrecognised(what) from refused
    except (discord.RateLimited, aiohttp.ClientError) as failed:
        raise Unavailable(type(failed).__name__) from failed
    except (ValueError, LookupError, TypeError, AttributeError) as unreadable:
        _log.warning("answer_unreadable", exc_info=unreadable)
        raise Unrecognised(_UNREADABLE) from unreadable
