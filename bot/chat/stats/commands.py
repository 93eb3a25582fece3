"""``!stats``, ``!leaderboard`` and ``!goal``, and the slash commands of these names."""

from collections.abc import Callable
from datetime import date

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.help.text import topic_help
from bot.chat.runtime.install_contexts import WITH_SERVERS
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, into
from bot.chat.stats.requests import Stats as Requests
from bot.domain.invocation import Invocation
from bot.domain.stats import parser as stats_parser
from bot.domain.stats.command import Command, Span
from bot.messages.catalogue import N_

_SPANS = [
    app_commands.Choice(name=N_("week"), value=Span.WEEK.value),
    app_commands.Choice(name=N_("month"), value=Span.MONTH.value),
    app_commands.Choice(name=N_("all"), value=Span.ALL.value),
]


def _digest_fields(words: str) -> str:
    return "off: True" if words == "off" else words


def _goal_fields(words: str) -> str:
    return into("day")(words.removesuffix(" a day"))


class Stats(commands.Cog):
    """Parses requests and runs their commands."""

    slash = app_commands.Group(
        name="stats",
        description=N_("What came of your focus, in sums and pictures"),
        allowed_installs=WITH_SERVERS,
        extras={
            "default": "me",
            "introduction": N_(
                "Days, weeks and months are those of your time zone. "
                "Leaderboard, goal and privacy are commands of their own."
            ),
        },
    )

    def __init__(self, requests: Requests, runner: RequestRunner) -> None:
        self._requests = requests
        self._runner = runner

    @commands.command(name="stats", aliases=["statistics"])
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!stats …``."""
        await self._serve(self._runner.typed(context), STATS.read(words))

    @commands.command(name="leaderboard", aliases=["top"])
    async def typed_leaderboard(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!leaderboard …``."""
        await self._serve_leaderboard(self._runner.typed(context), LEADERBOARD.read(words))

    @commands.command(name="goal")
    async def typed_goal(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!goal …``."""
        await self._serve_goal(self._runner.typed(context), GOAL.read(words))

    @slash.command(
        description=N_("Show what you have focused."),
        extras={"examples": ("me", "year", "hours", "october"), "spell": into("period")},
    )
    @app_commands.describe(period=N_("week, last week, year, hours, october, 2026-10, all (week if left out)"))
    async def me(self, interaction: discord.Interaction, period: str = "week") -> None:
        """Serve ``/stats me``."""
        await self._serve_slash(interaction, "me", period=period)

    @slash.command(
        description=N_("Show what those of this server have focused who share it."),
        extras={"examples": ("server",)},
    )
    async def server(self, interaction: discord.Interaction) -> None:
        """Serve ``/stats server``."""
        await self._serve_slash(interaction, "server")

    @slash.command(
        description=N_("Set one of your last entries right: shorten it, or take it away."),
        extras={"examples": ("edit",)},
    )
    async def edit(self, interaction: discord.Interaction) -> None:
        """Serve ``/stats edit``."""
        await self._serve_slash(interaction, "edit")

    @slash.command(
        description=N_("Plan days off, which do not break your streak."),
        extras={"aliases": ("days off",), "examples": ("daysoff weekend",)},
    )
    @app_commands.describe(days=N_("Weekdays on which your streak asks for nothing: weekend, mon and fri, none"))
    async def daysoff(self, interaction: discord.Interaction, days: str = "weekend") -> None:
        """Serve ``/stats daysoff``."""
        await self._serve_slash(interaction, "daysoff", days=days)

    @slash.command(
        description=N_("Have this server's week told in a channel (needs Manage Server)."),
        extras={"examples": ("digest", "digest off"), "spell": _digest_fields},
    )
    @app_commands.describe(
        channel=N_("Where to tell the week each Monday (here if left out)"), off=N_("Tell it no more")
    )
    async def digest(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.Thread | None = None,
        off: bool = False,
    ) -> None:
        """Serve ``/stats digest``."""
        await self._serve_slash(interaction, "digest", channel=channel.id if channel else None, off=off)

    @slash.command(description=N_("Show what I can do."))
    async def help(self, interaction: discord.Interaction) -> None:
        """Serve ``/stats help``."""
        await self._serve_slash(interaction, "help")

    @app_commands.command(
        description=N_("Show who of this server has focused most, of those who share it."),
        extras={"examples": ("month", "all"), "spell": into("span")},
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(span=N_("Which time it counts (this week if left out)"))
    @app_commands.choices(span=_SPANS)
    async def leaderboard(self, interaction: discord.Interaction, span: str = Span.WEEK) -> None:
        """Serve ``/leaderboard``."""
        await self._serve_leaderboard(InteractionRequest(interaction), Invocation.of("", span=span))

    @app_commands.command(
        description=N_("Set how much you want to focus a day."),
        extras={"examples": ("2h a day", "off"), "spell": _goal_fields},
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(day=N_("How much a day, such as 2h; off for no goal; left out, I say how far you are"))
    async def goal(self, interaction: discord.Interaction, day: str = "") -> None:
        """Serve ``/goal``."""
        await self._serve_goal(InteractionRequest(interaction), Invocation.of("", day=day))

    @commands.Cog.listener()
    async def on_stats_button(
        self, interaction: discord.Interaction, action: str, owner_id: int, theme: int, day: int
    ) -> None:
        """Serve a button under somebody's statistics."""
        request = InteractionRequest(interaction)
        await self._runner.serve(request, lambda: self._requests.turn(request, action, owner_id, theme, day))

    @commands.Cog.listener()
    async def on_log_menu(self, interaction: discord.Interaction, entry_id: int) -> None:
        """Serve the menu of a person's last entries."""
        request = InteractionRequest(interaction)
        await self._runner.serve(request, lambda: self._requests.choose(request, entry_id), is_command=False)

    @commands.Cog.listener()
    async def on_log_button(self, interaction: discord.Interaction, action: str, entry_id: int) -> None:
        """Serve a button under an entry."""
        request = InteractionRequest(interaction)
        await self._runner.serve(
            request, lambda: self._requests.correct(request, action, entry_id), is_command=False
        )

    @commands.Cog.listener()
    async def on_log_form(self, interaction: discord.Interaction, action: str, given: Given, entry_id: int) -> None:
        """Serve the form that corrects the length of an entry."""
        del action
        request = InteractionRequest(interaction)
        await self._runner.serve(request, lambda: self._requests.take_form(request, given, entry_id))

    async def _serve_slash(self, interaction: discord.Interaction, verb: str, **options: object) -> None:
        await self._serve(InteractionRequest(interaction), Invocation.of(verb, **options))

    async def _serve(self, request: Request, asked: Invocation) -> None:
        if asked.wants_help:
            await self._runner.serve(request, lambda: request.say(topic_help(STATS, request.prefix)))
        else:
            await self._do(request, lambda today: stats_parser.parse(asked, today))

    async def _serve_leaderboard(self, request: Request, asked: Invocation) -> None:
        await self._do(request, lambda _: stats_parser.leaderboard(asked))

    async def _serve_goal(self, request: Request, asked: Invocation) -> None:
        await self._do(request, lambda _: stats_parser.goal(asked))

    async def _do(self, request: Request, parse: Callable[[date], Command]) -> None:
        """Carry out the command that ``parse`` returns, given the date where the person is."""
        await self._runner.serve(request, lambda: self._requests.do(request, parse))


STATS = describe(Stats.slash)
LEADERBOARD = describe(Stats.leaderboard)
GOAL = describe(Stats.goal)
