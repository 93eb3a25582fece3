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
UNKNOWN_CHANNEL = 10003
# Of an interaction that has no answer yet, and of one that is over: its token lives a quarter of an hour.
UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN = 10015, 50027
# Final for a place, with the reason as the waiting person reads it.
_PLACE = {
    UNKNOWN_CHANNEL: N_("that channel's gone"),
    10004: N_("that server's gone"),
    10013: N_("I can't find you any more"),
    50001: N_("I can't see that channel"),
    50007: N_("I can't DM you"),
    50008: N_("nobody can post in that channel"),
    50013: N_("I'm not allowed to post in that channel"),
    50033: N_("I can't find you any more"),
    50278: N_("we're not in a server together"),
    160005: N_("that thread's locked"),
}
# Final for this text, wherever it is posted.
_WORDS = {
    50006: N_("Discord said it was empty"),
    50035: N_("Discord didn't accept the text"),
    200000: N_("the server's AutoMod blocked the text"),
}
_ANSWERED = N_("Discord gave an answer I don't understand")
_ON_THE_WAY = N_("something between me and Discord failed")
_NOT_READ = N_("I couldn't read Discord's answer")
# Not final for the message, but there is no point in repeating the same request.
_NOT_RETRIED = {
    UNKNOWN_MESSAGE, UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, ALREADY_ANSWERED, ARCHIVED, INVALID_WEBHOOK_TOKEN,
    NO_HISTORY,
}  # fmt: skip
# Transient failures of a call, on the network or at Discord; a truncated response is one of them.
PASSING = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError, JSONDecodeError)
# What discord.py raises over an answer that is not Discord's, such as a hotel's login page.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
# Everything that a request may raise.
FAILURES = (discord.DiscordException, *PASSING, *UNREADABLE)


class OutcomeUnknown(aiohttp.ClientError):
    """Discord may have carried the request out, so its content must not be sent in another way."""


def code_of(refused: discord.HTTPException) -> int:
    """Return the JSON code of a refusal; 0 if it has none, or something that is no number in its place."""
    return refused.code if isinstance(refused.code, int) else 0


def is_shut(refused: discord.HTTPException) -> bool:
    """Return whether a place is closed to the bot, or gone, by Discord's own word."""
    return code_of(refused) in {*_PLACE, ARCHIVED}


def may_pass(error: Exception) -> bool:
    """Return whether a retry may succeed: Discord did not refuse the request, or not with a known code."""
    if isinstance(error, discord.HTTPException):
        return code_of(error) not in _NOT_RETRIED | _PLACE.keys() | _WORDS.keys()
    return isinstance(error, PASSING + UNREADABLE)


@contextmanager
def classified() -> Iterator[None]:
    """Translate the errors of requests to Discord into those of ``delivery``."""
    try:
        yield
    except discord.HTTPException as refused:
        code = code_of(refused)
        if reason := _PLACE.get(code):
            raise Undeliverable(f"{reason} ({code})") from refused
        if reason := _WORDS.get(code):
            raise Unsendable(f"{reason} ({code})") from refused
        what = f"{_ANSWERED} ({refused.status}, {code})" if code else f"{_ON_THE_WAY} ({refused.status})"
        if refused.status in {401, 408, 429} or refused.status >= 500:
            raise Unavailable(what) from refused
        raise Unrecognised(what) from refused
    except (discord.RateLimited, aiohttp.ClientError) as failed:
        raise Unavailable(type(failed).__name__) from failed
    except UNREADABLE as unreadable:
        _log.warning("answer_unreadable", exc_info=unreadable)
        raise Unrecognised(_NOT_READ) from unreadable
