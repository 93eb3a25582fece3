"""The client: discord.py, pointed at an API, with our commands in it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.shard import Shard

from bot.chat import text
from bot.chat.components import form
from bot.chat.components.controls import CONTROLS, is_unknown
from bot.chat.runtime.arrivals import Arrivals
from bot.chat.runtime.deleted import DeletedChannels
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.http_trace import LONGEST_HOLD
from bot.chat.runtime.ids import must_have_ids
from bot.chat.runtime.message_request import is_written
from bot.chat.runtime.patches import (
    ABOUT_ROLES,
    skipping_repeated,
    survive_cancellation,
    use_buckets,
    with_sound_roles,
)
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.typed_answers import TypedAnswers
from bot.domain.invocation import as_typed
from bot.domain.shard import WHOLE, ShardRange
from bot.engine.clock import Clock
from bot.messages.catalogue import gettext

_log = structlog.get_logger(__name__)

DISCORD_API = "https://discord.com/api/v10"


class Client(commands.Bot):
    """A bot account's connection to Discord, or to another server with its API at ``api_url``."""

    def __init__(
        self,
        *,
        api_url: str,
        prefix_of: Callable[[int | None], Awaitable[str]],
        message_content: bool,
        members: bool,
        clock: Clock,
        trace: aiohttp.TraceConfig,
        shard_range: ShardRange = WHOLE,
    ) -> None:
        self._prefix_of = prefix_of
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, voice_states=True)
        intents.message_content = message_content
        intents.members = members
        super().__init__(
            command_prefix=self._prefixes,
            case_insensitive=True,
            strip_after_prefix=True,
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=trace,
            max_ratelimit_timeout=LONGEST_HOLD,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags(joined=False),  # only those in a voice channel
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.5,  # seconds after the last server: those still missing are in an outage
            shard_count=None if shard_range == WHOLE else shard_range.count,
        )
        survive_cancellation(self.http)
        must_have_ids(self.http)
        use_buckets(self.http)
        for event_name in ("MESSAGE_CREATE", "INTERACTION_CREATE"):
            self.parsers[event_name] = skipping_repeated(self.parsers[event_name])
        for event_name in ABOUT_ROLES:
            self.parsers[event_name] = with_sound_roles(self.parsers[event_name], self.get_guild)
        # When each shard's gateway was lost, in monotonic seconds.
        self._lost_at: dict[int, float] = {}
        self.shard_range = shard_range
        self.arrivals = Arrivals(shard_range.ids)
        # The event handlers in progress.
        self._event_tasks: set[asyncio.Task[None]] = set()
        # What waits for each shard's turn to identify, and whether any of them has ever connected.
        self.take_turn: dict[int, Callable[[], Awaitable[None]]] = {}
        self.has_connected = False
        self.deleted_channels = DeletedChannels(self, clock)
        self.typed_answers = TypedAnswers(clock)
        self._clock = clock
        self._api_url = api_url
        Route.BASE = api_url
        self.add_dynamic_items(*CONTROLS)
        self.tree.error(self._on_slash_error)

    async def _prefixes(self, _: commands.Bot, message: discord.Message) -> list[str]:
        """Return what a command may begin with: a mention, or the server's prefix; nothing in direct messages."""
        prefix = await self._prefix_of(message.guild.id if message.guild else None)
        assert self.user
        # discord.py's own mentions end with a space, which a bare mention does not have; people add marks, as in
        # "@Bot, hi", and some write the prefix too.
        mentions = [f"<@{self.user.id}>", f"<@!{self.user.id}>"]
        behind = (f" {prefix}", ",", ":", "")
        prefixes = [*(mention + mark for mark in behind for mention in mentions), prefix]
        return [as_typed(each, message.content) for each in (prefixes if message.guild else [*prefixes, ""])]

    @property
    def parsers(self) -> dict[str, Callable[[Any], None]]:
        """What parses the gateway's events, by their names: discord.py's own, unless replaced."""
        return self._connection.parsers

    @property
    def is_at_discord(self) -> bool:
        """Return whether this is Discord itself, not another server with its API."""
        return self._api_url == DISCORD_API

    @property
    def is_sharded(self) -> bool:
        """Return whether it runs a range of several shards."""
        return self.shard_count is not None

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for a shard's turn to identify."""
        del initial
        await self.take_turn[shard_id or 0]()

    def use_connection(self, shard_id: int, ws: DiscordWebSocket) -> None:
        """Use this connection for a shard from now on."""
        del shard_id
        self.ws = ws

    def dispatch(self, event_name: str, /, *arguments: Any, **options: Any) -> None:
        """Dispatch an event, unless the client is closed: discord.py would fail then."""
        if not self.is_closed():
            super().dispatch(event_name, *arguments, **options)

    def _schedule_event(self, *arguments: Any, **options: Any) -> asyncio.Task[None]:
        handler = super()._schedule_event(*arguments, **options)
        self._event_tasks.add(handler)
        handler.add_done_callback(self._event_tasks.discard)
        return handler

    async def finish_handlers(self, within: float) -> None:
        """Wait at most ``within`` seconds for the event handlers in progress."""
        if self._event_tasks:
            await asyncio.wait(self._event_tasks, timeout=within)

    async def close(self) -> None:
        """Close all connections, and cancel the task that waits for servers, which discord.py leaves behind."""
        if waiting := self._connection._ready_task:  # noqa: SLF001 - there is no other way to it
            waiting.cancel()
        await super().close()

    async def leave_gateway(self) -> None:
        """Leave the gateway."""
        if self.ws:
            await self.ws.close(code=1000)

    @property
    def gateway_lost_at(self) -> float | None:
        """When the gateway was lost, in monotonic seconds; None while every shard has one."""
        return min(self._lost_at.values(), default=None)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Note that a server has arrived."""
        self.arrivals.arrived(guild.id)

    async def on_ready(self) -> None:
        """Stop waiting for servers: discord.py is ready once none has arrived for ``guild_ready_timeout``."""
        self.arrivals.give_up()

    async def on_connect(self) -> None:
        """Note that the gateway is connected, and has named its servers."""
        self._note_identified(0)

    async def on_resumed(self) -> None:
        """Note that the gateway is connected again."""
        self._note(0, is_lost=False)

    def note_lost(self, shard_id: int) -> None:
        """Note that a shard has no gateway."""
        self._note(shard_id, is_lost=True)

    def is_lost(self, shard_id: int) -> bool:
        """Return whether a shard has no gateway."""
        return shard_id in self._lost_at

    def is_connecting(self, within: float) -> bool:
        """Return whether the gateway is coming up, or was lost less than ``within`` seconds ago."""
        lost_at = self.gateway_lost_at
        if lost_at is None:
            return not self.arrivals.complete.is_set()
        return self._clock.monotonic() - lost_at < within

    def _note_identified(self, shard_id: int) -> None:
        self._note(shard_id, is_lost=False)
        guilds = (guild for guild in self.guilds if guild.shard_id == shard_id)
        self.arrivals.identified(shard_id, [guild.id for guild in guilds if guild.unavailable])

    def _note(self, shard_id: int, *, is_lost: bool) -> None:
        """Note whether a shard's gateway is lost; every attempt to reconnect notes it again."""
        if is_lost:
            self._lost_at.setdefault(shard_id, self._clock.monotonic())
        else:
            self._lost_at.pop(shard_id, None)

    async def on_message(self, message: discord.Message) -> None:
        """Process what people write, and receipts of our own; ignore bots, webhooks and Discord's own notices."""
        if self.user and message.author.id == self.user.id and message.nonce is not None:
            self.dispatch("receipt", str(message.nonce), message.id)
        if message.guild is None and isinstance(message.channel, discord.PartialMessageable):
            return  # in an unknown server: it must not be mistaken for a direct message
        if is_written(message):
            if self.user and (answer := self.typed_answers.read(message, self.user.id)):
                self.dispatch("typed_answer", message, *answer)
                return
            context = await self.get_context(message)
            if context.command is None and context.prefix is not None:
                self.dispatch("unknown_command", context)
            await self.invoke(context)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Handle forms sent before this start, which discord.py has forgotten, and controls of other versions."""
        if is_unknown(interaction):
            self.dispatch("unknown_control", interaction)
        else:
            form.dispatch(interaction)

    async def on_command_error(self, _: commands.Context[Any], error: commands.CommandError, /) -> None:
        """Ignore a command that is not ours; any other error is our bug."""
        if not isinstance(error, commands.CommandNotFound):
            _log.error("command_error", exc_info=error)

    async def _on_slash_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """Answer a slash command that failed, is outdated, or names something that the bot cannot see."""
        if isinstance(error, app_commands.TransformerError):
            words = gettext("I can't see that from here. Pick another, or leave it out.")
        elif isinstance(error, app_commands.CommandInvokeError):
            incident = secrets.token_hex(3)
            _log.error("command_error", incident=incident, exc_info=error)
            words = text.failure(incident)
        else:
            _log.info("command_outdated", error=type(error).__name__)
            words = gettext("That command has changed. Please reload Discord, then try again.")
        if interaction.type is not discord.InteractionType.application_command:
            return  # suggestions while typing
        try:
            await InteractionRequest(interaction).reply(words)
        except (discord.HTTPException, *PASSING) as failed:
            _log.warning("answer_failed", error=type(failed).__name__)


class ShardedClient(Client, commands.AutoShardedBot):
    """The client for a range of shards, each with a gateway connection of its own."""

    _AutoShardedClient__shards: dict[int, Shard]  # discord.py's own
    _reconnect = False  # read by its Shard, whose own loop is not used

    def __init__(self, *, shard_range: ShardRange, **options: Any) -> None:
        super().__init__(shard_range=shard_range, **options)
        self.shard_ids = list(shard_range.ids)
        self._connection.shard_count = self.shard_count
        self._connection.shard_ids = self.shard_ids

    def use_connection(self, shard_id: int, ws: DiscordWebSocket) -> None:
        """Use this connection for a shard from now on."""
        self._AutoShardedClient__shards[shard_id] = Shard(ws, self, lambda _: None)

    async def close(self) -> None:
        """Close all connections, and cancel the tasks that wait for each shard's servers."""
        for waiting in self._connection._ready_tasks.values():  # noqa: SLF001 - there is no other way to them
            waiting.cancel()
        await super().close()

    async def leave_gateway(self) -> None:
        """Leave the gateway."""
        await asyncio.gather(*(shard.close() for shard in self._AutoShardedClient__shards.values()))

    async def on_connect(self) -> None:
        """Leave it to ``on_shard_connect``."""

    async def on_resumed(self) -> None:
        """Leave it to ``on_shard_resumed``."""

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard's gateway is connected, and has named its servers."""
        self._note_identified(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard's gateway is connected again."""
        self._note(shard_id, is_lost=False)
