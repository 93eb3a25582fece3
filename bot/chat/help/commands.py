"""``!help`` and ``/help``: three things to try, or what one command is for."""

import discord

from bot.chat.components.suggestions import Suggestions, named
from bot.chat.help import cards
from bot.chat.runtime.command_line import serve_line
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import pressed
from bot.chat.runtime.topics import topics
from bot.chat.topic_commands import TopicCommands, suggest, verb
from bot.domain.invocation import Invocation
from bot.messages.catalogue import N_


class Help(TopicCommands):
    """Answers wherever it is asked; no server's rules keep people from help."""

    obeys_rules = False
    slash = verb(
        "help",
        N_("Show three things to try, or explain a command."),
        {"topic": N_("Which command")},
        examples=("remind",),
    )

    async def names(self, _: discord.Interaction, typed: str) -> Suggestions:
        """Suggest the commands that there is help for."""
        return named(name for name in topics() if typed.casefold() in name)

    @pressed("example_button")
    async def press(self, request: InteractionRequest, line: str) -> None:
        """Carry out an example for the presser."""
        await serve_line(self._services.client, request, line)

    async def carry_out(self, request: Request, asked: Invocation) -> None:
        """Explain a command, or show what there is."""
        name, *more = asked.options.get("topic", asked.text).casefold().split() or [""]
        topic = topics().get(name) if more in ([], [cards.MORE]) else None
        await request.reply_with(
            cards.topic_help(topic, request.prefix, whole=bool(more))
            if topic
            else cards.newcomer(request.prefix, topics().values())
        )


suggest(Help.slash, "topic", Help.names)
