"""``/settings``: a server's rules, for those who manage it; and ``/help`` for everybody."""

from collections.abc import Callable
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import rules_text as text
from bot.chat.desk import Desk
from bot.chat.places import WITH_SERVERS
from bot.chat.standing import may_post
from bot.chat.talk import Pressed, Talk
from bot.domain import rules as checked
from bot.domain.errors import BadRule, NoServer, NotYours
from bot.domain.plan import parse as parse_plan
from bot.domain.rules import MOST_CHANNELS, Rules
from bot.service.rules import ServerRules

Change = Callable[[Rules], Rules]


class Settings(commands.Cog):
    """Reads requests, and has them done."""

    slash = app_commands.Group(
        name="settings",
        description="How I am set up in this server",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=WITH_SERVERS,
    )

    def __init__(self, rules: ServerRules, desk: Desk) -> None:
        self._rules = rules
        self._desk = desk

    @commands.command(name="settings")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!settings``, which shows them, and ``!settings prefix ?``, for who has no slash commands."""
        talk = self._desk.typed(context)
        verb, _, value = words.strip().partition(" ")
        if verb.casefold() == "prefix" and value:
            await self._change(talk, lambda old: replace(old, prefix=checked.prefix(value)))
        else:
            await self._desk.serve(talk, lambda: self._show(talk), is_ruled=False)

    @commands.command(name="help")
    async def typed_help(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!help``."""
        del words
        talk = self._desk.typed(context)
        await self._desk.serve(talk, lambda: talk.say(text.newcomer(talk.prefix)), is_ruled=False)

    @app_commands.command()
    async def help(self, interaction: discord.Interaction) -> None:
        """Show three things to try."""
        talk = Pressed(interaction)
        await self._desk.serve(talk, lambda: talk.say(text.newcomer(talk.prefix)), is_ruled=False)

    @slash.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show how I am set up here."""
        talk = Pressed(interaction)
        await self._desk.serve(talk, lambda: self._show(talk), is_ruled=False)

    @slash.command()
    @app_commands.describe(prefix="What typed commands begin with; left out, what they begin with everywhere")
    async def prefix(self, interaction: discord.Interaction, prefix: str | None = None) -> None:
        """Choose what typed commands begin with."""
        await self._change(
            Pressed(interaction), lambda old: replace(old, prefix=checked.prefix(prefix) if prefix else None)
        )

    @slash.command()
    @app_commands.describe(plan="Such as 3x(40m focus, 8m break), 30m lunch; left out, it is classic again")
    async def plan(self, interaction: discord.Interaction, plan: str | None = None) -> None:
        """Choose the plan of a session that is started without one."""
        await self._change(Pressed(interaction), lambda old: replace(old, plan=parse_plan(plan) if plan else None))

    @slash.command()
    @app_commands.describe(
        channel="One that I may be used in; chosen again, it is one no more; left out, I may be used in all"
    )
    async def channel(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.VoiceChannel | None = None,
    ) -> None:
        """Choose the channels that I may be used in."""
        await self._change(Pressed(interaction), lambda old: _with_channel(old, channel))

    @slash.command()
    @app_commands.describe(role="Who may start sessions, beside moderators; left out, everybody")
    async def starters(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Choose who may start sessions."""
        await self._change(Pressed(interaction), lambda old: replace(old, starter_role=_chosen(role)))

    @slash.command()
    @app_commands.describe(role="Who may pause, skip and stop what others have started; left out, moderators alone")
    async def keepers(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Choose who may command others' timers and sessions, beside moderators."""
        await self._change(Pressed(interaction), lambda old: replace(old, keeper_role=_chosen(role)))

    @slash.command()
    @app_commands.describe(most="How many timers may go at once in this server; left out, as many as anywhere")
    async def timers(self, interaction: discord.Interaction, most: int | None = None) -> None:
        """Limit how many timers go at once."""
        highest = self._rules.most_timers
        await self._change(
            Pressed(interaction),
            lambda old: replace(old, most_timers=checked.most_timers(most, highest) if most is not None else None),
        )

    async def _change(self, talk: Talk, change: Change) -> None:
        async def work() -> None:
            guild_id = _guild(talk)
            permissions = talk.permissions(talk.actor.channel_id)
            if permissions is None or not permissions[0].manage_guild:
                raise NotYours("Only members with Manage Server change how I am set up here.", "settings show")
            await self._rules.change(guild_id, change)
            await self._show(talk)

        await self._desk.serve(talk, work, is_ruled=False)

    async def _show(self, talk: Talk) -> None:
        guild_id = _guild(talk)
        found = await self._rules.of(guild_id)
        await talk.say(text.rules(found, await self._rules.prefix_of(guild_id), self._rules.most_timers))


def _guild(talk: Talk) -> int:
    if talk.actor.guild_id is None or talk.is_elsewhere:
        raise NoServer("There is no server here to set up.", "help")
    return talk.actor.guild_id


def _chosen(role: discord.Role | None) -> int | None:
    return None if role is None or role.is_default() else role.id


def _with_channel(old: Rules, channel: discord.TextChannel | discord.VoiceChannel | None) -> Rules:
    if channel is None:
        return replace(old, channels=frozenset())
    if channel.id in old.channels:
        return replace(old, channels=old.channels - {channel.id})
    if len(old.channels) >= MOST_CHANNELS:
        raise BadRule(f"{MOST_CHANNELS} channels are chosen, which is the most.", "settings show")
    if not may_post(channel.permissions_for(channel.guild.me), in_thread=False):
        raise BadRule("I may not write in that channel; let me first.", "settings show")
    return replace(old, channels=old.channels | {channel.id})
