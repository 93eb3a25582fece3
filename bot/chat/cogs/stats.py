"""``!stats``, ``!leaderboard`` and ``!goal``, and the slash commands of these names."""

from collections.abc import Callable
from datetime import date
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.desk import Desk
from bot.chat.places import WITH_SERVERS
from bot.chat.stats import Stats as Requests
from bot.chat.talk import Pressed, Talk
from bot.chat.views.form import Given
from bot.domain import stats_request as ask
from bot.domain import stats_words
from bot.domain.stats_request import Request


class Stats(commands.Cog):
    """Reads requests, and has them done."""

    slash = app_commands.Group(
        name="stats", description="What came of your focus, in sums and pictures", allowed_installs=WITH_SERVERS
    )

    def __init__(self, requests: Requests, desk: Desk) -> None:
        self._requests = requests
        self._desk = desk

    @commands.command(name="stats", aliases=["statistics"])
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!stats …``."""
        await self._serve(self._desk.typed(context), lambda today: stats_words.stats(words, today))

    @commands.command(name="leaderboard", aliases=["top"])
    async def typed_leaderboard(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!leaderboard …``."""
        await self._serve(self._desk.typed(context), lambda _: stats_words.leaderboard(words))

    @commands.command(name="goal")
    async def typed_goal(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!goal …``."""
        await self._serve(self._desk.typed(context), lambda _: stats_words.goal(words))

    @slash.command()
    @app_commands.describe(period="week, last week, year, hours, october, 2026-10, all (week if left out)")
    async def me(self, interaction: discord.Interaction, period: str = "week") -> None:
        """Show what you have focused."""
        await self._serve(Pressed(interaction), lambda today: stats_words.mine(period, today))

    @slash.command()
    async def server(self, interaction: discord.Interaction) -> None:
        """Show what those of this server have focused who share it."""
        await self._serve(Pressed(interaction), lambda _: ask.Server())

    @slash.command()
    async def edit(self, interaction: discord.Interaction) -> None:
        """Set one of your last entries right: shorten it, or take it away."""
        await self._serve(Pressed(interaction), lambda _: ask.Correct())

    @slash.command()
    @app_commands.describe(days="Weekdays on which your streak asks for nothing: weekend, mon and fri, none")
    async def daysoff(self, interaction: discord.Interaction, days: str = "weekend") -> None:
        """Plan days off, which do not break your streak."""
        await self._serve(Pressed(interaction), lambda today: stats_words.stats(f"daysoff {days}", today))

    @slash.command()
    @app_commands.describe(channel="Where to tell the week each Monday (here if left out)", off="Tell it no more")
    async def digest(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.Thread | None = None,
        off: bool = False,
    ) -> None:
        """Have this server's week told in a channel (needs Manage Server)."""
        asked = ask.Digest(None if off else channel.id if channel else 0)
        await self._serve(Pressed(interaction), lambda _: asked)

    @slash.command()
    async def help(self, interaction: discord.Interaction) -> None:
        """Show what I can do."""
        await self._serve(Pressed(interaction), lambda _: ask.Help())

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(span="Which time it counts (this week if left out)")
    async def leaderboard(
        self, interaction: discord.Interaction, span: Literal["week", "month", "all"] = "week"
    ) -> None:
        """Show who of this server has focused most, of those who share it."""
        await self._serve(Pressed(interaction), lambda _: stats_words.leaderboard(span))

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.describe(day="How much a day, such as 2h; off for no goal; left out, I say how far you are")
    async def goal(self, interaction: discord.Interaction, day: str = "") -> None:
        """Set how much you want to focus a day."""
        await self._serve(Pressed(interaction), lambda _: stats_words.goal(day))

    @commands.Cog.listener()
    async def on_stats_button(
        self, interaction: discord.Interaction, action: str, owner_id: int, theme: int, day: int
    ) -> None:
        """Serve a button under somebody's statistics."""
        talk = Pressed(interaction)
        await self._desk.serve(talk, lambda: self._requests.turn(talk, action, owner_id, theme, day))

    @commands.Cog.listener()
    async def on_log_menu(self, interaction: discord.Interaction, entry_id: int) -> None:
        """Serve the menu of one's last entries."""
        talk = Pressed(interaction)
        await self._desk.serve(talk, lambda: self._requests.choose(talk, entry_id), is_command=False)

    @commands.Cog.listener()
    async def on_log_button(self, interaction: discord.Interaction, action: str, entry_id: int) -> None:
        """Serve a button under an entry."""
        talk = Pressed(interaction)
        await self._desk.serve(talk, lambda: self._requests.correct(talk, action, entry_id), is_command=False)

    @commands.Cog.listener()
    async def on_log_form(self, interaction: discord.Interaction, action: str, given: Given, entry_id: int) -> None:
        """Serve the form in which people say how long they have really focused."""
        del action
        talk = Pressed(interaction)
        await self._desk.serve(talk, lambda: self._requests.take_form(talk, given, entry_id))

    async def _serve(self, talk: Talk, read: Callable[[date], Request]) -> None:
        """Serve a request, which ``read`` makes of the words once it is known what day it is for the person."""
        await self._desk.serve(talk, lambda: self._requests.do(talk, read))
