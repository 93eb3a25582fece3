"""A command line: a whole request as it would be typed, without its prefix, which a button stands for."""

from dataclasses import dataclass

from discord.ext import commands

from bot.chat.runtime.request import Request
from bot.domain.errors import TooLate
from bot.messages.catalogue import N_


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The context of a command that was not typed as a message."""

    request: Request
    invoked_with: str | None = None


async def serve_line(client: commands.Bot, request: Request, line: str) -> None:
    """Read a line and serve it as if the person had typed it. Raises ``UserError``."""
    name, _, words = line.partition(" ")
    command = client.all_commands.get(name)
    if command is None:
        raise TooLate(N_("I no longer know that command. Please ask me again."))
    await command.callback(command.cog, CommandLine(request, name), words=words.strip())  # type: ignore[arg-type]
