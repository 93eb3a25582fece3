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

_log = structlog.get_logger(__name__)

UNKNOWN_MESSAGE, UNKNOWN_INTERACTION, ALREADY_ANSWERED, ARCHIVED, NO_HISTORY = 10008, 10062, 40060, 50083, 160002
# Final for a place, with the reason as the waiting person reads it.
_PLACE = {
    10003: "the channel is gone",
    10004: "the server is gone",
    10013: "you are gone",
    50001: "I cannot see the channel",
    50007: "you take no direct messages from me",
    50008: "nobody can write in that channel",
    50013: "I may not write in the channel",
    50278: "we share no server",
    160005: "the thread is locked",
}
# Final for this text, wherever it is posted.
_WORDS = {
    50006: "Discord found nothing in it",
    50035: "Discord refused the words",
    200000: "the server's AutoMod refused the words",
}
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
        what = f"Discord answered {refused.status} ({refused.code})" if refused.code else _status(refused)
        if refused.status in {401, 408, 429} or refused.status >= 500:
            raise Unavailable(what) from refused
        raise Unrecognised(what) from refused
    except (discord.RateLimited, aiohttp.ClientError) as failed:
        raise Unavailable(type(failed).__name__) from failed
    except (ValueError, LookupError, TypeError, AttributeError) as unreadable:
        _log.warning("answer_unreadable", exc_info=unreadable)
        raise Unrecognised("Discord's answer could not be read") from unreadable


def _status(refused: discord.HTTPException) -> str:
    return f"something on the way to Discord answered {refused.status}"
