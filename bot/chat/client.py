"""The client: discord.py, pointed at an API and paced, with our commands in it."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.views.timer_button import TimerButton
from bot.engine.pace import Pace

_log = structlog.get_logger(__name__)

DISCORD_API = "https://discord.com/api/v10"


class CommandNotes:
    """What the client needs from above: where to note which commands Discord was last given."""

    def __init__(
        self, read: Callable[[str], Awaitable[str | None]], keep: Callable[[str, str], Awaitable[None]]
    ) -> None:
        self.read = read
        self.keep = keep


class Client(commands.Bot):
    """A bot account's connection to Discord, or to whatever speaks like it at ``api_url``."""

    def __init__(
        self, *, api_url: str, prefix: str, message_content: bool, pace: Pace, notes: CommandNotes
    ) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = message_content
        super().__init__(
            command_prefix=commands.when_mentioned_or(prefix),
            case_insensitive=True,
            strip_after_prefix=True,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=_paced(pace),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.5,  # nothing waits for the last server but one line in the log
        )
        self._api_url = api_url
        self._notes = notes
        Route.BASE = api_url
        self.add_dynamic_items(TimerButton)

    async def setup_hook(self) -> None:
        """Find the gateway of an API that is not Discord's own; runs once, at login."""
        if self._api_url != DISCORD_API:
            _, address, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)

    async def on_message(self, message: discord.Message) -> None:
        """Read what people write; bots and webhooks are not people."""
        if not message.author.bot and message.webhook_id is None:
            await self.process_commands(message)

    async def on_command_error(self, context: commands.Context[Any], error: commands.CommandError, /) -> None:
        """Pass over a command that is none of ours; anything else is a mistake of ours."""
        del context
        if not isinstance(error, commands.CommandNotFound):
            _log.error("command_error", exc_info=error)

    async def sync_commands(self) -> None:
        """Tell Discord our slash commands, if they have changed since it was last told."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        key = f"commands:{self.application_id}"
        if await self._notes.read(key) == digest:
            return
        await self.tree.sync()
        await self._notes.keep(key, digest)
        _log.info("commands_synced", commands=len(payload))


def _paced(pace: Pace) -> aiohttp.TraceConfig:
    """Lead every request through the gate, discord.py's own repeats among them.

    Answers to interactions go by: Discord does not count them, and they have three seconds.
    """
    trace = aiohttp.TraceConfig()

    async def before(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        del session, context
        if not request.url.path.partition("/v10/")[2].startswith(("interactions/", "webhooks/")):
            await pace.gate()

    trace.on_request_start.append(before)
    return trace
