"""Cogs that serve requests; a button, menu or form goes to the method that is ``pressed`` for its event."""

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import discord
from discord.ext import commands

from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.services import Services


class RequestCog(commands.Cog):
    """A cog whose requests are served by a runner; for ``list_command`` see ``RequestRunner.serve``."""

    list_command = "pomodoro list"

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        self._services = services
        self._clock = services.clock
        self.runner = runner


P = ParamSpec("P")
S = TypeVar("S", bound=RequestCog)
Work = Callable[Concatenate[S, InteractionRequest, P], Awaitable[None]]
Listener = Callable[Concatenate[S, discord.Interaction, P], Coroutine[Any, Any, None]]


def pressed(event: str, *, obeys_rules: bool = False) -> Callable[[Work[S, P]], Listener[S, P]]:
    """Serve what a component dispatches under this name, see ``RequestRunner.press``."""

    def listening(work: Work[S, P]) -> Listener[S, P]:
        async def serve(cog: S, interaction: discord.Interaction, /, *given: P.args, **named: P.kwargs) -> None:
            await cog.runner.press(
                interaction,
                lambda request: work(cog, request, *given, **named),
                obeys_rules=obeys_rules,
                list_command=cog.list_command,
            )

        return commands.Cog.listener(f"on_{event}")(functools.update_wrapper(serve, work))

    return listening
