"""``!settings`` and ``/settings``: a server's rules, for those who manage it."""

from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.suggestions import Suggestions, zones
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, suggest
from bot.chat.settings import text
from bot.chat.stats.digest import DigestRequests
from bot.chat.topic_commands import TopicCommands, alone
from bot.domain import rule_change
from bot.domain.errors import BadPlan, BadRule, NoServer, NotYours
from bot.domain.invocation import Invocation
from bot.domain.rule_change import USUAL, RuleChange
from bot.domain.rules import Rules
from bot.messages.catalogue import N_
from bot.service.rules import ServerRules


class SettingsCommands(TopicCommands):
    """Parses requests and runs their commands."""

    is_ruled = False

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
        super().__init__(runner)
        self._rules = rules
        self._digests = digests
        self._counts_from = counts_from
        self._shortest_phase = shortest_phase

    typed = commands.command(name="settings")(TopicCommands.serve_typed)

    slash.add_command(alone("show", N_("Show my settings here.")))

    @slash.command(
        description=N_("Set the prefix of typed commands."),
        extras={"examples": ("prefix ?",), "pressed": {"prefix ?": "prefix"}},
    )
    @app_commands.describe(prefix=N_("The new prefix – leave it out for the usual one"))
    async def prefix(self, interaction: discord.Interaction, prefix: str = USUAL) -> None:
        """Serve ``/settings prefix``."""
        await self.serve_slash(interaction, "prefix", prefix=prefix)

    @slash.command(
        description=N_("Set the usual plan for sessions."),
        extras={"examples": ("plan 50/10",), "pressed": {"plan 50/10": "plan"}},
    )
    @app_commands.describe(plan=N_("Such as 3x(40m focus, 8m break), 30m lunch – leave it out for classic"))
    async def plan(self, interaction: discord.Interaction, plan: str = USUAL) -> None:
        """Serve ``/settings plan``."""
        await self.serve_slash(interaction, "plan", plan=plan)

    @slash.command(
        description=N_("Choose the channels I work in."),
        extras={"aliases": ("channels",), "examples": ("channel here",), "pressed": {"channel here": "channel"}},
    )
    @app_commands.describe(
        channel=N_("Pick one to add it, or once more to remove it – leave it out to allow every channel")
    )
    async def channel(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.VoiceChannel | None = None,
    ) -> None:
        """Serve ``/settings channel``."""
        await self.serve_slash(interaction, "channel", channel=channel.mention if channel else USUAL)

    @slash.command(description=N_("Choose who can start sessions."))
    @app_commands.describe(role=N_("The role that can, besides moderators – leave it out for everyone"))
    async def starters(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Serve ``/settings starters``."""
        await self.serve_slash(interaction, "starters", role=_chosen(role))

    @slash.command(description=N_("Choose who can manage other people's timers and sessions."))
    @app_commands.describe(role=N_("The role that can, besides moderators – leave it out for moderators only"))
    async def keepers(self, interaction: discord.Interaction, role: discord.Role | None = None) -> None:
        """Serve ``/settings keepers``."""
        await self.serve_slash(interaction, "keepers", role=_chosen(role))

    @slash.command(
        description=N_("Limit how many timers run at once."),
        extras={"aliases": ("limit",), "examples": ("timers 50",), "pressed": {"timers 50": "timers"}},
    )
    @app_commands.describe(most=N_("The most timers at once in this server – leave it out for no limit"))
    async def timers(self, interaction: discord.Interaction, most: int | None = None) -> None:
        """Serve ``/settings timers``."""
        await self.serve_slash(interaction, "timers", most=USUAL if most is None else most)

    @slash.command(
        description=N_("Set the time zone for this server's weeks and months."),
        extras={
            "aliases": ("timezone", "time zone"),
            "examples": ("zone Berlin",),
            "pressed": {"zone Berlin": "zone"},
        },
    )
    @app_commands.describe(zone=N_("A region and city, such as Europe/Berlin – leave it out for UTC"))
    async def zone(self, interaction: discord.Interaction, zone: str = USUAL) -> None:
        """Serve ``/settings zone``."""
        await self.serve_slash(interaction, "zone", zone=zone)

    @slash.command(
        description=N_("Set how long a pomodoro must run to count as focus."),
        extras={"examples": ("counts 5 min",), "pressed": {"counts 5 min": "counts"}},
    )
    @app_commands.describe(minutes=N_("The fewest minutes that count – leave it out for the usual"))
    async def counts(self, interaction: discord.Interaction, minutes: int | None = None) -> None:
        """Serve ``/settings counts``."""
        await self.serve_slash(interaction, "counts", minutes=USUAL if minutes is None else minutes)

    @slash.command(
        description=N_("Choose whether time added by hand is on the leaderboard."),
        extras={"examples": ("added no",), "pressed": {"added no": "added"}},
    )
    @app_commands.describe(counts=N_("Whether it counts here"))
    async def added(self, interaction: discord.Interaction, counts: bool) -> None:
        """Serve ``/settings added``."""
        await self.serve_slash(interaction, "added", counts=counts)

    async def zones(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the time zones that match what is typed so far."""
        return await self._runner.suggest(interaction, lambda: zones(typed))

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Change the rules, or show them. Raises ``UserError``."""
        guild_id = _guild(request)
        if change := rule_change.parse(asked, TOPIC, self._rules.most_timers):
            await self._change(request, guild_id, change)
        rules = await self._rules.of(guild_id)
        prefix = await self._rules.prefix_of(guild_id)
        await request.say(text.rules(rules, prefix, self._rules.most_timers, self._counts_from))

    async def _change(self, request: Request, guild_id: int, change: RuleChange) -> None:
        here = request.permissions(request.actor.channel_id)
        if here is None or not here[0].manage_guild:
            raise NotYours(N_("You need Manage Server to change my settings."))
        before = await self._rules.of(guild_id)
        if change.channel_id is not None:
            change = _in_a_channel(request, change.channel_id or request.actor.channel_id, before)
        rules = await self._rules.change(guild_id, lambda old: self._checked(old, change.apply(old)))
        if rules.zone != before.zone:
            await self._digests.move(guild_id, rules.clock)

    def _checked(self, old: Rules, new: Rules) -> Rules:
        """Return the new rules, if their plan has phases that are long enough. Raises ``Question``."""
        try:
            if new.plan and new.plan != old.plan:
                new.plan.must_last(self._shortest_phase)
        except BadPlan as refused:
            raise rule_change.put_right("plan", refused) from refused
        return new


def _guild(request: Request) -> int:
    if request.actor.guild_id is None or request.is_elsewhere:
        raise NoServer(N_("That only works in a server."), "help")
    return request.actor.guild_id


def _chosen(role: discord.Role | None) -> str:
    return USUAL if role is None or role.is_default() else role.mention


def _in_a_channel(request: Request, channel_id: int, rules: Rules) -> RuleChange:
    """Return the change for a channel that is known here, and may be posted in if it is new."""
    known = request.permissions(channel_id)
    if channel_id not in rules.channels and (known is None or not may_post(known[1], in_thread=False)):
        raise BadRule(N_("I can't post in that channel yet. Please allow me to, then try again."))
    return RuleChange(lambda old: rule_change.toggled(old, channel_id))


TOPIC = SettingsCommands.topic = describe(SettingsCommands.slash)
suggest(SettingsCommands.slash, "zone", SettingsCommands.zones)
