"""The client: discord.py, pointed at an API, with our commands in it."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
import discord
import structlog
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat import text
from bot.chat.talk import PASSING
from bot.chat.views import form
from bot.chat.views.button import Button
from bot.chat.views.menu import Menu
from bot.domain.shard import WHOLE, Share
from bot.engine.clock import Clock

_log = structlog.get_logger(__name__)

DISCORD_API = "https://discord.com/api/v10"


class Above(Protocol):
    """What the client needs from above."""

    async def read(self, key: str) -> str | None:
        """Give a note, such as which commands Discord was last given."""

    async def keep(self, key: str, value: str) -> None:
        """Keep a note."""


class Turns(Protocol):
    """What knows when a shard may identify itself, over all processes."""

    async def near(self, shard_id: int) -> None:
        """Wait until its turn is near."""

    async def wait(self, shard_id: int) -> None:
        """Wait until it comes."""


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
        prefix_of: Callable[[int | None], Awaitable[str]],
        message_content: bool,
        clock: Clock,
        trace: aiohttp.TraceConfig,
        notes: Above,
        share: Share = WHOLE,
    ) -> None:
        self._prefix_of = prefix_of
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, voice_states=True)
        intents.message_content = message_content
        super().__init__(
            command_prefix=self._prefixes,
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
            shard_count=None if share == WHOLE else share.count,
        )
        # When a shard's gateway was lost, by the clock's monotonic hand.
        self._lost_at: dict[int, float] = {}
        # How many groups of shards Discord lets identify beside each other.
        self.identifies_at_once = 1
        self._clock = clock
        self._api_url = api_url
        self._notes = notes
        Route.BASE = api_url
        self.add_dynamic_items(Button, Menu)
        self.tree.error(self._on_slash_error)

    async def _prefixes(self, _: commands.Bot, message: discord.Message) -> list[str]:
        """Give what a command may begin with where a message is: a mention, or the prefix of the server."""
        prefix = await self._prefix_of(message.guild.id if message.guild else None)
        return commands.when_mentioned_or(prefix)(self, message)

    async def setup_hook(self) -> None:
        """Find the gateway of an API that is not Discord's own, and of many shards; runs once, at login."""
        if self._api_url != DISCORD_API or self.shard_count:
            _, address, limits = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
            self.identifies_at_once = limits["max_concurrency"]

    async def leave(self) -> None:
        """Leave the gateway."""
        if self.ws:
            await self.ws.close(code=1000)

    @property
    def gateway_lost_at(self) -> float | None:
        """When the gateway was lost, by the clock's monotonic hand; None while all of it is there."""
        return min(self._lost_at.values(), default=None)

    async def on_connect(self) -> None:
        """Note that the gateway is there."""
        self._note(0, is_lost=False)

    async def on_resumed(self) -> None:
        """Note that the gateway is there again."""
        self._note(0, is_lost=False)

    async def on_disconnect(self) -> None:
        """Note since when the gateway is gone."""
        self._note(0, is_lost=True)

    def _note(self, shard_id: int, *, is_lost: bool) -> None:
        """Note whether a shard's gateway is there; discord.py says that it is lost at every try to get it back."""
        if is_lost:
            self._lost_at.setdefault(shard_id, self._clock.monotonic())
        else:
            self._lost_at.pop(shard_id, None)

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

    async def _on_slash_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """Answer a slash command with a role or a channel that the bot does not know; else it is our mistake."""
        if not isinstance(error, app_commands.TransformerError):
            _log.error("command_error", exc_info=error)
            return
        try:
            await interaction.response.send_message(text.unknown_here(), ephemeral=True)
        except (discord.HTTPException, *PASSING) as failed:
            _log.warning("answer_failed", error=type(failed).__name__)

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


class ShardedClient(Client, commands.AutoShardedBot):
    """The same for some of many shards, each of which has a gateway connection of its own.

    One of a single shard is none of these: discord.py's own takes a lost connection up again more often.
    """

    turns: Turns  # set before it connects
    _AutoShardedClient__queue: asyncio.PriorityQueue[Any]  # discord.py's own

    def __init__(self, *, share: Share, **options: Any) -> None:
        super().__init__(share=share, **options)
        self.shard_ids = list(share.ids)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Wait until a shard's turn is near before its connection is opened: Discord closes one that idles."""
        await self.turns.near(shard_id)
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for a shard's turn to identify."""
        del initial
        await self.turns.wait(shard_id or 0)

    async def leave(self) -> None:
        """Leave the gateway: each shard has a task of its own, which may be about to connect again."""
        while not self._AutoShardedClient__queue.empty():
            self._AutoShardedClient__queue.get_nowait()
        await asyncio.gather(*(shard._parent.close() for shard in self.shards.values()))  # noqa: SLF001

    async def on_connect(self) -> None:
        """Leave it to ``on_shard_connect``."""

    async def on_resumed(self) -> None:
        """Leave it to ``on_shard_resumed``."""

    async def on_disconnect(self) -> None:
        """Leave it to ``on_shard_disconnect``."""

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard's gateway is there."""
        self._note(shard_id, is_lost=False)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard's gateway is there again."""
        self._note(shard_id, is_lost=False)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note since when a shard's gateway is gone."""
        self._note(shard_id, is_lost=True)
