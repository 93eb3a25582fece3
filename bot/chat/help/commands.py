"""``!help`` and ``/help``: three things to try, or what one command is for."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.help import cards
from bot.chat.runtime.pressed_line import serve_line
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, topics
from bot.messages.catalogue import N_


class Help(commands.Cog):
    """Answers wherever it is asked; no server's rules keep people from help."""

    def __init__(self, client: commands.Bot, runner: RequestRunner) -> None:
        self._client = client
        self._runner = runner

    @commands.command(name="help")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!help …``."""
        await self._serve(self._runner.typed(context), words)

    @app_commands.command(
        name="help",
        description=N_("Show three things to try, or explain a command."),
        extras={"examples": ("remind",)},
    )
    @app_commands.describe(topic=N_("Which command"))
    async def help_(self, interaction: discord.Interaction, topic: str = "") -> None:
        """Serve ``/help``."""
        await self._serve(InteractionRequest(interaction), topic)

    @help_.autocomplete("topic")
    async def suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the commands that there is help for."""
        del interaction
        fitting = [name for name in topics() if typed.casefold() in name]
        return [app_commands.Choice(name=name, value=name) for name in fitting]

    @commands.Cog.listener()
    async def on_example_button(self, interaction: discord.Interaction, line: str) -> None:
        """Do what an example says, for whoever has pressed it."""
        await self._runner.press(interaction, lambda request: serve_line(self._client, request, line))

    async def _serve(self, request: Request, words: str) -> None:
        topic = topics().get(words.strip().casefold())
        prefix = request.prefix
        card = cards.topic_help(topic, prefix) if topic else cards.newcomer(prefix, topics().values())

        async def work() -> None:
            await request.tell(card)

        await self._runner.serve(request, work, is_ruled=False)


describe(Help.help_)
