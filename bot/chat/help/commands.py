"""``!help`` and ``/help``: three things to try, or what one command is for."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.help import text
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import describe, topics
from bot.messages.catalogue import N_


class Help(commands.Cog):
    """Answers wherever it is asked; no server's rules keep people from help."""

    def __init__(self, runner: RequestRunner) -> None:
        self._runner = runner

    @commands.command(name="help")
    async def typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve ``!help …``."""
        await self._serve(self._runner.typed(context), words)

    @app_commands.command(name="help", description=N_("Show three things to try, or what one command is for."))
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

    async def _serve(self, request: Request, words: str) -> None:
        topic = topics().get(words.strip().casefold())
        prefix = request.prefix
        shown = text.topic_help(topic, prefix) if topic else text.newcomer(prefix, topics().values())
        await self._runner.serve(request, lambda: request.say(shown), is_ruled=False)


describe(Help.help_)
