"""``!settings`` and ``/settings``: a server's rules, for those who manage it."""

from typing import Any

import discord

from bot.chat.runtime.permissions import may_post
from bot.chat.runtime.request import Request
from bot.chat.runtime.topics import MadeUp
from bot.chat.text import channels, slash
from bot.chat.topic_commands import WITH_SERVERS, Option, TopicCommands, group, required, suggest, verb
from bot.domain.errors import BadPlan, BadRule, NotYours
from bot.domain.invocation import Invocation
from bot.domain.rules import USUAL, RuleChange, Rules, parse, put_right, toggled
from bot.messages.catalogue import N_, Template, gettext, ngettext


def _usually(about: Template, kind: Any = str) -> Option:
    """Describe an option that resets its rule to the default where it is left out."""
    return Option(about, kind, otherwise=USUAL)


class SettingsCommands(TopicCommands):
    """Parses requests and runs their commands."""

    obeys_rules = False

    slash = group(
        "settings",
        N_("My settings in this server"),
        (
            verb("show", N_("Show my settings here."), aliases=("list", "all", "?")),
            verb(
                "prefix",
                N_("Set the prefix of typed commands."),
                {"prefix": _usually(N_("The new prefix – leave it out for the usual one"))},
                examples=(MadeUp("prefix ?"),),
            ),
            verb(
                "plan",
                N_("Set the usual plan for sessions."),
                {"plan": _usually(N_("Such as 3x(40m focus, 8m break), 30m lunch – leave it out for classic"))},
                examples=(MadeUp("plan 50/10"),),
            ),
            verb(
                "channel",
                N_("Choose the channels I work in."),
                {
                    "channel": _usually(
                        N_("Pick one to add it, or once more to remove it – leave it out to allow every channel"),
                        discord.TextChannel | discord.VoiceChannel,
                    )
                },
                aliases=("channels",),
                examples=(MadeUp("channel here"),),
            ),
            verb(
                "starters",
                N_("Choose who can start sessions."),
                {
                    "role": _usually(
                        N_("The role that can, besides moderators – leave it out for everyone"), discord.Role
                    )
                },
            ),
            verb(
                "keepers",
                N_("Choose who can manage other people's timers and sessions."),
                {
                    "role": _usually(
                        N_("The role that can, besides moderators – leave it out for moderators only"), discord.Role
                    )
                },
            ),
            verb(
                "timers",
                N_("Limit how many timers run at once."),
                {"most": _usually(N_("The most timers at once in this server – leave it out for no limit"), int)},
                aliases=("limit",),
                examples=(MadeUp("timers 50"),),
            ),
            verb(
                "zone",
                N_("Set the time zone for this server's weeks and months."),
                {"zone": _usually(N_("A region and city, such as Europe/Berlin – leave it out for UTC"))},
                aliases=("timezone", "time zone", "tz"),
                examples=(MadeUp("zone Berlin"),),
            ),
            verb(
                "counts",
                N_("Set how long a pomodoro must run to count as focus."),
                {"minutes": _usually(N_("The fewest minutes that count – leave it out for the usual"), int)},
                examples=(MadeUp("counts 5 min"),),
            ),
            verb(
                "added",
                N_("Choose whether time added by hand counts on the leaderboard."),
                {"counts": required(N_("Whether it counts here"), bool)},
                examples=(MadeUp("added no"),),
            ),
        ),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=WITH_SERVERS,
        extras={"default": "show"},
    )

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Change the rules, or show them. Raises ``UserError``."""
        guild_id = request.must_be_in_server(N_("That only works in a server."), "help")
        if asked.verb != "show":
            _must_manage(request)
        if change := parse(asked, TOPIC, self._services.rules.most_timers):
            await self._change(request, guild_id, change)
        rules = await self._services.rules.of(guild_id)
        prefix = await self._services.rules.prefix_of(guild_id)
        await request.reply(_listing(rules, prefix, self._services.rules.most_timers, self._services.counts_from))

    async def _change(self, request: Request, guild_id: int, change: RuleChange) -> None:
        before = await self._services.rules.of(guild_id)
        if change.channel_id is not None:
            change = _in_a_channel(request, change.channel_id or request.actor.channel_id, before)
        rules = await self._services.rules.change(guild_id, lambda old: self._checked(old, change.apply(old)))
        # Whatever was changed: the last change of the zone may have been saved, and this have failed.
        await self._services.digests.move(guild_id, rules.zone_or_utc)

    def _checked(self, old: Rules, new: Rules) -> Rules:
        """Return the new rules, if their plan has phases that are long enough. Raises ``Question``."""
        try:
            if new.plan and new.plan != old.plan:
                new.plan.must_last(self._services.shortest_phase)
        except BadPlan as refused:
            raise put_right("plan", refused) from refused
        return new


def _must_manage(request: Request) -> None:
    """Raise ``NotYours`` if the person may not change the rules, before anything else is asked."""
    here = request.permissions(request.actor.channel_id)
    if here is None or not here[0].manage_guild:
        raise NotYours(N_("You need Manage Server to change my settings."))


def _in_a_channel(request: Request, channel_id: int, rules: Rules) -> RuleChange:
    """Return the change for a channel that is known here, and may be posted in if it is new."""
    known = request.permissions(channel_id)
    channel = request.guild and request.guild.get_channel(channel_id)
    if channel_id not in rules.channels and (known is None or not may_post(known[1], channel)):
        raise BadRule(N_("I can't post in that channel yet. Please allow me to, then try again."))
    return RuleChange(lambda old: toggled(old, channel_id))


def _listing(rules: Rules, prefix: str, most_timers: int, counts_from: int) -> str:
    most = rules.most_timers or most_timers
    minutes = counts_from if rules.counts_from is None else rules.counts_from
    lines = {
        "prefix": gettext("Prefix: `{prefix}`", prefix=prefix),
        "plan": gettext("Usual plan: `{plan}`", plan=rules.plan or "classic"),
        "channel": gettext("I only work in {channels}", channels=channels(rules.channels))
        if rules.channels
        else gettext("I work in every channel"),
        "starters": gettext("Who can start sessions: <@&{role_id}> and moderators", role_id=rules.starter_role)
        if rules.starter_role
        else gettext("Who can start sessions: everyone"),
        "keepers": gettext(
            "Who can manage other people's timers and sessions: <@&{role_id}> and moderators",
            role_id=rules.keeper_role,
        )
        if rules.keeper_role
        else gettext("Who can manage other people's timers and sessions: moderators"),
        "timers": gettext("Timers at once: {most:,}", most=most) if most else gettext("Timers at once: no limit"),
        "zone": gettext("Time zone for weeks and months: {zone}", zone=rules.zone_or_utc.key),
        "counts": ngettext(
            "Pomodoros count as focus from {number} minute",
            "Pomodoros count as focus from {number} minutes",
            minutes,
        )
        if minutes
        else gettext("Every pomodoro counts as focus"),
        "added": gettext("Time added by hand counts on the leaderboard")
        if rules.has_added
        else gettext("Time added by hand doesn't count on the leaderboard"),
    }
    rows = [f"- {line} · {slash(f'settings {verb}')}" for verb, line in lines.items()]
    title = gettext("**My settings in this server**")
    return "\n".join([title, *rows, gettext("-# Members with Manage Server can change these.")])


TOPIC = SettingsCommands.topic
suggest(SettingsCommands.slash, "zone", TopicCommands.zones)
