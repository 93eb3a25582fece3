"""``!stats``, ``!leaderboard`` and ``!goal``, and the slash commands of these names."""

from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.help.cards import topic_help
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import by_field, describe, into
from bot.chat.stats.correction_requests import CorrectionRequests
from bot.chat.stats.requests import StatsRequests
from bot.chat.topic_commands import HELP, TopicCommands, alone
from bot.domain.invocation import Invocation, Topic
from bot.domain.stats import parser as stats_parser
from bot.domain.stats.command import BoardSpan
from bot.messages.catalogue import N_

_SPANS = [
    app_commands.Choice(name=N_("week"), value=BoardSpan.WEEK.value),
    app_commands.Choice(name=N_("month"), value=BoardSpan.MONTH.value),
    app_commands.Choice(name=N_("all"), value=BoardSpan.ALL.value),
]


def _digest_fields(words: str) -> str:
    return "off: True" if words == "off" else words


def _add_fields(words: str) -> Mapping[str, str]:
    length, task, when = stats_parser.typed_fields(words)
    return {"length": length, "task": task, "when": when}


def _goal_fields(words: str) -> str:
    return into("day")(words.removesuffix(" a day"))


class StatsCommands(TopicCommands):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="stats",
        description=N_("Your focus time, in numbers and charts"),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "me",
            "introduction": N_(
                "Your focus time, counted by your own calendar. Leaderboard, goal and privacy have "
                "their own commands."
            ),
        },
    )

    def __init__(self, requests: StatsRequests, corrections: CorrectionRequests, runner: RequestRunner) -> None:
        super().__init__(runner)
        self._requests = requests
        self._corrections = corrections

    typed = commands.command(name="stats", aliases=["statistics"])(TopicCommands.serve_typed)

    @commands.command(name="leaderboard", aliases=["top", "lb"])
    async def typed_leaderboard(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!leaderboard …``."""
        await self._serve_alone(self._runner.typed(context), LEADERBOARD, LEADERBOARD.read(words))

    @commands.command(name="goal")
    async def typed_goal(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!goal …``."""
        await self._serve_alone(self._runner.typed(context), GOAL, GOAL.read(words))

    @slash.command(description=N_("Show your focus time."), extras={"examples": ("me", "year", "hours", "october")})
    @app_commands.describe(period=N_("week, last week, year, hours, october, 2026-10, all (week if left out)"))
    async def me(self, interaction: discord.Interaction, period: str = "week") -> None:
        """Serve ``/stats me``."""
        await self.serve_slash(interaction, "me", period=period)

    slash.add_command(alone("server", N_("Show this server's shared focus time.")))
    slash.add_command(alone("edit", N_("Shorten or remove an entry in your focus log.")))

    @slash.command(
        description=N_("Add focus time that no timer measured."),
        extras={"examples": ("add 50m essay yesterday 14:00",), "spell": by_field(_add_fields)},
    )
    @app_commands.describe(
        length=N_("How long it took, such as 50m"),
        task=N_("What you worked on"),
        when=N_("When it started: 14:00, yesterday 2pm, mon 9:30 – leave it out if it just ended"),
    )
    async def add(
        self, interaction: discord.Interaction, length: str, task: str | None = None, when: str | None = None
    ) -> None:
        """Serve ``/stats add``."""
        await self.serve_slash(interaction, "add", length=length, task=task, when=when)

    @slash.command(
        description=N_("Start your days later than midnight."),
        extras={"aliases": ("day starts", "day start"), "examples": ("day starts 3:00",)},
    )
    @app_commands.describe(time=N_("Such as 3:00 – anything earlier counts for the day before"))
    async def daystart(self, interaction: discord.Interaction, time: str = "0:00") -> None:
        """Serve ``/stats daystart``."""
        await self.serve_slash(interaction, "daystart", time=time)

    @slash.command(
        description=N_("Choose days off that won't break your streak."),
        extras={"aliases": ("days off",), "examples": ("daysoff weekend",)},
    )
    @app_commands.describe(days=N_("Your days off: weekend, mon and fri, none"))
    async def daysoff(self, interaction: discord.Interaction, days: str = "weekend") -> None:
        """Serve ``/stats daysoff``."""
        await self.serve_slash(interaction, "daysoff", days=days)

    @slash.command(
        description=N_("Post this server's week in a channel (needs Manage Server)."),
        extras={"examples": ("digest", "digest off"), "spell": _digest_fields},
    )
    @app_commands.describe(
        channel=N_("Where to post it every Monday (here if left out)"), off=N_("Stop posting it")
    )
    async def digest(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.Thread | None = None,
        off: bool = False,
    ) -> None:
        """Serve ``/stats digest``."""
        await self.serve_slash(interaction, "digest", channel=channel.id if channel else None, off=off)

    slash.add_command(alone("help", HELP))

    @app_commands.command(
        description=N_("Show who's focused most in this server, of those who share."),
        extras={"examples": ("month", "all")},
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(span=N_("The time to count (this week if left out)"))
    @app_commands.choices(span=_SPANS)
    async def leaderboard(self, interaction: discord.Interaction, span: str = BoardSpan.WEEK) -> None:
        """Serve ``/leaderboard``."""
        await self._serve_alone(InteractionRequest(interaction), LEADERBOARD, Invocation.of("", span=span))

    @app_commands.command(
        description=N_("Set how much you want to focus each day."),
        extras={"examples": ("2h a day", "off"), "spell": _goal_fields},
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(day=N_("Per day, such as 2h, or off – leave it out to see how far you are"))
    async def goal(self, interaction: discord.Interaction, day: str = "") -> None:
        """Serve ``/goal``."""
        await self._serve_alone(InteractionRequest(interaction), GOAL, Invocation.of("", day=day))

    @commands.Cog.listener()
    async def on_stats_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a button under somebody's statistics."""
        await self._runner.press(
            interaction, lambda request: self._requests.turn(request, action, numbers), is_command=True
        )

    @commands.Cog.listener()
    async def on_log_menu(self, interaction: discord.Interaction, entry_id: int) -> None:
        """Serve the menu of a person's last entries."""
        await self._runner.press(interaction, lambda request: self._corrections.choose(request, entry_id))

    @commands.Cog.listener()
    async def on_log_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a button under an entry, or under a page of them."""
        await self._runner.press(interaction, lambda request: self._corrections.press(request, action, numbers))

    @commands.Cog.listener()
    async def on_log_form(self, interaction: discord.Interaction, action: str, given: Given, *numbers: int) -> None:
        """Serve the form that corrects the length of an entry."""
        del action
        await self._runner.press(
            interaction, lambda request: self._corrections.take_form(request, given, numbers), is_command=True
        )

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command. Raises ``UserError``."""
        await self._requests.do(request, lambda today: stats_parser.parse(asked, today))

    async def _serve_alone(self, request: Request, topic: Topic, asked: Invocation) -> None:
        """Serve a command that has no verbs, or show its help."""

        async def work() -> None:
            if asked.wants_help:
                await request.tell(topic_help(topic, request.prefix))
            else:
                parse = stats_parser.goal if topic is GOAL else stats_parser.leaderboard
                await self._requests.do(request, lambda _: parse(asked))

        await self._runner.serve(request, work)


STATS = StatsCommands.topic = describe(StatsCommands.slash)
LEADERBOARD = describe(StatsCommands.leaderboard)
GOAL = describe(StatsCommands.goal)
