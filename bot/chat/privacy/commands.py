"""``!privacy`` and ``/privacy``: a person's data and their rights to it, and servers that the bot leaves."""

from collections.abc import Coroutine
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.chat.privacy.requests import PrivacyRequests
from bot.chat.runtime.client import Client
from bot.chat.runtime.install_contexts import ANYWHERE, WITH_PEOPLE
from bot.chat.runtime.request import Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe
from bot.chat.topic_commands import TopicCommands, alone
from bot.domain import privacy
from bot.domain.errors import NotSaved
from bot.domain.invocation import Invocation
from bot.messages.catalogue import N_
from bot.service.privacy import Privacy

_log = structlog.get_logger(__name__)


class PrivacyCommands(TopicCommands):
    """Parses requests and runs their commands. No server's rules keep people from their own data."""

    is_ruled = False

    slash = app_commands.Group(
        name="privacy",
        description=N_("What I store about you, and how to get it or delete it"),
        allowed_contexts=ANYWHERE,
        allowed_installs=WITH_PEOPLE,
        extras={"default": "show"},
    )

    def __init__(self, requests: PrivacyRequests, privacy: Privacy, client: Client, runner: RequestRunner) -> None:
        super().__init__(runner)
        self._requests = requests
        self._privacy = privacy
        self._client = client

    typed = commands.command(name="privacy")(TopicCommands.serve_typed)

    slash.add_command(alone("show", N_("Show what I store about you, and why.")))
    slash.add_command(alone("share", N_("Show your focus time in the servers we share.")))
    slash.add_command(alone("unshare", N_("Keep your focus time private.")))
    slash.add_command(alone("export", N_("Get everything I store about you, as a file.")))
    slash.add_command(alone("delete", N_("Delete everything I store about you. I'll ask once.")))

    @commands.Cog.listener()
    async def on_privacy_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve the answer to whether to delete everything."""
        await self._runner.press(interaction, lambda request: self._requests.press(request, action, numbers))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server's data is to be kept."""
        await self._note(self._privacy.joined(guild.id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server's data is to be deleted after a while."""
        await self._note(self._privacy.left(guild.id))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up on servers joined and left while the bot was away."""
        await self._note(self._privacy.is_in([guild.id for guild in self._client.guilds]))

    async def _note(self, noting: Coroutine[Any, Any, None]) -> None:
        try:
            await noting
        except NotSaved:
            _log.warning("guild_changes_not_saved")  # the next start corrects it

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, privacy.parse(asked))


TOPIC = PrivacyCommands.topic = describe(PrivacyCommands.slash)
