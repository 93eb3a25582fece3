"""The request runner: serves every request, so that each is answered once, whatever happens."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord
import structlog
from discord.ext import commands

from bot.chat import text
from bot.chat.runtime.closed_doors import ClosedDoors, NoWayToAnswer
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.request import MessageRequest, Request
from bot.chat.runtime.user_rate_limiter import Flood, UserRateLimiter
from bot.domain.errors import NoPlaceToSpeak, UserError
from bot.domain.lease import LeaseLost
from bot.engine.circuit_breaker import Breaker
from bot.engine.invalid_requests import asker
from bot.messages.catalogue import N_
from bot.service.rules import ServerRules
from bot.service.saving import has_saved

_log = structlog.get_logger(__name__)


class RequestRunner:
    """Serves requests until it is closed, and knows how many it is serving."""

    def __init__(
        self,
        user_limiter: UserRateLimiter,
        suggestions: UserRateLimiter,
        rules: ServerRules,
        doors: ClosedDoors,
        breaker: Breaker,
    ) -> None:
        self._user_limiter = user_limiter
        self._suggestions = suggestions
        self._doors = doors
        self._breaker = breaker
        self._rules = rules
        self._serving = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        # Requests still being served get no answer: the client is closed, or another process has taken over.
        self._broken_off = False

    def typed(self, context: commands.Context[commands.Bot]) -> MessageRequest:
        """Return the request of a typed command."""
        guild = context.guild
        if guild is None:
            self._doors.wrote(context.author.id)
        prefix = self._rules.prefix_at_hand(guild.id if guild else None)
        return MessageRequest(context.message, prefix, self._doors)

    def offer(self, user_id: int) -> None:
        """Count a request for suggestions; beyond the limit no database is read for them. Raises ``TooMany``."""
        self._suggestions.enter(user_id)

    async def serve(
        self,
        request: Request,
        work: Callable[[], Awaitable[None]],
        *,
        is_command: bool = True,
        is_ruled: bool = True,
        listed: str = "pomodoro list",
    ) -> None:
        """Do the work; answer a ``UserError`` with its sentence, a failure of ours with the id of its log line.

        Work calls Discord only once it is done; if that call fails, the answer says so, with the command that
        ``listed`` names if anything was saved. A command obeys the rules of its server if it ``is_ruled``.
        """
        asked_by = request.actor.user_id, request.actor.guild_id
        if self._closed or (isinstance(request, MessageRequest) and not self._may_answer(*asked_by)):
            return
        asker.set(asked_by)
        has_saved.set(False)
        self._serving += 1
        self._idle.clear()
        try:
            self._user_limiter.enter(request.actor.user_id)
            await self._go_by_rules(request, is_command=is_command and is_ruled)
            await work()
        except UserError as refused:
            if not (isinstance(refused, Flood) and isinstance(request, MessageRequest)):
                await self._tell(request, text.refusal(refused, request.prefix))
        except LeaseLost:
            _log.warning("request_left_to_another")
        except Exception as error:  # noqa: BLE001 - logged with its id, and answered
            if self._broken_off:
                return
            incident = secrets.token_hex(3)
            if isinstance(error, (discord.HTTPException, NoWayToAnswer, *PASSING)):
                _log.warning("answer_failed", incident=incident, error=type(error).__name__)
                is_done = has_saved.get()
                told = text.unheard(incident, request.prefix, listed) if is_done else text.unanswered(incident)
                await self._tell(request, told)
            else:
                _log.exception("request_failed", incident=incident)
                await self._tell(request, text.failure(incident))
        finally:
            self._serving -= 1
            if not self._serving:
                self._idle.set()

    async def close(self, within: float) -> None:
        """Take no more requests, and wait at most ``within`` seconds for those being served."""
        self._closed = True
        try:
            async with asyncio.timeout(within):
                await self._idle.wait()
        except TimeoutError:
            self._broken_off = True
            _log.warning("requests_broken_off", requests=self._serving)

    def _may_answer(self, user_id: int, guild_id: int | None) -> bool:
        """Return whether a message may be answered; one that may not is not served either.

        Discord does not count invalid answers to interactions, so those are always served.
        """
        return not (self._breaker.open_for() or self._breaker.invalid_requests.are_spent(user_id, guild_id))

    async def _go_by_rules(self, request: Request, *, is_command: bool) -> None:
        """Let keepers command what others started. Raises ``NoPlaceToSpeak`` where commands are not allowed."""
        rules = await self._rules.of(None if request.is_elsewhere else request.actor.guild_id)
        if rules.keeper_role in request.role_ids and rules.keeper_role:
            request.actor = replace(request.actor, can_manage=True)
        if is_command and rules.channels and not rules.channels.intersection(request.place_ids):
            raise NoPlaceToSpeak(
                N_("In this server I am used in {channels}."), channels=text.channels(rules.channels)
            )

    async def _tell(self, request: Request, answer: str) -> None:
        if self._broken_off:
            return
        try:
            await request.say(answer)
        except NoWayToAnswer:
            _log.info("answer_impossible")
        except (discord.HTTPException, LeaseLost, *PASSING) as error:
            _log.warning("answer_failed", error=type(error).__name__)
