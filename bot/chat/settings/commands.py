"""``/settings``: a server's rules, for those who manage it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.suggestions import Suggestions, zones
from bot.chat.help.cards import topic_help
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, suggest
from bot.chat.stats.digest import DigestRequests
from bot.chat.text import Markup, channels, slash
from bot.domain import rules as checked
from bot.domain.errors import BadRule, BadZone, NoServer, NotYours, UserError
from bot.domain.focus.plan import Plan
from bot.domain.focus.plan import parse as parse_plan
from bot.domain.question import Question
from bot.domain.rules import MOST_CHANNELS, Rules
from bot.domain.time.zone import parse as parse_zone
from bot.messages.catalogue import N_, gettext, ngettext
from bot.service.rules import ServerRules

Change = Callable[[Rules], Rules]


class SettingsCommands(commands.Cog):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="settings",
        description=N_("My settings in this server"),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=WITH_SERVERS,
        extras={"default": "show"},
    )

    def __init__(
        self,
        rules: ServerRules,
        digests: DigestRequests,
        counts_from: int,
        shortest_phase: timedelta,
        runner: RequestRunner,
    ) -> None:
        """Take ``counts_from``: from how many minutes on a pomodoro counts where a server does not say."""
        self._rules = rules
        self._digests = digests
        self._counts_from = counts_from
        self._shortest_phase = shortest_phase
        self._runner = runner

    @commands.command(name="settings")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!settings``, which shows them, and ``!settings prefix ?``, for those without slash commands."""
        request = self._runner.typed(context)
        verb, _, value = words.strip().partition(" ")
        if verb.casefold() == "prefix" and value:
            await self._change(request, lambda old: replace(old, prefix=checked.prefix(value)))
        else:
            await self._runner.serve(request, lambda: self._answer(request, verb.casefold()), is_ruled=False)

    @slash.command(description=N_("Show my settings here."), extras={"examples": ("show",)})
    async def show(self, interaction: discord.Interaction) -> None:
        """Serve ``/settings show``."""
        request = InteractionRequest(interaction)
        await self._runner.serve(request, lambda: self._show(request), is_ruled=False)

    @slash.command(description=N_("Set the prefix of typed commands."))
    @app_commands.describe(prefix=N_("The new prefix – leave it out for the usual one"))
    async def prefix(self, interaction: discord.Interaction, prefix: str | None = None) -> None:
        """Serve ``/settings prefix``."""
        await self._set(interaction, lambda old: replace(old, prefix=checked.prefix(prefix) if prefix else None))

    @slash.command(description=N_("Set the usual plan for sessions."))
    @app_commands.describe(plan=N_("Such as 3x(40m focus, 8m break), 30m lunch – leave it out for classic"))
    async def plan(self, interaction: discord.Interaction, plan: str | None = None) -> None:
        """Serve ``/settings plan``."""
        await self._set(interaction, lambda old: replace(old, plan=self._plan(plan) if plan else None))

    @slash.command(description=N_("Choose the channels I work in."))
    @app_commands.describe(
        channel=N_("Pick one to add it, or once more to remove it – leave it out to allow every channel")
    )
    async def channel(
        self, interaction: discord.Interaction, channel: discord.TextChannel | discord.VoiceChannel | None = None
    ) -> None:
        """Serve ``/settings channel``."""
        await self._set(interaction, lambda old: _with_channel(old, channel))

    @slash.command(description=N_("Choose who can start sessions."))
    @app_commands.describe(role=N_("The role that can, besides moderators – leave it out for everyone"))
    async def starters(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Serve ``/settings starters``."""
        await self._set(interaction, lambda old: replace(old, starter_role=_chosen(role)))

    @slash.command(description=N_("Choose who can manage other people's timers and sessions."))
    @app_commands.describe(role=N_("The role that can, besides moderators – leave it out for moderators only"))
    async def keepers(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Serve ``/settings keepers``."""
        await self._set(interaction, lambda old: replace(old, keeper_role=_chosen(role)))

    @slash.command(description=N_("Limit how many timers run at once."))
    @app_commands.describe(most=N_("The most timers at once in this server – leave it out for no limit"))
    async def timers(self, interaction: discord.Interaction, most: int | None = None) -> None:
        """Serve ``/settings timers``."""
        highest = self._rules.most_timers
        await self._set(
            interaction,
            lambda old: replace(old, most_timers=checked.most_timers(most, highest) if most is not None else None),
        )

    @slash.command(description=N_("Set the time zone for this server's weeks and months."))
    @app_commands.describe(zone=N_("A region and city, such as Europe/Berlin – leave it out for UTC"))
    async def zone(self, interaction: discord.Interaction, zone: str | None = None) -> None:
        """Serve ``/settings zone``."""
        await self._set(interaction, lambda old: replace(old, zone=_zone(zone) if zone else None))

    @slash.command(description=N_("Set how long a pomodoro must run to count as focus."))
    @app_commands.describe(minutes=N_("The fewest minutes that count – leave it out for the usual"))
    async def counts(self, interaction: discord.Interaction, minutes: int | None = None) -> None:
        """Serve ``/settings counts``."""
        await self._set(
            interaction,
            lambda old: replace(old, counts_from=None if minutes is None else checked.counts_from(minutes)),
        )

    @slash.command(description=N_("Choose whether time added by hand is on the leaderboard."))
    @app_commands.describe(counts=N_("Whether it counts here"))
    async def added(self, interaction: discord.Interaction, counts: bool) -> None:
        """Serve ``/settings added``."""
        await self._set(interaction, lambda old: replace(old, has_added=counts))

    async def zones(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the time zones that match what is typed so far."""
        return await self._runner.suggest(interaction, lambda: zones(typed))

    def _plan(self, text: str) -> Plan:
        plan = parse_plan(text)
        plan.must_last(self._shortest_phase)
        return plan

    async def _set(self, interaction: discord.Interaction, change: Change) -> None:
        await self._change(InteractionRequest(interaction), change)

    async def _change(self, request: Request, change: Change) -> None:
        async def work() -> None:
            guild_id = _guild(request)
            permissions = request.permissions(request.actor.channel_id)
            if permissions is None or not permissions[0].manage_guild:
                raise NotYours(N_("You need Manage Server to change my settings."))
            before = await self._rules.of(guild_id)
            rules = await self._rules.change(guild_id, change)
            if rules.zone != before.zone:
                await self._digests.move(guild_id, rules.clock)
            await self._show(request)

        await self._runner.serve(request, work, is_ruled=False)

    async def _answer(self, request: Request, verb: str) -> None:
        """Show the rules, or the help; lead to the slash command of what cannot be typed."""
        if verb == "help":
            await request.tell(topic_help(TOPIC, request.prefix))
        elif verb in {"", "show"}:
            await self._show(request)
        elif verb in TOPIC.verbs:
            link = Markup(slash(f"settings {verb}"))
            raise UserError(N_("You can set that with {command}."), command=link)
        else:
            raise UserError(N_("I don't have a setting called “{quote}”."), "settings help", quote=verb[:40])

    async def _show(self, request: Request) -> None:
        guild_id = _guild(request)
        rules = await self._rules.of(guild_id)
        prefix = await self._rules.prefix_of(guild_id)
        await request.say(_written(rules, prefix, self._rules.most_timers, self._counts_from))


def _guild(request: Request) -> int:
    if request.actor.guild_id is None or request.is_elsewhere:
        raise NoServer(N_("That only works in a server."), "help")
    return request.actor.guild_id


def _chosen(role: discord.Role | None) -> int | None:
    return None if role is None or role.is_default() else role.id


def _with_channel(old: Rules, channel: discord.TextChannel | discord.VoiceChannel | None) -> Rules:
    if channel is None:
        return replace(old, channels=frozenset())
    if channel.id in old.channels:
        return replace(old, channels=old.channels - {channel.id})
    if len(old.channels) >= MOST_CHANNELS:
        raise BadRule(
            N_("You've already picked {most} channels, which is the limit. Remove one first."), most=MOST_CHANNELS
        )
    if not may_post(channel.permissions_for(channel.guild.me), in_thread=False):
        raise BadRule(N_("I can't post in that channel yet. Please allow me to, then try again."))
    return replace(old, channels=old.channels | {channel.id})


def _zone(name: str) -> ZoneInfo:
    """Parse the time zone of a server. Raises ``BadZone``, also where it may be several."""
    try:
        return parse_zone(name)
    except Question as asked:
        first = asked.choices[0].arguments["zone"]
        raise BadZone(
            N_("“{quote}” could be several time zones, such as {zone}. Pick one."), quote=name[:40], zone=first
        ) from None


def _written(of: Rules, prefix: str, most_timers: int, counts_from: int) -> str:
    """Show a server's rules, each with the command that changes it."""
    most = of.most_timers or most_timers
    role_id, keeper_id = of.starter_role, of.keeper_role
    minutes = counts_from if of.counts_from is None else of.counts_from
    lines = {
        "prefix": gettext("Prefix: `{prefix}`", prefix=prefix),
        "plan": gettext("Usual plan: `{plan}`", plan=of.plan or "classic"),
        "channel": gettext("I only work in {channels}", channels=channels(of.channels))
        if of.channels
        else gettext("I work in every channel"),
        "starters": gettext("Who can start sessions: <@&{role_id}> and moderators", role_id=role_id)
        if role_id
        else gettext("Who can start sessions: everyone"),
        "keepers": gettext(
            "Who can manage other people's timers and sessions: <@&{role_id}> and moderators", role_id=keeper_id
        )
        if keeper_id
        else gettext("Who can manage other people's timers and sessions: moderators"),
        "timers": gettext("Timers at once: {most:,}", most=most) if most else gettext("Timers at once: no limit"),
        "zone": gettext("Time zone for weeks and months: {zone}", zone=of.zone.key if of.zone else "UTC"),
        "counts": ngettext(
            "Pomodoros count as focus from {number} minute",
            "Pomodoros count as focus from {number} minutes",
            minutes,
        )
        if minutes
        else gettext("Every pomodoro counts as focus"),
        "added": gettext("Time added by hand is on the leaderboard")
        if of.has_added
        else gettext("Time added by hand isn't on the leaderboard"),
    }
    rows = [f"- {line} · {slash(f'settings {verb}')}" for verb, line in lines.items()]
    title = gettext("**My settings in this server**")
    return "\n".join([title, *rows, gettext("-# Members with Manage Server can change these.")])


TOPIC = describe(SettingsCommands.slash)
suggest(SettingsCommands.slash, "zone", SettingsCommands.zones)
