"""``/settings``: a server's rules, for those who manage it."""

from collections.abc import Callable
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe
from bot.chat.settings import text
from bot.domain import rules as checked
from bot.domain.errors import BadRule, NoServer, NotYours
from bot.domain.focus.plan import parse as parse_plan
from bot.domain.rules import MOST_CHANNELS, Rules
from bot.messages.catalogue import N_
from bot.service.rules import ServerRules

Change = Callable[[Rules], Rules]


class Settings(commands.Cog):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="settings",
        description=N_("How I am set up in this server"),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=WITH_SERVERS,
        extras={"default": "show"},
    )

    def __init__(self, rules: ServerRules, runner: RequestRunner) -> None:
        self._rules = rules
        self._runner = runner

    @commands.command(name="settings")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!settings``, which shows them, and ``!settings prefix ?``, for those without slash commands."""
        request = self._runner.typed(context)
        verb, _, value = words.strip().partition(" ")
        if verb.casefold() == "prefix" and value:
            await self._change(request, lambda old: replace(old, prefix=checked.prefix(value)))
        else:
            await self._runner.serve(request, lambda: self._show(request), is_ruled=False)

    @slash.command(description=N_("Show how I am set up here."))
    async def show(self, interaction: discord.Interaction) -> None:
        """Serve ``/settings show``."""
        request = InteractionRequest(interaction)
        await self._runner.serve(request, lambda: self._show(request), is_ruled=False)

    @slash.command(description=N_("Choose what typed commands begin with."))
    @app_commands.describe(prefix=N_("What typed commands begin with; left out, what they begin with everywhere"))
    async def prefix(self, interaction: discord.Interaction, prefix: str | None = None) -> None:
        """Serve ``/settings prefix``."""
        await self._change(
            InteractionRequest(interaction),
            lambda old: replace(old, prefix=checked.prefix(prefix) if prefix else None),
        )

    @slash.command(description=N_("Choose the plan of a session that is started without one."))
    @app_commands.describe(plan=N_("Such as 3x(40m focus, 8m break), 30m lunch; left out, it is classic again"))
    async def plan(self, interaction: discord.Interaction, plan: str | None = None) -> None:
        """Serve ``/settings plan``."""
        await self._change(
            InteractionRequest(interaction), lambda old: replace(old, plan=parse_plan(plan) if plan else None)
        )

    @slash.command(description=N_("Choose the channels that I may be used in."))
    @app_commands.describe(
        channel=N_("One that I may be used in; chosen again, it is one no more; left out, I may be used in all")
    )
    async def channel(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.VoiceChannel | None = None,
    ) -> None:
        """Serve ``/settings channel``."""
        await self._change(InteractionRequest(interaction), lambda old: _with_channel(old, channel))

    @slash.command(description=N_("Choose who may start sessions."))
    @app_commands.describe(role=N_("Who may start sessions, beside moderators; left out, everybody"))
    async def starters(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Serve ``/settings starters``."""
        await self._change(InteractionRequest(interaction), lambda old: replace(old, starter_role=_chosen(role)))

    @slash.command(description=N_("Choose who may command others' timers and sessions, beside moderators."))
    @app_commands.describe(
        role=N_("Who may pause, skip and stop what others have started; left out, moderators alone")
    )
    async def keepers(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Serve ``/settings keepers``."""
        await self._change(InteractionRequest(interaction), lambda old: replace(old, keeper_role=_chosen(role)))

    @slash.command(description=N_("Limit how many timers go at once."))
    @app_commands.describe(most=N_("How many timers may go at once in this server; left out, as many as anywhere"))
    async def timers(self, interaction: discord.Interaction, most: int | None = None) -> None:
        """Serve ``/settings timers``."""
        highest = self._rules.most_timers
        await self._change(
            InteractionRequest(interaction),
            lambda old: replace(old, most_timers=checked.most_timers(most, highest) if most is not None else None),
        )

    async def _change(self, request: Request, change: Change) -> None:
        async def work() -> None:
            guild_id = _guild(request)
            permissions = request.permissions(request.actor.channel_id)
            if permissions is None or not permissions[0].manage_guild:
                raise NotYours(N_("Only members with Manage Server change how I am set up here."), "settings show")
            await self._rules.change(guild_id, change)
            await self._show(request)

        await self._runner.serve(request, work, is_ruled=False)

    async def _show(self, request: Request) -> None:
        guild_id = _guild(request)
        rules = await self._rules.of(guild_id)
        await request.say(text.rules(rules, await self._rules.prefix_of(guild_id), self._rules.most_timers))


def _guild(request: Request) -> int:
    if request.actor.guild_id is None or request.is_elsewhere:
        raise NoServer(N_("There is no server here to set up."), "help")
    return request.actor.guild_id


def _chosen(role: discord.Role | None) -> int | None:
    return None if role is None or role.is_default() else role.id


def _with_channel(old: Rules, channel: discord.TextChannel | discord.VoiceChannel | None) -> Rules:
    if channel is None:
        return replace(old, channels=frozenset())
    if channel.id in old.channels:
        return replace(old, channels=old.channels - {channel.id})
    if len(old.channels) >= MOST_CHANNELS:
        raise BadRule(N_("{most} channels are chosen, which is the most."), "settings show", most=MOST_CHANNELS)
    if not may_post(channel.permissions_for(channel.guild.me), in_thread=False):
        raise BadRule(N_("I may not write in that channel; let me first."), "settings show")
    return replace(old, channels=old.channels | {channel.id})


describe(Settings.slash)
