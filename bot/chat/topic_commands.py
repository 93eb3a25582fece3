"""What the cogs of all topics have in common: their verbs are typed or slash commands, and one of them is help."""

from abc import abstractmethod
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.help.cards import topic_help
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_runner import RequestRunner
from bot.domain.invocation import Invocation, Topic
from bot.messages.catalogue import N_, Template


class TopicCommands(commands.Cog):
    """Serves each verb, however it was asked for; for ``listed`` and ``is_ruled`` see ``RequestRunner.serve``."""

    # Made of what the cog's slash commands say of themselves, once they are.
    topic: Topic
    listed = "pomodoro list"
    is_ruled = True

    def __init__(self, runner: RequestRunner) -> None:
        self._runner = runner

    async def serve_typed(self, context: commands.Context[commands.Bot], *, words: str = "") -> None:
        """Serve what is typed behind the topic's name, or behind another name of it."""
        await self.serve(self._runner.typed(context), self.topic.called(context.invoked_with or "", words))

    async def serve_slash(self, interaction: discord.Interaction, verb: str, **options: object) -> None:
        """Serve a slash command with its options by name; those left out are None."""
        await self.serve(InteractionRequest(interaction), Invocation.of(verb, **options))

    async def serve_alone(self, interaction: discord.Interaction) -> None:
        """Serve a slash command without options."""
        assert interaction.command
        await self.serve_slash(interaction, interaction.command.name)

    async def serve(self, request: Request, asked: Invocation) -> None:
        """Serve a command, or show the topic's help."""
        await self._runner.serve(
            request, lambda: self._answer(request, asked), is_ruled=self.is_ruled, listed=self.listed
        )

    async def _answer(self, request: Request, asked: Invocation) -> None:
        if asked.wants_help:
            await request.tell(topic_help(self.topic, request.prefix))
        else:
            await self.carry_out(request, asked)

    @abstractmethod
    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Carry out a command other than help. Raises ``UserError``."""


HELP = N_("Show what I can do.")


def alone(name: str, description: Template, *aliases: str) -> app_commands.Command[TopicCommands, ..., Any]:
    """Return the slash command of a verb without options, which is its own example, unless it is help."""
    extras = {"aliases": aliases, "examples": () if name == "help" else (name,)}
    return app_commands.Command(
        name=name, description=description, callback=TopicCommands.serve_alone, extras=extras
    )
