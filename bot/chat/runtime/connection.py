"""The connection: log in for as long as it takes, and keep the gateway."""

import asyncio
import contextlib
from collections.abc import Callable

import aiohttp
import discord
import structlog

from bot.chat.runtime.client import Client
from bot.chat.runtime.final_answers import UNREADABLE
from bot.chat.runtime.gateway import TOKEN_REJECTED, Gateway
from bot.chat.runtime.http_trace import request_timeout
from bot.engine import back_off
from bot.engine.circuit_breaker import Breaker
from bot.engine.clock import Clock
from bot.service.identifies import Identifies

_log = structlog.get_logger(__name__)

# Back-off in seconds while Discord cannot be reached.
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
# Seconds to close the gateway cleanly.
_CLOSE_TIMEOUT = 0.5
# Seconds for a cancelled task to end, unless it missed the cancellation, and for event handlers to finish.
_CANCEL_TIMEOUT = 0.1
# More shards than any bot has.
_MOST_SHARDS = 100_000
_JSON = "application/json"
_UNKNOWN_TOKEN = "Discord rejects this DISCORD_TOKEN: copy it again from the portal."  # noqa: S105


class RefusedByDiscord(Exception):
    """Discord refuses this bot for good; the message says what to do about it."""


async def log_in(make_client: Callable[[], Client], token: str, clock: Clock) -> Client:
    """Log in, retrying for as long as Discord cannot be reached. Raises ``RefusedByDiscord``."""
    tries = 0
    while True:
        client = make_client()
        try:
            async with request_timeout():
                await client.login(token)
        except (discord.DiscordException, aiohttp.ClientError, OSError, *UNREADABLE) as error:
            await client.close()
            if isinstance(error, discord.LoginFailure) and _is_of_discord(error.__cause__):
                raise RefusedByDiscord(_UNKNOWN_TOKEN) from error
            tries = await _wait(error, tries, clock)
        except BaseException:  # shutting down, or the lease is lost
            await client.close()
            raise
        else:
            return client


async def recommended_shards(api_url: str, token: str, clock: Clock) -> int:
    """Return the number of shards that Discord recommends. Raises ``RefusedByDiscord``."""
    tries = 0
    while True:
        try:
            headers = {"Authorization": f"Bot {token}"}
            async with (
                aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(15)) as session,
                session.get(f"{api_url}/gateway/bot") as answer,
            ):
                if answer.status == 401 and answer.content_type == _JSON:
                    raise RefusedByDiscord(_UNKNOWN_TOKEN)
                answer.raise_for_status()
                shards = int((await answer.json())["shards"])
                if not 1 <= shards <= _MOST_SHARDS:
                    raise ValueError("no number of shards")
                return shards
        except (aiohttp.ClientError, OSError, *UNREADABLE) as error:
            tries = await _wait(error, tries, clock)


async def stay_connected(client: Client, breaker: Breaker, turns: Identifies, clock: Clock) -> None:
    """Keep each shard's gateway connected for as long as the bot runs. Raises ``RefusedByDiscord``."""
    gateways = {shard_id: Gateway(client, shard_id, breaker, turns, clock) for shard_id in client.shard_range.ids}
    client.take_turn = {shard_id: gateway.take_turn for shard_id, gateway in gateways.items()}
    tasks = [
        asyncio.create_task(gateway.run(), name=f"gateway-{shard_id}") for shard_id, gateway in gateways.items()
    ]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ended.pop().result()
    except discord.PrivilegedIntentsRequired as error:
        raise RefusedByDiscord(
            "Discord refused the intents: switch Message Content on in the developer portal (Bot, Privileged "
            "Gateway Intents), or set MESSAGE_CONTENT=false to hear only mentions and slash commands; with "
            "MEMBERS_INTENT=true switch Server Members on too."
        ) from error
    except discord.ConnectionClosed as error:
        if error.code == TOKEN_REJECTED:
            raise RefusedByDiscord(_UNKNOWN_TOKEN) from error
        raise RefusedByDiscord(f"Discord closed the connection for good (code {error.code}).") from error
    finally:
        await _cancel(*tasks)
        # The gateways are no longer read, so no more events come in.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_CLOSE_TIMEOUT):
                await client.leave_gateway()
        # The last events are still on their way to their handlers.
        await client.finish_handlers(_CANCEL_TIMEOUT)


async def _cancel(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks until they end.

    Once is not enough inside discord.py's ``asyncio.wait_for``: before Python 3.12 that loses a cancellation which
    arrives just as its future completes (CPython issue 86296).
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_CANCEL_TIMEOUT)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _wait(error: Exception, tries: int, clock: Clock) -> int:
    wait = back_off.delay(tries + 1, _FIRST_WAIT, _LONGEST_WAIT)
    _log.warning("discord_unreachable", error=type(error).__name__, next_try_in=round(wait, 1))
    await clock.sleep(wait)
    return tries + 1


def _is_of_discord(error: BaseException | None) -> bool:
    """Return whether it was Discord itself that refused: a proxy's 401 is an HTML page."""
    return isinstance(error, discord.HTTPException) and error.response.headers.get("Content-Type") == _JSON
