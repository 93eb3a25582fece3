"""The desk: every request is served here, so that each is answered once, whatever becomes of it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord
import structlog
from discord.ext import commands

from bot.chat import rules_text, text
from bot.chat.gate import Flood, Gate
from bot.chat.talk import PASSING, Talk, Typed
from bot.domain.errors import NoPlaceToSpeak, Refusal
from bot.domain.lease import LeaseLost
from bot.service.rules import ServerRules

_log = structlog.get_logger(__name__)


class Desk:
    """Serves requests until it is closed, and knows how many it is serving."""

    def __init__(self, gate: Gate, rules: ServerRules) -> None:
        self._gate = gate
        self._rules = rules
        self._serving = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        # Those still at the desk are not heard any more: the client is closed, or another process speaks.
        self._broken_off = False

    def typed(self, context: commands.Context[commands.Bot]) -> Typed:
        """Take a command that was typed."""
        guild = context.guild
        return Typed(context.message, self._rules.prefix_at_hand(guild.id if guild else None))

    async def serve(
        self,
        talk: Talk,
        work: Callable[[], Awaitable[None]],
        *,
        is_command: bool = True,
        is_ruled: bool = True,
        listed: str = "pomodoro list",
    ) -> None:
        """Do what was asked; answer a refusal with its sentence, a failure of ours with the id of its log line.

        Work speaks to Discord only once it has done what was asked; a failure in that is told so, with the command
        by which it is ``listed``. A command goes by the rules of its server where it ``is_ruled``.
        """
        if self._closed:
            return
        self._serving += 1
        self._idle.clear()
        try:
            if is_command:
                self._gate.enter(talk.actor.user_id)
            await self._go_by_rules(talk, is_command=is_command and is_ruled)
            await work()
        except Refusal as refused:
            if not (isinstance(refused, Flood) and isinstance(talk, Typed)):
                await self._tell(talk, text.refusal(refused, talk.prefix))
        except LeaseLost:
            _log.warning("request_left_to_another")
        except Exception as error:  # noqa: BLE001 - logged with its id, and answered
            if self._broken_off:
                return
            incident = secrets.token_hex(3)
            if isinstance(error, (discord.HTTPException, *PASSING)):
                _log.warning("answer_failed", incident=incident, error=type(error).__name__)
                await self._tell(talk, text.unheard(incident, talk.prefix, listed))
            else:
                _log.exception("request_failed", incident=incident)
                await self._tell(talk, text.failure(incident))
        finally:
            self._serving -= 1
            if not self._serving:
                self._idle.set()

    async def close(self, within: float) -> None:
        """Take no more requests, and let those at the desk be answered, for that many seconds at most."""
        self._closed = True
        try:
            async with asyncio.timeout(within):
                await self._idle.wait()
        except TimeoutError:
            self._broken_off = True
            _log.warning("requests_broken_off", requests=self._serving)

    async def _go_by_rules(self, talk: Talk, *, is_command: bool) -> None:
        """Know who may command others' here. Raises ``NoPlaceToSpeak`` where a command is not to be used."""
        rules = await self._rules.of(None if talk.is_elsewhere else talk.actor.guild_id)
        if rules.keeper_role in talk.role_ids and rules.keeper_role:
            talk.actor = replace(talk.actor, moderator=True)
        if is_command and rules.channels and not rules.channels.intersection(talk.place_ids):
            raise NoPlaceToSpeak(rules_text.not_here(rules))

    async def _tell(self, talk: Talk, said: str) -> None:
        if self._broken_off:
            return
        try:
            await talk.say(said)
        except (discord.HTTPException, LeaseLost, *PASSING) as error:
            _log.warning("answer_failed", error=type(error).__name__)
