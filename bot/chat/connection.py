"""The connection: log in for as long as it takes, and keep the gateway."""

import asyncio
import contextlib
from collections.abc import Callable

import aiohttp
import discord
import structlog

from bot.chat.client import Client
from bot.engine.clock import Clock

_log = structlog.get_logger(__name__)

# Seconds between tries to log in while Discord cannot be reached.
_LOGIN_WAITS = (1.0, 2.0, 5.0, 10.0, 30.0)
# Seconds without the gateway after which it is begun anew: discord.py's own waits grow to 17 minutes.
PATIENCE = 60.0
_GLANCE = 5.0
# Seconds that Discord is given to take note that the gateway is left.
_FAREWELL = 0.5
# Seconds in which a task that is cancelled ends, unless it has not heard of it.
_MOMENT = 0.1
_UNKNOWN_TOKEN = "Discord does not know this DISCORD_TOKEN: copy it anew from the portal."  # noqa: S105


class RefusedByDiscord(Exception):
    """Discord will not have this bot, however often it is asked; says what to do about it."""


async def log_in(make_client: Callable[[], Client], token: str, clock: Clock) -> Client:
    """Log in, for as long as Discord cannot be reached. Raises ``RefusedByDiscord``."""
    tries = 0
    while True:
        client = make_client()
        try:
            await client.login(token)
        except discord.LoginFailure as error:
            await client.close()
            raise RefusedByDiscord(_UNKNOWN_TOKEN) from error
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            await client.close()
            tries = await _wait(error, tries, clock)
        except BaseException:  # it is to stop, or the lease is lost
            await client.close()
            raise
        else:
            return client


async def recommended_shards(api_url: str, token: str, clock: Clock) -> int:
    """Ask Discord into how many shards to part the servers. Raises ``RefusedByDiscord``."""
    tries = 0
    while True:
        try:
            headers = {"Authorization": f"Bot {token}"}
            async with (
                aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(15)) as session,
                session.get(f"{api_url}/gateway/bot") as answer,
            ):
                if answer.status == 401:
                    raise RefusedByDiscord(_UNKNOWN_TOKEN)
                answer.raise_for_status()
                return int((await answer.json())["shards"])
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            tries = await _wait(error, tries, clock)


async def stay_connected(client: Client, clock: Clock) -> None:
    """Keep the gateway; begin anew where discord.py would wait for minutes. Raises ``RefusedByDiscord``."""
    while True:
        connected = asyncio.create_task(client.connect(), name="gateway")
        given_up = asyncio.create_task(_gone_too_long(client, clock), name="gateway-watch")
        try:
            await asyncio.wait((connected, given_up), return_when=asyncio.FIRST_COMPLETED)
            if connected.done():
                connected.result()
                return
        except discord.PrivilegedIntentsRequired as error:
            raise RefusedByDiscord(
                "Discord refused the Message Content intent: switch it on in the developer portal (Bot, Privileged "
                "Gateway Intents), or set MESSAGE_CONTENT=false to hear only mentions and slash commands."
            ) from error
        except discord.ConnectionClosed as error:
            raise RefusedByDiscord(f"Discord closed the connection for good (code {error.code}).") from error
        finally:
            await _broken_off(connected, given_up)
            # What was listening is not: nothing comes in any more.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_FAREWELL):
                    await client.leave()
        _log.warning("gateway_begun_anew")


async def _broken_off(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks until they end.

    Once is not enough for what waits within discord.py by ``asyncio.wait_for``: before Python 3.12 that loses a
    cancelling that comes just as what it waits for is there (CPython's issue 86296).
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_MOMENT)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _gone_too_long(client: Client, clock: Clock) -> None:
    since = clock.monotonic()
    while client.gateway_lost_at is None or clock.monotonic() - max(since, client.gateway_lost_at) < PATIENCE:
        await clock.sleep(_GLANCE)


async def _wait(error: Exception, tries: int, clock: Clock) -> int:
    """Wait before Discord is tried again; give how many tries that makes."""
    wait = _LOGIN_WAITS[min(tries, len(_LOGIN_WAITS) - 1)]
    _log.warning("discord_unreachable", error=type(error).__name__, next_try_in=wait)
    await clock.sleep(wait)
    return tries + 1
