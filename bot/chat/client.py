"""The client: discord.py, pointed at an API, with our commands in it."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.views import form
from bot.chat.views.button import Button
from bot.chat.views.menu import Menu
from bot.engine.clock import Clock

_log = structlog.get_logger(__name__)

DISCORD_API = "https://discord.com/api/v10"


class CommandNotes:
    """What the client needs from above: where to note which commands Discord was last given."""

    def __init__(
        self, read: Callable[[str], Awaitable[str | None]], keep: Callable[[str, str], Awaitable[None]]
    ) -> None:
        self.read = read
        self.keep = keep


def _only_in_voice() -> discord.MemberCacheFlags:
    """Keep in memory who sits in a voice channel, and nobody else."""
    flags = discord.MemberCacheFlags.none()
    flags.voice = True
    return flags


class Client(commands.Bot):
    """A bot account's connection to Discord, or to whatever speaks like it at ``api_url``."""

    def __init__(
        self,
        *,
        api_url: str,
        prefix: str,
        message_content: bool,
        clock: Clock,
        trace: aiohttp.TraceConfig,
        notes: CommandNotes,
    ) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, voice_states=True)
        intents.message_content = message_content
        super().__init__(
            command_prefix=commands.when_mentioned_or(prefix),
            case_insensitive=True,
            strip_after_prefix=True,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=trace,
            max_messages=None,
            member_cache_flags=_only_in_voice(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.5,  # nothing waits for the last server but one line in the log
        )
        # When the gateway was lost, by the clock's monotonic hand; None while it is there.
        self.gateway_lost_at: float | None = None
        self._clock = clock
        self._api_url = api_url
        self._notes = notes
        Route.BASE = api_url
        self.add_dynamic_items(Button, Menu)

    async def setup_hook(self) -> None:
        """Find the gateway of an API that is not Discord's own; runs once, at login."""
        if self._api_url != DISCORD_API:
            _, address, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)

    async def on_connect(self) -> None:
        """Note that the gateway is there."""
        self.gateway_lost_at = None

    async def on_resumed(self) -> None:
        """Note that the gateway is there again."""
        self.gateway_lost_at = None

    async def on_disconnect(self) -> None:
        """Note since when the gateway is gone; discord.py says so at every try to get it back."""
        if self.gateway_lost_at is None:
            self.gateway_lost_at = self._clock.monotonic()

    async def on_message(self, message: discord.Message) -> None:
        """Read what people write; bots and webhooks are not people."""
        if not message.author.bot and message.webhook_id is None:
            await self.process_commands(message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take a form that is sent in; discord.py itself knows only those it has shown since it was started."""
        form.pass_on(interaction)

    async def on_command_error(self, context: commands.Context[Any], error: commands.CommandError, /) -> None:
        """Pass over a command that is none of ours; anything else is a mistake of ours."""
        del context
        if not isinstance(error, commands.CommandNotFound):
            _log.error("command_error", exc_info=error)

    async def sync_commands(self) -> None:
        """Tell Discord our slash commands, if they have changed since it was last told; if not now, next time."""
        try:
            await self._sync_commands()
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            _log.warning("commands_not_synced", error=type(error).__name__)

    async def _sync_commands(self) -> None:
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        key = f"commands:{self.application_id}"
        if await self._notes.read(key) == digest:
            return
        await self.tree.sync()
        await self._notes.keep(key, digest)
        _log.info("commands_synced", commands=len(payload))
