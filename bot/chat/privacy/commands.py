"""``!privacy`` and ``/privacy``: a person's data and their rights to it, and servers that the bot leaves."""

from collections.abc import Coroutine
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.chat.privacy.requests import Private
from bot.chat.runtime.client import Client
from bot.chat.runtime.install_contexts import ANYWHERE, WITH_PEOPLE
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe
from bot.domain import privacy
from bot.domain.errors import NotSaved
from bot.domain.invocation import Invocation
from bot.messages.catalogue import N_
from bot.service.privacy import Privacy as Service

_log = structlog.get_logger(__name__)


class Privacy(commands.Cog):
    """Parses requests and runs their commands. No server's rules keep people from their own data."""

    slash = app_commands.Group(
        name="privacy",
        description=N_("What I keep of you, and your right to it"),
        allowed_contexts=ANYWHERE,
        allowed_installs=WITH_PEOPLE,
        extras={"default": "show"},
    )

    def __init__(self, requests: Private, service: Service, client: Client, runner: RequestRunner) -> None:
        self._requests = requests
        self._service = service
        self._client = client
        self._runner = runner

    @commands.command(name="privacy")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!privacy …``."""
        await self._serve(self._runner.typed(context), TOPIC.read(words))

    @slash.command(description=N_("Show what I keep of you, and why."), extras={"examples": ("show",)})
    async def show(self, interaction: discord.Interaction) -> None:
        """Serve ``/privacy show``."""
        await self._serve_slash(interaction, "show")

    @slash.command(
        description=N_("Let the servers that we are both in see your sums."), extras={"examples": ("share",)}
    )
    async def share(self, interaction: discord.Interaction) -> None:
        """Serve ``/privacy share``."""
        await self._serve_slash(interaction, "share")

    @slash.command(description=N_("Keep your sums to yourself."), extras={"examples": ("unshare",)})
    async def unshare(self, interaction: discord.Interaction) -> None:
        """Serve ``/privacy unshare``."""
        await self._serve_slash(interaction, "unshare")

    @slash.command(description=N_("Give you all that I keep of you, as a file."), extras={"examples": ("export",)})
    async def export(self, interaction: discord.Interaction) -> None:
        """Serve ``/privacy export``."""
        await self._serve_slash(interaction, "export")

    @slash.command(description=N_("Delete all that I keep of you; I ask once."), extras={"examples": ("delete",)})
    async def delete(self, interaction: discord.Interaction) -> None:
        """Serve ``/privacy delete``."""
        await self._serve_slash(interaction, "delete")

    @commands.Cog.listener()
    async def on_privacy_button(self, interaction: discord.Interaction, action: str, user_id: int) -> None:
        """Serve the answer to whether to delete everything."""
        request = InteractionRequest(interaction)
        await self._runner.serve(request, lambda: self._requests.press(request, action, user_id), is_command=False)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server's data is to be kept."""
        await self._note(self._service.joined(guild.id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server's data is to be deleted after a while."""
        await self._note(self._service.left(guild.id))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up on servers joined and left while the bot was away."""
        await self._note(self._service.is_in([guild.id for guild in self._client.guilds]))

    async def _note(self, noting: Coroutine[Any, Any, None]) -> None:
        try:
            await noting
        except NotSaved:
            _log.warning("guilds_passed_over")  # the next start corrects it

    async def _serve_slash(self, interaction: discord.Interaction, verb: str) -> None:
        await self._serve(InteractionRequest(interaction), Invocation.of(verb))

    async def _serve(self, request: Request, asked: Invocation) -> None:
        async def work() -> None:
            await self._requests.do(request, privacy.parse(asked))

        await self._runner.serve(request, work, is_ruled=False)


TOPIC = describe(Privacy.slash)
